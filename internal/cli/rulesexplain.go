// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/policies"
)

func newRulesExplain(s Streams, j *judgeFlags) *cobra.Command {
	var overlays []string
	profile := "finesse-12.6.1"
	cmd := &cobra.Command{
		Use:   "explain RULE|CONTROL",
		Short: "Say why a rule or control exists, what it rests on, and how to fix what is found",
		Long: `Explains a rule (tls/legacy_protocol), a control (TLS-01, CIS-NGX-4.1.4), or the
question that people answer about a control (attest/NET-01).`,
		Args: exactly("RULE|CONTROL"),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := j.loadPolicies()
			if err != nil {
				return err
			}
			values, err := policy.LoadProfile(policies.FS, evidence.ProfileChoice{Base: profile, Overlays: overlays})
			if err != nil {
				return withHint(err, "postern rules profiles lists the profiles")
			}
			e := explainer{w: s.Out, policies: p, profile: values}
			return errors.Join(e.explain(args[0]), e.err)
		},
	}
	cmd.Flags().StringVar(&profile, "profile", profile, "whose values are shown")
	cmd.Flags().StringSliceVar(&overlays, "overlay", nil, "an overlay on the profile (repeatable)")
	return cmd
}

// explainer writes what is known of rules and controls. It keeps the first error
// of writing.
type explainer struct {
	w        io.Writer
	policies *audit.Policies
	profile  evidence.Profile
	err      error
}

func (e *explainer) line(format string, args ...any) {
	if e.err == nil {
		_, e.err = fmt.Fprintf(e.w, format+"\n", args...)
	}
}

// labelled writes a text behind a label, folded and indented.
func (e *explainer) labelled(label, text string) {
	for _, line := range fold(text, 88) {
		e.line("%-10s %s", label, line)
		label = ""
	}
}

// verbatim writes an example as it stands in the artifact.
func (e *explainer) verbatim(label, text string) {
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			label = ""
		}
		e.line("%-10s   %s", label, line)
	}
}

// explain writes the rule or the control that an id names.
func (e *explainer) explain(id string) error {
	if question, ok := strings.CutPrefix(id, audit.AttestPrefix); ok {
		id = question
	}
	for _, c := range e.policies.Controls {
		if strings.EqualFold(c.ID, id) {
			e.control(c)
			return nil
		}
	}
	for _, r := range e.policies.Set.Rules() {
		if r.ID == id || slices.Contains(r.Aliases, id) || strings.HasSuffix(r.ID, "/"+id) {
			return e.rule(r)
		}
	}
	return withHint(fmt.Errorf("no rule and no control is called %q", id), "postern rules list prints all rules, postern rules coverage all controls")
}

func (e *explainer) rule(r finding.Rule) error {
	e.line("%s  (%s)\n%s\n", r.ID, r.Severity, r.Title)
	e.labelled("Why", r.Why)
	if r.Bad != "" {
		e.line("")
		e.verbatim("Fails", r.Bad)
	}
	if r.Good != "" {
		e.verbatim("Passes", r.Good)
	}
	e.line("")
	e.labelled("Fix", r.Fix)
	e.line("")
	for i, read := range e.policies.Set.Reads(r.ID) {
		label := "Reads"
		if i > 0 {
			label = ""
		}
		fields := strings.Join(read.Fields, ", ")
		switch {
		case read.Whole:
			fields = "all fields"
		case fields == "":
			fields = "whether there is any"
		}
		if slices.Contains(r.Optional, read.Section) {
			fields += " (may be missing)"
		}
		e.labelled(label, read.Section+": "+fields)
	}
	if r.Vantage != "" {
		e.labelled("Vantage", "only what was observed from "+r.Vantage)
	}
	values, err := e.policies.Set.ProfileValues(r.ID, e.profile)
	if err != nil {
		return err
	}
	for i, v := range values {
		label := "Profile"
		if i > 0 {
			label = ""
		}
		text := v.JSON
		if len(text) > 300 {
			text = text[:300] + "..."
		}
		e.labelled(label, fmt.Sprintf("%s = %s (%s)", v.Name, text, strings.Join(append([]string{e.profile.Name}, e.profile.Overlays...), "+")))
	}
	for _, d := range e.profile.Deviations {
		if d.Rule == r.ID {
			e.labelled("Deviation", "what it finds is info under this profile: "+d.Reference)
		}
	}
	for _, c := range e.policies.Controls {
		if slices.Contains(r.Controls, c.ID) {
			e.labelled("Control", fmt.Sprintf("%s (%s): %s", c.ID, strings.Join(c.Clauses, ", "), c.Title))
		}
	}
	for _, ref := range r.References {
		e.labelled("See", ref)
	}
	return nil
}

func (e *explainer) control(c policy.Control) {
	kind := map[string]string{"A": "decided by rules", "P": "decided partly by rules, partly by a person", "H": "decided by a person"}[c.Kind]
	e.line("%s  (%s)\n%s\n", c.ID, kind, c.Title)
	e.labelled("From", strings.Join(c.Clauses, ", "))
	e.labelled("Shown by", strings.Join(c.Artifacts, ", "))
	label := "Rules"
	for _, r := range e.policies.Set.Rules() {
		if slices.Contains(r.Controls, c.ID) {
			e.labelled(label, fmt.Sprintf("%s (%s): %s", r.ID, r.Severity, r.Title))
			label = ""
		}
	}
	if c.Question != "" {
		e.labelled("Question", c.Question)
		e.labelled("", fmt.Sprintf("Answered in the attestations file (postern attest new SITE); no is %s. The rule is %s.", c.Severity, audit.AttestPrefix+c.ID))
	}
	if c.Pending != "" {
		e.labelled("Pending", "the engine "+c.Pending+" will decide what is left open")
	}
	if c.Reason != "" {
		e.labelled("Open", c.Reason)
	}
}
