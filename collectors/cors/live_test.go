// SPDX-License-Identifier: Apache-2.0

package cors_test

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/cors"
	"github.com/postern-audit/postern/internal/dial"
	"github.com/postern-audit/postern/internal/evidence"
)

const own = "https://desk-a.agents.example:8445"

// gate is a listener that counts what it is asked.
type gate struct {
	address               string
	mu                    sync.Mutex
	connections, requests int
}

func newGate(t *testing.T, answer http.HandlerFunc) *gate {
	t.Helper()
	g := &gate{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		g.requests++
		g.mu.Unlock()
		answer(w, r)
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			g.mu.Lock()
			g.connections++
			g.mu.Unlock()
		}
	}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	g.address = server.Listener.Addr().String()
	return g
}

func (g *gate) edge(t *testing.T, hosts ...string) evidence.Target {
	t.Helper()
	to := evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a", Vantage: evidence.VantageInternet, Now: time.Now,
		Site: &evidence.Site{Integrations: []evidence.Integration{{Name: "crm", EmbedderOrigin: "https://crm.example/"}}},
		Edge: &evidence.Edge{Name: "rp-a", Live: evidence.Live{Ports: []string{"from-map"}}},
	}
	var declared []dial.Endpoint
	for _, host := range append([]string{"desk-a.agents.example"}, hosts...) {
		declared = append(declared, dial.Endpoint{Host: host, Port: 8445, Address: g.address})
		to.Endpoints = append(to.Endpoints, evidence.Endpoint{Host: host, Port: 8445, HasPort: true})
	}
	d, err := dial.New(dial.Config{Endpoints: declared, Timeout: 2 * time.Second, Lifetime: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	to.Dial = d
	return to
}

func collect(t *testing.T, to evidence.Target) evidence.Collected {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got, err := cors.Collector{Timeout: 2 * time.Second}.Collect(ctx, to)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func listener(t *testing.T, to evidence.Target) evidence.CORSListener {
	t.Helper()
	got := collect(t, to)
	if len(got.Gaps) != 0 || len(got.Sections.CORSLive) == 0 {
		t.Fatalf("%d records, gaps %+v", len(got.Sections.CORSLive), got.Gaps)
	}
	return got.Sections.CORSLive[0]
}

// allowed lists the kinds of origin that a browser lets in with credentials, for
// what every origin is asked or for a simple GET.
func allowed(l evidence.CORSListener, path string, request evidence.CORSRequestKind) []string {
	var out []string
	for _, a := range l.Answers {
		if a.Path == path && a.Request == request && (a.RequestMethod == "PUT" || a.RequestMethod == "") && a.BrowserAllows.Known && a.BrowserAllows.Value {
			out = append(out, string(a.OriginKind)+" "+a.Origin)
		}
	}
	return out
}

func permit(w http.ResponseWriter, origin string) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Allow-Methods", "GET, PUT")
	h.Set("Access-Control-Allow-Headers", "authorization,content-type,requestid")
	h.Set("Access-Control-Max-Age", "300")
	h.Set("Vary", "Accept, Origin")
}

const info = "/finesse/api/SystemInfo"

func TestLooseComparisonsOfOriginsAreFound(t *testing.T) {
	declared := []string{"declared " + own, "declared https://crm.example"}
	foreign := []string{"foreign https://foreign.postern.invalid"}
	null := []string{"null null"}
	clear := []string{"clear_text http://desk-a.agents.example:8445"}
	suffix := []string{"suffix https://desk-a.agents.example.foreign.postern.invalid:8445"}
	prefix := []string{"prefix https://evil-desk-a.agents.example:8445"}
	subdomain := []string{"subdomain https://evil.desk-a.agents.example:8445"}
	port := []string{"other_port https://desk-a.agents.example:8446"}
	upper := []string{"upper_case HTTPS://DESK-A.AGENTS.EXAMPLE:8445"}
	for _, c := range []struct {
		name  string
		lets  func(origin string) bool
		wants [][]string
	}{
		{"an exact list", func(o string) bool { return o == own || o == "https://crm.example" }, [][]string{declared}},
		{"whatever comes", func(string) bool { return true }, [][]string{declared, foreign, null, clear, suffix, prefix, subdomain, port, upper}},
		{"a beginning", func(o string) bool { return strings.HasPrefix(o, "https://desk-a.agents.example") }, [][]string{declared[:1], suffix, port}},
		{"an end", func(o string) bool { return strings.HasSuffix(o, "desk-a.agents.example:8445") }, [][]string{declared[:1], clear, prefix, subdomain}},
		{"without regard to case", func(o string) bool { return strings.EqualFold(o, own) }, [][]string{declared[:1], upper}},
		{"null", func(o string) bool { return o == "null" }, [][]string{null}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newGate(t, func(w http.ResponseWriter, r *http.Request) {
				if origin := r.Header.Get("Origin"); c.lets(origin) {
					permit(w, origin)
				}
			})
			l := listener(t, g.edge(t))
			var want []string
			for _, some := range c.wants {
				want = append(want, some...)
			}
			if diff := cmp.Diff(want, allowed(l, info, evidence.CORSPreflight)); diff != "" {
				t.Error(diff)
			}
			if l.Path != info || l.Subject != "edge/rp-a/listener/desk-a.agents.example:8445" {
				t.Errorf("%s %s", l.Path, l.Subject)
			}
		})
	}
}

func TestHeadersAreFactsAsSent(t *testing.T) {
	g := newGate(t, func(w http.ResponseWriter, r *http.Request) {
		permit(w, "*")
		w.Header().Add("Access-Control-Allow-Origin", own)
		w.Header().Set("Access-Control-Expose-Headers", "requestid, x-total")
	})
	l := listener(t, g.edge(t))
	a := l.Answers[0]
	no := evidence.Known(false, evidence.Observed)
	want := evidence.CORSAnswer{
		Origin: own, OriginKind: evidence.OriginDeclared, Request: evidence.CORSPreflight, Path: info,
		RequestMethod: "PUT", RequestHeaders: []string{"authorization", "content-type", "requestid"},
		Outcome: evidence.HTTPAnswered, Refusal: evidence.RefusalNone, Status: 200,
		AllowOrigin: []string{"*", own}, AllowCredentials: []string{"true"}, AllowMethods: []string{"GET", "PUT"},
		AllowHeaders: []string{"authorization", "content-type", "requestid"}, ExposeHeaders: []string{"requestid", "x-total"},
		MaxAgeSeconds: evidence.Known(300, evidence.Observed), VaryOrigin: true,
		Allows: []evidence.CORSAllowance{
			{Method: "GET"},
			{Method: "GET", CustomHeaders: true},
			{Method: "POST"},
			{Method: "POST", CustomHeaders: true},
			{Method: "PUT", WithCredentials: no, Anonymous: no},
			{Method: "PUT", CustomHeaders: true, WithCredentials: no, Anonymous: no},
		},
		BrowserAllows: no, BrowserAllowsAnonymous: no,
		Source: a.Source,
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Error(diff)
	}
	if a.Source.Host != "desk-a.agents.example" || a.Source.Vantage != evidence.VantageInternet {
		t.Errorf("%+v", a.Source)
	}
}

func TestAStarLetsAnybodyWithoutCredentials(t *testing.T) {
	g := newGate(t, func(w http.ResponseWriter, _ *http.Request) { permit(w, "*") })
	l := listener(t, g.edge(t))
	for _, a := range l.Answers {
		// A star does not stand for Authorization in the list of headers, which
		// names it here.
		if a.BrowserAllows.Value || !a.BrowserAllowsAnonymous.Value {
			t.Errorf("%s %s: %v %v", a.Request, a.Origin, a.BrowserAllows, a.BrowserAllowsAnonymous)
		}
	}
}

func TestThePathIsOneThatAnswersAcrossOrigins(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"one that permits": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/livedata/security" {
				permit(w, own)
			}
		}, "/livedata/security"},
		"one that is let through": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/cuic/rest/about" {
				w.WriteHeader(421)
			}
		}, "/cuic/rest/about"},
		"none": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(421) }, info},
	} {
		t.Run(name, func(t *testing.T) {
			if l := listener(t, newGate(t, c.answer).edge(t)); l.Path != c.want {
				t.Errorf("%s, want %s", l.Path, c.want)
			}
		})
	}
}

func TestWhatIsSentIsWhatWasPlanned(t *testing.T) {
	for _, hosts := range [][]string{nil, {"desk-b.agents.example"}, {"b", "c", "d", "e", "f", "g", "h", "i", "j"}} {
		g := newGate(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodOptions && r.Method != http.MethodGet || r.Header.Get("Authorization") != "" {
				t.Errorf("%s %v", r.Method, r.Header)
			}
		})
		to := g.edge(t, hosts...)
		cost := cors.Collector{}.Plan(to)
		got := collect(t, to)
		n := len(to.Endpoints)
		if g.connections != n*cost.Connections || g.requests != n*cost.Requests {
			t.Errorf("%d listeners took %d connections and %d requests, planned %+v each", n, g.connections, g.requests, cost)
		}
		if cost.Requests > 30 {
			t.Errorf("%+v is a burden", cost)
		}
		if l := got.Sections.CORSLive[0]; n > 8 && l.DeclaredLeftOut != 3 || n < 8 && l.DeclaredLeftOut != 0 {
			t.Errorf("%d left out", l.DeclaredLeftOut)
		}
	}
	var _ evidence.Planner = cors.Collector{}
}

func TestAListenerThatIsNotThereIsAGapAndNoFact(t *testing.T) {
	g := &gate{address: "127.0.0.1:1"}
	got := collect(t, g.edge(t))
	if len(got.Gaps) != 1 || got.Gaps[0].Section != "corslive" || got.Gaps[0].Subject != "edge/rp-a/listener/desk-a.agents.example:8445" {
		t.Errorf("%+v", got.Gaps)
	}
	for _, a := range got.Sections.CORSLive[0].Answers {
		if a.BrowserAllows.Known || a.BrowserAllowsAnonymous.Known || a.Outcome != evidence.HTTPUnknown {
			t.Errorf("%+v", a)
		}
	}
}

// patient is a dialer without manners, for a listener that asks for logins.
type patient struct{ evidence.Dialer }

func (patient) Ready(context.Context) error { return nil }
func (patient) Heard(int)                   {}
