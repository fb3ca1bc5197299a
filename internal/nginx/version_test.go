// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"math"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseVersion(t *testing.T) {
	openresty := "nginx version: openresty/1.25.3.2\nbuilt by gcc 11\nbuilt with OpenSSL 1.1.1w  11 Sep 2023\nTLS SNI support enabled\n" +
		"configure arguments: --prefix=/usr/local/openresty/nginx --with-cc-opt='-O2 -g' --add-module=../ngx_lua-0.10.26 --with-http_ssl_module --with-stream --with-http_geoip_module=dynamic --with-pcre-jit\n"
	got, err := ParseVersion(openresty)
	if err != nil {
		t.Fatal(err)
	}
	want := Build{
		Flavour: "openresty", Version: Version{1, 25, 3}, Release: "1.25.3.2", Line: 1,
		TLS: "OpenSSL 1.1.1w  11 Sep 2023", RunningTLS: "OpenSSL 1.1.1w  11 Sep 2023", HasArguments: true,
		Prefix:  "/usr/local/openresty/nginx",
		Modules: []string{"ngx_lua-0.10.26", "http_ssl_module", "stream", "http_geoip_module"},
		Arguments: []string{
			"--prefix=/usr/local/openresty/nginx", "--with-cc-opt=-O2 -g", "--add-module=../ngx_lua-0.10.26", "--with-http_ssl_module",
			"--with-stream", "--with-http_geoip_module=dynamic", "--with-pcre-jit",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, bad := range []string{"", "nginx: not found", "nginx version: nginx", "nginx version: nginx/1.x.2", "nginx version: nginx/1.2"} {
		if b, err := ParseVersion(bad); err == nil {
			t.Errorf("%q gives %+v", bad, b)
		}
	}
}

func TestParseVersionReadsTheInstalledNginx(t *testing.T) {
	path, _ := realNginx(t)
	out, err := exec.Command(path, "-V").CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	b, err := ParseVersion(string(out))
	if err != nil || b.Version.Major != 1 || b.ConfPath == "" || len(b.Modules) < 5 {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestParseTime(t *testing.T) {
	good := map[string]time.Duration{
		"10": 10 * time.Second, "10s": 10 * time.Second, "1m 30s": 90 * time.Second, "1m30": 90 * time.Second, "500ms": 500 * time.Millisecond,
		"1h": time.Hour, "1d": 24 * time.Hour, "1w": 7 * 24 * time.Hour, "0": 0,
		"1s500ms": 1500 * time.Millisecond, "1m  2s": 62 * time.Second, "5 ": 5 * time.Second,
	}
	for in, want := range good {
		if got, err := ParseTime(in); err != nil || got != want {
			t.Errorf("%q: %v %v, want %v", in, got, err, want)
		}
	}
	if got, err := ParseSeconds("1y1M"); err != nil || got != 395*24*time.Hour {
		t.Errorf("1y1M: %v %v", got, err)
	}
	for _, in := range []string{"", "s", "-1", "1x", "1s1m", "1s1s", "1ms1s", "99999999999999999999", "9999999999y", "1.5s", "$a", " "} {
		if got, err := ParseTime(in); err == nil {
			t.Errorf("%q: %v", in, got)
		}
	}
}

func TestParseSize(t *testing.T) {
	for in, want := range map[string]int64{"0": 0, "8k": 8192, "15m": 15 << 20, "1K": 1024, "1M": 1 << 20, "123": 123} {
		if got, err := ParseSize(in); err != nil || got != want {
			t.Errorf("%q: %v %v, want %v", in, got, err, want)
		}
	}
	if got, err := ParseOffset("2g"); err != nil || got != 2<<30 {
		t.Errorf("2g: %v %v", got, err)
	}
	for _, in := range []string{"", "k", "-1", "1g", "1kk", "1.5k", "99999999999999999999", "9223372036854775807k"} {
		if got, err := ParseSize(in); err == nil {
			t.Errorf("%q: %v", in, got)
		}
	}
	if got, err := ParseOffset("9223372036854775807g"); err == nil || got == math.MaxInt64 {
		t.Errorf("overflow: %v %v", got, err)
	}
}

func TestParseTimeAgainstNginx(t *testing.T) {
	path, modules := realNginx(t)
	for _, in := range []string{"10", "1m 30s", "1m30", "500ms", "1s500ms", "1s1m", "1s1s", "1ms1s", "s", "", " ", "5 ", "1 30", "1 30s", "1x", "1h1m1s", "1y1M", "1M1y", "1m1ms", "1d1w", "3m 3", "3  ", " 3"} {
		dir := t.TempDir()
		write(t, dir, "nginx.conf", sandboxed(modules, dir, "send_timeout \""+in+"\";"))
		_, stderr, err := runNginx(t, path, dir, "-t")
		if _, ours := ParseTime(in); (err == nil) != (ours == nil) {
			t.Errorf("milliseconds %q: nginx %v %s, we %v", in, err, stderr, ours)
		}
		write(t, dir, "nginx.conf", sandboxed(modules, dir, "ssl_session_timeout \""+in+"\";"))
		_, stderr, err = runNginx(t, path, dir, "-t")
		if _, ours := ParseSeconds(in); (err == nil) != (ours == nil) {
			t.Errorf("seconds %q: nginx %v %s, we %v", in, err, stderr, ours)
		}
	}
}
