// SPDX-License-Identifier: Apache-2.0

package netfilter

// ParseNFTWithin is ParseNFT with another limit of rules, since reaching the real
// one takes seconds.
func ParseNFTWithin(text []byte, rules int) *Ruleset { return parseNFT(text, rules) }

// ParseIPSetsWithin is ParseIPSets with another limit of entries.
func ParseIPSetsWithin(text []byte, entries int) *IPSets { return parseIPSets(text, entries) }
