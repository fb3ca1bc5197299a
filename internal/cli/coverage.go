// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/report"
)

func newCoverage(s Streams, j *judgeFlags) *cobra.Command {
	var format, output string
	cmd := &cobra.Command{
		Use:   "coverage",
		Short: "Say of every control by what it is accounted for",
		Long: `Lists every control of the catalogue with the rules that decide it, the question
that a person answers, the engine that it awaits, or the reason why it is left
open. The HTML page needs no script and nothing from elsewhere.`,
		Args: exactly(),
		RunE: func(*cobra.Command, []string) error {
			formats := report.CoverageFormatNames()
			if !slices.Contains(formats, format) {
				return withHint(fmt.Errorf("format %q does not exist", format), "formats are "+strings.Join(formats, ", "))
			}
			p, err := j.loadPolicies()
			if err != nil {
				return err
			}
			write := func(w io.Writer) error { return report.WriteCoverage(w, p.Coverage(), format) }
			if output == "" {
				return write(s.Out)
			}
			return writeFile(output, write)
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", strings.Join(report.CoverageFormatNames(), ", "))
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to this file instead of standard output")
	return cmd
}
