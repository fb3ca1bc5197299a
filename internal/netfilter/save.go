// SPDX-License-Identifier: Apache-2.0

package netfilter

import (
	"fmt"
	"strconv"
	"strings"
)

// Limits of one text.
const (
	maxLineBytes = 64 << 10
	maxRules     = 200_000
	maxChains    = 20_000
	maxTables    = 64
)

// ParseSave reads the output of iptables-save or ip6tables-save. It never fails:
// what it cannot read is among the problems.
func ParseSave(text []byte) *Ruleset {
	p := &saveParser{}
	for rest, more := string(text), true; more && rest != ""; {
		var line string
		line, rest, more = strings.Cut(rest, "\n")
		p.lineNumber++
		if len(line) > maxLineBytes {
			p.problem(line, "line is %d bytes long, more than %d", len(line), maxLineBytes)
			continue
		}
		p.line(strings.Trim(line, " \t\r\v\f"))
	}
	p.endTable(false)
	return &Ruleset{Tables: p.tables, Problems: p.problems, Elsewhere: p.elsewhere}
}

type saveParser struct {
	tables     []Table
	problems   problems
	elsewhere  problems
	table      *Table
	chains     map[string]int // of table, by name
	lineNumber int
	ruleCount  int
	chainCount int
	scratch    []word
	parts      []instance
	memory     memory
}

func (p *saveParser) problem(text, format string, args ...any) {
	p.problems.add(Problem{Line: p.lineNumber, Column: 1, Message: fmt.Sprintf(format, args...), Text: text})
}

func (p *saveParser) line(line string) {
	switch {
	case line == "":
	case line[0] == '#':
		p.remark(line)
	case line[0] == '*':
		if p.table != nil {
			p.problem(line, "table %q has no COMMIT before the next table starts, so restoring fails here", p.table.Name)
			p.endTable(true)
		}
		p.table, p.chains = &Table{Name: strings.TrimSpace(line[1:]), Line: p.lineNumber}, map[string]int{}
	case p.table == nil:
		p.problem(line, "line stands outside of a table (no \"*table\" line before it)")
	case line == "COMMIT":
		p.endTable(true)
	case line[0] == ':':
		p.chain(line)
	default:
		p.rule(line)
	}
}

// remark reads the comments by which iptables-save points to rules of the other
// backend, or of nft, that it cannot show.
func (p *saveParser) remark(line string) {
	if strings.Contains(line, "-legacy tables present, use") || strings.Contains(line, "is incompatible, use 'nft' tool") {
		p.elsewhere.add(Problem{Line: p.lineNumber, Column: 1, Message: strings.TrimSpace(strings.TrimLeft(line, "# ")), Text: line})
	}
}

func (p *saveParser) endTable(committed bool) {
	if p.table == nil {
		return
	}
	t := *p.table
	p.table = nil
	if !committed {
		p.problem("", "table %q that starts at line %d has no COMMIT: restoring never applies it", t.Name, t.Line)
	}
	for i := range t.Chains {
		for j := range t.Chains[i].Rules {
			r := &t.Chains[i].Rules[j]
			r.Effect = effectOf(r.Target, p.chains)
		}
	}
	for i := range p.tables {
		if p.tables[i].Name == t.Name {
			p.problem("*"+t.Name, "table %q stands twice (first at line %d): restoring flushes it again, only this one takes effect", t.Name, p.tables[i].Line)
			p.tables[i] = t
			return
		}
	}
	if len(p.tables) == maxTables {
		p.problem("*"+t.Name, "more than %d tables; this one is left out", maxTables)
		return
	}
	p.tables = append(p.tables, t)
}

// chain reads ":INPUT ACCEPT [0:0]".
func (p *saveParser) chain(line string) {
	fields := strings.Fields(line[1:])
	if len(fields) < 2 {
		p.problem(line, "chain line without a policy")
		return
	}
	switch fields[1] {
	case "ACCEPT", "DROP", "QUEUE", "-":
	default:
		p.problem(line, "policy %q is none of ACCEPT, DROP, -", fields[1])
		return
	}
	if _, ok := p.chains[fields[0]]; ok {
		p.problem(line, "chain %q is declared twice", fields[0])
		return
	}
	if p.chainCount++; p.chainCount > maxChains {
		if p.chainCount == maxChains+1 {
			p.problem("", "more than %d chains; the rest is left out", maxChains)
		}
		return
	}
	c := Chain{Name: fields[0], Policy: fields[1], Line: p.lineNumber, Column: 1}
	if len(fields) > 2 {
		c.Packets, c.Bytes, _ = counters(fields[2])
	}
	p.chains[c.Name] = len(p.table.Chains)
	p.table.Chains = append(p.table.Chains, c)
}

// counters reads "[packets:bytes]" at the start of s, and says where it ends.
func counters(s string) (packets, bytes uint64, end int) {
	close := strings.IndexByte(s, ']')
	if close < 0 || s[0] != '[' {
		return 0, 0, 0
	}
	a, b, _ := strings.Cut(s[1:close], ":")
	packets, errA := strconv.ParseUint(a, 10, 64)
	bytes, errB := strconv.ParseUint(b, 10, 64)
	if errA != nil || errB != nil {
		return 0, 0, close + 1
	}
	return packets, bytes, close + 1
}

// rule reads "[12:345] -A INPUT ... -j ACCEPT".
func (p *saveParser) rule(line string) {
	packets, bytes, end := counters(line)
	words, err := splitWords(p.scratch[:0], line[end:])
	p.scratch = words
	if err != nil {
		p.problem(line, "%v", err)
		return
	}
	if len(words) < 2 || (words[0].text != "-A" && words[0].text != "--append") {
		command := ""
		if len(words) > 0 {
			command = words[0].text
		}
		switch command {
		case "-I", "--insert", "-D", "--delete", "-N", "-P", "-F", "-X", "-Z", "-R", "-E":
			p.problem(line, "command %s does not occur in saved rules and is not followed: save the running rules instead", command)
		default:
			p.problem(line, "not a rule: want \"-A CHAIN ...\"")
		}
		return
	}
	i, ok := p.chains[words[1].text]
	if !ok {
		p.problem(line, "chain %q is not declared", words[1].text)
		return
	}
	if p.ruleCount++; p.ruleCount > maxRules {
		if p.ruleCount == maxRules+1 {
			p.problem("", "more than %d rules; the rest is left out", maxRules)
		}
		return
	}
	b := ruleBuilder{line: line[end:], words: words, at: 2, memory: &p.memory, parts: p.parts[:0], open: -1}
	err = b.read()
	p.parts = b.parts
	if err != nil {
		p.problem(line, "%v", err)
		return
	}
	c, r := &p.table.Chains[i], b.finish()
	r.Line, r.Column, r.Text, r.Position = p.lineNumber, 1, line, len(c.Rules)+1
	if end > 0 {
		r.Packets, r.Bytes = packets, bytes
	}
	c.Rules = append(c.Rules, r)
}
