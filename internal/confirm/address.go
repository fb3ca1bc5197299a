// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// addresses replaces what nginx listens on and connects to by loopback addresses,
// each by one of its own. Ports stay.
type addresses struct {
	listens map[string]string // the address of a listen directive, by text
	hosts   map[string]string // an upstream, by the text that names it
	// echoes says which upstream an address stands for.
	echoes map[string]string
}

func newAddresses() *addresses {
	return &addresses{listens: map[string]string{}, hosts: map[string]string{}, echoes: map[string]string{}}
}

// listen is the address that stands for one that nginx listens on.
func (a *addresses) listen(address string) string { return number(a.listens, address, 1) }

// upstream is the address that stands for an authority; port is what nginx takes
// when the authority has none.
func (a *addresses) upstream(authority string, port int) string {
	_, text := splitPort(authority)
	if n, err := strconv.Atoi(text); err == nil && n > 0 && n < 1<<16 {
		port = n
	}
	address := net.JoinHostPort(number(a.hosts, authority, 128), strconv.Itoa(port))
	a.echoes[address] = authority
	return address
}

// number gives each text an address of its own, from 127.first.0.1 on.
func number(table map[string]string, text string, first int) string {
	if at := table[text]; at != "" {
		return at
	}
	n := len(table)
	at := fmt.Sprintf("127.%d.%d.%d", first+n/62_500, n/250%250, n%250+1)
	table[text] = at
	return at
}

// splitPort cuts a port off an authority. A unix socket has none.
func splitPort(authority string) (host, port string) {
	if strings.HasPrefix(authority, "unix:") {
		return authority, ""
	}
	i := strings.LastIndexByte(authority, ':')
	if i < 0 || strings.IndexByte(authority[i:], ']') >= 0 {
		return authority, ""
	}
	return authority[:i], authority[i+1:]
}

// socket is where requests for an address and port are sent; ok is false where
// nothing that is rendered listens.
func (a *addresses) socket(cfg *nginx.Config, address string, port int) (to string, ok bool) {
	at := func(s *nginx.Socket) (string, bool) {
		mapped := a.listens[s.Address]
		return net.JoinHostPort(mapped, strconv.Itoa(s.Port)), mapped != ""
	}
	var wild, only *nginx.Socket
	several := false
	for _, s := range cfg.Sockets {
		switch {
		case s.UDP || s.Port != port || strings.HasPrefix(s.Address, "unix:"):
			continue
		case s.Address == address:
			return at(s)
		case s.Address == "*" || s.Address == "[::]" && wild == nil:
			wild = s
		}
		several = only != nil
		only = s
	}
	switch {
	case address == "" && only != nil && !several:
		return at(only)
	case wild != nil:
		return at(wild)
	}
	return "", false
}
