// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/confirm"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/report"
)

// insideConfirm is the command that confirm starts in its namespaces.
const insideConfirm = "confirm-inside"

// confirmFlags are how a configuration is confirmed.
type confirmFlags struct {
	conf     string
	program  string
	requests string
	proof    string
	format   string
	limit    int
	time     time.Duration
	lua      bool
	print    bool
}

func newConfirm(s Streams) *cobra.Command {
	var f confirmFlags
	cmd := &cobra.Command{
		Use:   "confirm NGINX",
		Short: "Ask the real nginx whether Postern understands a configuration",
		Long: `Sends requests to the real nginx and compares what it does with what Postern says
about them: at the boundaries of the configuration's own locations and names, and
known ways to confuse paths and hosts. NGINX is a folder (a captured tree, or
nginx's own folder), a configuration file, or the output of nginx -T.

The files of NGINX are not run. A new configuration is written from what was read,
of directives that decide where a request goes and nothing else; modules, Lua and
other code, logs and everything that is not known are left out and listed. nginx
runs on it without privileges, in namespaces of its own: it reaches no network, and
of the files of this machine it sees the programs only, and can write none.

The counter-examples of a proof are sent with --proof:

  postern exposure NGINX --site site.yaml --format json | postern confirm NGINX --proof -

The status is 0 when nginx does what Postern says about what was compared, which of
a request that depends on what is left out is the rest only; 1 when a counter-example
of the proof reached an upstream; 2 when they disagree, which is an error in Postern;
and 3 when nothing could be compared, or a counter-example could not.`,
		Args: exactly("NGINX"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.validate(); err != nil {
				return err
			}
			arg, _, err := (&exposureFlags{conf: f.conf}).open(s, args[0])
			if err != nil {
				return err
			}
			if f.print {
				text, _ := confirm.Render(arg.Config, confirm.Options{Prefix: arg.Prefix, RunLua: f.lua})
				shown, _ := evidence.Redact([]byte(text))
				_, err := io.WriteString(s.Out, printableLines(string(shown)))
				return err
			}
			self, err := os.Executable()
			if err != nil {
				return fmt.Errorf("find this program: %w", err)
			}
			o := confirm.Options{
				Program: f.program, Inside: []string{self, insideConfirm}, Files: arg.Files, Prefix: arg.Prefix,
				Limit: f.limit, Time: f.time, RunLua: f.lua,
			}
			if o.Witnesses, err = f.witnesses(s, cmd.InOrStdin(), args[0]); err != nil {
				return err
			}
			r, err := confirm.Run(cmd.Context(), arg.Config, o)
			if err != nil {
				return err
			}
			if !strings.HasSuffix(r.Nginx, "/"+modelledNginx.String()) {
				fmt.Fprintf(s.Err, "note: Postern follows nginx %s, and this is %s: they may differ\n", modelledNginx, report.Printable(r.Nginx))
			}
			if r.Late > 0 {
				fmt.Fprintf(s.Err, "note: the time was over (--time %s): %s not sent\n", f.time, many(r.Late, "request"))
			}
			if f.format == "json" {
				err = writeConfirmJSON(s.Out, r)
			} else {
				err = writeConfirmTable(s.Out, r)
			}
			if err != nil {
				return err
			}
			return confirmStatus(s, r)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.conf, "conf", "", "the configuration inside the folder NGINX (default: a known place)")
	flags.StringVar(&f.program, "nginx", "", "the nginx to ask (default: the one in PATH)")
	flags.StringVar(&f.requests, "requests", "", "send the requests of this file first, one JSON object a line as for exposure; - is standard input")
	flags.StringVar(&f.proof, "proof", "", "send the requests of a proof, as postern exposure --format json writes it; - is standard input")
	flags.StringVar(&f.format, "format", "table", "table or json")
	flags.IntVar(&f.limit, "limit", confirm.DefaultLimit, "how many requests are made up at most")
	flags.DurationVar(&f.time, "time", confirm.DefaultTime, "end after this time; what was not sent is skipped")
	flags.BoolVar(&f.print, "print", false, "print the configuration that would be run, without its secrets, and run nothing")
	flags.BoolVar(&f.lua, "run-lua", false, "run the Lua code of NGINX too, in the namespaces")
	return cmd
}

func (f *confirmFlags) validate() error {
	if err := knownFormat(f.format, "table", "json"); err != nil {
		return err
	}
	if f.requests == "-" && f.proof == "-" {
		return withHint(errors.New("--requests and --proof both read standard input"), "write one of them to a file")
	}
	if f.limit < 1 {
		return withHint(fmt.Errorf("--limit %d leaves no request", f.limit), "at least 1")
	}
	if f.time <= 0 {
		return withHint(fmt.Errorf("--time %s leaves no time", f.time), "for example --time 2m")
	}
	return nil
}

// newConfirmInside is the half of confirm that runs in the namespaces.
func newConfirmInside(s Streams) *cobra.Command {
	return &cobra.Command{
		Use:    insideConfirm,
		Hidden: true,
		Args:   exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return confirm.Inside(cmd.InOrStdin(), s.Out)
		},
	}
}

// confirmStatus is the exit status of a report.
func confirmStatus(s Streams, r *confirm.Report) error {
	through, _, unknown := r.CounterExamples()
	switch n := r.Count(confirm.Disagreed); {
	case n > 0:
		return withHint(fmt.Errorf("AN ERROR IN POSTERN: about %s nginx does something else than Postern says", many(n, "request")),
			"report them with the lines of the configuration that decide; no proof about this configuration can be relied on")
	case through > 0:
		return statusError(exitFinding)
	case unknown > 0:
		fmt.Fprintf(s.Err, "postern: of %s it is not known whether nginx lets them through\n", many(unknown, "counter-example"))
		return statusError(exitUnknown)
	case r.Count(confirm.Agreed)+r.Count(confirm.AgreedRendered) == 0:
		fmt.Fprintln(s.Err, "postern: nothing could be compared")
		return statusError(exitUnknown)
	}
	return nil
}
