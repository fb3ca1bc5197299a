// SPDX-License-Identifier: Apache-2.0

package signoff_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/signoff"
)

func input(verdicts ...finding.Verdict) signoff.Input {
	return signoff.Input{
		Site: "acme", Profile: "finesse-12.6.1", EvidenceDigest: "e", PolicyDigest: "p", Tool: "v1", JudgedAt: "2026-01-01T00:00:00Z",
		Verdicts: verdicts, RawBundle: []byte("bundle"), RawResult: []byte("result"), FailOn: finding.High, Validity: 24 * time.Hour,
	}
}

func TestPrepareRefusesWhatStandsInTheWay(t *testing.T) {
	waived := &finding.Waived{ID: "W-1", Owner: "anna", Approver: "ben"}
	for _, c := range []struct {
		name    string
		verdict finding.Verdict
		blocks  bool
	}{
		{"a high finding", finding.Verdict{Outcome: finding.Fail, Severity: finding.High}, true},
		{"a critical unknown", finding.Verdict{Outcome: finding.Unknown, Severity: finding.Critical}, true},
		{"an attestation that is missing, of any severity", finding.Verdict{Outcome: finding.Manual, Severity: finding.Low}, true},
		{"a low finding", finding.Verdict{Outcome: finding.Fail, Severity: finding.Low}, false},
		{"a medium unknown", finding.Verdict{Outcome: finding.Unknown, Severity: finding.Medium}, false},
		{"a waived high finding", finding.Verdict{Outcome: finding.Fail, Severity: finding.High, Waived: waived}, false},
		{"a pass", finding.Verdict{Outcome: finding.Pass, Severity: finding.Critical}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := signoff.Prepare(input(c.verdict))
			var blocked *signoff.BlockedError
			if errors.As(err, &blocked) != c.blocks {
				t.Fatalf("prepared %d bytes, %v", len(doc), err)
			}
			if !c.blocks && c.verdict.Outcome != finding.Pass && !bytes.Contains(doc, []byte(`"outcome": "`+string(c.verdict.Outcome)+`"`)) {
				t.Errorf("a signer does not see it:\n%s", doc)
			}
		})
	}
}

// signers makes two SSH keys with ssh-keygen and an allowed-signers file.
func signers(t *testing.T, options string) (dir string) {
	t.Helper()
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("ssh-keygen is not installed")
		}
		t.Skip("ssh-keygen is not installed")
	}
	dir = t.TempDir()
	var allowed strings.Builder
	for name, kind := range map[string]string{"anna": "ed25519", "ben": "ecdsa", "eve": "ed25519"} {
		key := filepath.Join(dir, name)
		if out, err := exec.Command("ssh-keygen", "-q", "-t", kind, "-N", "", "-C", name, "-f", key).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		if name == "eve" {
			continue
		}
		public, err := os.ReadFile(key + ".pub")
		if err != nil {
			t.Fatal(err)
		}
		allowed.WriteString(name + "@corp.example " + options + string(public))
	}
	write(t, filepath.Join(dir, "signers"), []byte(allowed.String()))
	return dir
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTwoSignaturesHoldForUsAndForSSHKeygen(t *testing.T) {
	dir := signers(t, `namespaces="`+signoff.Namespace+`",valid-before="20270101Z" `)
	doc, err := signoff.Prepare(input())
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "golive.json"), doc)
	sign := func(name string) []byte {
		sig, err := signoff.Sign(doc, read(t, filepath.Join(dir, name)), nil)
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
	anna, ben, eve := sign("anna"), sign("ben"), sign("eve")
	for name, sig := range map[string][]byte{"anna": anna, "ben": ben} {
		file := filepath.Join(dir, name+".sig")
		write(t, file, sig)
		cmd := exec.Command("ssh-keygen", "-Y", "verify", "-n", signoff.Namespace, "-f", filepath.Join(dir, "signers"), "-I", name+"@corp.example", "-s", file)
		cmd.Stdin = bytes.NewReader(doc)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("ssh-keygen refuses the signature of %s: %v: %s", name, err, out)
		}
	}
	// And the other way round: a signature by ssh-keygen holds for us.
	cmd := exec.Command("ssh-keygen", "-Y", "sign", "-n", signoff.Namespace, "-f", filepath.Join(dir, "ben"))
	cmd.Stdin = bytes.NewReader(doc)
	byKeygen, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	other := exec.Command("ssh-keygen", "-Y", "sign", "-n", "file", "-f", filepath.Join(dir, "ben"))
	other.Stdin = bytes.NewReader(doc)
	otherNamespace, err := other.Output()
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := signoff.ParseAllowedSigners(read(t, filepath.Join(dir, "signers")))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	changed := bytes.Replace(doc, []byte(`"acme"`), []byte(`"acmf"`), 1)
	for _, c := range []struct {
		name       string
		document   []byte
		signatures [][]byte
		options    signoff.VerifyOptions
		want       string
	}{
		{"two signers", doc, [][]byte{anna, ben}, signoff.VerifyOptions{At: at, Bundle: []byte("bundle"), Result: []byte("result")}, ""},
		{"one of them by ssh-keygen", doc, [][]byte{anna, byKeygen}, signoff.VerifyOptions{At: at}, ""},
		{"one signer", doc, [][]byte{anna}, signoff.VerifyOptions{At: at}, "1 distinct"},
		{"one signer twice", doc, [][]byte{anna, anna}, signoff.VerifyOptions{At: at}, "1 distinct"},
		{"a stranger", doc, [][]byte{anna, eve}, signoff.VerifyOptions{At: at}, "not among"},
		{"a stranger beside two signers", doc, [][]byte{anna, ben, eve}, signoff.VerifyOptions{At: at}, "not among"},
		{"three required", doc, [][]byte{anna, ben}, signoff.VerifyOptions{At: at, Required: 3}, "3 are required"},
		{"a changed document", changed, [][]byte{anna, ben}, signoff.VerifyOptions{At: at}, "signature 1"},
		{"an edited document", append(bytes.Clone(doc), ' '), [][]byte{anna, ben}, signoff.VerifyOptions{At: at}, "canonical"},
		{"another bundle", doc, [][]byte{anna, ben}, signoff.VerifyOptions{At: at, Bundle: []byte("bundlf")}, "bundle"},
		{"another result", doc, [][]byte{anna, ben}, signoff.VerifyOptions{At: at, Result: []byte("resulu")}, "result"},
		{"after its end", doc, [][]byte{anna, ben}, signoff.VerifyOptions{At: at.AddDate(0, 0, 2)}, "ended"},
		{"another namespace", doc, [][]byte{anna, otherNamespace}, signoff.VerifyOptions{At: at}, `for "file"`},
		{"no signature at all", doc, [][]byte{anna, []byte("hello")}, signoff.VerifyOptions{At: at}, "not an SSH signature"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, who, err := signoff.Verify(c.document, c.signatures, allowed, c.options)
			if c.want == "" {
				if err != nil || len(who) != 2 {
					t.Errorf("%v, signed by %v", err, who)
				}
				return
			}
			var invalid *signoff.InvalidError
			if !errors.As(err, &invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an invalid sign-off with %q", err, c.want)
			}
		})
	}
}

func TestAllowedSignersThatAreNotUnderstoodAreRefused(t *testing.T) {
	key := "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIk3YQ0mCvwJYyZ8k2vJ1sUo5dJc0y2vC8nq4v7yQb1x"
	for _, line := range []string{"anna", "anna cert-authority " + key, "anna valid-before=\"20270101\" " + key, "anna nonsense"} {
		if got, err := signoff.ParseAllowedSigners([]byte(line + "\n")); err == nil {
			t.Errorf("%q was read as %+v", line, got)
		}
	}
	got, err := signoff.ParseAllowedSigners([]byte("# comment\n\nanna,anna@x namespaces=\"a,golive@*\" " + key + "\n"))
	if err != nil || len(got) != 1 || len(got[0].Namespaces) != 2 || got[0].Principals[1] != "anna@x" {
		t.Errorf("%+v, %v", got, err)
	}
}
