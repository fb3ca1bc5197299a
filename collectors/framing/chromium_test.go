// SPDX-License-Identifier: Apache-2.0

package framing_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// chromiumLimit bounds the whole run of the browser.
const chromiumLimit = 90 * time.Second

// corsCase is one of the cases of the cors collector, which share this browser:
// starting one takes longer than asking it.
type corsCase struct {
	Name        string      `json:"name"`
	Origin      string      `json:"origin"`
	Credentials bool        `json:"credentials"`
	Method      string      `json:"method"`
	Headers     []string    `json:"headers"`
	Preflight   bool        `json:"preflight"`
	Status      int         `json:"status"`
	Fields      [][2]string `json:"fields"`
	Want        bool        `json:"want"`
	// Chromium says why its answer is the other one.
	Chromium string `json:"chromium"`
}

// TestChromiumAgrees asks a real browser every case of both tables. All names
// lead to one listener on loopback that speaks http and https.
func TestChromiumAgrees(t *testing.T) {
	binary := chromium(t)
	text, err := os.ReadFile("../cors/testdata/answers.json")
	if err != nil {
		t.Fatal(err)
	}
	var answers []corsCase
	if err := json.Unmarshal(text, &answers); err != nil {
		t.Fatal(err)
	}
	s := &scene{answers: answers, got: map[string]bool{}, done: make(chan struct{})}
	s.plan()
	address := s.serve(t)
	s.browse(t, binary, address)

	confirmed := 0
	for i, c := range embedCases {
		if c.apart != "" {
			continue
		}
		confirmed++
		if got := s.got["frame"+strconv.Itoa(i)]; got != c.want {
			t.Errorf("framing: %s: Chromium says %v, want %v (%q %q in %q)", c.name, got, c.want, c.csp, c.frameOptions, c.embedders())
		}
	}
	for i, c := range answers {
		confirmed++
		if got := s.got["cors"+strconv.Itoa(i)]; got != (c.Want != (c.Chromium != "")) {
			t.Errorf("cors: %s: Chromium says %v, the standard %v (%v) %s", c.Name, got, c.Want, c.Fields, c.Chromium)
		}
	}
	if confirmed < 15 {
		t.Errorf("only %d cases were asked", confirmed)
	}
	t.Logf("%d cases asked", confirmed)
}

func chromium(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("needs chromium")
	}
	for _, name := range []string{"chromium", "chromium-headless-shell", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("chromium is not installed")
	}
	t.Skip("chromium is not installed")
	return ""
}

// scene is a server that plays all hosts, and the visits of the browser.
type scene struct {
	answers []corsCase
	// visits are the top-level pages, one an origin, in order.
	visits []visit

	mu   sync.Mutex
	got  map[string]bool
	done chan struct{}
}

type visit struct {
	origin string
	frames []int
	asks   []int
}

// plan puts the cases together that have one top-level origin.
func (s *scene) plan() {
	byOrigin := map[string]*visit{}
	at := func(origin string) *visit {
		if byOrigin[origin] == nil {
			byOrigin[origin] = &visit{origin: origin}
		}
		return byOrigin[origin]
	}
	for i, c := range embedCases {
		if c.apart == "" {
			v := at(c.embedders()[len(c.embedders())-1])
			v.frames = append(v.frames, i)
		}
	}
	for i, c := range s.answers {
		origin := c.Origin
		if origin == "null" {
			// A sandboxed frame of any page.
			origin = "https://a.example"
		}
		v := at(origin)
		v.asks = append(v.asks, i)
	}
	for _, origin := range slices.Sorted(maps.Keys(byOrigin)) {
		s.visits = append(s.visits, *byOrigin[origin])
	}
}

func (s *scene) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	number, _ := strconv.Atoi(r.URL.Query().Get("n"))
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case r.URL.Path == "/visit" && number < len(s.visits):
		w.Header().Set("Content-Type", "text/html")
		s.page(w, number)
	case r.URL.Path == "/between" && number < len(embedCases):
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<iframe src="%s"></iframe>`, html.EscapeString(framed(number)))
	case r.URL.Path == "/framed" && number < len(embedCases):
		w.Header().Set("Content-Type", "text/html")
		w.Header()["Content-Security-Policy"] = embedCases[number].csp
		w.Header()["X-Frame-Options"] = embedCases[number].frameOptions
		fmt.Fprintf(w, `<script>top.postMessage("frame%d", "*")</script>`, number)
	case r.URL.Path == "/ask" && number < len(s.answers):
		c := s.answers[number]
		status := c.Status
		if c.Preflight && r.Method != http.MethodOptions {
			// What was asked for beforehand is answered in full.
			w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
			w.Header().Set("Access-Control-Allow-Credentials", "true")
			status = http.StatusOK
		} else {
			for _, f := range c.Fields {
				w.Header()[f[0]] = append(w.Header()[f[0]], f[1])
			}
		}
		w.WriteHeader(status)
	case r.URL.Path == "/report":
		var names []string
		if json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&names) != nil {
			return
		}
		s.mu.Lock()
		for _, name := range names {
			s.got[name] = true
		}
		s.mu.Unlock()
		if number == len(s.visits)-1 {
			close(s.done)
		}
	default:
		http.NotFound(w, r)
	}
}

func framed(i int) string { return embedCases[i].origin() + "/framed?n=" + strconv.Itoa(i) }

const asker = `async function ask(n, method, headers, credentials) {
  try { await fetch("https://api.example/ask?n=" + n, {method, headers, credentials: credentials ? "include" : "omit", mode: "cors", cache: "no-store"}); return true }
  catch (e) { return false }
}`

// page opens all frames and asks all questions of a visit, reports what came
// through, and goes on to the next one. A frame that is refused loads too, as an
// error page.
func (s *scene) page(w io.Writer, number int) {
	v := s.visits[number]
	fmt.Fprintf(w, "<!doctype html><body><script>%s\nconst got = [], waits = []; window.onmessage = e => got.push(e.data)\n", asker)
	io.WriteString(w, `function frame(f) { waits.push(new Promise(done => { f.onload = done; document.body.append(f) })) }
function open(src, sandbox) { const f = document.createElement("iframe"); if (sandbox) f.sandbox = "allow-scripts"; f.src = src; frame(f) }
`)
	for _, i := range v.frames {
		chain := embedCases[i].embedders()
		switch {
		case len(chain) == 1:
			fmt.Fprintf(w, "open(%q)\n", framed(i))
		case chain[0] == "null":
			fmt.Fprintf(w, "open(%q, true)\n", fmt.Sprintf("https://between.example/between?n=%d", i))
		default:
			fmt.Fprintf(w, "open(%q)\n", fmt.Sprintf("%s/between?n=%d", chain[0], i))
		}
	}
	for _, i := range v.asks {
		c := s.answers[i]
		headers := map[string]string{}
		for _, h := range c.Headers {
			headers[h] = "x"
		}
		text, _ := json.Marshal(headers)
		call := fmt.Sprintf("ask(%d, %q, %s, %v)", i, c.Method, text, c.Credentials)
		if c.Origin == "null" {
			inner := fmt.Sprintf(`<script>%s
%s.then(ok => { if (ok) parent.postMessage("cors%d", "*"); parent.postMessage("asked%d", "*") })</script>`, asker, call, i, i)
			fmt.Fprintf(w, `{ const f = document.createElement("iframe"); f.sandbox = "allow-scripts"; f.srcdoc = atob("%s"); frame(f)
waits.push(new Promise(done => addEventListener("message", e => { if (e.data == "asked%d") done() }))) }
`, base64.StdEncoding.EncodeToString([]byte(inner)), i)
			continue
		}
		fmt.Fprintf(w, "waits.push(%s.then(ok => { if (ok) got.push('cors%d') }))\n", call, i)
	}
	next := ""
	if number+1 < len(s.visits) {
		next = fmt.Sprintf("location.href = %q", fmt.Sprintf("%s/visit?n=%d", s.visits[number+1].origin, number+1))
	}
	fmt.Fprintf(w, `Promise.all(waits).then(() => new Promise(done => setTimeout(done, 150)))
.then(() => fetch("/report?n=%d", {method: "POST", body: JSON.stringify(got)})).then(() => { %s })</script>`, number, next)
}

// serve listens on loopback for both http and https.
func (s *scene) serve(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"*.example"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	server := &http.Server{Handler: s, ReadHeaderTimeout: chromiumLimit}
	go func() {
		if err := server.Serve(&bothListener{Listener: l, config: config}); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	t.Cleanup(func() { _ = server.Close() })
	return l.Addr().String()
}

// bothListener tells TLS by the first byte. A browser opens connections ahead
// that say nothing, so that byte is awaited by whoever reads.
type bothListener struct {
	net.Listener
	config *tls.Config
}

func (b *bothListener) Accept() (net.Conn, error) {
	conn, err := b.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &bothConn{Conn: conn, config: b.config}, nil
}

type bothConn struct {
	net.Conn
	config *tls.Config
	begin  sync.Once
	spoken net.Conn
}

func (b *bothConn) Read(p []byte) (int, error) {
	b.begin.Do(func() {
		peeked := &peekedConn{Conn: b.Conn, r: bufio.NewReader(b.Conn)}
		b.spoken = peeked
		if first, err := peeked.r.Peek(1); err == nil && first[0] == 0x16 {
			b.spoken = tls.Server(peeked, b.config)
		}
	})
	return b.spoken.Read(p)
}

func (b *bothConn) Write(p []byte) (int, error) {
	if b.spoken == nil {
		return 0, io.ErrClosedPipe
	}
	return b.spoken.Write(p)
}

type peekedConn struct {
	net.Conn
	r *bufio.Reader
}

func (p *peekedConn) Read(b []byte) (int, error) { return p.r.Read(b) }

// browse runs the browser until the last visit has reported.
func (s *scene) browse(t *testing.T, binary, address string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), chromiumLimit)
	defer cancel()
	first, err := url.Parse(s.visits[0].origin + "/visit?n=0")
	if err != nil {
		t.Fatal(err)
	}
	profile := t.TempDir()
	command := exec.CommandContext(
		ctx, binary, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-proxy-server",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--ignore-certificate-errors",
		"--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LocalNetworkAccessChecks,Translate,MediaRouter",
		"--user-data-dir="+profile, "--host-resolver-rules=MAP * "+address, first.String(),
	)
	// The browser is many processes, which end together, and have to be gone
	// before its folder is.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	var output strings.Builder
	command.Stderr = &output
	command.WaitDelay = 5 * time.Second
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.done:
	case <-ctx.Done():
		t.Errorf("the browser did not finish: %.2000s", output.String())
	}
	cancel()
	_ = command.Wait()
}
