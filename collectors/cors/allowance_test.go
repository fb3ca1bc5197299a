// SPDX-License-Identifier: Apache-2.0

package cors_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

func word(o evidence.Optional[bool]) string {
	switch {
	case !o.Known:
		return "open"
	case o.Value:
		return "yes"
	}
	return "no"
}

// said is what is known of an origin with credentials: for all that is asked of
// every origin, and for the simple GET.
func said(l evidence.CORSListener, kind evidence.CORSOriginKind, request evidence.CORSRequestKind, method string) string {
	for _, a := range l.Answers {
		if a.OriginKind == kind && a.Path == l.Path && a.Request == request && a.RequestMethod == method {
			return word(a.BrowserAllows)
		}
	}
	return "not asked"
}

func reflect(w http.ResponseWriter, r *http.Request, methods string) {
	permit(w, r.Header.Get("Origin"))
	w.Header().Set("Access-Control-Allow-Methods", methods)
}

func TestWhatAnOriginMayNotIsKnownOnlyWhereTheOriginMakesTheDifference(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		// want is the foreign origin's: PUT with fields, GET and POST without, and
		// the simple GET.
		want   string
		proven bool
	}{
		{"everybody is let in for GET and POST", func(w http.ResponseWriter, r *http.Request) { reflect(w, r, "GET, POST") }, "yes yes yes yes", true},
		{"everything is forbidden to everybody", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, "open open open open", false},
		{"nothing speaks of origins", func(http.ResponseWriter, *http.Request) {}, "open open open open", false},
		{"the own origin alone is let in", func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Origin") != own {
				w.WriteHeader(403)
				return
			}
			reflect(w, r, "GET, POST, PUT")
		}, "no no no no", true},
		{"the own origin alone is let in, and other connections are closed", func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Origin") != own {
				panic(http.ErrAbortHandler)
			}
			reflect(w, r, "GET, POST, PUT")
		}, "no no no no", true},
		{"a request without Referer is disliked", func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Referer") == "" {
				w.WriteHeader(417)
				return
			}
			reflect(w, r, "GET, POST, PUT")
		}, "open open open open", true},
		{"a login is asked for first", func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet || r.Header.Get("Origin") != own {
				w.WriteHeader(401)
				return
			}
			reflect(w, r, "GET, POST, PUT")
		}, "open open open open", true},
		{"one other origin is named whoever asks", func(w http.ResponseWriter, r *http.Request) { permit(w, "https://other.example") }, "no no no no", false},
		{"the method decides first", func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Access-Control-Request-Method") == "PUT" {
				w.WriteHeader(403)
				return
			}
			reflect(w, r, "GET, POST")
		}, "open yes yes yes", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := newGate(t, c.answer).edge(t)
			to.Dial = patient{to.Dial}
			l := listener(t, to)
			got := fmt.Sprintf("%s %s %s %s",
				said(l, evidence.OriginForeign, evidence.CORSPreflight, "PUT"), said(l, evidence.OriginForeign, evidence.CORSPreflight, "GET"),
				said(l, evidence.OriginForeign, evidence.CORSPreflight, "POST"), said(l, evidence.OriginForeign, evidence.CORSSimple, ""))
			if got != c.want || l.PathProven != c.proven {
				t.Errorf("%s, proven %v, want %s, %v", got, l.PathProven, c.want, c.proven)
			}
		})
	}
}

func TestEachMethodIsAFactOfItsOwn(t *testing.T) {
	g := newGate(t, func(w http.ResponseWriter, r *http.Request) {
		reflect(w, r, "GET, POST")
		w.Header().Set("Access-Control-Allow-Headers", "authorization,content-type")
	})
	for _, a := range listener(t, g.edge(t)).Answers {
		if a.OriginKind != evidence.OriginSuffix {
			continue
		}
		var got []string
		for _, m := range a.Allows {
			got = append(got, fmt.Sprintf("%s %v %s %s", m.Method, m.CustomHeaders, word(m.WithCredentials), word(m.Anonymous)))
		}
		want := []string{"GET false yes yes", "GET true open open", "POST false yes yes", "POST true open open", "PUT false no no", "PUT true no no"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		return
	}
	t.Error("no answer")
}

// Chromium takes a blank before the colon; nobody knows what another browser does.
func TestAHeadThatIsOddProvesNothing(t *testing.T) {
	g := newGate(t, func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		origin := r.Header.Get("Origin")
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin : %s\r\nAccess-Control-Allow-Credentials: true\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", origin)
	})
	got := collect(t, g.edge(t))
	if len(got.Gaps) != 1 {
		t.Errorf("%+v", got.Gaps)
	}
	for _, a := range got.Sections.CORSLive[0].Answers {
		if !a.OddHead || a.BrowserAllows.Known || a.BrowserAllowsAnonymous.Known || a.Outcome != evidence.HTTPAnswered {
			t.Errorf("%+v", a)
		}
	}
}
