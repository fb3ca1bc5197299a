// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/site"
)

// judgeFlags are the flags of every command that judges.
type judgeFlags struct {
	profile  string
	policies string
	waivers  string
	failOn   string
	at       string
	strict   bool
}

func (j *judgeFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&j.profile, "profile", "", "judge by this profile instead of the site file's")
	f.StringVar(&j.policies, "policies", "", "a folder with rules of your own, as DOMAIN/RULE.rego")
	f.StringVar(&j.waivers, "waivers", "", "a waivers file (default: the site file's)")
	f.StringVar(&j.failOn, "fail-on", string(finding.High), "the least severity that moves the exit status")
	f.BoolVar(&j.strict, "strict-formats", false, "leave open what rests on a command-line output whose format is only inferred (severity high and above)")
	f.StringVar(&j.at, "at", "", "judge validity at this instant, RFC 3339 (default: the end of collection)")
}

func (j *judgeFlags) options() (audit.JudgeOptions, finding.Severity, error) {
	o := audit.JudgeOptions{Tool: version(), Profile: j.profile, StrictFormats: j.strict}
	failOn, err := finding.ParseSeverity(j.failOn)
	if err != nil {
		return o, "", withHint(fmt.Errorf("--fail-on: %w", err), "for example --fail-on medium")
	}
	if j.at != "" {
		if o.At, err = time.Parse(time.RFC3339, j.at); err != nil {
			return o, "", withHint(fmt.Errorf("--at %q is no instant", j.at), "for example --at 2026-01-31T12:00:00Z")
		}
	}
	return o, failOn, nil
}

// loadPolicies compiles the rules before anything is collected: a rule that
// does not compile ends the run with nothing lost.
func (j *judgeFlags) loadPolicies() (*audit.Policies, error) {
	var user fs.FS
	if j.policies != "" {
		info, err := os.Stat(j.policies)
		if err != nil || !info.IsDir() {
			return nil, withHint(fmt.Errorf("--policies %s is no folder", j.policies), "name the folder that holds DOMAIN/RULE.rego")
		}
		root, err := os.OpenRoot(j.policies)
		if err != nil {
			return nil, fmt.Errorf("--policies %s: %w", j.policies, pathCause(err))
		}
		defer root.Close()
		user = root.FS()
	}
	p, err := audit.LoadPolicies(user)
	if err != nil {
		return nil, withHint(err, "postern rules new DOMAIN/RULE writes a rule that compiles")
	}
	return p, nil
}

func newAudit(s Streams) *cobra.Command {
	var g gatherFlags
	var j judgeFlags
	var o outputFlags
	var with []string
	cmd := &cobra.Command{
		Use:   "audit SITE|BUNDLE",
		Short: "Audit a site, or a bundle that was collected before",
		Long: `Collects what the site file declares (unless a bundle is given), judges it by
every rule and reports. A bundle gives the same result on any machine, for ever.

From cron, with nothing printed as long as all is well:

  17 3 * * *  postern audit /srv/gate/site.yaml --quiet --output /srv/gate/result.json --format json --report sarif=/srv/gate/postern.sarif`,
		Args: exactly("SITE|BUNDLE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			g.quiet = o.quiet
			if err := g.validate(); err != nil {
				return err
			}
			if _, err := o.requests(); err != nil {
				return err
			}
			options, failOn, err := j.options()
			if err != nil {
				return err
			}
			rules, err := j.loadPolicies()
			if err != nil {
				return err
			}
			bundle, err := obtain(cmd.Context(), s, args[0], with, &g)
			if err != nil {
				return err
			}
			if options.Waivers, err = readWaivers(j.waivers, args[0], bundle); err != nil {
				return err
			}
			// An interrupted collection is judged all the same: what was not
			// reached is unknown, and nothing that was gathered is lost.
			result, err := audit.Judge(context.WithoutCancel(cmd.Context()), bundle, rules, options)
			if err != nil {
				return err
			}
			status := result.ExitStatus(failOn)
			if err := o.emit(s, result, status); err != nil {
				return err
			}
			return statusError(status).orNil()
		},
	}
	g.register(cmd)
	j.register(cmd)
	o.register(cmd)
	cmd.Flags().StringArrayVar(&with, "with", nil, "merge another bundle of the same site (repeatable)")
	return cmd
}

func (s statusError) orNil() error {
	if s == exitOK {
		return nil
	}
	return s
}

func (o *outputFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "table", "table, json or sarif")
	f.StringVarP(&o.output, "output", "o", "", "write to this file instead of standard output")
	f.StringArrayVar(&o.reports, "report", nil, "also write FORMAT=FILE (repeatable)")
	f.BoolVar(&o.noColor, "no-color", false, "no colours, as with NO_COLOR")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress, and no result on standard output when all is well")
}

// zipMagic starts every bundle.
var zipMagic = []byte("PK\x03\x04")

// obtain collects from a site file, or reads a bundle, and merges others.
func obtain(ctx context.Context, s Streams, path string, with []string, g *gatherFlags) (*evidence.Bundle, error) {
	var extra []*evidence.Bundle
	for _, name := range with {
		b, err := readBundle(name)
		if err != nil {
			return nil, err
		}
		extra = append(extra, b)
	}
	for _, b := range extra {
		g.known = append(g.known, &b.Document)
	}
	base, err := obtainOne(ctx, s, path, g)
	if err != nil || len(extra) == 0 {
		return base, err
	}
	merged, aside, err := evidence.Merge(base, extra...)
	if err != nil {
		return nil, err
	}
	if !g.quiet {
		for _, line := range aside {
			fmt.Fprintf(s.Err, "older evidence set aside: %s\n", line)
		}
	}
	return merged, nil
}

func obtainOne(ctx context.Context, s Streams, path string, g *gatherFlags) (*evidence.Bundle, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, withHint(err, "name a site file or a bundle; postern demo --keep DIR writes both")
	}
	head := make([]byte, len(zipMagic))
	_, err = io.ReadFull(f, head)
	if closeErr := f.Close(); closeErr != nil {
		return nil, fmt.Errorf("%s: %w", path, closeErr)
	}
	if err == nil && bytes.Equal(head, zipMagic) {
		return readBundle(path)
	}
	file, err := site.Load(path)
	if err != nil {
		return nil, err
	}
	release, err := lock(path)
	if err != nil {
		return nil, err
	}
	defer release()
	return g.gather(ctx, s, file)
}

func readBundle(path string) (*evidence.Bundle, error) {
	data, err := readLimited(path, evidence.MaxBundleBytes)
	if err != nil {
		return nil, err
	}
	b, err := evidence.ReadBundle(data)
	if err != nil {
		return nil, withHint(fmt.Errorf("%s: %w", path, err), "collect it again with: postern collect SITE -o BUNDLE")
	}
	return b, nil
}
