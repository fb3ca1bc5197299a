// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/nginx/request"
)

const someProof = `{"schema": "postern.exposure/v1", "verdict": "counterexample", "more": {},
"counterexamples": [
  {"request": {"port": 80, "method": "GET", "target": "/a\u00ff"}, "class": "closed", "message": "closed", "upstream": "http://a", "path": "/a\u00ff", "suppose": []},
  {"request": {"port": 80, "method": "GET", "target": "/b"}, "class": "closed", "message": "closed", "upstream": "http://a", "path": "/b", "suppose": ["a guard lets it in"]}],
"unassigned": [], "escapes": [{"request": {"port": 80, "method": "GET", "target": "/c"}}],
"allowed": [{"request": {"port": 80, "method": "GET", "target": "/d"}, "message": "allowed", "upstream": "http://a", "path": "/d", "suppose": []}]}`

func TestAProofGivesItsWitnessesWithWhatItSaysAboutThem(t *testing.T) {
	proof, err := readProof("-", strings.NewReader(someProof))
	got := proof.witnesses
	if err != nil || len(got) != 3 {
		t.Fatalf("%d %v", len(got), err)
	}
	if proof.escapes != 1 {
		t.Errorf("%d escapes", proof.escapes)
	}
	if w := got[0]; !w.CounterExample || w.Request.Target != "/a\xff" || w.Expected.Kind != request.Forwarded || w.Expected.Path != "/a\xff" || w.Expected.Upstream != "http://a" {
		t.Errorf("%+v", w)
	}
	if w := got[1]; !w.CounterExample || w.Expected.Kind != "" {
		t.Errorf("what supposes something is left to the model: %+v", w)
	}
	if w := got[2]; w.CounterExample || w.Request.Target != "/d" {
		t.Errorf("%+v", w)
	}
}

func TestWhatAProofIsNotSureOfIsSentAndNothingIsExpectedOfIt(t *testing.T) {
	proof, err := readProof("-", strings.NewReader(`{"schema": "postern.exposure/v1", "configuration": "rp-a", "verdict": "undecided",
"possible": [{"request": {"port": 80, "method": "GET", "target": "/p"}, "class": "closed", "message": "closed", "upstream": "http://a", "path": "/p", "suppose": []}],
"undecided": [{"reason": "perl is not followed"}, {"reason": "perl is not followed", "request": {"port": 80, "method": "GET", "target": "/u"}}]}`))
	if err != nil || proof.configuration != "rp-a" || len(proof.witnesses) != 2 {
		t.Fatalf("%v %+v", err, proof)
	}
	for i, target := range []string{"/p", "/u"} {
		if w := proof.witnesses[i]; w.Request.Target != target || w.CounterExample || w.Expected.Kind != "" {
			t.Errorf("%+v", w)
		}
	}
}

func TestWhatOfAProofIsNotSentIsSaid(t *testing.T) {
	file := filepath.Join(t.TempDir(), "proof.json")
	text := strings.Replace(someProof, `"more": {}`, `"configuration": "gate\u001b.conf"`, 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	said := func(configuration string) string {
		var errs bytes.Buffer
		if _, err := (&confirmFlags{proof: file}).witnesses(Streams{Err: &errs}, nil, configuration); err != nil {
			t.Fatal(err)
		}
		return errs.String()
	}
	if got := said("other.conf"); !strings.Contains(got, "note: 1 escape not sent") || !strings.Contains(got, "note: the proof is about gate?.conf, and its requests are sent to other.conf\n") {
		t.Errorf("%q", got)
	}
	if got := said("./gate\x1b.conf"); strings.Contains(got, "the proof is about") {
		t.Errorf("%q", got)
	}
}

func TestWhatIsNoProofIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "is no proof",
		"{}":                                "its schema is \"\"",
		`{"schema": "postern.exposure/v2"}`: "postern.exposure/v2",
		`{"schema": "postern.exposure/v1", "verdict": "counterexample", "counter_examples": [{}]}`: "its verdict is counterexample, and it has none",
		`{"schema": "postern.exposure/v1", "verdict": "counterexample", "counterexamples": [{}]}`:  "is missing",
		strings.Replace(someProof, `"port": 80, `, "", 1):                                          "port is missing",
		strings.Replace(someProof, `/a\u00ff"}`, `/a\u0100"}`, 1):                                  "above U+00FF",
	} {
		if _, err := readProof("-", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := readProof(filepath.Join(t.TempDir(), "none"), nil); err == nil {
		t.Error("a file that is not there")
	}
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readWitnesses(empty, nil); err == nil || !strings.Contains(err.Error(), "holds no request") {
		t.Errorf("%v", err)
	}
}
