// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/derive/exposure"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/report"
	"github.com/postern-audit/postern/internal/surface"
)

// proofSchema names the form of proofReport. Keys are only ever added to it.
const proofSchema = "postern.exposure/v1"

// proofReport is a proof as JSON. Strings that hold bytes of a request stand for
// bytes, U+0000 to U+00FF, as in askedRequest.
type proofReport struct {
	Schema        string       `json:"schema"`
	Tool          report.Tool  `json:"tool"`
	Configuration string       `json:"configuration"`
	Verdict       verdict      `json:"verdict"`
	Surface       proofSurface `json:"surface"`
	// Counterexamples are what no gate should let through, the worst first.
	Counterexamples []proofWay `json:"counterexamples"`
	// Escapes are answered with a file from outside of the folder that is meant.
	Escapes []proofWay `json:"escapes"`
	// Unassigned go to an upstream that the surface says nothing about.
	Unassigned []proofWay `json:"unassigned"`
	// Possible would be counter-examples if a guard that nobody can read let them in.
	Possible []proofWay `json:"possible"`
	Allowed  []proofWay `json:"allowed"`
	// Unreachable is allowed, and no request gets there.
	Unreachable []proofUnreachable `json:"unreachable"`
	Undecided   []proofUndecided   `json:"undecided"`
	Coverage    proofCoverage      `json:"coverage"`
	// Followed is the number of requests that were followed to the end.
	Followed int `json:"followed"`
}

type proofSurface struct {
	Name  string   `json:"name"`
	Files []string `json:"files"`
	// Names are the hosts that clients are to use; empty where the configuration's own
	// names were taken for them.
	Names []string `json:"names"`
}

// proofWay is a kind of request that gets somewhere, with one of them.
type proofWay struct {
	// Request can be given back to --requests as it is.
	Request askedRequest `json:"request"`
	Class   string       `json:"class"`
	// Problems are words of problemWords; empty for what is allowed.
	Problems []string `json:"problems"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint"`
	Socket   string   `json:"socket"`
	Server   string   `json:"server"`
	Location string   `json:"location"`
	Upstream string   `json:"upstream"`
	// Component is that of the surface, Template its path, Why says why it is closed.
	Component string `json:"component"`
	Template  string `json:"template"`
	Why       string `json:"why"`
	// Path is what the upstream gets, Reading what it understands by that, File the
	// file of an escape.
	Path    string       `json:"path"`
	Reading string       `json:"reading"`
	File    string       `json:"file"`
	Guards  []proofGuard `json:"guards"`
	// Limited says that only some addresses of clients get through.
	Limited bool `json:"limited"`
	// Suppose is what no configuration tells: that a guard lets the request in, that a
	// file is there.
	Suppose []string `json:"suppose"`
}

type proofGuard struct {
	Name  string `json:"name"`
	Place string `json:"place"`
	// Known is false where nobody can tell what the guard refuses.
	Known         bool   `json:"known"`
	Authenticates bool   `json:"authenticates"`
	Asks          string `json:"asks"`
}

type proofUnreachable struct {
	Component string   `json:"component"`
	Template  string   `json:"template"`
	Methods   []string `json:"methods"`
	Place     string   `json:"place"`
}

type proofUndecided struct {
	Reason   string `json:"reason"`
	Place    string `json:"place"`
	Socket   string `json:"socket"`
	Server   string `json:"server"`
	Location string `json:"location"`
	// Request is one for which it is so; left out where the reason concerns all.
	Request *askedRequest `json:"request,omitempty"`
}

type proofCoverage struct {
	Directives int      `json:"directives"`
	Exact      int      `json:"exact"`
	Percent    int      `json:"percent"`
	Widened    []string `json:"widened"`
}

// newProofReport puts a proof into words.
func newProofReport(configuration string, g *gate, p *exposure.Proof) *proofReport {
	r := &proofReport{
		Schema: proofSchema, Tool: version(), Configuration: configuration, Followed: p.Followed,
		Surface:         proofSurface{Name: g.surface.Name, Files: sorted(g.surface.Artifacts), Names: sorted(g.names)},
		Counterexamples: []proofWay{}, Escapes: []proofWay{}, Unassigned: []proofWay{}, Possible: []proofWay{}, Allowed: []proofWay{},
		Unreachable: []proofUnreachable{}, Undecided: []proofUndecided{},
		Coverage: proofCoverage{Directives: p.Coverage.Directives, Exact: p.Coverage.Exact, Percent: p.Coverage.Percent(), Widened: []string{}},
	}
	unread := placesOf(p.Undecided)
	for _, w := range p.Ways {
		way := newProofWay(w, g.surface, unread)
		switch {
		case !w.Counterexample():
			r.Allowed = append(r.Allowed, way)
		case slices.ContainsFunc(way.Guards, func(g proofGuard) bool { return !g.Known }):
			r.Possible = append(r.Possible, way)
		case w.Class == exposure.Unassigned && !w.Unnamed:
			r.Unassigned = append(r.Unassigned, way)
		default:
			r.Counterexamples = append(r.Counterexamples, way)
		}
	}
	for _, w := range p.Escapes {
		way := newProofWay(w, g.surface, unread)
		way.Class, way.Problems = escapeProblem, []string{escapeProblem}
		way.Message, way.Hint = problemText(way), problemHint(way, g.surface)
		r.Escapes = append(r.Escapes, way)
	}
	for _, u := range p.Unreachable {
		r.Unreachable = append(r.Unreachable, proofUnreachable{u.Component, u.Template, u.Methods, surfacePlace(u.At)})
	}
	for _, u := range p.Undecided {
		r.Undecided = append(r.Undecided, newProofUndecided(u))
	}
	for _, at := range p.Coverage.Widened {
		if text := textOf(place(at)); !slices.Contains(r.Coverage.Widened, text) { // an if and the return in it
			r.Coverage.Widened = append(r.Coverage.Widened, text)
		}
	}
	r.Verdict = r.verdict()
	return r
}

// verdict is the answer: what is broken stays so whatever is not known besides.
func (r *proofReport) verdict() verdict {
	switch {
	case len(r.Counterexamples)+len(r.Escapes) > 0:
		return verdictBroken
	case len(r.Unassigned)+len(r.Possible)+len(r.Undecided) > 0:
		return verdictUndecided
	}
	return verdictProved
}

func newProofWay(w exposure.Way, s *surface.Surface, unread map[string]bool) proofWay {
	way := proofWay{
		Request: ask(w.Witness), Class: string(w.Class), Problems: problems(w), Socket: textOf(w.Socket), Server: textOf(w.Server), Location: textOf(w.Location),
		Upstream: textOf(w.Upstream), Component: w.Component, Template: w.Template, Why: w.Why,
		Path: textOf(w.Sent), Reading: textOf(w.Reading), File: textOf(w.File), Guards: []proofGuard{}, Limited: w.Limited, Suppose: []string{},
	}
	for _, g := range w.Guards {
		way.Guards = append(way.Guards, newProofGuard(g, unread))
	}
	for _, text := range w.Suppose {
		way.Suppose = append(way.Suppose, textOf(text))
	}
	for _, g := range way.Guards {
		text := fmt.Sprintf("%s at %s lets it in", g.Name, g.Place)
		way.Suppose = append(way.Suppose, text)
	}
	way.Message, way.Hint = problemText(way), problemHint(way, s)
	return way
}

func newProofGuard(g request.Guard, unread map[string]bool) proofGuard {
	at := textOf(place(g.At))
	// A script that is known to do nothing but refuse may refuse anything, unless it is
	// there to ask who the client is.
	known := !unread[at] && (g.Authenticates || !strings.Contains(g.Name, "_by_lua"))
	return proofGuard{g.Name, at, known, g.Authenticates, textOf(g.Asks)}
}

// placesOf are the lines whose effect is not known.
func placesOf(list []exposure.Undecided) map[string]bool {
	places := map[string]bool{}
	for _, u := range list {
		if !u.Why.At.IsZero() {
			places[textOf(place(u.Why.At))] = true
		}
	}
	return places
}

func newProofUndecided(u exposure.Undecided) proofUndecided {
	out := proofUndecided{
		Reason: textOf(u.Why.Why), Place: textOf(place(u.Why.At)), Socket: textOf(u.Socket),
		Server: textOf(u.Server), Location: textOf(u.Location),
	}
	if w := u.Witness; w.Method != "" || w.Target != "" {
		q := ask(w)
		out.Request = &q
	}
	return out
}

// sorted is a copy in alphabetical order that is never null.
func sorted(list []string) []string {
	out := append([]string{}, list...)
	slices.Sort(out)
	return out
}
