// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/report"
)

// writeFile writes a file so that it is either complete or not there: into a
// temporary file of the same folder that is then renamed. What exists and is no
// regular file, such as /dev/stdout or a pipe, is written to and never replaced.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeThrough(path, write)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, pathCause(err))
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	if err := write(f); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, pathCause(err))
	}
	return f.Close()
}

// writeThrough writes to a device or a pipe.
func writeThrough(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, pathCause(err))
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// pathCause drops the temporary name from an error.
func pathCause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}

// outputFlags are the flags of every command that reports.
type outputFlags struct {
	format  string
	output  string
	reports []string
	noColor bool
	quiet   bool
}

// requested is one report that was asked for.
type requested struct{ format, file string }

// requests reads --report FORMAT=FILE before any work is done.
func (o *outputFlags) requests() ([]requested, error) {
	known := report.FormatNames()
	if err := knownFormat(o.format, known...); err != nil {
		return nil, err
	}
	if err := reachable(o.output); err != nil {
		return nil, err
	}
	var all []requested
	for _, r := range o.reports {
		format, file, ok := strings.Cut(r, "=")
		if !ok || file == "" {
			return nil, withHint(fmt.Errorf("--report %q is no FORMAT=FILE", r), "for example --report sarif=postern.sarif")
		}
		if err := errors.Join(knownFormat(format, known...), reachable(file)); err != nil {
			return nil, err
		}
		all = append(all, requested{format, file})
	}
	return all, nil
}

// knownFormat refuses a format that is none of those.
func knownFormat(format string, known ...string) error {
	if slices.Contains(known, format) {
		return nil
	}
	return withHint(fmt.Errorf("format %q does not exist", format), "formats are "+strings.Join(known, ", "))
}

// reachable makes sure, before long work begins, that an output has a folder.
func reachable(file string) error {
	if file == "" {
		return nil
	}
	dir := filepath.Dir(file)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return withHint(fmt.Errorf("write %s: %s is no folder", file, dir), "make it first")
	}
	return nil
}

// emit writes the result wherever it was asked for. With quiet, a result that
// is as it should be goes to files only; any other is also shown as a table,
// since cron tells its owner what was printed and nothing else.
func (o *outputFlags) emit(s Streams, r *report.Result, status int) error {
	all, err := o.requests()
	if err != nil {
		return err
	}
	var errs []error
	for _, q := range all {
		errs = append(errs, writeFile(q.file, func(w io.Writer) error { return report.Write(w, r, q.format, report.Options{}) }))
	}
	options := report.Options{Colour: s.colour(s.Out, o.noColor), Width: terminalWidth(s.Out)}
	switch {
	case o.output != "":
		errs = append(errs, writeFile(o.output, func(w io.Writer) error { return report.Write(w, r, o.format, report.Options{}) }))
		if o.quiet && status != exitOK {
			errs = append(errs, report.Write(s.Out, r, "table", options))
		}
	case !o.quiet || status != exitOK:
		errs = append(errs, report.Write(s.Out, r, o.format, options))
	}
	return errors.Join(errs...)
}

// terminalWidth is the number of columns, or 0 when not a terminal.
func terminalWidth(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !terminal(w) {
		return 0
	}
	width := columnsOf(f)
	if width < 60 {
		return 0
	}
	return min(width, 200)
}
