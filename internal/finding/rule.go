// SPDX-License-Identifier: Apache-2.0

package finding

import (
	"fmt"
	"slices"
)

// Severity is how much a finding matters.
type Severity string

const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
	Info     Severity = "info"
)

// Severities lists all of them, worst first.
func Severities() []Severity { return []Severity{Critical, High, Medium, Low, Info} }

// ParseSeverity reads a severity by name.
func ParseSeverity(s string) (Severity, error) {
	if slices.Contains(Severities(), Severity(s)) {
		return Severity(s), nil
	}
	return "", fmt.Errorf("severity %q is none of critical, high, medium, low, info", s)
}

// AtLeast reports whether s is as bad as other, or worse.
func (s Severity) AtLeast(other Severity) bool {
	return slices.Index(Severities(), s) <= slices.Index(Severities(), other)
}

// Rule is the documented half of a rule, read from the header of its module.
type Rule struct {
	// ID is the path of the module: "tls/legacy_protocol".
	ID    string `json:"id"`
	Title string `json:"title"`
	Why   string `json:"why"`
	Fix   string `json:"fix"`
	// Bad and Good are short examples of what fails and what passes, as they
	// stand in the artifact.
	Bad        string   `json:"bad,omitempty"`
	Good       string   `json:"good,omitempty"`
	References []string `json:"references"`
	// Controls are the ids of the controls that the rule decides a part of.
	Controls []string `json:"controls"`
	Severity Severity `json:"severity"`
	// Needs are the sections that the rule reads, as the compiler sees them.
	Needs []string `json:"needs"`
	// Optional are those of Needs whose absence does not leave it unknown.
	Optional []string `json:"optional"`
	// Vantage, when set, is the vantage that live evidence must come from.
	Vantage string `json:"vantage"`
	// Aliases are earlier ids of the rule.
	Aliases []string `json:"aliases"`
}
