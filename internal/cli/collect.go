// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

// gatherFlags are the flags of every command that collects.
type gatherFlags struct {
	rate     float64
	vantage  string
	deadline time.Duration
	offline  bool
	quiet    bool
	// known is evidence that will be merged.
	known []*evidence.Document
}

func (g *gatherFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Float64Var(&g.rate, "rate", audit.DefaultRate, "new connections a second for each listener; 0 is unlimited (default 1)")
	f.Lookup("rate").DefValue = ""
	f.StringVar(&g.vantage, "vantage", "unknown", "where this runs: internet, dmz or lan")
	f.DurationVar(&g.deadline, "deadline", 0, "end collection after this time; what is missing then is a gap (default: the site file's)")
	f.Lookup("deadline").DefValue = ""
	f.BoolVar(&g.offline, "offline", false, "open no connection")
}

func (g *gatherFlags) validate() error {
	if v := evidence.Vantage(g.vantage); !slices.Contains(v.Values(), g.vantage) {
		return withHint(fmt.Errorf("--vantage %q is unknown", g.vantage), "one of "+strings.Join(v.Values(), ", "))
	}
	if g.rate < 0 && g.rate != audit.DefaultRate {
		return withHint(fmt.Errorf("--rate %v is negative", g.rate), "0 is unlimited")
	}
	return nil
}

// gather collects a site under the deadline that the flags or the site set.
func (g *gatherFlags) gather(ctx context.Context, s Streams, file *site.File) (*evidence.Bundle, error) {
	deadline := g.deadline
	if deadline == 0 {
		if d, err := time.ParseDuration(file.Site.Deadline); err == nil {
			deadline = d
		}
	}
	if deadline > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, deadline)
		defer cancel()
	}
	progress, done := s.progress(g.quiet)
	defer done()
	return audit.Collect(ctx, file, audit.CollectOptions{
		Offline: g.offline, Rate: g.rate, Vantage: evidence.Vantage(g.vantage), Tool: version().Version, Progress: progress, Known: g.known,
	})
}

func newCollect(s Streams) *cobra.Command {
	var g gatherFlags
	var output string
	var plan bool
	cmd := &cobra.Command{
		Use:   "collect SITE -o BUNDLE",
		Short: "Gather evidence into a bundle, without judging it",
		Long: `Gathers everything that the site file declares into one bundle, which can be
audited later or elsewhere. Secrets are redacted before anything is written.

With --plan it only prints which listeners would be contacted.`,
		Args: exactly("SITE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := g.validate(); err != nil {
				return err
			}
			file, err := site.Load(args[0])
			if err != nil {
				return err
			}
			if plan {
				return printPlan(cmd.Context(), s, file, &g)
			}
			if output == "" {
				return withHint(fmt.Errorf("no output is named"), "add -o BUNDLE.zip")
			}
			release, err := lock(args[0])
			if err != nil {
				return err
			}
			defer release()
			bundle, err := g.gather(cmd.Context(), s, file)
			if err != nil {
				return err
			}
			if err := writeBundle(output, bundle); err != nil {
				return err
			}
			if !g.quiet {
				fmt.Fprintf(s.Err, "%s  digest %s  %d gap(s)\n", output, bundle.Digest, len(bundle.Document.Gaps))
			}
			return nil
		},
	}
	cmd.AddCommand(newCollectHost(s))
	g.register(cmd)
	cmd.Flags().StringVarP(&output, "output", "o", "", "the bundle to write")
	cmd.Flags().BoolVar(&plan, "plan", false, "print whom a collection would contact, and contact nobody")
	cmd.Flags().BoolVarP(&g.quiet, "quiet", "q", false, "no progress")
	return cmd
}

func writeBundle(path string, b *evidence.Bundle) error {
	return writeFile(path, func(w io.Writer) error {
		_, err := b.WriteTo(w)
		return err
	})
}

// printPlan reads the files and lists the listeners. A map that lies on a
// server is not fetched for it.
func printPlan(ctx context.Context, s Streams, file *site.File, g *gatherFlags) error {
	offline := *g
	offline.offline, offline.quiet = true, true
	bundle, err := offline.gather(ctx, s, file)
	if err != nil {
		return err
	}
	bundle.Document.Header.Vantage = evidence.Vantage(g.vantage)
	p := audit.Plan(&bundle.Document)
	if file.Site.ProxyMap.URL != "" {
		fmt.Fprintf(s.Out, "site  fetch %s; its entries decide the rest\n", file.Site.ProxyMap.URL)
	}
	rate := "1 new connection a second"
	switch {
	case g.rate == 0:
		rate = "no limit"
	case g.rate > 0:
		rate = fmt.Sprintf("%g new connections a second", g.rate)
	}
	if file.Site.ProxyMap.URL != "" && len(bundle.Document.ProxyMap) == 0 {
		_, err = fmt.Fprintf(s.Out, "%slisteners that follow from the map: not known until it is fetched, which a plan does not do\n(name a copy with proxymap: {file: ...} to see them), %d host(s) over SSH, %s a listener\n", p, len(p.SSH), rate)
		return err
	}
	_, err = fmt.Fprintf(s.Out, "%s%d listener(s), %d host(s) over SSH, %s a listener\n", p, len(p.Listeners), len(p.SSH), rate)
	return err
}
