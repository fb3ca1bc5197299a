// SPDX-License-Identifier: Apache-2.0

package host

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// routeTable is the table that "route -n" and "netstat -rn" print (route(8)),
// which shows the main table of one family.
type routeTable struct {
	// columns are those of the rows below; nil outside of a table.
	columns []string
	v6      bool
}

// header reports whether a line stands above the rows of a table.
func (t *routeTable) header(f []string) bool {
	line := strings.Join(f, " ")
	switch {
	case line == "Kernel IP routing table", line == "Kernel IPv6 routing table":
		*t = routeTable{}
	case strings.HasPrefix(line, "Destination Gateway Genmask Flags "):
		*t = routeTable{columns: f}
	case strings.HasPrefix(line, "Destination Next Hop Flag "):
		*t = routeTable{columns: append([]string{"Destination", "Gateway", "Flags"}, f[4:]...), v6: true}
	default:
		return false
	}
	return true
}

// tableRow reads a row of a table.
func (g *gatherer) tableRow(x *text, line int, t routeTable, f []string) {
	cell := func(names ...string) string {
		for _, name := range names {
			if i := slices.Index(t.columns, name); i >= 0 {
				return f[i]
			}
		}
		return ""
	}
	if len(f) != len(t.columns) {
		x.bad(line, "is no row of the table of routes")
		return
	}
	r := evidence.HostRoute{
		Family: string(evidence.IPv4), Interface: cell("Iface", "If"), Metric: number(cell("Metric", "Met")), Source: x.at(line),
	}
	flags := cell("Flags")
	destination, ok := tableDestination(cell("Destination"), cell("Genmask"))
	if t.v6 {
		r.Family = string(evidence.IPv6)
		destination, ok = tableNetwork6(cell("Destination"))
	}
	if strings.Contains(flags, "!") {
		r.Type = "unreachable"
	}
	if strings.Contains(flags, "G") {
		gateway, err := netip.ParseAddr(cell("Gateway"))
		ok = ok && (err == nil && gateway.Is4() != t.v6 || r.Type != "")
		if err == nil {
			r.Gateway = gateway.String()
		}
	}
	if r.Interface == "-" {
		r.Interface = ""
	}
	if !ok || strings.Trim(flags, "UGHRDMACn!ae") != "" || r.Interface == "" && r.Type == "" {
		x.bad(line, "is no row of the table of routes")
		return
	}
	r.Destination = destination
	g.route(x, r)
}

// tableDestination joins an address and its mask as "ip route" writes them.
func tableDestination(address, mask string) (string, bool) {
	if address == "default" {
		address = "0.0.0.0"
	}
	a, err := netip.ParseAddr(address)
	if err != nil || !a.Is4() {
		return "", false
	}
	m, err := netip.ParseAddr(mask)
	if err != nil || !m.Is4() {
		return "", false
	}
	bits, ended := 0, false
	for _, b := range m.As4() {
		for i := 7; i >= 0; i-- {
			one := b&(1<<i) != 0
			if one && ended {
				return "", false // a mask with a hole
			}
			if one {
				bits++
			} else {
				ended = true
			}
		}
	}
	return network(netip.PrefixFrom(a, bits)), true
}

// tableNetwork6 reads the destination of the table of IPv6.
func tableNetwork6(s string) (string, bool) {
	if s == "[::]/0" || s == "default" {
		s = "::/0"
	}
	p, err := netip.ParsePrefix(s)
	if err != nil || p.Addr().Is4() {
		return "", false
	}
	return network(p), true
}

func network(p netip.Prefix) string {
	switch {
	case p.Bits() == 0:
		return "default"
	case p.IsSingleIP():
		return p.Addr().String()
	}
	return p.String()
}
