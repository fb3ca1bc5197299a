// SPDX-License-Identifier: Apache-2.0

package netfilter

// MatchKind is a condition whose meaning is modelled. The comment of each kind
// says which packets match, and which fields of Match hold its parameters. All of
// it follows iptables-extensions(8) and nft(8).
type MatchKind string

const (
	// Protocol: the transport protocol is in Ranges, as numbers. Ranges is nil where
	// a name is not known; Values holds it then.
	Protocol MatchKind = "protocol"
	// NetworkProtocol: the packet is of IPv4 or IPv6: Values holds ipv4, ipv6 or what
	// else nft names. Only tables that see more than one need it.
	NetworkProtocol MatchKind = "network-protocol"
	// SourceNet and DestNet: the address is in one of the networks of Values, each
	// ADDRESS, ADDRESS/LENGTH or ADDRESS/MASK, where a mask may have holes.
	SourceNet MatchKind = "source"
	DestNet   MatchKind = "destination"
	// SourceRange and DestRange: the address is in one of Values, each FIRST-LAST or
	// written as for SourceNet.
	SourceRange MatchKind = "source-range"
	DestRange   MatchKind = "destination-range"
	// InInterface and OutInterface: the name is one of Values, where a final "+"
	// stands for any ending. A packet of the host itself has no in-interface, one
	// for the host no out-interface; those match only what is negated.
	InInterface  MatchKind = "in-interface"
	OutInterface MatchKind = "out-interface"
	// Fragment: an IPv4 packet that is a fragment and not the first one. Such a
	// packet has no ports, so that matches on them fail, negated ones as well.
	Fragment MatchKind = "fragment"
	// SourcePorts, DestPorts: the port is in Ranges; AnyPorts: one of both is.
	SourcePorts MatchKind = "source-ports"
	DestPorts   MatchKind = "destination-ports"
	AnyPorts    MatchKind = "ports"
	// States: the state of the connection is one of Values: NEW, ESTABLISHED, RELATED,
	// INVALID, UNTRACKED, and for conntrack SNAT and DNAT, which hold beside another.
	States MatchKind = "states"
	// CTDirection: Values holds ORIGINAL or REPLY.
	CTDirection MatchKind = "ct-direction"
	// CTStatus: the connection has one of Values: NONE, EXPECTED, SEEN_REPLY, ASSURED,
	// CONFIRMED, and for nft also snat, dnat and dying in capitals.
	CTStatus MatchKind = "ct-status"
	// CTProtocol: as Protocol, of the connection's original direction.
	CTProtocol MatchKind = "ct-protocol"
	// CTOrigSource and the like: as SourceNet and SourcePorts, of one direction of
	// the connection as it was tracked, before or after translation.
	CTOrigSource     MatchKind = "ct-original-source"
	CTOrigDest       MatchKind = "ct-original-destination"
	CTReplySource    MatchKind = "ct-reply-source"
	CTReplyDest      MatchKind = "ct-reply-destination"
	CTOrigSourcePort MatchKind = "ct-original-source-port"
	CTOrigDestPort   MatchKind = "ct-original-destination-port"
	CTReplySrcPort   MatchKind = "ct-reply-source-port"
	CTReplyDestPort  MatchKind = "ct-reply-destination-port"
	// CTExpire: the connection has as many seconds left as Ranges says.
	CTExpire MatchKind = "ct-expire"
	// TCPFlags: flags & Mask == Compare, in the bits of RFC 9293, 3.1: FIN 1, SYN 2,
	// RST 4, PSH 8, ACK 16, URG 32, and ECE 64, CWR 128 (nft only). Values holds
	// mask and comparison as iptables writes them. "--syn" is FIN,SYN,RST,ACK SYN.
	TCPFlags MatchKind = "tcp-flags"
	// TCPOption: the segment carries the option whose number is in Ranges.
	TCPOption MatchKind = "tcp-option"
	// TCPMSS: the segment carries the option of the maximum segment size and its
	// value is in Ranges.
	TCPMSS MatchKind = "tcp-mss"
	// ICMPType and ICMPv6Type: type*256+code is in Ranges; "any" is 0 to 65535.
	ICMPType   MatchKind = "icmp-type"
	ICMPv6Type MatchKind = "icmpv6-type"
	// Mark and ConnMark: mark & Mask == Compare, of the packet or its connection.
	Mark     MatchKind = "mark"
	ConnMark MatchKind = "connmark"
	// Length: the length of the packet with its IP header is in Ranges (bytes).
	Length MatchKind = "length"
	// HopLimit: the time to live, or hop limit, is in Ranges.
	HopLimit MatchKind = "hop-limit"
	// SourceMAC: the address of the sender on the wire is Values[0].
	SourceMAC MatchKind = "mac"
	// PacketType: Values holds unicast, broadcast or multicast, as the wire saw it.
	PacketType MatchKind = "packet-type"
	// DSCP: the codepoint of the IP header is in Ranges; Ranges is nil for a class
	// that is not known by name.
	DSCP MatchKind = "dscp"
	// SPI: the index of an ESP or AH packet (Module says which) is in Ranges.
	SPI MatchKind = "spi"
	// Helper: the connection belongs to the conntrack helper Values[0].
	Helper MatchKind = "helper"

	// The following hold their parameters in Options, each of which has to hold, and
	// each of which can be negated by itself.

	// Owner: the packet was made by a process of the host: --uid-owner, --gid-owner
	// (numbers, names or ranges), --socket-exists, --suppl-groups.
	Owner MatchKind = "owner"
	// AddressType: --src-type, --dst-type (LOCAL, UNICAST, BROADCAST, MULTICAST ...),
	// as the routing table sees the address; --limit-iface-in and -out narrow it.
	AddressType MatchKind = "address-type"
	// Limit: a token bucket; see Match.Limit.
	Limit MatchKind = "limit"
	// ConnLimit: parallel connections; see Match.ConnLimit.
	ConnLimit MatchKind = "connlimit"
	// HashLimit: a token bucket for each group of packets; see Match.HashLimit.
	HashLimit MatchKind = "hashlimit"
	// Recent: a list of addresses seen before; see Match.Recent.
	Recent MatchKind = "recent"
	// InSet: an ipset, or a named set of nft; see Match.Set.
	InSet MatchKind = "set"
	// RPFilter: a reply to the source would leave by the interface that the packet
	// came in on; --invert turns that round, --loose takes any interface.
	RPFilter MatchKind = "rpfilter"
	// Socket: a local socket has the packet; --transparent, --nowildcard.
	Socket MatchKind = "socket"
	// PhysDev: the port of a bridge that the packet came in or leaves by.
	PhysDev MatchKind = "physdev"
	// Time: the clock of the kernel is in a span: --timestart, --timestop,
	// --weekdays, --monthdays, --datestart, --datestop, in UTC unless --kerneltz.
	Time MatchKind = "time"
	// Statistic: a share of the packets: --mode random --probability, or --mode nth.
	Statistic MatchKind = "statistic"
	// Quota, ConnBytes: volumes that were sent so far.
	Quota     MatchKind = "quota"
	ConnBytes MatchKind = "connbytes"
	// IPsec: the policy by which the packet was or will be protected.
	IPsec MatchKind = "policy"
	// Frag6: the packet carries a fragment header of IPv6: --fragid, --fragfirst ...
	// Without options every fragment matches, the first one too.
	Frag6 MatchKind = "frag"

	// String, U32 and BPF look into the bytes of a packet. Their parameters are kept,
	// their meaning is not modelled.
	String MatchKind = "string"
	U32    MatchKind = "u32"
	BPF    MatchKind = "bpf"
	// Unmodelled is any other condition; Text holds it word for word.
	Unmodelled MatchKind = "unmodelled"
)

// Opaque reports whether the condition is kept but its meaning is not modelled, so
// that it may match any part of what the rest of its rule does.
func (k MatchKind) Opaque() bool {
	switch k {
	case Unmodelled, String, U32, BPF:
		return true
	}
	return false
}

// Match is one condition of a rule; see the kinds for what the fields mean.
type Match struct {
	Kind MatchKind
	// Module is the name after -m that the condition belongs to, empty for those
	// that need none. For an expression of nft it is "nft", for a match of iptables
	// inside of nft, whose parameters JSON does not show, "xt NAME".
	Module  string
	Negated bool
	Values  []string
	Ranges  []Range
	// Mask and Compare are those of TCPFlags, Mark and ConnMark.
	Mask, Compare uint32
	Options       []Option
	// Text is the match as written.
	Text string
}

// Option returns a parameter by its name.
func (m Match) Option(name string) (Option, bool) { return find(m.Options, name) }

// Range is an inclusive range of numbers. One whose From is above its To holds
// nothing.
type Range struct{ From, To uint32 }

// Effect is what a rule does to a packet that it matches.
type Effect string

const (
	// EffectNone: the rule has no target; it counts.
	EffectNone Effect = "none"
	// EffectAccept ends the way through the chains of this hook and table. Base chains
	// of nft with a higher priority number, and other tables, are still met.
	EffectAccept Effect = "accept"
	// EffectDrop and EffectReject end the packet, silently or with an answer.
	EffectDrop   Effect = "drop"
	EffectReject Effect = "reject"
	// EffectReturn goes back to the calling chain; in a base chain it is the policy.
	EffectReturn Effect = "return"
	// EffectJump goes on in the chain that Target names.
	EffectJump Effect = "jump"
	// EffectLog records the packet, which goes on.
	EffectLog Effect = "log"
	// EffectAlter changes the packet, its marks, its tracking or a set; it goes on.
	EffectAlter Effect = "alter"
	// EffectNAT translates an address or port and ends the way through the nat table.
	EffectNAT Effect = "nat"
	// EffectQueue hands the packet to a program, whose verdict is not known here.
	EffectQueue Effect = "queue"
	// EffectUnknown: the target is not known, or is a chain that does not exist.
	EffectUnknown Effect = "unknown"
)

// Values lists the members of the enumeration.
func (Effect) Values() []string {
	return []string{
		string(EffectNone), string(EffectAccept), string(EffectDrop), string(EffectReject), string(EffectReturn), string(EffectJump),
		string(EffectLog), string(EffectAlter), string(EffectNAT), string(EffectQueue), string(EffectUnknown),
	}
}

// Decides reports whether such a rule can change what becomes of a packet that
// would otherwise be accepted: LOG does not, and neither does ACCEPT, RETURN or a
// jump by itself.
func (e Effect) Decides() bool {
	switch e {
	case EffectDrop, EffectReject, EffectAlter, EffectNAT, EffectQueue, EffectUnknown:
		return true
	}
	return false
}
