// SPDX-License-Identifier: Apache-2.0

package request

import (
	"testing"

	"github.com/postern-audit/postern/internal/nginx"
)

// planted are defects of the model, each in one rule of nginx.
var planted = []string{
	"merge_slashes", "host_wins", "prefix_final", "slash", "internal", "recursive", "error_status",
	"add_args", "keep", "satisfy", "deny", "auth_request", "as_sent", "cut", "path_escape",
	"trailing_first", "cycles", "capture_escape", "volatile", "if_settings", "zero", "captures_kept", "set_args", "break", "misdirected",
}

// findPlanted demands that a model with a defect disagrees with nginx in one of the
// exchanges in which the model without it agrees.
func findPlanted(t *testing.T, b *bench, all []exchange) {
	configs := map[string]*nginx.Config{}
	for _, e := range all {
		if configs[e.piece] == nil {
			configs[e.piece] = b.config(t, e.piece)
		}
	}
	for _, name := range planted {
		t.Run("the planted defect "+name+" is found", func(t *testing.T) {
			models := map[string]*Model{}
			for _, e := range all {
				m := models[e.piece]
				if m == nil {
					m = newModel(configs[e.piece], faults{name: true}, b.options())
					models[e.piece] = m
				}
				if out := m.Handle(e.Request); out.Kind != Unknown && !agrees(out, e.observed, e.Request) {
					return
				}
			}
			t.Error("nothing disagrees with nginx")
		})
	}
}
