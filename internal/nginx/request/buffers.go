// SPDX-License-Identifier: Apache-2.0

package request

import (
	"strconv"

	"github.com/postern-audit/postern/internal/nginx"
)

// room follows how nginx fills its buffers with the head of a request.
type room struct {
	size, used int // of the buffer being filled
	taken      int // large buffers in use
}

// large is the setting large_client_header_buffers.
type large struct{ count, size int }

func (r *run) room() *room {
	n, err := nginx.ParseSize(r.setting("client_header_buffer_size").Arg(0))
	if err != nil {
		n = 1 << 10
	}
	return &room{size: int(n)}
}

func (r *run) buffers() large {
	l := large{4, 8 << 10}
	if s := r.setting("large_client_header_buffers"); len(s.Args) == 2 {
		count, err1 := strconv.Atoi(s.Args[0])
		size, err2 := nginx.ParseSize(s.Args[1])
		if err1 == nil && err2 == nil {
			l = large{count, int(size)}
		}
	}
	return l
}

// line and header take size bytes more; false means that they do not fit.
func (b *room) line(size int, l large) bool { return b.header(size, l) }

func (b *room) header(size int, l large) bool {
	if b.used+size <= b.size {
		b.used += size
		return true
	}
	// What stands in the full buffer moves on to a large one.
	if part := b.size - b.used; part > 0 && part >= l.size || b.taken >= l.count || size > l.size {
		return false
	}
	b.taken++
	b.size, b.used = l.size, size
	return true
}
