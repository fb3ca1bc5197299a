// SPDX-License-Identifier: Apache-2.0

package http_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	nethttp "net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/postern-audit/postern/collectors/http"
	"github.com/postern-audit/postern/internal/dial"
	"github.com/postern-audit/postern/internal/evidence"
)

const desk = "desk-a.agents.example"

// rude is a dialer without manners, for what counts no failed logins.
type rude struct{ evidence.Dialer }

func (rude) Ready(context.Context) error { return nil }
func (rude) Heard(int)                   {}

// edge is a target with one listener, or several names for it.
func edge(t testing.TB, address string, others ...string) evidence.Target {
	t.Helper()
	to := evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a",
		Site: &evidence.Site{Nodes: []evidence.Node{{Host: "fin-a.corp.example", Addresses: []string{"10.1.0.11"}}, {Host: "cuic-a.corp.example"}}},
		Edge: &evidence.Edge{
			Name: "rp-a", Live: evidence.Live{Ports: []string{"from-map"}}, Addresses: evidence.EdgeAddresses{Public: []string{"203.0.113.10"}},
		},
		Vantage: evidence.VantageInternet, Now: time.Now,
	}
	var declared []dial.Endpoint
	for _, host := range append([]string{desk}, others...) {
		declared = append(declared, dial.Endpoint{Host: host, Port: 8445, Address: address})
		to.Endpoints = append(to.Endpoints, evidence.Endpoint{Host: host, Port: 8445, HasPort: true})
	}
	d, err := dial.New(dial.Config{Endpoints: declared, Timeout: 2 * time.Second, Lifetime: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	to.Dial = rude{d}
	return to
}

func collect(t testing.TB, to evidence.Target) evidence.Collected {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got, err := http.Collector{Timeout: 2 * time.Second}.Collect(ctx, to)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// listener is the one record of a listener that left nothing open.
func listener(t testing.TB, to evidence.Target) evidence.HTTPListener {
	t.Helper()
	got := collect(t, to)
	for _, gap := range got.Gaps {
		t.Errorf("gap: %s: %s", gap.Subject, gap.Reason)
	}
	if len(got.Sections.HTTP) == 0 {
		t.Fatal("no record")
	}
	return got.Sections.HTTP[0]
}

// facts are the requests of a name, one line each.
func facts(l evidence.HTTPListener, name evidence.HTTPRequestName) []string {
	var out []string
	for _, r := range l.Requests {
		if r.Name != name {
			continue
		}
		line := fmt.Sprintf("%s %s", r.Method, r.Path)
		switch r.Outcome {
		case evidence.HTTPAnswered:
			line += fmt.Sprintf(" %d", r.Status)
		case evidence.HTTPRefused:
			line += " " + string(r.Refusal)
		default:
			line += " unknown: " + r.Reason
		}
		switch {
		case r.Denied:
			line += " denied"
		case !r.DeniedKnown:
			line += " open"
		}
		if !r.Comparable {
			line += " incomparable"
		}
		out = append(out, line)
	}
	return out
}

func request(t testing.TB, l evidence.HTTPListener, path string) evidence.HTTPRequest {
	t.Helper()
	for _, r := range l.Requests {
		if r.Path == path {
			return r
		}
	}
	t.Fatalf("%s was not asked for", path)
	return evidence.HTTPRequest{}
}

// serve answers over TLS and counts connections and requests.
func serve(t testing.TB, handler nethttp.HandlerFunc) (address string, counts func() (connections, requests int)) {
	t.Helper()
	var mu sync.Mutex
	connections, requests := 0, 0
	server := httptest.NewUnstartedServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		mu.Lock()
		requests++
		mu.Unlock()
		handler(w, r)
	}))
	server.Config.ConnState = func(_ net.Conn, s nethttp.ConnState) {
		if s == nethttp.StateNew {
			mu.Lock()
			connections++
			mu.Unlock()
		}
	}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String(), func() (int, int) {
		mu.Lock()
		defer mu.Unlock()
		return connections, requests
	}
}

// program finds a real program. Where one is missing the test is skipped by
// name, except where CI promises that all are there.
func program(t testing.TB, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skipf("needs %s", name)
	}
	for _, candidate := range []string{name, filepath.Join("/usr/sbin", name)} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

// startNginx runs nginx on loopback with servers for ADDRESS.
func startNginx(t testing.TB, servers string) string {
	t.Helper()
	nginx := program(t, "nginx")
	dir := t.TempDir()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{desk}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	for name, text := range map[string][]byte{
		"cert.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		"key.pem":  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
		"nginx.conf": []byte(fmt.Sprintf(`
daemon off; master_process off; pid %[1]s/pid; error_log stderr error;
events { worker_connections 256; }
http {
  access_log off; default_type text/html;
  client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  ssl_certificate %[1]s/cert.pem; ssl_certificate_key %[1]s/key.pem; ssl_protocols TLSv1.2;
  %[2]s
}`, dir, strings.ReplaceAll(servers, "ADDRESS", address))),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var output bytes.Buffer
	command := exec.Command(nginx, "-p", dir, "-c", filepath.Join(dir, "nginx.conf"), "-e", "stderr")
	command.Stderr = &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := tls.DialWithDialer(&net.Dialer{Timeout: time.Second}, "tcp", address, &tls.Config{InsecureSkipVerify: true, ServerName: desk})
		if err == nil {
			_ = conn.Close()
			return address
		}
		if time.Now().After(deadline) {
			t.Fatalf("nginx does not listen: %s", output.String())
		}
	}
}
