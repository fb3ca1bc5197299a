// SPDX-License-Identifier: Apache-2.0

package cors_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/postern-audit/postern/collectors/cors"
	"github.com/postern-audit/postern/collectors/internal/exchange"
)

// answerCase is one of testdata/answers.json, which real Chromium is asked too:
// what a page of an origin may do after an answer with these fields.
type answerCase struct {
	Name        string      `json:"name"`
	Origin      string      `json:"origin"`
	Credentials bool        `json:"credentials"`
	Method      string      `json:"method"`
	Headers     []string    `json:"headers"`
	Preflight   bool        `json:"preflight"`
	Status      int         `json:"status"`
	Fields      [][2]string `json:"fields"`
	Want        bool        `json:"want"`
}

func answerCases(t testing.TB) []answerCase {
	t.Helper()
	text, err := os.ReadFile("testdata/answers.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []answerCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func (c answerCase) answer() exchange.Answer {
	a := exchange.Answer{Status: c.Status}
	for _, f := range c.Fields {
		a.Fields = append(a.Fields, exchange.Field{Name: f[0], Value: trim(f[1])})
	}
	return a
}

// trim is what reading a field does.
func trim(s string) string {
	for len(s) > 0 && s[0] == ' ' {
		s = s[1:]
	}
	for len(s) > 0 && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}

func TestAnAnswerLetsWhatABrowserLets(t *testing.T) {
	cases := answerCases(t)
	if len(cases) < 60 {
		t.Errorf("%d cases, want 60 at least", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			got := cors.MayRead(c.answer(), c.Origin, c.Credentials)
			if c.Preflight {
				got = cors.MaySend(c.answer(), cors.Preflight{Origin: c.Origin, Method: c.Method, Headers: c.Headers, Credentials: c.Credentials})
			}
			if got != c.Want {
				t.Errorf("%v: %v, want %v", c.Fields, got, c.Want)
			}
		})
	}
}

func FuzzWhatLetsCredentialsNamesTheOrigin(f *testing.F) {
	f.Add("https://a.example", "https://a.example", "true", "PUT", "*", 200)
	f.Add("null", "*", "TRUE", ",,", "\x00", 204)
	f.Fuzz(func(t *testing.T, origin, allowed, credentials, methods, headers string, status int) {
		a := exchange.Answer{Status: status, Fields: []exchange.Field{
			{Name: "Access-Control-Allow-Origin", Value: allowed},
			{Name: "access-control-allow-credentials", Value: credentials},
			{Name: "Access-Control-Allow-Methods", Value: methods},
			{Name: "Access-Control-Allow-Headers", Value: headers},
		}}
		with := cors.Preflight{Origin: origin, Method: "PUT", Headers: []string{"authorization"}, Credentials: true}
		without := with
		without.Credentials = false
		if cors.MayRead(a, origin, true) && (allowed != origin || credentials != "true" || !cors.MayRead(a, origin, false)) {
			t.Errorf("%q may read with credentials after %q %q", origin, allowed, credentials)
		}
		if cors.MaySend(a, with) && (!cors.MayRead(a, origin, true) || !cors.MaySend(a, without)) {
			t.Errorf("%q may send with credentials and not otherwise", origin)
		}
	})
}
