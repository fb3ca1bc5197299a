// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

const sampleMap = `# Finesse
fin-a.corp.example:8445=desk-a.agents.example:8445
fin-b.corp.example:8445=desk-b.agents.example:8445
cuic-a.corp.example:8444=desk-a.agents.example:8444
cuic-a.corp.example:8447=docs-a.agents.example:8447
ids-a.corp.example:8553 = desk-a.agents.example:8553
cc-a.corp.example:8445=cloud-a.agents.example:443
ld-a.corp.example:12008=desk-a.agents.example:12008
`

func sampleSurface(tb testing.TB) Surface {
	tb.Helper()
	f, err := os.Open("../policies/paths/finesse-12.6.1.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	s, err := ParseSurface(f)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func mustMap(tb testing.TB, text string) Map {
	tb.Helper()
	m, err := ParseMap(strings.NewReader(text))
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

var sampleNodes = []Node{{Internal: Endpoint{"cc-a.corp.example", 8445}, Component: "cloudconnect"}}

func samplePolicy(tb testing.TB) Policy {
	tb.Helper()
	p, err := NewPolicy(sampleSurface(tb), mustMap(tb, sampleMap), PolicyOptions{Nodes: sampleNodes, Origins: []string{"https://crm.example"}})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// authority makes certificates for one test.
type authority struct {
	tb   testing.TB
	leaf *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(tb testing.TB) *authority {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "root"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		tb.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	a := &authority{tb: tb, leaf: leaf, key: key, pool: x509.NewCertPool()}
	a.pool.AddCert(leaf)
	return a
}

func (a *authority) issue(names ...string) tls.Certificate {
	a.tb.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.tb.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.leaf, &key.PublicKey, a.key)
	if err != nil {
		a.tb.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// arrival is a request as an upstream got it.
type arrival struct {
	Upstream string
	Method   string
	Target   string
	Host     string
	Header   http.Header
	Body     string
	Client   string // common name of the client certificate
}

// stub is an upstream that stamps its answers and remembers what arrived.
type stub struct {
	name    string
	server  *httptest.Server
	mu      sync.Mutex
	arrived []arrival
	answer  http.HandlerFunc
}

func (s *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	got := arrival{Upstream: s.name, Method: r.Method, Target: r.RequestURI, Host: r.Host, Header: r.Header.Clone(), Body: string(body)}
	if len(r.TLS.PeerCertificates) > 0 {
		got.Client = r.TLS.PeerCertificates[0].Subject.CommonName
	}
	s.mu.Lock()
	s.arrived = append(s.arrived, got)
	answer := s.answer
	s.mu.Unlock()
	w.Header().Set("X-Stamp", "stamp-"+s.name)
	w.Header().Set("Server", "secret/1.0")
	if answer != nil {
		answer(w, r)
		return
	}
	fmt.Fprintf(w, "stamp-%s %s", s.name, r.RequestURI)
}

func (s *stub) take() []arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	got := s.arrived
	s.arrived = nil
	return got
}

// scene is a running proxy with its upstreams.
type scene struct {
	tb        testing.TB
	ca        *authority
	stubs     map[string]*stub // by internal endpoint
	addresses map[string]string
	log       *lockedBuffer
	residuals chan Residual
	stop      func()
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newScene(tb testing.TB, adjust func(*Config)) *scene {
	tb.Helper()
	s := &scene{tb: tb, ca: newAuthority(tb), stubs: map[string]*stub{}, addresses: map[string]string{}, log: &lockedBuffer{}, residuals: make(chan Residual, 1000)}
	m := mustMap(tb, sampleMap)
	upstreams := map[string]string{}
	for _, e := range m.Entries() {
		st := &stub{name: e.Internal.String()}
		st.server = httptest.NewUnstartedServer(st)
		st.server.TLS = &tls.Config{Certificates: []tls.Certificate{s.ca.issue(e.Internal.Host)}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: s.ca.pool}
		st.server.Config.ErrorLog = log.New(io.Discard, "", 0)
		st.server.StartTLS()
		tb.Cleanup(st.server.Close)
		s.stubs[st.name] = st
		upstreams[st.name] = st.server.Listener.Addr().String()
	}
	client := s.ca.issue("proxy.dmz.example")
	c := Config{
		Map: m, Surface: sampleSurface(tb), Nodes: sampleNodes, Roots: s.ca.pool, ClientCertificate: &client,
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			to, ok := upstreams[address]
			if !ok {
				return nil, fmt.Errorf("%s is not declared", address)
			}
			return new(net.Dialer).DialContext(ctx, network, to)
		},
		AccessLog: s.log,
		Residual:  func(r Residual) { s.residuals <- r },
		Limits:    Limits{ConnectionsPerPeer: 1000},
	}
	byPort := map[int][]Endpoint{}
	for _, e := range m.Entries() {
		byPort[e.External.Port] = append(byPort[e.External.Port], e.External)
	}
	for _, names := range byPort {
		open, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			tb.Fatal(err)
		}
		l := Listener{Names: names, Open: open}
		for _, n := range names {
			s.addresses[n.String()] = open.Addr().String()
			l.Certificates = append(l.Certificates, s.ca.issue(n.Host))
		}
		c.Listeners = append(c.Listeners, l)
	}
	if adjust != nil {
		adjust(&c)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, c, nil) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				tb.Errorf("proxy ended with %v", err)
			}
		case <-time.After(20 * time.Second):
			tb.Error("proxy did not end")
		}
	})
	tb.Cleanup(s.stop)
	return s
}

// dial opens a TLS connection to an external endpoint.
func (s *scene) dial(external, serverName string, alpn ...string) (*tls.Conn, error) {
	s.tb.Helper()
	raw, err := net.DialTimeout("tcp", s.addresses[external], 5*time.Second)
	if err != nil {
		return nil, err
	}
	_ = raw.SetDeadline(time.Now().Add(10 * time.Second))
	c := tls.Client(raw, &tls.Config{RootCAs: s.ca.pool, ServerName: serverName, NextProtos: alpn})
	if err := c.Handshake(); err != nil {
		raw.Close()
		return nil, err
	}
	return c, nil
}

// raw sends bytes over TLS and gives the statuses of all answers until the proxy
// closes or stays silent for a moment.
func (s *scene) raw(external string, request string) (statuses []int, bodies string) {
	s.tb.Helper()
	host, _, _ := net.SplitHostPort(external)
	c, err := s.dial(external, host)
	if err != nil {
		s.tb.Fatalf("dial %s: %v", external, err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, request); err != nil {
		s.tb.Fatal(err)
	}
	reader := bufio.NewReader(c)
	for {
		wait := 2 * time.Second
		if len(statuses) > 0 {
			wait = 30 * time.Millisecond
		}
		_ = c.SetReadDeadline(time.Now().Add(wait))
		res, err := http.ReadResponse(reader, nil)
		if err != nil {
			return statuses, bodies
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		statuses = append(statuses, res.StatusCode)
		bodies += res.Header.Get("Proxy-Status") + string(body)
	}
}

// arrivals empties all stubs.
func (s *scene) arrivals() []arrival {
	var all []arrival
	for _, st := range s.stubs {
		all = append(all, st.take()...)
	}
	return all
}

// client is a browser-like client that dials every external name at the proxy.
func (s *scene) client(http2 bool) *http.Client {
	var protocols http.Protocols
	protocols.SetHTTP1(!http2)
	protocols.SetHTTP2(http2)
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: s.ca.pool},
		Protocols:       &protocols,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			to, ok := s.addresses[address]
			if !ok {
				return nil, fmt.Errorf("the browser was sent to %s", address)
			}
			return new(net.Dialer).DialContext(ctx, network, to)
		},
	}
	s.tb.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
