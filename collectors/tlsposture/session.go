// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"sync"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
)

// ticketWait bounds the wait for the tickets of TLS 1.3, which come after the
// handshake or not at all.
const ticketWait = 2 * time.Second

// handleSize is the longest ticket that cannot hold a session: the secret that
// it would have to seal is 32 bytes by itself. OpenSSL with tickets switched off
// sends such handles into its own cache in TLS 1.3.
const handleSize = 32

// session is what one complete handshake, and the attempt to resume it, told.
// Facts that need the handshake to finish stay unknown if it did not.
type session struct {
	finished  bool
	requested bool
	stapled   bool
	tickets   evidence.Optional[bool]
	resumed   evidence.Optional[bool]
}

// session completes a handshake of one version and tries to resume it.
func (l *listener) session(ctx context.Context, version uint16) session {
	var s session
	box := &ticketBox{}
	config := l.config(version)
	config.ClientSessionCache = box
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		s.requested = true
		return &tls.Certificate{}, nil
	}
	quiet := false
	_, r := l.exchange(ctx, func(ctx context.Context, w *wire) {
		box.onTicket(func() { w.hurry(time.Now()) })
		conn := tls.Client(w, config)
		if conn.HandshakeContext(ctx) != nil {
			return
		}
		state := conn.ConnectionState()
		s.finished, s.stapled = true, len(state.OCSPResponse) > 0
		// The close makes the other side end too, after whatever it still had
		// to send, so that nothing has to be asked of its application.
		_ = conn.CloseWrite()
		if version == tls13 {
			w.hurry(time.Now().Add(min(ticketWait, l.timeout)))
			_, err := io.Copy(io.Discard, io.LimitReader(conn, maxCapture))
			quiet = err == nil
		}
	})
	box.onTicket(func() {})
	if !s.finished {
		return s
	}
	ticket := box.ticket()
	switch {
	case len(ticket) > handleSize:
		s.tickets = evidence.Known(true, evidence.Observed)
	case len(ticket) > 0, version != tls13, quiet:
		s.tickets = evidence.Known(false, evidence.Observed)
	}
	switch {
	case ticket != nil:
		s.resumed = l.resume(ctx, config)
	case version == tls13 && s.tickets.Known:
		s.resumed = evidence.Known(false, evidence.Observed)
	case version != tls13 && len(r.hello.session) > 0:
		s.resumed = l.resumeByID(ctx, version, r.hello)
	case version != tls13:
		s.resumed = evidence.Known(false, evidence.Observed)
	}
	return s
}

// resume offers the ticket that the configuration's cache holds.
func (l *listener) resume(ctx context.Context, config *tls.Config) evidence.Optional[bool] {
	var resumed evidence.Optional[bool]
	l.exchange(ctx, func(ctx context.Context, w *wire) {
		conn := tls.Client(w, config)
		if conn.HandshakeContext(ctx) == nil {
			resumed = evidence.Known(conn.ConnectionState().DidResume, evidence.Observed)
			_ = conn.CloseWrite()
		}
	})
	return resumed
}

// resumeByID offers the session's number, which a server that resumes echoes
// (RFC 5246, 7.4.1.3). crypto/tls cannot do that.
func (l *listener) resumeByID(ctx context.Context, version uint16, before serverHello) evidence.Optional[bool] {
	h := l.helloOf(version, []uint16{before.suite})
	h.session = before.session
	r := l.hello(ctx, h, false)
	if r.outcome != served {
		return evidence.Optional[bool]{}
	}
	return evidence.Known(bytes.Equal(r.hello.session, before.session), evidence.Observed)
}

// ticketBox is a session cache for one session.
type ticketBox struct {
	mu     sync.Mutex
	state  *tls.ClientSessionState
	signal func()
}

func (b *ticketBox) onTicket(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.signal = f
}

// Get implements tls.ClientSessionCache.
func (b *ticketBox) Get(string) (*tls.ClientSessionState, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state, b.state != nil
}

// Put implements tls.ClientSessionCache.
func (b *ticketBox) Put(_ string, state *tls.ClientSessionState) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if state == nil {
		return
	}
	b.state = state
	b.signal()
}

func (b *ticketBox) ticket() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state == nil {
		return nil
	}
	ticket, _, err := b.state.ResumptionState()
	if err != nil {
		return nil
	}
	return ticket
}
