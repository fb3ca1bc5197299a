// SPDX-License-Identifier: Apache-2.0

// Package attestation reads what people answer where no machine can see, and
// turns each question into a verdict.
//
// A question stays open until somebody answers it with yes, for a time, under his
// name. The file is held to a strict form: an answer that is misread is worse than
// none. An answer adds to what rules decide and never takes anything away.
package attestation

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/postern-audit/postern/internal/finding"
)

const (
	// MaxFileBytes bounds an attestations file, MaxEvidenceBytes each file that it
	// names as evidence.
	MaxFileBytes     = 1 << 20
	MaxEvidenceBytes = 16 << 20
)

// Question is what a person is asked about a control.
type Question struct {
	Control, Title, Text string
	// Severity is how much the answer no matters.
	Severity finding.Severity
}

// Scope is what an attestations file may speak about.
type Scope struct {
	Questions []Question
	// Subjects are the declared targets, such as "edge/rp-a"; "site" is always one.
	Subjects []string
}

// Attestation is one person's answer.
type Attestation struct {
	Control string `yaml:"control"`
	// Subject is "site" or one declared target.
	Subject string `yaml:"subject"`
	// Statement says in words what was seen.
	Statement string `yaml:"statement"`
	// Answer is yes or no.
	Answer string `yaml:"answer"`
	By     string `yaml:"by"`
	// At and ValidUntil are instants in UTC, RFC 3339.
	At         string `yaml:"at"`
	ValidUntil string `yaml:"valid_until"`
	// Evidence is a file that shows it, relative to the attestations file; SHA256,
	// when given, is the digest that it must have.
	Evidence string `yaml:"evidence"`
	SHA256   string `yaml:"sha256"`

	// Line is where the answer stands.
	Line      int `yaml:"-"`
	at, until time.Time
}

// Set is a decoded attestations file.
type Set struct {
	// Artifact is the path by which findings name the file.
	Artifact string
	Answers  []Attestation
}

// Error is a mistake in an attestations file.
type Error struct {
	// Place is "file:line:column", as far as known.
	Place, Message, HintText string
}

// Error implements error.
func (e *Error) Error() string { return e.Place + ": " + e.Message }

// Hint returns the advice that goes with the error.
func (e *Error) Hint() string { return e.HintText }

// keys are those of one answer, in the order in which a template shows them.
var keys = []string{"control", "subject", "statement", "answer", "by", "at", "valid_until", "evidence", "sha256"}

// Parse reads an attestations file. Any mistake in it is an error: fail closed.
func Parse(artifact string, text []byte, scope Scope) (*Set, error) {
	if len(text) > MaxFileBytes {
		return nil, &Error{artifact, fmt.Sprintf("longer than %d bytes", MaxFileBytes), ""}
	}
	var root yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(text))
	switch err := documents.Decode(&root); {
	case errors.Is(err, io.EOF):
		return &Set{Artifact: artifact}, nil
	case err != nil:
		return nil, &Error{artifact, strings.TrimPrefix(err.Error(), "yaml: "), "the file must be YAML; indent with blanks"}
	}
	var more yaml.Node
	if err := documents.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, &Error{artifact, "a second YAML document follows", "an attestations file is one list"}
	}
	list := root.Content[0]
	if list.Kind != yaml.SequenceNode {
		return nil, &Error{place(artifact, list), "the file is no list", `start each answer with "- control: "`}
	}
	p := parser{artifact: artifact, scope: scope, seen: map[string]bool{}}
	s := &Set{Artifact: artifact}
	for _, item := range list.Content {
		a, err := p.answer(item)
		if err != nil {
			return nil, err
		}
		s.Answers = append(s.Answers, a)
	}
	return s, nil
}

func place(artifact string, n *yaml.Node) string {
	return fmt.Sprintf("%s:%d:%d", artifact, n.Line, n.Column)
}

type parser struct {
	artifact string
	scope    Scope
	// seen are "control subject" of the answers so far, and "control site?" of
	// those that were answered target by target.
	seen map[string]bool
}

func (p *parser) fail(n *yaml.Node, hint, format string, args ...any) error {
	return &Error{place(p.artifact, n), fmt.Sprintf(format, args...), hint}
}

var digestPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (p *parser) answer(item *yaml.Node) (Attestation, error) {
	if item.Kind != yaml.MappingNode {
		return Attestation{}, p.fail(item, "keys are "+strings.Join(keys, ", "), "the entry is no answer with keys")
	}
	at := map[string]*yaml.Node{}
	for i := 0; i+1 < len(item.Content); i += 2 {
		key, value := item.Content[i], item.Content[i+1]
		switch {
		case !slices.Contains(keys, key.Value):
			return Attestation{}, p.fail(key, "keys are "+strings.Join(keys, ", "), "unknown key %q", key.Value)
		case at[key.Value] != nil:
			return Attestation{}, p.fail(key, "keep one of them", "key %q stands twice", key.Value)
		case value.Kind != yaml.ScalarNode:
			return Attestation{}, p.fail(value, "", "%s wants plain text", key.Value)
		}
		at[key.Value] = value
	}
	for _, key := range keys[:len(keys)-2] {
		if at[key] == nil || strings.TrimSpace(at[key].Value) == "" || at[key].Tag == "!!null" {
			return Attestation{}, p.fail(item, "an answer that nobody gave is left out of the file", "%s is missing", key)
		}
	}
	a := Attestation{Line: item.Line}
	if err := item.Decode(&a); err != nil {
		return a, p.fail(item, "", "%v", err)
	}
	return a, p.validate(&a, at)
}

func (p *parser) validate(a *Attestation, at map[string]*yaml.Node) (err error) {
	if !slices.ContainsFunc(p.scope.Questions, func(q Question) bool { return q.Control == a.Control }) {
		return p.fail(at["control"], "postern attest new SITE lists the questions", "no question is asked about control %q", a.Control)
	}
	if a.Subject != "site" && !slices.Contains(p.scope.Subjects, a.Subject) {
		return p.fail(at["subject"], "write site, or one of "+strings.Join(p.scope.Subjects, ", "), "subject %q is not declared", a.Subject)
	}
	if a.Answer != "yes" && a.Answer != "no" {
		return p.fail(at["answer"], "write yes or no", "answer %q is neither yes nor no", a.Answer)
	}
	for _, instant := range [...]struct {
		key, text string
		into      *time.Time
	}{{"at", a.At, &a.at}, {"valid_until", a.ValidUntil, &a.until}} {
		t, err := time.Parse(time.RFC3339, instant.text)
		if err != nil || t.Location() != time.UTC {
			return p.fail(at[instant.key], "write for example 2026-12-31T00:00:00Z", "%s %q is no instant in UTC", instant.key, instant.text)
		}
		*instant.into = t
	}
	if !a.at.Before(a.until) {
		return p.fail(at["valid_until"], "an answer is valid for some time after it was given", "valid_until %s is not after at %s", a.ValidUntil, a.At)
	}
	if a.SHA256 != "" && a.Evidence == "" {
		return p.fail(at["sha256"], "name the file as evidence", "sha256 stands without evidence")
	}
	if a.SHA256 != "" && !digestPattern.MatchString(a.SHA256) {
		return p.fail(at["sha256"], "write 64 digits of lower-case hex, as sha256sum prints them", "sha256 is no digest")
	}
	return p.once(a, at["subject"])
}

// once refuses two answers to one question, be it about the same subject or
// about the site and a part of it.
func (p *parser) once(a *Attestation, n *yaml.Node) error {
	const whole, parts = " whole", " parts"
	kind, other := parts, whole
	if a.Subject == "site" {
		kind, other = whole, parts
	}
	switch {
	case p.seen[a.Control+" "+a.Subject]:
		return p.fail(n, "keep the newer one", "%s is answered twice for %s", a.Control, a.Subject)
	case p.seen[a.Control+other]:
		return p.fail(n, "answer it for the site, or for each target", "%s is answered for the site and for a part of it", a.Control)
	}
	p.seen[a.Control+" "+a.Subject], p.seen[a.Control+kind] = true, true
	return nil
}

// File is the path of an answer's evidence beside the site file.
func (s *Set) File(a Attestation) string { return path.Join(path.Dir(s.Artifact), a.Evidence) }
