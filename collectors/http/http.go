// SPDX-License-Identifier: Apache-2.0

// Package http finds out what each listener answers over HTTP: to whom, by
// which names, on which paths, and with which headers.
//
// Every listener of an edge is sent the same bounded set of requests, since
// which component answers at which port is not known beforehand and a path may
// be let through where nobody expects it. A node that declares live ports is
// sent only what says something about the node itself.
//
// # What is not sent
//
// Only GET, HEAD and OPTIONS, without a body and without credentials. TRACE,
// TRACK, CONNECT and the writing methods are not tried at a gate that works;
// whether they are let through is read from its configuration. No path is
// guessed beyond the constants of this package, no redirect followed.
//
// # What an answer proves
//
// See package exchange: silence proves nothing. A request under another name is
// sent for a path that was served under the right name; where there was none,
// the fact says that it is not comparable. A gate that turns away ordinary
// requests for their User-Agent (412) or Referer (417) leaves all of them
// unknown. A status does not tell whether the gate chose it or a server behind
// it; which denials are known to be the gate's stands at evidence.HTTPRequest.
// Each listener that left something unanswered, or that sent a head or a body
// which could not be read as a browser would, has one gap.
//
// # Limits
//
// An exposed path that is served only to some clients, or with some header, is
// not seen. HTTP/2 is not spoken. A gate whose pages for unknown paths look
// like none of its other refusals leaves open whether they are its own, and one
// that looks just like the server behind it is taken for the author of both.
package http

import (
	"context"
	"time"

	"github.com/postern-audit/postern/collectors/internal/exchange"
	"github.com/postern-audit/postern/internal/evidence"
)

// Collector asks the declared listeners of edges and nodes. The zero value is
// ready for use.
type Collector struct {
	// Timeout bounds one exchange; 0 is exchange.DefaultTimeout, 10 seconds.
	Timeout time.Duration
}

// Name implements evidence.Collector.
func (Collector) Name() string { return "http" }

// Plan implements evidence.Planner.
func (Collector) Plan(t evidence.Target) evidence.Cost {
	if _, concerned := t.StandsOff(); !concerned {
		return evidence.Cost{}
	}
	cost := evidence.Cost{Connections: 1}
	e := evidence.Endpoint{Host: "a.invalid", Port: 443}
	for _, r := range allOf(t, e) {
		cost.Requests++
		if r.via.Alone {
			cost.Connections++
		}
	}
	return cost
}

// allOf is everything that a listener is sent, as far as it is known before
// the first answer.
func allOf(t evidence.Target, e evidence.Endpoint) []request {
	all := pages(t, e)
	if t.Kind == evidence.KindEdge {
		all = append(all, underOtherNames(t, e, "/")...)
		all = append(all, sockets(e)...)
	}
	return append(all, plain(e))
}

// Collect implements evidence.Collector.
func (c Collector) Collect(ctx context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	out.Sections.HTTP, out.Gaps = exchange.Listeners(ctx, t, c.Name(), c.Timeout, func(ctx context.Context, client *exchange.Client) exchange.Result[evidence.HTTPListener] {
		return listen(ctx, t, client)
	})
	return out, nil
}

// listen asks one listener.
func listen(ctx context.Context, t evidence.Target, client *exchange.Client) exchange.Result[evidence.HTTPListener] {
	e := client.Endpoint()
	s := &session{
		target: t, client: client,
		record: evidence.HTTPListener{
			Target: t.Subject, Subject: exchange.Subject(t, e), Host: e.Host, Port: e.Port, Source: t.Live(e.Host, e.Port),
		},
	}
	for _, r := range pages(t, e) {
		s.ask(ctx, r)
	}
	if t.Kind == evidence.KindEdge {
		path, served := s.servedPath()
		for _, r := range underOtherNames(t, e, path) {
			r.incomparable = !served
			s.ask(ctx, r)
		}
		for _, r := range sockets(e) {
			s.ask(ctx, r)
		}
	}
	s.ask(ctx, plain(e))
	judge(s.record.Requests, s.asked, t.Kind == evidence.KindNode)
	s.record.Connections, s.record.Sent = client.Sent()
	return exchange.Result[evidence.HTTPListener]{Record: s.record, Open: s.open}
}

// session is the work on one listener.
type session struct {
	target evidence.Target
	client *exchange.Client
	record evidence.HTTPListener
	// asked has an element for each fact of the record.
	asked []exchanged
	open  []string
}

func (s *session) ask(ctx context.Context, r request) {
	a := s.client.Ask(ctx, r.via, r.Request)
	fact := describe(r, a)
	if s.target.Kind == evidence.KindEdge {
		fact.InternalNames = internalNames(s.target, r.host, a)
	}
	s.record.Requests = append(s.record.Requests, fact)
	s.asked = append(s.asked, exchanged{r, a})
	if fact.Outcome == evidence.HTTPAnswered && a.OddHead {
		s.open = append(s.open, exchange.Describe(r.Request, exchange.Answer{Reason: "the head has lines that are no fields"}))
	}
	if fact.Outcome == evidence.HTTPAnswered && a.BodyFault != "" {
		s.open = append(s.open, exchange.Describe(r.Request, exchange.Answer{Reason: "the body " + a.BodyFault}))
	}
	if fact.Outcome == evidence.HTTPUnknown {
		a.Reason = fact.Reason
		s.open = append(s.open, string(r.name)+" "+exchange.Describe(r.Request, a))
	}
	if r.Path == desktopConfig && fact.Outcome == evidence.HTTPAnswered && fact.Status == 200 && fact.BodyWhole {
		s.record.Desktop = desktopOf(a.Body, a.Source)
	}
	if r.Path == systemInfo && fact.Outcome == evidence.HTTPAnswered && fact.Status == 200 && fact.BodyWhole {
		hosts, err := systemHosts(a.Body)
		for i := range hosts {
			hosts[i].Source = a.Source
		}
		s.record.SystemHosts = hosts
		if err != nil {
			s.open = append(s.open, r.Path+": "+err.Error())
		}
	}
}

// servedPath is the path under which requests by other names are compared: one
// that the listener serves to anybody if there is one, else one that it asks
// credentials for, else any that it did not turn away.
func (s *session) servedPath() (path string, served bool) {
	best := 0
	for _, r := range s.record.Requests {
		rank := 0
		switch {
		case r.Name != evidence.RequestPage && r.Name != evidence.RequestAnonymous,
			r.Outcome != evidence.HTTPAnswered, turnsAway(r.Status):
			continue
		case r.Status < 400:
			rank = 3
		case r.Status == 401:
			rank = 2
		default:
			rank = 1
		}
		if rank > best {
			path, best = r.Path, rank
		}
	}
	if best == 0 {
		return "/", false
	}
	return path, true
}
