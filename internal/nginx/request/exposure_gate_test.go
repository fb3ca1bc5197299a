// SPDX-License-Identifier: Apache-2.0

package request_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// arrival is a request as an upstream got it.
type arrival struct{ upstream, method, path string }

// echoes are the upstreams of all gates. They stamp their answers with their name
// and the path that they got.
type echoes struct {
	addresses   map[string]string
	certificate tls.Certificate
	mu          sync.Mutex
	arrivals    []arrival
	answer      answer
}

func newEchoes(t *testing.T, l exposureList) *echoes {
	t.Helper()
	e := &echoes{addresses: map[string]string{}, certificate: selfSigned(t)}
	for _, u := range l.Upstreams {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { listener.Close() })
		e.addresses[u.Name] = listener.Addr().String()
		go func() {
			for {
				c, err := listener.Accept()
				if err != nil {
					return
				}
				go e.serve(c, u.Name)
			}
		}()
	}
	return e
}

// peeked is a connection of which some bytes were looked at.
type peeked struct {
	net.Conn
	r *bufio.Reader
}

func (p peeked) Read(b []byte) (int, error) { return p.r.Read(b) }

func (e *echoes) serve(c net.Conn, name string) {
	defer func() { c.Close() }()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	r := bufio.NewReader(c)
	if first, err := r.Peek(1); err == nil && first[0] == 0x16 {
		c = tls.Server(peeked{c, r}, &tls.Config{Certificates: []tls.Certificate{e.certificate}})
		r = bufio.NewReader(c)
	}
	head := ""
	for !strings.HasSuffix(head, "\r\n\r\n") {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		head += line
	}
	line, _, _ := strings.Cut(head, " HTTP/1.")
	method, path, _ := strings.Cut(line, " ")
	e.mu.Lock()
	e.arrivals = append(e.arrivals, arrival{name, method, path})
	special := e.answer
	e.mu.Unlock()
	status, more := 200, ""
	switch {
	case name == special.Upstream:
		status = special.Status
		if special.Redirect != "" {
			more = "X-Accel-Redirect: " + special.Redirect + "\r\n"
		}
	case name == "authenticator" && !strings.Contains(head, "\r\nAuthorization: Bearer agent\r\n"):
		status = 401
	}
	fmt.Fprintf(c, "HTTP/1.0 %d Echo\r\n%sX-Stamp: %s %s\r\nContent-Length: 0\r\n\r\n", status, more, name, hex.EncodeToString([]byte(path)))
}

// set says what an upstream answers from now on.
func (e *echoes) set(a answer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answer = a
}

func (e *echoes) take() []arrival {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := e.arrivals
	e.arrivals = nil
	return list
}

// selfSigned is a certificate for servers that nobody verifies.
func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}, &x509.Certificate{}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func requireNginx(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("nginx"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("nginx is required: %v", err)
		}
		t.Skipf("nginx is not here: %v", err)
	}
}

// gate is one fixture in a directory of its own, with the addresses of this machine.
type gate struct {
	*echoes
	dir   string
	ports map[int]int
	// scripted says that Lua decides too.
	scripted bool
	config   *nginx.Config
	models   map[int]*request.Model // by what a guard answers
}

var (
	listens    = regexp.MustCompile(`\blisten ((?:[0-9.]+:)?)([0-9]+)`)
	groups     = regexp.MustCompile(`upstream (\w+) \{ server [a-z0-9.:-]+`)
	httpBlocks = regexp.MustCompile(`(?m)^http \{`)
)

// openGate copies a fixture, puts mended lines into it (by "file:line") and starts
// nginx on it.
func (e *echoes) openGate(t *testing.T, folder, file string, mended map[string]string) *gate {
	t.Helper()
	g := &gate{echoes: e, dir: t.TempDir(), ports: map[int]int{}, models: map[int]*request.Model{}}
	root, _ := strings.CutSuffix(file, "/nginx.conf")
	top := exposures + folder + "/" + root
	err := filepath.WalkDir(top, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		inner := strings.TrimPrefix(strings.TrimPrefix(name, filepath.Clean(top)), "/")
		if inner == "" {
			inner = "nginx.conf"
		}
		g.scripted = g.scripted || strings.HasSuffix(inner, ".lua")
		g.put(t, inner, g.rendered(t, string(text), strings.TrimPrefix(name, filepath.Clean(exposures+folder)+"/"), mended))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(e.certificate.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	g.put(t, "edge.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: e.certificate.Certificate[0]})))
	g.put(t, "edge.key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	g.put(t, "users", "agent:{PLAIN}agent\n")
	g.put(t, "html/pictures/logo.png", "a picture")
	g.put(t, secretFile, secret)
	tree := nginx.Load(os.DirFS(g.dir), "", "nginx.conf")
	for _, e := range tree.Errors {
		t.Fatal(e)
	}
	g.config = nginx.Effective(tree, nginx.Version{Major: 1, Minor: 22, Patch: 1})
	g.run(t)
	return g
}

// run starts nginx and waits until it listens everywhere.
func (g *gate) run(t *testing.T) {
	t.Helper()
	directives := "daemon off; master_process off; pid nginx.pid; error_log stderr crit;"
	if g.scripted {
		directives = luaModule(t) + directives
	}
	cmd := exec.Command("nginx", "-p", g.dir, "-c", "nginx.conf", "-e", "stderr", "-g", directives)
	var out strings.Builder
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { cmd.Process.Kill(); <-ended })
	for _, port := range g.ports {
		for {
			c, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port))
			if err == nil {
				c.Close()
				break
			}
			select {
			case err := <-ended:
				ended <- err
				t.Fatalf("nginx refuses the gate: %s", out.String())
			case <-time.After(2 * time.Millisecond):
			}
		}
	}
}

func (g *gate) put(t *testing.T, name, text string) {
	t.Helper()
	name = filepath.Join(g.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// rendered is a file of a fixture with the addresses of this machine; its lines
// stay where they are.
func (g *gate) rendered(t *testing.T, text, name string, mended map[string]string) string {
	t.Helper()
	lines := strings.Split(text, "\n")
	for i := range lines {
		if m, ok := mended[fmt.Sprintf("%s:%d", name, i+1)]; ok {
			lines[i] = m
		}
	}
	text = listens.ReplaceAllStringFunc(strings.Join(lines, "\n"), func(s string) string {
		m := listens.FindStringSubmatch(s)
		port, _ := strconv.Atoi(m[2])
		if g.ports[port] == 0 {
			g.ports[port] = freePort(t)
		}
		address := m[1]
		if address == "" {
			address = "127.0.0.1:"
		}
		return "listen " + address + strconv.Itoa(g.ports[port])
	})
	text = groups.ReplaceAllStringFunc(text, func(s string) string {
		u := groups.FindStringSubmatch(s)[1]
		return "upstream " + u + " { server " + g.addresses[u]
	})
	places := "http { access_log off;"
	for _, p := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		places += " " + p + "_temp_path temp_" + p + ";"
	}
	return httpBlocks.ReplaceAllString(text, places)
}

// luaModule loads Lua where nginx keeps its modules.
func luaModule(t *testing.T) string {
	t.Helper()
	for _, dir := range []string{"/usr/share/nginx/modules", "/usr/lib/nginx/modules", "/usr/lib64/nginx/modules"} {
		if _, err := os.Stat(filepath.Join(dir, "ngx_http_lua_module.so")); err == nil {
			return fmt.Sprintf("load_module %s/ndk_http_module.so; load_module %s/ngx_http_lua_module.so; ", dir, dir)
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("the Lua module of nginx is required")
	}
	t.Skip("the Lua module of nginx is not here")
	return ""
}

func (g *gate) request(w witness) request.Request {
	return request.Request{
		Address: w.Address, Port: g.ports[w.Port], TLS: w.TLS, SNI: w.SNI, Version: w.Version, Client: w.Client,
		Host: w.Host, Method: w.Method, Target: w.Target, Headers: w.Headers,
	}
}

var named = regexp.MustCompile(`X-Stamp: (\w+) ([0-9a-f]*)\r\n`)

// ask sends a request to the real nginx.
func (g *gate) ask(t *testing.T, w witness) (at reached, text string) {
	t.Helper()
	address := w.Address
	if address == "" {
		address = "127.0.0.1"
	}
	c, err := net.Dial("tcp", net.JoinHostPort(address, strconv.Itoa(g.ports[w.Port])))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	if w.TLS {
		c = tls.Client(c, &tls.Config{InsecureSkipVerify: true, ServerName: w.SNI})
	}
	version := w.Version
	if version == "" {
		version = "1.1"
	}
	raw := w.Method + " " + w.Target + " HTTP/" + version + "\r\nConnection: close\r\n"
	if w.Host != nil {
		raw += "Host: " + *w.Host + "\r\n"
	}
	for _, h := range w.Headers {
		raw += h[0] + ": " + h[1] + "\r\n"
	}
	raw += "\r\n"
	for _, h := range w.Headers {
		if n, _ := strconv.Atoi(h[1]); h[0] == "Content-Length" {
			raw += strings.Repeat("b", n)
		}
	}
	io.WriteString(c, raw)
	bytes, _ := io.ReadAll(c)
	if m := named.FindStringSubmatch(string(bytes)); m != nil {
		path, _ := hex.DecodeString(m[2])
		at = reached{Upstream: m[1], Path: string(path)}
	}
	return at, string(bytes)
}

// predict is what the model makes of a request.
func (g *gate) predict(w witness) (reached, request.Outcome) {
	status := 401
	switch {
	case g.answer.Upstream == "authenticator":
		status = g.answer.Status
	case slices.Contains(w.Headers, credentials):
		status = 200
	}
	if g.models[status] == nil {
		g.models[status] = request.New(g.config, request.Options{Files: os.DirFS("/"), Prefix: g.dir, Answer: func(string, string) int { return status }})
	}
	out := g.models[status].Handle(g.request(w))
	if out.Kind != request.Forwarded {
		return reached{}, out
	}
	_, upstream, _ := strings.Cut(out.Upstream, "://")
	return reached{Upstream: upstream, Path: out.Path}, out
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
