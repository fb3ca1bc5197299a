// SPDX-License-Identifier: Apache-2.0

// Package cli is the command line: commands, usage text and exit status.
//
// Standard output carries results only, standard error everything else. The
// exit status is the same for every format: 2 for usage, configuration, policy
// or internal errors; 1 for an unwaived finding at or above --fail-on; 3 for an
// unknown there; 0 otherwise.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
)

// Exit statuses of the commands that judge.
const (
	exitOK      = 0
	exitFinding = 1
	exitError   = 2
	exitUnknown = 3
)

// Streams are the standard streams of a run.
type Streams struct {
	Out, Err io.Writer
	// Env looks up an environment variable; only NO_COLOR is asked for.
	Env func(string) string
}

// statusError carries an exit status that is no error to report.
type statusError int

func (s statusError) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// hinted adds advice to an error.
type hinted struct {
	err  error
	hint string
}

func (h *hinted) Error() string { return h.err.Error() }
func (h *hinted) Unwrap() error { return h.err }
func (h *hinted) Hint() string  { return h.hint }

func withHint(err error, hint string) error { return &hinted{err, hint} }

// Run executes one command line and returns its exit status.
func Run(ctx context.Context, args []string, s Streams) int {
	root := newRoot(s)
	root.SetArgs(args)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	err := root.ExecuteContext(ctx)
	var status statusError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintf(s.Err, "postern: %s\n", printableLines(strings.TrimSpace(err.Error())))
	var h interface{ Hint() string }
	if errors.As(err, &h) && h.Hint() != "" {
		fmt.Fprintf(s.Err, "hint: %s\n", h.Hint())
	}
	return exitError
}

func newRoot(s Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "postern",
		Short: "Audit the VPN-less gate of a contact centre",
		Long: `Postern audits the reverse proxy through which contact-centre agents work
without a VPN: it gathers evidence from files and live listeners, judges it by
Rego rules, and reports what is wrong, what is not known, and where.

Start with:

  postern demo                 a contact centre on loopback, audited for real
  postern audit site.yaml      your own site`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return withHint(err, fmt.Sprintf("%s --help lists the flags", cmd.CommandPath()))
	})
	root.AddCommand(
		newInit(s), newCollect(s), newAudit(s), newReport(s), newRules(s), newExplain(s), newExposure(s), newDiff(s), newConfirm(s), newConfirmInside(s), newAttest(s), newDemo(s), newProxy(s), newSignoff(s), newVersion(s),
	)
	return root
}

// exactly is cobra.ExactArgs with a clearer message.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		want := "no argument"
		if len(names) > 0 {
			want = strings.Join(names, " ")
		}
		return withHint(fmt.Errorf("%s wants %s, got %d argument(s)", cmd.CommandPath(), want, len(args)), "usage: "+cmd.UseLine())
	}
}

// terminal reports whether a stream is a terminal that may be coloured.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

func (s Streams) colour(w io.Writer, off bool) bool {
	return !off && s.Env("NO_COLOR") == "" && terminal(w)
}

// progress returns the function that long work reports to: one line that is
// overwritten on a terminal, plain lines elsewhere, nothing when quiet. The
// second function ends it.
func (s Streams) progress(quiet bool) (func(string), func()) {
	switch {
	case quiet:
		return func(string) {}, func() {}
	case terminal(s.Err):
		return func(text string) { fmt.Fprintf(s.Err, "\r\x1b[K%s", text) }, func() { fmt.Fprint(s.Err, "\r\x1b[K") }
	}
	return func(text string) { fmt.Fprintln(s.Err, text) }, func() {}
}
