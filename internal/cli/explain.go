// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/report"
)

func newExplain(s Streams) *cobra.Command {
	var result string
	var j judgeFlags
	cmd := &cobra.Command{
		Use:   "explain FINGERPRINT [SITE|BUNDLE]",
		Short: "Show one finding: its evidence, its fix for this site, and a waiver ready to paste",
		Long: `Finds a finding by its fingerprint, or the start of it, in a saved result
(--result), or audits a bundle or a site without contacting anything and finds
it there. Judge it under the flags of the audit that it comes from.`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var r *report.Result
			var err error
			switch {
			case (result == "") == (len(args) == 1):
				return withHint(errors.New("name either --result FILE, or a site or bundle"), "usage: "+cmd.UseLine())
			case result != "":
				r, err = readResult(result)
			default:
				r, err = auditOffline(cmd.Context(), s, args[1], &j)
			}
			if err != nil {
				return err
			}
			v, f, err := findFinding(r, args[0])
			if err != nil {
				return err
			}
			e := explainer{w: s.Out}
			e.finding(r, v, f)
			return e.err
		},
	}
	cmd.Flags().StringVar(&result, "result", "", "a result that postern audit --format json wrote")
	j.register(cmd)
	return cmd
}

func readResult(path string) (*report.Result, error) {
	data, err := readLimited(path, maxResultBytes)
	if err != nil {
		return nil, err
	}
	result, err := report.Decode(data)
	if err != nil {
		return nil, withHint(fmt.Errorf("%s: %w", path, err), "name a file that postern audit --format json wrote")
	}
	return result, nil
}

// auditOffline audits a site or a bundle without opening any connection.
func auditOffline(ctx context.Context, s Streams, path string, j *judgeFlags) (*report.Result, error) {
	options, _, err := j.options()
	if err != nil {
		return nil, err
	}
	rules, err := j.loadPolicies()
	if err != nil {
		return nil, err
	}
	bundle, err := obtain(ctx, s, path, nil, &gatherFlags{offline: true, quiet: true})
	if err != nil {
		return nil, err
	}
	if options.Waivers, err = readWaivers(j.waivers, path, bundle); err != nil {
		return nil, err
	}
	return audit.Judge(ctx, bundle, rules, options)
}

// findFinding returns the finding whose fingerprint starts so; it must be one.
func findFinding(r *report.Result, fingerprint string) (finding.Verdict, finding.Finding, error) {
	var verdicts []finding.Verdict
	var found []finding.Finding
	for _, v := range r.Verdicts {
		for _, f := range v.Findings {
			if strings.HasPrefix(f.Fingerprint, fingerprint) && fingerprint != "" {
				verdicts, found = append(verdicts, v), append(found, f)
			}
		}
	}
	switch len(found) {
	case 1:
		return verdicts[0], found[0], nil
	case 0:
		return finding.Verdict{}, finding.Finding{}, withHint(fmt.Errorf("no finding has the fingerprint %q", fingerprint), "postern audit --format json lists the fingerprints")
	}
	return finding.Verdict{}, finding.Finding{}, withHint(fmt.Errorf("%d findings have a fingerprint that starts with %q", len(found), fingerprint), "give more of it")
}

func (e *explainer) finding(r *report.Result, v finding.Verdict, f finding.Finding) {
	rule, _ := r.Rule(v.Rule)
	e.line("%s  (%s)\n%s\n", v.Rule, v.Severity, report.Printable(v.Subject))
	e.labelled("Found", report.Printable(f.Message))
	if v.Reason != "" {
		e.labelled("", "("+report.Printable(v.Reason)+")")
	}
	e.labelled("Why", rule.Why)
	e.labelled("Judged by", strings.Join(append([]string{r.Profile.Name}, r.Profile.Overlays...), "+")+", release "+r.Profile.Release)
	if f.Deviation != nil {
		e.labelled("Deviation", "the vendor's baseline demands it: "+f.Deviation.Reference)
	}
	for _, src := range f.Sources {
		e.line("")
		e.labelled("Evidence", report.Printable(src.Place()))
		if src.Excerpt != "" {
			e.verbatim("", printableLines(src.Excerpt))
		}
	}
	if f.Witness != nil {
		e.line("")
		e.verbatim("Witness", printableLines(f.Witness.Text))
	}
	e.line("")
	if f.Fix == rule.Fix {
		e.labelled("Fix", report.Printable(f.Fix))
	} else {
		e.verbatim("Fix", printableLines(f.Fix)) // to be copied
	}
	for _, c := range r.Controls {
		if slices.Contains(v.Controls, c.ID) {
			e.labelled("Control", fmt.Sprintf("%s (%s): %s", c.ID, strings.Join(c.Clauses, ", "), c.Title))
		}
	}
	for _, ref := range rule.References {
		e.labelled("See", ref)
	}
	e.line("\n%s", waiverStanza(v, f))
}

// waiverStanza is an entry for a waivers file; what only people know is left to
// be filled in.
func waiverStanza(v finding.Verdict, f finding.Finding) string {
	return fmt.Sprintf(`# To accept it for a time, add to the waivers file:
- id: W-%s
  rule: %s
  subject: %q
  outcome: fail
  fingerprint: %s
  reason:
  compensating:
  owner:
  approver:
  expires:`, f.Fingerprint[:min(8, len(f.Fingerprint))], v.Rule, v.Subject, f.Fingerprint)
}

// printableLines is report.Printable of each line.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = report.Printable(lines[i])
	}
	return strings.Join(lines, "\n")
}
