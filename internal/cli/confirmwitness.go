// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/postern-audit/postern/internal/confirm"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// Bounds of the files that requests come from.
const (
	maxWitnessLine = 1 << 20
	maxWitnesses   = 100_000
	maxProofBytes  = 256 << 20
)

// witnesses are the requests that are sent first.
func (f *confirmFlags) witnesses(stdin io.Reader) (out []confirm.Witness, err error) {
	if f.requests != "" {
		if out, err = readWitnesses(f.requests, stdin); err != nil {
			return nil, err
		}
	}
	if f.proof != "" {
		proved, err := readProof(f.proof, stdin)
		if err != nil {
			return nil, err
		}
		out = append(out, proved...)
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

// readProof reads the witnesses of a proof. What it says about them is expected,
// unless it supposes something that may not be so here.
func readProof(name string, stdin io.Reader) (out []confirm.Witness, err error) {
	var text []byte
	if name == "-" {
		text, err = io.ReadAll(io.LimitReader(stdin, maxProofBytes))
	} else {
		text, err = readLimited(name, maxProofBytes)
	}
	const hint = "postern exposure NGINX --format json writes one"
	if err != nil {
		return nil, withHint(err, hint)
	}
	var proof struct {
		Schema          string      `json:"schema"`
		Counterexamples []provedWay `json:"counterexamples"`
		Unassigned      []provedWay `json:"unassigned"`
		Allowed         []provedWay `json:"allowed"`
	}
	if err := json.Unmarshal(text, &proof); err != nil {
		return nil, withHint(fmt.Errorf("%s is no proof: %w", name, err), hint)
	}
	if proof.Schema != proofSchema {
		return nil, withHint(fmt.Errorf("%s is no proof: its schema is %q, not %s", name, proof.Schema, proofSchema), hint)
	}
	for _, list := range []struct {
		ways  []provedWay
		wrong bool
	}{{proof.Counterexamples, true}, {proof.Unassigned, false}, {proof.Allowed, false}} {
		for _, w := range list.ways {
			witness, err := w.witness(list.wrong)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, w.Class, err)
			}
			out = append(out, witness)
		}
	}
	if len(out) > maxWitnesses {
		return nil, fmt.Errorf("%s: more than %d requests", name, maxWitnesses)
	}
	return out, nil
}

func (w *provedWay) witness(wrong bool) (confirm.Witness, error) {
	q, err := w.Request.request()
	out := confirm.Witness{Name: "proof: " + w.Message, Request: q, CounterExample: wrong}
	if len(w.Suppose) == 0 && w.Upstream != "" {
		upstream, _ := bytesOf(w.Upstream)
		path, _ := bytesOf(w.Path)
		out.Expected = request.Outcome{Kind: request.Forwarded, Upstream: upstream, Path: path}
	}
	return out, err
}
