// SPDX-License-Identifier: Apache-2.0

package host

import (
	"net/netip"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// usedNameservers is how many servers the resolver looks at (resolv.conf(5)).
const usedNameservers = 3

// systemRelease reads os-release(5): the one in etc is most often a link to the
// other.
func systemRelease(g *gatherer) {
	g.treePart(evidence.PartOSRelease, "etc/os-release", func() bool {
		x, ok := g.open("etc/os-release", false)
		if !ok {
			if x, ok = g.open("usr/lib/os-release", true); !ok {
				return false
			}
		}
		s := &g.record.System
		for i, line := range x.lines {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			key, value, ok := strings.Cut(line, "=")
			if !ok {
				x.bad(i+1, "is no setting")
				continue
			}
			value = strings.Trim(value, `"'`)
			switch key {
			case "ID":
				s.Known, s.ID, s.Source = true, value, x.at(i+1)
			case "VERSION_ID":
				s.VersionID = value
			case "PRETTY_NAME":
				s.Name = value
			case "ID_LIKE":
				s.Like = strings.Fields(value)
			}
		}
		if !s.Known {
			g.gap(x.path+": names no ID", x.at(1))
		}
		return s.Known
	})
}

// hostNames reads etc/hosts (hosts(5)).
func hostNames(g *gatherer) {
	g.treePart(evidence.PartNames, "etc/hosts", func() bool {
		x, ok := g.open("etc/hosts", true)
		if !ok {
			return false
		}
		for i, line := range x.lines {
			line, _, _ = strings.Cut(line, "#")
			f := strings.Fields(line)
			if len(f) == 0 {
				continue
			}
			if addr, err := netip.ParseAddr(f[0]); err != nil || len(f) < 2 {
				x.bad(i+1, "is no address with names")
			} else if g.room(len(g.record.Names), "lines of etc/hosts", x.at(i+1)) {
				g.record.Names = append(g.record.Names, evidence.HostNames{Address: addr.String(), Names: f[1:], Source: x.at(i + 1)})
			}
		}
		return true
	})
}

// resolverFile reads etc/resolv.conf. One without a server is legal: the
// resolver then asks the host itself.
func resolverFile(g *gatherer) {
	g.treePart(evidence.PartResolver, "etc/resolv.conf", func() bool {
		x, ok := g.open("etc/resolv.conf", true)
		if !ok {
			return false
		}
		r := &g.record.Resolver
		for i, line := range x.lines {
			f := strings.Fields(line)
			if len(f) == 0 || line[0] == '#' || line[0] == ';' {
				continue
			}
			switch f[0] {
			case "nameserver":
				if len(f) < 2 {
					x.bad(i+1, "names no server")
				} else if addr, err := netip.ParseAddr(f[1]); err != nil {
					x.bad(i+1, "a server that is no address")
				} else if g.room(len(r.Nameservers), "servers of names", x.at(i+1)) {
					r.Nameservers = append(r.Nameservers, evidence.HostNameserver{
						Address: addr.String(), Used: len(r.Nameservers) < usedNameservers, Source: x.at(i + 1),
					})
				}
			case "search", "domain":
				r.Search = f[1:] // the last of both counts
			case "options":
				r.Options = append(r.Options, f[1:]...)
			case "sortlist":
			default:
				x.bad(i+1, "is no setting of the resolver")
			}
		}
		return true
	})
}

// nameService reads the hosts line of etc/nsswitch.conf.
func nameService(g *gatherer) {
	g.treePart(evidence.PartNameService, "etc/nsswitch.conf", func() bool {
		x, ok := g.open("etc/nsswitch.conf", true)
		if !ok {
			return false
		}
		for i, line := range x.lines {
			line, _, _ = strings.Cut(line, "#")
			key, value, ok := strings.Cut(line, ":")
			if !ok || strings.TrimSpace(key) != "hosts" {
				continue
			}
			// "[NOTFOUND=return]" may hold blanks, and belongs to what is before.
			for value = strings.TrimSpace(value); value != ""; value = strings.TrimSpace(value) {
				databases := g.record.Resolver.Databases
				if value[0] == '[' {
					end := strings.IndexByte(value, ']')
					if end < 0 || len(databases) == 0 {
						x.bad(i+1, "an action that is not closed, or without a database before it")
						break
					}
					databases[len(databases)-1].Action = strings.TrimSpace(value[1:end])
					value = value[end+1:]
					continue
				}
				end := strings.IndexAny(value, " \t[")
				if end < 0 {
					end = len(value)
				}
				if len(databases) == maxFolderFiles {
					x.bad(i+1, "too many databases")
					break
				}
				g.record.Resolver.Databases = append(databases, evidence.NameDatabase{Name: value[:end], Source: x.at(i + 1)})
				value = value[end:]
			}
		}
		if len(g.record.Resolver.Databases) == 0 && x.unread == 0 {
			g.gap(x.path+": has no hosts line", x.at(1))
		}
		return len(g.record.Resolver.Databases) > 0
	})
}
