// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"os/exec"
	"testing"
	"time"
)

// BenchmarkAgainstSslscan measures a whole collection of an nginx as a ratio of
// sslscan's wall time on the same listener in the same run. The start of
// sslscan is taken off by timing it on a listener that is not there.
func BenchmarkAgainstSslscan(b *testing.B) {
	sslscan := program(b, "sslscan")
	address := startNginx(b, newRSA(b), usual)
	target := target(b, address)
	nobody := freeAddress(b)
	var theirs, start, ours time.Duration
	hellos := 0
	for b.Loop() {
		before := time.Now()
		_ = exec.Command(sslscan, "--connect-timeout=1", nobody).Run()
		start += time.Since(before)
		before = time.Now()
		if err := exec.Command(sslscan, "--sni-name="+deskName, address).Run(); err != nil {
			b.Fatal(err)
		}
		theirs += time.Since(before)
		before = time.Now()
		p := posture(b, Collector{}, target)
		ours += time.Since(before)
		hellos = p.ClientHellos
	}
	b.ReportMetric(float64(ours.Milliseconds())/float64(b.N), "ms/collection")
	b.ReportMetric(float64((theirs-start).Milliseconds())/float64(b.N), "ms/sslscan")
	b.ReportMetric(float64(ours)/float64(theirs-start), "of-sslscan")
	b.ReportMetric(float64(hellos), "hellos")
}
