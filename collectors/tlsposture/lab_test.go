// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/dial"
	"github.com/postern-audit/postern/internal/evidence"
)

const (
	deskName = "desk-a.agents.example"
	deskPort = 8445
)

var collectedAt = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// lab is the collector for listeners that limit nothing.
var lab = Collector{Pause: 20 * time.Millisecond}

// program finds a real program. Where one is missing the test is skipped by
// name, except where CI promises that all are there.
func program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if sbin := filepath.Join("/usr/sbin", name); fileExists(sbin) {
			return sbin
		}
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return path
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// target is an edge whose one listener is dialled at an address, as fast as
// the dialer lets.
func target(t testing.TB, address string) evidence.Target {
	t.Helper()
	return paced(t, address, dial.Config{Timeout: 2 * time.Second, Lifetime: 30 * time.Second})
}

func paced(t testing.TB, address string, config dial.Config) evidence.Target {
	t.Helper()
	config.Endpoints = []dial.Endpoint{{Host: deskName, Port: deskPort, Address: address}}
	d, err := dial.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a", Site: &evidence.Site{},
		Edge:      &evidence.Edge{Name: "rp-a", Subject: "edge/rp-a", Live: evidence.Live{Ports: []string{"8445"}}},
		Endpoints: []evidence.Endpoint{{Text: fmt.Sprintf("%s:%d", deskName, deskPort), Host: deskName, Port: deskPort, HasPort: true}},
		Dial:      d, Vantage: evidence.VantageInternet,
		Now: func() time.Time { return collectedAt }, Artifacts: &evidence.Archive{},
	}
}

// collect runs the collector, bounded in time.
func collect(t testing.TB, c Collector, target evidence.Target) evidence.Collected {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	got, err := c.Collect(ctx, target)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// posture is the one record of a listener that left nothing open.
func posture(t testing.TB, c Collector, target evidence.Target) evidence.TLSPosture {
	t.Helper()
	got := collect(t, c, target)
	for _, gap := range got.Gaps {
		t.Errorf("gap: %s: %s", gap.Subject, gap.Reason)
	}
	if len(got.Sections.TLSPosture) != 1 {
		t.Fatalf("got %d records, want 1", len(got.Sections.TLSPosture))
	}
	return got.Sections.TLSPosture[0]
}

// versions maps a record's versions to their answers.
func versions(p evidence.TLSPosture) map[string]evidence.Answer {
	out := map[string]evidence.Answer{}
	for _, v := range p.Versions {
		out[v.Version] = v.Answer
	}
	return out
}

func suitesOf(p evidence.TLSPosture, version string) []string {
	var out []string
	for _, s := range p.Suites {
		if s.Version == version {
			out = append(out, s.Name)
		}
	}
	return out
}

// identity is a key with a certificate for the desk, made anew.
type identity struct {
	certPEM, keyPEM []byte
	der             []byte
	tls             tls.Certificate
}

// newIdentity signs itself, or is signed by an issuer. Its revocation addresses
// all point at one host.
func newIdentity(t testing.TB, key crypto.Signer, revocation string) identity {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: deskName}, DNSNames: []string{deskName},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, BasicConstraintsValid: true,
	}
	if revocation != "" {
		template.CRLDistributionPoints = []string{revocation + "/crl.der"}
		template.OCSPServer = []string{revocation + "/ocsp"}
		template.IssuingCertificateURL = []string{revocation + "/issuer.der"}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	id := identity{
		der:     der,
		certPEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		keyPEM:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	}
	if id.tls, err = tls.X509KeyPair(id.certPEM, id.keyPEM); err != nil {
		t.Fatal(err)
	}
	return id
}

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newRSA(t testing.TB) identity { return newIdentity(t, rsaKey(), "") }

func newECDSA(t testing.TB) identity {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return newIdentity(t, key, "")
}

func (id identity) write(t testing.TB, dir string) (cert, key string) {
	t.Helper()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, text := range map[string][]byte{cert: id.certPEM, key: id.keyPEM} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// freeAddress is a loopback address that nobody listens on now.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// run starts a program and waits until its address answers.
func run(t testing.TB, address, name string, args ...string) {
	t.Helper()
	var output bytes.Buffer
	command := exec.Command(name, args...)
	command.Stdout, command.Stderr = &output, &output
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not listen: %s", name, output.String())
		}
	}
}

// startOpenSSL runs s_server with the identity and further arguments.
func startOpenSSL(t testing.TB, id identity, args ...string) string {
	t.Helper()
	openssl := program(t, "openssl")
	cert, key := id.write(t, t.TempDir())
	address := freeAddress(t)
	run(t, address, openssl, append([]string{"s_server", "-accept", address, "-cert", cert, "-key", key, "-quiet"}, args...)...)
	return address
}

// startNginx runs nginx with one TLS server, whose body is the argument.
func startNginx(t testing.TB, id identity, body string) string {
	t.Helper()
	nginx := program(t, "nginx")
	dir := t.TempDir()
	cert, key := id.write(t, dir)
	address := freeAddress(t)
	conf := fmt.Sprintf(`
daemon off; master_process off; pid %[1]s/nginx.pid; error_log stderr error;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  ssl_certificate %[2]s; ssl_certificate_key %[3]s;
  %[4]s
}`, dir, cert, key, strings.ReplaceAll(body, "ADDRESS", address))
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, address, nginx, "-p", dir, "-c", path, "-e", "stderr")
	return address
}

// configured is what openssl itself says a cipher list holds, by IANA names.
func configured(t testing.TB, version, list string) []string {
	t.Helper()
	out, err := exec.Command(program(t, "openssl"), "ciphers", "-stdname", "-s", version, list).Output()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(string(out)) {
		if fields := strings.Fields(line); len(fields) > 1 {
			names = append(names, fields[0])
		}
	}
	return names
}

// serve answers each connection by a script on a loopback listener.
func serve(t testing.TB, script func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var conns sync.WaitGroup
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
				script(conn)
			})
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-stopped
		conns.Wait()
	})
	return l.Addr().String()
}

// serveTLS answers with crypto/tls until the client closes.
func serveTLS(t testing.TB, config *tls.Config) string {
	t.Helper()
	return serve(t, func(conn net.Conn) {
		server := tls.Server(conn, config)
		if server.Handshake() != nil {
			return
		}
		_, _ = server.Read(make([]byte, 1))
		_ = server.Close()
	})
}
