// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/lab"
	"github.com/postern-audit/postern/internal/report"
	"github.com/postern-audit/postern/internal/site"
)

func newDemo(s Streams) *cobra.Command {
	var clean, noNginx bool
	var keep string
	o := outputFlags{format: "table"}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Audit a contact centre on loopback, with planted faults",
		Long: `Builds a contact centre on loopback (authority, upstreams, map server, and nginx
as the edge where it is installed), collects its evidence for real, audits it,
and leaves bundle, result and SARIF in a folder. Needs no root and no network.`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := demoFolder(keep)
			if err != nil {
				return err
			}
			nginx := lab.FindNginx()
			if noNginx {
				nginx = ""
			}
			return runDemo(cmd.Context(), s, dir, lab.Options{Faults: !clean, Nginx: nginx}, &o)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&clean, "clean", false, "the same site without faults")
	f.BoolVar(&noNginx, "no-nginx", false, "use the reference proxy as the edge even where nginx is installed")
	f.StringVar(&keep, "keep", "", "write to this folder instead of a new temporary one")
	f.BoolVar(&o.noColor, "no-color", false, "no colours, as with NO_COLOR")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress")
	return cmd
}

// demoFolder returns an empty folder.
func demoFolder(keep string) (string, error) {
	if keep == "" {
		dir, err := os.MkdirTemp("", "postern-demo-")
		if err != nil {
			return "", fmt.Errorf("demo: %w", err)
		}
		return dir, nil
	}
	if err := os.MkdirAll(keep, 0o755); err != nil {
		return "", fmt.Errorf("demo: %s: %w", keep, pathCause(err))
	}
	entries, err := os.ReadDir(keep)
	if err != nil {
		return "", fmt.Errorf("demo: %s: %w", keep, pathCause(err))
	}
	if len(entries) > 0 {
		return "", withHint(fmt.Errorf("demo: %s is not empty", keep), "name a new folder")
	}
	return keep, nil
}

func runDemo(ctx context.Context, s Streams, dir string, options lab.Options, o *outputFlags) (err error) {
	siteDir := filepath.Join(dir, "site")
	if err := os.Mkdir(siteDir, 0o755); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	progress, done := s.progress(o.quiet)
	defer done()
	progress("starting the contact centre")
	centre, err := lab.Start(ctx, siteDir, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, centre.Close()) }()
	rules, err := audit.LoadPolicies(nil)
	if err != nil {
		return err
	}
	file, err := site.Load(centre.SiteFile)
	if err != nil {
		return err
	}
	// It audits itself, so the pace that protects a real gate is not needed, and its
	// command lines print a prompt only behind an answer.
	bundle, err := audit.Collect(ctx, file, audit.CollectOptions{
		Rate: 0, Settle: 10 * time.Millisecond, Vantage: evidence.VantageInternet, Tool: version().Version, Progress: progress,
	})
	if err != nil {
		return err
	}
	result, err := audit.Judge(ctx, bundle, rules, audit.JudgeOptions{Tool: version()})
	if err != nil {
		return err
	}
	done()
	out := func(name string) string { return filepath.Join(dir, name) }
	if err := writeBundle(out("bundle.zip"), bundle); err != nil {
		return err
	}
	for name, format := range map[string]string{"result.json": "json", "postern.sarif": "sarif"} {
		if err := writeFile(out(name), func(w io.Writer) error { return report.Write(w, result, format, report.Options{}) }); err != nil {
			return err
		}
	}
	if err := o.emit(s, result, exitFinding); err != nil {
		return err
	}
	fmt.Fprintf(s.Err, "The edge is %s.\n", centre.Edge)
	if missed := missedFaults(centre.Planted, result.Verdicts); len(missed) > 0 {
		return fmt.Errorf("demo: %d of %d planted faults were not found where they are:\n  %s", len(missed), len(centre.Planted), strings.Join(missed, "\n  "))
	}
	if len(centre.Planted) > 0 {
		fmt.Fprintf(s.Err, "All %d planted faults were found where they are.\n", len(centre.Planted))
	}
	fmt.Fprintf(s.Err, `
Evidence, result and SARIF are in %s. Next:

  postern audit %s                    the same result from the saved bundle
  postern report %s --format sarif    render it again
  postern rules explain tls/legacy_protocol     why a rule exists, and how to fix it
  postern demo --clean                          the same site without faults
`, dir, out("bundle.zip"), out("result.json"))
	return statusError(result.ExitStatus(finding.High)).orNil()
}

// missedFaults lists the planted faults that no finding of the right rule
// places where they are.
func missedFaults(planted []lab.Planted, verdicts []finding.Verdict) []string {
	var missed []string
	for _, p := range planted {
		if !foundAt(p, verdicts) {
			place := p.Path
			switch {
			case p.File != "":
				place = fmt.Sprintf("%s:%d", p.File, p.Line)
				if p.Line == 0 {
					place = fmt.Sprintf("%s (a line with %q)", p.File, p.Needle)
				}
			case p.Host != "":
				place = fmt.Sprintf("%s:%d", p.Host, p.Port)
			}
			missed = append(missed, fmt.Sprintf("%s (%s) at %s", p.Name, p.Rule, place))
		}
	}
	return missed
}

func foundAt(p lab.Planted, verdicts []finding.Verdict) bool {
	for _, v := range verdicts {
		if v.Rule != p.Rule || v.Outcome != finding.Fail {
			continue
		}
		for _, f := range v.Findings {
			for _, src := range f.Sources {
				switch {
				case p.File != "" && src.Artifact == p.File && (p.Line != 0 && src.Line == p.Line || p.Line == 0 && strings.Contains(quoted(src), p.Needle)),
					p.Path != "" && src.Artifact == p.Path,
					p.Host != "" && src.Host == p.Host && src.Port == p.Port:
					return true
				}
			}
		}
	}
	return false
}

// quoted is the line of a source, as its excerpt shows it: the fourth, unless the
// artifact begins later than that.
func quoted(s finding.Source) string {
	lines := strings.Split(s.Excerpt, "\n")
	if at := min(s.Line, 4) - 1; at >= 0 && at < len(lines) {
		return lines[at]
	}
	return ""
}
