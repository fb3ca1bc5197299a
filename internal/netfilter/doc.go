// SPDX-License-Identifier: Apache-2.0

// Package netfilter models packet-filter rule sets as iptables-save prints
// them. Nothing else lives here.
//
// ParseSave is a kinder reader than iptables-restore: one bad line is reported
// and the rest is read. A match whose meaning is not modelled is kept word by
// word and marked, so that nobody takes its rule for wider than it is.
package netfilter
