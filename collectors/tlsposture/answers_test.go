// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/dial"
	"github.com/postern-audit/postern/internal/evidence"
)

// brisk is a collector for listeners that are slow on purpose.
var brisk = Collector{Timeout: 400 * time.Millisecond, Pause: 50 * time.Millisecond}

// hear reads one record, as a server does before it answers.
func hear(conn net.Conn) []byte {
	header := make([]byte, 5)
	if _, err := io.ReadFull(conn, header); err != nil {
		return nil
	}
	body := make([]byte, int(header[3])<<8|int(header[4]))
	if _, err := io.ReadFull(conn, body); err != nil {
		return nil
	}
	return body
}

// serverHelloRecord is a ServerHello of a version that chooses one suite.
func serverHelloRecord(version, suite uint16) []byte {
	body := append([]byte{byte(version >> 8), byte(version)}, make([]byte, 32)...)
	body = append(body, 0, byte(suite>>8), byte(suite), 0)
	message := append([]byte{typeServerHello, 0, 0, byte(len(body))}, body...)
	return append([]byte{recordHandshake, byte(version >> 8), byte(version), 0, byte(len(message))}, message...)
}

func TestOnlyAnAnswerProvesARefusal(t *testing.T) {
	handshakeFailure := []byte{recordAlert, 3, 1, 0, 2, 2, 40}
	all := func(a evidence.Answer) map[string]evidence.Answer {
		return map[string]evidence.Answer{"SSLv3": a, "TLSv1.0": a, "TLSv1.1": a, "TLSv1.2": a, "TLSv1.3": a}
	}
	sslv3 := all(evidence.Refused)
	sslv3["SSLv3"] = evidence.Accepted
	tests := []struct {
		name   string
		script func(net.Conn)
		want   map[string]evidence.Answer
		gap    bool
	}{
		{"an alert to every version", func(c net.Conn) { hear(c); _, _ = c.Write(handshakeFailure) }, all(evidence.Refused), false},
		{"a close after the ClientHello", func(c net.Conn) { hear(c) }, all(evidence.Refused), false},
		{"a reset after the ClientHello", func(c net.Conn) {
			hear(c)
			if tcp, ok := c.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
		}, all(evidence.Refused), false},
		{"an SSLv3 ServerHello to all that is asked", func(c net.Conn) {
			if hello := hear(c); hello != nil {
				_, _ = c.Write(serverHelloRecord(ssl30, 0x000a))
				_, _ = io.Copy(io.Discard, io.LimitReader(c, 1<<16))
			}
		}, sslv3, true},
		{"bytes that are not TLS", func(c net.Conn) { _, _ = io.WriteString(c, "220 ready when you are\r\n"); hear(c) }, all(evidence.AnswerUnknown), true},
		{"a clear text HTTP server", func(c net.Conn) {
			_, _ = c.Read(make([]byte, 4096))
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		}, all(evidence.AnswerUnknown), true},
		{"a record larger than any", func(c net.Conn) {
			hear(c)
			_, _ = c.Write(append([]byte{recordHandshake, 3, 3, 0xff, 0xff}, make([]byte, 0xffff)...))
		}, all(evidence.AnswerUnknown), true},
		{"a handshake message without end", func(c net.Conn) {
			hear(c)
			for range 40 {
				if _, err := c.Write(append([]byte{recordHandshake, 3, 3, 0x40, 0, typeServerHello, 0xff, 0xff, 0xff}, make([]byte, 0x4000-4)...)); err != nil {
					return
				}
			}
		}, all(evidence.AnswerUnknown), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := collect(t, brisk, target(t, serve(t, test.script)))
			if len(got.Sections.TLSPosture) != 1 {
				t.Fatalf("got %d records, want 1; gaps %v", len(got.Sections.TLSPosture), got.Gaps)
			}
			if diff := cmp.Diff(test.want, versions(got.Sections.TLSPosture[0])); diff != "" {
				t.Errorf("versions (-want +got):\n%s", diff)
			}
			if (len(got.Gaps) > 0) != test.gap {
				t.Errorf("gaps: %v, want some: %v", got.Gaps, test.gap)
			}
			for _, v := range got.Sections.TLSPosture[0].Versions {
				if v.Answer != evidence.Accepted && v.Reason == "" {
					t.Errorf("%s: %s without a reason", v.Version, v.Answer)
				}
			}
		})
	}
}

func TestAClearTextServerIsKnownByItsStatus(t *testing.T) {
	got := collect(t, brisk, target(t, serve(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "HTTP/1.1 301 Moved Permanently\r\n\r\n")
	})))
	if diff := cmp.Diff(evidence.Known(301, evidence.Observed), got.Sections.TLSPosture[0].PlainHTTP); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestASilentListenerCostsOneDeadlineAndIsAGap(t *testing.T) {
	tests := []struct {
		name   string
		script func(net.Conn)
	}{
		{"it accepts and says nothing", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }},
		{"it dribbles an answer", func(c net.Conn) {
			for _, b := range serverHelloRecord(tls12, 0xc02f) {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var connections atomic.Int32
			address := serve(t, func(c net.Conn) { connections.Add(1); test.script(c) })
			before := time.Now()
			got := collect(t, Collector{Timeout: time.Second}, target(t, address))
			if took := time.Since(before); took > 1900*time.Millisecond {
				t.Errorf("took %s, want one deadline of a second", took)
			}
			if n := connections.Load(); n > 2 {
				t.Errorf("%d connections, want at most 2", n)
			}
			if len(got.Sections.TLSPosture) != 0 || len(got.Gaps) != 1 {
				t.Fatalf("got %d records and gaps %v, want one gap", len(got.Sections.TLSPosture), got.Gaps)
			}
			if g := got.Gaps[0]; g.Subject != "edge/rp-a/listener/desk-a.agents.example:8445" || !strings.Contains(g.Reason, "within 1s") {
				t.Errorf("gap: %+v", g)
			}
		})
	}
}

func TestAListenerThatCannotBeReachedIsAGap(t *testing.T) {
	got := collect(t, brisk, target(t, freeAddress(t)))
	if len(got.Sections.TLSPosture) != 0 || len(got.Gaps) != 1 || !strings.Contains(got.Gaps[0].Reason, "refused") {
		t.Errorf("got %d records and gaps %v, want one gap", len(got.Sections.TLSPosture), got.Gaps)
	}
}

func TestAVersionThatIsMetWithSilenceStaysUnknown(t *testing.T) {
	config := &tls.Config{Certificates: []tls.Certificate{newRSA(t).tls}}
	address := serve(t, func(c net.Conn) {
		peeked := &peekConn{Conn: c}
		hello := peeked.peek()
		// An inspecting firewall swallows SSL 3.0 and says nothing.
		if len(hello) > 10 && hello[9] == 3 && hello[10] == 0 {
			_, _ = io.Copy(io.Discard, c)
			return
		}
		server := tls.Server(peeked, config)
		if server.Handshake() == nil {
			_, _ = server.Read(make([]byte, 1))
		}
	})
	got := collect(t, brisk, target(t, address))
	if len(got.Sections.TLSPosture) != 1 || len(got.Gaps) != 1 {
		t.Fatalf("got %d records and gaps %v, want one of each", len(got.Sections.TLSPosture), got.Gaps)
	}
	want := map[string]evidence.Answer{
		"SSLv3": evidence.AnswerUnknown, "TLSv1.0": evidence.Refused, "TLSv1.1": evidence.Refused,
		"TLSv1.2": evidence.Accepted, "TLSv1.3": evidence.Accepted,
	}
	if diff := cmp.Diff(want, versions(got.Sections.TLSPosture[0])); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	if want := "stayed open: SSLv3 (no answer within 400ms)"; got.Gaps[0].Reason != want {
		t.Errorf("gap %q, want %q", got.Gaps[0].Reason, want)
	}
}

// peekConn gives back what was looked at.
type peekConn struct {
	net.Conn
	ahead []byte
}

func (p *peekConn) peek() []byte {
	buffer := make([]byte, 4096)
	n, _ := p.Conn.Read(buffer)
	p.ahead = buffer[:n]
	return p.ahead
}

func (p *peekConn) Read(b []byte) (int, error) {
	if len(p.ahead) > 0 {
		n := copy(b, p.ahead)
		p.ahead = p.ahead[n:]
		return n, nil
	}
	return p.Conn.Read(b)
}

func TestAServerThatWarnsAboutANameGoesOn(t *testing.T) {
	config := &tls.Config{Certificates: []tls.Certificate{newRSA(t).tls}, MaxVersion: tls.VersionTLS12}
	address := serve(t, func(c net.Conn) {
		peeked := &peekConn{Conn: c}
		if strings.Contains(string(peeked.peek()), foreignName) {
			_, _ = c.Write([]byte{recordAlert, 3, 3, 0, 2, 1, 112})
		}
		server := tls.Server(peeked, config)
		if server.Handshake() == nil {
			_, _ = server.Read(make([]byte, 1))
		}
	})
	if p := posture(t, brisk, target(t, address)); p.UnknownName.Answer != evidence.Accepted || p.UnknownName.Certificate == "" {
		t.Errorf("unknown name: %+v, want accepted with the certificate", p.UnknownName)
	}
}

func TestAStapleAndHybridGroupsOfAGoServerAreSeen(t *testing.T) {
	cert := newRSA(t).tls
	cert.OCSPStaple = []byte("staple")
	for _, version := range []uint16{tls12, tls13} {
		p := posture(t, brisk, target(t, serveTLS(t, &tls.Config{
			Certificates: []tls.Certificate{cert}, MinVersion: version, MaxVersion: version,
			CurvePreferences: []tls.CurveID{tls.X25519MLKEM768, tls.X25519}, NextProtos: []string{"h2"},
		})))
		if diff := cmp.Diff(evidence.Known(true, evidence.Observed), p.Stapled); diff != "" {
			t.Errorf("stapled (-want +got):\n%s", diff)
		}
		want := []evidence.TLSGroup{{Version: "TLSv1.2", ID: 29, Name: "x25519"}}
		if version == tls13 {
			want = []evidence.TLSGroup{{Version: "TLSv1.3", ID: 4588, Name: "X25519MLKEM768"}, {Version: "TLSv1.3", ID: 29, Name: "x25519"}}
		}
		if diff := cmp.Diff(want, p.Groups); diff != "" {
			t.Errorf("groups (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]evidence.TLSALPN{{Protocol: "h2", Answer: evidence.Accepted}, {Protocol: "http/1.1", Answer: evidence.Refused}}, p.ALPN); diff != "" {
			t.Errorf("application protocols (-want +got):\n%s", diff)
		}
	}
}

func TestTheRunsEndIsRespected(t *testing.T) {
	address := serve(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	target := target(t, address)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	before := time.Now()
	got, err := Collector{}.Collect(ctx, target)
	if err != nil || time.Since(before) > time.Second {
		t.Errorf("took %s, error %v", time.Since(before), err)
	}
	if len(got.Sections.TLSPosture) != 0 || len(got.Gaps) != 1 {
		t.Errorf("got %d records and gaps %v, want one gap", len(got.Sections.TLSPosture), got.Gaps)
	}
}

func TestNoGoroutineOutlivesACollection(t *testing.T) {
	good := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{newRSA(t).tls}})
	mute := serve(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	collect(t, brisk, target(t, good))
	before := runtime.NumGoroutine()
	for range 3 {
		collect(t, brisk, target(t, good))
		collect(t, brisk, target(t, mute))
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before+2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

func TestWhoIsNotContactedIsSaid(t *testing.T) {
	tests := []struct {
		name   string
		change func(*evidence.Target)
		want   string
	}{
		{"an edge without live ports", func(t *evidence.Target) { t.Edge.Live.Ports = nil }, "the edge declares no live ports"},
		{"an offline run", func(t *evidence.Target) { t.Dial = nil }, "not contacted: this run is offline"},
		{"an edge that no name leads to", func(t *evidence.Target) { t.Endpoints = nil }, "no external name of the map could be attributed to this edge"},
		{"a node without live ports", func(t *evidence.Target) { t.Kind, t.Node = evidence.KindNode, &evidence.Node{} }, ""},
		{"the site itself", func(t *evidence.Target) { t.Kind = evidence.KindSite }, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			target := target(t, "127.0.0.1:1")
			test.change(&target)
			got := collect(t, Collector{}, target)
			reason := ""
			if len(got.Gaps) > 0 {
				reason = got.Gaps[0].Reason
			}
			if reason != test.want || len(got.Sections.TLSPosture) > 0 {
				t.Errorf("gap %q, want %q", reason, test.want)
			}
		})
	}
}

func TestALimitedListenerGivesNoWrongFact(t *testing.T) {
	config := &tls.Config{Certificates: []tls.Certificate{newRSA(t).tls}, NextProtos: []string{"http/1.1"}}
	want := posture(t, brisk, target(t, serveTLS(t, config)))
	tests := []struct {
		name string
		// over is what happens to a connection beyond the limit.
		over   func(net.Conn)
		every  time.Duration
		pace   dial.Config
		whole  bool
		bounds Collector
	}{
		{"held in silence, at a pace below the limit", hold, 4 * time.Millisecond, dial.Config{Rate: 100, Parallel: 2}, true, brisk},
		{"held in silence, without a pace", hold, 50 * time.Millisecond, dial.Config{}, false, Collector{Timeout: 300 * time.Millisecond, Pause: 120 * time.Millisecond}},
		{"closed at once, without a pace", func(net.Conn) {}, 20 * time.Millisecond, dial.Config{}, false, Collector{Timeout: 300 * time.Millisecond, Pause: 60 * time.Millisecond}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var last atomic.Int64
			address := serve(t, func(c net.Conn) {
				now := time.Now().UnixNano()
				if before := last.Load(); now-before < int64(test.every) {
					test.over(c)
					return
				}
				last.Store(now)
				server := tls.Server(c, config)
				if server.Handshake() == nil {
					_, _ = server.Read(make([]byte, 1))
				}
			})
			test.pace.Timeout = time.Second
			got := collect(t, test.bounds, paced(t, address, test.pace))
			if test.whole && len(got.Gaps) > 0 {
				t.Errorf("gaps: %v", got.Gaps)
			}
			for _, p := range got.Sections.TLSPosture {
				noWrongFact(t, want, p)
				if complete := len(p.Suites) == len(want.Suites); !complete && len(got.Gaps) == 0 {
					t.Errorf("%d of %d suites, and no gap", len(p.Suites), len(want.Suites))
				}
			}
			if len(got.Sections.TLSPosture)+len(got.Gaps) == 0 {
				t.Error("neither a record nor a gap")
			}
		})
	}
}

func hold(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// noWrongFact compares what is claimed with the truth; unknown is never wrong.
func noWrongFact(t *testing.T, want, got evidence.TLSPosture) {
	t.Helper()
	for i, v := range got.Versions {
		if v.Answer != evidence.AnswerUnknown && v.Answer != want.Versions[i].Answer {
			t.Errorf("%s: %s (%s), truly %s", v.Version, v.Answer, v.Reason, want.Versions[i].Answer)
		}
	}
	for i, a := range got.ALPN {
		if a.Answer != evidence.AnswerUnknown && a.Answer != want.ALPN[i].Answer {
			t.Errorf("%s: %s, truly %s", a.Protocol, a.Answer, want.ALPN[i].Answer)
		}
	}
	for name, pair := range map[string][2]evidence.Optional[bool]{
		"tickets": {got.Tickets, want.Tickets}, "resumption": {got.Resumption, want.Resumption}, "stapled": {got.Stapled, want.Stapled},
		"preference": {got.ServerPreference, want.ServerPreference}, "renegotiation": {got.ClientRenegotiation, want.ClientRenegotiation},
	} {
		if pair[0].Known && pair[0].Value != pair[1].Value {
			t.Errorf("%s: %v, truly %v", name, pair[0].Value, pair[1].Value)
		}
	}
	if got.JARM.Known && got.JARM.Value != want.JARM.Value {
		t.Errorf("JARM %s, truly %s", got.JARM.Value, want.JARM.Value)
	}
	if got.UnknownName.Answer == evidence.Refused && want.UnknownName.Answer != evidence.Refused {
		t.Errorf("unknown name refused: %s", got.UnknownName.Reason)
	}
}

// failingDialer never connects.
type failingDialer struct{ evidence.Dialer }

func (failingDialer) DialEndpoint(context.Context, string, int) (net.Conn, error) {
	return nil, errors.New("no route")
}

func TestADialerThatFailsIsAGap(t *testing.T) {
	target := target(t, "127.0.0.1:1")
	target.Dial = failingDialer{}
	got := collect(t, brisk, target)
	if len(got.Gaps) != 1 || !strings.Contains(got.Gaps[0].Reason, "no route") {
		t.Errorf("gaps: %v", got.Gaps)
	}
}

func TestOneListenersSilenceIsNotAnothers(t *testing.T) {
	good := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{newRSA(t).tls}})
	mute := serve(t, hold)
	target := target(t, good)
	config := dial.Config{Timeout: time.Second, Endpoints: []dial.Endpoint{{Host: deskName, Port: deskPort, Address: good}}}
	for port := 9001; port < 9007; port++ {
		config.Endpoints = append(config.Endpoints, dial.Endpoint{Host: "desk-b.agents.example", Port: port, Address: mute})
		target.Endpoints = append(target.Endpoints, evidence.Endpoint{Host: "desk-b.agents.example", Port: port, HasPort: true})
	}
	d, err := dial.New(config)
	if err != nil {
		t.Fatal(err)
	}
	target.Dial = d
	before := time.Now()
	got := collect(t, brisk, target)
	if took := time.Since(before); took > 4*time.Second {
		t.Errorf("took %s for six silent listeners, four at a time", took)
	}
	if len(got.Sections.TLSPosture) != 1 || got.Sections.TLSPosture[0].Host != deskName || len(got.Gaps) != 6 {
		t.Errorf("got %d records and %d gaps, want 1 and 6", len(got.Sections.TLSPosture), len(got.Gaps))
	}
	for i, g := range got.Gaps {
		if want := evidence.Subject("edge", "rp-a", "listener", target.Endpoints[i+1].Host+":"+strconv.Itoa(9001+i)); g.Subject != want {
			t.Errorf("gap of %s, want %s", g.Subject, want)
		}
	}
}

// countingDialer counts the connections that are open on our side.
type countingDialer struct {
	evidence.Dialer
	open, most atomic.Int32
}

type countedConn struct {
	net.Conn
	closed func()
}

func (c countedConn) Close() error {
	c.closed()
	return c.Conn.Close()
}

func (d *countingDialer) DialEndpoint(ctx context.Context, host string, port int) (net.Conn, error) {
	conn, err := d.Dialer.DialEndpoint(ctx, host, port)
	if err != nil {
		return nil, err
	}
	n := d.open.Add(1)
	for most := d.most.Load(); n > most && !d.most.CompareAndSwap(most, n); most = d.most.Load() {
	}
	return countedConn{conn, sync.OnceFunc(func() { d.open.Add(-1) })}, nil
}

func TestNoMoreConnectionsAreOpenThanTheDialerAllows(t *testing.T) {
	config := &tls.Config{Certificates: []tls.Certificate{newRSA(t).tls}}
	address := serve(t, func(c net.Conn) {
		server := tls.Server(c, config)
		if server.Handshake() == nil {
			_, _ = server.Read(make([]byte, 1))
		}
	})
	target := paced(t, address, dial.Config{Parallel: 1, Timeout: time.Second})
	counted := &countingDialer{Dialer: target.Dial}
	target.Dial = counted
	posture(t, brisk, target)
	if n := counted.most.Load(); n != 1 {
		t.Errorf("%d connections were open at once", n)
	}
	if n := counted.open.Load(); n != 0 {
		t.Errorf("%d connections were left open", n)
	}
}
