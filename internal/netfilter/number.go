// SPDX-License-Identifier: Apache-2.0

package netfilter

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ParsePorts reads "22", "80,443" or "1024:65535" (an open end is 0 or 65535).
// Service names are not resolved: what they mean depends on the host.
func ParsePorts(s string) ([]Range, error) { return appendRanges(nil, s, math.MaxUint16, "port") }

// appendRanges reads a list of numbers and FROM:TO ranges, each up to most.
func appendRanges(ranges []Range, s string, most uint32, what string) ([]Range, error) {
	for rest, more := s, true; more; {
		var part string
		part, rest, more = strings.Cut(rest, ",")
		from, to, ranged := strings.Cut(part, ":")
		if !ranged {
			to = from
		} else if from == "" && to == "" {
			return nil, fmt.Errorf("%s %q is no number or range from 0 to %d", what, part, most)
		}
		if from == "" && ranged {
			from = "0"
		}
		r := Range{To: most}
		a, errA := strconv.ParseUint(from, 0, 32)
		r.From = uint32(a)
		if to != "" || !ranged {
			b, err := strconv.ParseUint(to, 0, 32)
			if err != nil {
				errA = err
			}
			r.To = uint32(b)
		}
		if errA != nil || r.To > most || r.From > r.To {
			return nil, fmt.Errorf("%s %q is no number or range from 0 to %d", what, part, most)
		}
		ranges = append(ranges, r)
	}
	return ranges, nil
}

// parseMark reads "VALUE" or "VALUE/MASK".
func parseMark(s string) (value, mask uint32, err error) {
	v, m, masked := strings.Cut(s, "/")
	a, err := strconv.ParseUint(v, 0, 32)
	b := uint64(math.MaxUint32)
	if err == nil && masked {
		b, err = strconv.ParseUint(m, 0, 32)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("mark %q is no number with or without a mask", s)
	}
	return uint32(a), uint32(b), nil
}

// flagBits are those of the TCP header, RFC 9293, 3.1. ALL is what iptables takes
// it for, which leaves ECE and CWR out.
var flagBits = map[string]uint32{
	"FIN": 1, "SYN": 2, "RST": 4, "PSH": 8, "ACK": 16, "URG": 32, "ECE": 64, "ECN": 64, "CWR": 128, "ALL": 63, "NONE": 0,
}

func parseFlags(s string) (uint32, error) {
	var bits uint32
	for rest, more := s, true; more; {
		var name string
		name, rest, more = strings.Cut(rest, ",")
		bit, ok := flagBits[name]
		if !ok {
			if bit, ok = flagBits[strings.ToUpper(name)]; !ok {
				return 0, fmt.Errorf("%q is no TCP flag", name)
			}
		}
		bits |= bit
	}
	return bits, nil
}

// flagNames writes flags as iptables does.
func flagNames(bits uint32) string {
	if bits == 0 {
		return "NONE"
	}
	var names []string
	for _, name := range [...]string{"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"} {
		if bits&flagBits[name] != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// protocolNumbers are names of /etc/protocols; see the registry of IANA.
var protocolNumbers = map[string]uint32{
	"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58, "ipv6-icmp": 58, "icmp6": 58, "esp": 50, "ah": 51, "sctp": 132, "dccp": 33, "udplite": 136,
	"gre": 47, "igmp": 2, "ipencap": 4, "ipip": 4, "ipv6": 41, "ospf": 89, "ospfigp": 89, "pim": 103, "vrrp": 112, "comp": 108, "ipcomp": 108,
	"ipv6-frag": 44, "ipv6-nonxt": 59, "ipv6-opts": 60, "ipv6-route": 43, "mh": 135, "mobility-header": 135, "egp": 8, "rsvp": 46, "l2tp": 115,
}

// protocolRange is nil for a name that is not known.
func protocolRange(name string) (Range, bool) {
	n, ok := protocolNumbers[name]
	if !ok {
		if n, ok = protocolNumbers[strings.ToLower(name)]; !ok {
			v, err := strconv.ParseUint(name, 0, 8)
			if err != nil {
				return Range{}, false
			}
			n = uint32(v)
		}
	}
	return Range{n, n}, true
}

const anyCode = 255

// icmpNames are the names that ip(6)tables and nft write, as type and code; see RFC
// 792, 1256 and 1812.
var icmpNames = map[string]Range{
	"any": {0, math.MaxUint16}, "echo-reply": icmpType(0), "pong": icmpType(0), "destination-unreachable": icmpType(3),
	"network-unreachable": icmpCode(3, 0), "host-unreachable": icmpCode(3, 1), "protocol-unreachable": icmpCode(3, 2), "port-unreachable": icmpCode(3, 3),
	"fragmentation-needed": icmpCode(3, 4), "source-route-failed": icmpCode(3, 5), "network-unknown": icmpCode(3, 6), "host-unknown": icmpCode(3, 7),
	"network-prohibited": icmpCode(3, 9), "host-prohibited": icmpCode(3, 10), "TOS-network-unreachable": icmpCode(3, 11),
	"TOS-host-unreachable": icmpCode(3, 12), "communication-prohibited": icmpCode(3, 13), "host-precedence-violation": icmpCode(3, 14),
	"precedence-cutoff": icmpCode(3, 15), "source-quench": icmpType(4), "redirect": icmpType(5), "network-redirect": icmpCode(5, 0),
	"host-redirect": icmpCode(5, 1), "TOS-network-redirect": icmpCode(5, 2), "TOS-host-redirect": icmpCode(5, 3), "echo-request": icmpType(8),
	"ping": icmpType(8), "router-advertisement": icmpType(9), "router-solicitation": icmpType(10), "time-exceeded": icmpType(11),
	"ttl-exceeded": icmpType(11), "ttl-zero-during-transit": icmpCode(11, 0), "ttl-zero-during-reassembly": icmpCode(11, 1),
	"parameter-problem": icmpType(12), "ip-header-bad": icmpCode(12, 0), "required-option-missing": icmpCode(12, 1),
	"timestamp-request": icmpType(13), "timestamp-reply": icmpType(14), "info-request": icmpType(15), "info-reply": icmpType(16),
	"address-mask-request": icmpType(17), "address-mask-reply": icmpType(18),
}

// icmp6Names are those of IPv6; see RFC 4443, 4861, 2710 and 3810.
var icmp6Names = map[string]Range{
	"any": {0, math.MaxUint16}, "destination-unreachable": icmpType(1), "no-route": icmpCode(1, 0), "communication-prohibited": icmpCode(1, 1),
	"beyond-scope": icmpCode(1, 2), "address-unreachable": icmpCode(1, 3), "port-unreachable": icmpCode(1, 4), "failed-policy": icmpCode(1, 5),
	"reject-route": icmpCode(1, 6), "packet-too-big": icmpType(2), "time-exceeded": icmpType(3), "ttl-exceeded": icmpType(3),
	"ttl-zero-during-transit": icmpCode(3, 0), "ttl-zero-during-reassembly": icmpCode(3, 1), "parameter-problem": icmpType(4), "bad-header": icmpCode(4, 0),
	"unknown-header-type": icmpCode(4, 1), "unknown-option": icmpCode(4, 2), "echo-request": icmpType(128), "ping": icmpType(128),
	"echo-reply": icmpType(129), "pong": icmpType(129), "mld-listener-query": icmpType(130), "mld-listener-report": icmpType(131),
	"mld-listener-done": icmpType(132), "mld-listener-reduction": icmpType(132), "router-solicitation": icmpType(133), "router-advertisement": icmpType(134),
	"neighbor-solicitation": icmpType(135), "neighbour-solicitation": icmpType(135), "neighbor-advertisement": icmpType(136),
	"neighbour-advertisement": icmpType(136), "redirect": icmpType(137), "nd-router-solicit": icmpType(133), "nd-router-advert": icmpType(134),
	"nd-neighbor-solicit": icmpType(135), "nd-neighbor-advert": icmpType(136), "nd-redirect": icmpType(137), "router-renumbering": icmpType(138),
	"ind-neighbor-solicit": icmpType(141), "ind-neighbor-advert": icmpType(142), "mld2-listener-report": icmpType(143),
}

func icmpType(t uint32) Range { return Range{t << 8, t<<8 | anyCode} }

func icmpCode(t, c uint32) Range { return Range{t<<8 | c, t<<8 | c} }

// parseICMP reads a name, "TYPE" or "TYPE/CODE".
func parseICMP(s string, names map[string]Range) (Range, error) {
	if r, ok := names[s]; ok {
		return r, nil
	}
	t, c, coded := strings.Cut(s, "/")
	n, err := strconv.ParseUint(t, 0, 8)
	if err == nil && coded {
		var code uint64
		code, err = strconv.ParseUint(c, 0, 8)
		return icmpCode(uint32(n), uint32(code)), err
	}
	if err != nil {
		return Range{}, fmt.Errorf("%q is no type of ICMP", s)
	}
	return icmpType(uint32(n)), nil
}
