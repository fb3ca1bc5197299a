// SPDX-License-Identifier: Apache-2.0

package cors

import (
	"net/http"

	"github.com/postern-audit/postern/internal/evidence"
)

// A yes is proved by the answer that says it. A no may be about something else
// than the origin: the path, the method, a missing login, the client. It counts
// when the same request from a declared origin got a yes, so that the origin is
// all that differs, or when the answer itself names another origin.

// place is what an answer may be compared by.
type place struct {
	path string
	question
}

// judge fills in what browsers allow, and reports whether a declared origin was
// let in at a path.
func (s *session) judge(path string) (proven bool) {
	comparable := map[place]bool{}
	for i, a := range s.answers {
		x := s.asked[i]
		if a.OriginKind != evidence.OriginDeclared || a.Outcome != evidence.HTTPAnswered || a.OddHead || !lets(x, a.Origin, x.method, x.custom, false) {
			continue
		}
		comparable[place{a.Path, x.question}] = true
		proven = proven || a.Path == path
	}
	for i := range s.answers {
		a, x := &s.answers[i], s.asked[i]
		if a.Outcome != evidence.HTTPUnknown {
			allow(a, x, comparable[place{a.Path, x.question}])
		}
	}
	return proven
}

// allow fills in one answer. comparable is set when a declared origin got a yes
// to the same question.
func allow(fact *evidence.CORSAnswer, x asked, comparable bool) {
	about := []question{x.question}
	if x.request == evidence.CORSPreflight {
		about = nil
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut} {
			about = append(about, question{x.request, method, false}, question{x.request, method, true})
		}
	}
	for _, q := range about {
		// What was asked for covers less of the same.
		asked := q.method == x.method && (x.custom || !q.custom)
		decide := func(credentials bool) evidence.Optional[bool] {
			switch {
			case fact.OddHead:
			case fact.Outcome == evidence.HTTPAnswered && lets(x, fact.Origin, q.method, q.custom, credentials):
				return evidence.Known(true, evidence.Observed)
			case asked && provesNo(x, comparable):
				return evidence.Known(false, evidence.Observed)
			}
			return evidence.Optional[bool]{}
		}
		fact.Allows = append(fact.Allows, evidence.CORSAllowance{
			Method: q.method, CustomHeaders: q.custom, WithCredentials: decide(true), Anonymous: decide(false),
		})
	}
	fact.BrowserAllows = anything(fact.Allows, func(a evidence.CORSAllowance) evidence.Optional[bool] { return a.WithCredentials })
	fact.BrowserAllowsAnonymous = anything(fact.Allows, func(a evidence.CORSAllowance) evidence.Optional[bool] { return a.Anonymous })
}

// anything is a yes if there is one, and a no if what was asked got one.
func anything(all []evidence.CORSAllowance, of func(evidence.CORSAllowance) evidence.Optional[bool]) (out evidence.Optional[bool]) {
	for _, a := range all {
		if v := of(a); v.Known && (v.Value || !out.Known) {
			out = v
		}
	}
	return out
}

// lets reports whether an answer lets a page of an origin do something.
func lets(x asked, origin, method string, custom, credentials bool) bool {
	if x.request == evidence.CORSSimple {
		return MayRead(x.answer, origin, credentials)
	}
	p := Preflight{Origin: origin, Method: method, Credentials: credentials}
	if custom {
		p.Headers = requestHeaders
	}
	return MaySend(x.answer, p)
}

// provesNo reports whether an answer that does not let a page do what was asked
// is a no to it.
func provesNo(x asked, comparable bool) bool {
	status := x.answer.Status
	_, names := x.answer.Get("Access-Control-Allow-Origin")
	good := x.request == evidence.CORSSimple || status >= 200 && status <= 299
	switch {
	case names && good:
		return true
	case status == http.StatusUnauthorized, status == http.StatusPreconditionFailed, status == http.StatusExpectationFailed, status >= 500:
		return false
	}
	return comparable
}
