// SPDX-License-Identifier: Apache-2.0

package exchange_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/internal/exchange"
	"github.com/postern-audit/postern/internal/evidence"
)

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

// verdict is an answer in short.
func verdict(a exchange.Answer) string {
	switch a.Outcome {
	case evidence.HTTPAnswered:
		return fmt.Sprintf("answered %d %s", a.Status, a.Body)
	case evidence.HTTPRefused:
		return "refused " + string(a.Refusal)
	}
	return "unknown " + a.Reason
}

func TestEveryAnswerIsReadForWhatItProves(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a length", ok, "answered 200 hi"},
		{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1;x=y\r\ni\r\n0\r\nX: y\r\n\r\n", "answered 200 hi"},
		{"until the connection ends", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi", "answered 200 hi"},
		{"HTTP/1.0", "HTTP/1.0 404 Not Found\r\nConnection: close\r\n\r\n", "answered 404 "},
		{"no reason", "HTTP/1.1 421\r\nContent-Length: 0\r\n\r\n", "answered 421 "},
		{"no content", "HTTP/1.1 204 No Content\r\n\r\n", "answered 204 "},
		{"a switch of protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", "answered 101 "},
		{"an interim answer", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok, "answered 200 hi"},
		{"bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "answered 200 hi"},
		{"a line that is no field", "HTTP/1.1 200 OK\r\ngarbage\r\nBad Name: x\r\nConnection: close\r\n\r\nhi", "answered 200 hi"},
		{"a close without a byte", "", "refused closed"},
		{"a teapot", "HTTP/1.1 418 x\r\nContent-Length: 0\r\n\r\n", "unknown answered 418: the listener limits what is asked, so this tells nothing about the request"},
		{"a limit", "HTTP/1.1 429 x\r\nContent-Length: 0\r\n\r\n", "unknown answered 429: the listener limits what is asked, so this tells nothing about the request"},
		{"too many connections", "HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n", "unknown answered 503: the listener limits what is asked, so this tells nothing about the request"},
		{"an HTTP/0.9 answer", "<html>Connection: close</html>\r\n", "unknown the answer is no HTTP/1"},
		{"another protocol", "SSH-2.0-x Connection: close\r\n", "unknown the answer is no HTTP/1"},
		{"a status of four digits", "HTTP/1.1 2000 x\r\n\r\n", "unknown the answer is no HTTP/1"},
		{"a signed status", "HTTP/1.1 +20 x\r\n\r\n", "unknown the answer is no HTTP/1"},
		{"HTTP/2 in the status line", "HTTP/2 200\r\n\r\n", "unknown the answer is no HTTP/1"},
		{"half a status line", "HTTP/1.1 20", "unknown no full answer within 1s"},
		{"half a header", "HTTP/1.1 200 OK\r\nX: y\r\nConnection: close\r\n", "unknown an answer that broke off"},
		{"a flood of interim answers", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 1000), "unknown more than 5 interim answers"},
		{"too many fields", "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 201) + "\r\n", "unknown an answer with more than 200 header fields"},
		{"a line too long", "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("b", 9000) + "\r\n\r\n", "unknown an answer with a head longer than 65536 bytes, or a line longer than 8192"},
		{"a header too long", "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: "+strings.Repeat("b", 8000)+"\r\n", 9) + "\r\n", "unknown an answer with a head longer than 65536 bytes, or a line longer than 8192"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := client(t, serveTLS(t, c.text)).Ask(bounded(t), overTLS, get("/"))
			if got := verdict(a); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if a.Source.Host != desk || a.Source.Port != 8445 || a.Source.Vantage != evidence.VantageInternet || a.Source.At == "" {
				t.Errorf("source %+v", a.Source)
			}
		})
	}
}

func TestFieldsAreReadAsTheyCame(t *testing.T) {
	text := "HTTP/1.1 200 OK\r\nX-A: one\r\nx-a:\t two \r\n  folded\r\nBad Name: x\r\nNo: \x00\r\n: empty\r\nInjected: a\rSet-Cookie: b\r\nContent-Length: 0\r\n\r\n"
	a := client(t, serveTLS(t, text)).Ask(bounded(t), overTLS, get("/"))
	want := []exchange.Field{{"X-A", "one"}, {"x-a", "two folded"}, {"Content-Length", "0"}}
	if diff := cmp.Diff(want, a.Fields); diff != "" {
		t.Error(diff)
	}
	if got, ok := a.Get("X-A"); got != "one, two folded" || !ok {
		t.Errorf("joined: %q %v", got, ok)
	}
}

// hostile servers say too much, too slowly, or stop anywhere.
func TestAHostileListenerCostsOneDeadline(t *testing.T) {
	endless := func(first, then string) func(net.Conn) {
		return func(conn net.Conn) {
			_, _ = conn.Write([]byte(first))
			for {
				if _, err := conn.Write([]byte(then)); err != nil {
					return
				}
			}
		}
	}
	slow := func(first string) func(net.Conn) {
		return func(conn net.Conn) {
			_, _ = conn.Write([]byte(first))
			for {
				if _, err := conn.Write([]byte("x")); err != nil {
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
		}
	}
	for _, c := range []struct {
		name   string
		script func(net.Conn)
		want   evidence.HTTPOutcome
	}{
		{"endless fields", endless("HTTP/1.1 200 OK\r\n", "A: b\r\n"), evidence.HTTPUnknown},
		{"one endless line", endless("HTTP/1.1 200 OK\r\nA: ", strings.Repeat("b", 1000)), evidence.HTTPUnknown},
		{"endless interim answers", endless("", "HTTP/1.1 100 Continue\r\n\r\n"), evidence.HTTPUnknown},
		{"an endless body", endless("HTTP/1.1 200 OK\r\n\r\n", strings.Repeat("b", 10000)), evidence.HTTPAnswered},
		{"an endless body of chunks", endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nb\r\n"), evidence.HTTPAnswered},
		{"an endless chunk size", endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0000"), evidence.HTTPAnswered},
		{"a chunk larger than memory", endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n", "b"), evidence.HTTPAnswered},
		{"a length larger than memory", endless("HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999\r\n\r\n", "b"), evidence.HTTPAnswered},
		{"a slow status line", slow(""), evidence.HTTPUnknown},
		{"a slow header", slow("HTTP/1.1 200 OK\r\nA: "), evidence.HTTPUnknown},
		{"a slow body", slow("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"), evidence.HTTPAnswered},
		{"a body that does not come", func(conn net.Conn) {
			_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"))
			time.Sleep(2 * brief)
		}, evidence.HTTPAnswered},
		{"silence", func(conn net.Conn) { time.Sleep(2 * brief) }, evidence.HTTPUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			address := serve(t, func(conn net.Conn) {
				server := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{certificate()}})
				if readRequest(bufio.NewReader(server)) {
					c.script(server)
				}
			})
			cl := client(t, address)
			start := time.Now()
			a := cl.Ask(bounded(t), overTLS, get("/"))
			if took := time.Since(start); took > brief+2*time.Second {
				t.Errorf("took %v", took)
			}
			if a.Outcome != c.want || len(a.Body) > exchange.MaxBody {
				t.Errorf("%s: %d bytes of body", verdict(exchange.Answer{Outcome: a.Outcome, Reason: a.Reason}), len(a.Body))
			}
		})
	}
}

// TestAnAnswerThatStopsAnywhereIsNeverMore cuts a good answer at every byte.
func TestAnAnswerThatStopsAnywhereIsNeverMore(t *testing.T) {
	whole := "HTTP/1.1 403 Forbidden\r\nServer: x\r\nContent-Length: 2\r\n\r\nno"
	headEnd := strings.Index(whole, "\r\n\r\n") + 4
	var cut int
	var mu sync.Mutex
	address := serve(t, func(conn net.Conn) {
		server := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{certificate()}})
		defer server.Close()
		if readRequest(bufio.NewReader(server)) {
			mu.Lock()
			text := whole[:cut]
			mu.Unlock()
			_, _ = server.Write([]byte(text))
		}
	})
	to := target(t, address)
	to.Dial = rude{to.Dial}
	c := exchange.New(to, to.Endpoints[0], brief)
	defer c.Close()
	for i := range len(whole) + 1 {
		mu.Lock()
		cut = i
		mu.Unlock()
		a := c.Ask(bounded(t), overTLS, get("/"))
		want := evidence.HTTPUnknown
		switch {
		case i == 0:
			want = evidence.HTTPRefused
		case i >= headEnd:
			want = evidence.HTTPAnswered
		}
		if a.Outcome != want {
			t.Errorf("cut at %d: %s, want %s", i, verdict(a), want)
		}
		if i < len(whole) {
			c.Close()
		}
	}
}

func TestARefusalOfTheConnectionIsNamed(t *testing.T) {
	reset := func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }
	for _, c := range []struct {
		name   string
		script func(net.Conn)
		via    exchange.Via
		want   string
	}{
		{"an alert", func(conn net.Conn) {
			server := tls.Server(conn, &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, nil }})
			_ = server.Handshake()
		}, overTLS, "refused tls_alert"},
		{"a close after the ClientHello", func(conn net.Conn) { _, _ = conn.Read(make([]byte, 4096)) }, overTLS, "refused closed"},
		{"a reset after the ClientHello", func(conn net.Conn) { _, _ = conn.Read(make([]byte, 100)); reset(conn) }, overTLS, "refused reset"},
		{"silence after the ClientHello", func(net.Conn) { time.Sleep(2 * brief) }, overTLS, "unknown no full answer within 1s"},
		{"another protocol", func(conn net.Conn) { _, _ = conn.Write([]byte("SSH-2.0-x\r\n")); time.Sleep(brief) }, overTLS, "unknown the answer is no TLS"},
		{"an alert to clear text", func(conn net.Conn) {
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = conn.Write([]byte{0x15, 3, 3, 0, 2, 2, 10})
		}, exchange.Via{Clear: true}, "refused tls_alert"},
		{"a close to clear text", func(conn net.Conn) { _, _ = conn.Read(make([]byte, 4096)) }, exchange.Via{Clear: true}, "refused closed"},
		{"a reset to clear text", func(conn net.Conn) { _, _ = conn.Read(make([]byte, 10)); reset(conn) }, exchange.Via{Clear: true}, "refused reset"},
		{"an answer to clear text", func(conn net.Conn) {
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = conn.Write([]byte("HTTP/1.1 400 x\r\n\r\n"))
		}, exchange.Via{Clear: true}, "answered 400 "},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := verdict(client(t, serve(t, c.script)).Ask(bounded(t), c.via, get("/"))); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestAListenerThatTakesNoConnectionRefusesNothing(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	a := client(t, l.Addr().String()).Ask(bounded(t), overTLS, get("/"))
	if a.Outcome != evidence.HTTPUnknown || !strings.HasPrefix(a.Reason, "no connection") {
		t.Error(verdict(a))
	}
}

func TestOneConnectionServesManyRequests(t *testing.T) {
	c := client(t, serveTLS(t, ok))
	for range 5 {
		c.Ask(bounded(t), overTLS, get("/"))
	}
	c.Ask(bounded(t), exchange.Via{SNI: "other.example"}, get("/"))
	c.Ask(bounded(t), exchange.Via{SNI: "other.example", Alone: true}, get("/"))
	if connections, requests := c.Sent(); connections != 3 || requests != 7 {
		t.Errorf("%d connections, %d requests", connections, requests)
	}
}

// A listener that closes an idle connection has refused nothing.
func TestARequestOnAConnectionThatEndedIsSentOnceMore(t *testing.T) {
	c := client(t, serveTLS(t, ok, ""))
	for range 3 {
		if got := verdict(c.Ask(bounded(t), overTLS, get("/"))); got != "answered 200 hi" {
			t.Error(got)
		}
	}
	if connections, requests := c.Sent(); connections != 3 || requests != 5 {
		t.Errorf("%d connections, %d requests", connections, requests)
	}
}

// What a length leaves over must not become the next answer.
func TestNoAnswerIsTakenForAnother(t *testing.T) {
	for name, text := range map[string]string{
		"two answers at once":     ok + "HTTP/1.1 403 x\r\nContent-Length: 0\r\n\r\n",
		"two lengths":             "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 50\r\nConnection: close\r\n\r\nhi",
		"a length and chunks":     "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
		"a body too long to skip": "HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n" + strings.Repeat("b", 400000),
	} {
		t.Run(name, func(t *testing.T) {
			c := client(t, serveTLS(t, text))
			for range 2 {
				if a := c.Ask(bounded(t), overTLS, get("/")); a.Status != 200 {
					t.Error(verdict(a))
				}
			}
			if connections, _ := c.Sent(); connections != 2 {
				t.Errorf("%d connections, want one an answer", connections)
			}
		})
	}
}

func TestOnlyReadingMethodsAreSent(t *testing.T) {
	c := client(t, serveTLS(t, ok))
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE", "TRACK", "CONNECT", "get", "", "GET /x HTTP/1.1\r\nHost: y\r\n\r\nGET"} {
		r := get("/")
		r.Method = method
		if a := c.Ask(bounded(t), overTLS, r); a.Outcome != evidence.HTTPUnknown {
			t.Errorf("%q: %s", method, verdict(a))
		}
	}
	if connections, requests := c.Sent(); connections+requests != 0 {
		t.Errorf("%d connections, %d requests", connections, requests)
	}
	r := get("/")
	r.Method = "HEAD"
	for range 2 {
		if a := c.Ask(bounded(t), overTLS, r); a.Status != 200 || len(a.Body) != 0 {
			t.Error(verdict(a))
		}
	}
}

// listening counts what a dialer is told.
type listening struct {
	evidence.Dialer
	heard []int
}

func (l *listening) Heard(status int) {
	l.heard = append(l.heard, status)
	l.Dialer.Heard(status)
}

func TestTheGateHearsEveryAnswerOnce(t *testing.T) {
	for _, c := range []struct {
		name string
		text string
		want []int
	}{
		{"a status", ok, []int{200, 200}},
		{"a status before a broken header", "HTTP/1.1 401 x\r\nA: " + strings.Repeat("b", 9000), []int{401, 401}},
		{"a refusal without status", "", []int{0, 0}},
		{"no answer may have been a 401", "HTTP/1.1 40", []int{401, 401}},
		{"a complaint ends it", "HTTP/1.1 429 x\r\nContent-Length: 0\r\n\r\n", []int{429}},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := target(t, serveTLS(t, c.text))
			d := &listening{Dialer: to.Dial}
			to.Dial = d
			cl := exchange.New(to, to.Endpoints[0], brief)
			defer cl.Close()
			for range 2 {
				cl.Ask(bounded(t), overTLS, get("/"))
			}
			if diff := cmp.Diff(c.want, d.heard); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheEndOfTheRunIsNoRefusal(t *testing.T) {
	ctx, cancel := context.WithCancel(bounded(t))
	address := serve(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 1))
		cancel()
		time.Sleep(50 * time.Millisecond)
	})
	if a := client(t, address).Ask(ctx, overTLS, get("/")); a.Outcome != evidence.HTTPUnknown {
		t.Error(verdict(a))
	}
}

func TestWhatWasSentIsWhatWasSaid(t *testing.T) {
	got := make(chan string, 1)
	address := serve(t, func(conn net.Conn) {
		buffer := make([]byte, 4096)
		n, _ := conn.Read(buffer)
		got <- string(buffer[:n])
	})
	client(t, address).Ask(bounded(t), exchange.Via{Clear: true}, exchange.Request{
		Method: "GET", Path: "https://other.example/x", HTTP10: true,
		Fields: []exchange.Field{{"Host", ""}, {"Host", "b.example"}},
	})
	if want := "GET https://other.example/x HTTP/1.0\r\nHost: \r\nHost: b.example\r\n\r\n"; <-got != want {
		t.Errorf("want %q", want)
	}
}

// accounts is a dialer that holds what it is told to what the listener logs.
type accounts struct {
	evidence.Dialer
	ready, heard, left int
}

func (d *accounts) Ready(ctx context.Context) error {
	if d.ready++; d.ready > d.left {
		return errors.New("enough")
	}
	return d.Dialer.Ready(ctx)
}

func (d *accounts) Heard(status int) {
	if status == 401 {
		d.heard++
	}
	d.Dialer.Heard(status)
}

// A listener that logs a 401 and closes has counted a failed login, and the
// request that is sent again is one more.
func TestARequestThatIsSentAgainIsCountedTwice(t *testing.T) {
	const unauthorized = "HTTP/1.1 401 x\r\nContent-Length: 0\r\n\r\n"
	for _, c := range []struct{ left, ready, heard, sent int }{
		{10, 3, 3, 3},
		{2, 3, 2, 2},
	} {
		to := target(t, serveTLS(t, unauthorized, ""))
		d := &accounts{Dialer: to.Dial, left: c.left}
		to.Dial = d
		cl := exchange.New(to, to.Endpoints[0], brief)
		cl.Ask(bounded(t), overTLS, get("/"))
		a := cl.Ask(bounded(t), overTLS, get("/"))
		cl.Close()
		if _, sent := cl.Sent(); d.ready != c.ready || d.heard != c.heard || sent != c.sent {
			t.Errorf("ready %d, heard 401 %d times, sent %d, want %+v", d.ready, d.heard, sent, c)
		}
		if c.left < c.ready && a.Outcome != evidence.HTTPUnknown {
			t.Error(verdict(a))
		}
	}
}
