// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// config reads what stands in http.
func config(t testing.TB, text string) *nginx.Config {
	t.Helper()
	tree := nginx.Parse("/nginx.conf", "events { }\nhttp {\n"+text+"\n}\n")
	if len(tree.Errors) > 0 {
		t.Fatal(tree.Errors)
	}
	return nginx.Effective(tree, followed)
}

const smallGate = `server { listen 80; location /open/ { proxy_pass http://app.internal; } location / { return 403; } }`

func ask(target string) request.Request {
	host := "gate.example"
	return request.Request{Port: 80, Method: "GET", Target: target, Host: &host}
}

func TestACounterExampleThatReachesAnUpstreamIsTold(t *testing.T) {
	o := options(t)
	o.Limit = 1
	o.Witnesses = []Witness{
		{Name: "through", Request: ask("/open/../open/x"), CounterExample: true},
		{Name: "refused", Request: ask("/open/../x"), CounterExample: true},
		{Name: "meant to", Request: ask("/open/x")},
		{Name: "as the proof says", Request: ask("/open/x"), Expected: request.Outcome{Kind: request.Forwarded, Upstream: "http://app.internal", Path: "/open/x"}},
		{Name: "to a group", Request: ask("/group"), Expected: request.Outcome{Kind: request.Forwarded, Upstream: "https://desk", Path: "/group"}},
	}
	r := run(t, config(t, "upstream desk { server a.desk:1; server b.desk:2; }\n"+strings.Replace(smallGate, "location / {", "location /group { proxy_pass https://desk; } location / {", 1)), o)
	for i, through := range []bool{true, false, false, false, false} {
		if res := r.Results[i]; res.GotThrough != through || res.Verdict != Agreed {
			t.Errorf("%s: %+v", res.Name, res)
		}
	}
}

func TestWhatNginxDoesOtherwiseIsADisagreement(t *testing.T) {
	o := options(t)
	o.Limit = 1
	forwarded := func(peer, path string) request.Outcome {
		return request.Outcome{Kind: request.Forwarded, Peers: []string{peer}, Path: path}
	}
	for name, expected := range map[string]request.Outcome{
		"refused":          {Kind: request.Refused, Status: 403},
		"another path":     forwarded("app.internal", "/open/y"),
		"another upstream": forwarded("other.internal", "/open/x"),
	} {
		o.Witnesses = append(o.Witnesses, Witness{Name: name, Request: ask("/open/x"), Expected: expected})
	}
	o.Witnesses = append(o.Witnesses, Witness{Name: "status", Request: ask("/x"), Expected: request.Outcome{Kind: request.Refused, Status: 404}},
		Witness{Name: "forwarded", Request: ask("/x"), Expected: forwarded("app.internal", "/x")})
	cfg := config(t, smallGate+` upstream used { server other.internal; } server { listen 81; location / { proxy_pass http://used; } }`)
	r := run(t, cfg, o)
	if n := r.Count(Disagreed); n != len(o.Witnesses) {
		t.Errorf("%d of %d disagree: %+v", n, len(o.Witnesses), r.Results)
	}
}

func TestTimeEndsARunAndTheRestIsSkipped(t *testing.T) {
	o := options(t)
	o.Time = time.Nanosecond
	r := run(t, config(t, smallGate), o)
	if n := r.Count(Skipped); n != len(r.Results) || n == 0 {
		t.Errorf("%d of %d are skipped", n, len(r.Results))
	}
	// A server that waits for ever does not hold a run up.
	o.Time = 2 * time.Second
	o.RunLua = true
	start := time.Now()
	_, err := Run(t.Context(), config(t, `init_by_lua_block { while true do end } server { listen 80; return 200; }`), o)
	var no *Unavailable
	if err != nil && !errors.As(err, &no) {
		t.Error(err)
	}
	if d := time.Since(start); d > 15*time.Second {
		t.Errorf("it took %s", d)
	}
}

func TestWithoutNamespacesNothingIsRun(t *testing.T) {
	o := options(t)
	dir := t.TempDir()
	o.Program = filepath.Join(dir, "nginx")
	// It tells its version, and would tell if it were run on a configuration.
	script := "#!/bin/sh\necho 'nginx version: nginx/1.22.1'\n[ \"$1\" = -v ] || touch " + dir + "/ran\n"
	if err := os.WriteFile(o.Program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	o.Inside = []string{filepath.Join(dir, "nonesuch")}
	_, err := Run(t.Context(), config(t, smallGate), o)
	var no *Unavailable
	if !errors.As(err, &no) || no.Hint() == "" {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "ran")); err == nil {
		t.Error("nginx was run")
	}
}

func TestNginxThatRefusesIsToldWithThePlaceInTheAuditedFiles(t *testing.T) {
	_, err := Run(t.Context(), config(t, "server {\nlisten 80;\nlocation / {\nreturn never ever more;\n}\n}"), options(t))
	if err == nil || !strings.Contains(err.Error(), "in /nginx.conf:6") {
		t.Errorf("%v", err)
	}
}

func TestVariablesOfModulesThatDoNotRunAreEmpty(t *testing.T) {
	o := options(t)
	o.Limit = 200
	r := run(t, config(t, `server { listen 80; if ($geoip_country_code = "") { return 410; } location / { return 200 $jwt_sub; } }`), o)
	disagreements(t, r)
	if want := "[geoip_country_code jwt_sub]"; fmt.Sprint(r.EmptyVariables) != want && fmt.Sprint(r.EmptyVariables) != "[jwt_sub geoip_country_code]" {
		t.Errorf("%q", r.EmptyVariables)
	}
	if r.Count(Agreed)+r.Count(AgreedRendered) == 0 {
		t.Error("nothing is compared")
	}
}

func TestLuaRunsOnlyWhenThatIsAskedFor(t *testing.T) {
	o := options(t)
	files := fstest.MapFS{
		"gate/conf/nginx.conf": {Data: []byte(`events { } http { lua_package_path "$prefix/lib/?.lua;;"; server { listen 80;
			location / { access_by_lua_file lua/guard.lua; proxy_pass http://app.internal; }
			location /block { content_by_lua_block { ngx.status = 418 ngx.say("}") } } } }`)},
		"gate/lua/guard.lua": {Data: []byte(`if not require("rules")[ngx.var.uri] then ngx.exit(403) end`)},
		"gate/lib/rules.lua": {Data: []byte(`return { ["/known"] = true }`)},
	}
	o.Files, o.Prefix, o.Limit = files, "/gate", 1
	cfg := nginx.Effective(nginx.Load(files, o.Prefix, "conf/nginx.conf"), followed)
	for _, target := range []string{"/known", "/other", "/block"} {
		o.Witnesses = append(o.Witnesses, Witness{Name: target, Request: ask(target)})
	}
	seen := func(r *Report) string {
		var out []string
		for _, res := range r.Results[:3] {
			out = append(out, fmt.Sprint(res.Observed.Status, " ", res.Observed.Upstream != "", " ", res.Verdict))
		}
		return strings.Join(out, ", ")
	}
	if got, want := seen(run(t, cfg, o)), "200 true agreed_rendered, 200 true agreed_rendered, 404 false agreed_rendered"; got != want {
		t.Errorf("without Lua: %s", got)
	}
	o.RunLua = true
	if got, want := seen(run(t, cfg, o)), "200 true skipped, 403 false skipped, 418 false skipped"; got != want {
		t.Errorf("with Lua: %s", got)
	}
}

func TestALargeConfigurationStaysWithinItsBounds(t *testing.T) {
	var b strings.Builder
	b.WriteString("server { listen 80;\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "location /p%d/ { if ($http_h%d = x) { return 403; } proxy_pass http://u%d; }\n", i, i, i%1500)
	}
	b.WriteString("}\n")
	o := options(t)
	o.Limit = 300
	start := time.Now()
	r := run(t, config(t, b.String()), o)
	disagreements(t, r)
	t.Logf("%s for 3000 locations", time.Since(start))
	if len(r.Results) != 300 || r.NotSent == 0 || r.NotSent > maxGenerated {
		t.Errorf("%d sent, %d not", len(r.Results), r.NotSent)
	}
	_, err := Run(t.Context(), config(t, "server { listen 10000-11100; return 200; }"), o)
	if err == nil || !strings.Contains(err.Error(), "more than 1000 addresses") {
		t.Errorf("%v", err)
	}
}
