// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/confirm"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// confirmed is a report with one result of each verdict.
func confirmed() *confirm.Report {
	host := "gate.example"
	q := request.Request{Port: 443, TLS: true, Method: "GET", Target: "/a\x1b\xff", Host: &host, Headers: [][2]string{{"X-Key", "kaeth6Ohb2"}, {"User-Agent", "m"}}}
	forwarded := request.Outcome{Kind: request.Forwarded, Peers: []string{"fin-a:8445"}, Path: "/a", Location: "/nginx.conf:7"}
	seen := confirm.Observed{Status: 200, Upstream: "fin-a:8445", Path: "/a"}
	return &confirm.Report{
		Nginx: "nginx/1.22.1", NotSent: 5,
		Removed:        []confirm.Removed{{Name: "perl", Pos: nginx.Pos{File: "/nginx.conf", Line: 3}, Reason: "runs code", Matters: true}, {Name: "add_header", Reason: "does nothing"}},
		EmptyVariables: []string{"jwt_sub"}, Left: []string{"/srv/link"}, FilesIncomplete: true,
		Results: []confirm.Result{
			{Name: "one", Request: q, Expected: forwarded, Observed: seen, Verdict: confirm.Agreed, CounterExample: true, GotThrough: true},
			{Name: "two", Request: q, Expected: request.Outcome{Kind: request.Unknown}, Observed: confirm.Observed{Status: 413}, Verdict: confirm.AgreedRendered, CounterExample: true},
			{Name: "three", Request: q, Expected: request.Outcome{Kind: request.Unknown}, Observed: seen, Verdict: confirm.Skipped, Reason: "no idea"},
			{Name: "four", Request: q, Expected: request.Outcome{Kind: request.Refused, Status: 403, Reason: "deny all"}, Observed: seen, Verdict: confirm.Disagreed},
		},
	}
}

func TestADisagreementIsLoudAndNoSecretIsShown(t *testing.T) {
	var table, document, errs bytes.Buffer
	if err := errors.Join(writeConfirmTable(&table, confirmed()), writeConfirmJSON(&document, confirmed())); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"left out  /nginx.conf:3  perl: runs code\n", "left out  1 directive: does nothing\n", "$jwt_sub", "/srv/link: a link", "files beyond the limit",
		"skipped   1 request, of which 1 reached an upstream: no idea\n",
		`DISAGREED  GET /a\x1b\xff HTTP/1.1 Host: gate.example X-Key: (not shown) User-Agent: m to :443 TLS`,
		"GOT THROUGH  GET /a", "2 counter-examples of the proof: 1 reached an upstream; 1 did not, since they suppose",
		"Postern  refused with 403: deny all", "nginx    forwarded to fin-a:8445 as /a",
		"nginx/1.22.1, 4 requests: 1 agree, 1 agree about what was not left out, 1 skipped, 1 DISAGREE (5 more would be sent with a higher --limit)\n",
	} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, table.String())
		}
	}
	if strings.Contains(table.String()+document.String(), "kaeth6") || strings.Contains(table.String(), "\x1b") {
		t.Error("a secret or a control byte is shown")
	}
	var d struct {
		Disagreed int
		Results   []struct {
			Verdict string
			Request struct{ Target string }
		}
	}
	if err := json.Unmarshal(document.Bytes(), &d); err != nil || d.Disagreed != 1 || len(d.Results) != 4 || d.Results[3].Verdict != "disagreed" || d.Results[3].Request.Target != "/a\x1bÿ" {
		t.Errorf("%v %+v", err, d)
	}
	err := confirmStatus(Streams{Err: &errs}, confirmed())
	if err == nil || !strings.Contains(err.Error(), "AN ERROR IN POSTERN") {
		t.Errorf("%v", err)
	}
}

func TestASkippedCounterExampleIsCountedApart(t *testing.T) {
	r := confirmed()
	r.Results[2].CounterExample = true
	var table, document bytes.Buffer
	if err := errors.Join(writeConfirmTable(&table, r), writeConfirmJSON(&document, r)); err != nil {
		t.Fatal(err)
	}
	if want := "3 counter-examples of the proof: 1 reached an upstream; 1 did not, since they suppose"; !strings.Contains(table.String(), want) ||
		!strings.Contains(table.String(), "; of 1 NOTHING IS KNOWN") {
		t.Errorf("%s", table.String())
	}
	var d struct {
		Counterexamples struct{ Refuted, Unknown int }
	}
	if err := json.Unmarshal(document.Bytes(), &d); err != nil || d.Counterexamples.Refuted != 1 || d.Counterexamples.Unknown != 1 {
		t.Errorf("%v %+v", err, d)
	}
}

func TestTheStatusOfAConfirmation(t *testing.T) {
	status := func(results ...confirm.Result) int {
		err := confirmStatus(Streams{Err: &bytes.Buffer{}}, &confirm.Report{Results: results})
		var s statusError
		switch {
		case err == nil:
			return exitOK
		case errors.As(err, &s):
			return int(s)
		}
		return exitError
	}
	agreed, through := confirm.Result{Verdict: confirm.Agreed}, confirm.Result{Verdict: confirm.Agreed, GotThrough: true}
	skipped, disagreed := confirm.Result{Verdict: confirm.Skipped}, confirm.Result{Verdict: confirm.Disagreed}
	for want, got := range map[int]int{
		exitOK: status(agreed, skipped), exitFinding: status(agreed, through), exitUnknown: status(skipped), exitError: status(agreed, through, disagreed),
	} {
		if got != want {
			t.Errorf("status %d, want %d", got, want)
		}
	}
	wrong := confirm.Result{Verdict: confirm.Skipped, CounterExample: true}
	if status(agreed, wrong) != exitUnknown || status(agreed, wrong, through) != exitFinding {
		t.Error("a counter-example that was not sent is neither refuted nor found")
	}
	wrong.GotThrough = true
	if status(agreed, wrong) != exitFinding {
		t.Error("what was not compared and got through got through")
	}
	if status() != exitUnknown || status(confirm.Result{Verdict: confirm.AgreedRendered}) != exitOK {
		t.Error("nothing to compare is unknown; what agrees as it is run is compared")
	}
}
