// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/confirm"
	"github.com/postern-audit/postern/internal/derive/exposure"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/report"
	"github.com/postern-audit/postern/internal/surface"
)

// ownGates are configurations whose proofs take little time. The engine's own tests
// hold it to all of them.
func ownGates(t *testing.T) []string {
	t.Helper()
	names := []string{
		"faulty/path_parameters_pass.conf", "faulty/closed_with_slash_only.conf", "faulty/files_off_by_slash.conf", "faulty/upstream_by_cookie.conf",
		"faulty/guard_on_the_exact_path.conf", "faulty/name_given_twice.conf", "faulty/request_without_host.conf", "faulty/missing_file_goes_upstream.conf",
		"faulty/plain_request_on_the_tls_port.conf", "faulty/realm_for_one_network.conf", "faulty/backslash_passes.conf", "proved/reports_and_sign_on.conf",
	}
	if os.Getenv("EVERY_GATE") != "" {
		names = nil
		for _, dir := range []string{"faulty", "proved"} {
			files, err := filepath.Glob("../../fixtures/exposure/" + dir + "/*")
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				names = append(names, dir+"/"+filepath.Base(f))
			}
		}
	}
	return names
}

// runs executes a command line.
func runs(t *testing.T, args ...string) (status int, out, talk string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = Run(t.Context(), args, Streams{Out: &stdout, Err: &stderr, Env: func(string) string { return "" }})
	return status, stdout.String(), stderr.String()
}

// proofOf reads the JSON of a proof.
func proofOf(t *testing.T, status int, out, talk string) *proofReport {
	t.Helper()
	if status == exitError {
		t.Fatalf("status 2: %s", talk)
	}
	var r proofReport
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		t.Fatalf("%v: %.200s", err, out)
	}
	return &r
}

func TestEveryWitnessOfAProofReplays(t *testing.T) {
	replayed, supposed := 0, 0
	for _, name := range ownGates(t) {
		file := filepath.Join("../../fixtures/exposure", name)
		status, out, talk := runs(t, "exposure", file, "--profile", "finesse-12.6.1", "--format", "json")
		r := proofOf(t, status, out, talk)
		want := map[verdict]int{verdictProved: exitOK, verdictBroken: exitFinding, verdictUndecided: exitUnknown}
		if status != want[r.Verdict] {
			t.Errorf("%s: %s with status %d", name, r.Verdict, status)
		}
		ways := slices.Concat(r.Counterexamples, r.Unassigned, r.Possible, r.Allowed)
		var lines bytes.Buffer
		enc := json.NewEncoder(&lines)
		for _, w := range ways {
			if err := enc.Encode(w.Request); err != nil {
				t.Fatal(err)
			}
		}
		requests := filepath.Join(t.TempDir(), "requests.jsonl")
		if err := os.WriteFile(requests, lines.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		status, out, talk = runs(t, "exposure", file, "--requests", requests)
		answers := readAnswers(t, out)
		if status != exitOK || len(answers) != len(ways) {
			t.Fatalf("%s: status %d, %d answers to %d witnesses: %s", name, status, len(answers), len(ways), talk)
		}
		for i, a := range answers {
			w := ways[i]
			if len(w.Suppose)+len(w.Guards) > 0 { // what a guard says is supposed, too
				supposed++
				continue
			}
			replayed++
			if w.Class == "chosen" && a.Outcome != string(request.Forwarded) {
				continue // what the client names need not exist
			}
			if a.Outcome != string(request.Forwarded) || a.Upstream != w.Upstream || a.Path != w.Path || a.Location != w.Location || a.Server != w.Server {
				line, _ := json.Marshal(w.Request)
				t.Errorf("%s: %s\nreplayed %+v\nthe proof says %s %s at %s in %s", name, line, a, w.Upstream, w.Path, w.Location, w.Server)
			}
		}
	}
	t.Logf("%d witnesses replayed, %d suppose something", replayed, supposed)
	if replayed < 100 {
		t.Errorf("only %d witnesses were replayed", replayed)
	}
}

func TestWhatAWitnessHoldsIsNoCommandToATerminal(t *testing.T) {
	hostile := "/\x1b]0;owned\x07\x9b31m\xc3\xa9\xe2\x80\xae\xff"
	host := "a\x1b[2Jb"
	w := proofWay{
		Request: ask(request.Request{Port: 1, Method: "G\x1b", Target: hostile, Host: &host, Headers: [][2]string{{"X\x07", hostile}}}),
		Class:   "closed", Problems: []string{"closed"}, Message: "a\x1b[1m", Hint: textOf(hostile), Server: textOf(hostile), Location: textOf(hostile), Upstream: textOf(hostile),
		Component: hostile, Template: hostile, Why: hostile, Path: textOf(hostile), Reading: textOf(hostile) + "x", Suppose: []string{textOf(hostile), ""},
		Guards: []proofGuard{{Name: hostile, Place: hostile}},
	}
	escape := w
	escape.File = textOf(hostile)
	r := &proofReport{
		Configuration: hostile, Surface: proofSurface{Name: hostile}, Verdict: verdictBroken,
		Counterexamples: []proofWay{w, w, escape}, Unassigned: []proofWay{w}, Possible: []proofWay{w}, Allowed: []proofWay{w},
		Unreachable: []proofUnreachable{{hostile, hostile, []string{"GET"}, hostile}},
		Undecided:   []proofUndecided{{Reason: hostile, Place: hostile, Socket: hostile, Request: &w.Request}, {Reason: "x", Socket: hostile}},
		Coverage:    proofCoverage{Widened: []string{hostile}},
	}
	side := diffSide{answer: answer{Outcome: "forwarded", Upstream: textOf(hostile), Path: textOf(hostile), Server: hostile, Location: hostile}, Guards: w.Guards}
	refused := diffSide{answer: answer{Outcome: "refused", Status: 403, Reason: hostile, Server: hostile}}
	d := &diffReport{Old: hostile, New: hostile, Verdict: verdictMore, Changes: []diffChange{{Kind: "opened", Request: w.Request, Old: refused, New: side, Suppose: []string{hostile}}}, Undecided: r.Undecided}
	q := request.Request{Address: hostile, Method: "G\x1b", Target: hostile, Host: &host, SNI: hostile, TLS: true, Headers: [][2]string{{"X\x07", hostile}, {"Origin", hostile}}}
	seen := confirm.Observed{Upstream: hostile, Path: hostile}
	sent := &confirm.Report{
		Nginx: hostile, Removed: []confirm.Removed{{Name: hostile, Pos: nginx.Pos{File: hostile}, Reason: "x", Matters: true}}, Left: []string{hostile},
		Results: []confirm.Result{
			{Name: hostile, Request: q, Expected: request.Outcome{Kind: request.Forwarded, Upstream: hostile, Peers: []string{hostile}, Path: hostile, Location: hostile}, Observed: seen, Verdict: confirm.Disagreed},
			{Name: hostile, Request: q, Expected: request.Outcome{Kind: request.Refused, Reason: hostile}, Observed: confirm.Observed{Error: hostile}, Verdict: confirm.Disagreed},
			{Name: hostile, Request: q, Observed: seen, Verdict: confirm.Skipped, Reason: hostile, CounterExample: true, GotThrough: true},
		},
	}
	conf := filepath.Join(t.TempDir(), "nginx.conf")
	if err := os.WriteFile(conf, []byte("events { }\nhttp { server { listen 80; location \"/"+hostile+"\" { return 200 '"+hostile+"'; } } }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	printed := func(w io.Writer) error {
		if status := Run(t.Context(), []string{"confirm", conf, "--print"}, Streams{Out: w, Err: io.Discard, Env: func(string) string { return "" }}); status != exitOK {
			return fmt.Errorf("status %d", status)
		}
		return nil
	}
	for name, write := range map[string]func(io.Writer) error{
		"confirmation":  func(w io.Writer) error { return writeConfirmTable(w, sent) },
		"in JSON":       func(w io.Writer) error { return writeConfirmJSON(w, sent) },
		"what is run":   printed,
		"proof":         func(w io.Writer) error { return writeProofTable(w, r, false) },
		"whole proof":   func(w io.Writer) error { return writeProofTable(w, r, true) },
		"proof in JSON": func(w io.Writer) error { return writeIndented(w, r) },
		"diff":          func(w io.Writer) error { return writeDiffTable(w, d, false) },
		"diff in JSON":  func(w io.Writer) error { return writeIndented(w, d) },
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			line = strings.TrimSuffix(line, "\n")
			if safe := report.Printable(line); safe != line {
				t.Errorf("%s: %q", name, line)
			}
		}
	}
}

func TestTheVerdictOfAProofNeverCallsWhatIsOpenProved(t *testing.T) {
	one := []proofWay{{}}
	for name, c := range map[string]struct {
		r    proofReport
		want verdict
	}{
		"nothing gets through":                {proofReport{}, verdictProved},
		"only what is allowed":                {proofReport{Allowed: one, Unreachable: []proofUnreachable{{}}}, verdictProved},
		"an upstream that nobody knows":       {proofReport{Unassigned: one}, verdictUndecided},
		"a guard that nobody can read":        {proofReport{Possible: one}, verdictUndecided},
		"a directive that is not followed":    {proofReport{Undecided: []proofUndecided{{}}}, verdictUndecided},
		"a file from elsewhere":               {proofReport{Escapes: one}, verdictBroken},
		"what is broken stays so, undecided?": {proofReport{Counterexamples: one, Undecided: []proofUndecided{{}}}, verdictBroken},
	} {
		if got := c.r.verdict(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestAWayIsAsBadAsItsWorstProblem(t *testing.T) {
	read := request.Guard{Name: "auth_request", Authenticates: true}
	script := request.Guard{Name: "access_by_lua_file"}
	for name, c := range map[string]struct {
		way  exposure.Way
		list func(*proofReport) []proofWay
	}{
		"allowed":                                {exposure.Way{Class: exposure.Allowed}, func(r *proofReport) []proofWay { return r.Allowed }},
		"allowed, for agents":                    {exposure.Way{Class: exposure.Allowed, Credentials: true, Guards: []request.Guard{read}}, func(r *proofReport) []proofWay { return r.Allowed }},
		"for agents, unguarded":                  {exposure.Way{Class: exposure.Allowed, Credentials: true}, func(r *proofReport) []proofWay { return r.Counterexamples }},
		"for agents, by a script":                {exposure.Way{Class: exposure.Allowed, Credentials: true, Guards: []request.Guard{script}}, func(r *proofReport) []proofWay { return r.Possible }},
		"closed, though agents are asked":        {exposure.Way{Class: exposure.Closed, Guards: []request.Guard{read}}, func(r *proofReport) []proofWay { return r.Counterexamples }},
		"closed, behind a script":                {exposure.Way{Class: exposure.Closed, Guards: []request.Guard{script}}, func(r *proofReport) []proofWay { return r.Possible }},
		"unassigned":                             {exposure.Way{Class: exposure.Unassigned}, func(r *proofReport) []proofWay { return r.Unassigned }},
		"unassigned, by a host of somebody":      {exposure.Way{Class: exposure.Unassigned, Unnamed: true}, func(r *proofReport) []proofWay { return r.Counterexamples }},
		"allowed, by a host that is not its own": {exposure.Way{Class: exposure.Allowed, Unnamed: true}, func(r *proofReport) []proofWay { return r.Counterexamples }},
	} {
		r := newProofReport("x", &gate{surface: &surface.Surface{}}, &exposure.Proof{Ways: []exposure.Way{c.way}})
		if len(c.list(r)) != 1 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
