// SPDX-License-Identifier: Apache-2.0

package iptables

import (
	"fmt"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/netfilter"
)

// maxEntries is how many entries of one set become facts.
const maxEntries = 20_000

// lookup is a rule that looks something up in a set.
type lookup struct {
	set    string
	source evidence.Source
}

// look remembers which ipsets the rules of a set need, each with the first place.
func (w *work) look(set *netfilter.Ruleset, at func(line, column int) evidence.Source) {
	seen := map[string]bool{}
	for _, l := range w.lookups {
		seen[l.set] = true
	}
	for _, t := range set.Tables {
		for _, c := range t.Chains {
			for _, r := range c.Rules {
				for _, m := range r.Matches {
					if m.Kind != netfilter.InSet {
						continue
					}
					if s, err := m.Set(); err == nil && !seen[s.Name] {
						seen[s.Name] = true
						w.lookups = append(w.lookups, lookup{s.Name, at(r.Line, r.Column)})
					}
				}
			}
		}
	}
}

// ipsets reads the listing of sets. Rules that need a set which it does not hold
// leave a gap; without such rules nobody misses it.
func (w *work) ipsets() {
	listed := map[string]bool{}
	if path := w.t.Edge.IPTables.IPSets; path != "" {
		if art, ok := w.read(path, sectionSets); ok {
			sets := netfilter.ParseIPSets(art.Text)
			at := sourceIn(art.Path)
			record := evidence.IPSetList{Target: w.t.Subject, Problems: problemsOf(sets.Problems, at), Source: at(1, 1)}
			w.problems(record.Problems, sectionSets)
			for _, s := range sets.Sets {
				listed[s.Name] = true
				record.Sets = append(record.Sets, w.set(s, sectionSets, at))
				if s.Type == "list:set" {
					for _, e := range s.Entries {
						w.lookups = append(w.lookups, lookup{e.Value, at(e.Line, 1)})
					}
				}
			}
			w.out.Sections.IPSets = append(w.out.Sections.IPSets, record)
		}
	}
	for _, l := range w.lookups {
		if !listed[l.set] {
			listed[l.set] = true
			w.gap(sectionSets, fmt.Sprintf("the set %q, which packet rules look addresses up in, is not in the listing of iptables.ipsets", l.set), l.source)
		}
	}
}

// set converts a set; one that is cut short leaves a gap.
func (w *work) set(s netfilter.Set, section string, at func(line, column int) evidence.Source) evidence.IPSet {
	out := evidence.IPSet{
		Table: s.Table, Name: s.Name, Type: s.Type, TimeoutSeconds: int(s.TimeoutSeconds), EntryCount: len(s.Entries), Complete: s.Complete,
		Source: at(s.Line, max(s.Column, 1)),
	}
	if s.Family != "" {
		out.Families = []evidence.Family{evidence.Family(s.Family)}
	}
	if s.Type == "hash:mac" {
		out.Families = nil
	}
	for i, e := range s.Entries {
		if i == maxEntries {
			out.Complete = false
			w.gap(section, fmt.Sprintf("set %q has %d entries, more than %d; the rest is left out", s.Name, len(s.Entries), maxEntries), out.Source)
			break
		}
		value := e.Value
		if s.Map {
			value += " : " + e.Data
		}
		if e.NoMatch {
			out.Exceptions = append(out.Exceptions, value)
		} else {
			out.Entries = append(out.Entries, value)
		}
	}
	return out
}
