// SPDX-License-Identifier: Apache-2.0

package vos_test

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	collector "github.com/postern-audit/postern/collectors/vos"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/lab"
	"github.com/postern-audit/postern/internal/vos"
)

// others are the roles whose nodes have the command line and trust no proxies.
func others() []string { return []string{"ucm", "imp", "mediasense", "socialminer"} }

func TestANodeThatTrustsNoProxiesShowsWhatItHas(t *testing.T) {
	for _, role := range others() {
		n, gaps := collect(t, role, whole)
		if len(gaps) != 0 {
			t.Errorf("%s: gaps %v", role, gaps)
		}
		if n.Target != "node/a" || n.Version.Value == "" || n.TLSServerMinimum.Value != "1.2" || !n.Services.Known || !n.TrustCertificates.Known || len(n.Commands) == 0 {
			t.Errorf("%s: %+v", role, n)
		}
		// What belongs to other products is not known, even where somebody put it
		// into the transcript.
		for name, f := range map[string]evidence.Format{
			"hosts": n.AllowedHosts.Format, "sources": n.ConfigURIs.Format, "client-auth": n.ClientAuth.Format, "minutes": n.UpdateMinutes.Format, "map": n.ProxyMap.Format,
		} {
			if f != evidence.FormatNone {
				t.Errorf("%s: %s is %s", role, name, f)
			}
		}
		if n.AllowedHosts.Known || n.ClientAuth.Known || n.ProxyMap.Known || len(n.Rejections) != 0 {
			t.Errorf("%s: %+v", role, n)
		}
	}
}

func TestANodeThatTrustsNoProxiesIsReadByASession(t *testing.T) {
	password := "lab" + "-only"
	for _, role := range others() {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			s, err := lab.StartVOSServer(lab.SoundVOSNode("node-a", role), lab.VOSOptions{User: "auditor", Password: password})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			in, out := shell(t, s, password, 512)
			got := vos.Session{Terminal: struct {
				io.Reader
				io.Writer
			}{out, in}, Limits: vos.Limits{Settle: 8 * time.Millisecond, Login: 5 * time.Second, Command: 5 * time.Second}}.Run(t.Context(), vos.ReadOnly(role, vos.Options{}))
			n, gaps := collect(t, role, string(got.Transcript))
			if len(got.Failures) != 0 || len(gaps) != 0 || n.TLSServerMinimum.Value != "1.2" || n.HostName.Value != "node-a" {
				t.Errorf("failures %v, gaps %v, %+v", got.Failures, gaps, n)
			}
		})
	}
}

func TestAnUnreadableNodeThatTrustsNoProxiesLeavesOnlyItsOwnFactsOpen(t *testing.T) {
	_, gaps := collect(t, "ucm", "no prompt at all\n")
	open := parts(t, gaps)
	for _, part := range []string{"tls_server_minimum", "tls_client_minimum", "version", "trust_certificates", "secrets"} {
		if !slices.Contains(open, part) {
			t.Errorf("%s is not open", part)
		}
	}
	for _, part := range []string{"", "allowed_hosts", "config_uris", "client_auth", "proxy_map", "target"} {
		if slices.Contains(open, part) {
			t.Errorf("%q is open", part)
		}
	}
	_, gaps = collect(t, "ucm", spoiled(t, "show tls server min-version", "who knows\n"))
	if diff := cmp.Diff([]string{"tls_server_minimum"}, parts(t, gaps)); diff != "" {
		t.Error(diff)
	}
}

func TestANodeWithoutTheCommandLineSaysSoWhereATranscriptIsDeclared(t *testing.T) {
	for _, c := range []struct {
		node evidence.Node
		gaps int
	}{
		{evidence.Node{Role: "gadget", Transcript: "cli.txt"}, 1},
		{evidence.Node{Role: "gadget", SSH: evidence.SSHAccess{Address: "10.1.0.9"}}, 1},
		{evidence.Node{Role: "gadget"}, 0},
		{evidence.Node{Role: "ucm"}, 0},
		{evidence.Node{Role: "finesse"}, 1},
	} {
		got, err := collector.Collector{}.Collect(t.Context(), evidence.Target{
			Kind: evidence.KindNode, Subject: "node/a", Files: &memory{text: whole}, Node: &c.node,
		})
		if err != nil || len(got.Sections.VOS) != 0 || len(got.Gaps) != c.gaps {
			t.Errorf("%+v gives %d records, gaps %v, %v", c.node, len(got.Sections.VOS), got.Gaps, err)
		}
		if c.node.Role == "gadget" && c.gaps == 1 && !strings.Contains(got.Gaps[0].Reason, "no VOS command line") {
			t.Errorf("%v", got.Gaps)
		}
	}
}

func TestPropertiesOfTheDesktopAreFacts(t *testing.T) {
	n, gaps := collect(t, "finesse", required+
		"admin:utils finesse show_property desktop notificationConnectionType\nwebsocket\n"+
		"admin:utils finesse show_property webservices enableUserAuthMode\nenableUserAuthMode: true\nadmin:")
	if len(gaps) != 0 || n.NotificationConnection.Value != "websocket" || n.UserAuthMode.Value != "true" {
		t.Errorf("gaps %v, %+v, %+v", gaps, n.NotificationConnection, n.UserAuthMode)
	}
	if n.NotificationConnection.Source.Line == 0 || n.Properties[0].Group != "desktop" {
		t.Errorf("%+v", n.Properties)
	}
}

func TestEveryLineOfTheMapThatIsNoEntryHasAProblem(t *testing.T) {
	n, gaps := collect(t, "finesse", spoiled(t, "utils system reverse-proxy show-proxy-config-map",
		"fin-a.corp.example:8445=desk-a.agents.example:8445\n"+
			"https://x.corp.example=desk-a.agents.example\n"+
			"fin-b.corp.example:99999=desk-b.agents.example:8445\n"+
			"ids-a.corp.example:8553 desk-a.agents.example:8553\n"+
			"cuic-a.corp.example:8444=desk-a.agents.example:84\n44\n"))
	if len(gaps) != 0 || len(n.ProxyMap.Malformed) != len(n.ProxyMap.Problems) {
		t.Fatalf("gaps %v, %+v", gaps, n.ProxyMap)
	}
	var kinds []evidence.MapProblemKind
	for i, p := range n.ProxyMap.Problems {
		kinds = append(kinds, p.Kind)
		if p.Source != n.ProxyMap.Malformed[i].Source || p.Text != n.ProxyMap.Malformed[i].Value || p.Message == "" || p.Source.Line == 0 {
			t.Errorf("%+v beside %+v", p, n.ProxyMap.Malformed[i])
		}
		if !slices.Contains(evidence.MapProblemKind("").Values(), string(p.Kind)) {
			t.Errorf("%q is no kind", p.Kind)
		}
	}
	want := []evidence.MapProblemKind{evidence.MapScheme, evidence.MapBadPort, evidence.MapWrongSeparator, evidence.MapBrokenLine, evidence.MapNoSeparator}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
	if len(n.ProxyMap.Entries) != 1 {
		t.Errorf("%+v", n.ProxyMap.Entries)
	}
}
