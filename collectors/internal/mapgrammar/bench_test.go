// SPDX-License-Identifier: Apache-2.0

package mapgrammar_test

import (
	"bufio"
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/postern-audit/postern/collectors/internal/mapgrammar"
)

// BenchmarkParse reads a map of 100,000 entries beside a scanner that only
// splits the same text into lines. Reported is how many times as long it takes;
// 5 is the most that is accepted.
func BenchmarkParse(b *testing.B) {
	const entries = 100_000
	var text bytes.Buffer
	for i := range entries {
		fmt.Fprintf(&text, "host-%06d.corp.example:8445=desk-%06d.agents.example:8445\n", i, i)
	}
	b.SetBytes(int64(text.Len()))
	var ours, lines time.Duration
	for b.Loop() {
		start := time.Now()
		m := mapgrammar.Parse(text.Bytes(), "site", "map.txt")
		ours += time.Since(start)
		if len(m.Entries) != entries || len(m.Problems) != 0 {
			b.Fatalf("%d entries, %d problems", len(m.Entries), len(m.Problems))
		}
		start = time.Now()
		n := 0
		for s := bufio.NewScanner(bytes.NewReader(text.Bytes())); s.Scan(); n++ {
			if len(s.Text()) == 0 {
				b.Fatal("an empty line")
			}
		}
		lines += time.Since(start)
	}
	b.ReportMetric(float64(ours)/float64(lines), "x-lines")
}
