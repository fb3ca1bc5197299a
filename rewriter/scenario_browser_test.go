// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// pages are answers full of internal names, one a media type. Every form of the
// rules is in some of them.
var pages = map[string]string{
	"text/html; charset=UTF-8": `<a href="https://fin-a.corp.example:8445/desktop/">x</a><form action='https://ids-a.corp.example:8553/ids/saml/response'>` +
		`<input data-u="https&#58;//CUIC-A.corp.example&#58;8444/x"><iframe src="//fin-b.corp.example:8445/a"></iframe>fin-a.corp.example`,
	"application/json":               `{"host":"fin-a.corp.example","u":"https:\/\/fin-a.corp.example:8445\/x","e":"https\u003a\u002f\u002ffin-b.corp.example\u003a8445","n":["ids-a.corp.example:8553"]}`,
	"application/vnd.cisco+json":     `{"u":"https://ld-a.corp.example:12008/socket.io"}`,
	"application/javascript":         `var a="https://fin-a.corp.example:8445",b='https%3A%2F%2Fids-a.corp.example%3A8553%2Fids',c="\x2f\x2ffin-b.corp.example\x3a8445";`,
	"application/xml":                `<SystemInfo><primaryNode><host>fin-a.corp.example</host></primaryNode><u>FIN-A.CORP.EXAMPLE:8445</u></SystemInfo>`,
	"text/css":                       `@import url(https://fin-a.corp.example:8445/a.css);`,
	"application/atom+xml":           `<link href="https://cuic-a.corp.example:8447/cuicdoc"/>`,
	"text/event-stream":              "data: https://fin-a.corp.example:8445/x\n\n",
	"application/x-javascript":       `location="https%253A%252F%252Ffin-a.corp.example%253A8445"`,
	"":                               `<script src="https://fin-a.corp.example:8445/x"></script>`,
	"application/problem+json; a=b":  `{"instance":"https://cc-a.corp.example:8445/x"}`,
	"text/plain; charset=iso-8859-1": "fin-a.corp.example:8445\xe9",
}

func TestBrowserSeesExternalNamesOnly(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		t.Run(fmt.Sprintf("http2 %v", http2), func(t *testing.T) {
			s := newScene(t, nil)
			client := s.client(http2)
			fin := s.stubs["fin-a.corp.example:8445"]
			for contentType, page := range pages {
				for _, piece := range []int{1, 3, 7, 4096} {
					fin.answer = func(w http.ResponseWriter, _ *http.Request) {
						h := w.Header()
						h["Content-Type"] = nil
						if contentType != "" {
							h.Set("Content-Type", contentType)
						}
						h.Set("Location", "https://ids-a.corp.example:8553/ids/v1/oauth/authorize?redirect_uri=https%3A%2F%2Ffin-a.corp.example%3A8445%2Fdesktop")
						h.Set("Content-Location", "https://fin-a.corp.example:8445/x")
						h.Set("Refresh", "0; url=https://fin-b.corp.example:8445/")
						h.Set("Link", "<https://fin-a.corp.example:8445/a.js>; rel=preload")
						h.Set("Access-Control-Allow-Origin", "https://fin-a.corp.example:8445")
						h.Set("Content-Security-Policy", "frame-ancestors https://fin-a.corp.example:8445 https://cuic-a.corp.example:8444")
						h.Add("Set-Cookie", "a=b; Domain=.corp.example; Path=/; HttpOnly; SameSite=None")
						h.Add("Set-Cookie", "c=d; secure; domain=fin-a.corp.example")
						h.Set("Etag", `"abc"`)
						h.Set("Content-MD5", "x")
						h.Set("Alt-Svc", `h2="fin-a.corp.example:8445"`)
						h.Set("Trailer", "X-Late")
						for i := 0; i < len(page); i += piece {
							io.WriteString(w, page[i:min(len(page), i+piece)])
							if piece < 100 {
								w.(http.Flusher).Flush()
							}
						}
						h.Set("X-Late", "fin-a.corp.example:8445")
					}
					res, err := client.Get("https://" + desk + "/desktop/")
					if err != nil {
						t.Fatal(err)
					}
					body, err := io.ReadAll(res.Body)
					res.Body.Close()
					if err != nil {
						t.Fatal(err)
					}
					if strings.Contains(strings.ToLower(string(body)), "corp.example") || len(body) == 0 {
						t.Errorf("%q cut every %d: %s", contentType, piece, body)
					}
					for name, values := range res.Header {
						if strings.Contains(strings.ToLower(strings.Join(values, " ")), "corp.example") && name != "X-Stamp" {
							t.Errorf("%s: %q", name, values)
						}
					}
					if len(res.Trailer) != 0 {
						t.Errorf("trailers %v", res.Trailer)
					}
				}
			}
			res, err := client.Get("https://" + desk + "/desktop/")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			for name, want := range map[string]string{
				"Location":                "https://desk-a.agents.example:8553/ids/v1/oauth/authorize?redirect_uri=https%3A%2F%2Fdesk-a.agents.example%3A8445%2Fdesktop",
				"Content-Security-Policy": "frame-ancestors https://desk-a.agents.example:8445 https://desk-a.agents.example:8444",
				"Etag":                    `W/"abc"`, "Content-Md5": "", "Server": "", "Alt-Svc": "",
				"Set-Cookie": "a=b; Path=/; HttpOnly; SameSite=None; Secure",
			} {
				if got := res.Header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if got := res.Header.Values("Set-Cookie"); len(got) != 2 || got[1] != "c=d; secure" {
				t.Errorf("Set-Cookie %q", got)
			}
		})
	}
}

func TestEarlyHintsDoNotPass(t *testing.T) {
	s := newScene(t, nil)
	s.stubs["fin-a.corp.example:8445"].answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "<https://fin-a.corp.example:8445/a.js>")
		w.WriteHeader(http.StatusEarlyHints)
		io.WriteString(w, "done")
	}
	c, err := s.dial(desk, "desk-a.agents.example")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, get("/desktop/", "Connection: close"))
	answer, _ := io.ReadAll(c)
	if !bytes.HasPrefix(answer, []byte("HTTP/1.1 200")) || bytes.Contains(answer, []byte(" 103 ")) {
		t.Errorf("%s", answer)
	}
}

func TestTextThatCannotBeReadIsNotDelivered(t *testing.T) {
	s := newScene(t, nil)
	client := s.client(false)
	for name, test := range map[string]struct {
		header http.Header
		status int
	}{
		"compressed text":      {http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"gzip"}}, 502},
		"compressed json":      {http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"br"}}, 502},
		"compressed untyped":   {http.Header{"Content-Type": nil, "Content-Encoding": {"deflate"}}, 502},
		"text in utf-16":       {http.Header{"Content-Type": {"text/html; charset=utf-16le"}}, 502},
		"identity text":        {http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"identity"}}, 200},
		"compressed image":     {http.Header{"Content-Type": {"image/svg"}, "Content-Encoding": {"gzip"}}, 200},
		"an archive":           {http.Header{"Content-Type": {"application/zip"}}, 200},
		"signed saml metadata": {http.Header{"Content-Type": {"application/samlmetadata+xml"}}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			s.stubs["fin-a.corp.example:8445"].answer = func(w http.ResponseWriter, _ *http.Request) {
				for k, v := range test.header {
					w.Header()[k] = v
				}
				io.WriteString(w, "https://fin-a.corp.example:8445/")
			}
			res, err := client.Get("https://" + desk + "/desktop/")
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if res.StatusCode != test.status || (test.status == 502 && bytes.Contains(body, []byte("corp"))) {
				t.Errorf("%d %s", res.StatusCode, body)
			}
		})
	}
}

func TestNamesWithoutAnExternalFormAreCounted(t *testing.T) {
	s := newScene(t, nil)
	s.stubs["fin-a.corp.example:8445"].answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["X-Stamp"] = nil
		w.Header().Set("X-Node", "fin-b.corp.example:8445")
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "fin-a.corp.example:5223 cuic-a.corp.example fin-a.corp.example:8445")
	}
	res, err := s.client(false).Get("https://" + desk + "/desktop/?token=sekret")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	res.Body.Close()
	if want := "fin-a.corp.example:5223 cuic-a.corp.example desk-a.agents.example:8445"; string(body) != want {
		t.Errorf("body %q, want %q", body, want)
	}
	select {
	case r := <-s.residuals:
		if r.Count != 3 || r.Template != "/desktop/**" {
			t.Errorf("%+v", r)
		}
	case <-time.After(5 * time.Second):
		t.Error("nothing was reported")
	}
	s.stop()
	if log := s.log.String(); !strings.Contains(log, `"residual":3`) || strings.Contains(log, "sekret") || strings.Contains(log, "token") {
		t.Errorf("log %s", log)
	}
}

const handshake = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://"

func TestWebSocketEchoesThroughTheProxy(t *testing.T) {
	for _, origin := range []string{desk, "crm.example"} {
		s := newScene(t, func(c *Config) { c.Origins = []string{"https://crm.example"} })
		s.stubs["fin-a.corp.example:8445"].answer = echoUpgrade
		c, err := s.dial(desk, "desk-a.agents.example", "http/1.1")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		io.WriteString(c, "GET /ws HTTP/1.1\r\nHost: "+desk+"\r\n"+handshake+origin+"\r\n\r\n")
		reader := bufio.NewReader(c)
		res, err := http.ReadResponse(reader, nil)
		if err != nil || res.StatusCode != 101 || res.Header.Get("Upgrade") != "websocket" {
			t.Fatalf("%v %v", res, err)
		}
		// Binary noise holding something that looks like a request.
		noise := make([]byte, 100_000)
		rand.Read(noise)
		noise = append(noise, get("/cfadmin")...)
		go c.Write(noise)
		back := make([]byte, len(noise))
		if _, err := io.ReadFull(reader, back); err != nil || !bytes.Equal(back, noise) {
			t.Errorf("echo differs, %v", err)
		}
		if got := s.arrivals(); len(got) != 1 || got[0].Target != "/ws" {
			t.Errorf("%v", got)
		}
		s.stop()
		if _, err := reader.ReadByte(); err == nil {
			t.Error("the socket outlives the proxy")
		}
	}
}

func echoUpgrade(w http.ResponseWriter, _ *http.Request) {
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	io.Copy(conn, buffered)
}

func TestNothingFollowsAnUpgradeThatTheUpstreamDeclined(t *testing.T) {
	s := newScene(t, nil)
	statuses, _ := s.raw(desk, "GET /ws HTTP/1.1\r\nHost: "+desk+"\r\n"+handshake+desk+"\r\n\r\n"+get("/desktop/canary")+get("/cfadmin"))
	if len(statuses) != 1 || statuses[0] != 200 {
		t.Errorf("statuses %v", statuses)
	}
	if got := s.arrivals(); len(got) != 1 || got[0].Target != "/ws" {
		t.Errorf("%+v", got)
	}
	for _, path := range []string{"/cfadmin", "/unlisted"} {
		statuses, _ = s.raw(desk, "GET "+path+" HTTP/1.1\r\nHost: "+desk+"\r\n"+handshake+desk+"\r\n\r\n"+get("/desktop/canary"))
		if got := s.arrivals(); len(statuses) != 1 || len(got) != 0 {
			t.Errorf("%s: statuses %v, arrived %+v", path, statuses, got)
		}
	}
}

func TestUnaskedUpgradeIsRefused(t *testing.T) {
	s := newScene(t, nil)
	s.stubs["fin-a.corp.example:8445"].answer = echoUpgrade
	statuses, _ := s.raw(desk, get("/desktop/"))
	if len(statuses) != 1 || statuses[0] != 502 {
		t.Errorf("statuses %v", statuses)
	}
}

func TestHTTP2DecidesLikeHTTP1(t *testing.T) {
	s := newScene(t, nil)
	client := s.client(true)
	for _, test := range []struct {
		name   string
		mutate func(*http.Request)
		reason Reason
	}{
		{"an allowed request", func(*http.Request) {}, ""},
		{"a closed path", func(r *http.Request) { r.URL.Path = "/cfadmin" }, PathClosed},
		{"an unlisted path", func(r *http.Request) { r.URL.Path = "/CFADMIN" }, PathUnlisted},
		{"dot segments", func(r *http.Request) { r.URL.Opaque = "/desktop/../cfadmin" }, TargetDotPart},
		{"encoded slash", func(r *http.Request) { r.URL.Opaque = "/desktop/..%2fcfadmin" }, TargetEncSlash},
		{"foreign host", func(r *http.Request) { r.Host = "evil.example:8445" }, HostUnknown},
		{"another name of the proxy", func(r *http.Request) { r.Host = "desk-b.agents.example:8445" }, ServerName},
		{"an underscore", func(r *http.Request) { r.Header["x_client_ip"] = []string{"1"} }, FieldUnderscore},
		{"an unlisted method", func(r *http.Request) { r.Method = "DELETE" }, MethodUnlisted},
		{"a forbidden method", func(r *http.Request) { r.Method = "TRACE" }, MethodForbidden},
		{"a body on GET", func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("x")); r.ContentLength = 1 }, BodyUnexpected},
		{"a body of unknown length on GET", func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("x")); r.ContentLength = -1 }, BodyUnexpected},
		{"trailers", func(r *http.Request) {
			r.Method, r.URL.Path = "POST", "/finesse/api/ClientLog/1"
			r.Body, r.ContentLength, r.Trailer = io.NopCloser(strings.NewReader("x")), -1, http.Header{"X-T": nil}
		}, TrailerField},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, _ := http.NewRequest("GET", "https://"+desk+"/desktop/", nil)
			test.mutate(r)
			res, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			got := s.arrivals()
			if res.ProtoMajor != 2 || res.StatusCode != test.reason.Status() || !strings.Contains(res.Header.Get("Proxy-Status"), string(test.reason)) {
				t.Errorf("%s %d %q %s, want %s", res.Proto, res.StatusCode, res.Header.Get("Proxy-Status"), body, test.reason)
			}
			if reached := len(got) > 0; reached != (test.reason == "") {
				t.Errorf("arrived %+v", got)
			}
		})
	}
}

func TestBodyLimitHoldsWithoutADeclaredLength(t *testing.T) {
	s := newScene(t, func(c *Config) { c.Limits.BodyBytes = 1000 })
	for _, http2 := range []bool{false, true} {
		r, _ := http.NewRequest("POST", "https://"+desk+"/finesse/api/ClientLog/1", io.MultiReader(strings.NewReader(strings.Repeat("x", 5000))))
		res, err := s.client(http2).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 413 {
			t.Errorf("http2 %v: %d", http2, res.StatusCode)
		}
		for _, a := range s.arrivals() {
			if len(a.Body) > 1000 {
				t.Errorf("%d bytes arrived", len(a.Body))
			}
		}
	}
}

func TestUpstreamMustProveItsName(t *testing.T) {
	s := newScene(t, func(c *Config) {
		other := newAuthority(t)
		c.Roots = other.pool
	})
	statuses, body := s.raw(desk, get("/desktop/"))
	if len(statuses) != 1 || statuses[0] != 502 || len(s.arrivals()) != 0 {
		t.Errorf("%v %s", statuses, body)
	}
}

func TestSlowHeadsAndFloodsAreCut(t *testing.T) {
	s := newScene(t, func(c *Config) {
		c.Limits.Header = 200 * time.Millisecond
		c.Limits.RequestsPerSecond, c.Limits.Burst = 0.001, 3
		c.Limits.ConnectionsPerPeer = 4
	})
	c, err := s.dial(desk, "desk-a.agents.example")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "GET /desktop/ HTTP/1.1\r\nHost: ")
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("slow head: %v", err)
	}
	statuses, _ := s.raw(desk, strings.Repeat(get("/desktop/"), 5))
	if fmt.Sprint(statuses) != "[200 200 200 429 429]" {
		t.Errorf("statuses %v", statuses)
	}
	open := 0
	for range 8 {
		if c, err := s.dial(desk, "desk-a.agents.example"); err == nil {
			defer c.Close()
			open++
		}
	}
	if open > 4 {
		t.Errorf("%d connections open at once", open)
	}
}

func TestBase64StaysAsItIs(t *testing.T) {
	value := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("https://fin-a.corp.example:8445/ ", 100)))
	got, residual := NewRewriter(mustMap(t, sampleMap)).String(value)
	if got != value || residual != 0 {
		t.Error("base64 was touched")
	}
}
