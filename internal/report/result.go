// SPDX-License-Identifier: Apache-2.0

// Package report holds the result of an audit and its writers, one file a
// format. Every report is a pure function of the result, so a saved result can
// be rendered again in any format.
package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/postern-audit/postern/internal/finding"
)

// Schema names the layout of Result. Fields may be added, never changed or removed.
const Schema = "postern.result/v1"

// Result is everything that an audit found out.
type Result struct {
	Schema string `json:"schema"`
	// At is the instant that validity was judged at, RFC 3339 in UTC.
	At      string  `json:"at"`
	Site    Site    `json:"site"`
	Profile Profile `json:"profile"`
	Tool    Tool    `json:"tool"`
	Policy  Policy  `json:"policy"`

	Evidence     Evidence          `json:"evidence"`
	OutOfScope   []OutOfScope      `json:"out_of_scope"`
	Summary      Summary           `json:"summary"`
	Rules        []finding.Rule    `json:"rules"`
	Controls     []Control         `json:"controls"`
	Verdicts     []finding.Verdict `json:"verdicts"`
	Proofs       []Proof           `json:"proofs"`
	Attestations []Attestation     `json:"attestations"`
}

// Proof says what an engine proved of a subject, and how much of it the engine modelled
// exactly.
type Proof struct {
	// Engine is exposure: which requests reach an upstream.
	Engine  string `json:"engine"`
	Subject string `json:"subject"`
	// Proved says that the subject has none of the defects that the engine looks for,
	// with certainty.
	Proved bool `json:"proved"`
	// Directives is the number of directives that decide, Exact how many of them are
	// modelled exactly, and Coverage their share in percent.
	Directives int     `json:"directives"`
	Exact      int     `json:"exact"`
	Coverage   float64 `json:"coverage"`
	// Widened are the places of the others.
	Widened []string `json:"widened"`
}

// String is one line for people.
func (p Proof) String() string {
	outcome := "not proved"
	if p.Proved {
		outcome = "proved"
	}
	return fmt.Sprintf("%s of %s: %s, %d of %d directives", p.Engine, Printable(p.Subject), outcome, p.Exact, p.Directives)
}

// Attestation is a person's answer to what no machine can see.
type Attestation struct {
	Control    string `json:"control"`
	Subject    string `json:"subject"`
	Statement  string `json:"statement"`
	Answer     string `json:"answer"`
	By         string `json:"by"`
	At         string `json:"at"`
	ValidUntil string `json:"valid_until"`
	// Evidence is a file that shows it, SHA256 the digest that it must have.
	Evidence string `json:"evidence"`
	SHA256   string `json:"sha256"`
	Artifact string `json:"artifact"`
	Line     int    `json:"line"`
	// Outcome is what came of it.
	Outcome finding.Outcome `json:"outcome"`
}

// Site counts what was audited.
type Site struct {
	Name      string   `json:"name"`
	Edges     []string `json:"edges"`
	Listeners []string `json:"listeners"`
	Nodes     []string `json:"nodes"`
	Clusters  []string `json:"clusters"`
	Zones     []string `json:"zones"`
	// File is the site file, with the places that declare targets.
	File    string      `json:"file"`
	Targets []TargetRef `json:"targets"`
}

// TargetRef is the place in the site file that declares a target.
type TargetRef struct {
	Subject string `json:"subject"`
	Line    int    `json:"line"`
}

// Profile names what the site was judged by.
type Profile struct {
	Name     string   `json:"name"`
	Release  string   `json:"release"`
	Overlays []string `json:"overlays"`
	ES       string   `json:"es"`
	// Contradictions are the topics on which the vendor's documents disagree, with
	// what the profile chose.
	Contradictions []Contradiction `json:"contradictions"`
}

// Contradiction is a choice between two documents.
type Contradiction struct {
	Topic             string `json:"topic"`
	Chosen            string `json:"chosen"`
	Reference         string `json:"reference"`
	Rejected          string `json:"rejected"`
	RejectedReference string `json:"rejected_reference"`
}

// Tool is the program that made the result.
type Tool struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
}

// Policy names the rules by their digest.
type Policy struct {
	Digest string `json:"digest"`
}

// Evidence names the bundle that was judged.
type Evidence struct {
	Digest  string `json:"digest"`
	At      string `json:"at"`
	Vantage string `json:"vantage"`
	Gaps    []Gap  `json:"gaps"`
}

// Gap is something that could not be learned.
type Gap struct {
	Section string `json:"section"`
	Subject string `json:"subject"`
	// Part is the field of the record that stays unknown; empty for all of it.
	Part     string `json:"part"`
	Reason   string `json:"reason"`
	Artifact string `json:"artifact"`
	Line     int    `json:"line"`
}

// OutOfScope is a deliberate absence.
type OutOfScope struct {
	Section string `json:"section"`
	Target  string `json:"target"`
	Reason  string `json:"reason"`
}

// Summary counts verdicts.
type Summary struct {
	Fail          int        `json:"fail"`
	Pass          int        `json:"pass"`
	Unknown       int        `json:"unknown"`
	NotApplicable int        `json:"not_applicable"`
	Manual        int        `json:"manual"`
	Waived        int        `json:"waived"`
	BySeverity    BySeverity `json:"by_severity"`
}

// BySeverity counts unwaived failing verdicts.
type BySeverity struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
	Info     int `json:"info"`
}

// Control is the outcome of one control: the worst of its rules and answers.
type Control struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Kind is A (decided by rules), P (partly) or H (by a person); Clauses are
	// the documents that it comes from.
	Kind    string          `json:"kind"`
	Clauses []string        `json:"clauses"`
	Outcome finding.Outcome `json:"outcome"`
	Rules   []string        `json:"rules"`
	// Attestation is what people say about it, where they are asked.
	Attestation *ControlAttestation `json:"attestation"`
	// Pending names the engine that will decide what is left open, Reason says
	// why it is.
	Pending string `json:"pending"`
	Reason  string `json:"reason"`
}

// ControlAttestation is what became of the question about a control.
type ControlAttestation struct {
	Rule     string          `json:"rule"`
	Question string          `json:"question"`
	Outcome  finding.Outcome `json:"outcome"`
}

// Summarize counts the verdicts.
func Summarize(verdicts []finding.Verdict) Summary {
	var s Summary
	for _, v := range verdicts {
		if v.Waived != nil {
			s.Waived++
		}
		switch v.Outcome {
		case finding.Fail:
			s.Fail++
		case finding.Pass:
			s.Pass++
		case finding.Unknown:
			s.Unknown++
		case finding.NotApplicable:
			s.NotApplicable++
		case finding.Manual:
			s.Manual++
		}
		if v.Outcome != finding.Fail || v.Waived != nil {
			continue
		}
		switch v.Severity {
		case finding.Critical:
			s.BySeverity.Critical++
		case finding.High:
			s.BySeverity.High++
		case finding.Medium:
			s.BySeverity.Medium++
		case finding.Low:
			s.BySeverity.Low++
		case finding.Info:
			s.BySeverity.Info++
		}
	}
	return s
}

// ExitStatus is the status of an audit: 1 when an unwaived verdict fails at or
// above a severity, else 3 when one is unknown there, else 0. It depends on
// the result only, never on the format.
func (r *Result) ExitStatus(failOn finding.Severity) int {
	status := 0
	for _, v := range r.Verdicts {
		if v.Waived != nil || !v.Severity.AtLeast(failOn) {
			continue
		}
		switch v.Outcome {
		case finding.Fail:
			return 1
		case finding.Unknown:
			status = 3
		}
	}
	return status
}

// Rule returns the documentation of a rule.
func (r *Result) Rule(id string) (finding.Rule, bool) {
	for _, rule := range r.Rules {
		if rule.ID == id {
			return rule, true
		}
	}
	return finding.Rule{}, false
}

// Decode reads a result that an audit wrote. Unknown fields are allowed, since
// later versions may add some; what would change its meaning is not: another
// schema, outcomes or severities that do not exist, counts that do not fit the
// verdicts, verdicts of rules that it does not describe, or text after its end.
func Decode(data []byte) (*Result, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	var r Result
	if err := dec.Decode(&r); err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("result: text follows its end")
	}
	if r.Schema != Schema {
		return nil, fmt.Errorf("result: schema is %q, this version reads %q", r.Schema, Schema)
	}
	if len(r.Verdicts) == 0 {
		return nil, errors.New("result: it holds no verdict")
	}
	for _, v := range r.Verdicts {
		if !slices.Contains(finding.Outcomes(), v.Outcome) {
			return nil, fmt.Errorf("result: %s of %s: outcome %q does not exist", v.Rule, v.Subject, v.Outcome)
		}
		if _, err := finding.ParseSeverity(string(v.Severity)); err != nil {
			return nil, fmt.Errorf("result: %s of %s: %w", v.Rule, v.Subject, err)
		}
		if _, ok := r.Rule(v.Rule); !ok {
			return nil, fmt.Errorf("result: verdict of rule %q, which it does not describe", v.Rule)
		}
	}
	if r.Summary != Summarize(r.Verdicts) {
		return nil, errors.New("result: the summary does not fit the verdicts")
	}
	return &r, nil
}
