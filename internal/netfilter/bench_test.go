// SPDX-License-Identifier: Apache-2.0

package netfilter_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/netfilter"
)

// manyRules is a rule set of n rules in the manner of an edge's.
func manyRules(n int) string {
	var b strings.Builder
	b.WriteString("*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n")
	for i := range n {
		port := i%60_000 + 1
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "-A INPUT -s 10.%d.%d.%d/32 -p tcp -m tcp --dport %d -m conntrack --ctstate NEW -j ACCEPT\n", i>>16&255, i>>8&255, i&255, port)
		case 1:
			fmt.Fprintf(&b, "-A INPUT -p tcp -m tcp --dport %d --tcp-flags SYN SYN -m connlimit --connlimit-above 10 --connlimit-mask 32 --connlimit-saddr -j DROP\n", port)
		case 2:
			fmt.Fprintf(&b, "-A INPUT -i ens192 -p tcp -m multiport --dports %d,%d:%d -m comment --comment \"rule %d\" -j ACCEPT\n", port, port, port+5, i)
		default:
			fmt.Fprintf(&b, "-A INPUT -p udp -m udp --dport %d -m limit --limit 1/min --limit-burst 1 -j LOG --log-prefix \"udp %d \"\n", port, port)
		}
	}
	b.WriteString("COMMIT\n")
	return b.String()
}

// BenchmarkParseSaveAgainstRestore reads a rule set, and has the real program read
// it without loading it, in turns. The metric is our time divided by its time.
func BenchmarkParseSaveAgainstRestore(b *testing.B) {
	needs(b, "unshare", "iptables-legacy-restore", "iptables-nft-restore")
	for _, program := range []string{"iptables-legacy-restore", "iptables-nft-restore"} {
		for _, n := range []int{10_000, 100_000} {
			b.Run(fmt.Sprintf("%s/rules=%d", program, n), func(b *testing.B) {
				text := manyRules(n)
				var ours, theirs time.Duration
				for b.Loop() {
					start := time.Now()
					set := netfilter.ParseSave([]byte(text))
					ours += time.Since(start)
					if len(set.Problems) > 0 || len(set.Tables[0].Chains[0].Rules) != n {
						b.Fatalf("%d rules, problems %v", len(set.Tables[0].Chains[0].Rules), set.Problems)
					}
					cmd := exec.Command("unshare", "-n", program, "--test")
					cmd.Stdin = strings.NewReader(text)
					start = time.Now()
					if out, err := cmd.CombinedOutput(); err != nil {
						b.Fatalf("%v: %s", err, out)
					}
					theirs += time.Since(start)
				}
				b.ReportMetric(float64(ours)/float64(theirs), "x/restore")
				b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N)/float64(n), "ns/rule")
			})
		}
	}
}

// BenchmarkParseSaveGrowth doubles the rules, spread over many chains; the metric is
// how many times longer that takes.
func BenchmarkParseSaveGrowth(b *testing.B) {
	text := func(n int) []byte {
		var s strings.Builder
		s.WriteString("*filter\n")
		for i := range n {
			fmt.Fprintf(&s, ":C%d - [0:0]\n", i)
		}
		for i := range 4 * n {
			fmt.Fprintf(&s, "-A C%d -p tcp -m tcp --dport 22 -j C%d\n", i%n, (i+1)%n)
		}
		return []byte(s.String() + "COMMIT\n")
	}
	small, large := text(8000), text(16_000)
	var one, two time.Duration
	for b.Loop() {
		start := time.Now()
		netfilter.ParseSave(small)
		middle := time.Now()
		netfilter.ParseSave(large)
		one, two = one+middle.Sub(start), two+time.Since(middle)
	}
	b.ReportMetric(float64(two)/float64(one), "x/doubled")
}
