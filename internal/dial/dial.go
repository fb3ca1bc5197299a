// SPDX-License-Identifier: Apache-2.0

// Package dial opens the outbound connections of an audit. It is the only
// package of the auditor that does.
//
// A Dialer reaches declared endpoints and nothing else. It keeps a pace for
// each listener, since the gates that are audited drop what comes too fast,
// bounds every connection by a deadline, and counts what it did, so that a
// report can say what was sent.
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
	// Rate is new connections a second for each listener; 0 is unlimited,
	// for labs.
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
}

// New returns a dialer. The address of an endpoint must be "IP:port"; one
// endpoint cannot have two, since nobody could tell then who answered.
func New(c Config) (*Dialer, error) {
	d := &Dialer{config: c, listeners: map[string]*listener{}}
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
// does, whichever is first.
func (d *Dialer) DialEndpoint(ctx context.Context, host string, port int) (net.Conn, error) {
	l, ok := d.listeners[key(host, port)]
	if !ok {
		return nil, fmt.Errorf("%s: %w", key(host, port), ErrNotDeclared)
	}
	release := func() {}
	if l.slots != nil {
		select {
		case l.slots <- struct{}{}:
			release = sync.OnceFunc(func() { <-l.slots })
		case <-ctx.Done():
			return nil, fmt.Errorf("%s: waiting for a free connection: %w", key(host, port), ctx.Err())
		}
	}
	if l.pace != nil {
		if err := l.pace.Wait(ctx); err != nil {
			release()
			return nil, fmt.Errorf("%s: waiting for its turn: %w", key(host, port), err)
		}
	}
	address := l.endpoint.Address
	if address == "" {
		address = net.JoinHostPort(l.endpoint.Host, strconv.Itoa(port))
	}
	dialer := d.net
	dialer.Timeout = d.config.Timeout
	l.mu.Lock()
	l.opened++
	l.mu.Unlock()
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		release()
		return nil, fmt.Errorf("%s: %w", key(host, port), err)
	}
	if d.config.Lifetime > 0 {
		if err := conn.SetDeadline(time.Now().Add(d.config.Lifetime)); err != nil {
			release()
			return nil, errors.Join(err, conn.Close())
		}
	}
	bound := &boundConn{Conn: conn, release: release}
	bound.stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
	return bound, nil
}

// boundConn gives its place back when it is closed.
type boundConn struct {
	net.Conn
	release func()
	stop    func() bool
}

func (c *boundConn) Close() error {
	c.stop()
	err := c.Conn.Close()
	c.release()
	return err
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
