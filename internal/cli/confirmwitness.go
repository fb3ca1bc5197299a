// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/postern-audit/postern/internal/confirm"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/report"
)

// Bounds of the files that requests come from.
const (
	maxWitnessLine = 1 << 20
	maxWitnesses   = 100_000
	maxProofBytes  = 256 << 20
)

// witnesses are the requests that are sent first.
// Configuration is what they are sent to.
func (f *confirmFlags) witnesses(s Streams, stdin io.Reader, configuration string) (out []confirm.Witness, err error) {
	if f.requests != "" {
		if out, err = readWitnesses(f.requests, stdin); err != nil {
			return nil, err
		}
	}
	if f.proof != "" {
		proof, err := readProof(f.proof, stdin)
		if err != nil {
			return nil, err
		}
		if about := proof.configuration; about != "" && !sameFile(about, configuration) {
			fmt.Fprintf(s.Err, "note: the proof is about %s, and its requests are sent to %s\n", report.Printable(about), report.Printable(configuration))
		}
		if n := proof.escapes; n > 0 {
			fmt.Fprintf(s.Err, "note: %s not sent: confirm has no files to answer with\n", many(n, "escape"))
		}
		out = append(out, proof.witnesses...)
	}
	return out, nil
}

// readWitnesses reads requests of one line each.
func readWitnesses(name string, stdin io.Reader) ([]confirm.Witness, error) {
	in := stdin
	if name != "-" {
		f, err := openRegular(name)
		if err != nil {
			return nil, withHint(err, "name a file with one JSON object a line")
		}
		defer f.Close()
		in = f
	}
	var out []confirm.Witness
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxWitnessLine)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		q, err := readRequest(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if len(out) == maxWitnesses {
			return nil, fmt.Errorf("%s:%d: more than %d requests", name, n, maxWitnesses)
		}
		out = append(out, confirm.Witness{Name: fmt.Sprintf("line %d", n), Request: q})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(out) == 0 {
		return nil, withHint(fmt.Errorf("%s holds no request", name), "one JSON object a line")
	}
	return out, nil
}

// provedWay is what counts here of a way of a proof.
type provedWay struct {
	Request  askedRequest `json:"request"`
	Class    string       `json:"class"`
	Message  string       `json:"message"`
	Upstream string       `json:"upstream"`
	Path     string       `json:"path"`
	Suppose  []string     `json:"suppose"`
}

// sameFile tells whether two names are of one file or folder, or the same word.
func sameFile(a, b string) bool {
	if filepath.Clean(a) == filepath.Clean(b) {
		return true
	}
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// replay is what a proof gives.
type replay struct {
	witnesses []confirm.Witness
	// configuration is what the proof is about, by the name that it was given.
	configuration string
	// escapes are answered with files, and are no witnesses.
	escapes int
}

// readProof reads the witnesses of a proof. What it says about them is expected,
// unless it supposes something that may not be so here, or does not say.
func readProof(name string, stdin io.Reader) (out replay, err error) {
	var text []byte
	if name == "-" {
		text, err = io.ReadAll(io.LimitReader(stdin, maxProofBytes))
	} else {
		text, err = readLimited(name, maxProofBytes)
	}
	const hint = "postern exposure NGINX --format json writes one"
	if err != nil {
		return out, withHint(err, hint)
	}
	var proof struct {
		Schema          string            `json:"schema"`
		Configuration   string            `json:"configuration"`
		Verdict         verdict           `json:"verdict"`
		Counterexamples []provedWay       `json:"counterexamples"`
		Escapes         []json.RawMessage `json:"escapes"`
		Unassigned      []provedWay       `json:"unassigned"`
		Possible        []provedWay       `json:"possible"`
		Allowed         []provedWay       `json:"allowed"`
		Undecided       []struct {
			Request *askedRequest `json:"request"`
			Reason  string        `json:"reason"`
		} `json:"undecided"`
	}
	if err := json.Unmarshal(text, &proof); err != nil {
		return out, withHint(fmt.Errorf("%s is no proof: %w", name, err), hint)
	}
	switch {
	case proof.Schema != proofSchema:
		return out, withHint(fmt.Errorf("%s is no proof: its schema is %q, not %s", name, proof.Schema, proofSchema), hint)
	case proof.Verdict == verdictBroken && len(proof.Counterexamples)+len(proof.Escapes) == 0:
		return out, withHint(fmt.Errorf("%s is no proof: its verdict is %s, and it has none", name, proof.Verdict), hint)
	}
	out.configuration, out.escapes = proof.Configuration, len(proof.Escapes)
	for _, list := range []struct {
		ways           []provedWay
		wrong, certain bool
	}{{proof.Counterexamples, true, true}, {proof.Unassigned, false, true}, {proof.Possible, false, false}, {proof.Allowed, false, true}} {
		for _, w := range list.ways {
			witness, err := w.witness(list.wrong, list.certain)
			if err != nil {
				return out, fmt.Errorf("%s: %s: %w", name, w.Class, err)
			}
			out.witnesses = append(out.witnesses, witness)
		}
	}
	for _, u := range proof.Undecided {
		if u.Request == nil {
			continue // all requests are meant
		}
		q, err := u.Request.request()
		if err != nil {
			return out, fmt.Errorf("%s: undecided: %w", name, err)
		}
		out.witnesses = append(out.witnesses, confirm.Witness{Name: "proof, undecided: " + u.Reason, Request: q})
	}
	if len(out.witnesses) > maxWitnesses {
		return out, fmt.Errorf("%s: more than %d requests", name, maxWitnesses)
	}
	return out, nil
}

// witness is the request of a way. Wrong ones are counter-examples; of those that are
// not certain nothing is expected.
func (w *provedWay) witness(wrong, certain bool) (confirm.Witness, error) {
	q, err := w.Request.request()
	out := confirm.Witness{Name: "proof: " + w.Message, Request: q, CounterExample: wrong}
	if certain && len(w.Suppose) == 0 && w.Upstream != "" {
		upstream, _ := bytesOf(w.Upstream)
		path, _ := bytesOf(w.Path)
		out.Expected = request.Outcome{Kind: request.Forwarded, Upstream: upstream, Path: path}
	}
	return out, err
}
