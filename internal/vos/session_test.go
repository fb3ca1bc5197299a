// SPDX-License-Identifier: Apache-2.0

package vos_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/lab"
	"github.com/postern-audit/postern/internal/vos"
)

const testPassword = "lab" + "-only"

// quick are limits for a server on the same machine.
func quick() vos.Limits {
	return vos.Limits{
		Login: 3 * time.Second, Command: time.Second, Settle: 8 * time.Millisecond, Question: 60 * time.Millisecond,
		AnswerBytes: 256 << 10,
	}
}

func serve(t *testing.T, n lab.VOSNode, o lab.VOSOptions) *lab.VOSServer {
	t.Helper()
	o.User, o.Password = "auditor", testPassword
	s, err := lab.StartVOSServer(n, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

type terminal struct {
	io.Reader
	io.Writer
}

// dial opens a terminal of a width, 24 lines high.
func dial(t *testing.T, s *lab.VOSServer, width int) io.ReadWriter {
	t.Helper()
	c, err := ssh.Dial("tcp", s.Address(), &ssh.ClientConfig{
		User: "auditor", Auth: []ssh.AuthMethod{ssh.Password(testPassword)}, HostKeyCallback: ssh.FixedHostKey(s.HostKey()), Timeout: 5 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.RequestPty("vt100", 24, width, ssh.TerminalModes{}); err != nil {
		t.Fatal(err)
	}
	in, err1 := session.StdinPipe()
	out, err2 := session.StdoutPipe()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	return terminal{out, in}
}

func capture(t *testing.T, s *lab.VOSServer, commands []string) vos.Captured {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return vos.Session{Terminal: dial(t, s, 512), Options: vos.Options{IDSSecret: true}, Limits: quick()}.Run(ctx, commands)
}

// roles are all that have the command line.
func roles() []string {
	return []string{"finesse", "cuic", "livedata", "ids", "uccx", "cloudconnect", "ucm", "imp", "mediasense", "socialminer"}
}

const hosts = "utils system reverse-proxy allowed-hosts list"

func manyHosts() lab.VOSNode {
	n := lab.SoundVOSNode("fin-a", "finesse")
	for len(n.AllowedHosts) < 61 {
		n.AllowedHosts = append(n.AllowedHosts, "198.51.100."+string(rune('0'+len(n.AllowedHosts)%10)))
	}
	return n
}

func TestASessionBringsBackWhatTheNodeHolds(t *testing.T) {
	for _, c := range []struct {
		name    string
		options lab.VOSOptions
	}{
		{"with the pager off", lab.VOSOptions{}},
		{"with a pager that stays on", lab.VOSOptions{NoPagination: true}},
		{"with a pager that has options", lab.VOSOptions{NoPagination: true, Pager: "options"}},
		{"with the oldest pager", lab.VOSOptions{NoPagination: true, Pager: "more"}},
		{"without an echo", lab.VOSOptions{NoEcho: true}},
		{"behind a notice", lab.VOSOptions{Notice: "Authorised use only.\nadmin: this line is no prompt\n\n"}},
		{"with odd numbers", lab.VOSOptions{Numbering: " %d) "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := manyHosts()
			got := capture(t, serve(t, n, c.options), []string{hosts, "show tls server min-version"})
			if len(got.Failures) != 0 {
				t.Fatalf("failures: %v", got.Failures)
			}
			read, err := items(t, string(got.Transcript), vos.AllowedHosts())
			if err != nil {
				t.Fatalf("%v in\n%s", err, got.Transcript)
			}
			if diff := cmp.Diff(n.AllowedHosts, read); diff != "" {
				t.Error(diff)
			}
			if v, err := vos.Parse(got.Transcript).ReadStatus(vos.TLSMinimum("server")); err != nil || v.Text != "1.2" {
				t.Errorf("%v, %v", v, err)
			}
		})
	}
}

func TestASessionSendsNothingButWhatOnlyShows(t *testing.T) {
	for _, role := range roles() {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			s := serve(t, lab.SoundVOSNode("node-a", role), lab.VOSOptions{})
			commands := vos.ReadOnly(role, vos.Options{IDSSecret: true})
			mixed := append([]string{
				"utils system reverse-proxy client-auth disable", "utils system restart", "show myself\rutils system shutdown", hosts + " ", "",
			}, commands...)
			got := capture(t, s, mixed)
			if diff := cmp.Diff(append([]string{"set cli pagination off"}, commands...), s.Commands()); diff != "" {
				t.Error(diff)
			}
			if len(got.Failures) != 5 || len(s.Keys()) != 0 {
				t.Errorf("failures %v, keys %q", got.Failures, s.Keys())
			}
		})
	}
}

// TestASecretIsNeverSentForUnlessTheOptionsSaySo gives every role's session the
// command in its list, as a mistaken caller would.
func TestASecretIsNeverSentForUnlessTheOptionsSaySo(t *testing.T) {
	const secret = "show ids secret"
	for _, role := range roles() {
		for _, o := range []vos.Options{{}, {IDSSecret: true}} {
			t.Run(fmt.Sprint(role, o.IDSSecret), func(t *testing.T) {
				t.Parallel()
				if want := role == "ids" && o.IDSSecret; slices.Contains(vos.ReadOnly(role, o), secret) != want {
					t.Errorf("listed: %v", !want)
				}
				s := serve(t, lab.SoundVOSNode("node-a", role), lab.VOSOptions{})
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				got := vos.Session{Terminal: dial(t, s, 512), Options: o, Limits: quick()}.Run(ctx, []string{"show myself", secret})
				if slices.Contains(s.Commands(), secret) != o.IDSSecret || (len(got.Failures) == 0) != o.IDSSecret {
					t.Errorf("the server was sent %q, failures %v", s.Commands(), got.Failures)
				}
			})
		}
	}
}

func TestANodeWithoutAListOfProxiesIsNotAskedForOne(t *testing.T) {
	for _, role := range roles() {
		trusts := !slices.Contains([]string{"ucm", "imp", "mediasense", "socialminer"}, role)
		list := vos.ReadOnly(role, vos.Options{})
		asked := slices.ContainsFunc(list, func(c string) bool { return strings.Contains(c, "reverse-proxy") })
		if asked != trusts || !slices.Contains(list, "show tls server min-version") {
			t.Errorf("%s is asked %v", role, list)
		}
	}
	if list := strings.Join(vos.ReadOnly("finesse", vos.Options{}), "\n"); !strings.Contains(list, "show_property desktop notificationConnectionType") ||
		!strings.Contains(list, "show_property webservices enableUserAuthMode") {
		t.Errorf("a Finesse node is not asked for its properties:\n%s", list)
	}
}

func TestWhatGoesWrongIsAFailureAndTheRestIsKept(t *testing.T) {
	const first, second, third = "show myself", hosts, "show tls server min-version"
	for _, c := range []struct {
		kind   lab.VOSFaultKind
		reason string
		// goesOn: the third command is still answered.
		goesOn bool
		keys   []string
	}{
		{lab.VOSHang, "interrupted", true, []string{"\x03"}},
		{lab.VOSDeaf, "no prompt came", false, []string{"\x03"}},
		{lab.VOSDrop, "connection was lost", false, nil},
		{lab.VOSEndless, "does not end", false, nil},
		{lab.VOSAsk, "question", true, []string{"n"}},
		{lab.VOSMenu, "question", true, []string{"q"}},
		{lab.VOSPassword, "password", false, nil},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			t.Parallel()
			s := serve(t, lab.SoundVOSNode("fin-a", "finesse"), lab.VOSOptions{Faults: []lab.VOSFault{{Command: second, Kind: c.kind}}})
			got := capture(t, s, []string{first, second, third})
			if len(got.Failures) == 0 || got.Failures[0].Command != second || !strings.Contains(got.Failures[0].Reason, c.reason) {
				t.Fatalf("failures %v", got.Failures)
			}
			transcript := vos.Parse(got.Transcript)
			if v, err := transcript.ReadStatus(vos.HostName()); err != nil || v.Text != "fin-a" {
				t.Errorf("what came before: %v, %v", v, err)
			}
			if l, err := transcript.ReadList(vos.AllowedHosts()); err == nil {
				t.Errorf("the failed command gives %v", l)
			}
			v, err := transcript.ReadStatus(vos.TLSMinimum("server"))
			if c.goesOn != (err == nil && v.Text == "1.2") || c.goesOn != (len(got.Failures) == 1) {
				t.Errorf("what came after: %v, %v, failures %v", v, err, got.Failures)
			}
			if diff := cmp.Diff(c.keys, s.Keys()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAServerThatAsksBeforeThePromptIsLeft(t *testing.T) {
	for _, notice := range []string{"Your password has expired.\nNew password: ", "Do you accept these terms (y/n)? "} {
		client, server := net.Pipe()
		sent := make(chan string, 1)
		go func() {
			io.WriteString(server, "Command Line Interface is starting up\r\n"+strings.ReplaceAll(notice, "\n", "\r\n"))
			all, _ := io.ReadAll(server)
			sent <- string(all)
		}()
		got := vos.Session{Terminal: client, Limits: quick()}.Run(t.Context(), []string{"show myself"})
		client.Close()
		if len(got.Failures) != 2 || len(got.Transcript) != 0 {
			t.Errorf("%+v", got)
		}
		if text := <-sent; text != "" {
			t.Errorf("it was sent %q", text)
		}
		server.Close()
	}
}

func TestASilentServerIsLeftInTime(t *testing.T) {
	client, server := net.Pipe()
	defer server.Close()
	defer client.Close()
	limits := quick()
	limits.Login = 50 * time.Millisecond
	begin := time.Now()
	got := vos.Session{Terminal: client, Limits: limits}.Run(t.Context(), []string{"show myself"})
	if len(got.Failures) != 2 || time.Since(begin) > 5*time.Second {
		t.Errorf("%v after %v", got.Failures, time.Since(begin))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := (vos.Session{Terminal: client, Limits: quick()}).Run(ctx, []string{"show myself"}); len(got.Failures) != 2 {
		t.Errorf("%v", got.Failures)
	}
}

func TestAServerThatReadsNothingIsLeftInTime(t *testing.T) {
	client, server := net.Pipe()
	defer server.Close()
	defer client.Close()
	go io.WriteString(server, "admin:")
	limits := quick()
	limits.Command = 50 * time.Millisecond
	begin := time.Now()
	got := vos.Session{Terminal: client, Limits: limits}.Run(t.Context(), []string{"show myself"})
	if len(got.Failures) != 1 || time.Since(begin) > 5*time.Second {
		t.Errorf("%v after %v", got.Failures, time.Since(begin))
	}
}

func TestTheEndOfARunKeepsWhatWasGathered(t *testing.T) {
	s := serve(t, lab.SoundVOSNode("fin-a", "finesse"), lab.VOSOptions{Faults: []lab.VOSFault{{Command: hosts, Kind: lab.VOSDeaf}}})
	ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
	defer cancel()
	got := vos.Session{Terminal: dial(t, s, 512), Limits: quick()}.Run(ctx, []string{"show myself", hosts, "show tls server min-version"})
	if len(got.Failures) != 2 || !strings.Contains(got.Failures[0].Reason, "run was ended") {
		t.Errorf("%v", got.Failures)
	}
	if v, err := vos.Parse(got.Transcript).ReadStatus(vos.HostName()); err != nil || v.Text != "fin-a" {
		t.Errorf("%v, %v in %s", v, err, got.Transcript)
	}
}

func TestAnAnswerThatHoldsAPromptIsNoEvidence(t *testing.T) {
	n := lab.SoundVOSNode("fin-a", "finesse")
	n.Answers = map[string]string{"show myself": "Machine Name : fin-a\nadmin:" + hosts + "\nCurrently no source is configured\nadmin:\n"}
	got := capture(t, serve(t, n, lab.VOSOptions{}), []string{"show myself", "show tls server min-version"})
	if len(got.Failures) != 1 || strings.Contains(string(got.Transcript), "no source") {
		t.Errorf("%v in\n%s", got.Failures, got.Transcript)
	}
}

func TestAnAnswerThatSplitsAnywhereIsTheSame(t *testing.T) {
	const answers = "hello\r\nadmin:|set cli pagination off\r\nok\r\nadmin:|show myself\r\nMachine Name : fin-a\r\nadmin:"
	for size := 1; size < 20; size += 3 {
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			for _, part := range strings.Split(answers, "|") {
				for len(part) > 0 {
					n := min(size, len(part))
					if _, err := io.WriteString(server, part[:n]); err != nil {
						return
					}
					part = part[n:]
				}
				buf := make([]byte, 100)
				if _, err := server.Read(buf); err != nil {
					return
				}
			}
		}()
		got := vos.Session{Terminal: client, Limits: quick()}.Run(t.Context(), []string{"show myself"})
		client.Close()
		want := "admin:set cli pagination off\nok\nadmin:show myself\nMachine Name : fin-a\nadmin:\n"
		if string(got.Transcript) != want || len(got.Failures) != 0 {
			t.Errorf("in parts of %d: %q, %v", size, got.Transcript, got.Failures)
		}
	}
}

func TestNothingIsAllowedButTheConstants(t *testing.T) {
	asked := vos.Options{IDSSecret: true}
	var all []string
	for _, role := range roles() {
		all = append(all, vos.ReadOnly(role, vos.Options{IDSSecret: true})...)
	}
	for _, role := range []string{"gadget", "", "Finesse"} {
		if got := vos.ReadOnly(role, vos.Options{IDSSecret: true}); len(got) != 0 {
			t.Errorf("role %q is asked %v", role, got)
		}
	}
	constants := map[string]bool{"set cli pagination off": true}
	verbs := []string{"add", "delete", "enable", "enable_all", "disable", "set", "restart", "stop", "start", "clear", "reset", "regen", "import"}
	for _, c := range all {
		constants[c] = true
		if !asked.Allows(c) {
			t.Errorf("%q is listed and not allowed", c)
		}
		for _, word := range strings.FieldsFunc(c, func(r rune) bool { return r == ' ' }) {
			if slices.Contains(verbs, word) {
				t.Errorf("%q changes something", c)
			}
		}
		if strings.ContainsFunc(c, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(";|&`$<>\\", r) }) {
			t.Errorf("%q holds what a command must not", c)
		}
	}
	for _, role := range roles() {
		if slices.Contains(vos.ReadOnly(role, vos.Options{}), "show ids secret") {
			t.Errorf("%s is asked for the secret although nobody wished it", role)
		}
	}
	var inject []string
	for b := range 256 {
		inject = append(inject, string([]byte{byte(b)}))
	}
	inject = append(inject, "\r\n", "; utils system restart", "\nutils system shutdown", " add x", " delete", "\u2028", "\u00a0", "\x1b[A", "admin:")
	for c := range constants {
		for _, x := range inject {
			for _, at := range []int{0, len(c) / 2, len(c)} {
				if m := c[:at] + x + c[at:]; asked.Allows(m) && !constants[m] {
					t.Errorf("%q is allowed", m)
				}
			}
		}
		words := strings.Fields(c)
		for i := range words {
			for _, verb := range verbs {
				m := strings.Join(append(append(slices.Clone(words[:i]), verb), words[i+1:]...), " ")
				if asked.Allows(m) && !constants[m] {
					t.Errorf("%q is allowed", m)
				}
			}
			if m := strings.Join(words[:i], " "); asked.Allows(m) && !constants[m] {
				t.Errorf("%q is allowed", m)
			}
		}
		if upper := strings.ToUpper(c); asked.Allows(upper) && !constants[upper] {
			t.Errorf("%q is allowed", upper)
		}
	}
}

func FuzzAllowed(f *testing.F) {
	f.Add("show myself")
	f.Add("set cli pagination off\rutils system restart")
	constants := []string{"set cli pagination off"}
	for _, role := range []string{"uccx", "ids"} {
		constants = append(constants, vos.ReadOnly(role, vos.Options{IDSSecret: true})...)
	}
	f.Fuzz(func(t *testing.T, command string) {
		for _, o := range []vos.Options{{}, {IDSSecret: true}} {
			if o.Allows(command) && (!slices.Contains(constants, command) || command == "show ids secret" && !o.IDSSecret) {
				t.Errorf("%q with %+v", command, o)
			}
		}
	})
}
