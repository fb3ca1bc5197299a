// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
	"time"
)

// source holds the templates of the site's files.
//
//go:embed site
var source embed.FS

// renderer fills in templates for a set of planted faults, at an instant.
type renderer struct {
	faults map[string]bool
	now    time.Time
}

func (r renderer) render(name string, data any) ([]byte, error) {
	text, err := source.ReadFile("site/" + name)
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	number := 0
	t, err := template.New(name).Option("missingkey=error").Funcs(template.FuncMap{
		"has": func(fault string) (bool, error) {
			if !knownFault(fault) {
				return false, fmt.Errorf("no fault is called %q", fault)
			}
			return r.faults[fault], nil
		},
		"desk": func(name, upstream, host string) map[string]string {
			return map[string]string{"Name": name, "Upstream": upstream, "Host": host}
		},
		// ago is a day before the instant, as captures say when they were made.
		"ago": func(days int, layout string) string { return r.now.UTC().AddDate(0, 0, -days).Format(layout) },
		// next numbers what is numbered on.
		"next": func() int { number++; return number },
	}).Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	return out.Bytes(), nil
}

// write renders a template into a file.
func (r renderer) write(name, file string, data any) error {
	text, err := r.render(name, data)
	if err != nil {
		return err
	}
	return writeNew(file, text, 0o644)
}

// writeNew writes a file that must not exist, with its folders.
func writeNew(file string, text []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	if _, err := f.Write(text); err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	// The mode of a new file is cut by the umask; here it is part of the site.
	if err := f.Chmod(mode); err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	return nil
}
