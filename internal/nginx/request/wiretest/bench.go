// SPDX-License-Identifier: Apache-2.0

package wiretest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// Modelled is the nginx that the model follows, which is to be installed.
var Modelled = nginx.Version{Major: 1, Minor: 22, Patch: 1}

// Bench is a real nginx with upstreams that say what reached them.
type Bench struct {
	dir       string
	spare     int          // a port that nobody asks
	ports     map[int]bool // given away already
	alone     sync.Mutex   // held by what repeats a request
	upstreams []net.Listener
	answers   atomic.Value // func(path string) int, of the upstream that guards ask
}

// SetAnswers says which status the upstream that guards ask gives to a path;
// GuardAnswer is what it is at first.
func (b *Bench) SetAnswers(f func(path string) int) { b.answers.Store(f) }

// Number is that of the upstream with an address, -1 for none.
func (b *Bench) Number(address string) int {
	return slices.IndexFunc(b.upstreams, func(l net.Listener) bool { return l.Addr().String() == address })
}

// Reuse says that the ports which Port gave are free again.
func (b *Bench) Reuse() { clear(b.ports) }

// NewBench prepares files and upstreams. Without nginx the test is skipped by name, or
// fails where CI says that it must be there.
func NewBench(t testing.TB) *Bench {
	t.Helper()
	if _, err := exec.LookPath("nginx"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("nginx is required: %v", err)
		}
		t.Skipf("nginx is not here: %v", err)
	}
	b := &Bench{dir: t.TempDir(), spare: freePort(t), ports: map[int]bool{}}
	b.SetAnswers(GuardAnswer)
	for i := range protocols {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		b.upstreams = append(b.upstreams, l)
		t.Cleanup(func() { l.Close() })
		go b.serve(l, i)
	}
	for name, text := range map[string]string{"html/a/index.html": "i", "html/ab": "f", "html/a/b/x.php": "p", "html/x.php": "p", "html/index.html": "i"} {
		file := filepath.Join(b.dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b.certificate(t)
	return b
}

// certificate is that of every server.
func (b *Bench) certificate(t testing.TB) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), DNSNames: []string{"h.example"}}
	cert, err := x509.CreateCertificate(crand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(b.dir, "cert.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})))
	write(t, filepath.Join(b.dir, "key.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
}

// GuardAnswer is what the upstream of guards says.
func GuardAnswer(path string) int {
	switch {
	case strings.Contains(path, "b"):
		return 403
	case strings.Contains(path, "x"):
		return 401
	}
	return 200
}

// Serve runs nginx with one piece of an http block until the test ends, and returns the
// model of it.
func (b *Bench) Serve(t testing.TB, piece string) *request.Model {
	t.Helper()
	stop, refused := b.Start(t, []string{piece})
	t.Cleanup(stop)
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	return b.Model(t, piece)
}

var badFile = regexp.MustCompile(`in \S*/c(\d+)\.conf:\d+`)

// Start runs nginx with these pieces of an http block, each of which is its own
// file; refused lists those that nginx does not take.
func (b *Bench) Start(t testing.TB, pieces []string) (stop func(), refused map[int]string) {
	t.Helper()
	refused = map[int]string{}
	head := ownUser() + `worker_processes 1; daemon off; pid nginx.pid; error_log error.log alert;
events { worker_connections 1024; }
http {
access_log off; client_header_timeout 2s; client_body_timeout 2s; lingering_timeout 1s;
server_names_hash_bucket_size 128; variables_hash_max_size 8192;
proxy_buffer_size 64k; proxy_buffers 8 64k; proxy_busy_buffers_size 64k; proxy_http_version 1.1; proxy_set_header Connection "";
ssl_certificate cert.pem; ssl_certificate_key key.pem; ssl_client_certificate cert.pem; ssl_session_tickets off;
large_client_header_buffers 2 2k;
`
	for _, p := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		head += p + "_temp_path " + b.dir + "/" + p + ";\n"
	}
	head += b.upstreamBlocks()
	test := func(numbers []int) string {
		text := head
		for _, i := range numbers {
			text += fmt.Sprintf("include c%d.conf;\n", i)
		}
		write(t, filepath.Join(b.dir, "nginx.conf"), text+"}\n")
		out, err := exec.Command("nginx", "-p", b.dir, "-c", "nginx.conf", "-e", "stderr", "-t").CombinedOutput()
		if err != nil {
			return string(out)
		}
		return ""
	}
	var numbers []int
	for i, p := range pieces {
		write(t, filepath.Join(b.dir, fmt.Sprintf("c%d.conf", i)), p)
		numbers = append(numbers, i)
	}
	for why := test(numbers); why != ""; why = test(numbers) {
		bad := -1
		if m := badFile.FindStringSubmatch(why); m != nil {
			bad, _ = strconv.Atoi(m[1])
		}
		// A variable that is not known is complained about without a place.
		for n := 0; bad < 0 && n < len(numbers); n++ {
			if test(numbers[n:n+1]) != "" {
				bad = numbers[n]
			}
		}
		if bad < 0 {
			t.Fatalf("nginx refuses the configuration: %s", why)
		}
		refused[bad] = why
		numbers = slices.DeleteFunc(numbers, func(i int) bool { return i == bad })
	}
	for range 5 {
		if stop = b.run(t); stop != nil {
			return stop, refused
		}
		time.Sleep(time.Second)
	}
	t.Fatal("nginx does not come up")
	return nil, nil
}

// run starts nginx on the configuration that is there; it returns nil when nginx
// ends at once, such as when a port has been taken meanwhile.
func (b *Bench) run(t testing.TB) (stop func()) {
	t.Helper()
	cmd := exec.Command("nginx", "-p", b.dir, "-c", "nginx.conf", "-e", "stderr")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	for {
		select {
		case <-ended:
			return nil
		case <-time.After(20 * time.Millisecond):
		}
		// nginx writes its number once all sockets are there.
		if c, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(b.spare)); err == nil {
			c.Close()
			if _, err := os.Stat(filepath.Join(b.dir, "nginx.pid")); err == nil {
				break
			}
		}
	}
	return func() {
		cmd.Process.Signal(syscall.SIGTERM)
		<-ended
		os.Remove(filepath.Join(b.dir, "nginx.pid"))
	}
}

// ownUser keeps root's workers able to read the folder of the test.
func ownUser() string {
	if os.Getuid() == 0 {
		return "user root;\n"
	}
	return ""
}

// crashes counts the workers that nginx has lost.
func (b *Bench) crashes() int {
	text, _ := os.ReadFile(filepath.Join(b.dir, "error.log"))
	return strings.Count(string(text), " exited on signal ")
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Prefix is what stands before a piece in the text that the model reads.
func (b *Bench) Prefix() string {
	return "http {\nlarge_client_header_buffers 2 2k;\n" + b.upstreamBlocks()
}

// Config reads one piece as nginx does.
func (b *Bench) Config(t testing.TB, piece string) *nginx.Config {
	t.Helper()
	tree := nginx.Parse("c.conf", b.Prefix()+piece+"\n}\n")
	for _, e := range tree.Errors {
		t.Fatalf("%v in:\n%s", e, piece)
	}
	return nginx.Effective(tree, Modelled)
}

// Model is that of one piece.
func (b *Bench) Model(t testing.TB, piece string) *request.Model {
	t.Helper()
	return request.New(b.Config(t, piece), b.Options())
}

// Options tell the model of the files and upstreams of the bench.
func (b *Bench) Options() request.Options {
	return request.Options{
		Files: os.DirFS("/"), Prefix: b.dir,
		Answer: func(upstream, path string) int {
			if strings.Contains(upstream, "u3") {
				return GuardAnswer(path)
			}
			return 200
		},
	}
}

// freePort is below those that the system gives to clients, which come and go.
func freePort(t testing.TB) int {
	t.Helper()
	for range 1000 {
		p := 10000 + rand.IntN(20000)
		if l, err := net.Listen("tcp", ":"+strconv.Itoa(p)); err == nil {
			l.Close()
			return p
		}
	}
	t.Fatal("no port is free")
	return 0
}

// Port is one that no other configuration of the bench has, like the one behind it.
func (b *Bench) Port(t testing.TB) int {
	t.Helper()
	for {
		p := freePort(t)
		l, err := net.Listen("tcp", ":"+strconv.Itoa(p+1))
		if err != nil {
			continue
		}
		l.Close()
		if p != b.spare && p+1 != b.spare && !b.ports[p] && !b.ports[p+1] {
			b.ports[p], b.ports[p+1] = true, true
			return p
		}
	}
}
