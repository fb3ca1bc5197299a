// SPDX-License-Identifier: Apache-2.0

package request_test

import (
	"testing"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/nginx/request/wiretest"
)

// planted are defects of the model, each in one rule of nginx.
var planted = []string{
	"merge_slashes", "host_wins", "prefix_final", "slash", "internal", "recursive", "error_status",
	"add_args", "keep", "satisfy", "deny", "auth_request", "as_sent", "cut", "path_escape",
	"trailing_first", "cycles", "capture_escape", "volatile", "if_settings", "zero", "captures_kept", "set_args", "break", "misdirected",
}

// findPlanted demands that a model with a defect disagrees with nginx in one of the
// exchanges in which the model without it agrees.
func findPlanted(t *testing.T, b *wiretest.Bench, all []exchange) {
	configs := map[string]*nginx.Config{}
	for _, e := range all {
		if configs[e.piece] == nil {
			configs[e.piece] = b.Config(t, e.piece)
		}
	}
	for _, name := range planted {
		t.Run("the planted defect "+name+" is found", func(t *testing.T) {
			models := map[string]*request.Model{}
			for _, e := range all {
				m := models[e.piece]
				if m == nil {
					m = request.NewPlanted(configs[e.piece], name, b.Options())
					models[e.piece] = m
				}
				if out := m.Handle(e.Request); out.Kind != request.Unknown && !e.Agrees(out, e.Request) {
					return
				}
			}
			t.Error("nothing disagrees with nginx")
		})
	}
}
