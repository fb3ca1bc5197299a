// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/nginx/request"
)

// Verdict is what the comparison of one request says.
type Verdict string

// The verdicts.
const (
	// Agreed: nginx does what the model says about the configuration as it was read.
	Agreed Verdict = "agreed"
	// AgreedRendered: the model does not know what the configuration does, since
	// something was left out; nginx does what it says about the rest.
	AgreedRendered Verdict = "agreed_rendered"
	// Skipped: there is nothing to compare.
	Skipped Verdict = "skipped"
	// Disagreed: an error in Postern.
	Disagreed Verdict = "disagreed"
)

// Observed is what became of a request.
type Observed struct {
	// Status is that of the answer; 0 when the connection was closed without an answer,
	// or the answer had no status. Page is then what a page of nginx's own names, or 0.
	Status, Page int
	// HandshakeRefused says that nginx answered the TLS handshake with an alert.
	HandshakeRefused bool
	// Upstream is the upstream that answered, as configured; empty for none.
	Upstream string
	// Path is what the upstream got, arguments included.
	Path string
	// Error says why nothing could be observed; else it is empty.
	Error string
}

// Report is what came of a run.
type Report struct {
	// Nginx is the version of the program that ran.
	Nginx string
	// Removed are the directives that the rendered configuration does not have.
	Removed []Removed
	// EmptyVariables are those of modules that were left out.
	EmptyVariables []string
	// Left are files of the captured tree that were not taken over, such as symbolic
	// links; FilesIncomplete says that there were too many.
	Left            []string
	FilesIncomplete bool
	// NotSent is how many generated requests the limit left out.
	NotSent int
	// Late is how many requests Time left out; they are skipped.
	Late    int
	Results []Result
}

// Result is one request with what the model says and what nginx did.
type Result struct {
	// Name says where the request comes from: a witness, a boundary or a trick.
	Name     string
	Request  request.Request
	Expected request.Outcome
	Observed Observed
	Verdict  Verdict
	// Reason says why it was skipped.
	Reason string
	// CounterExample is as in Witness; GotThrough says that it reached an upstream.
	CounterExample, GotThrough bool
}

// Count is how many results have a verdict.
func (r *Report) Count(v Verdict) int {
	n := 0
	for i := range r.Results {
		if r.Results[i].Verdict == v {
			n++
		}
	}
	return n
}

// CounterExamples counts the counter-examples: those that reached an upstream, those
// that did not, and those of which that is not known.
func (r *Report) CounterExamples() (through, refuted, unknown int) {
	for i := range r.Results {
		switch res := &r.Results[i]; {
		case res.GotThrough:
			through++
		case res.CounterExample && res.Verdict == Skipped:
			unknown++
		case res.CounterExample:
			refuted++
		}
	}
	return through, refuted, unknown
}

// notInTime is the Error of what was not sent when the time was over.
const notInTime = "not sent in time"

// compare fills the results.
func (r *runner) compare(model models, cases []*probe, seen []Observed) {
	r.report.Removed = r.removed
	asRun := r.renderedModel()
	for _, c := range cases {
		res := Result{Name: c.name, Request: c.request, Expected: c.expected, Verdict: Skipped, Reason: c.skip, CounterExample: c.counterExample}
		switch {
		case res.Expected.Kind == "":
			res.Expected = model.handle(c.request)
		case res.Expected.Kind == request.Forwarded && res.Expected.Peers == nil:
			res.Expected.Peers = r.peers(res.Expected.Upstream)
		}
		if c.skip == "" {
			res.Observed = seen[c.shot]
			if res.Observed.Error == notInTime {
				r.report.Late++
			}
			if at := res.Observed.Upstream; at != "" {
				res.Observed.Upstream = r.echoes[at]
			}
			res.Verdict, res.Reason = r.verdict(asRun, c, &res, seen[c.shot])
			res.GotThrough = c.counterExample && res.Observed.Upstream != ""
		}
		r.report.Results = append(r.report.Results, res)
	}
}

// peers are the addresses behind an upstream such as "https://desk", as written.
func (r *runner) peers(upstream string) (list []string) {
	if _, authority, ok := strings.Cut(upstream, "://"); ok {
		upstream = authority
	}
	for _, u := range r.cfg.Upstreams {
		if u.Name == upstream && !u.Stream {
			for _, s := range u.Servers {
				list = append(list, s.Address)
			}
			return list
		}
	}
	return []string{upstream}
}

// verdict compares one request.
func (r *runner) verdict(asRun models, c *probe, res *Result, seen Observed) (Verdict, string) {
	switch {
	case seen.Error != "":
		return Skipped, seen.Error
	case res.Expected.Kind != request.Unknown:
		if res.Expected.Kind == request.Forwarded && res.Observed.Upstream == "" && !r.echoed(res.Expected.Peers) {
			return Skipped, notKnownBefore
		}
		return judge(res.Expected, res.Observed, c.request)
	}
	// What was left out, or is not modelled, may still leave a question that can be
	// answered: what nginx does with the rest.
	q := c.request
	to, _ := r.socket(r.cfg, q.Address, q.Port)
	q.Address, _ = splitPort(to)
	rest := asRun.handle(q)
	switch {
	case rest.Kind == request.Unknown:
		return Skipped, "the model does not know: " + res.Expected.Reason
	case rest.Kind == request.Forwarded && seen.Upstream == "" && !slices.ContainsFunc(rest.Peers, func(p string) bool { return r.echoes[p] != "" }):
		return Skipped, notKnownBefore
	}
	switch v, why := judge(rest, seen, c.request); v {
	case Agreed:
		return AgreedRendered, res.Expected.Reason
	case Skipped:
		return Skipped, why
	}
	res.Expected = rest
	return Disagreed, "about the configuration as it was run"
}

// Reasons for which there is nothing to compare.
const (
	notKnownBefore = "the upstream is known only when a request comes"
	withoutStatus  = "an answer without a status"
)

// echoed says whether an echo stands for each of the peers.
func (r *runner) echoed(peers []string) bool {
	for _, p := range peers {
		if _, ok := r.hosts[p]; !ok {
			return false
		}
	}
	return len(peers) > 0
}

// judge holds what was seen to an outcome. A request line without a version gets an
// answer without a status, which may tell nothing.
func judge(out request.Outcome, o Observed, q request.Request) (Verdict, string) {
	mute := o.Status == 0 && o.Upstream == "" && (q.Version == "0.9" || strings.Contains(q.Target, "\n"))
	agrees := false
	switch {
	case out.Kind == request.Forwarded && mute && q.Method == "HEAD":
		return Skipped, withoutStatus
	case out.Kind == request.Forwarded:
		agrees = slices.Contains(out.Peers, o.Upstream) && o.Path == out.Path
	case o.HandshakeRefused || refusesHandshake(out):
		agrees = o.HandshakeRefused && refusesHandshake(out)
	case mute && (o.Page == 0 || o.Page != out.Status): // error_page may give a page another status
		return Skipped, withoutStatus
	case mute:
		agrees = true
	default:
		agrees = o.Upstream == "" && o.Status == out.Status
	}
	if agrees {
		return Agreed, ""
	}
	return Disagreed, ""
}

// refusesHandshake tells an outcome of the TLS handshake from that of a request.
func refusesHandshake(out request.Outcome) bool {
	return out.Kind == request.Refused && len(out.Steps) > 0 && out.Steps[len(out.Steps)-1].Text == "ssl_reject_handshake"
}
