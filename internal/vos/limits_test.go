// SPDX-License-Identifier: Apache-2.0

package vos_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/vos"
)

// everything asks a transcript all that can be asked.
func everything(t vos.Transcript) {
	for _, c := range []vos.ListCommand{
		vos.AllowedHosts(), vos.ConfigURIs(), vos.CORSList("finesse", "allowed_origin"), vos.CORSList("cuic", "allowed_headers"),
		vos.FrameList("frame_access_allowed_list"), vos.GadgetSources(), vos.NotificationHosts(),
	} {
		t.ReadList(c)
	}
	for _, c := range []vos.StatusCommand{
		vos.ClientAuth(), vos.UpdateFrequency(), vos.ActiveVersion(), vos.TLSMinimum("server"), vos.CORSStatus("finesse"), vos.XFrame(),
		vos.HostName(), vos.WebProxy("log-severity"), vos.ConnectedUsers("total"),
	} {
		t.ReadStatus(c)
	}
	t.ReadMap(mapEntry)
	t.ReadRelease()
	t.ReadNetwork()
	t.ReadServices()
	t.Restarts()
	t.ReadCertificates(vos.TrustStore)
	t.CertificateDumps()
	t.Properties()
	t.Rejections()
	t.LockedOutUsers()
	t.IDSSecret()
}

func TestHostileTranscriptsCostBoundedTime(t *testing.T) {
	full := strings.Repeat("x", 80)
	for name, text := range map[string]string{
		"many commands":                strings.Repeat("admin:show cert own tomcat/a.pem\nx\n", 50_000),
		"many different commands":      numberedText(20_000, "admin:utils finesse show_property a p%d\nx\n"),
		"many changes":                 "admin:show cuic properties\na: b\n" + strings.Repeat("admin:set cuic properties x\nOperation failed\n", 4000) + "admin:",
		"lines that fill the terminal": "admin:utils service list\n" + strings.Repeat(full+"\n", 100_000) + "admin:",
		"map of nothing":               "admin:utils system reverse-proxy show-proxy-config-map\n" + strings.Repeat("a b\n", 150_000) + "admin:",
		"map of much":                  "admin:utils system reverse-proxy show-proxy-config-map\n" + strings.Repeat("a.example:1=b.example:1\n", 150_000) + "admin:",
		"a long line":                  "admin:" + strings.Repeat("\b\x1b[", 2<<20),
		"erased text":                  "admin:show myself\n" + strings.Repeat("ab\b\b", 1<<20) + "\nadmin:",
		"items":                        "admin:utils system reverse-proxy allowed-hosts list\nThe following source(s) are configured:\n" + numberedText(100_000, "%d. host\n") + "admin:",
		"dumps":                        strings.Repeat("admin:show cert own tomcat/tomcat.pem\nSubject Name: CN=a\nb\nc\n", 40_000),
		"prompts":                      strings.Repeat("admin:\n", 190_000),
	} {
		begin := time.Now()
		everything(vos.Parse([]byte(text)))
		// A bound against what grows with the square, not a measurement.
		if d := time.Since(begin); d > 20*time.Second {
			t.Errorf("%s takes %v", name, d)
		} else {
			t.Logf("%s: %d bytes in %v", name, len(text), d.Round(time.Millisecond))
		}
	}
}

func numberedText(n int, form string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, form, i+1)
	}
	return b.String()
}

func TestWhatExceedsTheLimitsIsSaid(t *testing.T) {
	if !vos.Parse([]byte(strings.Repeat("x\n", 200_001))).Truncated {
		t.Error("too many lines")
	}
	if !vos.Parse([]byte("admin:" + strings.Repeat("x", 17<<10))).Truncated {
		t.Error("a line that is too long")
	}
	if !vos.Parse([]byte(strings.Repeat("admin:x\n", 5001))).Truncated {
		t.Error("too many commands")
	}
	list := "admin:" + hosts + "\nThe following source(s) are configured:\n" + numberedText(4001, "%d. host\n") + "admin:"
	if got, err := items(t, list, vos.AllowedHosts()); err == nil {
		t.Errorf("%d items", len(got))
	}
}

func FuzzEverything(f *testing.F) {
	for _, c := range vos.ReadOnly("uccx", vos.Options{IDSSecret: true}) {
		f.Add("admin:" + c + "\nThe following source(s) are configured:\n1. a\nX[STARTED]\na=b\nfrom: to: (dNSName)\nadmin:")
	}
	f.Fuzz(func(_ *testing.T, text string) { everything(vos.Parse([]byte(text))) })
}
