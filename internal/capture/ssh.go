// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"context"

	"github.com/postern-audit/postern/internal/remote"
)

// SSH is an edge that let us in.
type SSH struct {
	*remote.Files
	Client *remote.Client
	// Sudo is set when the account is not root.
	Sudo bool
}

var _ Host = SSH{}

// Run implements Host.
func (s SSH) Run(ctx context.Context, c Command, form int) ([]byte, error) {
	return s.Client.Run(ctx, c.Line(form, s.Sudo), c.Joined, maxOutputBytes)
}
