// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// headBytes bounds the head of a request that an echo reads.
const headBytes = 256 << 10

// echo stands for all upstreams. It answers each request with a number, under which
// it keeps what reached it.
type echo struct {
	tls *tls.Config
	// stamp comes before the number, in a header and in the body. It is another one in
	// each run, so that no configuration can say it by itself.
	stamp string
	lock  sync.Mutex
	hits  []hit
}

// hit is a request that reached an upstream.
type hit struct{ at, target string }

func newEcho(config *tls.Config) *echo {
	return &echo{tls: config, stamp: "X-Postern-" + rand.Text() + ": "}
}

func (e *echo) listen(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("an upstream: %w", err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go e.serve(c, address)
		}
	}()
	return nil
}

// serve answers one request, through TLS when the client begins with it.
func (e *echo) serve(c net.Conn, at string) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(requestTime))
	first := bufio.NewReader(c)
	if b, err := first.Peek(1); err != nil {
		return
	} else if b[0] == 0x16 {
		c = tls.Server(peeked{first, c}, e.tls)
		defer c.Close()
		first = bufio.NewReader(c)
	}
	var head bytes.Buffer
	for !bytes.HasSuffix(head.Bytes(), []byte("\r\n\r\n")) || !bytes.Contains(head.Bytes(), []byte(version)) {
		line, err := first.ReadSlice('\n')
		head.Write(line)
		if err != nil && err != bufio.ErrBufferFull || head.Len() > headBytes {
			return
		}
	}
	mark := e.keep(at, head.String())
	status := 200
	if bytes.Contains(head.Bytes(), []byte("\r\n"+guardHeader+": "+guardRefuses+"\r\n")) {
		status = 401
	}
	line := fmt.Sprintf("%s%d\r\n", e.stamp, mark)
	fmt.Fprintf(c, "HTTP/1.0 %d OK\r\n%sContent-Length: %d\r\n\r\n%s", status, line, len(line), line)
}

// A request with this header is refused by whoever is asked about it. It reaches
// those that auth_request asks, too; the one it is meant for still notes it.
const guardHeader, guardRefuses = "X-Postern-Guard", "refuses"

// version ends the request line that nginx sends. The path before it may hold line
// feeds, where a variable brings them in.
const version = " HTTP/1.0\r\n"

// keep notes a request.
func (e *echo) keep(at, head string) int {
	line, _, _ := strings.Cut(head, version)
	_, target, _ := strings.Cut(line, " ")
	e.lock.Lock()
	defer e.lock.Unlock()
	e.hits = append(e.hits, hit{at, target})
	return len(e.hits) - 1
}

// find is what stands under the number of an answer.
func (e *echo) find(answer string) (hit, bool) {
	_, rest, ok := strings.Cut(answer, e.stamp)
	if !ok {
		return hit{}, false
	}
	n := 0
	if _, err := fmt.Sscanf(rest, "%d\r\n", &n); err != nil {
		return hit{}, false
	}
	e.lock.Lock()
	defer e.lock.Unlock()
	if n < 0 || n >= len(e.hits) {
		return hit{}, false
	}
	return e.hits[n], true
}

// peeked is a connection whose first bytes were looked at.
type peeked struct {
	io.Reader
	net.Conn
}

func (p peeked) Read(b []byte) (int, error) { return p.Reader.Read(b) }
