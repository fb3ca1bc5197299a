// SPDX-License-Identifier: Apache-2.0

package http

import (
	"strings"
	"testing"

	"github.com/postern-audit/postern/collectors/internal/exchange"
	"github.com/postern-audit/postern/internal/evidence"
)

func TestHSTSIsReadAsABrowserDoes(t *testing.T) {
	none := evidence.HSTS{Present: true}
	for _, c := range []struct {
		values []string
		want   evidence.HSTS
	}{
		{nil, evidence.HSTS{}},
		{[]string{"max-age=300"}, evidence.HSTS{Present: true, Valid: true, MaxAgeSeconds: 300}},
		{[]string{`MAX-AGE="300" ; includeSubDomains;preload`}, evidence.HSTS{Present: true, Valid: true, MaxAgeSeconds: 300, IncludeSubdomains: true, Preload: true}},
		{[]string{"max-age=0"}, evidence.HSTS{Present: true, Valid: true}},
		{[]string{"max-age=99999999999999999999"}, evidence.HSTS{Present: true, Valid: true, MaxAgeSeconds: 1<<31 - 1}},
		{[]string{"; max-age=300;;"}, evidence.HSTS{Present: true, Valid: true, MaxAgeSeconds: 300}},
		{[]string{"includeSubDomains"}, none},
		{[]string{"max-age"}, none},
		{[]string{"max-age=-1"}, none},
		{[]string{"max-age=3e5"}, none},
		{[]string{"max-age=300; max-age=300"}, none},
		{[]string{"max-age=300 includeSubDomains"}, none},
		{[]string{"max age=300"}, none},
		{[]string{""}, none},
		{[]string{"broken", "max-age=300"}, none},
		{[]string{"max-age=300", "broken"}, evidence.HSTS{Present: true, Valid: true, MaxAgeSeconds: 300}},
	} {
		if got := hsts(c.values); got != c.want {
			t.Errorf("%q: %+v, want %+v", c.values, got, c.want)
		}
	}
}

func TestANameIsFoundOnlyAsAWhole(t *testing.T) {
	for text, want := range map[string]bool{
		"https://fin-a.corp.example:8445/x": true, "fin-a.corp.example": true, "to fin-a.corp.example.": true,
		"https%3a%2f%2ffin-a.corp.example": true, `https:\u002f\u002ffin-a.corp.example`: true,
		"xfin-a.corp.example": false, "y.fin-a.corp.example": false, "fin-a.corp.example2": false, "fin-a.corp": false, "": false,
	} {
		if got := tells(plainForms.Replace(text), "fin-a.corp.example"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestEveryClosedPathNamesItsControlOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range closedPaths {
		if p.control == "" || !strings.HasPrefix(p.path, "/") || seen[p.path] {
			t.Errorf("%+v", p)
		}
		seen[p.path] = true
	}
}

func FuzzAnAnswerMakesAFact(f *testing.F) {
	f.Add("Strict-Transport-Security", "max-age=1", []byte("<SystemInfo><primaryNode><host>a</host>"), 200)
	f.Add("Set-Cookie", "a=b; secure", []byte("<center>nginx/1.25"), 404)
	f.Add("Location", "https://a/?x#y", []byte("10.1.0.11"), 302)
	f.Fuzz(func(t *testing.T, name, value string, body []byte, status int) {
		a := exchange.Answer{Outcome: evidence.HTTPAnswered, Status: status, Fields: []exchange.Field{{Name: name, Value: value}}, Body: body}
		fact := describe(request{name: evidence.RequestPage}, a)
		facts := []evidence.HTTPRequest{fact}
		judge(facts, []exchanged{{request{name: evidence.RequestPage}, a}}, false)
		fact = facts[0]
		if fact.Denied && (status < 400 || status > 499 || !fact.DeniedKnown) || strings.ContainsAny(fact.Headers.Location, "?#") {
			t.Errorf("%+v", fact)
		}
		if h := fact.Headers.HSTS; !h.Valid && (h.MaxAgeSeconds != 0 || h.IncludeSubdomains) || h.MaxAgeSeconds < 0 {
			t.Errorf("%+v", h)
		}
		if hosts, err := systemHosts(body); err != nil && len(hosts) > 0 || len(hosts) > maxHosts {
			t.Errorf("%v %v", hosts, err)
		}
		to := evidence.Target{Site: &evidence.Site{Nodes: []evidence.Node{{Host: "fin-a.corp.example", Addresses: []string{"10.1.0.11"}}}}}
		internalNames(to, "desk.example", a)
	})
}
