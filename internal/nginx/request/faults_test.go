// SPDX-License-Identifier: Apache-2.0

package request

import "testing"

// A model with a defect must disagree with nginx within the usual bound.
func TestAPlantedDefectOfTheModelIsFound(t *testing.T) {
	b := newBench(t)
	var all []exchange
	b.exchanges(t, 1, bound("POSTERN_CONFIGS", 100), 100, func(e exchange) {
		if e.Kind != Unknown && agrees(e.Outcome, e.observed, e.Request) {
			all = append(all, e)
		}
	})
	for _, name := range []string{
		"merge_slashes", "host_wins", "prefix_final", "slash", "internal", "recursive", "error_status",
		"add_args", "keep", "satisfy", "deny", "auth_request", "as_sent", "cut", "path_escape",
	} {
		t.Run(name, func(t *testing.T) {
			b.faults = faults{name: true}
			models := map[string]*Model{}
			for _, e := range all {
				if models[e.piece] == nil {
					models[e.piece] = b.model(t, e.piece)
				}
				if out := models[e.piece].Handle(e.Request); out.Kind != Unknown && !agrees(out, e.observed, e.Request) {
					return
				}
			}
			t.Error("nothing disagrees with nginx")
		})
	}
}
