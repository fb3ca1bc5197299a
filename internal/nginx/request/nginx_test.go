// SPDX-License-Identifier: Apache-2.0

package request

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/nginx"
)

// The model follows the nginx that is installed.
var modelled = nginx.Version{Major: 1, Minor: 22, Patch: 1}

// bench is a real nginx with upstreams that say what reached them.
type bench struct {
	dir       string
	spare     int          // a port that nobody asks
	ports     map[int]bool // given away already
	faults    faults
	upstreams []net.Listener
	answers   func(path string) int // of the last upstream, which guards ask
}

func newBench(t testing.TB) *bench {
	t.Helper()
	if _, err := exec.LookPath("nginx"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("nginx is required: %v", err)
		}
		t.Skipf("nginx is not here: %v", err)
	}
	b := &bench{dir: t.TempDir(), spare: freePort(t), ports: map[int]bool{}, answers: guardAnswer}
	for i := range 4 {
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
	return b
}

// guardAnswer is what the upstream of guards says.
func guardAnswer(path string) int {
	switch {
	case strings.Contains(path, "b"):
		return 403
	case strings.Contains(path, "x"):
		return 401
	}
	return 200
}

func (b *bench) serve(l net.Listener, i int) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			c.SetDeadline(time.Now().Add(10 * time.Second))
			var head []byte
			buf := make([]byte, 64<<10)
			for !bytes.Contains(head, []byte("\r\n\r\n")) {
				n, err := c.Read(buf)
				if err != nil {
					return
				}
				head = append(head, buf[:n]...)
			}
			line, _, _ := strings.Cut(string(head), " HTTP/1.0\r\n")
			_, target, _ := strings.Cut(line, " ")
			status := 200
			if i == len(b.upstreams)-1 {
				status = b.answers(target)
			}
			stamp := fmt.Sprintf("%d %s", i, hex.EncodeToString([]byte(target)))
			fmt.Fprintf(c, "HTTP/1.0 %d OK\r\nX-Stamp: %s\r\nContent-Length: %d\r\n\r\nX-Stamp: %s\r\n", status, stamp, len(stamp)+11, stamp)
		}()
	}
}

var badFile = regexp.MustCompile(`in \S*/c(\d+)\.conf:\d+`)

// start runs nginx with these pieces of an http block, each of which is its own
// file; refused lists those that nginx does not take.
func (b *bench) start(t testing.TB, pieces []string) (stop func(), refused map[int]string) {
	t.Helper()
	refused = map[int]string{}
	head := "worker_processes 1; daemon off; master_process off; pid nginx.pid; error_log error.log crit;\nevents { worker_connections 1024; }\nhttp {\naccess_log off; client_header_timeout 2s; client_body_timeout 2s; server_names_hash_bucket_size 128; variables_hash_max_size 8192;\nlarge_client_header_buffers 2 2k;\n"
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
	cmd := exec.Command("nginx", "-p", b.dir, "-c", "nginx.conf", "-e", "stderr")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return func() { cmd.Process.Kill(); cmd.Wait() }, refused
}

func (b *bench) upstreamBlocks() string {
	text := ""
	for i, l := range b.upstreams {
		text += fmt.Sprintf("upstream u%d { server %s; }\n", i, l.Addr())
	}
	// A variable is known in every server once any of them sets it.
	return text + "server { listen 127.0.0.1:" + strconv.Itoa(b.spare) + "; set $v 0; set $w 0; if ($uri ~ (?<n>x)(?<who>y)) { } }\n"
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// model reads one piece as nginx does.
func (b *bench) model(t testing.TB, piece string) *Model {
	t.Helper()
	text := "http {\nlarge_client_header_buffers 2 2k;\n" + b.upstreamBlocks() + piece + "\n}\n"
	tree := nginx.Parse("c.conf", text)
	for _, e := range tree.Errors {
		t.Fatalf("%v in:\n%s", e, piece)
	}
	return newModel(nginx.Effective(tree, modelled), b.faults, Options{
		Files: os.DirFS("/"), Prefix: b.dir,
		Answer: func(upstream, path string) int {
			if strings.Contains(upstream, "u3") {
				return guardAnswer(path)
			}
			return 200
		},
	})
}

// observed is what the client of the real nginx sees.
type observed struct {
	status   int // 0 without a status line
	upstream string
	path     string
}

func (o observed) String() string {
	if o.upstream != "" {
		return fmt.Sprintf("forwarded to %s as %q", o.upstream, o.path)
	}
	return fmt.Sprintf("status %d", o.status)
}

var stamp = regexp.MustCompile(`X-Stamp: (\d) ([0-9a-f]*)\r\n`)

func (b *bench) send(t testing.TB, q Request) observed {
	t.Helper()
	c, err := dial(net.JoinHostPort(q.Address, strconv.Itoa(q.Port)))
	if err != nil {
		t.Error(err)
		return observed{}
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	io.WriteString(c, q.raw())
	for _, h := range q.Headers {
		if n, err := strconv.Atoi(h[1]); err == nil && h[0] == "Content-Length" && n < 100 && n > 0 {
			io.WriteString(c, strings.Repeat("b", n))
		}
	}
	answer, _ := io.ReadAll(bufio.NewReader(c))
	c.(*net.TCPConn).SetLinger(0)
	var o observed
	if rest, ok := strings.CutPrefix(string(answer), "HTTP/1.1 "); ok && len(rest) > 3 {
		o.status, _ = strconv.Atoi(rest[:3])
	}
	if m := stamp.FindSubmatch(answer); m != nil {
		i, _ := strconv.Atoi(string(m[1]))
		path, _ := hex.DecodeString(string(m[2]))
		o.upstream, o.path = b.upstreams[i].Addr().String(), string(path)
	}
	return o
}

// dial waits for nginx to come up.
func dial(address string) (c net.Conn, err error) {
	for range 200 {
		if c, err = net.Dial("tcp", address); err == nil {
			return c, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil, err
}

// agrees says whether an outcome is what was observed.
func agrees(out Outcome, o observed, q Request) bool {
	// A request line without a version gets an answer without a status.
	simple := q.Version == "0.9" || strings.Contains(q.Target, "\n")
	if out.Kind == Forwarded {
		return len(out.Peers) == 1 && o.upstream == out.Peers[0] && o.path == out.Path
	}
	return o.upstream == "" && (out.Status == o.status || simple && o.status == 0)
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// port is one that no other configuration of the bench has.
func (b *bench) port(t testing.TB) int {
	t.Helper()
	for {
		if p := freePort(t); p != b.spare && !b.ports[p] {
			b.ports[p] = true
			return p
		}
	}
}
