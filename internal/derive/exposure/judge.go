// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/surface"
)

// Class is what the surface says of a request that an upstream gets.
type Class string

// The classes.
const (
	// Allowed is in the surface.
	Allowed Class = "allowed"
	// Closed is named by the surface as closed.
	Closed Class = "closed"
	// Outside is in no template.
	Outside Class = "outside"
	// Ambiguous has a path that upstreams read in more than one way, so that what they
	// serve may lie elsewhere.
	Ambiguous Class = "ambiguous"
	// MethodOpen is a path of the surface with a method that it does not list.
	MethodOpen Class = "method"
	// Unassigned goes to an upstream for which the surface has no component.
	Unassigned Class = "unassigned"
	// Chosen goes to an upstream that the client names.
	Chosen Class = "chosen"
	// Tunnel is a path of the surface that may turn the connection into another protocol,
	// which the surface lists for WebSocket only.
	Tunnel Class = "tunnel"
)

// Values lists the members of the enumeration.
func (Class) Values() []string {
	return []string{string(Allowed), string(Closed), string(Outside), string(Ambiguous), string(MethodOpen), string(Unassigned), string(Chosen), string(Tunnel)}
}

// verdict is what is said of one forwarded request, and of all in its region.
type verdict struct {
	Class
	component *surface.Component
	// paths are the allowed templates that hold the path, closed the closed one.
	paths  []*surface.Path
	closed *surface.Closed
	// escaped says that the file of an answer lies outside of its folder.
	escaped bool
	// why says what is ambiguous.
	why string
	// credentials says that the client is to be authenticated, unnamed that the Host is
	// none of the names of the gate.
	credentials, unnamed bool
}

// surfaceJudge asks what the surface says.
type surfaceJudge struct {
	surface *surface.Surface
	// component finds the component behind an upstream, nil for none.
	component func(request.Outcome) *surface.Component
	names     []string
	readings  map[*surface.Component]*reading
	// detours are targets of which an upstream may make another path than nginx.
	detours automata.Lang
}

// judge is the judge of a proof.
func (j *surfaceJudge) judge(ends []end, t *translator) ([]request.Decision, any, error) {
	out, trace := ends[0].Outcome, ends[0].Trace
	if out.Kind == request.Answered && !trace.File.Constant() {
		more, v := escapes(t, trace)
		return more, v, nil
	}
	if out.Kind != request.Forwarded {
		return nil, nil, nil
	}
	for i, g := range trace.Guards {
		nobody, err := j.asksNothing(g, t.Algebra)
		if err != nil {
			return nil, nil, err
		}
		if nobody {
			trace.Guards[i].Authenticates = false
		}
	}
	more, v, err := j.path(out, trace, t)
	if err != nil || v.Class != Allowed {
		return more, v, err
	}
	for _, e := range endings(t.Algebra, trace) {
		broken, err := t.Contains(e.lang, []byte(e.Of.S))
		if err != nil {
			return nil, nil, err
		}
		if !broken {
			e.Answer = 1
		}
		if more = append(more, e.Decision); broken {
			return more, &verdict{Class: Ambiguous, component: v.component, why: e.why}, nil
		}
	}
	if x := trace.Upgrade; x.S != "" || !x.Constant() {
		if !x.Constant() {
			none := t.Literal("")
			d := request.Decision{Of: x, Question: exactly("no upgrade", []automata.Lang{none, t.Complement(none)})}
			if x.S != "" {
				d.Answer = 1
			}
			more = append(more, d)
		}
		if x.S != "" && !slices.ContainsFunc(v.paths, func(p *surface.Path) bool { return p.WebSocket }) {
			return more, &verdict{Class: Tunnel, component: v.component, paths: v.paths}, nil
		}
	}
	named := slices.Contains(j.names, trace.Host.S)
	v.unnamed = !named
	if !trace.Host.Constant() {
		d := request.Decision{Of: trace.Host, Question: exactly("names", []automata.Lang{t.Union(literals(t, j.names)...), t.Complement(t.Union(literals(t, j.names)...))})}
		if !named {
			d.Answer = 1
		}
		more = append(more, d)
	}
	return more, v, nil
}

// ending asks whether a text that is sent as it is ends what it stands in.
type ending struct {
	request.Decision
	lang automata.Lang
	why  string
}

// endings are the texts beside the path that an upstream gets as they are.
func endings(a *automata.Algebra, trace *request.Trace) (list []ending) {
	ask := func(at nginx.Pos, x request.Text, bytes automata.Set, key, why string) {
		l := a.Concat(automata.All, a.Set(bytes), automata.All)
		list = append(list, ending{request.Decision{At: at, Of: x, Question: exactly(key, []automata.Lang{l, a.Complement(l)})}, l, why})
	}
	ask(nginx.Pos{}, trace.Written, automata.Range(0, 0x20).Or(automata.Bytes(0x7f)), "ends the line",
		"a space or a control character behind the path, which ends the request line")
	for _, h := range trace.Headers {
		ask(h.At, h.Value, automata.Bytes('\r', '\n'), "ends the header", "a line feed in a header, behind which the client writes the rest of the request")
	}
	return list
}

// escapes asks whether the name of a file leaves a folder that it entered, or is one beside
// the folder that alias names.
func escapes(t *translator, trace *request.Trace) ([]request.Decision, *verdict) {
	file := trace.File
	up := t.Concat(automata.All, t.Literal("/.."), t.Optional(t.Concat(t.Literal("/"), automata.All)))
	d := request.Decision{Of: file, Question: exactly("climbs", []automata.Lang{up, t.Complement(up)})}
	if !strings.Contains(file.S+"/", "/../") {
		d.Answer = 1
	}
	more, escaped := []request.Decision{d}, d.Answer == 0
	if x := trace.Beside; !escaped && !x.Constant() {
		below := t.Optional(t.Concat(t.Literal("/"), automata.All))
		d := request.Decision{Of: x, Question: exactly("below", []automata.Lang{t.Complement(below), below})}
		if x.S == "" || x.S[0] == '/' {
			d.Answer = 1
		}
		more, escaped = append(more, d), d.Answer == 0
	}
	return more, &verdict{escaped: escaped}
}

func literals(t *translator, words []string) []automata.Lang {
	out := make([]automata.Lang, len(words))
	for i, w := range words {
		out[i] = t.Literal(w)
	}
	return out
}

func (j *surfaceJudge) reading(c *surface.Component, a *automata.Algebra) *reading {
	if j.readings[c] == nil {
		j.readings[c] = newReading(a, j.surface, c)
	}
	return j.readings[c]
}

// asksNothing reports whether a guard asks for what an upstream answers whoever asks, by
// what the surface says of it.
func (j *surfaceJudge) asksNothing(g request.Guard, a *automata.Algebra) (bool, error) {
	if g.Asks == "" {
		return false, nil
	}
	c := j.component(request.Outcome{Upstream: g.Asks, Peers: g.Peers})
	if c == nil {
		return false, nil
	}
	r := j.reading(c, a)
	path, _, _ := strings.Cut(g.Detail, "?")
	for i, l := range r.wire(a) {
		is, err := a.Contains(l, []byte(path))
		if err != nil {
			return false, err
		}
		if !is {
			continue
		}
		says := r.says[i]
		return says.Class == Closed && !says.closed.Edge ||
			says.Class == Allowed && !slices.ContainsFunc(says.paths, func(p *surface.Path) bool { return p.WantsCredentials(g.Method) }), nil
	}
	return false, nil
}

// path asks about the path, and the method where it matters.
func (j *surfaceJudge) path(out request.Outcome, trace *request.Trace, t *translator) ([]request.Decision, *verdict, error) {
	if !trace.Authority.Constant() {
		return nil, &verdict{Class: Chosen}, nil
	}
	c := j.component(out)
	if c == nil {
		return nil, &verdict{Class: Unassigned}, nil
	}
	r := j.reading(c, t.Algebra)
	cells, key := r.cells, "reading "
	if !trace.Decoded {
		cells, key = r.wire(t.Algebra), "wire "
	}
	read := trace.Reading
	if !trace.Decoded {
		read = read.Until("?")
	}
	answer := -1
	for i, l := range cells {
		is, err := t.Contains(l, []byte(read.S))
		if err != nil {
			return nil, nil, err
		}
		if is {
			answer = i
			break
		}
	}
	if answer < 0 {
		return nil, &verdict{Class: Ambiguous, component: c}, nil
	}
	var more []request.Decision
	if !read.Constant() {
		more = append(more, request.Decision{Of: read, Answer: answer, Question: exactly(key+c.Name, cells)})
	}
	says := r.says[answer]
	says.component = c
	if says.Class != Allowed {
		return more, &says, nil
	}
	if target := trace.AsSent; !target.Constant() {
		astray, err := t.Contains(j.detours, []byte(target.S))
		if err != nil {
			return nil, nil, err
		}
		d := request.Decision{Of: target, Question: exactly("detours", []automata.Lang{j.detours, t.Complement(j.detours)})}
		if !astray {
			d.Answer = 1
		}
		more = append(more, d)
		if astray {
			return more, &verdict{Class: Ambiguous, component: c, why: "a segment that upstreams do not count as nginx does, with dots behind it that climb"}, nil
		}
	}
	asked, verdicts := methods(t.Algebra, says)
	for i, l := range asked {
		is, err := t.Contains(l, []byte(trace.Method.S))
		if err != nil {
			return nil, nil, err
		}
		if !is {
			continue
		}
		if !trace.Method.Constant() {
			more = append(more, request.Decision{Of: trace.Method, Answer: i, Question: exactly("method "+methodKey(says), asked)})
		}
		return more, &verdicts[i], nil
	}
	return more, &says, nil
}

func exactly(key string, cells []automata.Lang) request.Question {
	return request.Question{Key: key, Answers: func(*automata.Algebra) []automata.Bounds {
		out := make([]automata.Bounds, len(cells))
		for i, l := range cells {
			out[i] = automata.Bounds{Lower: l, Upper: l}
		}
		return out
	}}
}

func methodKey(v verdict) string {
	var b strings.Builder
	for _, p := range v.paths {
		b.WriteString(string(p.Auth) + " " + strings.Join(p.Methods, ",") + ";")
	}
	return b.String()
}

// methods divides methods by what an allowed path says of them.
func methods(a *automata.Algebra, v verdict) ([]automata.Lang, []verdict) {
	var open, guarded []automata.Lang
	seen := map[string]bool{}
	for _, p := range v.paths {
		for _, m := range p.Methods {
			if seen[m] {
				continue
			}
			seen[m] = true
			if p.WantsCredentials(m) {
				guarded = append(guarded, a.Literal(m))
			} else {
				open = append(open, a.Literal(m))
			}
		}
	}
	langs := []automata.Lang{a.Union(guarded...), a.Union(open...)}
	langs = append(langs, a.Complement(a.Union(langs...)))
	want, other := v, v
	want.credentials = true
	other.Class = MethodOpen
	return langs, []verdict{want, v, other}
}
