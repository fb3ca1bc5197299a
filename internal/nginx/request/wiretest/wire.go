// SPDX-License-Identifier: Apache-2.0

package wiretest

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

	"github.com/postern-audit/postern/internal/nginx/request"
)

// Observed is what the client of the real nginx sees.
type Observed struct {
	Status int // 0 without a status line
	Page   int // what the title of nginx's own page says where there is no status line
	// Upstream is the address of the one that got the request, empty for none. Method and
	// Path are what it got; Method is empty for protocols other than HTTP/1.1.
	Upstream, Method, Path string
	Crashed                bool // the worker ended on a signal
}

func (o Observed) String() string {
	if o.Crashed {
		return "crashed"
	}
	if o.Upstream != "" {
		return fmt.Sprintf("forwarded to %s as %q", o.Upstream, o.Path)
	}
	return fmt.Sprintf("status %d", o.Status)
}

var stamp = regexp.MustCompile(`(?i)X-Stamp: (\d) ([0-9a-f]*) ?([A-Z_a-z-]*)\r\n`)

var ownPage = regexp.MustCompile(`^<html>\r\n<head><title>(\d{3}) `)

// Send does what a client does with q.
func (b *Bench) Send(t testing.TB, q request.Request) Observed {
	t.Helper()
	from := net.Dialer{Timeout: 10 * time.Second}
	if ip := net.ParseIP(q.Client); ip != nil {
		from.LocalAddr = &net.TCPAddr{IP: ip}
	}
	plain, err := from.Dial("tcp", net.JoinHostPort(q.Address, strconv.Itoa(q.Port)))
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return Observed{}
	case err != nil:
		t.Error(err)
		return Observed{}
	}
	defer plain.Close()
	defer plain.(*net.TCPConn).SetLinger(0)
	plain.SetDeadline(time.Now().Add(20 * time.Second))
	c := plain
	if q.TLS {
		secure := tls.Client(plain, &tls.Config{InsecureSkipVerify: true, ServerName: q.SNI})
		if err := secure.Handshake(); err != nil {
			return Observed{}
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

// SendAgain repeats a request that got no answer, which may be because another one
// ended the worker of nginx meanwhile.
func (b *Bench) SendAgain(t testing.TB, q request.Request) (o Observed) {
	b.alone.Lock()
	defer b.alone.Unlock()
	for range 3 {
		time.Sleep(100 * time.Millisecond)
		before := b.crashes()
		if o = b.Send(t, q); o.Status != 0 || o.Upstream != "" {
			return o
		}
		time.Sleep(100 * time.Millisecond)
		o.Crashed = b.crashes() > before
	}
	return o
}

// answer reads what decides: the head of a response, or all of one without a head.
func (b *Bench) answer(in io.Reader) (o Observed) {
	var text []byte
	buf := make([]byte, 4<<10)
	for !bytes.HasPrefix(text, []byte("HTTP/1.1 ")) || !bytes.Contains(text, []byte("\r\n\r\n")) {
		n, err := in.Read(buf)
		if text = append(text, buf[:n]...); err != nil {
			break
		}
	}
	if rest, ok := strings.CutPrefix(string(text), "HTTP/1.1 "); ok && len(rest) > 3 {
		o.Status, _ = strconv.Atoi(rest[:3])
	} else if m := ownPage.FindSubmatch(text); m != nil {
		o.Page, _ = strconv.Atoi(string(m[1]))
	}
	if m := stamp.FindSubmatch(text); m != nil {
		i, _ := strconv.Atoi(string(m[1]))
		path, _ := hex.DecodeString(string(m[2]))
		o.Upstream, o.Path, o.Method = b.upstreams[i].Addr().String(), string(path), string(m[3])
	}
	return o
}

// Agrees says whether an outcome may be what was observed. Where the observation is
// mute nothing contradicts it, which is no agreement.
func (o Observed) Agrees(out request.Outcome, q request.Request) bool {
	switch {
	case o.Mute(out, q):
		return true
	case out.Kind == request.Forwarded:
		return len(out.Peers) == 1 && o.Upstream == out.Peers[0] && o.Path == out.Path
	}
	return o.Upstream == "" && (out.Status == o.Status || o.Status == 0 && o.Page != 0 && out.Status == o.Page)
}

// Mute says whether nothing in an observation tells the outcome from another one: a
// request line without a version gets an answer without a status, and with HEAD one
// without anything. An error_page may give nginx's page another status than its own.
func (o Observed) Mute(out request.Outcome, q request.Request) bool {
	simple := q.Version == "0.9" || strings.Contains(q.Target, "\n")
	if !simple || o.Status != 0 || o.Upstream != "" {
		return false
	}
	if out.Kind == request.Forwarded {
		return q.Method == "HEAD"
	}
	return o.Page == 0 || o.Page != out.Status
}
