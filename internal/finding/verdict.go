// SPDX-License-Identifier: Apache-2.0

package finding

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"

	"github.com/postern-audit/postern/internal/evidence"
)

// Outcome is the result of one rule about one subject.
type Outcome string

const (
	Fail          Outcome = "fail"
	Pass          Outcome = "pass"
	NotApplicable Outcome = "not-applicable"
	// Unknown means that the evidence does not suffice: never a pass.
	Unknown Outcome = "unknown"
	// Manual awaits an attestation.
	Manual Outcome = "manual"
)

// Outcomes lists all of them, worst first: a control takes the worst of its
// rules' outcomes.
func Outcomes() []Outcome { return []Outcome{Fail, Unknown, Manual, Pass, NotApplicable} }

// Worst returns the worst of some outcomes, and not-applicable of none.
func Worst(outcomes []Outcome) Outcome {
	worst := NotApplicable
	for _, o := range outcomes {
		if slices.Index(Outcomes(), o) < slices.Index(Outcomes(), worst) {
			worst = o
		}
	}
	return worst
}

// Verdict is one rule's judgement of one subject.
type Verdict struct {
	Rule     string   `json:"rule"`
	Subject  string   `json:"subject"`
	Outcome  Outcome  `json:"outcome"`
	Severity Severity `json:"severity"`
	Controls []string `json:"controls"`
	// Reason says why an outcome is unknown, manual or not-applicable, and on
	// what weak ground another outcome rests, if it does.
	Reason   string    `json:"reason"`
	Waived   *Waived   `json:"waived"`
	Findings []Finding `json:"findings"`
}

// Waived names the waiver that covers a verdict. The outcome stays.
type Waived struct {
	ID       string `json:"id"`
	Reason   string `json:"reason"`
	Owner    string `json:"owner"`
	Approver string `json:"approver"`
	Expires  string `json:"expires"`
}

// Finding is one defect of a subject.
type Finding struct {
	// Key tells the findings of one rule and subject apart. It is chosen by
	// the rule from what the defect is about, never from a line or a text.
	Key     string `json:"key"`
	Message string `json:"message"`
	Fix     string `json:"fix"`
	// Fingerprint identifies the finding across audits; see Fingerprint.
	Fingerprint string     `json:"fingerprint"`
	Witness     *Witness   `json:"witness"`
	Deviation   *Deviation `json:"deviation"`
	Sources     []Source   `json:"sources"`
}

// Witness is a replayable proof of a finding.
type Witness struct {
	// Kind is request, packet, handshake or chain.
	Kind string `json:"kind"`
	// Text is the raw request line, packet, or chain.
	Text string `json:"text"`
}

// Deviation marks a finding that the vendor's baseline demands.
type Deviation struct {
	Reference string `json:"reference"`
}

// Source is where the evidence of a finding lies, with the lines around it.
type Source struct {
	Artifact string          `json:"artifact"`
	Line     int             `json:"line"`
	Column   int             `json:"column"`
	Host     string          `json:"host"`
	Port     int             `json:"port"`
	Vantage  string          `json:"vantage"`
	Origin   evidence.Origin `json:"origin"`
	SHA256   string          `json:"sha256"`
	// Excerpt is at most seven lines of the redacted artifact.
	Excerpt string `json:"excerpt"`
}

// Fingerprint names a finding by what it is about: the SHA-256 over the
// length-prefixed rule id, subject and key, in unpadded base64url. Neither
// lines nor wording take part, so an edit above a finding does not make it new.
func Fingerprint(rule, subject, key string) string {
	h := sha256.New()
	for _, part := range [...]string{rule, subject, key} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		h.Write(n[:])
		h.Write([]byte(part))
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// Sort brings verdicts into report order: by rule, then subject; findings by
// key.
func Sort(verdicts []Verdict) {
	sort.SliceStable(verdicts, func(i, j int) bool {
		if verdicts[i].Rule != verdicts[j].Rule {
			return verdicts[i].Rule < verdicts[j].Rule
		}
		return verdicts[i].Subject < verdicts[j].Subject
	})
	for _, v := range verdicts {
		sort.SliceStable(v.Findings, func(i, j int) bool { return v.Findings[i].Key < v.Findings[j].Key })
	}
}

// Place is where to look, for a person: "file:line:column" or "host:port".
func (s Source) Place() string {
	switch {
	case s.Artifact != "" && s.Line > 0 && s.Column > 0:
		return fmt.Sprintf("%s:%d:%d", s.Artifact, s.Line, s.Column)
	case s.Artifact != "" && s.Line > 0:
		return fmt.Sprintf("%s:%d", s.Artifact, s.Line)
	case s.Artifact != "":
		return s.Artifact
	case s.Port > 0:
		return fmt.Sprintf("%s:%d", s.Host, s.Port)
	}
	return s.Host
}
