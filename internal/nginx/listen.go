// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"net/netip"
	"strconv"
	"strings"
)

// Listen is one listen directive of a server, or the one that nginx implies.
type Listen struct {
	Pos      Pos    // zero when implied
	Raw      string // the first argument as written
	Implicit bool   // no listen directive: nginx takes *:80, or *:8000 without root rights

	// Address is "*", an IP address (IPv6 in brackets), a host name, or "unix:"
	// and a path.
	Address  string
	Port     int  // first port; 0 for a unix socket
	LastPort int  // last port of a range; else equal to Port
	HostName bool // Address is a name that nginx resolves at start

	Default       bool // default_server, or its old name default
	SSL           bool // the ssl parameter, or "ssl on" for the server
	HTTP2         bool // the http2 parameter, or "http2 on" for the server
	QUIC          bool // UDP for HTTP/3
	ProxyProtocol bool
	ReusePort     bool
	IPv6Only      string   // "on", "off", or empty when not given
	Options       []string // every parameter as written, also those above
	Broken        bool     // the address could not be read; a Note says why
}

// parseListen reads the words of a listen directive; problems go to note.
func parseListen(d *Directive, note func(Pos, string, ...any)) Listen {
	l := Listen{Pos: d.Pos(), Raw: d.Arg(0)}
	if len(d.Args) == 0 {
		l.Broken = true
		note(l.Pos, "listen without an address")
		return l
	}
	if !l.address(l.Raw) {
		l.Broken = true
		note(d.Args[0].Pos(), "listen %q: not an address", clip(l.Raw))
	}
	for _, a := range d.Args[1:] {
		l.Options = append(l.Options, a.Value)
		name, value, _ := strings.Cut(a.Value, "=")
		switch name {
		case "default_server", "default":
			l.Default = true
		case "ssl":
			l.SSL = true
		case "http2":
			l.HTTP2 = true
		case "quic":
			l.QUIC = true
		case "proxy_protocol":
			l.ProxyProtocol = true
		case "reuseport":
			l.ReusePort = true
		case "ipv6only":
			l.IPv6Only = value
		case "bind", "backlog", "rcvbuf", "sndbuf", "accept_filter", "deferred", "so_keepalive",
			"fastopen", "setfib", "spdy", "udp", "multipath":
		default:
			note(a.Pos(), "listen: parameter %q is not known", clip(a.Value))
		}
	}
	return l
}

func (l *Listen) address(s string) bool {
	if strings.HasPrefix(s, "unix:") {
		l.Address = s
		return len(s) > len("unix:")
	}
	if hasVariables(s) {
		return false
	}
	host, port := s, ""
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return false
		}
		host, port = s[:end+1], s[end+1:]
		if port != "" && !strings.HasPrefix(port, ":") {
			return false
		}
		ip, err := netip.ParseAddr(host[1:end])
		if err != nil || !ip.Is6() {
			return false
		}
		host = "[" + ip.String() + "]"
		port = strings.TrimPrefix(port, ":")
		if port == "" {
			if strings.HasSuffix(s, ":") {
				return false
			}
			port = "80"
		}
	} else if h, p, ok := strings.Cut(s, ":"); ok {
		host, port = h, p
	} else if strings.Trim(s, "0123456789-") == "" {
		host, port = "*", s
	} else {
		port = "80"
	}
	if host == "" {
		return false
	}
	first, ok := portRange(port)
	if !ok {
		return false
	}
	l.Port, l.LastPort = first, first
	if _, last, ranged := strings.Cut(port, "-"); ranged {
		l.LastPort, _ = strconv.Atoi(last)
	}
	l.Address = host
	if host == "0.0.0.0" {
		// The two spellings are one socket.
		l.Address = "*"
	} else if host != "*" && host[0] != '[' {
		if _, err := netip.ParseAddr(host); err != nil {
			l.HostName = true
			l.Address = strings.ToLower(host)
		}
	}
	return true
}

// portRange reads "443" or "8000-8010" and returns the first port.
func portRange(s string) (first int, ok bool) {
	low, high, ranged := strings.Cut(s, "-")
	first, ok = port(low)
	if ok && ranged {
		last, ok2 := port(high)
		ok = ok2 && first <= last
	}
	return first, ok
}

func port(s string) (int, bool) {
	if s == "" || len(s) > 5 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, _ := strconv.Atoi(s)
	return n, n >= 1 && n <= 65535
}

// Socket is one address and port with the servers that share it. The TLS
// handshake begins under the settings of the default server: nginx takes
// ssl_protocols and the session cache from it before the name is known.
type Socket struct {
	Address string
	Port    int
	UDP     bool // QUIC; TCP otherwise
	// The options of all listen directives of the socket, joined as nginx joins
	// them: one "ssl" makes the socket speak TLS for every server on it.
	SSL, HTTP2, QUIC, ProxyProtocol bool
	Servers                         []*Server // in the order of the configuration
	Default                         *Server
	DefaultExplicit                 bool // by default_server; else it is the first server
	Pos                             Pos  // of the first listen directive; zero when implied

	named bool // the address is a name
}

// Key is "address:port", with "/udp" for QUIC, or the path of a unix socket.
func (s *Socket) Key() string {
	if strings.HasPrefix(s.Address, "unix:") {
		return s.Address
	}
	key := s.Address + ":" + strconv.Itoa(s.Port)
	if s.UDP {
		key += "/udp"
	}
	return key
}

// Bounds on what port ranges may multiply to: ports of one range, and pairs of a
// socket and a server.
const (
	maxRangePorts  = 1024
	maxSocketPairs = 1_000_000
)

// sockets joins the listens of all servers.
func sockets(servers []*Server, note func(Pos, string, ...any)) []*Socket {
	var out []*Socket
	byKey := map[string]*Socket{}
	pairs := 0
	for _, srv := range servers {
		for _, l := range srv.Listens {
			if l.Broken {
				continue
			}
			last := l.LastPort
			if last-l.Port >= maxRangePorts {
				note(l.Pos, "listen %q: only the first %d ports of the range are modelled", clip(l.Raw), maxRangePorts)
				last = l.Port + maxRangePorts - 1
			}
			if pairs += last - l.Port + 1; pairs > maxSocketPairs {
				note(l.Pos, "more than %d pairs of a socket and a server; the rest is not modelled", maxSocketPairs)
				return out
			}
			for p := l.Port; p <= last; p++ {
				fresh := &Socket{Address: l.Address, Port: p, UDP: l.QUIC, Pos: l.Pos, Default: srv}
				s := byKey[fresh.Key()]
				if s == nil {
					s = fresh
					byKey[s.Key()] = s
					out = append(out, s)
				}
				s.join(srv, l, note)
				s.named = s.named || l.HostName
			}
		}
	}
	noteNames(out, note)
	return out
}

// noteNames says where a name may be the address of another socket.
func noteNames(list []*Socket, note func(Pos, string, ...any)) {
	addresses := map[int]map[string]bool{}
	for _, s := range list {
		if addresses[s.Port] == nil {
			addresses[s.Port] = map[string]bool{}
		}
		if s.Address != "*" && s.Address != "[::]" && !strings.HasPrefix(s.Address, "unix:") {
			addresses[s.Port][s.Address] = true
		}
	}
	for _, s := range list {
		if s.named && len(addresses[s.Port]) > 1 {
			note(s.Pos, "listen %s: the name may mean the address of another socket of the port, and then both are one", clip(s.Key()))
		}
	}
}

func (s *Socket) join(srv *Server, l Listen, note func(Pos, string, ...any)) {
	s.SSL = s.SSL || l.SSL
	s.HTTP2 = s.HTTP2 || l.HTTP2
	s.QUIC = s.QUIC || l.QUIC
	s.ProxyProtocol = s.ProxyProtocol || l.ProxyProtocol
	if n := len(s.Servers); n == 0 || s.Servers[n-1] != srv {
		s.Servers = append(s.Servers, srv)
	} else {
		note(l.Pos, "a second listen for %s in one server: nginx refuses this", s.Key())
	}
	if l.Default {
		if s.DefaultExplicit && s.Default != srv {
			note(l.Pos, "a second default_server for %s: nginx refuses this", s.Key())
			return
		}
		s.Default, s.DefaultExplicit = srv, true
	}
}
