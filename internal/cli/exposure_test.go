// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/nginx/request"
)

// mirror answers a request with its target.
func mirror(q request.Request) request.Outcome {
	return request.Outcome{Kind: request.Forwarded, Path: q.Target}
}

func TestAnswersStandInTheOrderOfTheRequests(t *testing.T) {
	var in, want strings.Builder
	for i := range 3 * maxChunkLines {
		fmt.Fprintf(&in, `{"port": 1, "method": "GET", "target": "/%d"}`+"\n", i)
		fmt.Fprintf(&want, `{"outcome":"forwarded","status":0,"server":"","location":"","upstream":"","path":"/%d","reason":""}`+"\n", i)
		if i%7 == 0 {
			in.WriteString(" \r\n") // a blank line asks nothing
		}
	}
	var out bytes.Buffer
	if err := batch(t.Context(), "in", strings.NewReader(in.String()), &out, mirror); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestALineThatIsNoRequestIsAnsweredAndNamedAtTheEnd(t *testing.T) {
	good := `{"port": 1, "method": "GET", "target": "/"}`
	for _, c := range []struct{ line, reason string }{
		{`{"port": 1, "method": "GET", "target": "/", "hots": "x"}`, `unknown key "hots"`},
		{`{"port": 1, "method": "GET"`, "the JSON object has no end"},
		{`{"port": 1, 'method'}`, "no JSON at byte 13"},
		{`{"port": "1", "method": "GET", "target": "/"}`, "port is a string, not a whole number"},
		{`{"port": 1.5, "method": "GET", "target": "/"}`, "port is a number 1.5, not a whole number"},
		{`{"port": 0, "method": "GET", "target": "/"}`, "port 0 does not exist"},
		{`{"port": 65536, "method": "GET", "target": "/"}`, "port 65536 does not exist"},
		{`{"method": "GET", "target": "/"}`, "port is missing"},
		{`{"port": 1, "target": "/"}`, "method is missing"},
		{`{"port": 1, "method": "GET", "target": null}`, "target is missing"},
		{`{"port": 1, "method": "GET", "target": "/\u0100"}`, "target holds a character above U+00FF"},
		{"{\"port\": 1, \"method\": \"GET\", \"target\": \"/\xff\"}", "target holds a character above U+00FF"},
		{`{"port": 1, "method": "GET", "target": "/", "headers": [["a"]]}`, "a header is no pair of strings"},
		{`{"port": 1, "method": "GET", "target": "/", "headers": [["a", null]]}`, "a header is no pair of strings"},
		{`{"port": 1, "method": "GET", "target": "/", "headers": {"a": "b"}}`, "headers is an object, not a list of pairs"},
		{good + good, "more than one value"},
		{`["GET", "/"]`, "an array, not an object"},
		{strings.Repeat("x", maxRequestLine+1), "longer than 1048576 bytes"},
	} {
		var out bytes.Buffer
		err := batch(t.Context(), "in.jsonl", strings.NewReader(good+"\n\n"+c.line+"\n"+good+"\n"), &out, mirror)
		if err == nil || !strings.HasPrefix(err.Error(), "in.jsonl:3: ") || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%.60q: error %v, want in.jsonl:3: %s", c.line, err, c.reason)
		}
		var kinds, reasons []string
		for _, a := range readAnswers(t, out.String()) {
			kinds, reasons = append(kinds, a.Outcome), append(reasons, a.Reason)
		}
		if diff := cmp.Diff([]string{"forwarded", "unknown", "forwarded"}, kinds); diff != "" {
			t.Errorf("%.60q: %s", c.line, diff)
		} else if !strings.HasPrefix(reasons[1], "line 3: ") || !strings.Contains(reasons[1], c.reason) {
			t.Errorf("%.60q: reason %q, want line 3: %s", c.line, reasons[1], c.reason)
		}
	}
}

func readAnswers(t *testing.T, text string) (all []answer) {
	t.Helper()
	for line := range strings.Lines(text) {
		var a answer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all = append(all, a)
	}
	return all
}

func TestAnErrorOfTheModelCostsOneLineOnly(t *testing.T) {
	line := `{"port": 1, "method": "GET", "target": "/"}` + "\n"
	calls := make(chan bool, 2)
	calls <- true
	var out bytes.Buffer
	err := batch(t.Context(), "in", strings.NewReader(line+line), &out, func(q request.Request) request.Outcome {
		select {
		case <-calls:
			panic("broken")
		default:
			return mirror(q)
		}
	})
	if err == nil || !strings.Contains(err.Error(), "an error in Postern: broken") {
		t.Errorf("error %v", err)
	}
	if text := out.String(); strings.Count(text, `"unknown"`) != 1 || strings.Count(text, `"forwarded"`) != 1 {
		t.Errorf("answers: %s", text)
	}
}

func TestWhoAsksOneByOneIsAnsweredAtOnce(t *testing.T) {
	inRead, inWrite := io.Pipe()
	outRead, outWrite := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- batch(context.Background(), "in", inRead, outWrite, mirror) }()
	answers := bufio.NewReader(outRead)
	for i := range 3 {
		fmt.Fprintf(inWrite, `{"port": 1, "method": "GET", "target": "/%d"}`+"\n", i)
		if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, fmt.Sprintf(`"/%d"`, i)) {
			t.Fatalf("answer %d: %q, %v", i, line, err)
		}
	}
	inWrite.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestABatchThatWaitsForInputCanBeInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, _ := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- batch(ctx, "in", in, io.Discard, mirror) }()
	cancel()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "interrupted after 0 answers") {
			t.Errorf("error %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on waiting")
	}
}

func FuzzARequestIsTheSameThroughJSON(f *testing.F) {
	f.Add("GET", "/\xe9\x00", "desk.example", true, "Cookie", "a=b\r\n")
	f.Add("", "", "", false, "", "")
	f.Fuzz(func(t *testing.T, method, target, host string, hasHost bool, name, value string) {
		q := request.Request{Port: 8445, TLS: true, SNI: host, Client: value, Method: method, Target: target, Headers: [][2]string{{name, value}}}
		if hasHost {
			q.Host = &host
		}
		line, err := json.Marshal(ask(q))
		if err != nil {
			t.Fatal(err)
		}
		back, err := readRequest(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if diff := cmp.Diff(q, back); diff != "" {
			t.Errorf("%s: %s", line, diff)
		}
	})
}

// BenchmarkBatch measures a batch from JSON to JSON; one operation is one request.
func BenchmarkBatch(b *testing.B) {
	dir := b.TempDir()
	var conf strings.Builder
	conf.WriteString("events {}\nhttp {\nupstream desk { server 10.1.0.11:8445; }\nserver {\nlisten 443;\nserver_name desk.example;\n")
	for i := range 50 {
		fmt.Fprintf(&conf, "location /app%d/ { proxy_pass http://desk; }\nlocation ~ ^/api/%d/[0-9a-f]+$ { proxy_pass http://desk; }\n", i, i)
	}
	conf.WriteString("location / { return 404; }\n}\n}\n")
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(conf.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	arg, err := openNginx(dir, "")
	if err != nil {
		b.Fatal(err)
	}
	model := request.New(arg.Config, request.Options{})
	targets := []string{"/app7/%2e%2e/x", "/api/49/beef?q=1", "/nothing/here"}
	var in bytes.Buffer
	for i := range b.N {
		fmt.Fprintf(&in, `{"port": 443, "host": "desk.example", "method": "GET", "target": %q, "headers": [["Cookie", "a=b"]]}`+"\n", targets[i%len(targets)])
	}
	b.ResetTimer()
	if err := batch(context.Background(), "requests", &in, io.Discard, model.Handle); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
