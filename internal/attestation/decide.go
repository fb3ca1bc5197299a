// SPDX-License-Identifier: Apache-2.0

package attestation

import (
	"fmt"
	"strings"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
)

// RulePrefix starts the ids of the rules that questions are settled by.
const RulePrefix = "attest/"

// Rules document the verdicts about the questions.
func Rules(questions []Question) []finding.Rule {
	rules := make([]finding.Rule, len(questions))
	for i, q := range questions {
		rules[i] = finding.Rule{
			ID: RulePrefix + q.Control, Title: q.Title, Why: "No machine can see it. " + q.Text,
			Fix:      "Find out, and answer the question in the attestations file of the site; postern attest new writes the entry.",
			Controls: []string{q.Control}, Severity: q.Severity,
			References: []string{}, Needs: []string{}, Optional: []string{}, Aliases: []string{},
		}
	}
	return rules
}

// Case is what questions are settled on.
type Case struct {
	Scope Scope
	// Answers is nil when the site has no attestations file.
	Answers *Set
	// Absent says why there are none, when the site declares a file all the same.
	Absent string
	// Files is what became of the evidence that the answers name.
	Files []evidence.AttestedFile
	// At is the instant that validity is judged at.
	At time.Time
}

// Decide gives the verdicts of all questions. A question that is answered target
// by target asks for an answer of every target of that kind.
func (c Case) Decide() []finding.Verdict {
	answers := map[string][]Attestation{}
	if c.Answers != nil {
		for _, a := range c.Answers.Answers {
			answers[a.Control] = append(answers[a.Control], a)
		}
	}
	files := map[evidence.AttestedFile]evidence.AttestedFile{}
	for _, f := range c.Files {
		files[evidence.AttestedFile{Path: f.Path, SHA256: f.SHA256}] = f
	}
	var out []finding.Verdict
	for _, q := range c.Scope.Questions {
		open := func(subject string) finding.Verdict {
			v := verdict(q, subject, finding.Manual, "awaits an answer: "+q.Text)
			if c.Absent != "" {
				v.Reason += " (" + c.Absent + ")"
			}
			return v
		}
		given := answers[q.Control]
		if len(given) == 0 {
			out = append(out, open("site"))
			continue
		}
		kinds, named := map[string]bool{}, map[string]bool{}
		for _, a := range given {
			out = append(out, c.settle(q, a, files))
			kinds[kindOf(a.Subject)], named[a.Subject] = true, true
		}
		for _, subject := range c.Scope.Subjects {
			if kinds[kindOf(subject)] && !named[subject] {
				out = append(out, open(subject))
			}
		}
	}
	return out
}

func kindOf(subject string) string {
	kind, _, _ := strings.Cut(subject, "/")
	return kind
}

func verdict(q Question, subject string, outcome finding.Outcome, reason string) finding.Verdict {
	return finding.Verdict{
		Rule: RulePrefix + q.Control, Subject: subject, Outcome: outcome, Severity: q.Severity,
		Controls: []string{q.Control}, Reason: reason, Findings: []finding.Finding{},
	}
}

// settle gives the verdict of one answer. No stands, however old it is: only a
// yes ends it.
func (c Case) settle(q Question, a Attestation, files map[evidence.AttestedFile]evidence.AttestedFile) finding.Verdict {
	if a.Answer == "no" {
		v := verdict(q, a.Subject, finding.Fail, "")
		v.Findings = []finding.Finding{c.answeredNo(q, a)}
		return v
	}
	if a.Evidence != "" {
		name := c.Answers.File(a)
		switch f := files[evidence.AttestedFile{Path: name, SHA256: a.SHA256}]; {
		case f.State == "":
			return verdict(q, a.Subject, finding.Unknown, fmt.Sprintf("the evidence %s of the answer was not collected", name))
		case f.State != evidence.AttestedPresent:
			return verdict(q, a.Subject, finding.Unknown, fmt.Sprintf("the evidence %s of the answer: %s", name, f.Reason))
		}
	}
	switch {
	case c.At.Before(a.at):
		return verdict(q, a.Subject, finding.Manual, fmt.Sprintf("the answer of %s is dated %s, after what is judged: %s", a.By, a.At, q.Text))
	case !c.At.Before(a.until):
		return verdict(q, a.Subject, finding.Manual, fmt.Sprintf("the answer of %s expired at %s: %s", a.By, a.ValidUntil, q.Text))
	}
	return verdict(q, a.Subject, finding.Pass, fmt.Sprintf("attested by %s until %s: %s", a.By, a.ValidUntil, a.Statement))
}

func (c Case) answeredNo(q Question, a Attestation) finding.Finding {
	const key = "answered no"
	return finding.Finding{
		Key: key, Message: fmt.Sprintf("%s answered no: %s (%s)", a.By, q.Text, a.Statement),
		Fix:         "Bring it about, then answer the question again.",
		Fingerprint: finding.Fingerprint(RulePrefix+q.Control, a.Subject, key),
		Sources:     []finding.Source{{Artifact: c.Answers.Artifact, Line: a.Line, Origin: evidence.Origin{Kind: evidence.Declared}}},
	}
}
