// SPDX-License-Identifier: Apache-2.0

package mutation

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Edit is one change of one file, of one certificate, or of one fact.
type Edit struct {
	// File is the file to change, relative to the site's folder.
	File string `yaml:"file"`
	// Replace is text that occurs in File, and With what takes its place: once,
	// or everywhere with All.
	Replace string `yaml:"replace"`
	With    string `yaml:"with"`
	All     bool   `yaml:"all"`
	// Delete removes every line that contains it.
	Delete string `yaml:"delete"`
	// After and Before find the first line that contains them; Insert becomes the
	// lines behind or before it.
	After  string `yaml:"after"`
	Before string `yaml:"before"`
	Insert string `yaml:"insert"`
	// Remove removes File, or the fact; Create is its new text; Copy names the file
	// whose text it takes.
	Remove bool   `yaml:"remove"`
	Create string `yaml:"create"`
	Copy   string `yaml:"copy"`

	// Certificate is a PEM file whose first certificate is made anew as Changes say.
	Certificate string `yaml:"certificate"`
	Changes     `yaml:",inline"`

	// Evidence is the path of a fact in the evidence, such as
	// "http[edge/a/listener/x:443].requests[0].status"; brackets select an element by
	// index, or by its subject, target or name. Set replaces it, Append adds an
	// element to a list.
	Evidence string    `yaml:"evidence"`
	Set      yaml.Node `yaml:"set"`
	Append   yaml.Node `yaml:"append"`
}

func (e *Edit) sound() error {
	kinds := 0
	for _, given := range [...]bool{e.File != "", e.Certificate != "", e.Evidence != ""} {
		if given {
			kinds++
		}
	}
	if kinds != 1 {
		return errors.New("an edit names one of file, certificate, evidence")
	}
	ways := 0
	for _, given := range [...]bool{
		e.Replace != "", e.Delete != "", e.After != "", e.Before != "", e.Remove, e.Create != "", e.Copy != "", !e.Set.IsZero(), !e.Append.IsZero(),
	} {
		if given {
			ways++
		}
	}
	switch {
	case e.Certificate == "" && ways != 1:
		return fmt.Errorf("edit of %s%s: say one of replace, delete, after, before, remove, create, copy, set, append", e.File, e.Evidence)
	case e.Certificate != "" && ways != 0:
		return fmt.Errorf("edit of %s: a certificate is made anew, not edited as text", e.Certificate)
	case e.Insert == "" && (e.After != "" || e.Before != ""):
		return fmt.Errorf("edit of %s: insert is missing", e.File)
	}
	return nil
}

// Apply changes a copy of the site in the folder root. Authority is the folder
// with the keys of the certificate authorities.
func (e *Edit) Apply(root *os.Root, authority string) error {
	if e.Certificate != "" {
		return e.remake(root, authority)
	}
	if e.Remove {
		return root.Remove(e.File)
	}
	if e.Create != "" {
		return write(root, e.File, e.Create)
	}
	if e.Copy != "" {
		text, err := root.ReadFile(e.Copy)
		if err != nil {
			return err
		}
		return write(root, e.File, string(text))
	}
	text, err := root.ReadFile(e.File)
	if err != nil {
		return err
	}
	changed, err := e.change(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", e.File, err)
	}
	return write(root, e.File, changed)
}

// change returns the text with the edit made.
func (e *Edit) change(text string) (string, error) {
	if e.Replace != "" {
		if !strings.Contains(text, e.Replace) {
			return "", fmt.Errorf("it does not hold %q", e.Replace)
		}
		if e.All {
			return strings.ReplaceAll(text, e.Replace, e.With), nil
		}
		return strings.Replace(text, e.Replace, e.With, 1), nil
	}
	needle := e.Delete + e.After + e.Before
	var out []string
	found := false
	for _, line := range strings.SplitAfter(text, "\n") {
		hit := strings.Contains(line, needle) && (e.Delete != "" || !found)
		found = found || hit
		inserted := strings.TrimSuffix(e.Insert, "\n") + "\n"
		switch {
		case !hit:
			out = append(out, line)
		case e.After != "":
			out = append(out, strings.TrimSuffix(line, "\n")+"\n", inserted)
		case e.Before != "":
			out = append(out, inserted, line)
		}
	}
	if !found {
		return "", fmt.Errorf("no line holds %q", needle)
	}
	return strings.Join(out, ""), nil
}

func write(root *os.Root, name, text string) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	// A copied tree may hold read-only files.
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return root.WriteFile(name, []byte(text), 0o644)
}
