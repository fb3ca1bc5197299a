// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/finding"
)

// Control is a requirement of the vendor's guides or of CIS, in our wording.
type Control struct {
	ID string `yaml:"id"`
	// Kind is A (decided by rules), P (partly) or H (by a person).
	Kind  string `yaml:"kind"`
	Title string `yaml:"title"`
	// Clauses name the documents that it comes from, Artifacts what shows it.
	Clauses   []string `yaml:"clauses"`
	Artifacts []string `yaml:"artifacts"`
	// Question is what a person attests: all of an H, the human half of a P. The
	// answer yes means that the control is met.
	Question string `yaml:"question"`
	// Severity is how much the answer no matters; medium when not stated.
	Severity finding.Severity `yaml:"severity"`
	// Pending names the engine that will decide what rules leave open.
	Pending string `yaml:"pending"`
	// Reason says why a control is left open.
	Reason string `yaml:"reason"`
}

var (
	controlID = regexp.MustCompile(`^[A-Z]+(-[A-Z0-9]+)*-[0-9A-Z][0-9.]*[0-9A-Z]*$`)
	clause    = regexp.MustCompile(`^(S[1-4]|P1?[0-9]|P20|C[12]( [0-9.]+)?|CVE-[0-9]+-[0-9]+|UCCX release notes|practice)$`)
	artifacts = []string{
		"nginx", "handshake", "http", "packet-filter", "sysctl", "host", "vos-cli", "proxymap", "env", "certificates", "saml", "layout",
		"cti", "dns", "site-file", "history", "attestation",
	}
	engines = []string{"reach", "probe"}
)

// LoadControls reads controls.yaml strictly.
func LoadControls(fsys fs.FS) ([]Control, error) {
	var controls []Control
	if err := decodeFile(fsys, "controls.yaml", &controls); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i := range controls {
		c := &controls[i]
		if c.Severity == "" {
			c.Severity = finding.Medium
		}
		if err := c.validate(); err != nil {
			return nil, fmt.Errorf("controls.yaml: control %q: %w", c.ID, err)
		}
		if seen[c.ID] {
			return nil, fmt.Errorf("controls.yaml: control %q stands twice", c.ID)
		}
		seen[c.ID] = true
	}
	return controls, nil
}

func (c *Control) validate() error {
	switch {
	case !controlID.MatchString(c.ID):
		return fmt.Errorf("the id is none such as TLS-01 or CIS-NGX-4.1.4")
	case strings.TrimSpace(c.Title) == "":
		return fmt.Errorf("the title is missing")
	case c.Kind != "A" && c.Kind != "P" && c.Kind != "H":
		return fmt.Errorf("kind %q is none of A, P, H", c.Kind)
	case c.Kind == "A" && c.Question != "":
		return fmt.Errorf("a person cannot attest what rules decide: remove the question, or make it kind P")
	case c.Kind != "A" && c.Question == "":
		return fmt.Errorf("kind %s needs the question that a person answers", c.Kind)
	case c.Question != "" && !strings.HasSuffix(c.Question, "?"):
		return fmt.Errorf("the question is none")
	case c.Kind == "H" && c.Pending != "":
		return fmt.Errorf("no engine will decide what a person attests")
	case c.Pending != "" && !slices.Contains(engines, c.Pending):
		return fmt.Errorf("pending %q is none of %s", c.Pending, strings.Join(engines, ", "))
	case len(c.Clauses) == 0 || len(c.Artifacts) == 0:
		return fmt.Errorf("clauses and artifacts are both required")
	}
	for _, text := range c.Clauses {
		if !clause.MatchString(text) {
			return fmt.Errorf("clause %q names no known document", text)
		}
	}
	for _, name := range c.Artifacts {
		if !slices.Contains(artifacts, name) {
			return fmt.Errorf("artifact %q is none of %s", name, strings.Join(artifacts, ", "))
		}
	}
	_, err := finding.ParseSeverity(string(c.Severity))
	return err
}

// RequireControls makes sure that each built-in rule names only controls that
// exist.
func RequireControls(rules []finding.Rule, controls []Control) error {
	known := make(map[string]bool, len(controls))
	for _, c := range controls {
		known[c.ID] = true
	}
	for _, r := range rules {
		for _, id := range r.Controls {
			if !known[id] {
				return fmt.Errorf("rule %s: no control is called %q", r.ID, id)
			}
		}
	}
	return nil
}
