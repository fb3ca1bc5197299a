// SPDX-License-Identifier: Apache-2.0

package netfilter

// form is how the values of an option are read.
type form uint8

const (
	asWords form = iota // as they are
	asList              // split at commas
	asPorts
	asNumbers // FROM:TO ranges of 32 bits
	asProtocol
	asNetworks
	asInterface
	asFlags
	asSYN
	asMark
	asICMP
	asICMP6
	asHops // equal
	asHopsBelow
	asHopsAbove
)

// option is an option of a rule or match module. Without a kind it is a parameter
// of its module's match; with one it is a match of its own.
type option struct {
	kind  MatchKind
	form  form
	arity int
}

// core are the options that need no module.
var core = map[string]option{
	"-p": {Protocol, asProtocol, 1}, "--protocol": {Protocol, asProtocol, 1}, "--proto": {Protocol, asProtocol, 1},
	"-s": {SourceNet, asNetworks, 1}, "--source": {SourceNet, asNetworks, 1}, "--src": {SourceNet, asNetworks, 1},
	"-d": {DestNet, asNetworks, 1}, "--destination": {DestNet, asNetworks, 1}, "--dst": {DestNet, asNetworks, 1},
	"-i": {InInterface, asInterface, 1}, "--in-interface": {InInterface, asInterface, 1},
	"-o": {OutInterface, asInterface, 1}, "--out-interface": {OutInterface, asInterface, 1},
	"-f": {Fragment, asWords, 0}, "--fragment": {Fragment, asWords, 0}, "--fragments": {Fragment, asWords, 0},
}

var transportPorts = map[string]option{
	"--sport": {SourcePorts, asPorts, 1}, "--source-port": {SourcePorts, asPorts, 1},
	"--dport": {DestPorts, asPorts, 1}, "--destination-port": {DestPorts, asPorts, 1},
}

// part is a parameter with so many values.
func part(arity int) option { return option{arity: arity} }

// module is a match module. Parameters without a kind belong to one match of its
// own kind, which "-m" alone makes.
type module struct {
	kind    MatchKind
	options map[string]option
}

// modules are the modelled ones. Those of a transport protocol are read without -m
// as well, after -p.
var modules = map[string]module{
	"tcp": {options: map[string]option{
		"--sport": {SourcePorts, asPorts, 1}, "--source-port": {SourcePorts, asPorts, 1},
		"--dport": {DestPorts, asPorts, 1}, "--destination-port": {DestPorts, asPorts, 1},
		"--tcp-flags": {TCPFlags, asFlags, 2}, "--syn": {TCPFlags, asSYN, 0}, "--tcp-option": {TCPOption, asNumbers, 1},
	}},
	"udp": {options: transportPorts}, "udplite": {options: transportPorts},
	"sctp": {options: map[string]option{
		"--sport": {SourcePorts, asPorts, 1}, "--source-port": {SourcePorts, asPorts, 1},
		"--dport": {DestPorts, asPorts, 1}, "--destination-port": {DestPorts, asPorts, 1}, "--chunk-types": {Unmodelled, asWords, 2},
	}},
	"dccp": {options: map[string]option{
		"--sport": {SourcePorts, asPorts, 1}, "--source-port": {SourcePorts, asPorts, 1},
		"--dport": {DestPorts, asPorts, 1}, "--destination-port": {DestPorts, asPorts, 1},
		"--dccp-types": {Unmodelled, asWords, 1}, "--dccp-option": {Unmodelled, asWords, 1},
	}},
	"icmp":   {options: map[string]option{"--icmp-type": {ICMPType, asICMP, 1}}},
	"icmp6":  {options: map[string]option{"--icmpv6-type": {ICMPv6Type, asICMP6, 1}, "--icmp6-type": {ICMPv6Type, asICMP6, 1}}},
	"icmpv6": {options: map[string]option{"--icmpv6-type": {ICMPv6Type, asICMP6, 1}, "--icmp6-type": {ICMPv6Type, asICMP6, 1}}},
	"esp":    {options: map[string]option{"--espspi": {SPI, asNumbers, 1}}},
	"ah":     {options: map[string]option{"--ahspi": {SPI, asNumbers, 1}, "--ahlen": {Unmodelled, asWords, 1}, "--ahres": {Unmodelled, asWords, 0}}},
	"multiport": {options: map[string]option{
		"--sports": {SourcePorts, asPorts, 1}, "--source-ports": {SourcePorts, asPorts, 1},
		"--dports": {DestPorts, asPorts, 1}, "--destination-ports": {DestPorts, asPorts, 1}, "--ports": {AnyPorts, asPorts, 1},
	}},
	"comment": {},
	"iprange": {options: map[string]option{"--src-range": {SourceRange, asWords, 1}, "--dst-range": {DestRange, asWords, 1}}},
	"state":   {options: map[string]option{"--state": {States, asList, 1}}},
	"conntrack": {options: map[string]option{
		"--ctstate": {States, asList, 1}, "--ctdir": {CTDirection, asWords, 1}, "--ctstatus": {CTStatus, asList, 1},
		"--ctproto": {CTProtocol, asProtocol, 1}, "--ctexpire": {CTExpire, asNumbers, 1},
		"--ctorigsrc": {CTOrigSource, asNetworks, 1}, "--ctorigdst": {CTOrigDest, asNetworks, 1},
		"--ctreplsrc": {CTReplySource, asNetworks, 1}, "--ctrepldst": {CTReplyDest, asNetworks, 1},
		"--ctorigsrcport": {CTOrigSourcePort, asPorts, 1}, "--ctorigdstport": {CTOrigDestPort, asPorts, 1},
		"--ctreplsrcport": {CTReplySrcPort, asPorts, 1}, "--ctrepldstport": {CTReplyDestPort, asPorts, 1},
	}},
	"tcpmss": {options: map[string]option{"--mss": {TCPMSS, asNumbers, 1}}},
	"length": {options: map[string]option{"--length": {Length, asNumbers, 1}}},
	"ttl": {options: map[string]option{
		"--ttl-eq": {HopLimit, asHops, 1}, "--ttl": {HopLimit, asHops, 1}, "--ttl-lt": {HopLimit, asHopsBelow, 1}, "--ttl-gt": {HopLimit, asHopsAbove, 1},
	}},
	"hl":       {options: map[string]option{"--hl-eq": {HopLimit, asHops, 1}, "--hl-lt": {HopLimit, asHopsBelow, 1}, "--hl-gt": {HopLimit, asHopsAbove, 1}}},
	"mac":      {options: map[string]option{"--mac-source": {SourceMAC, asWords, 1}}},
	"pkttype":  {options: map[string]option{"--pkt-type": {PacketType, asWords, 1}}},
	"mark":     {options: map[string]option{"--mark": {Mark, asMark, 1}}},
	"connmark": {options: map[string]option{"--mark": {ConnMark, asMark, 1}}},
	"dscp":     {options: map[string]option{"--dscp": {DSCP, asNumbers, 1}, "--dscp-class": {DSCP, asWords, 1}}},
	"helper":   {options: map[string]option{"--helper": {Helper, asWords, 1}}},
	"u32":      {options: map[string]option{"--u32": {U32, asWords, 1}}},
	"bpf":      {options: map[string]option{"--bytecode": {BPF, asWords, 1}, "--object-pinned": {BPF, asWords, 1}}},

	"limit": {Limit, map[string]option{"--limit": part(1), "--limit-burst": part(1)}},
	"connlimit": {ConnLimit, map[string]option{
		"--connlimit-above": part(1), "--connlimit-upto": part(1), "--connlimit-mask": part(1), "--connlimit-saddr": part(0), "--connlimit-daddr": part(0),
	}},
	"hashlimit": {HashLimit, map[string]option{
		"--hashlimit": part(1), "--hashlimit-upto": part(1), "--hashlimit-above": part(1), "--hashlimit-burst": part(1), "--hashlimit-mode": part(1),
		"--hashlimit-name": part(1), "--hashlimit-srcmask": part(1), "--hashlimit-dstmask": part(1), "--hashlimit-htable-size": part(1),
		"--hashlimit-htable-max": part(1), "--hashlimit-htable-expire": part(1), "--hashlimit-htable-gcinterval": part(1),
		"--hashlimit-rate-match": part(0), "--hashlimit-rate-interval": part(1),
	}},
	"recent": {Recent, map[string]option{
		"--set": part(0), "--rcheck": part(0), "--update": part(0), "--remove": part(0), "--seconds": part(1), "--reap": part(0), "--hitcount": part(1),
		"--rttl": part(0), "--name": part(1), "--mask": part(1), "--rsource": part(0), "--rdest": part(0),
	}},
	"set": {InSet, map[string]option{
		"--match-set": part(2), "--return-nomatch": part(0), "--update-counters": part(0), "--update-subcounters": part(0),
		"--packets-eq": part(1), "--packets-lt": part(1), "--packets-gt": part(1), "--bytes-eq": part(1), "--bytes-lt": part(1), "--bytes-gt": part(1),
	}},
	"owner": {Owner, map[string]option{"--uid-owner": part(1), "--gid-owner": part(1), "--socket-exists": part(0), "--suppl-groups": part(0)}},
	"addrtype": {AddressType, map[string]option{
		"--src-type": part(1), "--dst-type": part(1), "--limit-iface-in": part(0), "--limit-iface-out": part(0),
	}},
	"rpfilter": {RPFilter, map[string]option{"--loose": part(0), "--validmark": part(0), "--accept-local": part(0), "--invert": part(0)}},
	"socket":   {Socket, map[string]option{"--transparent": part(0), "--nowildcard": part(0), "--restore-skmark": part(0)}},
	"physdev": {PhysDev, map[string]option{
		"--physdev-in": part(1), "--physdev-out": part(1), "--physdev-is-in": part(0), "--physdev-is-out": part(0), "--physdev-is-bridged": part(0),
	}},
	"time": {Time, map[string]option{
		"--datestart": part(1), "--datestop": part(1), "--timestart": part(1), "--timestop": part(1), "--contiguous": part(0), "--weekdays": part(1),
		"--monthdays": part(1), "--kerneltz": part(0), "--utc": part(0), "--localtz": part(0),
	}},
	"statistic": {Statistic, map[string]option{"--mode": part(1), "--probability": part(1), "--every": part(1), "--packet": part(1)}},
	"quota":     {Quota, map[string]option{"--quota": part(1)}},
	"connbytes": {ConnBytes, map[string]option{"--connbytes": part(1), "--connbytes-dir": part(1), "--connbytes-mode": part(1)}},
	"policy": {IPsec, map[string]option{
		"--dir": part(1), "--pol": part(1), "--strict": part(0), "--reqid": part(1), "--spi": part(1), "--proto": part(1), "--mode": part(1),
		"--tunnel-src": part(1), "--tunnel-dst": part(1), "--next": part(0),
	}},
	"frag": {Frag6, map[string]option{
		"--fragid": part(1), "--fraglen": part(1), "--fragres": part(0), "--fragfirst": part(0), "--fragmore": part(0), "--fraglast": part(0),
	}},
	"string": {String, map[string]option{
		"--algo": part(1), "--from": part(1), "--to": part(1), "--string": part(1), "--hex-string": part(1), "--icase": part(0),
	}},
}

// implied is the module that -p loads by itself.
var implied = map[string]string{
	"tcp": "tcp", "6": "tcp", "udp": "udp", "17": "udp", "udplite": "udplite", "136": "udplite", "sctp": "sctp", "132": "sctp", "dccp": "dccp", "33": "dccp",
	"icmp": "icmp", "1": "icmp", "icmpv6": "icmp6", "ipv6-icmp": "icmp6", "58": "icmp6", "esp": "esp", "50": "esp", "ah": "ah", "51": "ah",
}
