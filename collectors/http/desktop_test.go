// SPDX-License-Identifier: Apache-2.0

package http

import (
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
)

func TestTheDesktopsConfigurationIsReadInBothForms(t *testing.T) {
	source := evidence.Source{Host: "desk-a", Port: 8445}
	for _, body := range []string{
		`{"DesktopConfig": {"host": "Desk-A.example", "httpsPort": "8445", "alternateHost": "desk-b.example:9445", "list": [1, {"httpsPort": 1}], "isProxyRequest": true, "other": null}}`,
		`<DesktopConfig><host>Desk-A.example</host><httpsPort>8445</httpsPort><alternateHost>desk-b.example:9445</alternateHost><x><httpsPort>1</httpsPort></x><isProxyRequest>true</isProxyRequest></DesktopConfig>`,
	} {
		got := desktopOf([]byte(body), source)
		if !got.Known || !got.ProxyRequest.Value || len(got.Hosts) != 2 || got.Source != source {
			t.Fatalf("%s: %+v", body, got)
		}
		if a, b := got.Hosts[0], got.Hosts[1]; a.Host != "desk-a.example" || a.Port != 8445 || a.Name != "host" || b.Host != "desk-b.example" || b.Port != 9445 {
			t.Errorf("%s: %+v", body, got.Hosts)
		}
	}
}

func TestWhatIsNoConfigurationOfTheDesktopLeavesItUnknown(t *testing.T) {
	for _, body := range []string{
		"", "{", "[]", `{"a": 1}`, "<!DOCTYPE html><title>Sign in</title>", `{"host": {"host": 7.5e1, "isProxyRequest": "perhaps"}}`[:20], `{"host": "a b"}`,
		strings.Repeat("[", 40), "<a>" + strings.Repeat("<b/>", maxTokens) + "</a>", `{"":"x","isProxyRequest":"maybe"}`,
	} {
		if got := desktopOf([]byte(body), evidence.Source{}); got.Known || len(got.Hosts) > 0 {
			t.Errorf("%.60q: %+v", body, got)
		}
	}
}

func FuzzDesktop(f *testing.F) {
	f.Add([]byte(`{"host": "a", "httpsPort": 1, "isProxyRequest": false}`))
	f.Add([]byte(`<a><host>a:1</host><isProxyRequest>true</isProxyRequest></a>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got := desktopOf(body, evidence.Source{})
		if len(got.Hosts) > maxHosts || !got.Known && (len(got.Hosts) > 0 || got.ProxyRequest.Known) {
			t.Errorf("%+v", got)
		}
	})
}
