// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/surface"
)

// large is a gate with many locations, a tenth of them patterns up to fifty.
func large(locations int) string {
	var b strings.Builder
	b.WriteString("events {}\nhttp {\nupstream finesse { server 127.0.0.1:9445; }\nserver { listen 127.0.0.1:8445 default_server; return 444; }\nserver {\nlisten 127.0.0.1:8445;\nserver_name desk.agents.example;\n")
	for i := range min(50, locations/10) {
		fmt.Fprintf(&b, "location ~ ^/finesse/api/(User|Team)/[a-z]+%d/(Dialogs|Queues)$ { proxy_pass http://finesse; }\n", i)
	}
	for i := range locations - min(50, locations/10) {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "location = /desktop/page%d { proxy_pass http://finesse; }\n", i)
		case 1:
			fmt.Fprintf(&b, "location ^~ /desktop/folder%d/ { limit_except GET { deny all; } proxy_pass http://finesse; }\n", i)
		case 2:
			fmt.Fprintf(&b, "location /desktop/theme%d/ { if ($request_method = POST) { return 405; } proxy_pass http://finesse; }\n", i)
		default:
			fmt.Fprintf(&b, "location /closed%d/ { deny all; proxy_pass http://finesse; }\n", i)
		}
	}
	b.WriteString("location / { return 421; }\n}\n}\n")
	return b.String()
}

// BenchmarkProof proves gates of growing size and compares with what nginx itself
// takes to read and test the same file.
func BenchmarkProof(b *testing.B) {
	s, err := surface.Shipped(os.DirFS("../../../policies"), "finesse-12.6.1")
	if err != nil {
		b.Fatal(err)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command does
	for _, n := range []int{50, 500, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			text := large(n)
			file := filepath.Join(b.TempDir(), "nginx.conf")
			if err := os.WriteFile(file, []byte("pid "+file+".pid;\nerror_log stderr;\n"+text), 0o600); err != nil {
				b.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var p *Proof
			for b.Loop() {
				p = Prove(Input{
					Config:  nginx.Effective(nginx.Parse("nginx.conf", text), nginx122),
					Surface: s, Component: func(string, []string) *surface.Component { return s.Named("finesse") },
				})
			}
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/1e6, "MB/op")
			b.ReportMetric(float64(p.Followed), "followed")
			b.ReportMetric(float64(len(p.Undecided)), "undecided")
			nginx, err := exec.LookPath("nginx")
			if err != nil {
				b.Skip("nginx is not installed: no comparison")
			}
			const runs = 5
			start := time.Now()
			for range runs {
				if out, err := exec.Command(nginx, "-t", "-c", file).CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/(float64(time.Since(start))/runs), "x-nginx-t")
		})
	}
}
