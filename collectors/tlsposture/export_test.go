// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"context"
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
)

// WithoutTLSX returns a collector whose tlsx never gets anywhere, for tests of
// what depends on it.
func WithoutTLSX(c Collector) Collector {
	c.handshake = func(context.Context, *listener, protocol) handshake {
		return handshake{reply: &reply{reason: "tlsx is not there"}}
	}
	return c
}

// HardenedTarget is an edge with one live nginx that the guide would approve.
func HardenedTarget(t testing.TB) evidence.Target {
	return target(t, startNginx(t, newRSA(t), hardened))
}
