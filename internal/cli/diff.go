// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/derive/exposure"
	"github.com/postern-audit/postern/internal/evidence"
)

// diffFlags are how two configurations are compared.
type diffFlags struct {
	conf   string
	format string
	output string
	all    bool
}

func newDiff(s Streams) *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Say which requests end differently in two configurations",
		Long: `Compares two configurations of nginx by what they do, not by what they say: it
lists the requests that reach an upstream in one and not in the other, those that
pass fewer or more guards, and those that go to another upstream or by another
path, each with a request that shows it. Lines that change nothing are not listed.

OLD and NEW are each a folder (a captured tree, or nginx's own folder), a
configuration file, or the output of nginx -T. As a gate before a merge:

  postern diff main/nginx.conf branch/nginx.conf

The status is 0 if nothing reaches more than before, 1 if something does, goes
elsewhere or passes fewer guards, and 3 if a part is undecided.`,
		Args: exactly("OLD", "NEW"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := knownFormat(f.format, "table", "json"); err != nil {
				return err
			}
			if err := reachable(f.output); err != nil {
				return err
			}
			if err := comparable(args[0], args[1]); err != nil {
				return err
			}
			return f.compare(cmd.Context(), s, args[0], args[1])
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.conf, "conf", "", "the configuration inside the folders OLD and NEW (default: a known place)")
	flags.StringVar(&f.format, "format", "table", "table or json")
	flags.StringVarP(&f.output, "output", "o", "", "write to this file instead of standard output")
	flags.BoolVar(&f.all, "all", false, "list everything in the table")
	return cmd
}

func (f *diffFlags) compare(ctx context.Context, s Streams, before, after string) error {
	reader := exposureFlags{conf: f.conf}
	old, _, err := reader.open(s, before)
	if err != nil {
		return err
	}
	now, _, err := reader.open(s, after)
	if err != nil {
		return err
	}
	modules, err := authenticators(evidence.ProfileChoice{})
	if err != nil {
		return err
	}
	d, err := uninterruptible(ctx, func() *exposure.Difference {
		return exposure.Compare(exposure.Comparison{
			Old: old.Config, New: now.Config, OldScript: old.scripts(modules), NewScript: now.scripts(modules),
		})
	})
	if err != nil {
		return err
	}
	r := newDiffReport(before, after, d)
	err = writeResult(s, f.output, func(w io.Writer) error {
		if f.format == "json" {
			return writeIndented(w, r)
		}
		return writeDiffTable(w, r, f.all)
	})
	if err != nil {
		return err
	}
	return r.Verdict.status()
}

// What an argument of diff may be.
const (
	kindNginx   = "an nginx configuration"
	kindResult  = "a result"
	kindRules   = "a set of packet rules"
	kindArchive = "a bundle"
)

// comparable refuses what is not two nginx configurations.
func comparable(before, after string) error {
	old, err := kindOf(before)
	if err != nil {
		return err
	}
	now, err := kindOf(after)
	switch {
	case err != nil:
		return err
	case old != now:
		return withHint(fmt.Errorf("%s is %s and %s is %s", before, old, after, now), "two of a kind can be compared")
	case now != kindNginx:
		return withHint(fmt.Errorf("%s and %s are each %s, and this version compares nginx configurations only", before, after, now), "postern audit judges each by itself")
	}
	return nil
}

// kindOf tells by content what an argument is.
func kindOf(name string) (string, error) {
	const hint = "name a folder, a configuration file or the output of nginx -T"
	info, err := os.Stat(name)
	if err != nil {
		return "", withHint(fmt.Errorf("%s: %w", name, pathCause(err)), hint)
	}
	if info.IsDir() {
		return kindNginx, nil
	}
	f, err := openRegular(name)
	if err != nil {
		return "", withHint(err, hint)
	}
	defer f.Close()
	head := make([]byte, 4<<10)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("%s: %w", name, pathCause(err))
	}
	return kindOfText(head[:n]), nil
}

func kindOfText(head []byte) string {
	if bytes.HasPrefix(head, zipMagic) {
		return kindArchive
	}
	for line := range bytes.Lines(head) {
		text := string(bytes.TrimSpace(line))
		switch {
		case strings.HasPrefix(text, "{") || strings.HasPrefix(text, "["):
			return kindResult
		case strings.HasPrefix(text, "*"), strings.Contains(text, "iptables-save"), strings.HasPrefix(text, "table ") && strings.HasSuffix(text, "{"):
			return kindRules
		case text != "" && !strings.HasPrefix(text, "#"):
			return kindNginx
		}
	}
	return kindNginx
}
