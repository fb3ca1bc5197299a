// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

const (
	resolverAddress = "10.9.0.53"
	resolverPort    = 53
)

// inside are the names that the resolver of the local network knows, beside the
// nodes.
var inside = map[string]string{
	"pg-a.corp.example": "10.1.0.51", "pg-b.corp.example": "10.1.0.52", mapHost: "10.1.0.61",
	"desk-a.agents.example": "203.0.113.10", "desk-b.agents.example": "203.0.113.10", "lb.agents.example": "203.0.113.10",
	"sso.example": "10.1.0.71", "crm.example": "198.51.100.20",
}

// resolver answers questions about names over TCP, with a fixed table.
type resolver struct {
	listener net.Listener
	table    map[string]netip.Addr
	running  sync.WaitGroup

	mu     sync.Mutex
	open   map[net.Conn]bool
	closed bool
}

func startResolver() (*resolver, error) {
	r := &resolver{table: map[string]netip.Addr{}, open: map[net.Conn]bool{}}
	for name, address := range inside {
		r.table[name] = netip.MustParseAddr(address)
	}
	for _, n := range nodes {
		r.table[n.Host] = netip.MustParseAddr(n.Address)
	}
	var err error
	if r.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	r.running.Go(func() {
		for {
			conn, err := r.listener.Accept()
			if err != nil {
				return
			}
			if r.keep(conn) {
				r.running.Go(func() { r.serve(conn) })
			}
		}
	})
	return r, nil
}

// keep notes an open connection, unless the end has come.
func (r *resolver) keep(conn net.Conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		_ = conn.Close()
		return false
	}
	r.open[conn] = true
	return true
}

func (r *resolver) serve(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		r.mu.Lock()
		delete(r.open, conn)
		r.mu.Unlock()
	}()
	for {
		if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
			return
		}
		var length [2]byte
		if _, err := io.ReadFull(conn, length[:]); err != nil {
			return
		}
		text := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(conn, text); err != nil {
			return
		}
		answer, err := r.answer(text)
		if err != nil {
			return
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil { //nolint:gosec // an answer is short
			return
		}
	}
}

// answer knows one address of each name. There is none of the newer family.
func (r *resolver) answer(text []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(text); err != nil || len(m.Questions) != 1 {
		return nil, fmt.Errorf("lab: no question: %w", err)
	}
	q := m.Questions[0]
	m.Header = dnsmessage.Header{ID: m.ID, Response: true, RecursionDesired: m.RecursionDesired, RecursionAvailable: true}
	m.Additionals = nil
	address, known := r.table[strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))]
	switch {
	case !known:
		m.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypeA:
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 300}, Body: &dnsmessage.AResource{A: address.As4()},
		}}
	}
	return m.Pack()
}

func (r *resolver) close() error {
	err := r.listener.Close()
	r.mu.Lock()
	r.closed = true
	for conn := range r.open {
		_ = conn.Close()
	}
	r.mu.Unlock()
	r.running.Wait()
	return err
}
