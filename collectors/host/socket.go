// SPDX-License-Identifier: Apache-2.0

package host

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// socketProgram is a process in the last column of ss: ("nginx",pid=812,fd=6),
// or in older versions ("nginx",812,6).
var socketProgram = regexp.MustCompile(`\("((?:[^"\\]|\\.)*)",(?:pid=)?\d+,(?:fd=)?\d+`)

// sockets reads "ss -l -n -t -u" with or without -p, -H and its header.
func sockets(g *gatherer, x *text) bool {
	read := 0
	for i, line := range x.lines {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if f[0] == "Netid" || f[0] == "State" {
			continue
		}
		s, counts, ok := socket(f)
		if !ok {
			x.bad(i+1, "is no socket as ss shows one")
			continue
		}
		read++
		if !counts {
			continue
		}
		s.Source = x.at(i + 1)
		if i := strings.Index(line, "users:(("); i >= 0 {
			for _, m := range socketProgram.FindAllStringSubmatch(line[i:], -1) {
				if !slices.Contains(s.Programs, m[1]) {
					s.Programs = append(s.Programs, m[1])
				}
			}
			s.ProgramsKnown = len(s.Programs) > 0
		}
		if g.room(len(g.record.Sockets), "sockets", s.Source) {
			g.record.Sockets = append(g.record.Sockets, s)
		}
	}
	return read > 0 // a host that serves anything has one
}

// socket reads the fields of one line; counts is false for a connection.
func socket(f []string) (s evidence.HostSocket, counts, ok bool) {
	s.Protocol = "tcp" // with -t alone, ss leaves the first column out
	if !socketStates(f[0]) {
		s.Protocol, f = f[0], f[1:]
	}
	// State, two queues, local and peer address.
	if len(f) < 5 || !socketStates(f[0]) || !number(f[1]).Known || !number(f[2]).Known {
		return s, false, false
	}
	if s.Protocol != "tcp" && s.Protocol != "udp" {
		return s, false, plainWord(strings.ReplaceAll(s.Protocol, "_", ""))
	}
	local := f[3]
	colon := strings.LastIndexByte(local, ':')
	if colon < 0 {
		return s, false, false
	}
	port := number(local[colon+1:])
	if !port.Known || port.Value < 0 || port.Value > 65535 {
		return s, false, false
	}
	s.Port, local = port.Value, local[:colon]
	// fe80::1%ens192 and 127.0.0.53%lo name an interface; older versions write
	// it outside of the brackets.
	if addr, zone, found := strings.Cut(local, "%"); found {
		s.Interface, local = strings.Trim(zone, "]"), addr
	}
	s.Address = strings.Trim(local, "[]")
	if s.Address == "*" {
		s.Wildcard = true
		return s, listens(f[0]), true
	}
	addr, err := netip.ParseAddr(s.Address)
	if err != nil {
		return s, false, false
	}
	addr = addr.Unmap()
	s.Wildcard, s.Loopback = addr.IsUnspecified(), addr.IsLoopback()
	return s, listens(f[0]), true
}

func listens(state string) bool { return state == "LISTEN" || state == "UNCONN" }

func socketStates(s string) bool {
	switch s {
	case "LISTEN", "UNCONN", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSE-WAIT", "LAST-ACK", "CLOSING":
		return true
	}
	return false
}
