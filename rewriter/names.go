// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"strconv"
	"strings"

	"golang.org/x/text/transform"
)

// Rewriter turns internal names of a proxy map into external ones. It is immutable
// and safe for concurrent use; each stream takes its own Transformer.
type Rewriter struct {
	byLast   [256][]*hostRule // lower-case byte before the first dot of the host
	after    [256]bool        // lower-case byte behind that dot
	starts   [256]bool        // first bytes of hosts, both cases
	hosts    []*hostRule
	maxLabel int // longest first label
}

// hostRule is what the map says about one internal host.
type hostRule struct {
	host  string
	dot   int // index of the first dot
	ports map[int]Endpoint
	bare  string // external host when every entry agrees on it, else empty
}

// NewRewriter compiles a map.
func NewRewriter(m Map) *Rewriter {
	r := &Rewriter{}
	rules := map[string]*hostRule{}
	for _, e := range m.entries {
		rule := rules[e.Internal.Host]
		if rule == nil {
			rule = &hostRule{
				host:  e.Internal.Host,
				dot:   strings.IndexByte(e.Internal.Host, '.'),
				ports: map[int]Endpoint{},
				bare:  e.External.Host,
			}
			rules[rule.host] = rule
			r.add(rule)
		}
		if rule.bare != e.External.Host {
			rule.bare = ""
		}
		rule.ports[e.Internal.Port] = e.External
	}
	return r
}

func (r *Rewriter) add(rule *hostRule) {
	last := rule.host[rule.dot-1]
	r.byLast[last] = append(r.byLast[last], rule)
	r.after[rule.host[rule.dot+1]] = true
	r.starts[rule.host[0]] = true
	if c := rule.host[0]; c >= 'a' && c <= 'z' {
		r.starts[c-'a'+'A'] = true
	}
	r.hosts = append(r.hosts, rule)
	r.maxLabel = max(r.maxLabel, rule.dot)
}

// Transformer gives a fresh transformer for one stream.
func (r *Rewriter) Transformer() *Transformer { return &Transformer{names: r} }

// String rewrites a complete value, such as a header, and counts the internal hosts
// that it had to leave.
func (r *Rewriter) String(s string) (rewritten string, residual int) {
	if strings.IndexByte(s, '.') < 0 {
		return s, 0
	}
	t := r.Transformer()
	out, _, err := transform.String(t, s)
	if err != nil {
		// The transformer has no error of its own; keep the contract visible.
		return "", 1
	}
	return out, t.residual
}

// external is the replacement for the host found in text. port is -1 when none is
// written; web tells that the host stands behind "//", where no port means 443.
// separator is how text spells the colon. ok is false when the map has no single
// answer.
func (h *hostRule) external(dst []byte, port int, web bool, separator string) (replaced []byte, ok bool) {
	if port >= 0 {
		e, mapped := h.ports[port]
		if !mapped {
			return nil, false
		}
		dst = append(dst, e.Host...)
		dst = append(dst, separator...)
		return strconv.AppendInt(dst, int64(e.Port), 10), true
	}
	if e, mapped := h.ports[443]; mapped && web {
		dst = append(dst, e.Host...)
		if e.Port != 443 {
			dst = append(dst, separator...)
			dst = strconv.AppendInt(dst, int64(e.Port), 10)
		}
		return dst, true
	}
	if h.bare == "" {
		return nil, false
	}
	return append(dst, h.bare...), true
}
