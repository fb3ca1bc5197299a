// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/finding"
)

func newReport(s Streams) *cobra.Command {
	var o outputFlags
	failOn := string(finding.High)
	cmd := &cobra.Command{
		Use:   "report RESULT",
		Short: "Render a saved result again, in any format",
		Long:  "Renders the JSON result of an earlier audit. The exit status is the audit's.",
		Args:  exactly("RESULT"),
		RunE: func(_ *cobra.Command, args []string) error {
			severity, err := finding.ParseSeverity(failOn)
			if err != nil {
				return err
			}
			result, err := readResult(args[0])
			if err != nil {
				return err
			}
			status := result.ExitStatus(severity)
			if err := o.emit(s, result, status); err != nil {
				return err
			}
			return statusError(status).orNil()
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&failOn, "fail-on", failOn, "the least severity that moves the exit status")
	return cmd
}
