// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// wireConn is an accepted connection; closing it gives its place back.
type wireConn struct {
	net.Conn
	link    *link
	release func()
	once    sync.Once
}

func (w *wireConn) Close() error {
	err := w.Conn.Close()
	w.once.Do(w.release)
	return err
}

// accept takes connections until the listener is closed, each in its own goroutine.
func (p *Proxy) accept(ctx context.Context, g *gate, l net.Listener, fronts [2]*front) error {
	var handshakes sync.WaitGroup
	defer handshakes.Wait()
	places := make(chan struct{}, p.limits.Connections)
	pause := 5 * time.Millisecond
	for {
		raw, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			if errors.Is(err, net.ErrClosed) {
				return fmt.Errorf("listener %s closed: %w", l.Addr(), err)
			}
			// Out of descriptors, most likely: wait, for others will close.
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(pause):
			}
			pause = min(2*pause, time.Second)
			continue
		}
		pause = 5 * time.Millisecond
		peer := peerOf(raw)
		select {
		case places <- struct{}{}:
		default:
			p.logger.Warn("connection refused", "peer", peer, "reason", "connections")
			_ = raw.Close()
			continue
		}
		if !p.peers.connect(peer) {
			<-places
			p.logger.Warn("connection refused", "peer", peer, "reason", "connections_per_peer")
			_ = raw.Close()
			continue
		}
		wire := &wireConn{Conn: raw, release: func() { p.peers.disconnect(peer); <-places }}
		handshakes.Go(func() { p.admit(ctx, g, wire, peer, fronts) })
	}
}

func peerOf(c net.Conn) string {
	host, _, err := net.SplitHostPort(c.RemoteAddr().String())
	if err != nil {
		return c.RemoteAddr().String()
	}
	return host
}

// admit shakes hands and gives the connection to the server for its protocol. A
// client that speaks clear text to this port gets no answer at all.
func (p *Proxy) admit(ctx context.Context, g *gate, wire *wireConn, peer string, fronts [2]*front) {
	secure := tls.Server(wire, g.tls)
	ctx, cancel := context.WithTimeout(ctx, p.limits.Handshake)
	defer cancel()
	if err := secure.HandshakeContext(ctx); err != nil {
		var clear tls.RecordHeaderError
		if errors.As(err, &clear) {
			p.access.write(logLine{Time: p.config.Now(), Peer: peer, Port: g.port, Status: PlainHTTP.Status(), Reason: PlainHTTP})
		}
		p.logger.Debug("handshake ended", "peer", peer, "error", err.Error())
		_ = wire.Close()
		return
	}
	state := secure.ConnectionState()
	wire.link = &link{gate: g, peer: peer, serverName: state.ServerName}
	if state.NegotiatedProtocol == "h2" {
		fronts[1].queue.put(secure)
		return
	}
	guarded := &guard{Conn: secure, limits: p.limits, link: wire.link}
	wire.link.guard = guarded
	fronts[0].queue.put(guarded)
}

// queue is a net.Listener fed with connections that are already established.
type queue struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newQueue() *queue {
	return &queue{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (q *queue) put(c net.Conn) {
	select {
	case q.conns <- c:
	case <-q.closed:
		_ = c.Close()
	}
}

func (q *queue) Accept() (net.Conn, error) {
	select {
	case c := <-q.conns:
		return c, nil
	case <-q.closed:
		return nil, http.ErrServerClosed
	}
}

func (q *queue) Close() error {
	q.once.Do(func() { close(q.closed) })
	return nil
}

func (q *queue) Addr() net.Addr { return &net.TCPAddr{} }
