// SPDX-License-Identifier: Apache-2.0

package http_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/http"
	"github.com/postern-audit/postern/internal/evidence"
)

// closedGate lets through what it must and nothing else.
const closedGate = `
  server_tokens off;
  server { listen ADDRESS ssl default_server; ssl_reject_handshake on; }
  server {
    listen ADDRESS ssl; server_name desk-a.agents.example;
    if ($ssl_server_name != $host) { return 421; }
    add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
    add_header X-Content-Type-Options nosniff always;
    location = / { return 302 /desktop/; }
    location /desktop/ {
      if ($http_user_agent ~ curl) { return 412; }
      valid_referers server_names;
      if ($invalid_referer) { return 417; }
      return 200 "<html>desktop</html>";
    }
    location = /finesse/api/SystemInfo { add_header WWW-Authenticate 'Basic realm="x"' always; return 401; }
    location = /ws { return 401; }
    location / { return 421; }
  }`

func TestAClosedNginxIsSeenClosed(t *testing.T) {
	to := edge(t, startNginx(t, closedGate))
	l := listener(t, to)
	for name, want := range map[evidence.HTTPRequestName][]string{
		evidence.RequestPage: {
			"GET / 302", "GET /desktop/ 200", "GET /ids/v1/oauth/authorize 421 denied", "GET /desktop/api/DesktopConfig 200", "GET /cuic/rest/about 421 denied",
			"GET /livedata/security 421 denied", "GET /security 421 denied",
		},
		evidence.RequestAnonymous:        {"GET /finesse/api/SystemInfo 401"},
		evidence.RequestHead:             {"HEAD / 302"},
		evidence.RequestOptions:          {"OPTIONS / 302"},
		evidence.RequestUserAgent:        {"GET /desktop/ 412 denied"},
		evidence.RequestReferer:          {"GET /desktop/ 417 denied"},
		evidence.RequestUnknownHost:      {"GET / 404 denied"},
		evidence.RequestAddressHost:      {"GET / 404 denied"},
		evidence.RequestEmptyHost:        {"GET / 400 denied"},
		evidence.RequestNoHost:           {"GET / 400 denied"},
		evidence.RequestNoHostHTTP10:     {"GET / 404 denied"},
		evidence.RequestOtherPort:        {"GET / 302"},
		evidence.RequestTwoHosts:         {"GET / 400 denied"},
		evidence.RequestHostNotSNI:       {"GET / 404 denied"},
		evidence.RequestSNINotHost:       {"GET / tls_alert denied"},
		evidence.RequestUnknownSNI:       {"GET / tls_alert denied"},
		evidence.RequestNoSNI:            {"GET / tls_alert denied"},
		evidence.RequestNoSNIUnknownHost: {"GET / tls_alert denied"},
		evidence.RequestPlain:            {"GET / 400 denied"},
		evidence.RequestWebSocket:        {"GET /ws 401"},
		evidence.RequestForeignWebSocket: {"GET /ws 401"},
	} {
		if diff := cmp.Diff(want, facts(l, name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for _, r := range l.Requests {
		if r.Name == evidence.RequestClosedPath && (!r.Denied || r.Status != 421 || r.Control == "") {
			t.Errorf("%s: %+v", r.Path, r)
		}
	}
	page := request(t, l, "/desktop/")
	if want := (evidence.HSTS{Present: true, Valid: true, MaxAgeSeconds: 31536000, IncludeSubdomains: true}); page.Headers.HSTS != want {
		t.Errorf("%+v", page.Headers.HSTS)
	}
	if !page.Headers.NoSniff || page.Headers.Server != "nginx" || page.Headers.ServerVersion || page.StockPage {
		t.Errorf("%+v", page.Headers)
	}
	if r := request(t, l, "/finesse/api/SystemInfo"); !slices.Equal(r.Headers.Authenticate, []string{"Basic"}) {
		t.Errorf("%q", r.Headers.Authenticate)
	}
	// nginx keeps the shared connection to its end, and refuses four handshakes.
	cost := http.Collector{}.Plan(to)
	if l.Connections != cost.Connections || l.Sent != cost.Requests-4 {
		t.Errorf("%d connections and %d requests, planned %+v", l.Connections, l.Sent, cost)
	}
	t.Logf("%+v", cost)
}

// openGate is an nginx as it is delivered, with a catch-all that proxies.
const openGate = `
  server {
    listen ADDRESS ssl default_server; server_name _;
    location = / { return 200 "<title>Welcome to nginx!</title>"; }
    location / { return 200 "https://fin-a.corp.example:8445/x https:\/\/10.1.0.11 xcuic-a.corp.example"; }
    location = /postern-no-such-path-7f3a9c { return 404; }
    location = /nginx_status { return 500; }
  }`

func TestAnOpenNginxIsSeenOpen(t *testing.T) {
	l := listener(t, edge(t, startNginx(t, openGate), "desk-b.agents.example"))
	for _, r := range l.Requests {
		switch r.Name {
		case evidence.RequestEmptyHost, evidence.RequestNoHost, evidence.RequestTwoHosts, evidence.RequestPlain:
			// nginx itself turns these away.
			if !r.Denied || r.Status != 400 {
				t.Errorf("%s: %+v", r.Name, r)
			}
		case evidence.RequestMissingPath:
			if !r.Denied || !r.StockError || !r.Headers.ServerVersion {
				t.Errorf("%s: %+v", r.Name, r)
			}
		default:
			if r.Denied || !r.Comparable || r.Outcome != evidence.HTTPAnswered {
				t.Errorf("%s %s: %+v", r.Name, r.Path, r)
			}
		}
	}
	if !request(t, l, "/").StockPage {
		t.Error("the welcome page is not known")
	}
	if r := request(t, l, "/cfadmin"); !slices.Equal(r.InternalNames, []string{"fin-a.corp.example", "10.1.0.11"}) {
		t.Errorf("internal names %q", r.InternalNames)
	}
	for _, r := range l.Requests {
		if r.Name == evidence.RequestHostNotSNI && r.Host != "desk-b.agents.example:8445" ||
			r.Name == evidence.RequestSNINotHost && r.SNI != "desk-b.agents.example" ||
			r.Name == evidence.RequestAddressHost && r.Host != "203.0.113.10:8445" ||
			r.Name == evidence.RequestNoSNI && r.SNI != "" {
			t.Errorf("%s: SNI %q, Host %q", r.Name, r.SNI, r.Host)
		}
	}
}

// dropGate closes without an answer, as Cisco's default server does.
const dropGate = `
  server { listen ADDRESS ssl default_server; server_name _; return 444; }
  server { listen ADDRESS ssl; server_name desk-a.agents.example; location = /desktop/ { return 200 x; } location / { return 444; } }`

func TestClosingWithoutAnAnswerIsARefusal(t *testing.T) {
	to := edge(t, startNginx(t, dropGate))
	l := listener(t, to)
	for _, r := range l.Requests {
		if r.Name == evidence.RequestClosedPath && (!r.Denied || r.Refusal != evidence.RefusalClosed) {
			t.Errorf("%s: %+v", r.Path, r)
		}
	}
	if diff := cmp.Diff([]string{"GET /desktop/ closed denied"}, facts(l, evidence.RequestUnknownHost)); diff != "" {
		t.Error(diff)
	}
	// Each close costs a connection, and no request more than one.
	if cost := (http.Collector{}).Plan(to); l.Connections > cost.Requests {
		t.Errorf("%d connections, planned %+v", l.Connections, cost)
	}
}
