// SPDX-License-Identifier: Apache-2.0

package http_test

import (
	"fmt"
	nethttp "net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/http"
	"github.com/postern-audit/postern/internal/dial"
	"github.com/postern-audit/postern/internal/evidence"
)

func hello(w nethttp.ResponseWriter, _ *nethttp.Request) { fmt.Fprint(w, "hello") }

func TestWhatIsSentIsWhatWasPlanned(t *testing.T) {
	address, counts := serve(t, hello)
	to := edge(t, address)
	node := to
	node.Kind, node.Subject, node.Edge = evidence.KindNode, "node/fin-a", nil
	node.Node = &evidence.Node{Role: "finesse", Host: "fin-a.corp.example", Live: evidence.Live{Ports: []string{"8445"}}}
	for _, to := range []evidence.Target{to, node} {
		connectionsBefore, _ := counts()
		l := listener(t, to)
		connections, _ := counts()
		cost := http.Collector{}.Plan(to)
		if cost.Connections != connections-connectionsBefore || cost.Connections != l.Connections || cost.Requests != l.Sent {
			t.Errorf("%s: planned %+v, sent %d over %d, the server took %d", to.Kind, cost, l.Sent, l.Connections, connections-connectionsBefore)
		}
		if cost.Connections > 20 || cost.Requests > 70 {
			t.Errorf("%s: %+v is a burden", to.Kind, cost)
		}
	}
	var _ evidence.Planner = http.Collector{}
}

func TestOnlyHarmlessRequestsAreSent(t *testing.T) {
	address, _ := serve(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
		if r.Method != "GET" && r.Method != "HEAD" && r.Method != "OPTIONS" {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" || r.ContentLength != 0 {
			t.Errorf("%s carries %v", r.URL, r.Header)
		}
	})
	listener(t, edge(t, address))
}

// A gate that takes the audit for something else tells nothing about paths.
func TestAGateThatDislikesTheClientLeavesAllUnknown(t *testing.T) {
	for _, status := range []int{412, 417} {
		address, _ := serve(t, func(w nethttp.ResponseWriter, _ *nethttp.Request) { w.WriteHeader(status) })
		got := collect(t, edge(t, address))
		for _, r := range got.Sections.HTTP[0].Requests {
			about := r.Name == evidence.RequestUserAgent || r.Name == evidence.RequestReferer
			unknown := r.Outcome == evidence.HTTPUnknown
			if r.Status == status && (unknown == about || r.Denied != about) {
				t.Errorf("%d: %s: %+v", status, r.Name, r)
			}
		}
		if len(got.Gaps) != 1 || got.Gaps[0].Section != "http" || got.Gaps[0].Subject != "edge/rp-a/listener/desk-a.agents.example:8445" {
			t.Errorf("gaps %+v", got.Gaps)
		}
	}
}

func TestWhereNothingIsServedNamesCannotBeCompared(t *testing.T) {
	address, _ := serve(t, nethttp.NotFound)
	l := listener(t, edge(t, address))
	want := []string{"GET / 404 open incomparable"}
	if diff := cmp.Diff(want, facts(l, evidence.RequestUnknownHost)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"GET /finesse/api/SystemInfo 404 open"}, facts(l, evidence.RequestAnonymous)); diff != "" {
		t.Error(diff)
	}
}

func TestNamesAreComparedOnAPathThatIsServed(t *testing.T) {
	for served, status := range map[string]int{"/cuic/rest/about": 401, "/ids/v1/oauth/authorize": 302, "/finesse/api/SystemInfo": 401} {
		address, _ := serve(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			if r.URL.Path != served {
				nethttp.NotFound(w, r)
				return
			}
			w.WriteHeader(status)
		})
		l := listener(t, edge(t, address))
		want := []string{fmt.Sprintf("GET %s %d", served, status)}
		if diff := cmp.Diff(want, facts(l, evidence.RequestUnknownHost)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestTheFirstComplaintEndsTheWork(t *testing.T) {
	address, counts := serve(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
		if r.URL.Path == "/cfadmin" {
			w.WriteHeader(nethttp.StatusTeapot)
		}
	})
	to := edge(t, address)
	to.Dial = to.Dial.(rude).Dialer
	got := collect(t, to)
	_, requests := counts()
	complained := false
	for i, r := range got.Sections.HTTP[0].Requests {
		complained = complained || r.Path == "/cfadmin"
		if complained != (r.Outcome == evidence.HTTPUnknown) || r.Outcome == evidence.HTTPUnknown && r.Denied {
			t.Errorf("%d %s: %+v", i, r.Path, r)
		}
	}
	if requests > 12 || len(got.Gaps) != 1 {
		t.Errorf("%d requests, gaps %+v", requests, got.Gaps)
	}
}

func TestAListenerThatIsNotThereIsAGapAndNoFact(t *testing.T) {
	address := "127.0.0.1:1"
	start := time.Now()
	got := collect(t, edge(t, address))
	if len(got.Gaps) != 1 || !strings.Contains(got.Gaps[0].Reason, "no connection") {
		t.Errorf("%+v", got.Gaps)
	}
	for _, r := range got.Sections.HTTP[0].Requests {
		if r.Outcome != evidence.HTTPUnknown || r.Denied || r.Headers.HSTS.Present {
			t.Errorf("%+v", r)
		}
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestSystemInformationTellsWhichServersItNames(t *testing.T) {
	for _, c := range []struct{ name, body, want, gap string }{
		{
			"two nodes", `<?xml version="1.0" encoding="UTF-8"?><SystemInfo><primaryNode><host>fin-a.corp.example</host></primaryNode>` +
				`<secondaryNode><host>desk-b.agents.example</host><httpsPort>8446</httpsPort></secondaryNode><httpsPort>8445</httpsPort></SystemInfo>`,
			"primary fin-a.corp.example 8445, secondary desk-b.agents.example 8446", "",
		},
		{"one node", `<SystemInfo><primaryNode><host>a</host></primaryNode><secondaryNode/></SystemInfo>`, "primary a 0", ""},
		{"a page", `<html><body>x</body></html>`, "", ""},
		{"half of it", `<SystemInfo><primaryNode><host>a</host></primaryNode>`, "", "no XML"},
		{"a host elsewhere", `<SystemInfo><other><primaryNode2><host>a</host></primaryNode2></other></SystemInfo>`, "", "names no server"},
		{"a deep nest", "<SystemInfo>" + strings.Repeat("<a>", 100), "", "nested"},
		{"many parts", "<SystemInfo>" + strings.Repeat("<a/>", 6000) + "</SystemInfo>", "", "parts"},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, _ := serve(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
				if r.URL.Path == "/finesse/api/SystemInfo" {
					fmt.Fprint(w, c.body)
				}
			})
			got := collect(t, edge(t, address))
			var hosts []string
			for _, h := range got.Sections.HTTP[0].SystemHosts {
				hosts = append(hosts, fmt.Sprintf("%s %s %d", h.Role, h.Host, h.Port))
				if h.Source.Host != desk {
					t.Errorf("source %+v", h.Source)
				}
			}
			if text := strings.Join(hosts, ", "); text != c.want {
				t.Errorf("%q, want %q", text, c.want)
			}
			if c.gap == "" != (len(got.Gaps) == 0) || c.gap != "" && !strings.Contains(got.Gaps[0].Reason, c.gap) {
				t.Errorf("gaps %+v, want %q", got.Gaps, c.gap)
			}
		})
	}
}

func TestCookiesAndRedirectsKeepNoSecret(t *testing.T) {
	address, _ := serve(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
		w.Header().Add("Set-Cookie", "JSESSIONID=canary-one; Path=/; Secure; HttpOnly; SameSite=None")
		w.Header().Add("Set-Cookie", "canary-two")
		w.Header().Set("Location", "https://canary-five:canary-six@sso.example;canary-seven/x;jsessionid=canary-eight/%3Bsid=canary-nine?code=canary-three#canary-four")
		w.Header().Set("Content-Security-Policy", "report-uri https://r.example/x?token=canary-ten")
		w.Header().Set("X-Powered-By", "PHP/8.2")
		w.WriteHeader(302)
	})
	l := listener(t, edge(t, address))
	if text := fmt.Sprintf("%+v", l); strings.Contains(text, "canary") {
		t.Errorf("a secret is kept: %s", text)
	}
	r := request(t, l, "/")
	want := []evidence.Cookie{{Name: "JSESSIONID", Secure: true, HTTPOnly: true, SameSite: "none"}, {}}
	if diff := cmp.Diff(want, r.Cookies); diff != "" {
		t.Error(diff)
	}
	if r.Headers.Location != "https://sso.example/x/" || !r.Headers.ServerVersion {
		t.Errorf("%+v", r.Headers)
	}
}

func TestSeveralListenersShareThePatienceOfTheGate(t *testing.T) {
	address, _ := serve(t, hello)
	to := edge(t, address, "desk-b.agents.example", "desk-c.agents.example")
	if got := collect(t, to); len(got.Sections.HTTP) != 3 || len(got.Gaps) != 0 {
		t.Errorf("%d records, gaps %+v", len(got.Sections.HTTP), got.Gaps)
	}
	d, err := dial.New(dial.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.Heard(429)
	to.Dial = d
	if got := collect(t, to); len(got.Gaps) != 3 {
		t.Errorf("gaps %+v", got.Gaps)
	}
}
