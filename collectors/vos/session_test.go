// SPDX-License-Identifier: Apache-2.0

package vos_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/cors"
	"github.com/postern-audit/postern/collectors/framing"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/lab"
	"github.com/postern-audit/postern/internal/vos"
)

// shell opens the command line in a terminal of a width, 24 lines high.
func shell(t *testing.T, s *lab.VOSServer, password string, width int) (io.WriteCloser, io.Reader) {
	t.Helper()
	c, err := ssh.Dial("tcp", s.Address(), &ssh.ClientConfig{
		User: "auditor", Auth: []ssh.AuthMethod{ssh.Password(password)}, HostKeyCallback: ssh.FixedHostKey(s.HostKey()), Timeout: 5 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	in, err1 := session.StdinPipe()
	out, err2 := session.StdoutPipe()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if err := session.RequestPty("vt100", 24, width, nil); err != nil {
		t.Fatal(err)
	}
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	return in, out
}

// window is what a person has on the screen who types the commands into a
// window of 80 columns and turns the pages.
func window(t *testing.T, s *lab.VOSServer, password string, commands []string) string {
	t.Helper()
	in, out := shell(t, s, password, 80)
	var log bytes.Buffer
	buf := make([]byte, 4096)
	from := 0
	read := func() bool {
		for {
			shown := log.String()[from:]
			switch {
			case strings.HasSuffix(shown, "\nadmin:"):
				return true
			case strings.HasSuffix(shown, "to quit"), strings.HasSuffix(shown, "-- More --"):
				from = log.Len()
				io.WriteString(in, " ")
			case strings.HasSuffix(shown, ") : "):
				from = log.Len()
				key := "n"
				// The last page says that it shows the last line.
				if last := shown[strings.LastIndex(shown, "(lines"):]; len(strings.Fields(last)) > 5 && strings.Fields(last)[3] == strings.Trim(strings.Fields(last)[5], ")") {
					key = "q"
				}
				io.WriteString(in, key)
			}
			n, err := out.Read(buf)
			log.Write(buf[:n])
			if err != nil {
				return false
			}
		}
	}
	timer := time.AfterFunc(20*time.Second, func() { in.Close() })
	defer timer.Stop()
	for _, c := range commands {
		if !read() {
			t.Fatalf("the window ends:\n%s", log.String())
		}
		from = log.Len()
		io.WriteString(in, c+"\r")
	}
	read()
	return log.String()
}

func TestASessionAndAPersonBringTheSameFacts(t *testing.T) {
	password := "lab" + "-only"
	for _, role := range []string{"finesse", "cuic", "livedata", "ids", "cloudconnect"} {
		for _, pager := range []string{"press", "options", "more"} {
			t.Run(role+" with pager "+pager, func(t *testing.T) {
				t.Parallel()
				n := lab.SoundVOSNode("node-a", role)
				for i := range 40 {
					n.Trust = append(n.Trust, "tomcat-trust/Issuing_CA_"+string(rune('A'+i%26))+string(rune('a'+i/26))+".pem: Certificate Signed by Some Corp Root CA")
				}
				n.LockedOut = []string{"agent1001", "agent1002"}
				commands := vos.ReadOnly(role, vos.Options{IDSSecret: true})
				s, err := lab.StartVOSServer(n, lab.VOSOptions{User: "auditor", Password: password, Pager: pager})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				in, out := shell(t, s, password, 512)
				captured := vos.Session{Terminal: struct {
					io.Reader
					io.Writer
				}{out, in}, Options: vos.Options{IDSSecret: true}, Limits: vos.Limits{Settle: 8 * time.Millisecond, Login: 5 * time.Second, Command: 5 * time.Second}}.Run(t.Context(), commands)
				if len(captured.Failures) != 0 {
					t.Fatal(captured.Failures)
				}
				bySession, gaps1 := collect(t, role, string(captured.Transcript))
				screen := window(t, s, password, commands)
				if !strings.Contains(screen, "q=quit") && !strings.Contains(screen, "<space>") && !strings.Contains(screen, "-- More --") {
					t.Error("no answer was long enough for the pager")
				}
				byPerson, gaps2 := collect(t, role, screen)
				if len(gaps1) != 0 || len(gaps2) != 0 {
					t.Fatalf("gaps: %v and %v", gaps1, gaps2)
				}
				if diff := cmp.Diff(facts(byPerson), facts(bySession)); diff != "" {
					t.Error(diff)
				}
				holds(t, n, bySession)
				lists(t, n, string(captured.Transcript))
			})
		}
	}
}

// lists compares what the readers of the cross-origin and the frame lists find.
func lists(t *testing.T, n lab.VOSNode, text string) {
	t.Helper()
	target := evidence.Target{
		Kind: evidence.KindNode, Subject: "node/a", Files: &memory{text: text},
		Node: &evidence.Node{Name: "a", Role: evidence.NodeRole(n.Role), Transcript: "cli.txt"},
	}
	got, err := cors.Collector{}.Collect(t.Context(), target)
	if err != nil || len(got.Gaps) != 0 || len(got.Sections.CORS) != len(n.CORS) {
		t.Fatalf("%v, gaps %v", err, got.Gaps)
	}
	for i, c := range got.Sections.CORS {
		if diff := cmp.Diff(n.CORS[i].Origins, values(c.AllowedOrigins.Items)); diff != "" || string(c.Mode) != n.CORS[i].Status {
			t.Errorf("mode %s, origins %s", c.Mode, diff)
		}
		if !c.AllowedHeaders.Known || c.PrivateNetworkAccess.Known != (n.Role != "finesse") {
			t.Errorf("%+v", c)
		}
	}
	got, err = framing.Collector{}.Collect(t.Context(), target)
	if err != nil || len(got.Gaps) != 0 || (len(got.Sections.Framing) == 1) != (n.Role == "finesse") {
		t.Fatalf("%v, gaps %v", err, got.Gaps)
	}
	for _, f := range got.Sections.Framing {
		if diff := cmp.Diff(n.FrameList, values(f.Entries.Items)); diff != "" || f.Verb != n.FrameVerb {
			t.Errorf("%s: %s", f.Verb, diff)
		}
	}
}

func TestAFrameListIsReadUnderTheNameThatTheReleaseHas(t *testing.T) {
	const list = "admin:utils finesse %s list\nThe following source(s) are configured in the frame access list:\n1: https://crm.example\n"
	const refused = "admin:utils finesse %s list\nNo valid command entered\n"
	const now, before = "frame_access_allowed_list", "frame_access_whitelist"
	for _, c := range []struct {
		text, verb string
		known      bool
		gaps       int
	}{
		{fmt.Sprintf(list, now) + fmt.Sprintf(refused, before), now, true, 0},
		{fmt.Sprintf(refused, now) + fmt.Sprintf(list, before), before, true, 0},
		{fmt.Sprintf(refused, now) + fmt.Sprintf(refused, before) + "admin:utils finesse xframe status\nxframe is disabled\n", "xframe", false, 0},
		{fmt.Sprintf(refused, now) + fmt.Sprintf(refused, before) + "admin:utils finesse xframe status\nNo valid command entered\n", now, false, 2}, // neither the list nor its name
		{fmt.Sprintf(list, now) + "admin:utils finesse frame_access_whitelist add https://x.example\nSource(s) successfully added.\n", now, false, 1},
	} {
		got, err := framing.Collector{}.Collect(t.Context(), evidence.Target{
			Kind: evidence.KindNode, Subject: "node/a", Files: &memory{text: c.text + "admin:"}, Node: &evidence.Node{Role: "finesse", Transcript: "cli.txt"},
		})
		if err != nil || len(got.Sections.Framing) != 1 {
			t.Fatal(err)
		}
		if f := got.Sections.Framing[0]; f.Verb != c.verb || f.Entries.Known != c.known || len(got.Gaps) != c.gaps {
			t.Errorf("%s gives %s, known %v, gaps %v", c.text, f.Verb, f.Entries.Known, got.Gaps)
		}
	}
}

// holds compares what was read with what the server was made of.
func holds(t *testing.T, n lab.VOSNode, got evidence.VOSNode) {
	t.Helper()
	for name, c := range map[string][2]any{
		"hosts":         {n.AllowedHosts, values(got.AllowedHosts.Items)},
		"sources":       {n.ConfigURIs, values(got.ConfigURIs.Items)},
		"client-auth":   {"enabled", got.ClientAuth.Value},
		"frequency":     {"1", got.UpdateMinutes.Value},
		"entries":       {3, len(got.ProxyMap.Entries)},
		"version":       {n.Version, got.Version.Value},
		"special":       {7, got.EngineeringSpecial.Value},
		"name":          {n.Host + "." + n.Domain, got.HostName.Value + "." + got.Domain.Value},
		"resolvers":     {n.DNS, values(got.DNSServers.Items)},
		"services":      {len(n.Services), len(got.Services.Services)},
		"trust":         {len(n.Trust), len(got.TrustCertificates.Certificates)},
		"own":           {len(n.Own), len(got.OwnCertificates.Certificates)},
		"TLS":           {n.TLSServer + n.TLSClient + n.CertificateType, got.TLSServerMinimum.Value + got.TLSClientMinimum.Value + got.TLSCertificateType.Value},
		"shared secret": {n.IDSSecret != "", got.IDSSecret.Known},
		"properties":    {len(n.Properties), len(got.Properties)},
	} {
		if diff := cmp.Diff(c[0], c[1]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
