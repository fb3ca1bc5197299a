// SPDX-License-Identifier: Apache-2.0

package netfilter

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Limits of one file.
const (
	maxLineBytes = 64 << 10
	maxRules     = 200_000
	maxProblems  = 1000
)

// ParseSave reads the output of iptables-save or ip6tables-save. It never
// fails: what it cannot read is among the problems.
func ParseSave(text []byte) *Ruleset {
	p := &saveParser{set: &Ruleset{}}
	sc := bufio.NewScanner(bytes.NewReader(text))
	sc.Buffer(make([]byte, 0, 4096), len(text)+1)
	for sc.Scan() {
		p.lineNumber++
		line := strings.TrimRight(sc.Text(), "\r")
		if len(line) > maxLineBytes {
			p.problem(line[:80], "line is %d bytes long, more than %d", len(line), maxLineBytes)
			continue
		}
		p.line(line)
	}
	p.endTable(false)
	return p.set
}

type saveParser struct {
	set        *Ruleset
	table      *Table
	lineNumber int
	rules      int
}

func (p *saveParser) problem(text, format string, args ...any) {
	if len(p.set.Problems) == maxProblems {
		p.set.Problems = append(p.set.Problems, Problem{Line: p.lineNumber, Message: "more problems follow and are not listed"})
	}
	if len(p.set.Problems) > maxProblems {
		return
	}
	p.set.Problems = append(p.set.Problems, Problem{Line: p.lineNumber, Message: fmt.Sprintf(format, args...), Text: text})
}

func (p *saveParser) line(line string) {
	trimmed := strings.TrimSpace(line)
	switch {
	case trimmed == "" || trimmed[0] == '#':
	case trimmed[0] == '*':
		if p.table != nil {
			p.problem(trimmed, "table %q has no COMMIT before the next table starts, so restoring fails here", p.table.Name)
			p.endTable(false)
		}
		p.table = &Table{Name: strings.TrimSpace(trimmed[1:]), Line: p.lineNumber}
	case p.table == nil:
		p.problem(trimmed, "line stands outside of a table (no \"*table\" line before it)")
	case trimmed == "COMMIT":
		p.endTable(true)
	case trimmed[0] == ':':
		p.chain(trimmed)
	default:
		p.rule(trimmed)
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
	for i := range p.set.Tables {
		if p.set.Tables[i].Name == t.Name {
			p.problem("*"+t.Name, "table %q stands twice (first at line %d): restoring flushes it again, only this one takes effect", t.Name, p.set.Tables[i].Line)
			p.set.Tables[i] = t
			return
		}
	}
	p.set.Tables = append(p.set.Tables, t)
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
	if p.find(fields[0]) != nil {
		p.problem(line, "chain %q is declared twice", fields[0])
		return
	}
	p.table.Chains = append(p.table.Chains, Chain{Name: fields[0], Policy: fields[1], Line: p.lineNumber})
}

func (p *saveParser) find(name string) *Chain {
	for i := range p.table.Chains {
		if p.table.Chains[i].Name == name {
			return &p.table.Chains[i]
		}
	}
	return nil
}

// rule reads "[12:345] -A INPUT ... -j ACCEPT".
func (p *saveParser) rule(line string) {
	text := line
	if strings.HasPrefix(text, "[") {
		if end := strings.IndexByte(text, ']'); end > 0 {
			text = strings.TrimSpace(text[end+1:])
		}
	}
	words, err := splitWords(text)
	if err != nil {
		p.problem(line, "%v", err)
		return
	}
	if len(words) < 2 || (words[0] != "-A" && words[0] != "--append") {
		switch words[0] {
		case "-I", "--insert", "-D", "--delete", "-N", "-P", "-F", "-X", "-Z":
			p.problem(line, "command %s does not occur in saved rules and is not followed: save the running rules instead", words[0])
		default:
			p.problem(line, "not a rule: want \"-A CHAIN ...\"")
		}
		return
	}
	c := p.find(words[1])
	if c == nil {
		p.problem(line, "chain %q is not declared", words[1])
		return
	}
	if p.rules++; p.rules > maxRules {
		if p.rules == maxRules+1 {
			p.problem("", "more than %d rules; the rest is left out", maxRules)
		}
		return
	}
	r, err := parseRule(words[2:])
	if err != nil {
		p.problem(line, "%v", err)
		return
	}
	r.Line, r.Text = p.lineNumber, line
	c.Rules = append(c.Rules, r)
}

// splitWords splits a rule into words by the quoting that iptables-save writes.
func splitWords(line string) ([]string, error) {
	var words []string
	for i := 0; i < len(line); {
		if line[i] == ' ' || line[i] == '\t' {
			i++
			continue
		}
		var b strings.Builder
		for i < len(line) && line[i] != ' ' && line[i] != '\t' {
			switch c := line[i]; c {
			case '"', '\'':
				end := i + 1
				for end < len(line) && line[end] != c {
					if line[end] == '\\' && c == '"' && end+1 < len(line) {
						end++
					}
					b.WriteByte(line[end])
					end++
				}
				if end >= len(line) {
					return nil, fmt.Errorf("quote at column %d is not closed", i+1)
				}
				i = end + 1
			case '\\':
				if i+1 < len(line) {
					i++
				}
				b.WriteByte(line[i])
				i++
			default:
				b.WriteByte(c)
				i++
			}
		}
		words = append(words, b.String())
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("empty rule")
	}
	return words, nil
}

// option is how an option of a rule is read.
type option struct {
	kind  MatchKind
	arity int
	// module is set for parameters that belong to one match together.
	module MatchKind
}

// options are the modelled ones, by every documented spelling.
var options = map[string]option{
	"-p": {kind: Protocol, arity: 1}, "--protocol": {kind: Protocol, arity: 1}, "--proto": {kind: Protocol, arity: 1},
	"-s": {kind: SourceNet, arity: 1}, "--source": {kind: SourceNet, arity: 1}, "--src": {kind: SourceNet, arity: 1},
	"-d": {kind: DestNet, arity: 1}, "--destination": {kind: DestNet, arity: 1}, "--dst": {kind: DestNet, arity: 1},
	"-i": {kind: InInterface, arity: 1}, "--in-interface": {kind: InInterface, arity: 1},
	"-o": {kind: OutInterface, arity: 1}, "--out-interface": {kind: OutInterface, arity: 1},
	"--sport": {kind: SourcePorts, arity: 1}, "--source-port": {kind: SourcePorts, arity: 1},
	"--dport": {kind: DestPorts, arity: 1}, "--destination-port": {kind: DestPorts, arity: 1},
	"--sports": {kind: SourcePorts, arity: 1}, "--source-ports": {kind: SourcePorts, arity: 1},
	"--dports": {kind: DestPorts, arity: 1}, "--destination-ports": {kind: DestPorts, arity: 1},
	"--state": {kind: States, arity: 1}, "--ctstate": {kind: States, arity: 1},
	"--tcp-flags": {kind: TCPFlags, arity: 2}, "--syn": {kind: TCPFlags, arity: 0},
	"--icmp-type": {kind: ICMPType, arity: 1}, "--icmpv6-type": {kind: ICMPType, arity: 1},
	"--limit": {module: Limit, arity: 1}, "--limit-burst": {module: Limit, arity: 1},
	"--connlimit-above": {module: ConnLimit, arity: 1}, "--connlimit-upto": {module: ConnLimit, arity: 1},
	"--connlimit-mask": {module: ConnLimit, arity: 1}, "--connlimit-saddr": {module: ConnLimit}, "--connlimit-daddr": {module: ConnLimit},
	"--hashlimit": {module: HashLimit, arity: 1}, "--hashlimit-upto": {module: HashLimit, arity: 1}, "--hashlimit-above": {module: HashLimit, arity: 1},
	"--hashlimit-burst": {module: HashLimit, arity: 1}, "--hashlimit-mode": {module: HashLimit, arity: 1}, "--hashlimit-name": {module: HashLimit, arity: 1},
	"--hashlimit-srcmask": {module: HashLimit, arity: 1}, "--hashlimit-dstmask": {module: HashLimit, arity: 1},
	"--hashlimit-htable-size": {module: HashLimit, arity: 1}, "--hashlimit-htable-max": {module: HashLimit, arity: 1},
	"--hashlimit-htable-expire": {module: HashLimit, arity: 1}, "--hashlimit-htable-gcinterval": {module: HashLimit, arity: 1},
}

// modelledModules add nothing by being named.
var modelledModules = map[string]bool{
	"tcp": true, "udp": true, "icmp": true, "icmp6": true, "icmpv6": true, "multiport": true, "state": true,
	"conntrack": true, "comment": true, "limit": true, "connlimit": true, "hashlimit": true,
}

func parseRule(words []string) (Rule, error) {
	var r Rule
	module := ""
	var loose *Match // the unmodelled match that words belong to
	afterTarget := false
	for i := 0; i < len(words); {
		negated := false
		start := i
		if words[i] == "!" {
			negated = true
			if i++; i == len(words) {
				return r, fmt.Errorf("\"!\" at the end of the rule")
			}
		}
		w := words[i]
		take := func(n int) ([]string, error) {
			from := i + 1
			if n > 0 && from < len(words) && words[from] == "!" {
				negated = true
				from++
			}
			if from+n > len(words) {
				return nil, fmt.Errorf("option %s wants %d value(s)", w, n)
			}
			values := words[from : from+n]
			i = from + n
			return values, nil
		}
		switch w {
		case "-m", "--match":
			v, err := take(1)
			if err != nil {
				return r, err
			}
			module, loose, afterTarget = v[0], nil, false
			if !modelledModules[module] {
				r.Matches = append(r.Matches, Match{Kind: Unmodelled, Text: "-m " + module})
				loose = &r.Matches[len(r.Matches)-1]
			}
			continue
		case "-j", "--jump", "-g", "--goto":
			v, err := take(1)
			if err != nil {
				return r, err
			}
			r.Target, r.Goto, afterTarget, loose = v[0], w == "-g" || w == "--goto", true, nil
			continue
		case "--comment":
			v, err := take(1)
			if err != nil {
				return r, err
			}
			r.Comment = v[0]
			continue
		case "-c", "--set-counters":
			if _, err := take(2); err != nil {
				return r, err
			}
			continue
		}
		o, known := options[w]
		if known && (loose == nil || o.module == "") && !(afterTarget && o.kind == "" && o.module == "") {
			v, err := take(o.arity)
			if err != nil {
				return r, err
			}
			if err := addMatch(&r, o, w, negated, v, strings.Join(words[start:i], " ")); err != nil {
				return r, err
			}
			loose = nil
			continue
		}
		// Unknown: belongs to the target, to the module named last, or stands alone.
		i++
		var value []string
		for i < len(words) && !isOption(words[i]) {
			value = append(value, words[i])
			i++
		}
		text := strings.Join(words[start:i], " ")
		switch {
		case afterTarget:
			r.Options = append(r.Options, Option{Name: w, Value: strings.Join(value, " ")})
		case loose != nil:
			loose.Text += " " + text
		case !strings.HasPrefix(w, "-"):
			return r, fmt.Errorf("unexpected %q", w)
		default:
			if module != "" && modelledModules[module] {
				text = "-m " + module + " " + text
			}
			r.Matches = append(r.Matches, Match{Kind: Unmodelled, Text: text})
		}
	}
	return r, nil
}

func isOption(w string) bool {
	return w == "!" || (len(w) > 1 && w[0] == '-' && (w[1] < '0' || w[1] > '9'))
}

// addMatch adds a modelled match, after making sure that its values can be read.
func addMatch(r *Rule, o option, word string, negated bool, values []string, text string) error {
	if o.module != "" {
		for i := range r.Matches {
			if r.Matches[i].Kind == o.module {
				r.Matches[i].Options = append(r.Matches[i].Options, Option{Name: word, Value: strings.Join(values, " ")})
				r.Matches[i].Text += " " + text
				return nil
			}
		}
		r.Matches = append(r.Matches, Match{Kind: o.module, Negated: negated, Options: []Option{{Name: word, Value: strings.Join(values, " ")}}, Text: text})
		return nil
	}
	m := Match{Kind: o.kind, Negated: negated, Text: text}
	switch o.kind {
	case SourcePorts, DestPorts:
		if _, err := ParsePorts(values[0]); err != nil {
			return fmt.Errorf("%s: %w", word, err)
		}
		m.Values = strings.Split(values[0], ",")
	case States, SourceNet, DestNet:
		m.Values = strings.Split(values[0], ",")
	case TCPFlags:
		if word == "--syn" {
			values = []string{"FIN,SYN,RST,ACK", "SYN"}
		}
		m.Values = values
	default:
		m.Values = values
	}
	r.Matches = append(r.Matches, m)
	return nil
}

// ParsePorts reads "22", "80,443" or "1024:65535" (an open end is 0 or 65535).
// Service names are not resolved: what they mean depends on the host.
func ParsePorts(s string) ([]PortRange, error) {
	var ranges []PortRange
	for _, part := range strings.Split(s, ",") {
		from, to, ranged := strings.Cut(part, ":")
		if !ranged {
			to = from
		}
		if ranged && from == "" {
			from = "0"
		}
		if ranged && to == "" {
			to = "65535"
		}
		a, errA := strconv.Atoi(from)
		b, errB := strconv.Atoi(to)
		if errA != nil || errB != nil || a < 0 || b > 65535 || a > b {
			return nil, fmt.Errorf("port %q is no number or range from 0 to 65535", part)
		}
		ranges = append(ranges, PortRange{a, b})
	}
	return ranges, nil
}
