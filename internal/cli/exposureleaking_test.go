// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"path/filepath"
	"testing"
)

// Each of these gates lets a request through that the shipped surface does not allow, or
// without the credentials that it asks for. Some ways are not followed to their end: a
// proof may find the request or stay open, but never hold.
func TestNoLeakingGateIsProved(t *testing.T) {
	files, err := filepath.Glob("../../fixtures/exposure/leaking/*.conf")
	if err != nil || len(files) < 50 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			status := Run(t.Context(), []string{"exposure", file, "--profile", "finesse-12.6.1"}, Streams{Out: &out, Err: &errs})
			if status != exitFinding && status != exitUnknown {
				t.Errorf("status %d\n%s%s", status, out.String(), errs.String())
			}
		})
	}
}
