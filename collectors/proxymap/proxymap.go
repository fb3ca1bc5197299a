// SPDX-License-Identifier: Apache-2.0

// Package proxymap gathers the proxy map: the table that translates internal
// names and ports into external ones. The master comes from a file, or from
// the server that the nodes load it from, whose certificate must then chain to
// a pinned CA. The copies that nodes show are read by their transcripts.
package proxymap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/postern-audit/postern/collectors/internal/mapgrammar"
	"github.com/postern-audit/postern/internal/evidence"
)

const (
	maxMapBytes = 16 << 20
	maxChain    = 50
	fetchLimit  = 20 * time.Second
)

// Collector reads the map that the site declares.
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "proxymap" }

// Collect implements evidence.Collector.
func (c Collector) Collect(ctx context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if t.Kind != evidence.KindSite {
		return out, nil
	}
	gap := func(reason string) (evidence.Collected, error) {
		out.Gaps = append(out.Gaps, t.Gap(c.Name(), reason, t.Site.DeclaredSource))
		return out, nil
	}
	var art evidence.Artifact
	var err error
	switch where := t.Site.ProxyMap; {
	case where.File != "":
		art, err = t.Files.Read(where.File, maxMapBytes)
	case where.URL != "":
		art, err = c.fetch(ctx, t)
	default:
		return gap("the site declares no proxymap")
	}
	if err != nil {
		return gap(err.Error())
	}
	out.Sections.ProxyMap = []evidence.ProxyMap{mapgrammar.Parse(art.Text, "site", art.Path)}
	return out, nil
}

// keepChain keeps what the map server served, also where it was not trusted: the
// nodes have to trust it as well, and whether they do is judged elsewhere.
func keepChain(t evidence.Target, u *url.URL, resp *http.Response, err error) {
	var served []*x509.Certificate
	var refused *tls.CertificateVerificationError
	switch {
	case err == nil && resp.TLS != nil:
		served = resp.TLS.PeerCertificates
	case errors.As(err, &refused):
		served = refused.UnverifiedCertificates
	}
	port := 443
	if n, err := strconv.Atoi(u.Port()); err == nil {
		port = n
	}
	var text []byte
	for _, c := range served[:min(len(served), maxChain)] {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	if len(text) > 0 {
		t.Artifacts.Add(evidence.ServedChain(t.Subject, u.Hostname(), port), text)
	}
}

// fetch loads the map over the network, from the declared server only: no
// redirect is followed and no name but the URL's is dialled.
func (c Collector) fetch(ctx context.Context, t evidence.Target) (evidence.Artifact, error) {
	where := t.Site.ProxyMap
	u, err := url.Parse(where.URL)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil {
		return evidence.Artifact{}, fmt.Errorf("proxymap.url %q is no http or https URL", where.URL)
	}
	if t.Dial == nil {
		return evidence.Artifact{}, fmt.Errorf("%s: not fetched: this run is offline", where.URL)
	}
	roots := x509.NewCertPool()
	if u.Scheme == "https" {
		if where.CA == "" {
			return evidence.Artifact{}, errors.New("proxymap.ca is missing: name the CA that the map server's certificate chains to")
		}
		ca, err := t.Files.Read(where.CA, maxMapBytes)
		if err != nil {
			return evidence.Artifact{}, err
		}
		if !roots.AppendCertsFromPEM(ca.Text) {
			return evidence.Artifact{}, fmt.Errorf("%s: no certificate in PEM form", where.CA)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, fetchLimit)
	defer cancel()
	transport := &http.Transport{
		Proxy: nil, DisableKeepAlives: true, ResponseHeaderTimeout: fetchLimit,
		MaxResponseHeaderBytes: 64 << 10, DisableCompression: true,
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12, ServerName: u.Hostname()},
		DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			n, err := strconv.Atoi(port)
			if err != nil {
				return nil, err
			}
			return t.Dial.DialEndpoint(ctx, host, n)
		},
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, where.URL, nil)
	if err != nil {
		return evidence.Artifact{}, fmt.Errorf("proxymap.url: %w", err)
	}
	resp, err := client.Do(req)
	keepChain(t, u, resp, err)
	if err != nil {
		return evidence.Artifact{}, fmt.Errorf("fetch the map: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return evidence.Artifact{}, fmt.Errorf("%s: answered %s", where.URL, resp.Status)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxMapBytes+1))
	if err != nil {
		return evidence.Artifact{}, fmt.Errorf("%s: %w", where.URL, err)
	}
	if len(body) > maxMapBytes {
		return evidence.Artifact{}, fmt.Errorf("%s: longer than %d bytes", where.URL, maxMapBytes)
	}
	return t.Artifacts.Add(where.URL, body), nil
}
