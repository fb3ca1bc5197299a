// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Options say how a report looks. The zero value is plain text, 100 columns.
type Options struct {
	// Width is the number of columns of a table; 0 means 100.
	Width int
	// Colour adds terminal colours to a table.
	Colour bool
}

// Format is one way to write a result.
type Format struct {
	Name  string
	write func(io.Writer, *Result, Options) error
}

// Formats lists all formats.
func Formats() []Format {
	return []Format{
		{"table", writeTable},
		{"json", writeJSON},
		{"sarif", writeSARIF},
	}
}

// FormatNames lists the names of all formats.
func FormatNames() []string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	return names
}

// Write renders a result in the format of that name.
func Write(w io.Writer, r *Result, format string, o Options) error {
	for _, f := range Formats() {
		if f.Name == format {
			if err := f.write(w, r, o); err != nil {
				return fmt.Errorf("write %s: %w", format, err)
			}
			return nil
		}
	}
	return fmt.Errorf("format %q is none of %s", format, strings.Join(FormatNames(), ", "))
}

// writeJSON writes the result itself.
func writeJSON(w io.Writer, r *Result, _ Options) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

// Printable replaces what could control a terminal, or hide or reorder text:
// audited data is hostile.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < 0x20, r >= 0x7f && r < 0xa0, r == 0xfffd,
			r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff:
			return '?'
		}
		return r
	}, s)
}
