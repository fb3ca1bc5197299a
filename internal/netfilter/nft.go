// SPDX-License-Identifier: Apache-2.0

package netfilter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// ParseNFT reads what "nft -j list ruleset" prints; see libnftables-json(5). It
// never fails: what it cannot read is among the problems, and what it does not know
// is kept and marked. A text that is cut off gives what stands before the cut.
//
// A match or target of iptables inside of nft ("xt") has no parameters in JSON. It is
// Unmodelled with Module "xt NAME"; iptables-save tells the parameters.
//
// A rule with a verdict map becomes one rule for each entry, with one Position.
func ParseNFT(text []byte) *Ruleset { return parseNFT(text, maxRules) }

func parseNFT(text []byte, most int) *Ruleset {
	p := &nftParser{
		text: text, maxRules: most, dec: json.NewDecoder(bytes.NewReader(text)), line: 1,
		tables: map[tableKey]int{}, chains: map[tableKey]map[string]int{}, sets: map[setKey]int{}, maps: map[setKey][]any{}, dormant: map[tableKey]bool{},
	}
	p.dec.UseNumber()
	p.read()
	p.finish()
	p.set.Problems = p.problems
	return &p.set
}

type tableKey struct{ family, name string }

type setKey struct {
	table tableKey
	name  string
}

type nftParser struct {
	text     []byte
	dec      *json.Decoder
	set      Ruleset
	problems problems
	tables   map[tableKey]int
	chains   map[tableKey]map[string]int
	sets     map[setKey]int
	// maps are the entries of verdict maps.
	maps    map[setKey][]any
	dormant map[tableKey]bool
	rules   int
	entries int
	// maxRules is how many rules are kept.
	maxRules int
	// offset is where line and lineStart were counted up to.
	offset, line, lineStart int
}

// place counts lines up to an offset, which only grows.
func (p *nftParser) place(offset int) (line, column int) {
	offset = min(offset, len(p.text))
	for i := p.offset; i < offset; {
		n := bytes.IndexByte(p.text[i:offset], '\n')
		if n < 0 {
			break
		}
		i += n + 1
		p.line++
		p.lineStart = i
	}
	p.offset = max(p.offset, offset)
	return p.line, offset - p.lineStart + 1
}

func (p *nftParser) problem(line, column int, text, format string, args ...any) {
	p.problems.add(Problem{Line: line, Column: column, Message: fmt.Sprintf(format, args...), Text: text})
}

// read goes through the objects of {"nftables": [...]}.
func (p *nftParser) read() {
	for _, want := range []json.Token{json.Delim('{'), "nftables", json.Delim('[')} {
		token, err := p.dec.Token()
		if err != nil || token != want {
			p.problem(1, 1, "", "not the output of nft -j: want {\"nftables\": [...]}")
			return
		}
	}
	for p.dec.More() {
		var raw json.RawMessage
		if err := p.dec.Decode(&raw); err != nil {
			p.broken(err)
			return
		}
		line, column := p.place(int(p.dec.InputOffset()) - len(raw))
		p.object(raw, line, column)
	}
	for _, want := range []json.Token{json.Delim(']'), json.Delim('}')} {
		if token, err := p.dec.Token(); err != nil || token != want {
			p.broken(err)
			return
		}
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		line, column := p.place(int(p.dec.InputOffset()))
		p.problem(line, column, "", "text follows the rule set and is not read")
	}
}

func (p *nftParser) broken(err error) {
	line, column := p.place(int(p.dec.InputOffset()))
	p.problem(line, column, "", "the rule set is broken or cut off here, what follows is not read: %v", err)
}

// nftObject are the fields of all objects that are read.
type nftObject struct {
	Family  string
	Table   string
	Name    string
	Chain   string
	Type    json.RawMessage
	Hook    string
	Dev     json.RawMessage
	Prio    json.RawMessage
	Policy  string
	Flags   json.RawMessage
	Timeout int64
	Elem    []json.RawMessage
	Map     json.RawMessage
	Comment string
	Expr    []json.RawMessage
}

// object reads {"KIND": {...}}.
func (p *nftParser) object(raw json.RawMessage, line, column int) {
	var outer map[string]json.RawMessage
	if err := json.Unmarshal(raw, &outer); err != nil || len(outer) != 1 {
		p.problem(line, column, string(raw), "want an object with one field")
		return
	}
	for kind, body := range outer {
		switch kind {
		case "metainfo", "counter", "quota", "limit", "ct helper", "ct timeout", "ct expectation", "synproxy", "secmark", "flowtable", "meter":
			return // what rules refer to by name; the rules are marked
		case "table", "chain", "rule", "set", "map":
		default:
			p.problem(line, column, string(raw), "object %q is not known", kind)
			return
		}
		var o nftObject
		if err := json.Unmarshal(body, &o); err != nil {
			p.problem(line, column, string(raw), "%s that cannot be read: %v", kind, err)
			return
		}
		switch kind {
		case "table":
			p.addTable(o, line, column)
		case "chain":
			p.addChain(o, line, column)
		case "rule":
			p.addRule(o, string(raw), line, column)
		default:
			p.addSet(o, kind == "map", line, column)
		}
	}
}

func (p *nftParser) addTable(o nftObject, line, column int) {
	key := tableKey{o.Family, o.Name}
	_, twice := p.tables[key]
	switch {
	case twice:
		p.problem(line, column, o.Name, "table %s %s stands twice", o.Family, o.Name)
	case len(p.tables) == maxTables*maxTables:
		p.problem(line, column, o.Name, "more than %d tables; this one is left out", maxTables*maxTables)
	case slices.Contains(texts(o.Flags), "dormant"):
		p.dormant[key] = true
		p.problem(line, column, o.Name, "table %s %s is dormant: its rules are not in force and left out", o.Family, o.Name)
	default:
		p.tables[key], p.chains[key] = len(p.set.Tables), map[string]int{}
		p.set.Tables = append(p.set.Tables, Table{Family: o.Family, Name: o.Name, Line: line})
		// Some releases (1.0.6 for one) write what is in memory instead of the flags.
		if known := texts(o.Flags); len(o.Flags) > 0 && !slices.Contains(known, "owner") && !slices.Contains(known, "persist") {
			p.problem(line, column, string(o.Flags), "table %s %s has flags that are not known: it may be dormant", o.Family, o.Name)
		}
	}
}

// priorities are the names of nft(8), table "Standard priority names".
var priorities = map[string]int{"raw": -300, "mangle": -150, "dstnat": -100, "filter": 0, "security": 50, "srcnat": 100}

func (p *nftParser) addChain(o nftObject, line, column int) {
	key := tableKey{o.Family, o.Table}
	table, ok := p.tables[key]
	if !ok {
		if !p.dormant[key] {
			p.problem(line, column, o.Name, "chain %q of a table that does not stand before it", o.Name)
		}
		return
	}
	if _, ok := p.chains[key][o.Name]; ok {
		p.problem(line, column, o.Name, "chain %q stands twice", o.Name)
		return
	}
	t := &p.set.Tables[table]
	if len(t.Chains) == maxChains {
		p.problem(line, column, o.Name, "more than %d chains; this one is left out", maxChains)
		return
	}
	c := Chain{Name: o.Name, Policy: "-", Line: line, Column: column}
	if o.Hook != "" {
		c.Hook, c.Policy = o.Hook, strings.ToUpper(o.Policy)
		c.Type, c.Device = strings.Join(texts(o.Type), " "), strings.Join(texts(o.Dev), ",")
		if c.Policy == "" {
			c.Policy = "ACCEPT" // the default of nft(8), "CHAINS"
		}
		if n, known := priorities[strings.Join(texts(o.Prio), "")]; known {
			c.Priority = n
		} else if err := json.Unmarshal(o.Prio, &c.Priority); err != nil && len(o.Prio) > 0 {
			p.problem(line, column, string(o.Prio), "priority of chain %q is no number", o.Name)
		}
	}
	p.chains[key][o.Name] = len(t.Chains)
	t.Chains = append(t.Chains, c)
}

func (p *nftParser) addSet(o nftObject, isMap bool, line, column int) {
	key := tableKey{o.Family, o.Table}
	if p.dormant[key] {
		return
	}
	if len(p.set.Sets) == maxSets {
		p.problem(line, column, o.Name, "more than %d sets; this one is left out", maxSets)
		return
	}
	flags := texts(o.Flags)
	s := Set{
		Table: o.Table, TableFamily: o.Family, Name: o.Name, Type: strings.Join(texts(o.Type), ","), TimeoutSeconds: o.Timeout,
		Map: isMap, Complete: true, Line: line, Column: column,
		Dynamic: slices.Contains(flags, "dynamic") || slices.Contains(flags, "timeout"),
	}
	switch {
	case strings.HasPrefix(s.Type, "ipv4_addr"):
		s.Family = "ipv4"
	case strings.HasPrefix(s.Type, "ipv6_addr"):
		s.Family = "ipv6"
	}
	verdicts := make([]any, 0, len(o.Elem))
	for _, raw := range o.Elem {
		if p.entries == maxSetEntries {
			s.Complete = false
			p.problem(line, column, "", "more than %d entries; the rest of set %q is left out", maxSetEntries, s.Name)
			break
		}
		p.entries++
		e, v := setEntry(decode(raw))
		e.Line = line
		s.Entries = append(s.Entries, e)
		verdicts = append(verdicts, v)
	}
	id := setKey{key, o.Name}
	p.sets[id] = len(p.set.Sets)
	p.set.Sets = append(p.set.Sets, s)
	if isMap && s.Complete && !s.Dynamic {
		p.maps[id] = verdicts
	}
}

// setEntry reads an element, which for a map is a pair of key and data.
func setEntry(v any) (SetEntry, any) {
	var e SetEntry
	if pair, ok := v.([]any); ok && len(pair) == 2 {
		e.Data = plain(pair[1])
		e.Value, e.TimeoutSeconds = element(pair[0])
		return e, v
	}
	e.Value, e.TimeoutSeconds = element(v)
	return e, v
}

// element reads a value that may carry a timeout.
func element(v any) (string, int64) {
	if key, inner := single(v); key == "elem" {
		fields, _ := inner.(map[string]any)
		timeout, _ := number(fields["expires"], math.MaxUint32)
		if fields["expires"] == nil {
			timeout, _ = number(fields["timeout"], math.MaxUint32)
		}
		return plain(fields["val"]), int64(timeout)
	}
	return plain(v), 0
}

func (p *nftParser) addRule(o nftObject, text string, line, column int) {
	key := tableKey{o.Family, o.Table}
	if p.dormant[key] {
		return
	}
	chain, ok := p.chains[key][o.Chain]
	if !ok {
		p.problem(line, column, text, "rule of chain %q, which does not stand before it", o.Chain)
		return
	}
	c := &p.set.Tables[p.tables[key]].Chains[chain]
	position := 1
	if n := len(c.Rules); n > 0 {
		position = c.Rules[n-1].Position + 1
	}
	b := nftRule{table: key, maps: p.maps, rule: Rule{Line: line, Column: column, Position: position, Text: text, Comment: o.Comment}}
	for _, raw := range o.Expr {
		b.statement(decode(raw), string(raw))
	}
	rules := b.finish()
	if p.rules += len(rules); p.rules > p.maxRules {
		if p.rules-len(rules) <= p.maxRules {
			p.problem(line, column, "", "more than %d rules; the rest is left out", p.maxRules)
		}
		return
	}
	c.Rules = append(c.Rules, rules...)
}

// finish settles what each rule does, once all chains are known.
func (p *nftParser) finish() {
	for i := range p.set.Tables {
		t := &p.set.Tables[i]
		chains := p.chains[tableKey{t.Family, t.Name}]
		for j := range t.Chains {
			for k := range t.Chains[j].Rules {
				r := &t.Chains[j].Rules[k]
				r.Effect = r.nftEffect(chains)
			}
		}
	}
}

// nftEffect is what a rule of nft does. Chains are told from verdicts by how they
// are called, since nft allows a chain with the name of a verdict.
func (r *Rule) nftEffect(chains map[string]int) Effect {
	if r.Effect == EffectJump {
		if _, ok := chains[r.Target]; !ok {
			return EffectUnknown
		}
		return EffectJump
	}
	return effectOf(r.Target, nil)
}
