// SPDX-License-Identifier: Apache-2.0

// Package dial opens the outbound connections of an audit. It is the only
// package of the auditor that does.
//
// A Dialer reaches declared endpoints and nothing else. It keeps a pace for
// each listener, since the gates that are audited drop what comes too fast,
// bounds every connection by a deadline, and counts what it did, so that a
// report can say what was sent.
//
// Beside the pace of each listener, a Dialer keeps the manners of one gate, the
// host or appliance behind all its endpoints: see Ready, Heard and
// ErrGateLeftAlone. A gate that was made to complain once is left alone, by
// every collector that shares the Dialer.
package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Endpoint is a declared name and port, and where to dial it. With no Address
// the name is resolved by the system.
type Endpoint struct {
	Host    string
	Port    int
	Address string
}

// Config says what may be dialled and how fast. The zero values of Rate,
// Parallel and Timeout are not defaults: see Unlimited and DefaultConfig.
type Config struct {
	Endpoints []Endpoint
	// Rate is new connections a second for each listener; 0 is unlimited, for
	// labs, where answers of 401 are not held back either.
	Rate float64
	// Parallel is the number of open connections for each listener; 0 is
	// unlimited.
	Parallel int
	// Timeout bounds the time to connect, and Lifetime the whole connection.
	Timeout, Lifetime time.Duration
}

// Defaults of the pace: one new connection a second and two open ones, below
// what the published packet limits of a gate let through.
const (
	DefaultRate     = 1.0
	DefaultParallel = 2
	DefaultTimeout  = 5 * time.Second
	DefaultLifetime = 30 * time.Second
)

// ErrNotDeclared is wrapped by the error for an endpoint that the site does
// not declare.
var ErrNotDeclared = errors.New("endpoint is not declared")

// Dialer dials declared endpoints. It is safe for concurrent use.
type Dialer struct {
	gate      *gate
	config    Config
	net       net.Dialer
	listeners map[string]*listener
}

type listener struct {
	endpoint Endpoint
	pace     *rate.Limiter
	slots    chan struct{}
	mu       sync.Mutex
	opened   int
	// taken is set once a connect was taken.
	taken bool
}

// New returns a dialer. The address of an endpoint must be "IP:port"; one
// endpoint cannot have two, since nobody could tell then who answered.
func New(c Config) (*Dialer, error) {
	d := &Dialer{gate: newGate(), config: c, listeners: map[string]*listener{}}
	for _, e := range c.Endpoints {
		if e.Address != "" {
			if _, err := netip.ParseAddrPort(e.Address); err != nil {
				return nil, fmt.Errorf("connect %s to %q: want an address and a port: %w", key(e.Host, e.Port), e.Address, err)
			}
		}
		if other, twice := d.listeners[key(e.Host, e.Port)]; twice {
			if other.endpoint.Address != e.Address {
				return nil, fmt.Errorf("connect %s: two addresses, %q and %q", key(e.Host, e.Port), other.endpoint.Address, e.Address)
			}
			continue
		}
		l := &listener{endpoint: e}
		if c.Rate > 0 {
			l.pace = rate.NewLimiter(rate.Limit(c.Rate), 1)
		}
		if c.Parallel > 0 {
			l.slots = make(chan struct{}, c.Parallel)
		}
		d.listeners[key(e.Host, e.Port)] = l
	}
	return d, nil
}

func key(host string, port int) string {
	return net.JoinHostPort(strings.ToLower(host), strconv.Itoa(port))
}

// DialEndpoint opens a connection to a declared endpoint, after waiting for
// its turn. The connection ends by itself at its deadline or when the context
// does, whichever is first. Once work at the gate has ended, every call fails
// at once, also one that waits, with an error that wraps ErrGateLeftAlone.
func (d *Dialer) DialEndpoint(ctx context.Context, host string, port int) (net.Conn, error) {
	l, ok := d.listeners[key(host, port)]
	if !ok {
		return nil, fmt.Errorf("%s: %w", key(host, port), ErrNotDeclared)
	}
	release, err := d.turn(ctx, l)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key(host, port), err)
	}
	conn, err := d.connect(ctx, l)
	if err != nil {
		release()
		return nil, fmt.Errorf("%s: %w", key(host, port), err)
	}
	bound := &boundConn{Conn: conn, release: release}
	if d.config.Lifetime > 0 {
		bound.end = time.Now().Add(d.config.Lifetime)
		if err := conn.SetDeadline(bound.end); err != nil {
			release()
			return nil, errors.Join(err, conn.Close())
		}
	}
	bound.stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
	return bound, nil
}

// turn waits for a free place at a listener and for its pace.
func (d *Dialer) turn(ctx context.Context, l *listener) (release func(), err error) {
	waiting, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(d.gate.left, stop)()
	release = func() {}
	if l.slots != nil {
		select {
		case l.slots <- struct{}{}:
			release = sync.OnceFunc(func() { <-l.slots })
		case <-waiting.Done():
			if err := d.gate.over(); err != nil {
				return nil, err
			}
			return nil, fmt.Errorf("waiting for a free connection: %w", ctx.Err())
		}
	}
	if l.pace != nil {
		err = l.pace.Wait(waiting)
	}
	if ended := d.gate.over(); ended != nil {
		release()
		return nil, ended
	}
	if err != nil {
		release()
		return nil, fmt.Errorf("waiting for its turn: %w", err)
	}
	return release, nil
}

func (d *Dialer) connect(ctx context.Context, l *listener) (net.Conn, error) {
	address := l.endpoint.Address
	if address == "" {
		address = net.JoinHostPort(l.endpoint.Host, strconv.Itoa(l.endpoint.Port))
	}
	dialer := d.net
	dialer.Timeout = d.config.Timeout
	l.mu.Lock()
	l.opened++
	l.mu.Unlock()
	began := time.Now()
	conn, err := dialer.DialContext(ctx, "tcp", address)
	l.mu.Lock()
	takenBefore := l.taken
	l.taken = l.taken || err == nil
	l.mu.Unlock()
	switch {
	case err == nil:
		d.gate.reached()
	case takenBefore && ctx.Err() == nil:
		d.gate.missed(began)
	}
	return conn, err
}

// boundConn gives its place back when it is closed. No deadline set on it is
// later than the end of its lifetime.
type boundConn struct {
	net.Conn
	end     time.Time
	release func()
	stop    func() bool
}

func (c *boundConn) Close() error {
	c.stop()
	err := c.Conn.Close()
	c.release()
	return err
}

func (c *boundConn) SetDeadline(t time.Time) error     { return c.Conn.SetDeadline(c.bound(t)) }
func (c *boundConn) SetReadDeadline(t time.Time) error { return c.Conn.SetReadDeadline(c.bound(t)) }

func (c *boundConn) SetWriteDeadline(t time.Time) error { return c.Conn.SetWriteDeadline(c.bound(t)) }

func (c *boundConn) bound(t time.Time) time.Time {
	if !c.end.IsZero() && (t.IsZero() || t.After(c.end)) {
		return c.end
	}
	return t
}

// Count is how many connections were begun to a listener.
type Count struct {
	Host        string
	Port        int
	Connections int
}

// Counts lists what was dialled so far, by host and port.
func (d *Dialer) Counts() []Count {
	var out []Count
	for _, l := range d.listeners {
		l.mu.Lock()
		if l.opened > 0 {
			out = append(out, Count{l.endpoint.Host, l.endpoint.Port, l.opened})
		}
		l.mu.Unlock()
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Host != out[j].Host {
			return out[i].Host < out[j].Host
		}
		return out[i].Port < out[j].Port
	})
	return out
}
