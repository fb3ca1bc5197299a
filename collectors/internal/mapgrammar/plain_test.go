// SPDX-License-Identifier: Apache-2.0

package mapgrammar

import (
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
)

// FuzzPlainEntry holds the short way of reading an entry to the long one.
func FuzzPlainEntry(f *testing.F) {
	for _, line := range []string{
		"a.corp.example:1=b.agents.example:65535", "a-b.c:80=d.e-f:81", "1.2.3.4:5=a.b:6", "a.1b:1=b.c:2", "a..b:1=c.d:2", "-a.b:1=c.d:2",
		"a.b-:1=c.d:2", "a.b:01=c.d:2", "a.b:65536=c.d:2", "a.b:1=c.d:2=", "a.b:1= c.d:2", "a.b=c.d", "a.b:=c.d:1", "a:1=b:2", "a.9:1=b.c:2", "", "a.b:1=c.d:2#",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		var short evidence.MapEntry
		if !plainEntry(line, &short) {
			return
		}
		long, bad := parseLine(line)
		if bad != nil || long == nil || long.Internal != short.Internal || long.External != short.External {
			t.Errorf("%q: %+v, but the long way says %+v, %+v", line, short, long, bad)
		}
	})
}
