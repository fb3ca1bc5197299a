// SPDX-License-Identifier: Apache-2.0

package exchange_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/postern-audit/postern/collectors/internal/exchange"
	"github.com/postern-audit/postern/internal/dial"
	"github.com/postern-audit/postern/internal/evidence"
)

const (
	desk = "desk-a.agents.example"
	// brief bounds an exchange that must end by itself; patience the test.
	brief    = time.Second
	patience = 20 * time.Second
)

var certificate = sync.OnceValue(func() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{desk}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
})

// serve answers each connection by a script, over loopback.
func serve(t testing.TB, script func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(patience))
				script(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	return l.Addr().String()
}

// serveTLS answers each request, read to its empty line, with the next text; the
// last one is repeated. An empty text closes the connection.
func serveTLS(t testing.TB, texts ...string) string {
	t.Helper()
	return serve(t, func(conn net.Conn) {
		server := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{certificate()}, MinVersion: tls.VersionTLS12})
		defer server.Close()
		r := bufio.NewReader(server)
		for i := 0; ; i++ {
			if !readRequest(r) {
				return
			}
			text := texts[min(i, len(texts)-1)]
			if text == "" {
				return
			}
			if _, err := server.Write([]byte(text)); err != nil {
				return
			}
			if strings.Contains(strings.ToLower(text), "connection: close") {
				return
			}
		}
	})
}

func readRequest(r *bufio.Reader) bool {
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return false
		}
		if line == "\r\n" {
			return true
		}
	}
}

func target(t testing.TB, address string) evidence.Target {
	t.Helper()
	d, err := dial.New(dial.Config{
		Endpoints: []dial.Endpoint{{Host: desk, Port: 8445, Address: address}}, Timeout: 2 * time.Second, Lifetime: patience,
	})
	if err != nil {
		t.Fatal(err)
	}
	return evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a", Site: &evidence.Site{},
		Edge:      &evidence.Edge{Name: "rp-a", Live: evidence.Live{Ports: []string{"8445"}}},
		Endpoints: []evidence.Endpoint{{Host: desk, Port: 8445, HasPort: true}},
		Dial:      d, Vantage: evidence.VantageInternet, Now: time.Now,
	}
}

func client(t testing.TB, address string) *exchange.Client {
	t.Helper()
	to := target(t, address)
	c := exchange.New(to, to.Endpoints[0], brief)
	t.Cleanup(c.Close)
	return c
}

// rude is a dialer without manners, for a listener that is meant to say little.
type rude struct{ evidence.Dialer }

func (rude) Ready(context.Context) error { return nil }
func (rude) Heard(int)                   {}

func bounded(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func get(path string) exchange.Request {
	return exchange.Request{Method: "GET", Path: path, Fields: exchange.Browse(desk, 8445)}
}

var overTLS = exchange.Via{SNI: desk}
