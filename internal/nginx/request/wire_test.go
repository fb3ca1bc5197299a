// SPDX-License-Identifier: Apache-2.0

package request

import (
	"bytes"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// observed is what the client of the real nginx sees.
type observed struct {
	status   int // 0 without a status line
	page     int // what the title of nginx's own page says where there is no status line
	upstream string
	path     string
	crashed  bool // the worker ended on a signal
}

func (o observed) String() string {
	if o.crashed {
		return "crashed"
	}
	if o.upstream != "" {
		return fmt.Sprintf("forwarded to %s as %q", o.upstream, o.path)
	}
	return fmt.Sprintf("status %d", o.status)
}

var stamp = regexp.MustCompile(`(?i)X-Stamp: (\d) ([0-9a-f]*)\r\n`)

var ownPage = regexp.MustCompile(`^<html>\r\n<head><title>(\d{3}) `)

// send does what a client does with q.
func (b *bench) send(t testing.TB, q Request) observed {
	t.Helper()
	from := net.Dialer{Timeout: 10 * time.Second}
	if ip := net.ParseIP(q.Client); ip != nil {
		from.LocalAddr = &net.TCPAddr{IP: ip}
	}
	plain, err := from.Dial("tcp", net.JoinHostPort(q.Address, strconv.Itoa(q.Port)))
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return observed{}
	case err != nil:
		t.Error(err)
		return observed{}
	}
	defer plain.Close()
	defer plain.(*net.TCPConn).SetLinger(0)
	plain.SetDeadline(time.Now().Add(20 * time.Second))
	c := plain
	if q.TLS {
		secure := tls.Client(plain, &tls.Config{InsecureSkipVerify: true, ServerName: q.SNI})
		if err := secure.Handshake(); err != nil {
			return observed{}
		}
		c = secure
	}
	raw := q.Raw()
	for _, h := range q.Headers {
		if n, err := strconv.Atoi(h[1]); err == nil && h[0] == "Content-Length" && n < 100 && n > 0 {
			raw += strings.Repeat("b", n)
		}
	}
	io.WriteString(c, raw)
	return b.answer(c)
}

// sendAgain repeats a request that got no answer, which may be because another one
// ended the worker of nginx meanwhile.
func (b *bench) sendAgain(t testing.TB, q Request) (o observed) {
	b.alone.Lock()
	defer b.alone.Unlock()
	for range 3 {
		time.Sleep(100 * time.Millisecond)
		before := b.crashes()
		if o = b.send(t, q); o.status != 0 || o.upstream != "" {
			return o
		}
		time.Sleep(100 * time.Millisecond)
		o.crashed = b.crashes() > before
	}
	return o
}

// answer reads what decides: the head of a response, or all of one without a head.
func (b *bench) answer(in io.Reader) (o observed) {
	var text []byte
	buf := make([]byte, 4<<10)
	for !bytes.HasPrefix(text, []byte("HTTP/1.1 ")) || !bytes.Contains(text, []byte("\r\n\r\n")) {
		n, err := in.Read(buf)
		if text = append(text, buf[:n]...); err != nil {
			break
		}
	}
	if rest, ok := strings.CutPrefix(string(text), "HTTP/1.1 "); ok && len(rest) > 3 {
		o.status, _ = strconv.Atoi(rest[:3])
	} else if m := ownPage.FindSubmatch(text); m != nil {
		o.page, _ = strconv.Atoi(string(m[1]))
	}
	if m := stamp.FindSubmatch(text); m != nil {
		i, _ := strconv.Atoi(string(m[1]))
		path, _ := hex.DecodeString(string(m[2]))
		o.upstream, o.path = b.upstreams[i].Addr().String(), string(path)
	}
	return o
}

// agrees says whether an outcome may be what was observed. Where the observation is
// mute nothing contradicts it, which is no agreement.
func agrees(out Outcome, o observed, q Request) bool {
	switch {
	case mute(out, o, q):
		return true
	case out.Kind == Forwarded:
		return len(out.Peers) == 1 && o.upstream == out.Peers[0] && o.path == out.Path
	}
	return o.upstream == "" && (out.Status == o.status || o.status == 0 && o.page != 0 && out.Status == o.page)
}

// mute says whether nothing in an observation tells the outcome from another one: a
// request line without a version gets an answer without a status, and with HEAD one
// without anything. An error_page may give nginx's page another status than its own.
func mute(out Outcome, o observed, q Request) bool {
	simple := q.Version == "0.9" || strings.Contains(q.Target, "\n")
	if !simple || o.status != 0 || o.upstream != "" {
		return false
	}
	if out.Kind == Forwarded {
		return q.Method == "HEAD"
	}
	return o.page == 0 || o.page != out.Status
}

func TestAnAnswerWithoutAStatusIsNoAgreement(t *testing.T) {
	simple := Request{Method: "GET", Target: "/", Version: "0.9"}
	refused := Outcome{Kind: Refused, Status: 403}
	for _, c := range []struct {
		o             observed
		agrees, tells bool
	}{
		{observed{}, true, false},
		{observed{page: 404}, true, false},
		{observed{page: 403}, true, true},
		{observed{upstream: "a"}, false, true},
		{observed{status: 400}, false, true},
	} {
		if a, m := agrees(refused, c.o, simple), mute(refused, c.o, simple); a != c.agrees || m == c.tells {
			t.Errorf("%+v: agrees %t, tells nothing %t", c.o, a, m)
		}
	}
	if full := (Request{Method: "GET", Target: "/"}); mute(refused, observed{}, full) || agrees(refused, observed{}, full) {
		t.Error("a connection that was closed is no refusal with a status")
	}
}
