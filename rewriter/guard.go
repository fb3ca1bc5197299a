// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"errors"
	"io"
	"net"
	"sync"
)

// guard stands between the wire and net/http on an HTTP/1 connection. net/http
// forgives and hides: it accepts a bare LF, merges repeated headers, drops Host from
// the header map. The guard therefore reads each head itself, by the strict grammar,
// keeps the facts for the handler, and follows the body framing so that it knows
// where the next head begins; net/http never sees a byte of a request before that
// request's head was judged.
//
// A head whose syntax is refused is replaced by refusedHead, after which the
// connection ends for the reader: so the refusal is written by net/http in its turn,
// behind the answers to earlier pipelined requests, and the client's own bytes go
// nowhere. A well-formed request that the surface refuses keeps its connection.
type guard struct {
	net.Conn
	limits Limits
	link   *link

	// Owned by Read, which net/http calls from one goroutine at a time.
	buf     []byte // received, not yet judged
	seen    int    // bytes of buf already searched for the end of the head
	ready   []byte // judged, to be handed on
	left    int64  // of a body with Content-Length
	chunks  chunkScanner
	pending error // what Conn.Read said, due once buf is used up

	mu    sync.Mutex
	mode  guardMode
	heads []judgedHead // in order, taken by the handler
}

type guardMode uint8

const (
	guardHead    guardMode = iota // the next bytes are a request head
	guardLength                   // a body of known length
	guardChunked                  // a chunked body
	guardOpaque                   // behind an upgrade: no longer HTTP
	guardEnded                    // nothing more is handed on
	guardBroken                   // body framing refused
)

// judgedHead is a request with its decision; replaced tells that net/http was given
// refusedHead instead.
type judgedHead struct {
	request  Request
	decision Decision
	replaced bool
}

const refusedHead = "GET / HTTP/1.1\r\nHost: refused.invalid\r\nConnection: close\r\n\r\n"

// guardRead is how much is asked of the connection at once.
const guardRead = 4 << 10

func (g *guard) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if len(g.ready) > 0 {
			n := copy(p, g.ready)
			g.ready = g.ready[n:]
			return n, nil
		}
		mode := g.state()
		switch mode {
		case guardEnded:
			return 0, io.EOF
		case guardBroken:
			return 0, errBodySyntax
		case guardHead:
			if err := g.readHead(); err != nil {
				return 0, err
			}
			continue
		}
		if len(g.buf) == 0 {
			if err := g.fill(); err != nil {
				return 0, err
			}
		}
		// Not beyond p: net/http probes an idle connection with a single byte.
		b := g.buf[:min(len(g.buf), len(p))]
		n, done := len(b), false
		var err error
		switch mode {
		case guardLength:
			n = int(min(int64(n), g.left))
			g.left -= int64(n)
			done = g.left == 0
		case guardChunked:
			if n, done, err = g.chunks.scan(b); err != nil {
				g.move(guardBroken)
			}
		}
		copy(p, b[:n])
		g.buf = g.buf[n:]
		if done {
			g.move(guardHead)
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// fill appends what the connection has. A timeout is passed on and leaves the state
// as it was: net/http interrupts its own probing read that way.
func (g *guard) fill() error {
	if g.pending != nil {
		return g.pending
	}
	var chunk [guardRead]byte
	n, err := g.Conn.Read(chunk[:])
	g.buf = append(g.buf, chunk[:n]...)
	if n == 0 {
		return err
	}
	var timeout net.Error
	if err != nil && (!errors.As(err, &timeout) || !timeout.Timeout()) {
		g.pending = err
	}
	return nil
}

// readHead waits for a whole head, judges it and makes it ready.
func (g *guard) readHead() error {
	for {
		end, refused := headEnd(g.buf, g.seen)
		switch {
		case refused == "" && end == 0 && len(g.buf) < g.limits.HeadBytes:
			// The last three bytes may belong to the end that is still to come.
			g.seen = max(0, len(g.buf)-1)
			if err := g.fill(); err != nil {
				return err
			}
			continue
		case refused == "" && (end == 0 || end > g.limits.HeadBytes):
			refused = HeadTooLarge
		}
		g.seen = 0
		if refused != "" {
			g.refuse(Request{}, refuse(refused))
			return nil
		}
		head := g.buf[:end]
		request, refused := ParseHead(head)
		if refused != "" {
			g.refuse(request, refuse(refused))
			return nil
		}
		request.ServerName, request.Port = g.link.serverName, g.link.gate.port
		d := Decide(g.link.gate.policy, request)
		// Decide looks at the fields first, so these are sound unless it said no.
		f, _ := readFields(&request, g.limits)
		if !d.Allow && !keepsConnection(d) {
			g.refuse(request, d)
			return nil
		}
		g.ready = append([]byte(nil), head...)
		g.buf = append([]byte(nil), g.buf[end:]...)
		g.accept(request, d, f)
		return nil
	}
}

// keepsConnection reports whether another request may follow a refusal: only when the
// refused one was well formed, so that its end is beyond doubt.
func keepsConnection(d Decision) bool {
	switch d.Reason {
	case PathClosed, PathUnlisted, MethodUnlisted, HostUnknown, HostPort, ServerName, TooManyRequests:
		return true
	}
	return false
}

func (g *guard) accept(request Request, d Decision, f fields) {
	next := guardHead
	switch {
	case f.connectionUpgrade || f.upgrade != "":
		next = guardOpaque
	case f.chunked:
		next, g.chunks = guardChunked, chunkScanner{}
	case f.length > 0:
		next, g.left = guardLength, f.length
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.mode = next
	g.heads = append(g.heads, judgedHead{request: request, decision: d})
}

func (g *guard) refuse(request Request, d Decision) {
	g.buf, g.ready = nil, []byte(refusedHead)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.mode = guardEnded
	g.heads = append(g.heads, judgedHead{request: request, decision: d, replaced: true})
}

// next gives the head of the request that the handler serves now. Answers go out in
// order, so the oldest one is meant.
func (g *guard) next() (judgedHead, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.heads) == 0 {
		return judgedHead{}, false
	}
	head := g.heads[0]
	g.heads = g.heads[1:]
	return head, true
}

// end stops handing on bytes. It is called when an upgrade came to nothing: what the
// client sent behind it was never judged as HTTP.
func (g *guard) end() { g.move(guardEnded) }

func (g *guard) broken() bool { return g.state() == guardBroken }

func (g *guard) move(to guardMode) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.mode != guardEnded {
		g.mode = to
	}
}

func (g *guard) state() guardMode {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.mode
}
