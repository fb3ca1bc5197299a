// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/site"
)

func newAttest(s Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "attest",
		Short: "Answer what no machine can see",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAttestNew(s))
	return cmd
}

func newAttestNew(s Streams) *cobra.Command {
	var output, at string
	cmd := &cobra.Command{
		Use:   "new SITE",
		Short: "Write the open questions of a site, ready to be answered",
		Long: `Writes each question that has no valid answer yet as an entry of an attestations
file, commented out: an entry counts once it is uncommented and filled in. Name
the file in the site file:

  attestations: attestations.yaml

A question may be answered for the site, or for each edge, node or cluster. It
holds until valid_until and is then open again.`,
		Args: exactly("SITE"),
		RunE: func(_ *cobra.Command, args []string) error {
			now := time.Now().UTC().Truncate(24 * time.Hour)
			if at != "" {
				t, err := time.Parse(time.RFC3339, at)
				if err != nil {
					return withHint(fmt.Errorf("--at %q is no instant", at), "for example --at 2026-01-31T12:00:00Z")
				}
				now = t.UTC()
			}
			file, err := site.Load(args[0])
			if err != nil {
				return err
			}
			open, err := audit.OpenQuestions(file, now)
			if err != nil {
				return err
			}
			if output == "" {
				return writeQuestions(s.Out, file.Site.Name, open, now)
			}
			return writeFile(output, func(w io.Writer) error { return writeQuestions(w, file.Site.Name, open, now) })
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to this file instead of standard output")
	cmd.Flags().StringVar(&at, "at", "", "what is open at this instant, RFC 3339 (default: today)")
	return cmd
}

func writeQuestions(w io.Writer, name string, open []audit.OpenQuestion, at time.Time) error {
	const day = "2006-01-02T15:04:05Z"
	var b strings.Builder
	fmt.Fprintf(&b, "# %d open questions of %s. Uncomment what you can answer, from \"- control\" on;\n", len(open), name)
	fmt.Fprint(&b, "# yes means that it is met. evidence is a file beside this one and may be left out.\n")
	for _, q := range open {
		fmt.Fprintf(&b, "\n# %s: %s\n", q.Control, q.Title)
		for _, line := range fold(q.Text, 90) {
			fmt.Fprintf(&b, "#   %s\n", line)
		}
		if !strings.HasPrefix(q.Reason, "awaits an answer") {
			for _, line := range fold(q.Reason, 90) {
				fmt.Fprintf(&b, "#   (%s)\n", line)
			}
		}
		fmt.Fprintf(&b, "#- control: %s\n#  subject: %s\n#  statement: \n#  answer: \n#  by: \n#  at: %s\n#  valid_until: %s\n",
			q.Control, q.Subject, at.Format(day), at.AddDate(1, 0, 0).Format(day))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// fold breaks a text into lines of at most so many bytes, at blanks.
func fold(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}
