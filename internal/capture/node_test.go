// SPDX-License-Identifier: Apache-2.0

package capture_test

import (
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/capture"
	"github.com/postern-audit/postern/internal/evidence"
)

// TestANodeWithoutTheCommandLineIsNotSpokenTo has no connection at all, so that
// any word to the node would end the test.
func TestANodeWithoutTheCommandLineIsNotSpokenTo(t *testing.T) {
	got := capture.ReadNode(t.Context(), nil, evidence.Node{Name: "g", Subject: "node/g", Role: "gadget"}, 0, nil, nil)
	if got.Declared.Transcript == "" || len(got.Gaps) != 0 {
		t.Fatalf("%+v", got)
	}
	if _, err := got.Files.Read(got.Declared.Transcript, 1<<10); err == nil || !strings.Contains(err.Error(), "no VOS command line") {
		t.Errorf("%v", err)
	}
}
