// SPDX-License-Identifier: Apache-2.0

package vos_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/internal/mapgrammar"
	collector "github.com/postern-audit/postern/collectors/vos"
	"github.com/postern-audit/postern/internal/evidence"
)

// memory serves one transcript, redacted like every artifact.
type memory struct {
	text    string
	archive evidence.Archive
}

func (m *memory) Read(path string, _ int64) (evidence.Artifact, error) {
	return m.archive.Add(path, []byte(m.text)), nil
}

func (m *memory) Tree(string) (fs.FS, error) { return fstest.MapFS{}, nil }

func collect(t testing.TB, role, text string) (evidence.VOSNode, []evidence.Gap) {
	t.Helper()
	got, err := collector.Collector{}.Collect(t.Context(), evidence.Target{
		Kind: evidence.KindNode, Subject: "node/a", Files: &memory{text: text},
		Node: &evidence.Node{Name: "a", Role: evidence.NodeRole(role), Transcript: "cli.txt"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Sections.VOS) == 0 {
		return evidence.VOSNode{}, got.Gaps
	}
	return got.Sections.VOS[0], got.Gaps
}

func values(items []evidence.CLIItem) []string {
	var out []string
	for _, i := range items {
		out = append(out, i.Value)
	}
	return out
}

const required = `admin:utils system reverse-proxy allowed-hosts list
The following source(s) are configured:
1. 192.0.2.10
admin:utils system reverse-proxy config-uri list
Currently no source is configured
admin:utils system reverse-proxy client-auth status
SSL certificate verification for connections established from reverse proxy hosts is disabled
`

// random is 32 bytes without a meaning, as a shared key is printed.
const random = "vR7k2Zq1mXw9" + "Tn4LbYc0Hs8GjPd3Ue6AfQxKoVzWtI5="

var position = regexp.MustCompile(`"source":\{[^{}]*\{[^{}]*\}\}`)

// facts is a record without the places of its facts.
func facts(n evidence.VOSNode) string {
	n.Commands, n.Secrets = nil, nil
	raw, err := json.Marshal(n)
	if err != nil {
		return err.Error()
	}
	return position.ReplaceAllString(string(raw), `"source":0`)
}

func TestAWholeNodeIsReadWithoutAGap(t *testing.T) {
	n, gaps := collect(t, "uccx", whole)
	if len(gaps) != 0 {
		t.Fatalf("gaps: %v", gaps)
	}
	for _, c := range []struct {
		name      string
		got, want any
	}{
		{"allowed hosts", values(n.AllowedHosts.Items), []string{"192.0.2.10", "desk-a.agents.example"}},
		{"map sources", values(n.ConfigURIs.Items), []string{"https://map.corp.example/proxymap.txt"}},
		{"client-auth", n.ClientAuth.Value, "disabled"},
		{"frequency", n.UpdateMinutes.Value, "5"},
		{"rejections", fmt.Sprint(len(n.Rejections), n.Rejections[0].List, n.Rejections[0].Value), "1allowed-hostsbad.example"},
		{"map", fmt.Sprint(len(n.ProxyMap.Entries), n.ProxyMap.Entries[1].Internal.Host, n.ProxyMap.Entries[1].External.Port), "2ids-a.corp.example8553"},
		{"malformed line of the map", values(n.ProxyMap.Malformed), []string{"https://x.corp.example=desk-a.agents.example"}},
		{"version", n.Version.Value, "12.6.1.10000-23"},
		{"engineering special", n.EngineeringSpecial.Value, 7},
		{"options", values(n.InstalledOptions.Items), []string{"ucos.finesse.12.6.1.ES03.10000-5.cop.sgn", "ucos.finesse.12.6.1.ES07.10000-12.cop.sgn"}},
		{"TLS", n.TLSServerMinimum.Value + n.TLSClientMinimum.Value + n.TLSCertificateType.Value, "1.21.1ECDSA"},
		{"services", fmt.Sprint(n.Services.Known, len(n.Services.Services), n.Services.Services[0].Name, n.Services.Services[0].State, n.Services.Services[1].Activated), "true 3Cisco Web Proxy Servicestartedfalse"},
		{"restarts", fmt.Sprint(len(n.ServiceRestarts), n.ServiceRestarts[0].Service, n.ServiceRestarts[0].State), "1Cisco Web Proxy Servicestarted"},
		{"own certificate", fmt.Sprint(n.OwnCertificates.Known, n.OwnCertificates.Certificates[0].Unit, n.OwnCertificates.Certificates[0].Kind, n.OwnCertificates.Certificates[0].SignedBy), "truetomcatsignedCorp Issuing CA"},
		{"trusted certificate", fmt.Sprint(len(n.TrustCertificates.Certificates), n.TrustCertificates.Certificates[0].File, n.TrustCertificates.Certificates[0].Kind), "2Corp_Root_CA.pemother"},
		{"dumped certificate", fmt.Sprint(n.CertificateDumps[0].File, n.CertificateDumps[0].DNSNames, n.CertificateDumps[0].NotAfter, n.CertificateDumps[0].ZoneKnown), "tomcat.pem[fin-a.corp.example fin-a]2027-03-21T05:00:00Ztrue"},
		{"property", n.TrustAllCertificates.Value + n.LogCallVariables.Value + n.ProxyCustomReports.Value, "truefalseon"},
		{"sizes", fmt.Sprint(n.Properties[3].Name, n.Properties[3].Bytes.Value), "vpnless-response-size-ht8388608"},
		{"gadget sources", n.GadgetSourceCheck.Value + fmt.Sprint(values(n.GadgetSources.Items)), "enabled[https://cuic-a.corp.example https://cuic-a.corp.example:8444]"},
		{"users", fmt.Sprint(n.ConnectedUsers.Value, n.ProxyUsers.Value, n.LockedOutUsers.Value), "6 1 2"},
		{"notification", values(n.NotificationHosts.Items), []string{"10.1.0.77"}},
		{"levels", n.AccessLogLevel.Value + n.LogSeverity.Value, "basicinfo"},
		{"names", n.HostName.Value + "." + n.Domain.Value, "fin-a.corp.example"},
		{"network", fmt.Sprint(values(n.Addresses.Items), values(n.DNSServers.Items)), "[10.1.0.11] [10.1.0.53 10.1.1.53]"},
		{"shared secret", fmt.Sprint(n.IDSSecret.Known, n.IDSSecret.Length, len(n.IDSSecret.SHA256)), "true 44 64"},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	text, err := evidence.Encode(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{random, "agent1001", "agent1002"} {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("%q is in the evidence", secret)
		}
	}
}

func TestFactsSayHowTheirFormatIsKnown(t *testing.T) {
	n, _ := collect(t, "uccx", whole)
	for name, c := range map[string][2]evidence.Format{
		"allowed hosts": {n.AllowedHosts.Format, evidence.FormatDocumented},
		"TLS minimum":   {n.TLSServerMinimum.Format, evidence.FormatDocumented},
		"services":      {n.Services.Format, evidence.FormatDocumented},
		"map":           {n.ProxyMap.Format, evidence.FormatDocumented},
		"users":         {n.ConnectedUsers.Format, evidence.FormatDocumented},
		"version":       {n.Version.Format, evidence.FormatInferred},
		"certificates":  {n.OwnCertificates.Format, evidence.FormatInferred},
		"property":      {n.TrustAllCertificates.Format, evidence.FormatInferred},
		"network":       {n.Domain.Format, evidence.FormatInferred},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %s", name, c[0])
		}
	}
	n, gaps := collect(t, "finesse", required+"admin:")
	raw, err := json.Marshal(n)
	if err != nil || len(gaps) != 0 {
		t.Fatal(err, gaps)
	}
	if bytes.Contains(raw, []byte(`"format":""`)) {
		t.Errorf("a fact without a format: %s", raw)
	}
}

func TestWhatAReleaseDoesNotKnowIsNoGap(t *testing.T) {
	n, gaps := collect(t, "finesse", required+"admin:show webproxy access-log-level\nExecuted command unsuccessfully\nNo valid command entered\nadmin:show cert list own\nNo valid command entered\nadmin:")
	if len(gaps) != 0 || n.AccessLogLevel.Known || n.OwnCertificates.Known {
		t.Errorf("%v %+v", gaps, n.AccessLogLevel)
	}
	if last := n.Commands[len(n.Commands)-1]; !last.Refused || !last.Read || last.Kind != evidence.CommandShow {
		t.Errorf("%+v", last)
	}
	_, gaps = collect(t, "finesse", strings.ReplaceAll(required, "Currently no source is configured", "No valid command entered")+"admin:")
	if len(gaps) != 1 || !strings.Contains(gaps[0].Reason, "config-uri") {
		t.Errorf("%v", gaps)
	}
}

// A cut transcript may lose facts, and never has others.
func TestATranscriptCutAnywhereGivesTheTruthOrLess(t *testing.T) {
	t.Parallel()
	full := factSet(t, whole)
	lines := strings.SplitAfter(whole, "\n")
	cuts := []string{}
	for i := range lines {
		cuts = append(cuts, strings.Join(lines[:i], ""), strings.Join(lines[i:], ""))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		at := random.IntN(len(whole))
		cuts = append(cuts, whole[:at], whole[at:])
	}
	for _, cut := range cuts {
		for name, got := range factSet(t, cut) {
			// What a cut takes away of the changes makes earlier answers hold.
			if want := full[name]; got != want {
				t.Fatalf("%s is %s, not %s, in the transcript that is cut to\n%s\n...\n%s", name, got, want, head(cut), tail(cut))
			}
		}
	}
}

func head(s string) string { return s[:min(len(s), 300)] }
func tail(s string) string { return s[max(0, len(s)-300):] }

// factSet is every known fact of a transcript by its name.
func factSet(t *testing.T, text string) map[string]string {
	n, _ := collect(t, "uccx", text)
	raw, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, f := range fields {
		switch name {
		case "target", "source", "commands", "secrets":
			continue
		}
		text := position.ReplaceAllString(string(f), `"source":0`)
		var elements []json.RawMessage
		if json.Unmarshal(f, &elements) == nil {
			for _, e := range elements {
				element := position.ReplaceAllString(string(e), `"source":0`)
				out[name+" "+element] = element
			}
			continue
		}
		if strings.Contains(text, `"known":true`) && !strings.Contains(text, `"known":false`) {
			out[name] = text
		}
	}
	return out
}

func TestALineLostFromAListIsSeen(t *testing.T) {
	lines := strings.SplitAfter(whole, "\n")
	full := factSet(t, whole)
	for i := range lines {
		text := strings.Join(lines[:i], "") + strings.Join(lines[i+1:], "")
		set := factSet(t, text)
		for _, name := range []string{"client_auth", "tls_server_minimum", "gadget_source_check", "config_uris"} {
			if got, ok := set[name]; ok && got != full[name] {
				t.Errorf("without %q, %s is %s", lines[i], name, got)
			}
		}
	}
}

func TestTheNodesCopyAgreesWithTheReaderOfTheMaster(t *testing.T) {
	hosts := []string{"fin-a.corp.example", "10.1.0.11", "FIN-A.corp.example", "x", "a_b.example", "a.example.", "-a.example", "1.2.3", "a..b", "", "a.9"}
	ports := []string{"", ":8445", ":0", ":65536", ":+1", ":01", ":x", ":", ":8445:1"}
	lines := []string{"#", "first.corp.example:1=first.agents.example:1"}
	for _, host := range hosts {
		for _, port := range ports {
			for _, line := range []string{
				host + port + "=desk-a.agents.example:8445", "fin-a.corp.example:8445=" + host + port, " " + host + port + " = desk-a.agents.example:1",
				host + port + "=a.example=b.example", "https://" + host + port + "=a.example", host + port + "=a.example # note", "!" + host,
			} {
				// A comment keeps the lines from looking like parts of each other.
				lines = append(lines, "#", line)
			}
		}
	}
	text := strings.Join(lines, "\n") + "\n"
	master := mapgrammar.Parse([]byte(text), "site", "cli.txt")
	copied, _ := collect(t, "ids", "admin:utils system reverse-proxy show-proxy-config-map\n"+text+"admin:")
	at := func(line int) string { return lines[line-1] }
	var want, got, wrong, malformed []string
	for _, e := range master.Entries {
		want = append(want, fmt.Sprint(at(e.Source.Line), e.Source.Column, e.Subject, e.Internal, e.External))
	}
	for _, e := range copied.ProxyMap.Entries {
		got = append(got, fmt.Sprint(at(e.Source.Line-1), e.Source.Column, e.Subject, e.Internal, e.External))
	}
	for _, p := range master.Problems {
		wrong = append(wrong, fmt.Sprint(at(p.Source.Line), p.Source.Column, p.Text))
	}
	for _, m := range copied.ProxyMap.Malformed {
		malformed = append(malformed, fmt.Sprint(at(m.Source.Line-1), m.Source.Column, m.Value))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(wrong, malformed); diff != "" {
		t.Error(diff)
	}
	if len(want) < 15 || len(wrong) < 100 {
		t.Errorf("%d entries and %d others are too few to compare", len(want), len(wrong))
	}
}

func TestAnEntryThatATerminalPerhapsCutIsNone(t *testing.T) {
	const whole = "fin-a.corp.example:8445=desk-a.agents.example:8445"
	long := "finesse-publisher.contact-center.corp.example:8445=desk-publisher.agents.example:8445"
	n, _ := collect(t, "ids", "admin:utils system reverse-proxy show-proxy-config-map\n#\n"+whole+"\n#\na.example:1=b.example:8\n445\n#\n"+long[:80]+"\n"+long[80:]+"\nadmin:")
	var entries []string
	for _, e := range n.ProxyMap.Entries {
		entries = append(entries, e.Internal.Text+"="+e.External.Text)
	}
	if diff := cmp.Diff([]string{whole, long}, entries); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"a.example:1=b.example:8", "445"}, values(n.ProxyMap.Malformed)); diff != "" {
		t.Error(diff)
	}
}

func TestANodeWithoutATranscriptIsAGap(t *testing.T) {
	got, err := collector.Collector{}.Collect(t.Context(), evidence.Target{Kind: evidence.KindNode, Subject: "node/a", Node: &evidence.Node{Role: "finesse"}})
	if err != nil || len(got.Gaps) != 1 || !strings.Contains(got.Gaps[0].Reason, "ssh") {
		t.Errorf("%v, %v", got.Gaps, err)
	}
	got, err = collector.Collector{}.Collect(t.Context(), evidence.Target{Kind: evidence.KindNode, Subject: "node/a", Node: &evidence.Node{Role: "ucm"}})
	if err != nil || len(got.Gaps) != 0 {
		t.Errorf("%v, %v", got.Gaps, err)
	}
}

func FuzzCollect(f *testing.F) {
	f.Add(whole)
	f.Add(required)
	f.Fuzz(func(t *testing.T, text string) {
		n, _ := collect(t, "uccx", text)
		if _, err := evidence.Encode(n); err != nil {
			t.Fatal(err)
		}
		for _, i := range n.AllowedHosts.Items {
			if strings.ContainsAny(i.Value, " \t\r\n\x1b") {
				t.Errorf("%q", i.Value)
			}
		}
	})
}
