// SPDX-License-Identifier: Apache-2.0

// Package iptables gathers the packet-filter rules of an edge from captured
// iptables-save and ip6tables-save output.
//
// What its grammar does not know is kept word by word and marked; a line that
// cannot be read is a problem of the rule set and leaves a gap.
package iptables

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/netfilter"
)

const maxFileBytes = 16 << 20

// Collector reads the files that an edge declares under "iptables".
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "iptables" }

// Collect implements evidence.Collector.
func (c Collector) Collect(_ context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if t.Kind != evidence.KindEdge {
		return out, nil
	}
	for _, f := range [...]struct {
		family evidence.Family
		path   string
		key    string
	}{
		{evidence.IPv4, t.Edge.IPTables.V4, "v4"},
		{evidence.IPv6, t.Edge.IPTables.V6, "v6"},
	} {
		if f.path == "" {
			out.Gaps = append(out.Gaps, t.Gap(c.Name(), fmt.Sprintf("no %s packet rules: the edge declares no iptables.%s", f.family, f.key), t.Edge.Source))
			continue
		}
		art, err := t.Files.Read(f.path, maxFileBytes)
		if err != nil {
			out.Gaps = append(out.Gaps, t.Gap(c.Name(), err.Error(), t.Edge.Source))
			continue
		}
		record := convert(netfilter.ParseSave(art.Text), art.Path)
		record.Target, record.Family = t.Subject, f.family
		for _, p := range record.Problems {
			out.Gaps = append(out.Gaps, t.Gap(c.Name(), p.Message, p.Source))
		}
		if len(record.Chains) == 0 {
			out.Gaps = append(out.Gaps, t.Gap(c.Name(), "the file holds no table", record.Source))
		}
		out.Sections.IPTables = append(out.Sections.IPTables, record)
	}
	return out, nil
}

func convert(set *netfilter.Ruleset, path string) evidence.RuleSet {
	at := func(line int) evidence.Source {
		return evidence.Source{Artifact: path, Line: line, Column: 1, Origin: evidence.Origin{Kind: evidence.Explicit}}
	}
	record := evidence.RuleSet{Source: at(1)}
	for _, p := range set.Problems {
		record.Problems = append(record.Problems, evidence.RuleSetProblem{Message: p.Message, Text: p.Text, Source: at(p.Line)})
	}
	for _, table := range set.Tables {
		for _, chain := range table.Chains {
			record.Chains = append(record.Chains, evidence.PacketChain{
				Table: table.Name, Name: chain.Name, BuiltIn: chain.BuiltIn(), Policy: chain.Policy, Source: at(chain.Line),
			})
			for i, rule := range chain.Rules {
				r := convertRule(rule)
				r.Table, r.Chain, r.Index, r.Source = table.Name, chain.Name, i+1, at(rule.Line)
				record.Rules = append(record.Rules, r)
			}
		}
	}
	return record
}

func convertRule(rule netfilter.Rule) evidence.PacketRule {
	r := evidence.PacketRule{
		Text: rule.Text, Verdict: rule.Target, Goto: rule.Goto, Unconditional: rule.Unconditional(), Comment: rule.Comment,
	}
	for _, o := range rule.Options {
		r.Options = append(r.Options, evidence.TargetOption{Name: o.Name, Value: o.Value})
	}
	for _, m := range rule.Matches {
		match := evidence.Match{Set: true, Negated: m.Negated, Values: m.Values}
		switch m.Kind {
		case netfilter.Protocol:
			r.Protocol = match
		case netfilter.SourceNet:
			r.SourceNet = match
		case netfilter.DestNet:
			r.DestNet = match
		case netfilter.InInterface:
			r.InInterface = match
		case netfilter.OutInterface:
			r.OutInterface = match
		case netfilter.SourcePorts:
			r.SourcePorts = ports(m)
		case netfilter.DestPorts:
			r.DestPorts = ports(m)
		case netfilter.States:
			r.States = match
		case netfilter.TCPFlags:
			r.TCPFlags = strings.Join(m.Values, " ")
			if m.Negated {
				r.TCPFlags = "! " + r.TCPFlags
			}
		case netfilter.ICMPType:
			r.ICMPType = strings.Join(m.Values, " ")
		case netfilter.Limit:
			r.Limit = m.Text
		case netfilter.ConnLimit:
			if !connLimit(m, &r.ConnLimit) {
				r.Unmodelled = append(r.Unmodelled, m.Text)
			}
		case netfilter.HashLimit:
			if !hashLimit(m, &r.HashLimit) {
				r.Unmodelled = append(r.Unmodelled, m.Text)
			}
		default:
			r.Unmodelled = append(r.Unmodelled, m.Text)
		}
	}
	return r
}

func ports(m netfilter.Match) evidence.PortMatch {
	out := evidence.PortMatch{Set: true, Negated: m.Negated}
	ranges, err := netfilter.ParsePorts(strings.Join(m.Values, ","))
	if err != nil { // the parser has read them before
		return out
	}
	for _, r := range ranges {
		out.Ranges = append(out.Ranges, evidence.PortRange{From: r.From, To: r.To})
	}
	return out
}

func connLimit(m netfilter.Match, out *evidence.ConnLimit) bool {
	*out = evidence.ConnLimit{Set: true, Mask: -1}
	for _, o := range m.Options {
		n, err := strconv.Atoi(o.Value)
		switch o.Name {
		case "--connlimit-above", "--connlimit-upto":
			out.Above, out.Count = (o.Name == "--connlimit-above") != m.Negated, n
		case "--connlimit-mask":
			out.Mask = n
		default: // --connlimit-saddr is the default; counting by destination is not modelled
			if o.Name != "--connlimit-saddr" {
				return false
			}
			err = nil
		}
		if err != nil {
			return false
		}
	}
	return true
}

// periods are the units of a rate, in milliseconds, by their first letter.
var periods = map[byte]int{'s': 1000, 'm': 60_000, 'h': 3_600_000, 'd': 86_400_000}

func hashLimit(m netfilter.Match, out *evidence.HashLimit) bool {
	*out = evidence.HashLimit{Set: true, Burst: 5}
	for _, o := range m.Options {
		switch o.Name {
		case "--hashlimit", "--hashlimit-upto", "--hashlimit-above":
			out.Above = (o.Name == "--hashlimit-above") != m.Negated
			rate, unit, ok := strings.Cut(o.Value, "/")
			n, err := strconv.Atoi(rate)
			if !ok {
				unit = "sec"
			}
			if err != nil || unit == "" || periods[unit[0]] == 0 {
				return false
			}
			out.Rate, out.Per = n, periods[unit[0]]
		case "--hashlimit-burst":
			n, err := strconv.Atoi(o.Value)
			if err != nil {
				return false
			}
			out.Burst = n
		case "--hashlimit-mode":
			out.Mode = o.Value
		case "--hashlimit-name":
			out.Name = o.Value
		}
	}
	return out.Per > 0
}
