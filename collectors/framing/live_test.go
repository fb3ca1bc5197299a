// SPDX-License-Identifier: Apache-2.0

package framing_test

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/framing"
	"github.com/postern-audit/postern/internal/dial"
	"github.com/postern-audit/postern/internal/evidence"
)

// ask runs the collector on an edge with two names for one listener.
func ask(t *testing.T, address string) evidence.Collected {
	t.Helper()
	to := target(t, address)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got, err := framing.Collector{Timeout: 2 * time.Second}.Collect(ctx, to)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func target(t *testing.T, address string) evidence.Target {
	t.Helper()
	to := evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a", Vantage: evidence.VantageInternet, Now: time.Now,
		Site: &evidence.Site{Integrations: []evidence.Integration{{Name: "crm", EmbedderOrigin: "https://crm.example"}}},
		Edge: &evidence.Edge{Name: "rp-a", Live: evidence.Live{Ports: []string{"from-map"}}},
	}
	var declared []dial.Endpoint
	for _, host := range []string{"desk-a.agents.example", "desk-b.agents.example"} {
		declared = append(declared, dial.Endpoint{Host: host, Port: 8445, Address: address})
		to.Endpoints = append(to.Endpoints, evidence.Endpoint{Host: host, Port: 8445, HasPort: true})
	}
	d, err := dial.New(dial.Config{Endpoints: declared, Timeout: 2 * time.Second, Lifetime: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	to.Dial = d
	return to
}

func serve(t *testing.T, answer http.HandlerFunc) (address string, connections *atomic.Int32) {
	t.Helper()
	connections = new(atomic.Int32)
	server := httptest.NewUnstartedServer(answer)
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String(), connections
}

// page is the first page of the first listener that left nothing open.
func page(t *testing.T, header http.Header) evidence.FramePage {
	t.Helper()
	address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	})
	got := ask(t, address)
	if len(got.Gaps) != 0 || len(got.Sections.FramingLive) != 2 {
		t.Fatalf("%d records, gaps %+v", len(got.Sections.FramingLive), got.Gaps)
	}
	return got.Sections.FramingLive[0].Pages[0]
}

func mayEmbed(p evidence.FramePage) []string {
	var out []string
	for _, e := range p.Embedders {
		if e.MayEmbed {
			out = append(out, string(e.Kind))
		}
	}
	slices.Sort(out)
	return out
}

func TestWhoMayEmbedIsAFactForEachDeclaredOrigin(t *testing.T) {
	for _, c := range []struct {
		name   string
		header http.Header
		want   []string
	}{
		{"no header", nil, []string{"clear_text", "foreign", "integration", "listener", "self"}},
		{"a list", http.Header{"Content-Security-Policy": {"frame-ancestors 'self' https://crm.example"}}, []string{"integration", "self"}},
		{"report only", http.Header{"Content-Security-Policy-Report-Only": {"frame-ancestors 'none'"}}, []string{"clear_text", "foreign", "integration", "listener", "self"}},
		{"frame options", http.Header{"X-Frame-Options": {"SAMEORIGIN"}}, []string{"self"}},
		{"both", http.Header{"X-Frame-Options": {"DENY"}, "Content-Security-Policy": {"frame-ancestors https://*.agents.example:8445"}}, []string{"listener", "self"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, mayEmbed(page(t, c.header))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSourcesAreFacts(t *testing.T) {
	p := page(t, http.Header{
		"Content-Security-Policy": {"img-src *, frame-ancestors 'self' HTTPS://*.Crm.example:8443/x https: a.example:* * 'bogus'", "frame-ancestors"},
		"X-Frame-Options":         {"DENY", "SAMEORIGIN"},
	})
	want := []evidence.FrameAncestor{
		{Policy: 2, Text: "'self'", Kind: evidence.AncestorSelf},
		{Policy: 2, Text: "HTTPS://*.Crm.example:8443/x", Kind: evidence.AncestorHost, Scheme: "https", Host: "*.crm.example", Port: 8443, Path: "/x"},
		{Policy: 2, Text: "https:", Kind: evidence.AncestorScheme, Scheme: "https"},
		{Policy: 2, Text: "a.example:*", Kind: evidence.AncestorHost, Host: "a.example", AnyPort: true},
		{Policy: 2, Text: "*", Kind: evidence.AncestorAny},
		{Policy: 2, Text: "'bogus'", Kind: evidence.AncestorInvalid},
		{Policy: 3, Kind: evidence.AncestorNone},
	}
	if diff := cmp.Diff(want, p.Ancestors); diff != "" {
		t.Error(diff)
	}
	if !p.Restricted || p.ReportOnly || !p.HTML || p.FrameOptions != evidence.FrameOptionsDeny || p.FrameOptionsText != "DENY, SAMEORIGIN" {
		t.Errorf("%+v", p)
	}
	if p := page(t, http.Header{"Content-Security-Policy-Report-Only": {"frame-ancestors 'none'"}}); !p.ReportOnly || p.Restricted || p.FrameOptions != evidence.FrameOptionsAbsent {
		t.Errorf("%+v", p)
	}
}

func TestMoreThanIsReadIsAGapAndNobodyIsJudged(t *testing.T) {
	for name, policy := range map[string]string{
		"sources":  "frame-ancestors" + strings.Repeat(" https://a.example", 300),
		"policies": strings.Repeat("img-src *,", 40) + "frame-ancestors 'none'",
	} {
		t.Run(name, func(t *testing.T) {
			address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Security-Policy", policy) })
			got := ask(t, address)
			if len(got.Gaps) != 2 || got.Gaps[0].Section != "framinglive" {
				t.Errorf("%+v", got.Gaps)
			}
			if p := got.Sections.FramingLive[0].Pages[0]; len(p.Embedders) != 0 || len(p.Ancestors) > 256 {
				t.Errorf("%d embedders, %d sources", len(p.Embedders), len(p.Ancestors))
			}
		})
	}
}

func TestWhatIsSentIsWhatWasPlanned(t *testing.T) {
	address, connections := serve(t, func(http.ResponseWriter, *http.Request) {})
	got := ask(t, address)
	cost := framing.Collector{}.Plan(target(t, address))
	if n := int(connections.Load()); n != 2*cost.Connections {
		t.Errorf("%d connections to two listeners, planned %+v", n, cost)
	}
	for _, l := range got.Sections.FramingLive {
		if l.Connections != cost.Connections || l.Sent != cost.Requests {
			t.Errorf("%s: %d connections, %d requests, planned %+v", l.Subject, l.Connections, l.Sent, cost)
		}
	}
	var _ evidence.Planner = framing.Collector{}
}

func TestAListenerThatIsNotThereIsAGapAndNoFact(t *testing.T) {
	got := ask(t, "127.0.0.1:1")
	if len(got.Gaps) != 2 || got.Gaps[1].Subject != "edge/rp-a/listener/desk-b.agents.example:8445" {
		t.Errorf("%+v", got.Gaps)
	}
	for _, p := range got.Sections.FramingLive[0].Pages {
		if p.Outcome != evidence.HTTPUnknown || len(p.Embedders) != 0 {
			t.Errorf("%+v", p)
		}
	}
}

func FuzzNobodyIsLetInByMorePolicies(f *testing.F) {
	for _, c := range embedCases {
		f.Add(strings.Join(c.csp, ","), strings.Join(c.frameOptions, ","), c.embedders()[0])
	}
	f.Add("frame-ancestors "+strings.Repeat("* ", 1000), "\",\\", "https://[::1]:1")
	f.Fuzz(func(t *testing.T, policy, options, embedder string) {
		p := framing.Page{Origin: "https://page.example", CSP: []string{policy}, FrameOptions: []string{options}}
		before := framing.MayEmbed(p, []string{embedder})
		above := framing.MayEmbed(p, []string{embedder, "https://b.example"})
		if above && !before {
			t.Error("one more document above lets the page in")
		}
		p.CSP = append(p.CSP, "frame-ancestors 'none'")
		if framing.MayEmbed(p, []string{embedder}) {
			t.Error("a policy that lets nobody in was not heard")
		}
		p.CSP[1] = "frame-ancestors https://a.example"
		if framing.MayEmbed(p, []string{embedder}) && embedder != "https://a.example" && !strings.EqualFold(strings.TrimSuffix(embedder, ":443"), "https://a.example") &&
			!strings.HasPrefix(strings.ToLower(embedder), "https://a.example") {
			t.Errorf("%q is let in by the list of another", embedder)
		}
	})
}

func TestAHeadThatIsOddDecidesNobody(t *testing.T) {
	address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nX-Frame-Options : DENY\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	})
	got := ask(t, address)
	if len(got.Gaps) != 2 {
		t.Errorf("%+v", got.Gaps)
	}
	for _, l := range got.Sections.FramingLive {
		if p := l.Pages[0]; !p.OddHead || len(p.Embedders) != 0 || p.Outcome != evidence.HTTPAnswered {
			t.Errorf("%+v", p)
		}
	}
}
