// SPDX-License-Identifier: Apache-2.0

package iptables

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/netfilter"
)

// rulesOf returns the rules of a chain as facts.
func rulesOf(table netfilter.Table, chain netfilter.Chain, at func(line, column int) evidence.Source) []evidence.PacketRule {
	rules := make([]evidence.PacketRule, 0, len(chain.Rules))
	for _, rule := range chain.Rules {
		r := convertRule(rule)
		r.Table, r.Chain, r.Index, r.Source = table.Name, chain.Name, rule.Position, at(rule.Line, rule.Column)
		rules = append(rules, r)
	}
	return rules
}

func convertRule(rule netfilter.Rule) evidence.PacketRule {
	r := evidence.PacketRule{
		Text: rule.Text, Verdict: rule.Target, Goto: rule.Goto, Unconditional: rule.Unconditional(), Comment: rule.Comment,
		Effect: evidence.PacketEffect(rule.Effect),
	}
	for _, o := range rule.Options {
		value := o.Value
		if o.Negated {
			value = strings.TrimSpace("! " + value)
		}
		r.Options = append(r.Options, evidence.TargetOption{Name: o.Name, Value: value})
	}
	for _, a := range rule.Actions {
		r.Actions = append(r.Actions, a.Name)
	}
	for _, m := range rule.Matches {
		if !simple(m, &r) {
			r.Unmodelled = append(r.Unmodelled, m.Text)
			r.Matches = append(r.Matches, convertMatch(m))
		}
	}
	return r
}

// simple puts a match into the field of a rule that says exactly the same. It
// reports false where there is none: the rule then matches a part of what its
// fields say. A field holds one match; a second one of the kind does not fit.
func simple(m netfilter.Match, r *evidence.PacketRule) bool {
	match := evidence.Match{Set: true, Negated: m.Negated, Values: m.Values}
	switch m.Kind {
	case netfilter.Protocol:
		return put(&r.Protocol, match)
	case netfilter.SourceNet:
		return put(&r.SourceNet, match)
	case netfilter.DestNet:
		return put(&r.DestNet, match)
	case netfilter.InInterface:
		return put(&r.InInterface, match)
	case netfilter.OutInterface:
		return put(&r.OutInterface, match)
	case netfilter.States:
		return put(&r.States, match)
	case netfilter.SourcePorts:
		return putPorts(&r.SourcePorts, m)
	case netfilter.DestPorts:
		return putPorts(&r.DestPorts, m)
	case netfilter.TCPFlags:
		flags := strings.Join(m.Values, " ")
		if m.Negated {
			flags = "! " + flags
		}
		return putText(&r.TCPFlags, flags)
	case netfilter.ICMPType, netfilter.ICMPv6Type:
		return !m.Negated && putText(&r.ICMPType, strings.Join(m.Values, " "))
	case netfilter.Limit:
		l, err := m.Limit()
		return err == nil && !l.Above && putText(&r.Limit, optionsText(m.Options))
	case netfilter.ConnLimit:
		return connLimit(m, &r.ConnLimit)
	case netfilter.HashLimit:
		return hashLimit(m, &r.HashLimit)
	}
	return false
}

func put(field *evidence.Match, m evidence.Match) bool {
	if field.Set {
		return false
	}
	*field = m
	return true
}

func putText(field *string, text string) bool {
	if *field != "" {
		return false
	}
	*field = text
	return true
}

func putPorts(field *evidence.PortMatch, m netfilter.Match) bool {
	if field.Set {
		return false
	}
	*field = evidence.PortMatch{Set: true, Negated: m.Negated}
	for _, r := range m.Ranges {
		field.Ranges = append(field.Ranges, evidence.PortRange{From: int(r.From), To: int(r.To)})
	}
	return true
}

func optionsText(options []netfilter.Option) string {
	words := make([]string, 0, 2*len(options))
	for _, o := range options {
		words = append(words, o.Name, o.Value)
	}
	return strings.Join(words, " ")
}

// connLimit fills in the numbers even where the field does not say all: counting
// by destination, or a second limit.
func connLimit(m netfilter.Match, out *evidence.ConnLimit) bool {
	l, err := m.ConnLimit()
	if err != nil || out.Set {
		return false
	}
	*out = evidence.ConnLimit{Set: true, Above: l.Above, Count: int(l.Count), Mask: l.Mask}
	return !l.ByDestination
}

// hashLimit fills in the numbers even where the field does not say all: rates of
// bytes, groups of networks, or a second limit.
func hashLimit(m netfilter.Match, out *evidence.HashLimit) bool {
	l, err := m.HashLimit()
	if err != nil || out.Set {
		return false
	}
	*out = evidence.HashLimit{Set: true, Above: l.Above, Name: l.Name, Mode: strings.Join(l.Mode, ","), Burst: int(l.Burst)}
	if l.Rate.Bytes || l.Classify {
		return false
	}
	out.Rate, out.Per = int(l.Rate.Amount), int(l.Rate.PerMillis)
	return single(l.SourceMask, "srcip", l.Mode) && single(l.DestMask, "dstip", l.Mode)
}

// single reports that addresses are not put together into networks.
func single(mask int, part string, mode []string) bool {
	return mask == netfilter.WholeAddress || mask == 32 || mask == 128 || !slices.Contains(mode, part)
}

func convertMatch(m netfilter.Match) evidence.PacketMatch {
	out := evidence.PacketMatch{Kind: evidence.PacketMatchKind(m.Kind), Module: m.Module, Negated: m.Negated, Values: m.Values, Text: m.Text}
	for _, r := range m.Ranges {
		out.Ranges = append(out.Ranges, evidence.PacketNumbers{From: int(r.From), To: int(r.To)})
	}
	for _, o := range m.Options {
		out.Parameters = append(out.Parameters, evidence.PacketParameter{Name: o.Name, Value: o.Value, Negated: o.Negated})
	}
	return out
}
