// SPDX-License-Identifier: Apache-2.0

// Package signoff turns an audit into a go-live that people sign.
//
// The document is canonical JSON over the digests of bundle, result and rules,
// with everything that a signer should see: what was judged, by what, when,
// what fails below the bar, what was waived by whom. It never holds
// signatures. Each signer signs the same bytes with an SSH key of his own, so
// that the document and any of its signatures can be verified years later,
// offline, by Postern or by plain "ssh-keygen -Y verify".
package signoff

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/postern-audit/postern/internal/finding"
)

// Schema names the layout of Document.
const Schema = "postern.signoff/v1"

// Namespace is the SSH signature namespace of a go-live.
const Namespace = "golive@postern"

// MaxBytes bounds a document that is read.
const MaxBytes = 16 << 20

// Document is what signers sign.
type Document struct {
	Schema    string `json:"schema"`
	Statement string `json:"statement"`
	Site      string `json:"site"`
	Profile   string `json:"profile"`
	// JudgedAt is the instant that the result holds for; ValidUntil is when
	// the sign-off ends.
	JudgedAt   string  `json:"judged_at"`
	ValidUntil string  `json:"valid_until"`
	Bundle     string  `json:"bundle_sha256"`
	Evidence   string  `json:"evidence_digest"`
	Result     string  `json:"result_sha256"`
	Policy     string  `json:"policy_digest"`
	Tool       string  `json:"tool"`
	FailOn     string  `json:"fail_on"`
	Counts     Counts  `json:"counts"`
	Accepted   []Entry `json:"accepted"`
	Waived     []Entry `json:"waived"`
	OutOfScope []Entry `json:"out_of_scope"`
}

// Counts are the verdicts by outcome.
type Counts struct {
	Fail          int `json:"fail"`
	Pass          int `json:"pass"`
	Unknown       int `json:"unknown"`
	NotApplicable int `json:"not_applicable"`
	Manual        int `json:"manual"`
	Waived        int `json:"waived"`
}

// Entry is one line that a signer accepts with his signature.
type Entry struct {
	Rule     string `json:"rule"`
	Subject  string `json:"subject"`
	Outcome  string `json:"outcome"`
	Severity string `json:"severity"`
	Note     string `json:"note"`
}

const statement = "The undersigned have seen the result of this audit and release the gate for use until the end of its validity."

// Input is what a document is prepared from. Raw holds the exact bytes whose
// digests are signed.
type Input struct {
	Site, Profile, EvidenceDigest, PolicyDigest, Tool string
	JudgedAt                                          string
	Verdicts                                          []finding.Verdict
	OutOfScope                                        []Entry
	RawBundle, RawResult                              []byte
	FailOn                                            finding.Severity
	Validity                                          time.Duration
}

// BlockedError lists what stands in the way of a sign-off.
type BlockedError struct{ Reasons []string }

// Error implements error.
func (e *BlockedError) Error() string {
	return fmt.Sprintf("not ready to be signed: %d verdict(s) stand in the way:\n  %s", len(e.Reasons), strings.Join(e.Reasons, "\n  "))
}

// Hint says what to do.
func (e *BlockedError) Hint() string {
	return "fix each, supply the missing evidence, or have it waived; then audit again"
}

// Prepare writes the document, or refuses while an unwaived verdict at or
// above the bar fails or is unknown, or while any awaits an attestation.
func Prepare(in Input) ([]byte, error) {
	d := Document{
		Schema: Schema, Statement: statement, Site: in.Site, Profile: in.Profile, JudgedAt: in.JudgedAt,
		Bundle: digest(in.RawBundle), Evidence: in.EvidenceDigest, Result: digest(in.RawResult), Policy: in.PolicyDigest,
		Tool: in.Tool, FailOn: string(in.FailOn), Accepted: []Entry{}, Waived: []Entry{}, OutOfScope: in.OutOfScope,
	}
	if d.OutOfScope == nil {
		d.OutOfScope = []Entry{}
	}
	at, err := time.Parse(time.RFC3339, in.JudgedAt)
	if err != nil {
		return nil, fmt.Errorf("result: at %q is no instant", in.JudgedAt)
	}
	d.ValidUntil = at.Add(in.Validity).UTC().Format(time.RFC3339)
	var blocked []string
	for _, v := range in.Verdicts {
		entry := Entry{Rule: v.Rule, Subject: v.Subject, Outcome: string(v.Outcome), Severity: string(v.Severity), Note: v.Reason}
		switch v.Outcome {
		case finding.Fail:
			d.Counts.Fail++
		case finding.Pass:
			d.Counts.Pass++
		case finding.Unknown:
			d.Counts.Unknown++
		case finding.NotApplicable:
			d.Counts.NotApplicable++
		case finding.Manual:
			d.Counts.Manual++
		}
		if v.Outcome == finding.Pass || v.Outcome == finding.NotApplicable {
			continue
		}
		if len(v.Findings) > 0 {
			entry.Note = v.Findings[0].Message
		}
		switch {
		case v.Waived != nil:
			d.Counts.Waived++
			entry.Note = fmt.Sprintf("waiver %s by %s, approved by %s, until %s: %s", v.Waived.ID, v.Waived.Owner, v.Waived.Approver, v.Waived.Expires, v.Waived.Reason)
			d.Waived = append(d.Waived, entry)
		case v.Severity.AtLeast(in.FailOn), v.Outcome == finding.Manual:
			blocked = append(blocked, fmt.Sprintf("%s: %s (%s) of %s: %s", v.Outcome, v.Rule, v.Severity, v.Subject, entry.Note))
		default:
			d.Accepted = append(d.Accepted, entry)
		}
	}
	if len(blocked) > 0 {
		return nil, &BlockedError{blocked}
	}
	return encode(d)
}

func encode(d Document) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(d); err != nil {
		return nil, fmt.Errorf("encode sign-off: %w", err)
	}
	return buf.Bytes(), nil
}

// Decode reads a document and makes sure that it is in canonical form: signers
// and verifiers must be talking about the same bytes.
func Decode(data []byte) (*Document, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("sign-off: longer than %d bytes", MaxBytes)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var d Document
	if err := dec.Decode(&d); err != nil {
		return nil, fmt.Errorf("sign-off: %w", err)
	}
	if d.Schema != Schema {
		return nil, fmt.Errorf("sign-off: schema is %q, this version reads %q", d.Schema, Schema)
	}
	again, err := encode(d)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, data) {
		return nil, errors.New("sign-off: not in canonical form: it was edited after it was prepared")
	}
	return &d, nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
