// SPDX-License-Identifier: Apache-2.0

package netfilter

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// instance is one use of a match module in a rule.
type instance struct {
	name string
	// match is the place of the module's own match, -1 if it has none.
	match      int
	start, end int // of the text of that match in the line
}

// ruleBuilder reads the words of one rule.
//
// An option is looked up where iptables would find it: with the target, once that
// was named; with the module named last; among those of every rule; with the module
// that the protocol implies; with an earlier module. What is found nowhere belongs
// to the target or to a match that stays unmodelled.
type ruleBuilder struct {
	line    string
	words   []word
	at      int
	memory  *memory
	matches []Match
	parts   []instance
	// open is the instance that comes first in the search, -1 if none does.
	open        int
	afterTarget bool
	protocol    string
	rule        Rule
	// options are those of the target; each other match holds its own.
	options []Option
}

func (b *ruleBuilder) read() error {
	b.matches = b.memory.matches.room(8)
	for b.at < len(b.words) {
		if err := b.next(); err != nil {
			return err
		}
	}
	return nil
}

// finish returns the rule once all words are read.
func (b *ruleBuilder) finish() Rule {
	for _, part := range b.parts {
		if part.match >= 0 && b.matches[part.match].Text == "" {
			b.matches[part.match].Text = b.line[part.start:part.end]
		}
	}
	for i := range b.matches {
		if b.matches[i].validate() != nil {
			b.matches[i].Kind = Unmodelled
		}
	}
	b.rule.Matches = b.memory.matches.keep(b.matches)
	b.rule.Options = b.options
	return b.rule
}

// next reads one option with its values.
func (b *ruleBuilder) next() error {
	start, negated := b.words[b.at].start, false
	if b.words[b.at].bang() {
		negated = true
		if b.at++; b.at == len(b.words) {
			return fmt.Errorf("\"!\" at the end of the rule")
		}
	}
	w := b.words[b.at]
	b.at++
	if w.quoted {
		return fmt.Errorf("unexpected %q", w.text)
	}
	switch w.text {
	case "-m", "--match":
		values, err := b.take(w, 1, &negated)
		if err != nil {
			return err
		}
		b.module(values[0].text, start, values[0].end, negated)
		return nil
	case "-j", "--jump", "-g", "--goto":
		values, err := b.take(w, 1, &negated)
		if err != nil {
			return err
		}
		if b.rule.Target != "" {
			return fmt.Errorf("a second target %q", values[0].text)
		}
		b.rule.Target, b.rule.Goto = values[0].text, w.text == "-g" || w.text == "--goto"
		b.afterTarget = true
		return nil
	case "--comment":
		values, err := b.take(w, 1, &negated)
		if err != nil {
			return err
		}
		b.rule.Comment = values[0].text
		return nil
	case "-c", "--set-counters":
		values, err := b.take(w, 2, &negated)
		if err != nil {
			return err
		}
		b.rule.Packets, _ = strconv.ParseUint(values[0].text, 10, 64)
		b.rule.Bytes, _ = strconv.ParseUint(values[1].text, 10, 64)
		return nil
	}
	if b.afterTarget {
		if arity, ok := targets[b.rule.Target].options[w.text]; ok {
			values, err := b.take(w, arity, &negated)
			if err == nil {
				b.options = append(b.options, Option{Name: w.text, Value: joined(values), Negated: negated})
			}
			return err
		}
	}
	if o, part, ok := b.find(w.text); ok {
		values, err := b.take(w, o.arity, &negated)
		if err != nil {
			return err
		}
		if o.kind == "" {
			b.parameter(part, start, Option{Name: w.text, Value: joined(values), Negated: negated})
			return nil
		}
		return b.match(o, part, start, negated, values)
	}
	return b.unknown(w, start, negated)
}

// take returns the next n words as values. The old spelling puts the negation
// between an option and its value.
func (b *ruleBuilder) take(w word, n int, negated *bool) ([]word, error) {
	if n > 0 && b.at < len(b.words) && b.words[b.at].bang() {
		*negated = true
		b.at++
	}
	if b.at+n > len(b.words) {
		return nil, fmt.Errorf("option %s wants %d value(s)", w.text, n)
	}
	values := b.words[b.at : b.at+n]
	b.at += n
	return values, nil
}

// module starts a match module.
func (b *ruleBuilder) module(name string, start, end int, negated bool) {
	part := instance{name: name, match: -1, start: start, end: end}
	m, known := modules[name]
	if !known {
		m.kind = Unmodelled
	}
	if m.kind != "" {
		part.match = len(b.matches)
		b.matches = append(b.matches, Match{Kind: m.kind, Module: name, Negated: negated})
	}
	b.open, b.afterTarget = len(b.parts), false
	b.parts = append(b.parts, part)
}

// find looks an option up. The part is -1 where no module was named for it.
func (b *ruleBuilder) find(name string) (o option, part int, ok bool) {
	if b.open >= 0 && !b.afterTarget {
		if o, ok = modules[b.parts[b.open].name].options[name]; ok {
			return o, b.open, true
		}
	}
	if o, ok = core[name]; ok {
		return o, -1, true
	}
	if b.afterTarget && len(targets[b.rule.Target].options) == 0 && !b.rule.plainTarget() {
		return o, -1, false // an option of a target that is not known
	}
	for i := len(b.parts) - 1; i >= 0; i-- {
		if o, ok = modules[b.parts[i].name].options[name]; ok {
			return o, i, true
		}
	}
	if o, ok = modules[implied[b.protocol]].options[name]; ok {
		return o, -1, true
	}
	return o, -1, false
}

// plainTarget reports a target that is known to have no options.
func (r *Rule) plainTarget() bool {
	_, known := targets[r.Target]
	return known
}

// parameter adds an option to the match of its module.
func (b *ruleBuilder) parameter(i, start int, o Option) {
	part := &b.parts[i]
	m := &b.matches[part.match]
	m.Options = append(m.Options, o)
	end := b.words[b.at-1].end
	switch {
	case m.Text != "":
		m.Text += " " + b.line[start:end]
	case strings.TrimSpace(b.line[part.end:start]) == "":
		part.end = end
	default: // other matches stand between
		m.Text = b.line[part.start:part.end] + " " + b.line[start:end]
	}
}

// unknown keeps an option that is found nowhere, with the words up to the next one.
func (b *ruleBuilder) unknown(w word, start int, negated bool) error {
	if !w.option() {
		return fmt.Errorf("unexpected %q", w.text)
	}
	from := b.at
	for b.at < len(b.words) && !b.words[b.at].option() {
		b.at++
	}
	o := Option{Name: w.text, Value: joined(b.words[from:b.at]), Negated: negated}
	if b.afterTarget {
		b.options = append(b.options, o)
		return nil
	}
	if b.open >= 0 && b.parts[b.open].match >= 0 {
		// A parameter that is not known may turn the meaning of the others around.
		m := &b.matches[b.parts[b.open].match]
		m.Kind = Unmodelled
		b.parameter(b.open, start, o)
		return nil
	}
	m := Match{Kind: Unmodelled, Negated: negated, Options: []Option{o}, Text: b.line[start:b.words[b.at-1].end]}
	if b.open >= 0 {
		m.Module = b.parts[b.open].name
		m.Text = "-m " + m.Module + " " + m.Text
	}
	b.matches = append(b.matches, m)
	return nil
}

// match adds a match of its own, after making sure that its values can be read.
func (b *ruleBuilder) match(o option, part, start int, negated bool, values []word) error {
	m := Match{Kind: o.kind, Negated: negated, Text: b.line[start:b.words[b.at-1].end]}
	if part >= 0 {
		m.Module = b.parts[part].name
	}
	switch o.form {
	case asList, asNetworks:
		m.Values = b.memory.list(values[0].text)
	default:
		m.Values = b.memory.values(values)
	}
	if o.kind == Unmodelled {
		m.Text = "-m " + m.Module + " " + m.Text
	}
	if err := b.numbers(&m, o.form); err != nil {
		return err
	}
	if o.kind == Protocol && !negated {
		b.protocol = m.Values[0]
	}
	if m.always() {
		return nil
	}
	b.matches = append(b.matches, m)
	return nil
}

// always reports a match that iptables itself leaves out, since every packet does.
func (m *Match) always() bool {
	if m.Negated || len(m.Values) != 1 {
		return false
	}
	switch v := m.Values[0]; m.Kind {
	case Protocol:
		return v == "all" || v == "0"
	case SourceNet, DestNet:
		return v == "0.0.0.0/0" || v == "0/0" || v == "::/0" || v == "0.0.0.0/0.0.0.0"
	case InInterface, OutInterface:
		return v == "+"
	}
	return false
}

// numbers reads the values of a match whose form has numbers.
func (b *ruleBuilder) numbers(m *Match, f form) error {
	ranges := &b.memory.ranges
	switch f {
	case asPorts, asNumbers:
		most, what := uint32(math.MaxUint16), "port"
		if f == asNumbers {
			most, what = math.MaxUint32, "number"
		}
		list, err := appendRanges(ranges.room(16), m.Values[0], most, what)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Text, err)
		}
		m.Ranges = ranges.keep(list)
		if f == asPorts && strings.Contains(m.Values[0], ",") {
			m.Values = strings.Split(m.Values[0], ",")
		}
	case asProtocol:
		if r, ok := protocolRange(m.Values[0]); ok {
			m.Ranges = ranges.keep(append(ranges.room(1), r))
		}
	case asFlags, asSYN:
		if f == asSYN {
			m.Values = []string{"FIN,SYN,RST,ACK", "SYN"}
		}
		var errMask, errCompare error
		m.Mask, errMask = parseFlags(m.Values[0])
		m.Compare, errCompare = parseFlags(m.Values[1])
		if errMask != nil || errCompare != nil {
			return fmt.Errorf("%s: %q is no mask and comparison of TCP flags", m.Text, m.Values)
		}
	case asMark:
		var err error
		if m.Compare, m.Mask, err = parseMark(m.Values[0]); err != nil {
			return err
		}
	case asICMP, asICMP6:
		names := icmpNames
		if f == asICMP6 {
			names = icmp6Names
		}
		r, err := parseICMP(m.Values[0], names)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Text, err)
		}
		m.Ranges = ranges.keep(append(ranges.room(1), r))
	case asHops, asHopsBelow, asHopsAbove:
		n, err := strconv.ParseUint(m.Values[0], 0, 8)
		if err != nil {
			return fmt.Errorf("%s: %q is no number of hops", m.Text, m.Values[0])
		}
		m.Ranges = []Range{hops(f, uint32(n))}
	}
	return nil
}

// hops is the range of a comparison with n. Nothing is below 0 or above 255.
func hops(f form, n uint32) Range {
	switch {
	case f == asHops:
		return Range{n, n}
	case f == asHopsAbove:
		return Range{n + 1, math.MaxUint8}
	case n == 0:
		return Range{1, 0}
	default:
		return Range{0, n - 1}
	}
}

func joined(values []word) string {
	switch len(values) {
	case 0:
		return ""
	case 1:
		return values[0].text
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = v.text
	}
	return strings.Join(texts, " ")
}
