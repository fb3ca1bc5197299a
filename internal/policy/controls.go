// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"io/fs"

	"github.com/postern-audit/postern/internal/finding"
)

// Control is a requirement of the vendor's guide or of CIS, in our wording.
type Control struct {
	ID string `yaml:"id"`
	// Kind is A (decided by rules), P (partly) or H (by a person).
	Kind  string `yaml:"kind"`
	Title string `yaml:"title"`
	// Reason says why a control is left open.
	Reason string `yaml:"reason"`
	// Pending names the engine that will decide it.
	Pending string `yaml:"pending"`
}

// LoadControls reads controls.yaml strictly.
func LoadControls(fsys fs.FS) ([]Control, error) {
	var controls []Control
	if err := decodeFile(fsys, "controls.yaml", &controls); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, c := range controls {
		switch {
		case c.ID == "" || c.Title == "":
			return nil, fmt.Errorf("controls.yaml: control %q: id and title are required", c.ID)
		case c.Kind != "A" && c.Kind != "P" && c.Kind != "H":
			return nil, fmt.Errorf("controls.yaml: %s: kind %q is none of A, P, H", c.ID, c.Kind)
		case seen[c.ID]:
			return nil, fmt.Errorf("controls.yaml: %s stands twice", c.ID)
		}
		seen[c.ID] = true
	}
	return controls, nil
}

// RequireControls makes sure that each built-in rule names only controls that
// exist.
func RequireControls(rules []finding.Rule, controls []Control) error {
	known := make(map[string]bool, len(controls))
	for _, c := range controls {
		known[c.ID] = true
	}
	for _, r := range rules {
		for _, id := range r.Controls {
			if !known[id] {
				return fmt.Errorf("rule %s: no control is called %q", r.ID, id)
			}
		}
	}
	return nil
}
