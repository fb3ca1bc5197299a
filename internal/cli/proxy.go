// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/rewriter"
)

func newProxy(s Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "proxy CONFIG",
		Short: "Run the reference rewriting proxy",
		Long: `Serves only the paths that the surface file declares, for the names that the
proxy map declares, and rewrites internal names to external ones in what comes
back. The access log goes to standard output, one JSON object a request.

It is a reference to compare a gate with, not a replacement for it: it does not
authenticate agents.`,
		Args: exactly("CONFIG"),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := readLimited(args[0], 4<<20)
			if err != nil {
				return err
			}
			config, err := rewriter.LoadConfig(os.DirFS(filepath.Dir(args[0])), text)
			if err != nil {
				return withHint(fmt.Errorf("%s: %w", args[0], err), "paths in it are relative to the file")
			}
			config.AccessLog = s.Out
			return rewriter.Run(cmd.Context(), config, slog.New(slog.NewTextHandler(s.Err, nil)))
		},
	}
}
