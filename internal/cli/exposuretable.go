// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/derive/exposure"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/report"
)

// What a table shows at most of each list; JSON, and --all, hold everything.
const (
	maxGroups      = 20
	maxBeside      = 4
	maxUndecided   = 10
	maxUnreachable = 5
)

// proofTable writes a proof for people. Bytes of requests and names of files come out
// escaped, so that a witness is safe on a terminal and can be typed again.
type proofTable struct {
	b   strings.Builder
	r   *proofReport
	all bool
}

func writeProofTable(w io.Writer, r *proofReport, all bool) error {
	t := &proofTable{r: r, all: all}
	groups := t.group(slices.Concat(r.Counterexamples, r.Escapes))
	t.verdict(len(groups))
	t.ways(groups)
	t.undecided(r.Undecided)
	t.possible()
	t.unassigned()
	t.unreachable()
	t.allowed()
	t.heldTo()
	t.coverage()
	_, err := io.WriteString(w, t.b.String())
	return err
}

func (t *proofTable) line(format string, args ...any) { fmt.Fprintf(&t.b, format+"\n", args...) }

// verdict is the first line.
func (t *proofTable) verdict(places int) {
	name, allowed := report.Printable(t.r.Configuration), report.Printable(t.r.Surface.Name)
	n := len(t.r.Counterexamples) + len(t.r.Escapes)
	open := len(t.r.Undecided) + len(t.r.Unassigned) + len(t.r.Possible)
	switch {
	case t.r.Verdict == verdictProved:
		t.line("%s: PROVED: nothing reaches an upstream but what the surface %s allows", name, allowed)
	case n == 0:
		t.line("%s: UNDECIDED: no counter-example to the surface %s was found, and %s could not be decided", name, allowed, many(open, "part"))
	default:
		text := many(n, "counter-example")
		if !t.all && places < n {
			text += fmt.Sprintf(" of %s", many(places, "kind"))
		}
		text += ": requests get through that the surface " + allowed + " does not allow"
		if open > 0 {
			text += fmt.Sprintf("; %s besides could not be decided", many(open, "part"))
		}
		t.line("%s: %s", name, text)
	}
}

// wayGroup is ways through one location that have one fault.
type wayGroup struct {
	proofWay
	beside []proofWay
}

// group puts together what one change would mend.
func (t *proofTable) group(ways []proofWay) []*wayGroup {
	var groups []*wayGroup
	at := map[string]*wayGroup{}
	for i, w := range ways {
		key := strings.Join(append([]string{w.Socket, w.Server, w.Location, w.Upstream, w.Class}, w.Problems...), "\x00")
		if t.all {
			key = fmt.Sprint(i)
		}
		if g := at[key]; g != nil {
			g.beside = append(g.beside, w)
			continue
		}
		at[key] = &wayGroup{proofWay: w}
		groups = append(groups, at[key])
	}
	return groups
}

// ways writes one paragraph for each group.
func (t *proofTable) ways(groups []*wayGroup) {
	for i, g := range groups {
		if i == maxGroups && !t.all {
			t.line("\n... and %d more kinds (--all, or --format json)", len(groups)-i)
			return
		}
		t.line("\n%d  %s", i+1, show(sentence(g.Message)))
		t.way(g)
	}
}

func (t *proofTable) field(label, format string, args ...any) {
	t.line("     %-11s %s", label, fmt.Sprintf(format, args...))
}

func (t *proofTable) way(g *wayGroup) {
	t.request(g.Request)
	switch {
	case g.Class == escapeProblem:
		t.field("answers", "%s", show(g.File))
	default:
		what := show(g.Upstream)
		if g.Class == string(exposure.Chosen) {
			what = "whatever the client names; here " + what
		}
		if g.Component != "" {
			what += " (" + report.Printable(g.Component) + ")"
		}
		t.field("upstream", "%s gets %s", what, show(g.Path))
		path, _, _ := strings.Cut(g.Path, "?")
		if dropped := withoutParameters(g.Reading); g.Class == string(exposure.Closed) && dropped != g.Reading {
			t.field("understood", "as %s where path parameters are dropped", show(dropped))
		} else if g.Reading != "" && g.Reading != path {
			t.field("understood", "as %s", show(g.Reading))
		}
	}
	t.field("location", "%s", t.where(g.Server, g.Location))
	t.field("guard", "%s", guardText(g.Guards, g.Limited))
	for _, s := range g.Suppose[:len(g.Suppose)-len(g.Guards)] { // guards stand above
		t.field("supposing", "%s", show(s))
	}
	if len(g.beside) > 0 {
		t.field("also", "%s", beside(g))
	}
	if g.Hint != "" {
		t.field("hint", "%s", show(g.Hint))
	}
}

// request writes a request as it is sent.
func (t *proofTable) request(in askedRequest) {
	q, err := in.request()
	if err != nil {
		return // it was made from a request
	}
	t.line("     %s", escaped(strings.TrimSpace(q.Method+" "+q.Target+" "+request.VersionWord(q.Version))))
	if q.Host != nil {
		t.line("     Host: %s", escaped(*q.Host))
	}
	for _, h := range q.Headers {
		t.line("     %s: %s", escaped(h[0]), escaped(h[1]))
	}
	t.field("to", "%s", escaped(destination(q)))
}

// withoutParameters is a path as servlet containers read it.
func withoutParameters(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i], _, _ = strings.Cut(s, ";")
	}
	return strings.Join(segments, "/")
}

func (t *proofTable) where(server, location string) string {
	switch {
	case location == "" && server == "":
		return "none"
	case location == "":
		return "none, in the server " + show(server)
	}
	return show(location) + " in the server " + show(server)
}

// guardText names what let a request in.
func guardText(guards []proofGuard, limited bool) string {
	var texts []string
	for _, g := range guards {
		text := show(g.Name) + " at " + show(g.Place)
		switch {
		case !g.Known:
			text += " (nobody can tell what it refuses)"
		case !g.Authenticates:
			text += " (does not ask who the client is)"
		}
		texts = append(texts, text)
	}
	if limited {
		texts = append(texts, "some addresses of clients only")
	}
	if len(texts) == 0 {
		return "none"
	}
	return strings.Join(texts, ", ")
}

// beside counts what else gets through in the same way, and names some of it.
func beside(g *wayGroup) string {
	var names []string
	for _, w := range g.beside {
		name := w.Template
		if name == "" {
			name = requestLine(w.Request)
		}
		if name != g.Template && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return many(len(g.beside), "more way") + " here (--all)"
	}
	text := show(strings.Join(names[:min(len(names), maxBeside)], ", "))
	if n := len(names) - maxBeside; n > 0 {
		text += fmt.Sprintf(" and %d more (--all)", n)
	}
	return text
}

// requestLine is method and target of a request, in the code points of its bytes.
func requestLine(in askedRequest) string { return *in.Method + " " + *in.Target }

func (t *proofTable) undecided(list []proofUndecided) {
	n := len(list)
	if n == 0 {
		return
	}
	t.line("\nundecided: the outcome of some requests is not certain")
	seen := map[string]bool{}
	for _, u := range list {
		text := u.Reason
		if u.Place != "" {
			text += " (" + u.Place + ")"
		}
		if seen[text] && !t.all {
			n--
			continue
		}
		if seen[text] = true; len(seen) > maxUndecided && !t.all {
			continue
		}
		t.line("     %s", show(text))
		if u.Request != nil {
			t.field("as with", "%s", show(requestLine(*u.Request)))
		} else if u.Socket != "" {
			t.field("as with", "every request to %s", show(u.Socket))
		}
	}
	if n > maxUndecided && !t.all {
		t.line("     and %d more reasons (--all)", n-maxUndecided)
	}
}

// possible lists what rests on a guard that nobody can read.
func (t *proofTable) possible() {
	if len(t.r.Possible) == 0 {
		return
	}
	t.line("\npossible: %s, if a guard lets them in of which nobody can tell what it refuses", many(len(t.r.Possible), "counter-example"))
	for i, g := range t.group(t.r.Possible) {
		if i == maxUndecided && !t.all {
			t.line("     and more (--all)")
			break
		}
		t.line("     %s", show(sentence(g.Message)))
		t.field("as with", "%s, through %s", show(requestLine(g.Request)), t.where(g.Server, g.Location))
		t.field("guard", "%s", guardText(g.Guards, g.Limited))
	}
}

func (t *proofTable) unassigned() {
	if len(t.r.Unassigned) == 0 {
		return
	}
	t.line("\nunassigned: the surface does not say what stands behind an upstream")
	groups := map[string]int{}
	for _, w := range t.r.Unassigned {
		if groups[w.Upstream]++; groups[w.Upstream] > 1 && !t.all {
			continue
		}
		t.line("     %s gets %s through %s, as with %s", show(w.Upstream), show(w.Path), t.where(w.Server, w.Location), show(requestLine(w.Request)))
	}
	t.field("hint", "%s", show(t.r.Unassigned[0].Hint))
}

func (t *proofTable) unreachable() {
	n := len(t.r.Unreachable)
	if n == 0 {
		return
	}
	t.line("\nallowed, but not reachable: %s of the surface, which nobody can use here", many(n, "path"))
	for i, u := range t.r.Unreachable {
		if i == maxUnreachable && !t.all {
			t.line("     and %d more (--all)", n-i)
			break
		}
		t.line("     %s %s (%s)", strings.Join(u.Methods, ","), show(u.Template), report.Printable(u.Component))
	}
}

func (t *proofTable) allowed() {
	n := len(t.r.Allowed)
	t.line("\nallowed: %s of request that the surface lists", many(n, "kind"))
	if !t.all {
		return
	}
	for i := range t.r.Allowed {
		w := &t.r.Allowed[i]
		t.line("\n     %s (%s)", show(w.Template), report.Printable(w.Component))
		t.way(&wayGroup{proofWay: *w})
	}
	t.line("")
}

func (t *proofTable) heldTo() {
	names := "the names that the configuration itself gives to servers"
	if n := len(t.r.Surface.Names); n > 0 {
		names = many(n, "external name") + " of the proxy map"
	}
	t.line("held to: the surface %s, and %s", report.Printable(t.r.Surface.Name), names)
}

func (t *proofTable) coverage() {
	c := &t.r.Coverage
	t.line("coverage: %d of %d deciding directives are followed exactly (%d %%)", c.Exact, c.Directives, c.Percent)
	for i, at := range c.Widened {
		if i == maxUndecided && !t.all {
			t.line("     and %d more (--all)", len(c.Widened)-i)
			break
		}
		t.line("     not %s", show(at))
	}
}

// show makes text of a report safe for a terminal: code points are bytes, and those
// that a terminal should not get are escaped.
func show(text string) string { return escaped(rawOf(text)) }

// rawOf are the bytes that a text of a report stands for; a text that never was bytes
// stays as it is.
func rawOf(text string) string {
	if raw, ok := bytesOf(text); ok {
		return raw
	}
	return text
}

// sentence begins with a capital letter.
func sentence(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
