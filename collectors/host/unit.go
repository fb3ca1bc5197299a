// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// unitKinds are the kinds of unit that become facts: what runs, or starts it.
var unitKinds = [...]string{".service", ".socket", ".timer", ".path", ".target"}

var (
	unitName = regexp.MustCompile(`^[A-Za-z0-9:_.\\@-]+\.(?:service|socket|timer|path|target|mount|automount|swap|device|slice|scope)$`)
	unitSum  = regexp.MustCompile(`^(\d+) (?:loaded units|unit files) listed\.?`)
	// unitHelp are the lines that explain the columns below the list.
	unitHelp = regexp.MustCompile(`^(?:Legend: |\s*(?:LOAD|ACTIVE|SUB)\s+(?:=|→)|To show all installed unit files|Pass --all to see|Loaded units listed)`)
)

// unitFiles reads "systemctl list-unit-files": name, state and, by version,
// preset.
func unitFiles(g *gatherer, x *text) bool {
	return g.unitList(x, "unit files", func(f []string, source evidence.Source) bool {
		if len(f) < 2 || len(f) > 3 {
			return false
		}
		u := g.unit(f[0], source)
		if u == nil {
			return true
		}
		u.FileState, u.Source = f[1], source
		if len(f) == 3 && f[2] != "-" {
			u.Preset = f[2]
		}
		u.Masked = u.Masked || strings.HasPrefix(f[1], "masked")
		u.Enabled = f[1] == "enabled" || f[1] == "enabled-runtime" || f[1] == "alias"
		return true
	})
}

// unitStates reads "systemctl list-units --all": name, load, active and sub
// state, description.
func unitStates(g *gatherer, x *text) bool {
	return g.unitList(x, "loaded units", func(f []string, source evidence.Source) bool {
		if len(f) < 4 {
			return false
		}
		u := g.unit(f[0], source)
		if u == nil {
			return true
		}
		u.Load, u.Active, u.Sub, u.StateSource = f[1], f[2], f[3], source
		u.Masked = u.Masked || f[1] == "masked"
		return true
	})
}

// unitList walks a list of systemctl. Its header and its sum tell whether all of
// it is there.
func (g *gatherer) unitList(x *text, what string, add func(f []string, source evidence.Source) bool) bool {
	read, header, sum := 0, false, false
	for i, line := range x.lines {
		line = strings.TrimLeft(strings.TrimSpace(line), "●○×↻* ")
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || unitHelp.MatchString(line):
			continue
		case f[0] == "UNIT":
			header = true
			if (len(f) > 1 && f[1] == "FILE") != (what == "unit files") {
				g.gap(fmt.Sprintf("%s: is another list than that of %s", x.path, what), x.at(i+1))
				return false
			}
			continue
		}
		if m := unitSum.FindStringSubmatch(line); m != nil {
			sum = true
			if n := number(m[1]); !n.Known || n.Value != read {
				g.gap(fmt.Sprintf("%s: says that it lists %s %s, %d were read", x.path, m[1], what, read), x.at(i+1))
			}
			continue
		}
		if !unitName.MatchString(f[0]) || !add(f, x.at(i+1)) {
			x.bad(i+1, "is no line of a list of units")
			continue
		}
		read++
	}
	if header && !sum {
		g.gap(fmt.Sprintf("%s: the sum at the end of the list is missing: it may be cut off", x.path), x.at(len(x.lines)))
	}
	return read > 0
}

// unit finds a unit's record or makes one; nil for a kind that is no fact.
func (g *gatherer) unit(name string, source evidence.Source) *evidence.HostUnit {
	if !slices.Contains(unitKinds[:], path.Ext(name)) {
		return nil
	}
	if g.units == nil {
		g.units = map[string]int{}
	}
	if i, ok := g.units[name]; ok {
		return &g.record.Units[i]
	}
	if !g.room(len(g.record.Units), "units", source) {
		return nil
	}
	g.units[name] = len(g.record.Units)
	g.record.Units = append(g.record.Units, evidence.HostUnit{Name: name, Source: source})
	return &g.record.Units[len(g.record.Units)-1]
}
