// SPDX-License-Identifier: Apache-2.0

package request

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// Trace is what a run finds out on its way: every decision that depended on the
// request. Requests for which all of them go the same way have the same outcome.
type Trace struct {
	Decisions []Decision
	// Guards were asked and let the request in.
	Guards []Guard
	// Reading is the path that the upstream reads in a forwarded request. Decoded says
	// that it stands there as the upstream will understand it; else it is the text that
	// is sent, whose percent signs the upstream decodes.
	Reading Text
	Decoded bool
	// AsSent is the target where the upstream gets it as the client sent it, and makes a path
	// of it by itself. Reading is then what nginx makes of it.
	AsSent Text
	// Written is a text that is sent behind the path, or as the whole target, without being
	// escaped.
	Written Text
	// Headers are what an upstream is sent in headers that may hold something of the path.
	Headers []Header
	// Upgrade is what an upstream is asked to change the protocol of the connection to.
	Upgrade Text
	// Method and Host are those of the forwarded request; Host is without port and in
	// small letters, as nginx compares it, and empty when the client names none.
	Method, Host Text
	// Authority is the host and port of the upstream, before names are looked up.
	Authority Text
	// File is the name of the file that an answer was looked for, and Beside is what stands in
	// it behind a folder that alias names without a final slash.
	File, Beside Text
	// GivenUp are the searches that PCRE was supposed to give up.
	GivenUp []Widening
	// Widened are the reasons for which requests that decide alike may still end
	// differently.
	Widened []Widening

	choices map[Field]string
	asked   map[Field]int // how often each thing was left open
}

// Widening is something that is not followed exactly.
type Widening struct {
	At  nginx.Pos
	Why string
}

func (w Widening) String() string {
	if w.At.IsZero() {
		return w.Why
	}
	return w.Why + " (" + w.At.String() + ")"
}

// Decision is a question about a text, and its answer in this run.
type Decision struct {
	At nginx.Pos
	Of Text
	// Other is the text that Of was found to be equal to, or not; then there is no
	// Question, and the answer is 0 for equal and 1 for not.
	Other    Text
	Question Question
	Answer   int
}

// Question divides all texts by its answers.
type Question struct {
	// Key is the same for questions that are the same. Empty when texts are compared.
	Key string
	// Answers returns the texts of each answer: every text belongs to one.
	Answers func(*automata.Algebra) []automata.Bounds
}

// Guard is a directive of the access phase that had a say.
type Guard struct {
	At   nginx.Pos
	Name string
	// Authenticates says that it asks who the client is.
	Authenticates bool
	// Asks is the upstream that decides, for auth_request, and Peers are its addresses.
	Asks  string
	Peers []string
	// Method is that of the request to it.
	Method string
	// Detail tells guards of one name apart that need not say the same: the path that
	// is asked for, the file of passwords, the digest of a script.
	Detail string
}

// Script is what can be told of the effect of a Lua script.
type Script struct {
	// OnlyRefuses says that the script lets a request pass as it is or answers it.
	OnlyRefuses bool
	// Authenticates says that it refuses who is not logged in.
	Authenticates bool
	// Why says why the effect is not known.
	Why string
	// Digest is that of all that the script consists of.
	Digest string
	// Exempt are methods, such as OPTIONS, that it lets pass whoever is there.
	Exempt []string
	// SetsStatus says that it gives an answer another status, by ngx.status.
	SetsStatus bool
	// Reads are the names of the variables that the script asks nginx for, "*" for any.
	Reads []string
}

// Trace follows a request and returns what its way depended on. Where nobody can
// tell from the configuration what happens, such as whether a file is there or what a
// guard says, the choices decide; the first of the possibilities is taken for those
// that are not given.
func (m *Model) Trace(q Request, choices map[Field]string) (Outcome, *Trace) {
	t := &Trace{choices: choices}
	return m.handle(q, t), t
}

// ask records a decision about a text.
func (r *run) ask(at nginx.Pos, of Text, answer int, question func() Question) {
	if r.trace == nil || of.Constant() {
		return
	}
	r.trace.Decisions = append(r.trace.Decisions, Decision{At: at, Of: of, Question: question(), Answer: answer})
}

// compare records whether two texts are the same.
func (r *run) compare(at nginx.Pos, x, y Text) bool {
	same := x.S == y.S
	switch {
	case r.trace == nil:
	case y.Constant():
		r.ask(at, x, answer(same), func() Question { return oneOf(y.S) })
	case x.Constant():
		r.ask(at, y, answer(same), func() Question { return oneOf(x.S) })
	default:
		r.trace.Decisions = append(r.trace.Decisions, Decision{At: at, Of: x, Other: y, Answer: answer(same)})
	}
	return same
}

// answer is 0 for yes.
func answer(is bool) int {
	if is {
		return 0
	}
	return 1
}

// widen notes that the run says less than it seems to.
func (r *run) widen(at nginx.Pos, format string, args ...any) {
	w := Widening{at, fmt.Sprintf(format, args...)}
	if r.trace != nil && !slices.Contains(r.trace.Widened, w) {
		r.trace.Widened = append(r.trace.Widened, w)
	}
}

// AnswerPath is the field of the path that an upstream names in X-Accel-Redirect.
const AnswerPath Field = "answer X-Accel-Redirect names"

// answerArguments is that of the arguments behind it.
const answerArguments Field = "answer X-Accel-Redirect adds"

// choice is the field of what the configuration leaves open. It is named by what is
// asked, and which time on the way it is, not by its place: so two configurations that
// ask the same leave the same open.
func (t *Trace) choice(what string) Field {
	return t.again(Field("choice " + what))
}

// again tells the times apart that a field is asked for.
func (t *Trace) again(f Field) Field {
	if t.asked == nil {
		t.asked = map[Field]int{}
	}
	t.asked[f]++
	if n := t.asked[f]; n > 1 {
		f += Field(", time " + strconv.Itoa(n))
	}
	return f
}

// Supposed reports whether a field is no part of the request but something that the
// configuration leaves open, and what.
func (f Field) Supposed() (what string, ok bool) {
	if what, ok = f.Name("choice"); !ok {
		what, ok = f.Name("answer")
	}
	return what, ok
}

// choose takes one of several possibilities, and leaves the others to other runs.
func (r *run) choose(at nginx.Pos, what string, options ...string) string {
	f := r.trace.choice(what)
	i := max(0, slices.Index(options, r.trace.choices[f]))
	t := Text{options[i], []Piece{{options[i], &Origin{Field: f}}}}
	r.ask(at, t, i, func() Question { return words(options) })
	r.step(at, "suppose: %s %s", what, options[i])
	return options[i]
}

// guarded supposes what a guard says, and notes that it let the request in: 200, which
// is enough for "satisfy any". A refusal that has a page may lead on from it.
func (r *run) guarded(g Guard) (status int) {
	options := []string{"lets in", "401", "403"}
	add := func(status int) {
		if word := strconv.Itoa(status); !slices.Contains(options, word) {
			options = append(options, word)
		}
	}
	if r.hasPage(500) {
		add(500) // a guard that is down
	}
	if strings.Contains(g.Name, "_by_lua") {
		for _, status := range r.paged() {
			add(status) // a script refuses as it likes
		}
	}
	if status, err := strconv.Atoi(r.choose(g.At, strings.TrimSpace(g.Name+" "+g.Asks), options...)); err == nil {
		return status
	}
	r.trace.Guards = append(r.trace.Guards, g)
	return 200
}

// exact makes the answers of a question whose languages are known exactly, and one
// more for all other texts.
func exact(key string, languages func(*automata.Algebra) []automata.Lang) Question {
	return Question{key, func(a *automata.Algebra) []automata.Bounds {
		var all []automata.Bounds
		var known []automata.Lang
		for _, l := range languages(a) {
			all = append(all, automata.Bounds{Lower: l, Upper: l})
			known = append(known, l)
		}
		rest := a.Complement(a.Union(known...))
		return append(all, automata.Bounds{Lower: rest, Upper: rest})
	}}
}

// oneOf asks whether a text is one of the words.
func oneOf(list ...string) Question {
	return exact("one of "+strings.Join(list, "\x00"), func(a *automata.Algebra) []automata.Lang {
		var all []automata.Lang
		for _, w := range list {
			all = append(all, a.Literal(w))
		}
		return []automata.Lang{a.Union(all...)}
	})
}

// words asks which of the words a text is.
func words(list []string) Question {
	return exact("which of "+strings.Join(list, "\x00"), func(a *automata.Algebra) []automata.Lang {
		var all []automata.Lang
		for _, w := range list {
			all = append(all, a.Literal(w))
		}
		return all
	})
}

// suppose supposes one of the statuses that have a page, so that it leads on; 0 is for
// the usual course.
func (r *run) suppose(at nginx.Pos, what, usual string, statuses ...int) int {
	if r.trace == nil {
		return 0
	}
	options := []string{usual}
	for _, status := range statuses {
		if r.hasPage(status) {
			options = append(options, "with "+strconv.Itoa(status))
		}
	}
	if len(options) == 1 {
		return 0
	}
	status, _ := strconv.Atoi(strings.TrimPrefix(r.choose(at, what, options...), "with "))
	return status
}

// starts asks whether a text begins with a byte.
func starts(b byte) Question {
	return exact("starts with "+string(b), func(a *automata.Algebra) []automata.Lang {
		return []automata.Lang{a.Concat(a.Set(automata.Bytes(b)), automata.All)}
	})
}

// ends asks whether a text ends so.
func ends(with string) Question {
	return exact("ends with "+with, func(a *automata.Algebra) []automata.Lang {
		return []automata.Lang{a.Concat(automata.All, a.Literal(with))}
	})
}

// begins asks whether a text begins with a byte of the set, or is empty.
func begins(set string) Question {
	return exact("begins with "+set, func(a *automata.Algebra) []automata.Lang {
		return []automata.Lang{a.Optional(a.Concat(a.Set(automata.Bytes([]byte(set)...)), automata.All))}
	})
}

// holds asks whether a text has a byte.
func holds(b byte) Question {
	return exact("has "+string(b), func(a *automata.Algebra) []automata.Lang {
		return []automata.Lang{a.Concat(automata.All, a.Set(automata.Bytes(b)), automata.All)}
	})
}

// matches asks whether a pattern matches.
func matches(p *automata.Pattern) Question {
	return Question{fmt.Sprintf("matches %p", p), func(a *automata.Algebra) []automata.Bounds {
		is := p.Language(a)
		return []automata.Bounds{is, {Lower: a.Complement(is.Upper), Upper: a.Complement(is.Lower), Widened: is.Widened}}
	}}
}

// within asks in which of the networks the bytes of an address are.
func within(list []netip.Prefix) Question {
	key := "within"
	for _, p := range list {
		key += " " + p.String()
	}
	return exact(key, func(a *automata.Algebra) []automata.Lang {
		all := make([]automata.Lang, len(list))
		for i, p := range list {
			all[i] = networkLang(a, p)
		}
		return all
	})
}

// isV6 asks whether an address is one of IPv6.
func isV6() Question {
	return exact("is IPv6", func(a *automata.Algebra) []automata.Lang {
		return []automata.Lang{a.Repeat(a.Any(), 16, 16)}
	})
}

// networkLang holds the addresses of a network, byte by byte.
func networkLang(a *automata.Algebra, p netip.Prefix) automata.Lang {
	bits, out := p.Bits(), automata.Empty
	for _, b := range p.Addr().AsSlice() {
		n := min(8, max(0, bits))
		lo := b &^ (0xff >> n)
		out = a.Concat(out, a.Set(automata.Range(lo, lo|byte(0xff>>n))))
		bits -= 8
	}
	return out
}
