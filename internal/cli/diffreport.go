// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/postern-audit/postern/internal/derive/exposure"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/report"
)

// diffSchema names the form of diffReport. Keys are only ever added to it.
const diffSchema = "postern.diff/v1"

// diffReport is a comparison as JSON. Strings that hold bytes of a request stand for
// bytes, as in askedRequest.
type diffReport struct {
	Schema  string      `json:"schema"`
	Tool    report.Tool `json:"tool"`
	Old     string      `json:"old"`
	New     string      `json:"new"`
	Verdict verdict     `json:"verdict"`
	// Changes are kinds of request that end differently, the worst first.
	Changes   []diffChange     `json:"changes"`
	Undecided []proofUndecided `json:"undecided"`
	// Followed is the number of requests that were followed to the end.
	Followed int `json:"followed"`
}

type diffChange struct {
	// Kind is opened, unguarded, moved, guarded or closed.
	Kind string `json:"kind"`
	// Request can be given to postern exposure --requests as it is.
	Request askedRequest `json:"request"`
	Socket  string       `json:"socket"`
	Old     diffSide     `json:"old"`
	New     diffSide     `json:"new"`
	Suppose []string     `json:"suppose"`
}

// diffSide is what one configuration does with the request.
type diffSide struct {
	answer
	Peers  []string     `json:"peers"`
	Guards []proofGuard `json:"guards"`
}

func newDiffReport(before, after string, d *exposure.Difference) *diffReport {
	r := &diffReport{
		Schema: diffSchema, Tool: version(), Old: before, New: after, Verdict: verdictSame,
		Changes: []diffChange{}, Undecided: []proofUndecided{}, Followed: d.Followed,
	}
	newly, unread := false, placesOf(d.Undecided)
	for _, c := range d.Changes {
		newly = newly || c.Newly()
		change := diffChange{
			Kind: string(c.Kind), Request: ask(c.Witness), Socket: textOf(c.Socket), Old: newDiffSide(c.Old, unread), New: newDiffSide(c.New, unread), Suppose: []string{},
		}
		for _, s := range c.Suppose {
			change.Suppose = append(change.Suppose, textOf(s))
		}
		r.Changes = append(r.Changes, change)
	}
	for _, u := range d.Undecided {
		r.Undecided = append(r.Undecided, newProofUndecided(u))
	}
	switch {
	case newly:
		r.Verdict = verdictMore
	case len(r.Undecided) > 0:
		r.Verdict = verdictUndecided
	case len(r.Changes) > 0:
		r.Verdict = verdictLess
	}
	return r
}

func newDiffSide(s exposure.Side, unread map[string]bool) diffSide {
	out := diffSide{answer: newAnswer(s.Outcome), Peers: []string{}, Guards: []proofGuard{}}
	for _, p := range s.Peers {
		out.Peers = append(out.Peers, textOf(p))
	}
	for _, g := range s.Guards {
		out.Guards = append(out.Guards, newProofGuard(g, unread))
	}
	return out
}

// changeWords are whole sentences for kinds of change.
var changeWords = map[string]string{
	string(exposure.Opened):    "An upstream gets it now",
	string(exposure.Unguarded): "It passes fewer guards",
	string(exposure.Reguarded): "Another guard is asked",
	string(exposure.Moved):     "It goes to another upstream, or by another path",
	string(exposure.Guarded):   "It passes more guards",
	string(exposure.Shut):      "No upstream gets it any more",
}

// writeDiffTable writes a comparison for people.
func writeDiffTable(w io.Writer, r *diffReport, all bool) error {
	t := &proofTable{all: all}
	t.line("%s", diffLine(r))
	for i := range r.Changes {
		if i == maxGroups && !all {
			t.line("\n... and %d more kinds (--all, or --format json)", len(r.Changes)-i)
			break
		}
		c := &r.Changes[i]
		t.line("\n%d  %s", i+1, changeWords[c.Kind])
		t.request(c.Request)
		t.side("before", &c.Old)
		t.side("now", &c.New)
		for _, s := range c.Suppose {
			t.field("supposing", "%s", show(s))
		}
	}
	t.undecided(r.Undecided)
	_, err := io.WriteString(w, t.b.String())
	return err
}

// diffLine is the verdict.
func diffLine(r *diffReport) string {
	counts := map[string]int{}
	for _, c := range r.Changes {
		counts[c.Kind]++
	}
	var parts []string
	for _, k := range []struct {
		kind exposure.ChangeKind
		word string
	}{
		{exposure.Opened, "newly reachable"},
		{exposure.Unguarded, "with fewer guards"},
		{exposure.Reguarded, "with another guard"},
		{exposure.Moved, "that go elsewhere"},
		{exposure.Guarded, "with more guards"},
		{exposure.Shut, "no longer reachable"},
	} {
		if n := counts[string(k.kind)]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, k.word))
		}
	}
	words := map[verdict]string{
		verdictSame: "SAME: every request ends as before", verdictUndecided: "UNDECIDED: nothing was found that reaches more, and some requests could not be decided",
		verdictMore: "MORE IS REACHABLE", verdictLess: "LESS IS REACHABLE",
	}[r.Verdict]
	text := fmt.Sprintf("%s -> %s: %s", report.Printable(r.Old), report.Printable(r.New), words)
	if len(parts) > 0 {
		text += "; kinds of request: " + strings.Join(parts, ", ")
	}
	return text
}

func (t *proofTable) side(label string, s *diffSide) {
	outcome := conclusion(request.Outcome{Kind: request.Kind(s.Outcome), Status: s.Status, Upstream: rawOf(s.Upstream), Path: rawOf(s.Path)})
	if s.Outcome != string(request.Forwarded) && s.Reason != "" {
		outcome += " (" + rawOf(s.Reason) + ")"
	}
	t.field(label, "%s", escaped(outcome))
	if s.Server != "" {
		t.field("", "location %s", t.where(s.Server, s.Location))
	}
	if s.Outcome == string(request.Forwarded) {
		t.field("", "guard %s", guardText(s.Guards, false))
	}
}
