// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"fmt"
	"os"
	"testing"
)

// The test program is its own helper in the namespaces.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "inside" {
		if err := Inside(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}
