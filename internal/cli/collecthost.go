// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

// newCollectHost is "collect host": the edge's own evidence, gathered on it.
func newCollectHost(s Streams) *cobra.Command {
	var siteName, edge, output, sudoers string
	var prefix, conf, env, certificates string
	var runDump, quiet bool
	cmd := &cobra.Command{
		Use:   "host --site NAME --edge NAME -o BUNDLE",
		Short: "Gather the evidence of the edge that this runs on",
		Long: `Runs on an edge and gathers what it shows of itself: nginx configuration, packet
rules, kernel parameters, SSH server, file modes, services, certificates. It
needs nothing but itself, opens no connection and changes nothing. Run it as root,
or what only root sees is a gap.

The bundle is merged on the machine that audits the site:

  postern audit site.yaml --with rp-a.zip

NAMEs are those of the site file.`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if sudoers != "" {
				_, err := fmt.Fprint(s.Out, audit.Sudoers(sudoers))
				return err
			}
			switch {
			case siteName == "" || edge == "":
				return withHint(errors.New("--site and --edge are required"), "use the names of the site file that the bundle is merged with")
			case output == "":
				return withHint(errors.New("no output is named"), "add -o BUNDLE.zip")
			}
			if err := reachable(output); err != nil {
				return err
			}
			file, err := hostSite(siteName, evidence.Edge{
				Name: edge, Env: env, Certificates: certificates,
				Nginx: evidence.NginxLocation{Prefix: prefix, Conf: conf, RunDump: runDump},
			})
			if err != nil {
				return err
			}
			progress, done := s.progress(quiet)
			defer done()
			bundle, err := audit.CollectHost(cmd.Context(), file, edge, audit.CollectOptions{Vantage: evidence.VantageDMZ, Tool: version().Version, Progress: progress})
			if err != nil {
				return err
			}
			if err := writeBundle(output, bundle); err != nil {
				return err
			}
			if !quiet {
				fmt.Fprintf(s.Err, "%s  digest %s  %d gap(s)\n", output, bundle.Digest, len(bundle.Document.Gaps))
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&siteName, "site", "", "the site's name in its site file")
	f.StringVar(&edge, "edge", "", "this edge's name in the site file")
	f.StringVarP(&output, "output", "o", "", "the bundle to write")
	f.StringVar(&prefix, "prefix", "", "nginx's prefix (default: as nginx was built)")
	f.StringVar(&conf, "conf", "", "nginx's main file (default: as nginx was built)")
	f.StringVar(&env, "env", "", "the folder of the installer's environment files")
	f.StringVar(&certificates, "certificates", "", "a folder of certificates; keys in it are only looked at from outside")
	f.BoolVar(&runDump, "run-dump", false, "read the configuration by nginx -T; as root it creates the files that the configuration names")
	f.StringVar(&sudoers, "sudoers", "", "print the sudoers file for this account, for collection over SSH, and end")
	f.BoolVarP(&quiet, "quiet", "q", false, "no progress")
	return cmd
}

// hostSite is the site file that a bundle of one edge carries.
func hostSite(name string, e evidence.Edge) (*site.File, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# Written by \"postern collect host\"; the real site file is merged with it.\nsite: %s\nprofile: finesse-12.6.1\nedges:\n  - name: %s\n", strconv.Quote(name), strconv.Quote(e.Name))
	fmt.Fprintf(&b, "    nginx: {prefix: %s, conf: %s, run_dump: %v}\n", strconv.Quote(e.Nginx.Prefix), strconv.Quote(e.Nginx.Conf), e.Nginx.RunDump)
	if e.Env != "" {
		fmt.Fprintf(&b, "    env: %s\n", strconv.Quote(e.Env))
	}
	if e.Certificates != "" {
		fmt.Fprintf(&b, "    certificates: %s\n", strconv.Quote(e.Certificates))
	}
	file, err := site.FromText("site.yaml", []byte(b.String()))
	if err != nil {
		var mistake *site.Error
		if errors.As(err, &mistake) {
			return nil, withHint(errors.New(mistake.Message), mistake.HintText)
		}
		return nil, err
	}
	return file, nil
}
