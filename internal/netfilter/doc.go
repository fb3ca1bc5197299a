// SPDX-License-Identifier: Apache-2.0

// Package netfilter models packet-filter rule sets: what iptables-save and
// ip6tables-save print (ParseSave), what "nft -j list ruleset" prints (ParseNFT),
// and the sets that "ipset save" and "ipset list" print (ParseIPSets). Nothing
// else lives here.
//
// All three are kinder readers than the programs that load such text: one bad
// line or object is a problem with its place, and the rest is read. They never
// fail, and bound what hostile text can cost.
//
// The model serves whoever decides which packets pass. A rule matches when all of
// its matches do; the documentation of each MatchKind says what that takes and
// which fields hold its parameters. A match that is not known is kept word for
// word as Unmodelled, so that nobody takes its rule for wider than it is. What a
// rule does is its Effect; a target that is not known has EffectUnknown.
//
// Limits: host and service names are not resolved, since what they mean depends on
// the machine. Option names have to be written in full. Rules of nft keep which
// statements they have, not their order among the matches: a rule that logs before
// a match that fails has logged.
package netfilter
