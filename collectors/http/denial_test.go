// SPDX-License-Identifier: Apache-2.0

package http_test

import (
	"fmt"
	nethttp "net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

// page writes an error page in the manner of one author.
func page(w nethttp.ResponseWriter, status int, author string) {
	w.Header().Set("Server", "gate")
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	if author != "" {
		fmt.Fprintf(w, "<h1>%d %s</h1>%s", status, nethttp.StatusText(status), author)
	}
}

const (
	bind = "/http-bind/"
	mode = "/finesse/api/UserAuthMode/postern"
)

func TestADenialIsTheGatesOnlyWhereItLooksLikeIt(t *testing.T) {
	for _, c := range []struct {
		name string
		// path answers under the right name, other under another one.
		path, other nethttp.HandlerFunc
		want        []string
	}{
		{
			"what is behind says no, after a gate that answers 421",
			func(w nethttp.ResponseWriter, r *nethttp.Request) {
				switch r.URL.Path {
				case bind:
					page(w, 405, "Openfire")
				case mode:
					page(w, 404, "<ErrorType>User not found</ErrorType>")
				case "/cfadmin":
					page(w, 403, "the gate")
				default:
					page(w, 421, "the gate")
				}
			},
			func(w nethttp.ResponseWriter, _ *nethttp.Request) { page(w, 421, "the gate") },
			[]string{"/cfadmin 403 denied", "/drf/ 421 denied", bind + " 405 open", mode + " 404 open", "missing 421 denied", "host 421 denied"},
		},
		{
			"everything is passed on, and what is behind does not know it",
			func(w nethttp.ResponseWriter, _ *nethttp.Request) { page(w, 404, "Tomcat") }, nil,
			[]string{"/cfadmin 404 open", "/drf/ 404 open", bind + " 404 open", mode + " 404 open", "missing 404 open", "host 200"},
		},
		{
			"everything is passed on, and what is behind dislikes the name",
			func(w nethttp.ResponseWriter, _ *nethttp.Request) { page(w, 404, "Tomcat") },
			func(w nethttp.ResponseWriter, _ *nethttp.Request) { page(w, 400, "Tomcat") },
			[]string{"/cfadmin 404 open", "/drf/ 404 open", bind + " 404 open", mode + " 404 open", "missing 404 open", "host 400 open"},
		},
		{
			"the gate has one page for paths and names",
			func(w nethttp.ResponseWriter, r *nethttp.Request) {
				if r.URL.Path == bind {
					page(w, 404, "Openfire")
					return
				}
				page(w, 404, "the gate")
			},
			func(w nethttp.ResponseWriter, _ *nethttp.Request) { page(w, 404, "the gate") },
			[]string{"/cfadmin 404 denied", "/drf/ 404 denied", bind + " 404 open", mode + " 404 denied", "missing 404 denied", "host 404 denied"},
		},
		{
			"the pages for paths are all alike and unlike the gate's",
			func(w nethttp.ResponseWriter, _ *nethttp.Request) { page(w, 403, "somebody") },
			func(w nethttp.ResponseWriter, _ *nethttp.Request) { page(w, 404, "the gate") },
			[]string{"/cfadmin 403 open", "/drf/ 403 open", bind + " 403 open", mode + " 403 open", "missing 403 open", "host 404 denied"},
		},
		{
			"no page at all",
			func(w nethttp.ResponseWriter, _ *nethttp.Request) { page(w, 404, "") },
			func(w nethttp.ResponseWriter, _ *nethttp.Request) { page(w, 404, "") },
			[]string{"/cfadmin 404 open", "/drf/ 404 open", bind + " 404 open", mode + " 404 open", "missing 404 open", "host 404 denied"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, _ := serve(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
				switch own := strings.HasPrefix(r.Host, desk); {
				case !own && c.other != nil:
					c.other(w, r)
				case r.URL.Path == "/desktop/":
					fmt.Fprint(w, "desktop")
				default:
					c.path(w, r)
				}
			})
			var got []string
			for _, r := range listener(t, edge(t, address)).Requests {
				line := fmt.Sprintf("%s %d", r.Path, r.Status)
				switch {
				case r.Denied:
					line += " denied"
				case !r.DeniedKnown:
					line += " open"
				}
				switch {
				case r.Name == evidence.RequestMissingPath:
					got = append(got, "missing"+strings.TrimPrefix(line, r.Path))
				case r.Name == evidence.RequestUnknownHost:
					got = append(got, "host"+strings.TrimPrefix(line, r.Path))
				case slices.Contains([]string{"/cfadmin", "/drf/", bind, mode}, r.Path):
					got = append(got, line)
				}
			}
			slices.Sort(got)
			want := slices.Sorted(slices.Values(c.want))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAStatusTellsWhatItProves(t *testing.T) {
	for status, want := range map[int]string{
		200: "", 204: "", 302: "", 401: "", 502: "", 504: "", 421: "denied",
		400: "open", 402: "open", 403: "open", 404: "open", 405: "open", 406: "open", 410: "open", 426: "open", 500: "open", 501: "open",
	} {
		address, _ := serve(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			if r.URL.Path == bind {
				w.WriteHeader(status)
			}
		})
		got := ""
		switch r := request(t, listener(t, edge(t, address)), bind); {
		case r.Denied:
			got = "denied"
		case !r.DeniedKnown:
			got = "open"
		}
		if got != want {
			t.Errorf("%d: %q, want %q", status, got, want)
		}
	}
}

func TestAHeadThatIsOddIsAGap(t *testing.T) {
	address, _ := serve(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
		if r.URL.Path != "/desktop/" {
			return
		}
		conn, _, err := w.(nethttp.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nStrict-Transport-Security : max-age=1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	})
	got := collect(t, edge(t, address))
	if r := request(t, got.Sections.HTTP[0], "/desktop/"); !r.OddHead || r.Headers.HSTS.Present {
		t.Errorf("%+v", r)
	}
	if len(got.Gaps) != 1 || !strings.Contains(got.Gaps[0].Reason, "the head has lines that are no fields") {
		t.Errorf("%+v", got.Gaps)
	}
}

// What was not read may say what was looked for.
func TestABodyThatIsNotInHandProvesNoAbsence(t *testing.T) {
	for _, c := range []struct {
		name  string
		write nethttp.HandlerFunc
		gap   string
		found []string
	}{
		{"too long", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
			fmt.Fprint(w, "10.1.0.11 "+strings.Repeat("x", 300_000)+" https://fin-a.corp.example/ welcome to nginx!")
		}, "the body is longer than", []string{"10.1.0.11"}},
		{"encoded", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			fmt.Fprint(w, "\x1f\x8b")
		}, "the body is encoded", nil},
		{"broken off", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "half a page")
			w.(nethttp.Flusher).Flush()
			panic(nethttp.ErrAbortHandler)
		}, "the body broke off", nil},
		{"half of the system information", func(w nethttp.ResponseWriter, _ *nethttp.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "<SystemInfo><primaryNode><host>a</host></primaryNode></SystemInfo>")
			w.(nethttp.Flusher).Flush()
			panic(nethttp.ErrAbortHandler)
		}, "the body broke off", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, _ := serve(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
				if r.URL.Path == "/finesse/api/SystemInfo" {
					c.write(w, r)
				}
			})
			got := collect(t, edge(t, address))
			r := request(t, got.Sections.HTTP[0], "/finesse/api/SystemInfo")
			if r.BodyWhole || r.Outcome != evidence.HTTPAnswered || !slices.Equal(r.InternalNames, c.found) || len(got.Sections.HTTP[0].SystemHosts) > 0 {
				t.Errorf("%+v", r)
			}
			if !request(t, got.Sections.HTTP[0], "/desktop/").BodyWhole {
				t.Error("an empty body is whole")
			}
			if len(got.Gaps) != 1 || !strings.Contains(got.Gaps[0].Reason, c.gap) {
				t.Errorf("%+v", got.Gaps)
			}
		})
	}
}
