// SPDX-License-Identifier: Apache-2.0

package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// maxAddresses is how many addresses of one interface are kept.
const maxAddresses = 256

// jsonInterface is one element of "ip -j address".
type jsonInterface struct {
	Name      string   `json:"ifname"`
	Flags     []string `json:"flags"`
	Addresses []struct {
		Family string `json:"family"`
		Local  string `json:"local"`
		Prefix int    `json:"prefixlen"`
		Scope  string `json:"scope"`
	} `json:"addr_info"`
}

// jsonRoute is one element of "ip -j route".
type jsonRoute struct {
	Type        string    `json:"type"`
	Destination string    `json:"dst"`
	Gateway     string    `json:"gateway"`
	Via         jsonVia   `json:"via"`
	Device      string    `json:"dev"`
	Table       string    `json:"table"`
	Metric      *int      `json:"metric"`
	Hops        []jsonHop `json:"nexthops"`
}

type jsonVia struct {
	Host string `json:"host"`
}

type jsonHop struct {
	Gateway string  `json:"gateway"`
	Via     jsonVia `json:"via"`
	Device  string  `json:"dev"`
}

// jsonLists decodes the arrays of a text, of which there may be several, one for
// each command. Lines in between are not JSON and end it. add is called for each
// element with its line.
func jsonLists[T any](x *text, add func(T, int)) error {
	body := x.body
	dec := json.NewDecoder(strings.NewReader(body))
	line, counted := 1, 0
	position := func() int {
		at := int(dec.InputOffset())
		// The offset is behind the last token; the element starts at the next.
		at += len(body[at:]) - len(strings.TrimLeft(body[at:], ", \t\r\n"))
		line += strings.Count(body[counted:at], "\n")
		counted = at
		return line
	}
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if token != json.Delim('[') {
			return fmt.Errorf("an array was expected, not %v", token)
		}
		for dec.More() {
			at := position()
			var element T
			if err := dec.Decode(&element); err != nil {
				return err
			}
			add(element, at)
		}
		if _, err := dec.Token(); err != nil {
			return err
		}
	}
}

func isJSON(x *text) bool {
	for _, line := range x.lines {
		if line = strings.TrimSpace(line); line != "" {
			return line[0] == '[' && (line == "[" || line == "[]" || strings.HasPrefix(strings.TrimSpace(line[1:]), "{") || line[1] == ']')
		}
	}
	return false
}

// addresses reads "ip address", with or without -j.
func addresses(g *gatherer, x *text) bool {
	if !isJSON(x) {
		return g.plainAddresses(x)
	}
	read := 0
	err := jsonLists(x, func(e jsonInterface, line int) {
		if e.Name == "" { // ip -j leaves {} for what a filter hides
			return
		}
		read++
		i := evidence.HostInterface{Name: e.Name, Up: slices.Contains(e.Flags, "UP"), Loopback: slices.Contains(e.Flags, "LOOPBACK"), Source: x.at(line)}
		for _, a := range e.Addresses {
			if addr, ok := hostAddress(a.Local, a.Prefix, a.Scope); ok && len(i.Addresses) < maxAddresses {
				i.Addresses = append(i.Addresses, addr)
			} else {
				x.bad(line, "an address of the interface was not understood, or has too many beside it")
			}
		}
		if g.room(len(g.record.Interfaces), "interfaces", i.Source) {
			g.record.Interfaces = append(g.record.Interfaces, i)
		}
	})
	if err != nil {
		g.gap(fmt.Sprintf("%s: is no whole JSON: %s", x.path, jsonError(err)), x.at(len(x.lines)))
	}
	return read > 0
}

// jsonError leaves out what the text holds.
func jsonError(err error) string {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "it ends early or has a mistake"
	}
	return "it has another shape than ip's"
}

func hostAddress(local string, prefix int, scope string) (evidence.HostAddress, bool) {
	addr, err := netip.ParseAddr(local)
	if err != nil || prefix < 0 || prefix > addr.BitLen() {
		return evidence.HostAddress{}, false
	}
	family := evidence.IPv6
	if addr.Is4() {
		family = evidence.IPv4
	}
	return evidence.HostAddress{Family: family, Address: addr.String(), PrefixLength: prefix, Scope: scope}, true
}

// interfaceLine heads an interface: "2: ens192: <BROADCAST,UP> mtu 1500 ...".
var interfaceLine = regexp.MustCompile(`^\d+: ([^\s:@]+)(?:@[^\s:]+)?: <([A-Z0-9_,-]*)>`)

func (g *gatherer) plainAddresses(x *text) bool {
	var current *evidence.HostInterface
	for i, line := range x.lines {
		if m := interfaceLine.FindStringSubmatch(line); m != nil {
			current = nil
			flags := strings.Split(m[2], ",")
			if g.room(len(g.record.Interfaces), "interfaces", x.at(i+1)) {
				g.record.Interfaces = append(g.record.Interfaces, evidence.HostInterface{
					Name: m[1], Up: slices.Contains(flags, "UP"), Loopback: slices.Contains(flags, "LOOPBACK"), Source: x.at(i + 1),
				})
				current = &g.record.Interfaces[len(g.record.Interfaces)-1]
			}
			continue
		}
		f := strings.Fields(line)
		switch {
		case len(f) == 0:
		case line[0] != ' ' && line[0] != '\t':
			x.bad(i+1, "is no line of ip address")
		case f[0] == "inet" || f[0] == "inet6":
			// "inet 10.0.0.1 peer 10.0.0.2/32" has its length at the other end.
			scope := ""
			for k := 1; k+1 < len(f); k++ {
				if f[k] == "scope" {
					scope = f[k+1]
				}
			}
			local, length, found := strings.Cut(f[min(1, len(f)-1)], "/")
			if !found && len(f) > 3 && f[2] == "peer" {
				_, length, _ = strings.Cut(f[3], "/")
			}
			prefix := number(length)
			addr, ok := hostAddress(local, prefix.Value, scope)
			if !ok || !prefix.Known || current == nil || len(current.Addresses) >= maxAddresses {
				x.bad(i+1, "an address of an interface was not understood, or has too many beside it")
				continue
			}
			current.Addresses = append(current.Addresses, addr)
		}
	}
	return len(g.record.Interfaces) > 0
}

// routes reads "ip route", with or without -j.
func routes(g *gatherer, x *text) bool {
	if !isJSON(x) {
		return g.plainRoutes(x)
	}
	err := jsonLists(x, func(e jsonRoute, line int) {
		r := evidence.HostRoute{Destination: e.Destination, Type: e.Type, Table: e.Table, Source: x.at(line)}
		if e.Metric != nil {
			r.Metric = evidence.Known(*e.Metric, evidence.Explicit)
		}
		if len(e.Hops) == 0 {
			e.Hops = []jsonHop{{e.Gateway, e.Via, e.Device}}
		}
		for _, h := range e.Hops {
			r.Gateway, r.Interface = h.Gateway, h.Device
			if r.Gateway == "" {
				r.Gateway = h.Via.Host
			}
			g.route(x, r)
		}
	})
	if err != nil {
		g.gap(fmt.Sprintf("%s: is no whole JSON: %s", x.path, jsonError(err)), x.at(len(x.lines)))
	}
	return len(g.record.Routes) > 0
}

// routeTypes are the words that may stand before a destination (ip-route(8)).
var routeTypes = [...]string{"unicast", "local", "broadcast", "multicast", "anycast", "throw", "unreachable", "prohibit", "blackhole", "nat"}

// isRouteWord knows the words of which a line of "ip route" without a type has
// at least one.
func isRouteWord(word string) bool {
	return word == "dev" || word == "via" || word == "nexthop"
}

func (g *gatherer) plainRoutes(x *text) bool {
	var several evidence.HostRoute
	var table routeTable
	for i, line := range x.lines {
		f := strings.Fields(line)
		if len(f) == 0 || table.header(f) {
			continue
		}
		if table.columns != nil {
			g.tableRow(x, i+1, table, f)
			continue
		}
		next := ""
		if i+1 < len(x.lines) {
			next = strings.TrimSpace(x.lines[i+1])
		}
		forks := strings.HasPrefix(next, "nexthop ")
		r := evidence.HostRoute{Source: x.at(i + 1)}
		if f[0] == "nexthop" && several.Destination != "" {
			r = several
			r.Source = x.at(i + 1)
			f = f[1:]
		} else {
			several = evidence.HostRoute{}
			if slices.Contains(routeTypes[:], f[0]) {
				r.Type, f = f[0], f[1:]
			}
			// Another table may begin with a destination as well.
			if len(f) == 0 || r.Type == "" && !forks && !slices.ContainsFunc(f[1:], isRouteWord) {
				x.bad(i+1, "is no route")
				continue
			}
			r.Destination, f = f[0], f[1:]
		}
		for k := 0; k+1 < len(f); k++ {
			switch value := f[k+1]; f[k] {
			case "via":
				if (value == "inet" || value == "inet6") && k+2 < len(f) {
					value = f[k+2]
				}
				r.Gateway = value
			case "dev":
				r.Interface = value
			case "table":
				r.Table = value
			case "metric":
				r.Metric = number(value)
			default:
				continue
			}
			k++
		}
		if forks && several.Destination == "" {
			several = r
			continue
		}
		g.route(x, r)
	}
	return len(g.record.Routes) > 0
}

// route completes a route and keeps it.
func (g *gatherer) route(x *text, r evidence.HostRoute) {
	destination := r.Destination
	if r.Type == "" {
		r.Type = "unicast"
	}
	if r.Table == "" {
		r.Table = "main"
	}
	r.Default = destination == "default" || destination == "0.0.0.0/0" || destination == "::/0"
	for _, s := range [...]string{r.Gateway, strings.Split(destination, "/")[0]} {
		if addr, err := netip.ParseAddr(s); err == nil {
			r.Family = string(evidence.IPv6)
			if addr.Is4() {
				r.Family = string(evidence.IPv4)
			}
		}
	}
	if r.Family == "" && !r.Default {
		x.bad(r.Source.Line, "is no route")
		return
	}
	if g.room(len(g.record.Routes), "routes", r.Source) {
		g.record.Routes = append(g.record.Routes, r)
	}
}
