// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

// stub is one upstream listener.
type stub struct {
	endpoint string // declared host:port
	listener net.Listener
	server   *http.Server
	done     chan error
}

// soundTLS is what a hardened node speaks.
func soundTLS(certificate tls.Certificate, host string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12, SessionTicketsDisabled: true,
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if !strings.EqualFold(hello.ServerName, host) {
				return nil, fmt.Errorf("no certificate for %q", hello.ServerName)
			}
			return &certificate, nil
		},
	}
}

// outdatedTLS also speaks the retired versions, with CBC suites.
func outdatedTLS(certificate tls.Certificate, host string) *tls.Config {
	c := soundTLS(certificate, host)
	c.MinVersion = tls.VersionTLS10
	c.CipherSuites = append(c.CipherSuites, tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA)
	return c
}

// startStub serves an endpoint on a free loopback port.
func startStub(endpoint string, config *tls.Config, handler http.Handler) (*stub, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("lab: %s: %w", endpoint, err)
	}
	s := &stub{endpoint: endpoint, listener: l, done: make(chan error, 1)}
	s.server = &http.Server{
		Handler: handler, TLSConfig: config, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 30 * time.Second,
		ErrorLog: log.New(io.Discard, "", 0), TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	go func() { s.done <- s.server.ServeTLS(l, "", "") }()
	return s, nil
}

func (s *stub) address() string { return s.listener.Addr().String() }

func (s *stub) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := s.server.Shutdown(ctx); err != nil {
		_ = s.server.Close()
	}
	if err := <-s.done; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("lab: %s: %w", s.endpoint, err)
	}
	return nil
}
