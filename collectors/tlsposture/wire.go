// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// maxCapture is how much of what a listener sent is kept to judge its answer:
// a hello, a chain of several large certificates and a key exchange.
const maxCapture = 256 << 10

// ending is how a connection came to its end, as far as the other side decided
// it. It is what tells a refusal from silence.
type ending int

const (
	// open: the other side did not end it.
	open ending = iota
	closed
	reset
	// silent: nothing more came before the deadline.
	silent
	// undialled: there was no connection at all.
	undialled
	// cut: the run itself ended the connection.
	cut
)

// wire is one connection that keeps what came in, so that the answer is judged
// by what the listener sent and not by the wording of a library's error. Its
// deadline is fixed when it is made: the libraries above may not move it.
type wire struct {
	net.Conn
	mu      sync.Mutex
	in      []byte
	first   []byte
	hellos  int
	end     ending
	problem error
}

// lend takes over a fresh connection for some time. The deadline that the
// dialer gave the connection stays, whichever is first.
func lend(conn net.Conn, d time.Duration) (w *wire, giveBack func()) {
	timer := time.AfterFunc(d, func() { _ = conn.SetDeadline(time.Now()) })
	return &wire{Conn: conn}, func() {
		timer.Stop()
		_ = conn.Close()
	}
}

func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	w.mu.Lock()
	if room := maxCapture - len(w.in); room > 0 {
		w.in = append(w.in, p[:min(n, room)]...)
	}
	w.mu.Unlock()
	w.note(err)
	return n, err
}

func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	if beginsClientHello(p) {
		w.hellos++
	}
	if w.first == nil {
		w.first = append([]byte{}, p...)
	}
	w.mu.Unlock()
	n, err := w.Conn.Write(p)
	w.note(err)
	return n, err
}

// beginsClientHello tells the handshakes that are counted: a clear record that
// holds a ClientHello. The second one after a HelloRetryRequest counts too.
func beginsClientHello(p []byte) bool {
	return len(p) > 5 && p[0] == recordHandshake && p[1] == 3 && p[5] == typeClientHello
}

// countHello counts a handshake that the wire cannot see, because it is sealed.
func (w *wire) countHello() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hellos++
}

// note keeps the first ending.
func (w *wire) note(err error) {
	if err == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.end == open {
		w.end, w.problem = endingOf(err), err
	}
}

func endingOf(err error) ending {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return closed
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return reset
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return silent
	}
	return cut
}

// capture returns what came in and how it ended.
func (w *wire) capture() ([]byte, ending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.in, w.end
}

// SetDeadline, SetReadDeadline and SetWriteDeadline change nothing.
func (w *wire) SetDeadline(time.Time) error { return nil }

// SetReadDeadline changes nothing.
func (w *wire) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline changes nothing.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// hurry ends a read that waits for more than is needed.
func (w *wire) hurry(by time.Time) { _ = w.Conn.SetReadDeadline(by) }
