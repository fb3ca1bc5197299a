// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// maxKnown is how many detours are tried before a search.
const maxKnown = 8

// maxTargets is how many beginnings of targets are looked at in one search.
const maxTargets = 200_000

// encode writes a path so that nginx decodes it to itself.
func encode(path string) string {
	var b strings.Builder
	for i := range len(path) {
		if c := path[i]; plainInTarget(c) {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + string([]byte{hexDigits[c>>4], hexDigits[c&15]}))
		}
	}
	return b.String()
}

const hexDigits = "0123456789ABCDEFabcdef"

// plainInTarget reports whether a byte of a path can stand in a target as it is.
func plainInTarget(c byte) bool {
	return c > 0x20 && c != 0x7f && c != '%' && c != '?' && c != '#'
}

// searcher looks for a target of a language of which nginx makes a path of another
// one. nginx decodes percent signs, joins slashes and takes dot segments back, the
// last of which no finite automaton can follow. But whatever is taken back leaves the
// path as it was: so a target is a path with detours between its segments, and all
// that matters of a detour is which states of the language of targets it leads to.
type searcher struct {
	*automata.Algebra
	merges bool
	// detours are the states that detours from a state lead to, each with a text that
	// does; ends are the same for those at the end of a path, without a slash.
	detours, ends map[automata.Lang]*ways
	// whole are the states that one whole segment from a state leads to.
	whole map[automata.Lang]*ways
	// known are detours behind a slash that targets were found with, which may do for others.
	known []string
	// escaped are answers of escapes.
	escaped map[automata.Lang][]*escaped
	// special tells the bytes apart that mean something in a target.
	special automata.Lang
	// work counts what was looked at in one search; incomplete says that detours were
	// not all found.
	work       int
	incomplete bool
}

func newSearcher(a *automata.Algebra, merges bool) *searcher {
	return &searcher{Algebra: a, merges: merges, special: special(a), detours: map[automata.Lang]*ways{}, ends: map[automata.Lang]*ways{}, whole: map[automata.Lang]*ways{}, escaped: map[automata.Lang][]*escaped{}}
}

// ways are states in the order in which they were found.
type ways struct {
	order []automata.Lang
	text  map[automata.Lang]string
}

// add notes a state and the text that leads to it, which is put together only where
// the state is new.
func (w *ways) add(l automata.Lang, text ...string) bool {
	if _, known := w.text[l]; known || l == automata.None {
		return false
	}
	if w.text == nil {
		w.text = map[automata.Lang]string{}
	}
	w.text[l] = strings.Join(text, "")
	w.order = append(w.order, l)
	return true
}

// detour returns where detours from a state lead, which takes several rounds where
// detours contain others.
func (s *searcher) detour(from automata.Lang) *ways {
	if w := s.detours[from]; w != nil {
		return w
	}
	s.detours[from], s.ends[from] = &ways{}, &ways{}
	s.detours[from].add(from, "")
	for changed := true; changed && !s.incomplete; {
		changed, s.incomplete = false, s.work >= maxTargets
		for _, l := range sortedKeys(s.detours) {
			changed = s.extend(l) || changed
		}
	}
	return s.detours[from]
}

func sortedKeys(m map[automata.Lang]*ways) []automata.Lang {
	out := make([]automata.Lang, 0, len(m))
	for l := range m {
		out = append(out, l)
	}
	slices.Sort(out)
	return out
}

// extend makes the detours from a state longer by one part, and reports whether that
// led to something new.
func (s *searcher) extend(from automata.Lang) (changed bool) {
	found, ends := s.detours[from], s.ends[from]
	for i := 0; i < len(found.order); i++ {
		at := found.order[i]
		text := found.text[at]
		s.work++
		if s.merges {
			for _, slash := range slashes {
				changed = found.add(s.After(at, slash), text, slash) || changed
			}
		}
		for _, dot := range dots {
			behind := s.After(at, dot)
			changed = ends.add(behind, text, dot) || changed
			for _, slash := range slashes {
				changed = found.add(s.After(behind, slash), text, dot, slash) || changed
			}
		}
		inner := s.segments(at)
		for _, l := range inner.order {
			deeper := s.detours[l]
			if deeper == nil {
				s.detours[l], s.ends[l] = &ways{}, &ways{}
				deeper = s.detours[l]
				deeper.add(l, "")
				changed = true
			}
			for j := 0; j < len(deeper.order); j++ {
				back := deeper.order[j]
				for _, first := range dots {
					for _, second := range dots {
						behind := s.After(s.After(back, first), second)
						changed = ends.add(behind, text, inner.text[l], deeper.text[back], first, second) || changed
						for _, slash := range slashes {
							changed = found.add(s.After(behind, slash), text, inner.text[l], deeper.text[back], first, second, slash) || changed
						}
					}
				}
			}
		}
	}
	return changed
}

// The forms of the bytes that mean something to nginx.
var (
	slashes = []string{"/", "%2F", "%2f"}
	dots    = []string{".", "%2E", "%2e"}
)

// part says how far a segment is read, and how far an escape within it.
type part struct {
	at      automata.Lang
	segment segment
	escape  byte // 0, '%', or the first digit
}

// segment says how a segment began.
type segment uint8

const (
	start segment = iota
	oneDot
	twoDots
	other
)

func (g segment) then(dot bool) segment {
	if dot && g < twoDots {
		return g + 1
	}
	return other
}

// segments returns where a whole segment with its slash leads to, one that is no dot
// segment.
func (s *searcher) segments(from automata.Lang) *ways {
	if known := s.whole[from]; known != nil {
		return known
	}
	out := &ways{}
	s.whole[from] = out
	queue := []part{{from, start, 0}}
	texts := map[part]string{queue[0]: ""}
	visit := func(p part, text string) {
		if _, known := texts[p]; !known && p.at != automata.None {
			texts[p] = text
			queue = append(queue, p)
		}
	}
	for i := 0; i < len(queue); i++ {
		if s.work++; s.work > maxTargets {
			s.incomplete = true
			break
		}
		p := queue[i]
		whole := p.segment == other || p.segment == start && !s.merges
		for _, c := range s.Classes(p.at, s.special) {
			at, text := s.Step(p.at, c), texts[p]+string([]byte{c})
			switch {
			case p.escape == 0 && c == '%':
				visit(part{at, p.segment, '%'}, text)
			case p.escape == 0 && c == '/':
				if whole {
					out.add(at, text)
				}
			case p.escape == 0 && plainInTarget(c):
				visit(part{at, p.segment.then(c == '.'), 0}, text)
			case p.escape == 0 || !isHex(c):
			case p.escape == '%':
				visit(part{at, p.segment, c}, text)
			case p.escape == '0' && c == '0':
			case p.escape == '2' && c|0x20 == 'f':
				if whole {
					out.add(at, text)
				}
			default:
				visit(part{at, p.segment.then(p.escape == '2' && c|0x20 == 'e'), 0}, text)
			}
		}
	}
	return out
}

func isHex(c byte) bool { return strings.IndexByte(hexDigits, c) >= 0 }

// value is that of a digit.
func value(c byte) byte {
	if c >= 'A' {
		return c&^0x20 - 'A' + 10
	}
	return c - '0'
}

// special is a language that tells the bytes apart that mean something in a target.
func special(a *automata.Algebra) automata.Lang {
	var all []automata.Lang
	for i, text := range []string{"/", ".", "%", "?#", "0", "2", "eE", "fF", "13456789aAbBcCdD"} {
		all = append(all, a.Concat(a.Set(automata.Bytes([]byte(text)...)), a.Repeat(a.Any(), i+1, i+1)))
	}
	// What cannot stand in a target at all.
	all = append(all, a.Concat(a.Set(automata.Range(0, 0x20).Or(automata.Bytes(0x7f))), a.Repeat(a.Any(), 20, 20)))
	return a.Union(all...)
}

// state is how far a target is read: what the rest must be as a target and as a path,
// or behind its end, as arguments.
type state struct {
	raw, path automata.Lang
	segment   segment
	// ended says that nothing but arguments may follow, query that they do, fragment that
	// the target is whole.
	ended, query, fragment bool
}

type step struct {
	state
	from int
	text string
}

// target looks for a target of a region whose target is limited together with what
// nginx makes of it; ok is false when there is none.
func (s *space) target(g region) (raw, path, args string, ok bool, err error) {
	a := s.Algebra
	if raw, path, args, ok, err = s.guess(g); ok || err != nil {
		return raw, path, args, ok, err
	}
	w := s.searcher
	w.work = 0
	arguments := s.of(g, request.Arguments)
	begin := state{raw: a.Step(s.of(g, request.Target), '/'), path: a.Step(s.of(g, request.Path), '/')}
	queue := []step{{begin, -1, "/"}}
	seen := map[state]bool{begin: true}
	visit := func(v state, from int, text string) {
		if v.raw != automata.None && v.path != automata.None && !seen[v] {
			seen[v] = true
			queue = append(queue, step{v, from, text})
		}
	}
	for i := 0; i < len(queue); i++ {
		if w.work++; w.work > maxTargets || w.incomplete {
			return "", "", "", false, automata.ErrBudget
		}
		v := queue[i].state
		if v.fragment {
			return s.targetFound(spell(queue, i))
		}
		// A fragment is left out of path and arguments, but not of the target.
		fragment := func() error {
			rest, ok, err := s.member(request.Target, a.Step(v.raw, '#'))
			if ok {
				visit(state{raw: v.raw, path: automata.Empty, fragment: true}, i, "#"+rest)
			}
			return err
		}
		if v.query {
			if a.Nullable(v.raw) && a.Nullable(v.path) {
				return s.targetFound(spell(queue, i))
			}
			for _, c := range a.Classes(v.raw, v.path) {
				visit(state{raw: a.Step(v.raw, c), path: a.Step(v.path, c), ended: true, query: true}, i, string([]byte{c}))
			}
			if a.Nullable(v.path) {
				if err := fragment(); err != nil {
					return "", "", "", false, err
				}
			}
			continue
		}
		if a.Nullable(v.path) && v.segment != oneDot && v.segment != twoDots {
			if a.Nullable(v.raw) && a.Nullable(arguments) {
				return s.targetFound(spell(queue, i))
			}
			visit(state{raw: a.Step(v.raw, '?'), path: arguments, ended: true, query: true}, i, "?")
			if a.Nullable(arguments) {
				if err := fragment(); err != nil {
					return "", "", "", false, err
				}
			}
		}
		if v.ended {
			continue
		}
		first := len(queue)
		w.bytes(v, func(next state, text string) { visit(next, i, text) })
		slices.SortStableFunc(queue[first:], func(x, y step) int { return len(x.text) - len(y.text) })
		if v.segment == start {
			found := w.detour(v.raw)
			for _, l := range found.order {
				visit(state{raw: l, path: v.path}, i, found.text[l])
			}
			for _, l := range w.ends[v.raw].order {
				visit(state{raw: l, path: v.path, ended: true}, i, w.ends[v.raw].text[l])
			}
		}
	}
	if _, _, err := a.Shortest(automata.Empty); err != nil || w.incomplete {
		return "", "", "", false, automata.ErrBudget
	}
	return "", "", "", false, nil
}

// guess tries the shortest target by itself, and the path written as it is: most
// often one of them will do.
func (s *space) guess(g region) (raw, path, args string, ok bool, err error) {
	inside := func(l automata.Lang, word string) bool {
		is, failed := s.Contains(l, []byte(word))
		if failed != nil {
			err = failed
		}
		return is
	}
	target := s.of(g, request.Target)
	try := func(candidate string) bool {
		raw = candidate
		path, args, ok = request.Normalize(candidate, s.merges)
		ok = ok && inside(target, raw) && inside(s.of(g, request.Path), path) && inside(s.of(g, request.Arguments), args)
		return ok
	}
	word, found, err := s.member(request.Target, target)
	if err != nil || !found {
		return "", "", "", false, err
	}
	if try(word) {
		return raw, path, args, true, err
	}
	plain, found, err := s.member(request.Path, s.of(g, request.Path))
	if err != nil || !found {
		return "", "", "", false, err
	}
	query, found, err := s.member(request.Arguments, s.of(g, request.Arguments))
	if err != nil || !found {
		return "", "", "", false, err
	}
	if query != "" {
		query = "?" + query
	}
	if try(encode(plain) + query) {
		return raw, path, args, true, err
	}
	written := encode(plain)
	for _, detour := range s.searcher.known {
		for i := range len(written) {
			if written[i] == '/' && try(written[:i+1]+detour+written[i+1:]+query) {
				return raw, path, args, true, err
			}
		}
	}
	return "", "", "", false, err
}

// bytes reads one byte of the path, as it is and in its escaped forms.
func (s *searcher) bytes(v state, visit func(state, string)) {
	read := func(c byte, raw automata.Lang, text string) {
		next := state{raw: raw, path: s.Step(v.path, c)}
		switch {
		case c == '/' && (v.segment == oneDot || v.segment == twoDots):
			return // a detour
		case c == '/' && v.segment == start && s.merges:
			return // likewise
		case c != '/':
			next.segment = v.segment.then(c == '.')
		}
		visit(next, text)
	}
	for _, c := range s.Classes(v.raw, v.path, s.special) {
		if plainInTarget(c) {
			read(c, s.Step(v.raw, c), string([]byte{c}))
		}
	}
	percent := s.Step(v.raw, '%')
	if percent == automata.None {
		return
	}
	for _, e := range s.escapes(percent) {
		if len(e.bytes) == 0xff {
			// One byte stands for all that the path does not tell apart. The null byte, which
			// is in no path, stands for no other.
			for _, c := range s.Classes(v.path, s.special) {
				if c != 0 {
					read(c, e.raw, e.text[c])
				}
			}
			continue
		}
		for _, c := range e.bytes {
			read(c, e.raw, e.text[c])
		}
	}
}

// escaped are bytes whose escaped form leads a target to the same state.
type escaped struct {
	raw   automata.Lang
	bytes []byte
	text  [256]string
}

// escapes are the escaped bytes that may follow in a target behind a percent sign.
func (s *searcher) escapes(percent automata.Lang) []*escaped {
	if known, ok := s.escaped[percent]; ok {
		return known
	}
	var list []*escaped
	for _, hi := range []byte(hexDigits) {
		first := s.Step(percent, hi)
		if first == automata.None {
			continue
		}
		for _, lo := range []byte(hexDigits) {
			c, raw := value(hi)<<4|value(lo), s.Step(first, lo)
			if c == 0 || raw == automata.None {
				continue
			}
			i := slices.IndexFunc(list, func(e *escaped) bool { return e.raw == raw })
			if i < 0 {
				i, list = len(list), append(list, &escaped{raw: raw})
			}
			if e := list[i]; e.text[c] == "" {
				e.bytes, e.text[c] = append(e.bytes, c), "%"+string([]byte{hi, lo})
			}
		}
	}
	s.escaped[percent] = list
	return list
}

// targetFound is the end of a search.
func (s *space) targetFound(raw string) (target, path, args string, ok bool, err error) {
	path, args, ok = request.Normalize(raw, s.merges)
	if !ok {
		err = fmt.Errorf("the target %q is not read as planned", raw)
	}
	s.searcher.remember(raw, encode(path))
	return raw, path, args, ok, err
}

// remember keeps the detour of a target, if it is a path with one.
func (s *searcher) remember(raw, path string) {
	at := 0
	for at < len(path) && at < len(raw) && raw[at] == path[at] {
		at++
	}
	at = strings.LastIndexByte(path[:at], '/') + 1
	detour, found := strings.CutSuffix(raw[at:], path[at:])
	if found && detour != "" && len(s.known) < maxKnown && !slices.Contains(s.known, detour) {
		s.known = append(s.known, detour)
	}
}

func spell(queue []step, i int) string {
	var parts []string
	for ; i >= 0; i = queue[i].from {
		parts = append(parts, queue[i].text)
	}
	slices.Reverse(parts)
	return strings.Join(parts, "")
}
