// SPDX-License-Identifier: Apache-2.0

package netfilter

import (
	"math"
	"slices"
	"strings"
)

// nftRule builds a rule from its statements.
type nftRule struct {
	table tableKey
	maps  map[setKey][]any
	rule  Rule
	// branches are the rules that a verdict map stands for.
	branches []Rule
	// mapped is set once a verdict map was met: what follows is for packets that it
	// did not settle.
	mapped bool
	// network and transport are the protocols that the matches so far say.
	network, transport bool
}

// finish returns the rule, or the rules that it stands for.
func (b *nftRule) finish() []Rule {
	r := &b.rule
	if n := len(r.Actions); r.Target == "" && n > 0 {
		r.Target, r.Options = r.Actions[n-1].Name, r.Actions[n-1].Options
		r.Actions = r.Actions[:n-1]
	}
	if b.mapped && r.Target == "" {
		return b.branches
	}
	return append(b.branches, *r)
}

func (b *nftRule) opaque(text, module string) {
	b.rule.Matches = append(b.rule.Matches, Match{Kind: Unmodelled, Module: module, Text: text})
}

func (b *nftRule) act(name string, options ...Option) {
	b.rule.Actions = append(b.rule.Actions, Action{Name: name, Options: options})
}

func (b *nftRule) verdict(name string, options ...Option) {
	if b.rule.Target != "" {
		return // nft refuses statements behind a verdict
	}
	b.rule.Target, b.rule.Options = name, options
}

// verdicts are those without parameters, by the names of iptables.
var verdicts = map[string]string{"accept": "ACCEPT", "drop": "DROP", "return": "RETURN"}

// statement reads one statement; see libnftables-json(5), "STATEMENTS".
func (b *nftRule) statement(v any, text string) {
	key, body := single(v)
	if name, ok := verdicts[key]; ok {
		b.verdict(name)
		return
	}
	switch key {
	case "match":
		b.match(body, text)
	case "continue":
	case "counter":
		fields, _ := body.(map[string]any)
		b.rule.Packets, _ = number(fields["packets"], math.MaxUint64)
		b.rule.Bytes, _ = number(fields["bytes"], math.MaxUint64)
	case "jump", "goto":
		b.verdict(field(body, "target"))
		b.rule.Effect, b.rule.Goto = EffectJump, key == "goto"
	case "reject":
		b.verdict("REJECT", rejectOption(body)...)
	case "log":
		b.log(body)
	case "limit":
		b.limit(body, text)
	case "ct count":
		fields, _ := body.(map[string]any)
		name := "--connlimit-upto"
		if over, _ := fields["inv"].(bool); over {
			name = "--connlimit-above"
		}
		// Without a set, all connections of the rule are counted as one group.
		b.rule.Matches = append(b.rule.Matches, Match{
			Kind: ConnLimit, Module: "nft", Text: text,
			Options: []Option{{Name: name, Value: plain(fields["val"])}, {Name: "--connlimit-mask", Value: "0"}},
		})
	case "dnat", "snat", "masquerade", "redirect", "tproxy":
		b.translate(key, body)
	case "mangle":
		b.mangle(body)
	case "notrack":
		b.act("CT", Option{Name: "--notrack"})
	case "ct helper", "ct timeout", "ct expectation":
		b.act("CT", Option{Name: "--" + strings.TrimPrefix(key, "ct "), Value: plain(body)})
	case "queue":
		b.verdict("NFQUEUE", Option{Name: "--queue-num", Value: field(body, "num")})
	case "set":
		b.update(body, text)
	case "vmap":
		b.branch(body, text)
	case "xt":
		b.xt(body, text)
	case "quota":
		b.opaque(text, "nft")
	default:
		// It may be a condition, a verdict or neither.
		b.opaque(text, "nft")
		if b.rule.Target == "" && key != "" {
			b.act(key)
		}
	}
}

func rejectOption(body any) []Option {
	kind, code := field(body, "type"), field(body, "expr")
	switch kind {
	case "":
		return nil
	case "tcp reset":
		return []Option{{Name: "--reject-with", Value: "tcp-reset"}}
	case "icmpv6":
		kind = "icmp6"
	}
	return []Option{{Name: "--reject-with", Value: kind + "-" + code}}
}

func (b *nftRule) log(body any) {
	name, prefix := "LOG", "--log-"
	if field(body, "group") != "" {
		name, prefix = "NFLOG", "--nflog-"
	}
	var options []Option
	for _, key := range [...]string{"group", "level", "prefix", "snaplen", "queue-threshold"} {
		if value := field(body, key); value != "" {
			options = append(options, Option{Name: prefix + key, Value: value})
		}
	}
	b.act(name, options...)
}

// limit reads {"rate", "burst", "per", "inv", "rate_unit"}; a name stands for a
// limit that is declared elsewhere.
func (b *nftRule) limit(body any, text string) {
	rate, unit, per := field(body, "rate"), field(body, "rate_unit"), field(body, "per")
	if rate == "" || per == "" || unit != "" && unit != "packets" || per == "week" {
		b.opaque(text, "nft")
		return
	}
	fields, _ := body.(map[string]any)
	over, _ := fields["inv"].(bool)
	m := Match{Kind: Limit, Module: "nft", Text: text, Options: []Option{{Name: "--limit", Value: rate + "/" + per, Negated: over}}}
	if burst := field(body, "burst"); burst != "" && burst != "0" {
		m.Options = append(m.Options, Option{Name: "--limit-burst", Value: burst})
	}
	if m.validate() != nil {
		m.Kind = Unmodelled
	}
	b.rule.Matches = append(b.rule.Matches, m)
}

func (b *nftRule) translate(key string, body any) {
	name := strings.ToUpper(key)
	addr, port := field(body, "addr"), field(body, "port")
	var options []Option
	switch {
	case key == "tproxy":
		options = []Option{{Name: "--on-port", Value: port}, {Name: "--on-ip", Value: addr}}
	case addr != "":
		if port != "" {
			if strings.Contains(addr, ":") {
				addr = "[" + addr + "]"
			}
			addr += ":" + port
		}
		options = []Option{{Name: map[string]string{"dnat": "--to-destination", "snat": "--to-source"}[key], Value: addr}}
	case port != "":
		options = []Option{{Name: "--to-ports", Value: port}}
	}
	b.verdict(name, options...)
}

// mangle changes a field of the packet, or a mark.
func (b *nftRule) mangle(body any) {
	fields, _ := body.(map[string]any)
	name, _ := fieldOf(fields["key"])
	option := Option{Name: name, Value: plain(fields["value"])}
	switch name {
	case "meta mark":
		b.act("MARK", Option{Name: "--set-mark", Value: option.Value})
	case "ct mark":
		b.act("CONNMARK", Option{Name: "--set-mark", Value: option.Value})
	case "tcp option maxseg size":
		b.act("TCPMSS", Option{Name: "--set-mss", Value: option.Value})
	default:
		b.act("mangle", option)
	}
}

// update adds to a set or takes from it. With a statement of its own for each entry
// it is a condition, such as a limit for each address.
func (b *nftRule) update(body any, text string) {
	fields, _ := body.(map[string]any)
	if len(list(fields["stmt"])) > 0 {
		b.opaque(text, "nft")
		return
	}
	name := "--add-set"
	if field(body, "op") == "delete" {
		name = "--del-set"
	}
	b.act("SET", Option{Name: name, Value: strings.TrimPrefix(field(body, "set"), "@")})
}

// xt is a match or target of iptables, whose parameters JSON does not show.
func (b *nftRule) xt(body any, text string) {
	name := field(body, "name")
	switch kind := field(body, "type"); {
	case kind == "match" && name == "comment":
	case kind == "target" && name != "":
		b.verdict(name)
		b.rule.Opaque = true
	default:
		b.opaque(text, "xt "+name)
		b.rule.Opaque = true
	}
}

func (b *nftRule) match(body any, text string) {
	fields, _ := body.(map[string]any)
	op, left, right := plain(fields["op"]), fields["left"], fields["right"]
	if key, inner := single(left); key == "concat" {
		b.tuple(list(inner), op, right, text)
		return
	}
	name, mask := fieldOf(left)
	if b.code(name, op, right, mask) {
		return
	}
	f, ok := nftFieldOf(name)
	if !ok {
		b.opaque(text, "nft")
		return
	}
	m, ok := f.match(op, right, mask)
	if !ok {
		m = Match{Kind: Unmodelled, Module: "nft"}
	}
	m.Text = text
	b.imply(f, m)
	b.rule.Matches = append(b.rule.Matches, m)
}

// imply adds the protocols that a field needs and that nft leaves out.
func (b *nftRule) imply(f nftField, m Match) {
	if f.network != "" && !b.network && b.table.family != "ip" && b.table.family != "ip6" {
		b.network = true
		b.rule.Matches = append(b.rule.Matches, Match{Kind: NetworkProtocol, Module: "nft", Values: []string{f.network}, Text: f.network})
	}
	if f.transport != "" && !b.transport {
		b.transport = true
		number, _ := protocolRange(f.transport)
		b.rule.Matches = append(b.rule.Matches, Match{Kind: Protocol, Module: "nft", Values: []string{f.transport}, Ranges: []Range{number}, Text: f.transport})
	}
	// What is said already need not be implied, as long as it is one protocol.
	single := !m.Negated && len(m.Values) == 1
	b.network = b.network || m.Kind == NetworkProtocol && single
	b.transport = b.transport || m.Kind == Protocol && single
}

// code narrows a match on one ICMP type to a code, which nft has as another match.
func (b *nftRule) code(name, op string, right, mask any) bool {
	n := len(b.rule.Matches)
	if name != "icmp code" && name != "icmpv6 code" || n == 0 || op != "==" || mask != nil {
		return false
	}
	kind, names := ICMPType, icmpNames
	if name == "icmpv6 code" {
		kind, names = ICMPv6Type, icmp6Names
	}
	m := &b.rule.Matches[n-1]
	if m.Kind != kind || m.Negated || len(m.Ranges) != 1 || m.Ranges[0] != icmpType(m.Ranges[0].From>>8) {
		return false
	}
	code, ok := number(right, math.MaxUint8)
	if named, known := names[scalar(right)]; !ok && known && named.From>>8 == m.Ranges[0].From>>8 {
		code, ok = uint64(named.From&anyCode), true
	}
	if !ok {
		return false
	}
	m.Ranges[0] = icmpCode(m.Ranges[0].From>>8, uint32(code))
	m.Values[0] += "/" + scalar(right)
	return true
}

// tuple looks several fields up in a set at once.
func (b *nftRule) tuple(parts []any, op string, right any, text string) {
	set, ok := right.(string)
	m := Match{Kind: InSet, Module: "nft", Text: text}
	var directions []string
	for _, part := range parts {
		name, mask := fieldOf(part)
		f, known := nftFieldOf(name)
		ok = ok && known && mask == nil && f.direction != ""
		directions = append(directions, f.direction)
		b.imply(f, Match{})
	}
	if !ok || !strings.HasPrefix(set, "@") || op != "==" && op != "!=" {
		b.opaque(text, "nft")
		return
	}
	m.Options = []Option{{Name: "--match-set", Value: set[1:] + " " + strings.Join(directions, ","), Negated: op == "!="}}
	b.rule.Matches = append(b.rule.Matches, m)
}

// branch reads a verdict map: each entry becomes a rule of its own. Keys do not
// overlap, so their order means nothing.
func (b *nftRule) branch(body any, text string) {
	fields, _ := body.(map[string]any)
	name, mask := fieldOf(fields["key"])
	f, known := nftFieldOf(name)
	var entries []any
	if set, ok := fields["data"].(string); ok {
		var found bool
		entries, found = b.maps[setKey{b.table, strings.TrimPrefix(set, "@")}]
		known = known && found
	} else {
		key, inner := single(fields["data"])
		entries, known = list(inner), known && key == "set"
	}
	b.imply(f, Match{})
	before := b.rule
	for _, entry := range entries {
		pair, ok := entry.([]any)
		if !known || !ok || len(pair) != 2 {
			known = false
			break
		}
		m, ok := f.match(bitwise(f), bare(pair[0]), mask)
		if !ok {
			known = false
			break
		}
		m.Text = text
		branch := nftRule{table: b.table, rule: before}
		branch.rule.Matches = append(slices.Clip(before.Matches), m)
		branch.statement(bare(pair[1]), text)
		b.branches = append(b.branches, branch.rule)
	}
	if !known {
		// Some packets get some verdict.
		b.branches = nil
		b.opaque(text, "nft")
		b.verdict("vmap")
		return
	}
	b.mapped = true
}

// bitwise is how a map compares: states are single bits, so that both ways agree.
func bitwise(f nftField) string {
	if f.kind == States {
		return "in"
	}
	return "=="
}
