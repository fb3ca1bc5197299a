// SPDX-License-Identifier: Apache-2.0

package netfilter

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// nftField is what the left side of a match reads.
type nftField struct {
	kind MatchKind
	// most is the highest value of a number, 0 where the field is no number.
	most uint64
	// network and transport are the protocols that nft leaves out when it prints a
	// rule, although the field implies them.
	network, transport string
	// option is the parameter of kinds that hold theirs in options.
	option string
	// direction is src or dst, for a look-up in a set.
	direction string
}

// nftFields are the modelled ones; see nft(8), "PRIMARY EXPRESSIONS" and "PAYLOAD
// EXPRESSIONS".
var nftFields = map[string]nftField{
	"ip saddr": {kind: SourceNet, network: "ipv4", direction: "src"}, "ip daddr": {kind: DestNet, network: "ipv4", direction: "dst"},
	"ip6 saddr": {kind: SourceNet, network: "ipv6", direction: "src"}, "ip6 daddr": {kind: DestNet, network: "ipv6", direction: "dst"},
	"meta l4proto": {kind: Protocol}, "ip protocol": {kind: Protocol, network: "ipv4"},
	"meta nfproto": {kind: NetworkProtocol}, "meta protocol": {kind: NetworkProtocol},
	"meta iifname": {kind: InInterface, direction: "src"}, "meta iif": {kind: InInterface, direction: "src"},
	"meta oifname": {kind: OutInterface, direction: "dst"}, "meta oif": {kind: OutInterface, direction: "dst"},
	"th sport": {kind: SourcePorts, most: math.MaxUint16, direction: "src"}, "th dport": {kind: DestPorts, most: math.MaxUint16, direction: "dst"},
	"ct state": {kind: States}, "ct direction": {kind: CTDirection}, "ct status": {kind: CTStatus}, "ct helper": {kind: Helper},
	"ct original saddr": {kind: CTOrigSource}, "ct original daddr": {kind: CTOrigDest}, "ct reply saddr": {kind: CTReplySource},
	"ct reply daddr": {kind: CTReplyDest}, "ct original protocol": {kind: CTProtocol},
	"ct original proto-src": {kind: CTOrigSourcePort, most: math.MaxUint16}, "ct original proto-dst": {kind: CTOrigDestPort, most: math.MaxUint16},
	"ct reply proto-src": {kind: CTReplySrcPort, most: math.MaxUint16}, "ct reply proto-dst": {kind: CTReplyDestPort, most: math.MaxUint16},
	"tcp flags": {kind: TCPFlags, transport: "tcp"}, "tcp option maxseg size": {kind: TCPMSS, most: math.MaxUint16, transport: "tcp"},
	"icmp type": {kind: ICMPType, network: "ipv4", transport: "icmp"}, "icmpv6 type": {kind: ICMPv6Type, network: "ipv6", transport: "ipv6-icmp"},
	"meta mark": {kind: Mark, most: math.MaxUint32}, "ct mark": {kind: ConnMark, most: math.MaxUint32},
	"meta length": {kind: Length, most: math.MaxUint32}, "ip length": {kind: Length, most: math.MaxUint16, network: "ipv4"},
	"ip ttl": {kind: HopLimit, most: math.MaxUint8, network: "ipv4"}, "ip6 hoplimit": {kind: HopLimit, most: math.MaxUint8, network: "ipv6"},
	"ether saddr": {kind: SourceMAC}, "meta pkttype": {kind: PacketType},
	"esp spi": {kind: SPI, most: math.MaxUint32, transport: "esp"}, "ah spi": {kind: SPI, most: math.MaxUint32, transport: "ah"},
	"meta skuid": {kind: Owner, option: "--uid-owner"}, "meta skgid": {kind: Owner, option: "--gid-owner"},
	"fib type saddr": {kind: AddressType, option: "--src-type"}, "fib type daddr": {kind: AddressType, option: "--dst-type"},
	"fib oif saddr,iif": {kind: RPFilter}, "ip frag-off": {kind: Fragment, network: "ipv4"}, "exthdr frag": {kind: Frag6, network: "ipv6"},
}

// tcpOptions are the kinds of TCP options by the names of nft; see the registry of
// IANA.
var tcpOptions = map[string]uint32{
	"eol": 0, "nop": 1, "maxseg": 2, "window": 3, "sack-perm": 4, "sack": 5, "timestamp": 8, "md5sig": 19, "mptcp": 30, "fastopen": 34,
}

// fieldOf names the left side of a match, with its mask where it has one.
func fieldOf(left any) (name string, mask any) {
	key, inner := single(left)
	if key == "&" {
		if pair, ok := inner.([]any); ok && len(pair) == 2 {
			left, mask = pair[0], pair[1]
			key, inner = single(left)
		}
	}
	switch key {
	case "payload":
		return field(inner, "protocol") + " " + field(inner, "field"), mask
	case "meta", "ct":
		if text, ok := inner.(string); ok {
			return key + " " + text, mask
		}
		name := field(inner, "key")
		if dir := field(inner, "dir"); dir != "" {
			name = strings.TrimPrefix(strings.TrimPrefix(name, "ip "), "ip6 ")
			name = dir + " " + name
		}
		return key + " " + name, mask
	case "fib":
		fields, _ := inner.(map[string]any)
		var flags []string
		for _, f := range list(fields["flags"]) {
			flags = append(flags, scalar(f))
		}
		slices.SortFunc(flags, func(a, b string) int { return strings.Compare(b, a) }) // saddr before iif
		return "fib " + field(inner, "result") + " " + strings.Join(flags, ","), mask
	case "exthdr", "tcp option":
		return strings.TrimSpace(key + " " + field(inner, "name") + " " + field(inner, "field")), mask
	}
	return "", nil
}

// nftFieldOf looks a field up.
func nftFieldOf(name string) (nftField, bool) {
	if f, ok := nftFields[name]; ok {
		return f, true
	}
	if _, ok := tcpOptions[strings.TrimPrefix(name, "tcp option ")]; ok && strings.HasPrefix(name, "tcp option ") {
		return nftField{kind: TCPOption, transport: "tcp", option: name}, true
	}
	transport, port, _ := strings.Cut(name, " ")
	switch transport {
	case "tcp", "udp", "udplite", "sctp", "dccp":
		if f, ok := nftFields["th "+port]; ok {
			f.transport = transport
			return f, true
		}
	}
	return nftField{}, false
}

// match reads one match of nft: LEFT OP RIGHT. It reports false for what is not
// modelled.
func (f nftField) match(op string, right, mask any) (Match, bool) {
	m := Match{Kind: f.kind, Module: "nft", Negated: op == "!="}
	if name, ok := right.(string); ok && strings.HasPrefix(name, "@") {
		return m.lookup(name[1:], f.direction, mask)
	}
	if mask != nil && f.kind != Mark && f.kind != ConnMark && f.kind != TCPFlags && f.kind != Fragment && f.kind != SourceNet && f.kind != DestNet {
		return m, false
	}
	alternatives := items(right)
	switch f.kind {
	case TCPFlags:
		return m.flags(op, alternatives, mask)
	case Mark, ConnMark:
		return m.marks(op, alternatives, mask)
	case Fragment:
		// The lower 13 bits are the offset (RFC 791, 3.1): not 0 in all but the first.
		offset, ok := number(mask, math.MaxUint16)
		zero, okZero := number(right, math.MaxUint16)
		m.Negated = op == "=="
		return m, ok && okZero && offset == 0x1fff && zero == 0 && (op == "==" || op == "!=")
	case RPFilter, Frag6, TCPOption:
		there, ok := right.(bool)
		if m.Negated {
			there, m.Negated = !there, false
		}
		if f.kind == RPFilter && !there {
			m.Options = []Option{{Name: "--invert"}}
		}
		if f.kind != RPFilter {
			m.Negated = !there
		}
		if f.kind == TCPOption {
			n := tcpOptions[strings.TrimPrefix(f.option, "tcp option ")]
			m.Values, m.Ranges = []string{strconv.FormatUint(uint64(n), 10)}, []Range{{n, n}}
		}
		return m, ok && (op == "==" || op == "!=")
	}
	if mask != nil {
		text, ok := right.(string)
		m.Values = []string{text + "/" + scalar(mask)}
		return m, ok && (op == "==" || op == "!=")
	}
	if f.most > 0 {
		var ok bool
		m.Ranges, ok = comparison(op, alternatives, f.most)
		for _, r := range m.Ranges {
			m.Values = append(m.Values, rangeText(r))
		}
		return m, ok
	}
	switch op {
	case "==", "!=":
	case "in":
		if f.kind != States && f.kind != CTStatus {
			return m, false
		}
	case "!": // none of several bits
		if m.Negated = true; f.kind != States && f.kind != CTStatus {
			return m, false
		}
	default:
		return m, false
	}
	return m.named(f, alternatives)
}

// lookup is a match on a named set.
func (m Match) lookup(set, direction string, mask any) (Match, bool) {
	if direction == "" || mask != nil {
		return m, false
	}
	m.Kind, m.Options = InSet, []Option{{Name: "--match-set", Value: set + " " + direction, Negated: m.Negated}}
	m.Negated = false
	return m, true
}

// named reads alternatives that are words: addresses, interfaces, states, types.
func (m Match) named(f nftField, alternatives []any) (Match, bool) {
	for _, item := range alternatives {
		for _, v := range list(item) { // several bits, any of which will do
			text := plain(v)
			switch f.kind {
			case SourceNet, DestNet:
				if key, _ := single(v); key == "range" {
					m.Kind = map[MatchKind]MatchKind{SourceNet: SourceRange, DestNet: DestRange}[f.kind]
				}
			case SourceRange, DestRange:
			case InInterface, OutInterface:
				if prefix, ok := strings.CutSuffix(text, "*"); ok {
					text = prefix + "+"
				}
			case States, CTDirection:
				text = strings.ToUpper(text)
			case CTStatus:
				text = strings.ToUpper(strings.ReplaceAll(text, "-", "_"))
			case AddressType:
				text = strings.ToUpper(text)
			case PacketType:
				if text == "host" {
					text = "unicast"
				}
			case NetworkProtocol:
				text = map[string]string{"ip": "ipv4", "ip6": "ipv6"}[text] + map[bool]string{true: text}[text != "ip" && text != "ip6"]
			case Protocol, CTProtocol:
				if r, ok := protocolRange(text); ok {
					m.Ranges = append(m.Ranges, r)
				} else {
					return m, false
				}
			case ICMPType, ICMPv6Type:
				names := icmpNames
				if f.kind == ICMPv6Type {
					names = icmp6Names
				}
				r, err := parseICMP(text, names)
				if err != nil {
					return m, false
				}
				m.Ranges = append(m.Ranges, r)
			}
			m.Values = append(m.Values, text)
		}
	}
	if f.option != "" {
		m.Options = []Option{{Name: f.option, Value: strings.Join(m.Values, ","), Negated: m.Negated}}
		m.Values, m.Negated = nil, false
	}
	return m, len(alternatives) > 0
}

// comparison turns an operator with numbers into ranges.
func comparison(op string, alternatives []any, most uint64) ([]Range, bool) {
	var ranges []Range
	for _, item := range alternatives {
		from, to := item, item
		if key, inner := single(item); key == "range" {
			pair, _ := inner.([]any)
			if len(pair) != 2 {
				return nil, false
			}
			from, to = pair[0], pair[1]
		}
		a, okA := number(from, most)
		b, okB := number(to, most)
		if !okA || !okB {
			return nil, false
		}
		switch op {
		case "==", "!=":
		case "<=":
			a = 0
		case ">=":
			b = most
		case "<":
			if a = 0; b == 0 {
				a, b = 1, 1 // nothing is below 0
			}
			b--
		case ">":
			a, b = a+1, most
		default:
			return nil, false
		}
		ranges = append(ranges, Range{uint32(a), uint32(b)})
	}
	return ranges, len(ranges) > 0
}

func rangeText(r Range) string {
	from := strconv.FormatUint(uint64(r.From), 10)
	if r.From == r.To {
		return from
	}
	return from + ":" + strconv.FormatUint(uint64(r.To), 10)
}

// flags reads a match on TCP flags. "in" holds if any of the flags is set, which
// iptables would write as: not none of them.
func (m Match) flags(op string, alternatives []any, mask any) (Match, bool) {
	if len(alternatives) != 1 {
		return m, false
	}
	compare, ok := flagsOf(alternatives[0])
	m.Mask, m.Compare = 0xff, compare
	if mask != nil {
		bits, okMask := flagsOf(mask)
		m.Mask, ok = bits, ok && okMask
	}
	switch {
	case op == "in" && mask == nil:
		m.Mask, m.Compare, m.Negated = compare, 0, true
	case op == "!" && mask == nil: // none of them
		m.Mask, m.Compare = compare, 0
	case op != "==" && op != "!=":
		return m, false
	}
	m.Values = []string{flagNames(m.Mask), flagNames(m.Compare)}
	return m, ok
}

func flagsOf(v any) (uint32, bool) {
	var bits uint32
	for _, part := range list(v) {
		if n, ok := number(part, math.MaxUint8); ok {
			bits |= uint32(n)
			continue
		}
		bit, err := parseFlags(scalar(part))
		if err != nil {
			return 0, false
		}
		bits |= bit
	}
	return bits, v != nil
}

// marks reads a match on a mark.
func (m Match) marks(op string, alternatives []any, mask any) (Match, bool) {
	if len(alternatives) != 1 || op != "==" && op != "!=" {
		return m, false
	}
	value, ok := number(alternatives[0], math.MaxUint32)
	m.Compare, m.Mask = uint32(value), math.MaxUint32
	if mask != nil {
		bits, okMask := number(mask, math.MaxUint32)
		m.Mask, ok = uint32(bits), ok && okMask
	}
	m.Values = []string{"0x" + strconv.FormatUint(uint64(m.Compare), 16)}
	if m.Mask != math.MaxUint32 {
		m.Values[0] += "/0x" + strconv.FormatUint(uint64(m.Mask), 16)
	}
	return m, ok
}
