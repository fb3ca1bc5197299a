// SPDX-License-Identifier: Apache-2.0

package request

import (
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// code is one directive of the rewrite phase.
type code struct {
	at   nginx.Pos
	name string // the directive
	// bad says why the directive cannot be followed.
	bad string

	pattern *automata.Pattern // rewrite, and if with a pattern
	value   script            // replacement, value of set, text of return
	target  string            // variable of set
	status  int               // of return, and of a rewrite that redirects
	keep    bool              // rewrite ... break
	last    bool              // the script ends after this rewrite
	addArgs bool              // the arguments of the request are kept
	test    condition
	body    []code // of an if
	block   *block // settings of an if in a location
}

// compile reads the directives of a block that belong to the rewrite phase.
func (m *Model) compile(d *nginx.Directive, sc *nginx.Scope, l *nginx.Location) []code {
	var out []code
	for c := range d.Children() {
		k := code{at: c.Pos(), name: c.Name}
		args := c.Values()
		switch {
		case c.Name == "break":
		case c.Name == "set" && len(args) == 2:
			k.target = lower(strings.TrimPrefix(args[0], "$"))
			m.sets(k.target)
			k.script(args[1], false)
		case c.Name == "return" && len(args) > 0:
			k.returns(args)
		case c.Name == "rewrite" && len(args) >= 2:
			k.rewrites(args, m)
		case c.Name == "if" && c.Kind == nginx.Block:
			k.ifBlock(c, sc, l, m)
		case strings.HasPrefix(c.Name, "set_by_lua"):
			k.bad = c.Name + " is not modelled"
		default:
			continue
		}
		out = append(out, k)
	}
	return out
}

func (k *code) script(text string, args bool) {
	var ok bool
	if k.value, ok = parseScript(text, args); !ok {
		k.bad = strconv.Quote(text) + " is no text with variables"
	}
}

// absoluteForm says whether a text is taken as the target of a redirect.
func absoluteForm(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "$scheme")
}

func (k *code) returns(args []string) {
	text := ""
	n, err := strconv.Atoi(args[0])
	switch {
	case err != nil && len(args) == 1:
		k.status, text = 302, args[0]
	case err != nil || len(args) > 2:
		k.bad = "return is not understood"
		return
	default:
		k.status = n
		if len(args) == 2 {
			text = args[1]
		}
	}
	k.script(text, false)
}

func (k *code) rewrites(args []string, m *Model) {
	p, err := automata.ParsePattern(args[0], false)
	if err != nil {
		k.bad = err.Error()
		return
	}
	m.names(p)
	k.pattern = p
	text := args[1]
	k.addArgs = !strings.HasSuffix(text, "?") || m.faults["add_args"]
	text = strings.TrimSuffix(text, "?")
	if absoluteForm(text) {
		k.status, k.last = 302, true
	}
	if len(args) == 3 {
		k.last = true
		switch args[2] {
		case "last":
		case "break":
			k.keep = true
		case "redirect":
			k.status = 302
		case "permanent":
			k.status = 301
		default:
			k.bad = "the flag of rewrite is not known"
		}
	}
	k.script(text, k.status == 0)
}

func (k *code) ifBlock(d *nginx.Directive, sc *nginx.Scope, l *nginx.Location, m *Model) {
	inner, ifs := sc, []*nginx.If(nil)
	if l != nil {
		ifs = l.Ifs
	} else {
		for _, s := range m.cfg.Servers {
			if s.Scope == sc {
				ifs = s.Ifs
			}
		}
	}
	for _, f := range ifs {
		if f.Directive != d {
			continue
		}
		inner = f.Scope
		if err := k.test.read(f.Condition, m); err != "" {
			k.bad = err
		}
	}
	if inner == sc {
		k.bad = "if is not understood"
		return
	}
	k.body = m.compile(d, inner, l)
	if l != nil {
		k.block = m.newBlock(inner, l)
		k.block.nameless, k.block.path = true, l.Path
	}
}

// script state of one pass through a rewrite phase.
type pass struct {
	// escape says that groups are escaped in set and if: nginx does this until the
	// first rewrite has matched.
	escape bool
	// next is where the script ended, done when it decided nothing.
	next    phase
	decided bool
}

// rewrite runs the code of a block; onward is the phase that follows when it
// decides nothing.
func (r *run) rewrite(list []code, onward phase) phase {
	p := &pass{escape: true}
	r.execute(list, p)
	if p.decided {
		return p.next
	}
	return onward
}

// execute runs code and reports whether the script ended. It recurses as deep as
// blocks nest.
func (r *run) execute(list []code, p *pass) (ended bool) {
	for i := range list {
		k := &list[i]
		if k.bad != "" {
			r.unsure(k.at, "%s", k.bad)
		}
		switch k.name {
		case "break":
			r.step(k.at, "break")
			r.displaced = r.displaced || r.changed && !r.m.faults["break"]
			r.changed = false
			return true
		case "set":
			value, _, _ := r.expand(k.value, k.at, p.escape)
			r.assign(k.target, value)
			r.step(k.at, "$%s is %q", k.target, value.S)
		case "return":
			p.next, p.decided = r.executeReturn(k), true
			return true
		case "rewrite":
			if r.executeRewrite(k, p) {
				return true
			}
			if r.gaveUp {
				p.next, p.decided = r.afterGivingUp(), true
				return true
			}
		case "if":
			holds := r.holds(&k.test, k.at, p.escape)
			if r.gaveUp {
				p.next, p.decided = r.afterGivingUp(), true
				return true
			}
			if !holds {
				continue
			}
			r.step(k.at, "the condition of if holds")
			if k.block != nil && !r.m.faults["if_settings"] {
				r.enter(k.block)
			}
			if r.execute(k.body, p) {
				return true
			}
		}
	}
	return false
}

func (r *run) executeReturn(k *code) phase {
	r.step(k.at, "return %d", k.status)
	if k.status >= 400 && len(k.value) == 0 {
		return r.fail(k.status, "return")
	}
	r.expand(k.value, k.at, false)
	switch k.status {
	case 301, 302, 303, 307, 308:
		if status := r.body(k.at, 400); status != 0 {
			return r.fail(status, "the body of the request")
		}
		return r.fail(k.status, "return")
	}
	return r.answer(k.status, "return")
}

// executeRewrite reports whether the script ended.
func (r *run) executeRewrite(k *code, p *pass) bool {
	c := r.match(k.pattern, r.uri, k.at)
	if c == nil {
		if !r.m.faults["captures_kept"] {
			r.captures = nil // as the rewrite module does, unlike other patterns
		}
		return false
	}
	r.capture(c)
	redirects := k.status != 0
	// A rewrite that redirects does so too, which an error_page for it sees.
	r.internal, r.asSent = true, false
	if k.keep {
		r.displaced = true
	}
	r.changed = !k.keep || r.m.faults["keep"]
	path, args, hasArgs := r.expand(k.value, k.at, redirects)
	p.escape = false
	if redirects {
		r.step(k.at, "rewrite redirects with %d", k.status)
		p.next, p.decided = r.fail(k.status, "rewrite"), true
		return true
	}
	switch {
	case hasArgs && k.addArgs:
		r.ask(k.at, r.args, answer(r.args.S == ""), func() Question { return oneOf("") })
		if r.args.S != "" {
			args = join(args, constant("&"), r.args)
		}
		r.args = args
	case hasArgs:
		r.args = args
	case !k.addArgs:
		r.args = Text{}
	}
	r.uri = path
	if !path.neverEmpty() {
		r.ask(k.at, path, answer(path.S == ""), func() Question { return oneOf("") })
	}
	if path.S == "" {
		p.next, p.decided = r.fail(500, "the path is rewritten to nothing"), true
		return true
	}
	r.step(k.at, "rewritten to %q, arguments %q", r.uri.S, r.args.S)
	return k.last
}
