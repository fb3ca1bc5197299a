// SPDX-License-Identifier: Apache-2.0

package mutation

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Demo is the site of mutations that change evidence of the loopback lab.
const Demo = "demo"

// Mutation is one defect, planted in one clean site.
type Mutation struct {
	// Name is a sentence that says what was done wrong.
	Name string `yaml:"name"`
	// Site is a folder of fixtures/clean, or Demo.
	Site string `yaml:"site"`
	// Controls are those that the defect breaks; the rule must name each of them.
	Controls []string `yaml:"controls"`
	Edits    []Edit   `yaml:"edits"`
	// Rule must find it, at Place: "artifact:line" or "artifact" of its first
	// source, or "subject: SUBJECT".
	Rule  string `yaml:"rule"`
	Place string `yaml:"place"`
	// Also are the rules that fire as consequences; one that does not is an error.
	Also []string `yaml:"also"`

	// File and Line are where the mutation is written.
	File string `yaml:"-"`
	Line int    `yaml:"-"`
}

// Load reads one file of mutations strictly.
func Load(fsys fs.FS, name string) ([]Mutation, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("mutations: %w", err)
	}
	var list []Mutation
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var nodes []yaml.Node
	if err := yaml.Unmarshal(text, &nodes); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	seen := map[string]bool{}
	for i := range list {
		m := &list[i]
		m.File, m.Line = name, nodes[i].Line
		if err := m.sound(); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, m.Line, err)
		}
		if seen[m.Name] {
			return nil, fmt.Errorf("%s:%d: the name stands twice", name, m.Line)
		}
		seen[m.Name] = true
	}
	return list, nil
}

func (m *Mutation) sound() error {
	switch {
	case m.Name == "" || m.Site == "" || m.Rule == "" || m.Place == "":
		return errors.New("name, site, rule and place are required")
	case len(m.Controls) == 0:
		return errors.New("controls are missing: which ones does it break?")
	case len(m.Edits) == 0:
		return errors.New("edits are missing")
	}
	for _, e := range m.Edits {
		if err := e.sound(); err != nil {
			return err
		}
		if (e.Evidence != "") != (m.Site == Demo) {
			return fmt.Errorf("evidence is changed in site %s only, and files in all others", Demo)
		}
	}
	return nil
}

// FromTool reports whether the defect is written as an edit of what a tool
// printed: a packet filter, a command line, a system tool, or openssl.
func (m *Mutation) FromTool() bool {
	for _, e := range m.Edits {
		if e.Certificate != "" || strings.HasSuffix(e.File, ".txt") && !strings.HasSuffix(e.File, "proxymap.txt") || strings.HasSuffix(e.File, ".json") || strings.HasSuffix(e.File, ".pem") {
			return true
		}
	}
	return false
}
