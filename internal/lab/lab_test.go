// SPDX-License-Identifier: Apache-2.0

package lab_test

import (
	"testing"

	"github.com/postern-audit/postern/internal/lab"
)

func TestTheLabStartsAndEnds(t *testing.T) {
	for _, nginx := range []string{"", lab.FindNginx()} {
		for _, faults := range []bool{true, false} {
			l, err := lab.Start(t.Context(), t.TempDir(), lab.Options{Faults: faults, Nginx: nginx})
			if err != nil {
				t.Fatalf("nginx %q faults %v: %v", nginx, faults, err)
			}
			t.Logf("%s: %d planted", l.Edge, len(l.Planted))
			if err := l.Close(); err != nil {
				t.Errorf("nginx %q faults %v: %v", nginx, faults, err)
			}
		}
	}
}
