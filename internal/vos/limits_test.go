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
		vos.AllowedHosts(), vos.ConfigURIs(), vos.CORSList("finesse", "allowed_origin"), vos.CORSList("cuic", "allowed_headers"), vos.CORSList("cuic", "allowed_origin"),
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

func TestHostileTranscriptsCostNoMoreThanTheirSize(t *testing.T) {
	full := strings.Repeat("x", 80)
	for name, text := range map[string]func(n int) string{
		"many commands":           func(n int) string { return strings.Repeat("admin:show cert own tomcat/a.pem\nx\n", 50*n) },
		"many different commands": func(n int) string { return numberedText(20*n, "admin:utils finesse show_property a p%d\nx\n") },
		"many changes": func(n int) string {
			return "admin:show cuic properties\na: b\n" + strings.Repeat("admin:set cuic properties x\nOperation failed\n", 4*n) + "admin:"
		},
		"lines that fill the terminal": func(n int) string { return "admin:utils service list\n" + strings.Repeat(full+"\n", 100*n) + "admin:" },
		"map of nothing": func(n int) string {
			return "admin:utils system reverse-proxy show-proxy-config-map\n" + strings.Repeat("a b\n", 150*n) + "admin:"
		},
		"map of much": func(n int) string {
			return "admin:utils system reverse-proxy show-proxy-config-map\n" + strings.Repeat("a.example:1=b.example:1\n", 150*n) + "admin:"
		},
		"a long line": func(n int) string { return "admin:" + strings.Repeat("\b\x1b[", 2000*n) },
		"erased text": func(n int) string { return "admin:show myself\n" + strings.Repeat("ab\b\b", 1000*n) + "\nadmin:" },
		"items on one line": func(n int) string {
			return "admin:utils cuic cors allowed_origin list\n" + strings.Repeat(strings.Repeat("http://a.example,", 900)+"\n", n/4) + "admin:"
		},
		"items without a header": func(n int) string {
			return "admin:utils finesse cors allowed_origin list\n" + numberedText(100*n, "%d. https://a.example\n") + "admin:"
		},
		"items": func(n int) string {
			return "admin:utils system reverse-proxy allowed-hosts list\nThe following source(s) are configured:\n" + numberedText(100*n, "%d. host\n") + "admin:"
		},
		"dumps": func(n int) string {
			return strings.Repeat("admin:show cert own tomcat/tomcat.pem\nSubject Name: CN=a\nb\nc\n", 40*n)
		},
		"prompts": func(n int) string { return strings.Repeat("admin:\n", 190*n) },
	} {
		// What grows with the square takes sixteen times as long for four times the
		// text. The best of two runs is taken, and short times tell nothing.
		measure := func(n int) time.Duration {
			input := []byte(text(n))
			best := time.Hour
			for range 2 {
				begin := time.Now()
				everything(vos.Parse(input))
				best = min(best, time.Since(begin))
			}
			return best
		}
		small, large := measure(30), measure(120)
		if large > 12*small && large > 2*time.Second {
			t.Errorf("%s: %v for a part, %v for four times as much", name, small, large)
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
