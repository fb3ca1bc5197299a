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
	raw := q.raw()
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
	}
	if m := stamp.FindSubmatch(text); m != nil {
		i, _ := strconv.Atoi(string(m[1]))
		path, _ := hex.DecodeString(string(m[2]))
		o.upstream, o.path = b.upstreams[i].Addr().String(), string(path)
	}
	return o
}

// agrees says whether an outcome is what was observed.
func agrees(out Outcome, o observed, q Request) bool {
	// A request line without a version gets an answer without a status.
	simple := q.Version == "0.9" || strings.Contains(q.Target, "\n")
	if out.Kind == Forwarded {
		if simple && q.Method == "HEAD" && o.upstream == "" && o.status == 0 {
			return true // an answer without head and body: nothing says who made it
		}
		return len(out.Peers) == 1 && o.upstream == out.Peers[0] && o.path == out.Path
	}
	return o.upstream == "" && (out.Status == o.status || simple && o.status == 0)
}
