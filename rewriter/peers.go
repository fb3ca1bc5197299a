// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxPeers bounds the memory spent on strangers.
const maxPeers = 1 << 16

// peers counts what each client address uses.
type peers struct {
	limits Limits
	now    func() time.Time

	mu    sync.Mutex
	table map[string]*peer
}

type peer struct {
	connections int
	websockets  int
	requests    *rate.Limiter
}

func newPeers(limits Limits, now func() time.Time) *peers {
	return &peers{limits: limits, now: now, table: map[string]*peer{}}
}

// connect counts a connection in, unless the address has its fill.
func (p *peers) connect(address string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	entry := p.table[address]
	if entry == nil {
		if len(p.table) >= maxPeers && !p.makeRoom() {
			return false
		}
		entry = &peer{}
		if p.limits.RequestsPerSecond > 0 {
			entry.requests = rate.NewLimiter(rate.Limit(p.limits.RequestsPerSecond), p.limits.Burst)
		}
		p.table[address] = entry
	}
	if entry.connections >= p.limits.ConnectionsPerPeer {
		return false
	}
	entry.connections++
	return true
}

// disconnect counts a connection out. The entry stays while its request budget is
// still recovering, or a new connection would buy a new budget.
func (p *peers) disconnect(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	entry := p.table[address]
	if entry == nil {
		return
	}
	entry.connections--
	if entry.connections <= 0 && p.recovered(entry) {
		delete(p.table, address)
	}
}

func (p *peers) recovered(entry *peer) bool {
	return entry.requests == nil || entry.requests.TokensAt(p.now()) >= float64(p.limits.Burst)
}

// makeRoom removes entries that no longer restrict anyone.
func (p *peers) makeRoom() bool {
	for address, entry := range p.table {
		if entry.connections <= 0 && p.recovered(entry) {
			delete(p.table, address)
		}
	}
	return len(p.table) < maxPeers
}

// request spends one request of the address's budget.
func (p *peers) request(address string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	entry := p.table[address]
	return entry == nil || entry.requests == nil || entry.requests.AllowN(p.now(), 1)
}

// upgrade counts a WebSocket in; downgrade counts it out.
func (p *peers) upgrade(address string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	entry := p.table[address]
	if entry == nil || entry.websockets >= p.limits.WebSocketsPerPeer {
		return false
	}
	entry.websockets++
	return true
}

func (p *peers) downgrade(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if entry := p.table[address]; entry != nil {
		entry.websockets--
	}
}
