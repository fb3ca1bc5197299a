// SPDX-License-Identifier: Apache-2.0

package request

import (
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// shown are the statuses that nginx has for itself, and what the client sees.
var shown = map[int]int{494: 400, 495: 400, 496: 400, 497: 400}

// fail ends with a status for which error_page may have a page.
func (r *run) fail(status int, why string) phase {
	r.step(nginx.Pos{}, "%d: %s", status, why)
	if status == 444 {
		r.out = Outcome{Kind: Refused, Reason: why}
		return done
	}
	r.status = status
	if !r.reported && r.cycles <= maxCycles {
		pages := r.block.scope.Get("error_page")
		if len(pages) > 0 && !r.flag("recursive_error_pages") && !r.m.faults["recursive"] {
			r.reported = true
		}
		for _, s := range pages {
			if page, ok := readErrorPage(s); ok && slices.Contains(page.statuses, status) {
				return r.errorPage(page)
			}
		}
	}
	return r.end(status, why)
}

// hasPage reports whether an error may be answered by something else.
func (r *run) hasPage(status int) bool { return slices.Contains(r.paged(), status) }

// paged are the statuses that may be answered by something else.
func (r *run) paged() (list []int) {
	if r.reported {
		return nil
	}
	for _, s := range r.block.scope.Get("error_page") {
		if page, ok := readErrorPage(s); ok {
			list = append(list, page.statuses...)
		}
	}
	return list
}

// answer is a response that nginx makes by itself, if nothing is wrong with the body that
// it throws away and with what the headers of the request ask of an answer.
func (r *run) answer(status int, why string) phase {
	at := r.block.scope.Pos
	if status := r.body(at, 400); status != 0 {
		return r.fail(status, "the body of the request")
	}
	if status == 200 && r.status == 0 && !r.sub {
		if status := r.suppose(at, "the answer is", "as usual", 412); status != 0 {
			return r.fail(status, "a condition of the request")
		}
	}
	return r.end(status, why)
}

// end is the end of a request that nginx answers.
func (r *run) end(status int, why string) phase {
	if r.status > 0 {
		status = r.status
	}
	if s, ok := shown[status]; ok {
		status = s
	}
	r.out = Outcome{Kind: Answered, Status: status, Reason: why}
	if status >= 400 {
		r.out.Kind = Refused
	}
	return done
}

type errorPage struct {
	statuses []int
	// status replaces that of the error: -1 keeps it, 0 takes that of the page.
	status int
	target string
	at     nginx.Pos
}

func readErrorPage(s nginx.Setting) (p errorPage, ok bool) {
	p = errorPage{status: -1, at: s.From}
	if len(s.Args) < 2 {
		return p, false
	}
	words := s.Args[:len(s.Args)-1]
	p.target = s.Args[len(s.Args)-1]
	if text, found := strings.CutPrefix(words[len(words)-1], "="); found {
		p.status = 0
		if text != "" {
			p.status, _ = strconv.Atoi(text)
		}
		words = words[:len(words)-1]
	}
	for _, w := range words {
		n, err := strconv.Atoi(w)
		if err != nil {
			return p, false
		}
		p.statuses = append(p.statuses, n)
	}
	return p, true
}

func (r *run) errorPage(p errorPage) phase {
	if p.status >= 0 && !r.m.faults["error_status"] {
		r.status = p.status
	}
	text := r.text(p.target, p.at)
	target := text.S
	r.step(p.at, "error_page %s", target)
	r.elsewhere = true
	r.ask(p.at, text, answer(strings.HasPrefix(target, "/")), func() Question { return starts('/') })
	r.ask(p.at, text, answer(strings.HasPrefix(target, "@")), func() Question { return starts('@') })
	switch {
	case strings.HasPrefix(target, "/"):
		path, args := r.splitArgs(text, p.at)
		r.ask(p.at, r.method, answer(r.method.S == "HEAD"), func() Question { return oneOf("HEAD") })
		if r.method.S != "HEAD" {
			r.method = constant("GET")
		}
		return r.redirectTo(path, args)
	case strings.HasPrefix(target, "@"):
		return r.redirectNamed(text, p.at)
	}
	switch r.status = p.status; p.status {
	case 301, 302, 303, 307, 308:
	default:
		r.status = 302
	}
	return r.end(r.status, "error_page redirects")
}
