// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"context"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
)

// A target that stays off the network says why, once.
func TestATargetThatIsNotContactedHasOneGap(t *testing.T) {
	live := evidence.Live{Ports: []string{"from-map"}}
	endpoints := []evidence.Endpoint{{Host: "a.example", Port: 1}}
	for _, c := range []struct {
		name   string
		target evidence.Target
		want   string
	}{
		{"the site", evidence.Target{Kind: evidence.KindSite}, ""},
		{"an edge without live ports", evidence.Target{Kind: evidence.KindEdge, Edge: &evidence.Edge{}}, "the edge declares no live ports"},
		{"an edge offline", evidence.Target{Kind: evidence.KindEdge, Edge: &evidence.Edge{Live: live}, Endpoints: endpoints}, "not contacted: this run is offline"},
		{"an edge without names", evidence.Target{Kind: evidence.KindEdge, Edge: &evidence.Edge{Live: live}, Dial: nobody{}}, "no external name of the map could be attributed to this edge"},
		{"a node without live ports", evidence.Target{Kind: evidence.KindNode, Node: &evidence.Node{}, Dial: nobody{}}, ""},
		{"a node without endpoints", evidence.Target{Kind: evidence.KindNode, Node: &evidence.Node{Live: live}, Dial: nobody{}}, "no live port of this node can be contacted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.target.Now = time.Now
			records, gaps := Listeners(t.Context(), c.target, "http", 0, nothing)
			got := ""
			for _, g := range gaps {
				got += g.Reason
			}
			if len(records) != 0 || got != c.want {
				t.Errorf("%d records, %q, want %q", len(records), got, c.want)
			}
		})
	}
}

func TestAFaultCostsOneListener(t *testing.T) {
	to := evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a", Edge: &evidence.Edge{Live: evidence.Live{Ports: []string{"1"}}}, Dial: nobody{}, Now: time.Now,
		Endpoints: []evidence.Endpoint{{Host: "a", Port: 1}, {Host: "b", Port: 1}, {Host: "c", Port: 1}},
	}
	records, gaps := Listeners(t.Context(), to, "http", 0, func(_ context.Context, c *Client) Result[string] {
		switch c.Endpoint().Host {
		case "b":
			panic("no")
		case "c":
			return Result[string]{Record: "c", Open: []string{"GET /: x", "GET /y: z"}}
		}
		return Result[string]{Record: "a"}
	})
	if len(records) != 2 || records[0] != "a" || records[1] != "c" {
		t.Errorf("%q", records)
	}
	if len(gaps) != 2 || gaps[0].Subject != "edge/rp-a/listener/b:1" || gaps[1].Reason != "2 requests unanswered, the first: GET /: x" {
		t.Errorf("%+v", gaps)
	}
}

func nothing(context.Context, *Client) Result[int] { return Result[int]{} }

// nobody is a dialer that is never asked.
type nobody struct{ evidence.Dialer }
