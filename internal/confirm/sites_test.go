// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/postern-audit/postern/internal/nginx"
)

var followed = nginx.Version{Major: 1, Minor: 22, Patch: 1}

// options are those of a test; it is skipped where nothing can be run.
func options(t testing.TB) Options {
	t.Helper()
	if _, err := exec.LookPath("nginx"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("nginx is required: %v", err)
		}
		t.Skipf("nginx is not here: %v", err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Options{Inside: []string{self, "inside"}}
}

// run confirms a configuration.
func run(t testing.TB, cfg *nginx.Config, o Options) *Report {
	t.Helper()
	report, err := Run(t.Context(), cfg, o)
	var no *Unavailable
	if errors.As(err, &no) && os.Getenv("CI") != "true" {
		t.Skip(no.Reason)
	}
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// disagreements fails for what disagrees, and says how many requests reached an
// upstream.
func disagreements(t testing.TB, r *Report) (forwarded int) {
	t.Helper()
	n := 0
	for _, res := range r.Results {
		if res.Verdict != Disagreed {
			continue
		}
		if n++; n > 10 {
			continue
		}
		t.Errorf("%s: %q (tls %t, sni %q, to %s:%d): expected %s %d %v %q (%s), seen %+v [%s]", res.Name, raw(res.Request), res.Request.TLS, res.Request.SNI, res.Request.Address, res.Request.Port,
			res.Expected.Kind, res.Expected.Status, res.Expected.Peers, res.Expected.Path, res.Expected.Reason, res.Observed, res.Reason)
	}
	reasons := map[string]int{}
	for _, res := range r.Results {
		if res.Observed.Upstream != "" {
			forwarded++
		}
		if res.Verdict == Skipped {
			reasons[res.Reason]++
		}
	}
	t.Logf("%d sent, %d reached an upstream: %d agreed, %d agreed as rendered, %d skipped, %d disagreed; %d not sent; skipped for %v", len(r.Results), forwarded, r.Count(Agreed), r.Count(AgreedRendered), r.Count(Skipped), n, r.NotSent, reasons)
	return forwarded
}

func TestTheModelAgreesWithNginxOnWholeSites(t *testing.T) {
	for _, site := range []struct{ root, prefix, conf string }{
		{"clean/one-edge/rp-a/tree", "usr/local/openresty/nginx", "conf/nginx.conf"},
		{"clean/behind-balancer/rproxy1/system", "usr/local/openresty/nginx", "conf/nginx.conf"},
		{"clean/installer-12.6.2/gw-a/container", "usr/local/openresty/nginx", "conf/nginx.conf"},
		{"clean/uccx-coresident/rp1/tree", "usr/local/openresty/nginx", "conf/nginx.conf"},
		{"clean/installer-15.0/proxy-east/system", "srv/rproxy/reverse_proxy/east.desk.telco.example", "conf/nginx.conf"},
		{"clean/two-clusters/edge-1/tree", "opt/gate", "nginx.conf"},
		{"wrong/as-shipped/rp/tree", "usr/local/openresty/nginx", "conf/nginx.conf"},
		{"wrong/half-migrated/rproxy1/system", "usr/local/openresty/nginx", "conf/nginx.conf"},
		{"wrong/installer-careless/gate/system", "opt/reverse_proxy/gate", "conf/nginx.conf"},
		{"wrong/neglected/rp-a/tree", "usr/local/openresty/nginx", "conf/nginx.conf"},
	} {
		t.Run(site.root, func(t *testing.T) {
			o := options(t)
			o.Limit, o.Files, o.Prefix = 300, os.DirFS(filepath.Join("../../fixtures", site.root)), "/"+site.prefix
			tree := nginx.Load(o.Files, o.Prefix, site.conf)
			through(t, run(t, nginx.Effective(tree, followed), o))
		})
	}
	for _, dump := range []string{"clean/shared-port/gate-1/nginx-T.txt"} {
		t.Run(dump, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("../../fixtures", dump))
			if err != nil {
				t.Fatal(err)
			}
			o := options(t)
			o.Limit, o.Prefix = 300, "/usr/local/openresty/nginx"
			through(t, run(t, nginx.Effective(nginx.ParseDump(dump, string(text)), followed), o))
		})
	}
}

// through demands that enough requests come far enough to say something.
func through(t *testing.T, r *Report) {
	t.Helper()
	if n := disagreements(t, r); n < len(r.Results)/20 {
		t.Errorf("only %d of %d requests reached an upstream", n, len(r.Results))
	}
}
