// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/postern-audit/postern/internal/attestation"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/internal/report"
	"github.com/postern-audit/postern/internal/site"
	"github.com/postern-audit/postern/policies"
)

// AttestPrefix starts the ids of the rules that people's answers settle.
const AttestPrefix = attestation.RulePrefix

// attest gathers what people answered. It comes before anything else, since a
// mistake in that file ends the run.
func (c *collection) attest() error {
	if c.site.Attestations == "" {
		return nil
	}
	controls, err := policy.LoadControls(policies.FS)
	if err != nil {
		return err
	}
	kept, err := c.files.Read(c.site.Attestations, attestation.MaxFileBytes)
	if err != nil {
		return unreadable(err)
	}
	set, err := attestation.Parse(kept.Path, kept.Text, scopeOf(&c.site, controls))
	if err != nil {
		return err
	}
	seen := map[[2]string]bool{}
	for _, a := range set.Answers {
		if name := set.File(a); a.Evidence != "" && !seen[[2]string{name, a.SHA256}] {
			seen[[2]string{name, a.SHA256}] = true
			c.doc.Attested = append(c.doc.Attested, c.files.Attested(name, a.SHA256, attestation.MaxEvidenceBytes))
		}
	}
	return nil
}

func unreadable(err error) error {
	return &attestation.Error{
		Place: "attestations", Message: err.Error(),
		HintText: "postern attest new SITE writes one; or remove attestations from the site file",
	}
}

// scopeOf is what may be attested of a site.
func scopeOf(s *evidence.Site, controls []policy.Control) attestation.Scope {
	var scope attestation.Scope
	for _, e := range s.Edges {
		scope.Subjects = append(scope.Subjects, e.Subject)
	}
	for _, n := range s.Nodes {
		scope.Subjects = append(scope.Subjects, n.Subject)
	}
	for _, c := range s.Clusters {
		scope.Subjects = append(scope.Subjects, evidence.Subject("cluster", c.Name))
	}
	for _, c := range controls {
		if c.Question != "" {
			scope.Questions = append(scope.Questions, attestation.Question{Control: c.ID, Title: c.Title, Text: c.Question, Severity: c.Severity})
		}
	}
	return scope
}

// questionsOf is the case of the people: what they are asked, and what the bundle
// holds of their answers.
func questionsOf(b *evidence.Bundle, controls []policy.Control, at time.Time) (attestation.Case, error) {
	declared := b.Document.Site.Attestations
	people := attestation.Case{Scope: scopeOf(&b.Document.Site, controls), Files: b.Document.Attested, At: at}
	if declared == "" {
		return people, nil
	}
	kept, ok := b.Archive.Get(path.Clean(filepath.ToSlash(declared)))
	if !ok {
		people.Absent = "the bundle does not hold " + declared
		return people, nil
	}
	set, err := attestation.Parse(kept.Path, kept.Text, people.Scope)
	people.Answers = set
	return people, err
}

// OpenQuestion is one that no valid yes answers.
type OpenQuestion struct {
	Control, Title, Text, Subject string
	// Reason says what became of an answer that was given.
	Reason string
}

// OpenQuestions lists what people have yet to answer for a site, at an instant.
// An answer no is none of them: it stands until what it is about changes.
func OpenQuestions(file *site.File, at time.Time) ([]OpenQuestion, error) {
	controls, err := policy.LoadControls(policies.FS)
	if err != nil {
		return nil, err
	}
	archive := &evidence.Archive{}
	files := site.OpenFiles(file.Dir, archive)
	c := newCollection(file, CollectOptions{}, files, archive)
	if _, err := os.Lstat(files.Path(c.site.Attestations)); errors.Is(err, fs.ErrNotExist) {
		// Whoever asks for the questions first has declared the file to be.
		c.site.Attestations, c.doc.Site.Attestations = "", ""
	}
	if err := errors.Join(c.attest(), files.Close()); err != nil {
		return nil, err
	}
	people, err := questionsOf(&evidence.Bundle{Document: c.doc, Archive: archive}, controls, at)
	if err != nil {
		return nil, err
	}
	text := map[string]attestation.Question{}
	for _, q := range people.Scope.Questions {
		text[q.Control] = q
	}
	var open []OpenQuestion
	for _, v := range people.Decide() {
		if v.Outcome == finding.Manual || v.Outcome == finding.Unknown {
			q := text[v.Controls[0]]
			open = append(open, OpenQuestion{Control: q.Control, Title: q.Title, Text: q.Text, Subject: v.Subject, Reason: v.Reason})
		}
	}
	return open, nil
}

// describeAnswers puts the answers into the result, each with what came of it.
func describeAnswers(people attestation.Case, verdicts []finding.Verdict) []report.Attestation {
	out := []report.Attestation{}
	if people.Answers == nil {
		return out
	}
	outcome := map[[2]string]finding.Outcome{}
	for _, v := range verdicts {
		outcome[[2]string{v.Controls[0], v.Subject}] = v.Outcome
	}
	for _, a := range people.Answers.Answers {
		r := report.Attestation{
			Control: a.Control, Subject: a.Subject, Statement: a.Statement, Answer: a.Answer, By: a.By, At: a.At, ValidUntil: a.ValidUntil,
			SHA256: a.SHA256, Artifact: people.Answers.Artifact, Line: a.Line, Outcome: outcome[[2]string{a.Control, a.Subject}],
		}
		if a.Evidence != "" {
			r.Evidence = people.Answers.File(a)
		}
		out = append(out, r)
	}
	return out
}
