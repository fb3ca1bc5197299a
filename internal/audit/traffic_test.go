// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/lab"
	"github.com/postern-audit/postern/internal/site"
)

// relay passes connections on to an address and counts them.
func relay(t *testing.T, to string) (address string, taken *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	taken = new(atomic.Int32)
	var group sync.WaitGroup
	t.Cleanup(func() {
		_ = l.Close()
		group.Wait()
	})
	group.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			taken.Add(1)
			group.Go(func() {
				defer near.Close()
				far, err := net.DialTimeout("tcp", to, 5*time.Second)
				if err != nil {
					return
				}
				defer far.Close()
				var both sync.WaitGroup
				both.Go(func() { pass(far, near) })
				both.Go(func() { pass(near, far) })
				both.Wait()
			})
		}
	})
	return l.Addr().String(), taken
}

// pass copies one direction and hands on how it ended.
func pass(to, from net.Conn) {
	_, _ = io.Copy(to, from) // however it ends, the other side is told
	if half, ok := to.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
}

// TestTheTrafficIsWhatThePlanSays puts a counter before every listener of the
// demo's site and compares a whole collection with its plan, by target and port.
func TestTheTrafficIsWhatThePlanSays(t *testing.T) {
	dir := t.TempDir()
	centre, err := lab.Start(t.Context(), dir, lab.Options{Nginx: lab.FindNginx()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := centre.Close(); err != nil {
			t.Error(err)
		}
	}()
	text, err := os.ReadFile(centre.SiteFile)
	if err != nil {
		t.Fatal(err)
	}
	// Every address behind "to:" gets a counter of its own, by what leads there.
	counts := map[string]*atomic.Int32{}
	entry := regexp.MustCompile(`\{from: "([^"]+)", to: "([^"]+)"\}`)
	counted := entry.ReplaceAllStringFunc(string(text), func(line string) string {
		m := entry.FindStringSubmatch(line)
		address, taken := relay(t, m[2])
		counts[strings.ToLower(m[1])] = taken
		return fmt.Sprintf(`{from: %q, to: %q}`, m[1], address)
	})
	if len(counts) < 10 {
		t.Fatalf("the site's connect table has %d entries: %s", len(counts), counted)
	}
	path := filepath.Join(dir, "counted.yaml")
	if err := os.WriteFile(path, []byte(counted), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := site.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := audit.Collect(t.Context(), file, audit.CollectOptions{Rate: 0, Vantage: evidence.VantageInternet})
	if err != nil {
		t.Fatal(err)
	}
	plan := audit.Plan(&b.Document)
	planned := map[string]bool{"map.corp.example:443": true}
	check := func(host string, port, least, most int) {
		key := strings.ToLower(fmt.Sprintf("%s:%d", host, port))
		planned[key] = true
		taken, ok := counts[key]
		if !ok {
			t.Errorf("%s is planned and has no counter", key)
			return
		}
		n := int(taken.Load())
		t.Logf("%-32s %3d connections, planned %d to %d", key, n, least, most)
		if n < least || n > most {
			t.Errorf("%s: %d connections, planned %d to %d", key, n, least, most)
		}
	}
	for _, l := range plan.Listeners {
		exact := 0
		for _, r := range l.Requests {
			exact += r.Connections
		}
		if l.Target == "site" { // a resolver of names speaks no TLS
			check(l.Host, l.Port, exact, exact)
			continue
		}
		check(l.Host, l.Port, exact+1, exact+audit.TLSConnections)
	}
	for _, l := range plan.SSH {
		check(l.Host, l.Port, 1, 1)
	}
	if n := counts["map.corp.example:443"].Load(); n != 1 {
		t.Errorf("the map was fetched %d times", n)
	}
	for key, taken := range counts {
		if n := taken.Load(); n > 0 && !planned[key] {
			t.Errorf("%s: %d connections, and it is not planned", key, n)
		}
	}
}
