// SPDX-License-Identifier: Apache-2.0

// Package iptables gathers the packet-filter rules of an edge from captured
// output: of iptables-save and ip6tables-save (section iptables), of
// iptables-legacy-save and "nft -j list ruleset" beside them (section netfilter),
// and of "ipset save" or "ipset list" (section ipsets).
//
// What its grammars do not know is kept word by word and marked; a line that
// cannot be read is a problem of the rule set and leaves a gap. All backends of a
// kernel decide, so that section iptables has a gap as soon as another one holds
// rules that can refuse or change a packet and that iptables-save does not show.
// The section itself never mixes them.
package iptables

import (
	"context"
	"fmt"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/netfilter"
)

const maxFileBytes = 16 << 20

// The sections beside the collector's own.
const (
	sectionBackends = "netfilter"
	sectionSets     = "ipsets"
)

// Collector reads the files that an edge declares under "iptables".
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "iptables" }

// Collect implements evidence.Collector.
func (c Collector) Collect(_ context.Context, t evidence.Target) (evidence.Collected, error) {
	if t.Kind != evidence.KindEdge {
		return evidence.Collected{}, nil
	}
	w := work{t: t, shown: map[chainKey]netfilter.Chain{}}
	for _, f := range [...]struct {
		family evidence.Family
		path   string
		key    string
	}{
		{evidence.IPv4, t.Edge.IPTables.V4, "v4"},
		{evidence.IPv6, t.Edge.IPTables.V6, "v6"},
	} {
		if f.path == "" {
			w.gap(c.Name(), fmt.Sprintf("no %s packet rules: the edge declares no iptables.%s", f.family, f.key), t.Edge.Source)
			continue
		}
		w.save(c.Name(), f.family, f.path)
	}
	w.legacy()
	w.nft()
	w.ipsets()
	return w.out, nil
}

// work is one collection of one edge.
type work struct {
	t   evidence.Target
	out evidence.Collected
	// shown are the chains of section iptables.
	shown map[chainKey]netfilter.Chain
	// lookups are the rules that look something up in an ipset.
	lookups []lookup
}

type chainKey struct{ family, table, name string }

func (w *work) gap(section, reason string, source evidence.Source) {
	w.out.Gaps = append(w.out.Gaps, w.t.Gap(section, reason, source))
}

// read opens a declared file; a failure is a gap of the sections that it leaves
// open.
func (w *work) read(path string, sections ...string) (evidence.Artifact, bool) {
	art, err := w.t.Files.Read(path, maxFileBytes)
	if err != nil {
		for _, section := range sections {
			w.gap(section, err.Error(), w.t.Edge.Source)
		}
	}
	return art, err == nil
}

// save reads the rule set of section iptables.
func (w *work) save(section string, family evidence.Family, path string) {
	art, ok := w.read(path, section)
	if !ok {
		return
	}
	set := netfilter.ParseSave(art.Text)
	at := sourceIn(art.Path)
	record := evidence.RuleSet{Target: w.t.Subject, Family: family, Problems: problemsOf(set.Problems, at), Source: at(1, 1)}
	for _, table := range set.Tables {
		for _, chain := range table.Chains {
			w.shown[chainKey{string(family), table.Name, chain.Name}] = chain
			record.Chains = append(record.Chains, evidence.PacketChain{
				Table: table.Name, Name: chain.Name, BuiltIn: chain.BuiltIn(), Policy: chain.Policy, Source: at(chain.Line, 1),
			})
			record.Rules = append(record.Rules, rulesOf(table, chain, at)...)
		}
	}
	w.problems(record.Problems, section)
	if len(record.Chains) == 0 {
		w.gap(section, "the file holds no table", record.Source)
	}
	for _, e := range set.Elsewhere {
		if w.t.Edge.IPTables.NFT == "" && !w.legacyDeclared(family) {
			w.gap(section, fmt.Sprintf("the kernel holds further %s rules, which no declared file shows: %s", family, e.Message), at(e.Line, 1))
		}
	}
	w.look(set, at)
	w.out.Sections.IPTables = append(w.out.Sections.IPTables, record)
}

func (w *work) legacyDeclared(family evidence.Family) bool {
	files := w.t.Edge.IPTables
	return family == evidence.IPv4 && files.LegacyV4 != "" || family == evidence.IPv6 && files.LegacyV6 != ""
}

func (w *work) problems(problems []evidence.RuleSetProblem, sections ...string) {
	for _, p := range problems {
		for _, section := range sections {
			w.gap(section, p.Message, p.Source)
		}
	}
}

// sourceIn returns the places of one artifact.
func sourceIn(path string) func(line, column int) evidence.Source {
	return func(line, column int) evidence.Source {
		return evidence.Source{Artifact: path, Line: line, Column: column, Origin: evidence.Origin{Kind: evidence.Explicit}}
	}
}

func problemsOf(problems []netfilter.Problem, at func(line, column int) evidence.Source) []evidence.RuleSetProblem {
	var out []evidence.RuleSetProblem
	for _, p := range problems {
		out = append(out, evidence.RuleSetProblem{Message: p.Message, Text: p.Text, Source: at(p.Line, p.Column)})
	}
	return out
}
