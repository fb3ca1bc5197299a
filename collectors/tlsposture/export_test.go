// SPDX-License-Identifier: Apache-2.0

package tlsposture

import "context"

// WithoutTLSX returns a collector whose tlsx never gets anywhere, for tests of
// what depends on it.
func WithoutTLSX(c Collector) Collector {
	c.handshake = func(context.Context, *listener, protocol) handshake {
		return handshake{reply: &reply{reason: "no answer"}}
	}
	return c
}
