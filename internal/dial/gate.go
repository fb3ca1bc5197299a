// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrGateLeftAlone is wrapped by every error of a gate at which work has ended.
var ErrGateLeftAlone = errors.New("this gate is left alone")

// Manners at a gate. One that counts failed logins bans an address at five of
// them in 30 seconds, and behind a NAT that address is everybody's: an audit
// stays well below.
const (
	// MaxUnauthorized answers of 401 in UnauthorizedWindow are never exceeded.
	MaxUnauthorized    = 3
	UnauthorizedWindow = 30 * time.Second
	// MissesOfBan connects, one after the other, that nobody takes where
	// earlier ones were taken have the shape of a ban.
	MissesOfBan = 3
)

const (
	statusUnauthorized = 401
	statusTeapot       = 418
	statusTooMany      = 429
)

// gate is what one gate, with all its listeners, has made of an audit so far.
type gate struct {
	mu sync.Mutex
	// unauthorized holds the instants at which a 401 was heard, oldest first.
	// pending requests may each turn out to be one.
	unauthorized []time.Time
	pending      int
	changed      chan struct{}

	misses   int
	missedAt time.Time

	left   context.Context
	leave  context.CancelCauseFunc
	leaves sync.Once
}

func newGate() *gate {
	g := &gate{changed: make(chan struct{})}
	g.left, g.leave = context.WithCancelCause(context.Background())
	return g
}

// over returns why work has ended here, or nil.
func (g *gate) over() error {
	if g.left.Err() == nil {
		return nil
	}
	return context.Cause(g.left)
}

func (g *gate) end(reason string) {
	g.leaves.Do(func() { g.leave(fmt.Errorf("%w: %s", ErrGateLeftAlone, reason)) })
}

// Ready waits until one more request may be sent to the gate and takes its
// place; Heard gives the place back. The error is that of the context, or
// wraps ErrGateLeftAlone. With an unlimited rate, for labs, nothing waits.
func (d *Dialer) Ready(ctx context.Context) error {
	g := d.gate
	for {
		if err := g.over(); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("waiting to send a request: %w", err)
		}
		if d.config.Rate <= 0 {
			return nil
		}
		wait, changed := g.place()
		if changed == nil {
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-changed:
		case <-g.left.Done():
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// place takes a place, or tells how long to wait for one at most and what
// closes should one be given back before.
func (g *gate) place() (wait time.Duration, changed <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	for len(g.unauthorized) > 0 && now.Sub(g.unauthorized[0]) > UnauthorizedWindow {
		g.unauthorized = g.unauthorized[1:]
	}
	if len(g.unauthorized)+g.pending < MaxUnauthorized {
		g.pending++
		return 0, nil
	}
	wait = UnauthorizedWindow
	if len(g.unauthorized) > 0 {
		// A millisecond more, so that the oldest one is past the window then.
		wait = g.unauthorized[0].Add(UnauthorizedWindow).Sub(now) + time.Millisecond
	}
	return wait, g.changed
}

// Heard tells the status of the answer to a request that Ready let through, 0
// when the request was refused without one. The first 418 or 429 ends the work
// on the gate. A request that was sent and never answered counts as a 401,
// since it may have been one at the other end: say so here.
func (d *Dialer) Heard(status int) {
	g := d.gate
	g.mu.Lock()
	if g.pending > 0 {
		g.pending--
	}
	if status == statusUnauthorized {
		g.unauthorized = append(g.unauthorized, time.Now())
	}
	close(g.changed)
	g.changed = make(chan struct{})
	g.mu.Unlock()
	if status == statusTeapot || status == statusTooMany {
		g.end(fmt.Sprintf("it answered %d", status))
	}
}

// reached notes a connect that was taken.
func (g *gate) reached() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.misses = 0
}

// missed notes a connect that was not taken at a listener which took one
// before. Connects that wait at the same time count once: a gate that drops
// what comes too fast drops several of them and has banned nobody.
func (g *gate) missed(began time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.misses > 0 && began.Before(g.missedAt) {
		return
	}
	g.misses, g.missedAt = g.misses+1, time.Now()
	if g.misses >= MissesOfBan {
		g.end(fmt.Sprintf("%d connects in a row were not taken where earlier ones were, as after a ban", g.misses))
	}
}
