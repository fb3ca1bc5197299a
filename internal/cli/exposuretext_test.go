// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

func TestARequestAsAPersonWritesIt(t *testing.T) {
	name := func(s string) *string { return &s }
	for text, want := range map[string]request.Request{
		`GET /finesse..%2fcfadmin HTTP/1.1`: {Method: "GET", Target: "/finesse..%2fcfadmin", Version: "HTTP/1.1"},
		`GET /x`:                            {Method: "GET", Target: "/x"},
		`GET /x\r\n`:                        {Method: "GET", Target: "/x", Version: "0.9"},
		`GET /a b HTTP/1.0`:                 {Method: "GET", Target: "/a b", Version: "HTTP/1.0"},
		`GET /a\x20b\xff\\ HTTP/1.1`:        {Method: "GET", Target: "/a b\xff\\", Version: "HTTP/1.1"},
		`GET /x HTTP/1.1\r\nHost: a\r\nCookie: b\r\n\r\nbody: c`: {
			Method: "GET", Target: "/x", Version: "HTTP/1.1", Host: name("a"), Headers: [][2]string{{"Cookie", "b"}},
		},
		// A second Host is a header like any other, and one that comes late stays there.
		`GET /x HTTP/1.1\nA: b\nHost: c`: {
			Method: "GET", Target: "/x", Version: "HTTP/1.1", Headers: [][2]string{{"A", "b"}, {"Host", "c"}},
		},
		`GET /x http/1.1`: {Method: "GET", Target: "/x", Version: "http/1.1"},
		` /x HTTP/1.1`:    {Target: "/x", Version: "HTTP/1.1"},
	} {
		got, _, err := parseRequest(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	for _, text := range []string{"", "GET", `GET /\q`, `GET /\x1`, `GET /\xzz`, `GET /\`} {
		if q, _, err := parseRequest(text); err == nil {
			t.Errorf("%q is read as %+v", text, q)
		}
	}
}

func FuzzWhatIsShownCanBeTypedAgain(f *testing.F) {
	f.Add("/a\r\n\t\\\x00\xff")
	f.Fuzz(func(t *testing.T, raw string) {
		shown := escaped(raw)
		if strings.ContainsFunc(shown, func(r rune) bool { return r < 0x20 || r >= 0x7f }) {
			t.Errorf("%q is shown as %q", raw, shown)
		}
		if back, err := unescape(shown); err != nil || back != raw {
			t.Errorf("%q became %q, %v", raw, back, err)
		}
	})
}

// TestWhatNobodySaidIsTakenWhereThereIsNoChoice lists flags, what they make of a
// configuration, or the error.
func TestWhatNobodySaidIsTakenWhereThereIsNoChoice(t *testing.T) {
	const one = "server { listen 8445 ssl; listen [::]:8445 ssl; server_name desk.example *.desk.example; }"
	const two = one + "server { listen 8445 ssl; listen [::]:8445 ssl; server_name chat.example; } server { listen 80; }"
	const split = "server { listen 10.0.0.1:80; server_name a; } server { listen 10.0.0.2:80; server_name b; } server { listen unix:/run/gate.sock; server_name c; }"
	for _, c := range []struct {
		name, servers, text string
		flags               []string
		want, fails         string
	}{
		{"all of it", one, "GET / HTTP/1.1", nil, `:8445 tls sni=desk.example host=desk.example (port 8445, TLS, Host desk.example, SNI desk.example)`, ""},
		{"nothing", one, "GET / HTTP/1.1", []string{"--port=8445", "--tls=false", "--host=x"}, `:8445 host=x ()`, ""},
		{"a host with a port gives the name", one, "GET / HTTP/1.1", []string{"--host=x:8445"}, `:8445 tls sni=x host=x:8445 (port 8445, TLS, SNI x)`, ""},
		{"an address is no name", one, "GET / HTTP/1.1", []string{"--host=10.0.0.1"}, `:8445 tls host=10.0.0.1 (port 8445, TLS)`, ""},
		{"an empty SNI is none", one, "GET / HTTP/1.1", []string{"--sni="}, `:8445 tls host=desk.example (port 8445, TLS, Host desk.example)`, ""},
		{"no host", one, "GET / HTTP/1.1", []string{"--no-host=true"}, `:8445 tls (port 8445, TLS)`, ""},
		{"a version without headers", one, `GET /\r\n`, nil, `:8445 tls (port 8445, TLS)`, ""},
		{"the target names the host", one, `GET http://a/ HTTP/1.1`, nil, `:8445 tls (port 8445, TLS)`, ""},
		{"one host of one server", "server { listen 80; }", "GET /", nil, `:80 host=localhost (HTTP/1.1, port 80, Host localhost)`, ""},
		{"two ports", two, "GET /", nil, "", "which listener is asked? 3 of 3 fit"},
		{"two servers", two, "GET /", []string{"--port=8445"}, "", "which host is asked for? *:8445 has 2 servers"},
		{"two addresses", split, "GET /", []string{"--port=80"}, "", "which listener is asked? 2 of 3 fit"},
		{"one address", split, "GET /", []string{"--address=10.0.0.2"}, `10.0.0.2:80 host=b (HTTP/1.1, port 80, Host b)`, ""},
		{"a socket", split, "GET /", []string{"--address=unix:/run/gate.sock"}, `unix:/run/gate.sock:0 host=c (HTTP/1.1, Host c)`, ""},
		{"an address of IPv6", one, "GET /", []string{"--address=2001:db8::1"}, `2001:db8::1:8445 tls sni=desk.example host=desk.example (HTTP/1.1, port 8445, TLS, Host desk.example, SNI desk.example)`, ""},
		{"a port that nobody has", one, "GET /", []string{"--port=1"}, `:1 (HTTP/1.1)`, ""},
		{"an address that nobody has", split, "GET /", []string{"--address=10.0.0.9"}, "", "which listener is asked? 0 of 3 fit"},
		{"no listener", "", "GET /", nil, "", "no http server that listens"},
		{"two hosts", one, `GET / HTTP/1.1\r\nHost: a\r\n`, []string{"--host=b"}, "", "the host is given twice"},
		{"a host and none", one, `GET / HTTP/1.1`, []string{"--host=b", "--no-host=true"}, "", "--no-host stands beside a host"},
	} {
		cfg := nginx.Effective(nginx.Parse("nginx.conf", "http {"+c.servers+"}"), modelledNginx)
		got, err := askWith(append(c.flags, "--explain="+c.text), cfg)
		switch {
		case c.fails != "":
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%s: %s, error %v, want %s", c.name, got, err, c.fails)
			}
		case err != nil || got != c.want:
			t.Errorf("%s:\n got %s, %v\nwant %s", c.name, got, err, c.want)
		}
	}
}

// askWith completes a request as the command does, and writes it in one line.
func askWith(flags []string, cfg *nginx.Config) (string, error) {
	var f askFlags
	cmd := &cobra.Command{}
	f.register(cmd)
	if err := cmd.ParseFlags(flags); err != nil {
		return "", err
	}
	q, assumed, err := f.request(cfg)
	words := []string{q.Address + ":" + strconv.Itoa(q.Port)}
	if q.TLS {
		words = append(words, "tls")
	}
	if q.SNI != "" {
		words = append(words, "sni="+q.SNI)
	}
	if q.Host != nil {
		words = append(words, "host="+*q.Host)
	}
	return strings.Join(words, " ") + " (" + strings.Join(assumed, ", ") + ")", err
}
