// SPDX-License-Identifier: Apache-2.0

package dial_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/dial"
)

// patience bounds whatever should end by itself; soon is long enough for a
// thing that must not happen to show, were it to happen.
const (
	patience = 10 * time.Second
	soon     = 50 * time.Millisecond
)

// serve accepts connections on loopback, keeps them open and says nothing.
func serve(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var open []net.Conn
		for {
			c, err := l.Accept()
			if err != nil {
				break
			}
			open = append(open, c)
		}
		for _, c := range open {
			_ = c.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-ended
	})
	return l.Addr().String()
}

// nobody returns a loopback address on which nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

func dialer(t *testing.T, c dial.Config) *dial.Dialer {
	t.Helper()
	if c.Timeout == 0 {
		c.Timeout = patience
	}
	d, err := dial.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func open(t *testing.T, d *dial.Dialer, host string, port int) net.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	c, err := d.DialEndpoint(ctx, host, port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestOnlyADeclaredEndpointIsDialled(t *testing.T) {
	address := serve(t)
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	d := dialer(t, dial.Config{Endpoints: []dial.Endpoint{{Host: "desk.agents.example", Port: 8445, Address: address}}})
	for _, c := range []struct {
		name, host string
		port       int
		declared   bool
	}{
		{"the declared name and port", "desk.agents.example", 8445, true},
		{"the name in other letters", "Desk.AGENTS.example", 8445, true},
		{"another port of the same name", "desk.agents.example", 8446, false},
		{"another name at the same port", "desk-b.agents.example", 8445, false},
		{"the address that the name leads to", "127.0.0.1", port, false},
		{"the name with a final dot", "desk.agents.example.", 8445, false},
		{"no name", "", 8445, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := d.DialEndpoint(t.Context(), c.host, c.port)
			if err == nil {
				defer conn.Close()
			}
			switch {
			case c.declared && err != nil:
				t.Error(err)
			case c.declared && conn.RemoteAddr().String() != address:
				t.Errorf("connected to %s, want %s", conn.RemoteAddr(), address)
			case !c.declared && !errors.Is(err, dial.ErrNotDeclared):
				t.Errorf("got %v, want %v", err, dial.ErrNotDeclared)
			}
		})
	}
}

func TestAnAddressThatWouldHaveToBeResolvedIsRefused(t *testing.T) {
	for _, address := range []string{"localhost:80", "127.0.0.1", "[::1]", "127.0.0.1:http", ":80", "127.0.0.1:99999"} {
		if _, err := dial.New(dial.Config{Endpoints: []dial.Endpoint{{Host: "a", Port: 1, Address: address}}}); err == nil {
			t.Errorf("%q was taken", address)
		}
	}
}

// One name with two addresses, as two edges behind one balancer have: whoever
// dials it would reach one of them and report it as the other.
func TestOneNameWithTwoAddressesIsRefused(t *testing.T) {
	e := dial.Endpoint{Host: "desk.agents.example", Port: 8445, Address: "127.0.0.1:1"}
	other := e
	other.Address = "127.0.0.1:2"
	if _, err := dial.New(dial.Config{Endpoints: []dial.Endpoint{e, other}}); err == nil {
		t.Error("the second address silently replaces the first")
	}
	if _, err := dial.New(dial.Config{Endpoints: []dial.Endpoint{e, e}}); err != nil {
		t.Errorf("the same endpoint twice: %v", err)
	}
}

func TestThePaceOfAListenerIsKept(t *testing.T) {
	const perSecond, connections = 20, 5
	d := dialer(t, dial.Config{Rate: perSecond, Endpoints: []dial.Endpoint{{Host: "a", Port: 1, Address: serve(t)}}})
	start := time.Now()
	for range connections {
		if err := open(t, d, "a", 1).Close(); err != nil {
			t.Fatal(err)
		}
	}
	// The first one is free; each other waits for its turn.
	least := (connections - 1) * time.Second / perSecond
	if took := time.Since(start); took < least {
		t.Errorf("%d connections took %v, want %v at least", connections, took, least)
	}
}

func TestAListenerDoesNotWaitForAnother(t *testing.T) {
	address := serve(t)
	d := dialer(t, dial.Config{
		Rate: 0.001, Parallel: 1,
		Endpoints: []dial.Endpoint{{Host: "a", Port: 1, Address: address}, {Host: "b", Port: 1, Address: address}},
	})
	open(t, d, "a", 1)
	open(t, d, "b", 1)
}

func TestWithoutRateAndParallelNothingWaits(t *testing.T) {
	d := dialer(t, dial.Config{Endpoints: []dial.Endpoint{{Host: "a", Port: 1, Address: serve(t)}}})
	for range 20 {
		open(t, d, "a", 1)
	}
}

func TestAConnectionMoreThanAllowedWaitsForAFreePlace(t *testing.T) {
	d := dialer(t, dial.Config{Parallel: 2, Endpoints: []dial.Endpoint{{Host: "a", Port: 1, Address: serve(t)}}})
	first := open(t, d, "a", 1)
	open(t, d, "a", 1)
	third := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	go func() {
		c, err := d.DialEndpoint(ctx, "a", 1)
		if err == nil {
			err = c.Close()
		}
		third <- err
	}()
	select {
	case err := <-third:
		t.Fatalf("a third connection did not wait: %v", err)
	case <-time.After(soon):
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-third; err != nil {
		t.Errorf("the place was given back, yet: %v", err)
	}
}

func TestAPlaceIsGivenBackOnceAndAlsoByWhatFails(t *testing.T) {
	down := nobody(t)
	d := dialer(t, dial.Config{Parallel: 1, Endpoints: []dial.Endpoint{
		{Host: "down", Port: 1, Address: down}, {Host: "up", Port: 1, Address: serve(t)},
	}})
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		c, err := d.DialEndpoint(ctx, "down", 1)
		cancel()
		if err == nil {
			_ = c.Close()
			t.Fatal("connected to nobody")
		}
		if errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("a refused connection keeps its place: %v", err)
		}
	}
	// Closing twice must not make room for two.
	c := open(t, d, "up", 1)
	_ = c.Close()
	_ = c.Close()
	open(t, d, "up", 1)
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	if c, err := d.DialEndpoint(ctx, "up", 1); err == nil {
		_ = c.Close()
		t.Error("two connections are open where one is allowed")
	}
}

func TestTheContextEndsADialThatWaits(t *testing.T) {
	for _, c := range []struct {
		name   string
		config dial.Config
	}{
		{"for a free place", dial.Config{Parallel: 1}},
		{"for its turn", dial.Config{Rate: 0.001}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.config.Endpoints = []dial.Endpoint{{Host: "a", Port: 1, Address: serve(t)}}
			d := dialer(t, c.config)
			open(t, d, "a", 1)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(soon, cancel)
			conn, err := d.DialEndpoint(ctx, "a", 1)
			if err == nil {
				_ = conn.Close()
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want %v", err, context.Canceled)
			}
			if got := d.Counts(); len(got) != 1 || got[0].Connections != 1 {
				t.Errorf("what never began is counted: %+v", got)
			}
		})
	}
}

func TestTheContextEndsAnOpenConnection(t *testing.T) {
	d := dialer(t, dial.Config{Endpoints: []dial.Endpoint{{Host: "a", Port: 1, Address: serve(t)}}})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c, err := d.DialEndpoint(ctx, "a", 1)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	time.AfterFunc(soon, cancel)
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("reading ended with %v, want %v", err, net.ErrClosed)
	}
}

func TestTheLifetimeEndsAConnectionThatHangs(t *testing.T) {
	d := dialer(t, dial.Config{Lifetime: soon, Endpoints: []dial.Endpoint{{Host: "a", Port: 1, Address: serve(t)}}})
	c := open(t, d, "a", 1)
	start := time.Now()
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("reading ended with %v, want %v", err, os.ErrDeadlineExceeded)
	}
	if took := time.Since(start); took > patience {
		t.Errorf("it took %v", took)
	}
	if _, err := c.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("writing after the lifetime gave %v", err)
	}
}

func TestWhatWasBegunIsCounted(t *testing.T) {
	up, down := serve(t), nobody(t)
	d := dialer(t, dial.Config{Endpoints: []dial.Endpoint{
		{Host: "b.example", Port: 2, Address: up},
		{Host: "b.example", Port: 1, Address: up},
		{Host: "a.example", Port: 9, Address: down},
		{Host: "never.example", Port: 1, Address: up},
	}})
	for range 3 {
		_ = open(t, d, "B.example", 2).Close()
	}
	_ = open(t, d, "b.example", 1).Close()
	if c, err := d.DialEndpoint(t.Context(), "a.example", 9); err == nil {
		_ = c.Close()
		t.Fatal("connected to nobody")
	}
	if c, err := d.DialEndpoint(t.Context(), "undeclared.example", 9); err == nil {
		_ = c.Close()
		t.Fatal("connected to what is not declared")
	}
	want := []dial.Count{{"a.example", 9, 1}, {"b.example", 1, 1}, {"b.example", 2, 3}}
	if diff := cmp.Diff(want, d.Counts()); diff != "" {
		t.Error(diff)
	}
}
