// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"time"
)

// Config is everything a proxy needs. It is read once by New.
type Config struct {
	Listeners         []Listener
	Map               Map
	Surface           Surface
	Nodes             []Node
	Origins           []string         // see PolicyOptions.Origins
	Roots             *x509.CertPool   // trusted for upstreams; required, the machine's own are never used
	ClientCertificate *tls.Certificate // shown to upstreams that ask; optional
	Dial              DialFunc         // nil dials the name of the upstream itself
	MaxVersion        uint16           // newest TLS version offered, as in crypto/tls; 0 means TLS 1.3
	Limits            Limits
	AccessLog         io.Writer      // one JSON object a request; nil discards them
	Residual          func(Residual) // told of internal names that an answer kept; optional, must be safe for concurrent use
	Now               func() time.Time
}

// DialFunc opens a connection to address, the host:port of an internal endpoint.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// Listener is one TLS port and the external endpoints that answer on it. All Names
// share one port: the one the outside uses, whatever Address binds.
type Listener struct {
	Address      string // host:port to bind, unused when Open is set
	Names        []Endpoint
	Certificates []tls.Certificate
	Open         net.Listener // already listening; Serve closes it
}

// Residual tells that internal hosts were left in an answer because the map has no
// single external endpoint for them.
type Residual struct {
	External Endpoint
	Upstream Endpoint
	Template string
	Count    int
}

// Proxy is a reference rewriting proxy, ready to serve.
type Proxy struct {
	config    Config
	limits    Limits
	names     *Rewriter
	gates     []*gate
	peers     *peers
	transport *http.Transport
	reverse   *httputil.ReverseProxy
	access    *accessLog
	logger    *slog.Logger
	errorLog  *log.Logger

	upgraded sync.Map // *upgradedConn -> struct{}, to be closed at the end
}

// gate is a listener with its compiled policy.
type gate struct {
	Listener
	policy Policy
	port   int
	tls    *tls.Config
}

// link is a client connection that completed its handshake.
type link struct {
	gate       *gate
	peer       string // address without port
	serverName string
	guard      *guard // nil on HTTP/2
}

type linkKey struct{}

// New builds a proxy; logger nil discards. It reports every fault of the
// configuration it can find without touching the network.
func New(c Config, logger *slog.Logger) (*Proxy, error) {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{}).DialContext
	}
	p := &Proxy{
		config: c, limits: c.Limits.withDefaults(), names: NewRewriter(c.Map), logger: logger,
		errorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
		access:   &accessLog{out: c.AccessLog},
	}
	p.peers = newPeers(p.limits, c.Now)
	var faults []error
	if c.Roots == nil {
		faults = append(faults, errors.New("no roots: upstreams could not be verified"))
	}
	if len(c.Listeners) == 0 {
		faults = append(faults, errors.New("no listeners"))
	}
	for i, l := range c.Listeners {
		g, err := c.gate(l)
		if err != nil {
			faults = append(faults, fmt.Errorf("listener %d: %w", i+1, err))
			continue
		}
		p.gates = append(p.gates, g)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	p.reverse = p.newReverse()
	return p, nil
}

func (c Config) gate(l Listener) (*gate, error) {
	if len(l.Names) == 0 {
		return nil, errors.New("no names")
	}
	for _, name := range l.Names {
		if name.Port != l.Names[0].Port {
			return nil, fmt.Errorf("%s and %s: names of one listener share one port", l.Names[0], name)
		}
	}
	policy, err := NewPolicy(c.Surface, c.Map, PolicyOptions{Nodes: c.Nodes, Names: l.Names, Origins: c.Origins, Limits: c.Limits})
	if err != nil {
		return nil, err
	}
	g := &gate{Listener: l, policy: policy, port: l.Names[0].Port}
	byName := map[string]*tls.Certificate{}
	for _, name := range l.Names {
		for i := range l.Certificates {
			if leaf, err := leafOf(&l.Certificates[i]); err == nil && leaf.VerifyHostname(name.Host) == nil {
				byName[name.Host] = &l.Certificates[i]
				break
			}
		}
		if byName[name.Host] == nil {
			return nil, fmt.Errorf("%s: no certificate for this name", name)
		}
	}
	g.tls = &tls.Config{
		MinVersion: tls.VersionTLS12,
		MaxVersion: c.MaxVersion,
		// Forward secrecy and authenticated encryption only, and no tickets,
		// whose key would outlive every session.
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
		SessionTicketsDisabled: true,
		NextProtos:             []string{"h2", "http/1.1"},
		// No certificate for a stranger's name: crypto/tls then ends the handshake
		// with the alert unrecognized_name.
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			return byName[asciiLower(hello.ServerName)], nil
		},
	}
	return g, nil
}

func leafOf(c *tls.Certificate) (*x509.Certificate, error) {
	if c.Leaf != nil {
		return c.Leaf, nil
	}
	if len(c.Certificate) == 0 {
		return nil, errors.New("empty certificate")
	}
	return x509.ParseCertificate(c.Certificate[0])
}

// Run builds a proxy and serves until ctx is done.
func Run(ctx context.Context, c Config, logger *slog.Logger) error {
	p, err := New(c, logger)
	if err != nil {
		return err
	}
	return p.Serve(ctx)
}

// Serve opens the listeners and serves until ctx is done; then it lets requests in
// flight finish for Limits.Grace and closes everything. It returns nil after an
// orderly end. A Proxy serves once.
func (p *Proxy) Serve(ctx context.Context) error {
	listeners := make([]net.Listener, len(p.gates))
	for i, g := range p.gates {
		if listeners[i] = g.Open; g.Open != nil {
			continue
		}
		var err error
		if listeners[i], err = new(net.ListenConfig).Listen(ctx, "tcp", g.Address); err != nil {
			for _, open := range listeners[:i] {
				_ = open.Close()
			}
			return fmt.Errorf("listener %d: %w", i+1, err)
		}
	}
	var http1, http2 http.Protocols
	http1.SetHTTP1(true)
	http2.SetHTTP2(true)
	fronts := [...]*front{p.newFront(&http1), p.newFront(&http2)}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var running sync.WaitGroup
	for _, f := range fronts {
		running.Go(func() {
			if err := f.server.Serve(f.queue); !errors.Is(err, http.ErrServerClosed) {
				stop(fmt.Errorf("serving: %w", err))
			}
		})
	}
	for i, g := range p.gates {
		p.logger.Info("listening", "address", listeners[i].Addr().String(), "port", g.port)
		running.Go(func() {
			if err := p.accept(ctx, g, listeners[i], fronts); err != nil {
				stop(err)
			}
		})
	}
	<-ctx.Done()
	for _, l := range listeners {
		_ = l.Close()
	}
	p.wind(fronts[:])
	running.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) && !errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return nil
}

// wind ends the serving: politely for the grace time, then for good.
func (p *Proxy) wind(fronts []*front) {
	grace, cancel := context.WithTimeout(context.Background(), p.limits.Grace)
	defer cancel()
	p.closeUpgraded()
	var ending sync.WaitGroup
	for _, f := range fronts {
		ending.Go(func() {
			if f.server.Shutdown(grace) != nil {
				_ = f.server.Close()
			}
		})
	}
	ending.Wait()
	p.closeUpgraded()
	p.transport.CloseIdleConnections()
}

// closeUpgraded ends the connections that the servers do not know any more.
func (p *Proxy) closeUpgraded() {
	p.upgraded.Range(func(key, _ any) bool {
		_ = key.(*upgradedConn).Close()
		return true
	})
}

// front is one net/http server and the queue of connections it serves.
type front struct {
	server *http.Server
	queue  *queue
}

func (p *Proxy) newFront(protocols *http.Protocols) *front {
	return &front{
		queue: newQueue(),
		server: &http.Server{
			Handler: http.HandlerFunc(p.serve),
			// "OPTIONS *" is judged like everything else.
			DisableGeneralOptionsHandler: true,
			Protocols:                    protocols,
			ReadHeaderTimeout:            p.limits.Header,
			ReadTimeout:                  p.limits.Body,
			IdleTimeout:                  p.limits.Idle,
			MaxHeaderBytes:               p.limits.HeadBytes,
			HTTP2:                        &http.HTTP2Config{MaxConcurrentStreams: p.limits.StreamsPerConnection},
			ErrorLog:                     p.errorLog,
			ConnContext: func(ctx context.Context, c net.Conn) context.Context {
				return context.WithValue(ctx, linkKey{}, linkOf(c))
			},
		},
	}
}

// linkOf finds what admit knew about a connection.
func linkOf(c net.Conn) *link {
	if g, ok := c.(*guard); ok {
		return g.link
	}
	if t, ok := c.(*tls.Conn); ok {
		if w, ok := t.NetConn().(*wireConn); ok {
			return w.link
		}
	}
	return nil
}
