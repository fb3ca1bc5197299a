// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
)

// parallel is how many handshakes of one listener run at once, where the
// dialer lets that many through.
const parallel = 8

// maxSwallowed is how often silence is looked into. A listener that lets some
// kinds of ClientHello pass unanswered would else cost minutes.
const maxSwallowed = 3

const endedReason = "the run ended first"

// talk holds one conversation over a fresh connection. What it leaves on the
// wire is judged afterwards; it closes nothing.
type talk func(ctx context.Context, w *wire)

// listener is the one place where connections to a listener begin. It tells a
// refusal from a gate that drops what comes too fast: whatever is not a clear
// answer is asked again, slowly, and then compared with a ClientHello that was
// answered before. A listener that no longer answers even that is left alone.
type listener struct {
	target         evidence.Target
	endpoint       evidence.Endpoint
	timeout, pause time.Duration
	slots          chan struct{}

	mu     sync.Mutex
	hellos int
	// control is a ClientHello that got an answer.
	control []byte
	// quit is why nothing more is asked; empty while the listener answers.
	quit string
	slow bool
	next time.Time
	// swallowed counts the conversations that stayed silent twice while others
	// were answered.
	swallowed int

	// doubts lets one unclear answer be looked into at a time. Every connection
	// shares the gate; to look into silence it is held alone.
	doubts sync.Mutex
	gate   sync.RWMutex
}

func newListener(t evidence.Target, e evidence.Endpoint, timeout, pause time.Duration) *listener {
	return &listener{target: t, endpoint: e, timeout: timeout, pause: pause, slots: make(chan struct{}, parallel)}
}

// exchange holds a conversation and returns an answer that can be relied on,
// or one that says why there is none.
func (l *listener) exchange(ctx context.Context, say talk) (*wire, *reply) {
	if reason := l.gaveUp(); reason != "" {
		return &wire{}, &reply{reason: reason}
	}
	w, r := l.once(ctx, say)
	if r.settled() || r.outcome == ended {
		return w, r
	}
	return l.again(ctx, say, w, r)
}

// hello sends one ClientHello and reads the answer to it.
func (l *listener) hello(ctx context.Context, h clientHello, whole bool) *reply {
	_, r := l.exchange(ctx, sendRecord(h.record(), whole))
	return r
}

func sendRecord(record []byte, whole bool) talk {
	return func(_ context.Context, w *wire) {
		if _, err := w.Write(record); err == nil {
			readFlight(w, whole)
			return
		}
		// A listener that resets at once may have answered before.
		readFlight(w, false)
	}
}

// once holds a conversation over one connection and judges what came of it.
func (l *listener) once(ctx context.Context, say talk) (*wire, *reply) {
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
	case <-ctx.Done():
		return &wire{}, l.judge(ctx, &wire{end: cut})
	}
	if reason := l.gaveUp(); reason != "" {
		return &wire{}, &reply{reason: reason}
	}
	if l.wait(ctx) != nil {
		return &wire{}, l.judge(ctx, &wire{end: cut})
	}
	l.gate.RLock()
	defer l.gate.RUnlock()
	return l.connect(ctx, say)
}

// connect is once without waiting for a turn.
func (l *listener) connect(ctx context.Context, say talk) (*wire, *reply) {
	conn, err := l.target.Dial.DialEndpoint(ctx, l.endpoint.Host, l.endpoint.Port)
	if err != nil {
		w := &wire{end: undialled, problem: err}
		return w, l.judge(ctx, w)
	}
	w, giveBack := lend(conn, l.timeout)
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	say(ctx, w)
	stop()
	giveBack()

	r := l.judge(ctx, w)
	w.mu.Lock()
	hellos, first := w.hellos, w.first
	w.mu.Unlock()
	l.mu.Lock()
	l.hellos += hellos
	if l.control == nil && hellos > 0 && (r.outcome == served || r.outcome == alerted) {
		l.control = first
	}
	l.mu.Unlock()
	return w, r
}

// judge reads the answer off the wire.
func (l *listener) judge(ctx context.Context, w *wire) *reply {
	in, end := w.capture()
	r := readFlight(bytes.NewReader(in), true)
	if r.outcome != mute {
		return r
	}
	switch {
	case ctx.Err() != nil:
		r.outcome, r.reason = ended, endedReason
	case end == undialled:
		r.reason = fmt.Sprintf("no connection: %v", w.problem)
	case len(in) > 0 && end == open:
		r.outcome, r.reason = foreign, "the answer makes no TLS handshake"
	case len(in) > 0:
		r.reason = "an answer that broke off"
		if end == silent {
			r.reason = fmt.Sprintf("no full answer within %s", l.timeout)
		}
	case end == closed:
		r.outcome, r.reason = hungUp, "connection closed after the ClientHello"
	case end == reset:
		r.outcome, r.reason = hungUp, "connection reset after the ClientHello"
	case end == open:
		r.reason = "no handshake was begun"
	default:
		r.reason = fmt.Sprintf("no answer within %s", l.timeout)
	}
	return r
}

// again repeats, one at a time and after a pause, what had no clear answer. A
// gate that limits connections lets it through now: from then on the listener
// is asked slowly. A second refusal counts only if a ClientHello that was
// answered before is answered still.
func (l *listener) again(ctx context.Context, say talk, w *wire, r *reply) (*wire, *reply) {
	l.doubts.Lock()
	defer l.doubts.Unlock()
	if reason := l.gaveUp(); reason != "" {
		return &wire{}, &reply{reason: reason}
	}
	if r.outcome == mute {
		if l.swallowed >= maxSwallowed {
			return w, r
		}
		// Silence is what a flood of our own would cause: nothing else is begun
		// until it is understood. A close is mostly just a way to refuse.
		l.gate.Lock()
		defer l.gate.Unlock()
	}
	if sleep(ctx, l.pause) != nil {
		return w, &reply{outcome: ended, reason: endedReason}
	}
	w2, r2 := l.connect(ctx, say)
	if r2.settled() {
		l.slowDown()
		return w2, r2
	}
	if r2.outcome == ended {
		return w2, r2
	}
	l.mu.Lock()
	control := l.control
	l.mu.Unlock()
	if control == nil {
		// Nothing was ever answered: two closed connections are all that this
		// listener has to say, two silent ones are its end.
		if r.outcome != hungUp || r2.outcome != hungUp {
			l.giveUp(r2.reason)
			return w2, &reply{reason: r2.reason}
		}
		return w2, r2
	}
	_, answered := l.connect(ctx, sendRecord(control, false))
	if answered.outcome == ended {
		return w2, answered
	}
	if !answered.settled() {
		l.giveUp(fmt.Sprintf("the listener stopped answering after %d ClientHellos: %s", l.begun(), answered.reason))
		return &wire{}, &reply{reason: l.gaveUp()}
	}
	if r.outcome == mute {
		l.swallowed++
		return w, r
	}
	return w2, r2
}

// wait keeps the distance between connections to a listener that limits them.
func (l *listener) wait(ctx context.Context) error {
	l.mu.Lock()
	var delay time.Duration
	if l.slow {
		delay = max(time.Until(l.next), 0)
		l.next = time.Now().Add(delay + l.pause)
	}
	l.mu.Unlock()
	return sleep(ctx, delay)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *listener) slowDown() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.slow {
		l.slow, l.next = true, time.Now().Add(l.pause)
	}
}

func (l *listener) giveUp(reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.quit == "" {
		l.quit = reason
	}
}

func (l *listener) gaveUp() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.quit
}

// begun is how many ClientHellos were sent so far.
func (l *listener) begun() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.hellos
}

// open makes the first contact. A second attempt starts at half the deadline,
// for a lost packet, and both end with the first one's: a listener that accepts
// and says nothing costs one deadline.
func (l *listener) open(ctx context.Context, attempt func(context.Context) handshake) handshake {
	ctx, cancel := context.WithCancel(ctx)
	results := make(chan handshake, 2)
	run := func() { results <- attempt(ctx) }
	running := 1
	go run()
	timer := time.NewTimer(l.timeout / 2)
	defer timer.Stop()
	var got handshake
	select {
	case got = <-results:
	case <-timer.C:
		running++
		go run()
		got = <-results
	}
	cancel()
	for ; running > 1; running-- {
		if other := <-results; got.reply.outcome == ended && other.reply.outcome != ended {
			got = other
		}
	}
	return got
}
