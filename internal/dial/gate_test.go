// SPDX-License-Identifier: Apache-2.0

package dial_test

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/postern-audit/postern/internal/dial"
)

// ask takes a place at the gate and gives it back with a status.
func ask(t *testing.T, d *dial.Dialer, status int) {
	t.Helper()
	if err := d.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.Heard(status)
}

func TestNoMoreThanThreeUnauthorizedInAnyThirtySeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := dialer(t, dial.Config{Rate: 100})
		var heard []time.Time
		var mu sync.Mutex
		var askers sync.WaitGroup
		// Four listeners, each answering 401 after a while of its own.
		for i := range 4 {
			askers.Go(func() {
				for range 5 {
					if err := d.Ready(t.Context()); err != nil {
						t.Error(err)
						return
					}
					time.Sleep(time.Duration(i) * 300 * time.Millisecond)
					mu.Lock()
					heard = append(heard, time.Now())
					mu.Unlock()
					d.Heard(401)
				}
			})
		}
		askers.Wait()
		if len(heard) != 20 {
			t.Fatalf("%d requests, want 20", len(heard))
		}
		for i := dial.MaxUnauthorized; i < len(heard); i++ {
			if apart := heard[i].Sub(heard[i-dial.MaxUnauthorized]); apart <= dial.UnauthorizedWindow {
				t.Errorf("%d answers of 401 within %v", dial.MaxUnauthorized+1, apart)
			}
		}
		// They are waited for, not given up, and no longer than needed.
		if took := heard[19].Sub(heard[0]); took > 7*dial.UnauthorizedWindow {
			t.Errorf("20 answers took %v", took)
		}
	})
}

func TestOtherAnswersAreNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := dialer(t, dial.Config{Rate: 100})
		start := time.Now()
		for _, status := range []int{200, 302, 403, 404, 421, 500, 503, 0, 200, 200, 401, 401, 200, 200} {
			ask(t, d, status)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("waited %v", took)
		}
		ask(t, d, 401)
		ask(t, d, 200)
		if took := time.Since(start); took < dial.UnauthorizedWindow {
			t.Errorf("a request after three 401 waited only %v", took)
		}
	})
}

func TestInALabNothingIsHeldBack(t *testing.T) {
	d := dialer(t, dial.Config{})
	for range 10 * dial.MaxUnauthorized {
		ask(t, d, 401)
	}
	ask(t, d, 429)
	if err := d.Ready(t.Context()); !errors.Is(err, dial.ErrGateLeftAlone) {
		t.Errorf("a complaint counts in a lab, too: %v", err)
	}
}

func TestTheContextEndsAWaitForARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := dialer(t, dial.Config{Rate: 100})
		for range dial.MaxUnauthorized {
			ask(t, d, 401)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := d.Ready(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
	})
}

func TestTheFirstComplaintEndsTheWorkAtTheGate(t *testing.T) {
	for _, status := range []int{418, 429} {
		up := serve(t)
		d := dialer(t, dial.Config{Endpoints: []dial.Endpoint{{Host: "a", Port: 1, Address: up}, {Host: "b", Port: 1, Address: up}}})
		open(t, d, "a", 1)
		ask(t, d, status)
		ask200 := d.Ready(t.Context())
		if !errors.Is(ask200, dial.ErrGateLeftAlone) {
			t.Errorf("%d: another request: %v", status, ask200)
		}
		for _, host := range []string{"a", "b"} {
			c, err := d.DialEndpoint(t.Context(), host, 1)
			if err == nil {
				_ = c.Close()
			}
			if !errors.Is(err, dial.ErrGateLeftAlone) {
				t.Errorf("%d: another connection to %s: %v", status, host, err)
			}
		}
		if n := d.Counts()[0].Connections; n != 1 || len(d.Counts()) != 1 {
			t.Errorf("%d: %+v", status, d.Counts())
		}
	}
}

func TestTheEndOfTheWorkReachesThoseThatWait(t *testing.T) {
	d := dialer(t, dial.Config{Rate: 0.001, Parallel: 2, Endpoints: []dial.Endpoint{{Host: "a", Port: 1, Address: serve(t)}}})
	open(t, d, "a", 1)
	for range dial.MaxUnauthorized - 1 {
		ask(t, d, 401)
	}
	if err := d.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 3)
	go func() { ended <- d.Ready(t.Context()) }()
	for range 2 {
		// One waits for its turn, one for a free place.
		go func() {
			_, err := d.DialEndpoint(t.Context(), "a", 1)
			ended <- err
		}()
	}
	time.Sleep(soon)
	d.Heard(429)
	for range 3 {
		select {
		case err := <-ended:
			if !errors.Is(err, dial.ErrGateLeftAlone) {
				t.Error(err)
			}
		case <-time.After(patience):
			t.Fatal("still waiting")
		}
	}
}

func TestARowOfUntakenConnectsEndsTheWork(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := dialer(t, dial.Config{Endpoints: []dial.Endpoint{
		{Host: "banned", Port: 1, Address: l.Addr().String()},
		{Host: "dead", Port: 1, Address: nobody(t)},
		{Host: "up", Port: 1, Address: serve(t)},
	}})
	open(t, d, "banned", 1)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	miss := func(host string) error {
		c, err := d.DialEndpoint(t.Context(), host, 1)
		if err == nil {
			_ = c.Close()
			t.Fatalf("%s is up", host)
		}
		return err
	}
	// A listener that never took a connection says nothing of a ban.
	for range 2 * dial.MissesOfBan {
		if err := miss("dead"); errors.Is(err, dial.ErrGateLeftAlone) {
			t.Fatal(err)
		}
	}
	for range dial.MissesOfBan - 1 {
		miss("banned")
	}
	// A connection that is taken shows that nobody is banned.
	open(t, d, "up", 1)
	for range dial.MissesOfBan {
		if err := miss("banned"); errors.Is(err, dial.ErrGateLeftAlone) {
			t.Fatal(err)
		}
	}
	if err := miss("up"); !errors.Is(err, dial.ErrGateLeftAlone) {
		t.Errorf("after %d misses in a row: %v", dial.MissesOfBan, err)
	}
}

func TestConnectsThatWaitTogetherAreOneMiss(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := dialer(t, dial.Config{Timeout: 300 * time.Millisecond, Endpoints: []dial.Endpoint{{Host: "a", Port: 1, Address: l.Addr().String()}}})
	open(t, d, "a", 1)
	fill(t, l)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if c, err := d.DialEndpoint(t.Context(), "a", 1); err == nil {
				_ = c.Close()
			}
		})
	}
	group.Wait()
	if err := d.Ready(t.Context()); err != nil {
		t.Errorf("eight connects at once that were dropped look like a ban: %v", err)
	}
}

// fill makes a listener drop further connects: nobody accepts, and its queue is
// full.
func fill(t *testing.T, l net.Listener) {
	t.Helper()
	raw, err := l.(*net.TCPListener).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) { _ = syscall.Listen(int(fd), 0) }); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		c, err := net.DialTimeout("tcp", l.Addr().String(), 200*time.Millisecond)
		if err != nil {
			return
		}
		t.Cleanup(func() { _ = c.Close() })
	}
	t.Fatal("the queue does not fill")
}

func TestNoDeadlineOutlastsTheLifetime(t *testing.T) {
	d := dialer(t, dial.Config{Lifetime: soon, Endpoints: []dial.Endpoint{{Host: "a", Port: 1, Address: serve(t)}}})
	c := open(t, d, "a", 1)
	for _, set := range []func(time.Time) error{c.SetDeadline, c.SetReadDeadline} {
		for _, until := range []time.Time{{}, time.Now().Add(time.Hour)} {
			if err := set(until); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("reading ended with %v", err)
			}
		}
	}
}
