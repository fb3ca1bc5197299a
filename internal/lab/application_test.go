// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestApplicationsAnswerAsTheRealOnesDo(t *testing.T) {
	const (
		inside = "fin-a.corp.example:8445"
		desk   = "desk-a.agents.example:8445"
	)
	type expected struct {
		status       int
		header, want string // a header field and its value
		body         string
	}
	for _, c := range []struct {
		name, node string
		port       int
		request    string // method, host and path
		fields     []string
		expected
	}{
		{"system information names nodes in the local network", "fin-a", 8445, "GET " + inside + " /finesse/api/SystemInfo", nil, expected{200, "Content-Type", "application/xml", "<host>fin-b.corp.example</host>"}},
		{"system information needs a login through the gate", "fin-a", 8445, "GET " + desk + " /finesse/api/SystemInfo", nil, expected{401, "WWW-Authenticate", `Basic realm="Contact centre"`, ""}},
		{"a redirect in the local network keeps the name", "fin-a", 8445, "GET " + inside + " /", nil, expected{302, "Location", "https://" + inside + "/desktop/container/", ""}},
		{"a redirect through the gate leads outside", "fin-a", 8445, "GET " + desk + " /", nil, expected{302, "Location", "https://" + desk + "/desktop/container/", ""}},
		{"the desktop says who may embed it", "fin-a", 8445, "GET " + desk + " /desktop/", nil, expected{200, "Content-Security-Policy", "frame-ancestors 'self' https://crm.example", "<title>"}},
		{"every answer is strict about transport", "fin-a", 8445, "GET " + desk + " /nothing", nil, expected{404, "Strict-Transport-Security", "max-age=31536000; includeSubDomains", ""}},
		{"a listed origin may send", "fin-a", 8445, "OPTIONS " + desk + " /finesse/api/User/1", []string{"Origin: https://desk-a.agents.example:8444", "Access-Control-Request-Method: PUT"}, expected{200, "Access-Control-Allow-Origin", "https://desk-a.agents.example:8444", ""}},
		{"a foreign origin may not", "fin-a", 8445, "OPTIONS " + desk + " /finesse/api/User/1", []string{"Origin: https://foreign.example", "Access-Control-Request-Method: PUT"}, expected{403, "Access-Control-Allow-Origin", "", ""}},
		{"the origin of the gate is no foreign one", "fin-a", 8445, "GET " + desk + " /desktop/", []string{"Origin: https://" + desk}, expected{200, "Access-Control-Allow-Origin", "", ""}},
		{"a socket needs a login", "fin-a", 8445, "GET " + desk + " /ws", []string{"Upgrade: websocket", "Origin: https://" + desk}, expected{401, "", "", ""}},
		{"a socket from a foreign page is refused", "fin-a", 8445, "GET " + desk + " /ws", []string{"Upgrade: websocket", "Origin: https://foreign.example"}, expected{403, "", "", ""}},
		{"a tool is no browser", "fin-a", 8445, "GET " + desk + " /desktop/", []string{"User-Agent: curl/8"}, expected{412, "", "", ""}},
		{"a foreign page has no link here", "fin-a", 8445, "GET " + desk + " /desktop/", []string{"Referer: https://foreign.example/"}, expected{417, "", "", ""}},
		{"the reports say what they are", "cuic-a", 8444, "GET desk-a.agents.example:8444 /cuic/rest/about", nil, expected{200, "Content-Type", "application/json", "desk-a.agents.example:8444"}},
		{"the help has a port of its own", "cuic-a", 8444, "GET desk-a.agents.example:8444 /cuicdoc/index.html", nil, expected{404, "", "", ""}},
		{"live data needs a login", "ld-a", 12005, "GET desk-a.agents.example:12005 /livedata/security", nil, expected{401, "", "", ""}},
		{"its socket does, too", "ld-a", 12008, "GET desk-a.agents.example:12008 /security", nil, expected{401, "", "", ""}},
		{"the identity service sends on to the provider", "ids-a", 8553, "GET desk-a.agents.example:8553 /ids/v1/oauth/authorize", nil, expected{302, "Location", "https://sso.example/adfs/ls/", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var a application
			for _, n := range nodes {
				if n.Name == c.node {
					a = application{n, c.port, SoundVOSNode(n.Host, n.Role)}
				}
			}
			parts := strings.Fields(c.request)
			r := httptest.NewRequest(parts[0], parts[2], nil)
			r.Host = parts[1]
			r.Header.Set("User-Agent", "Mozilla/5.0")
			for _, f := range c.fields {
				name, value, _ := strings.Cut(f, ": ")
				r.Header.Set(name, value)
			}
			w := httptest.NewRecorder()
			a.ServeHTTP(w, r)
			if w.Code != c.status || c.header != "" && w.Header().Get(c.header) != c.want || !strings.Contains(w.Body.String(), c.body) {
				t.Errorf("%d, %s %q, body %q", w.Code, c.header, w.Header().Get(c.header), w.Body.String())
			}
		})
	}
}

func TestAFaultOfACommandLineShowsAtTheListenerToo(t *testing.T) {
	fault := func(names ...string) *Lab {
		l := &Lab{faults: map[string]bool{}}
		for _, n := range names {
			l.faults[n] = true
		}
		return l
	}
	ask := func(l *Lab, at int, origin string) http.Header {
		v := SoundVOSNode(nodes[at].Host, nodes[at].Role)
		l.spoil(nodes[at], &v)
		r := httptest.NewRequest("GET", "/desktop/", nil)
		r.Host = nodes[at].Host + ":8445"
		r.Header.Set("Origin", origin)
		w := httptest.NewRecorder()
		application{nodes[at], 8445, v}.ServeHTTP(w, r)
		return w.Header()
	}
	const foreign = "https://foreign.example"
	if got := ask(fault("cors-for-all"), 1, foreign).Get("Access-Control-Allow-Origin"); got != foreign {
		t.Errorf("a filter for all allows %q", got)
	}
	if got := ask(fault("cors-for-all"), 0, foreign).Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("the filter of another node allows %q", got)
	}
	if got := ask(fault("origin-clear-text"), 0, "http://crm.example").Get("Access-Control-Allow-Origin"); got != "http://crm.example" {
		t.Errorf("an origin without TLS is allowed as %q", got)
	}
	if got := ask(fault("frame-broad"), 0, "https://desk-a.agents.example:8444").Get("Content-Security-Policy"); !strings.HasSuffix(got, "https://*") {
		t.Errorf("the policy is %q", got)
	}
}
