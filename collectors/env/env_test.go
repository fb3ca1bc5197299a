// SPDX-License-Identifier: Apache-2.0

package env_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/env"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

// collect runs the collector on an edge whose env is the path in the folder.
func collect(t *testing.T, dir, declared string) evidence.Collected {
	t.Helper()
	archive := &evidence.Archive{}
	files := site.OpenFiles(dir, archive)
	t.Cleanup(func() { _ = files.Close() })
	edge := evidence.Edge{Name: "rp-a", Env: declared, Source: evidence.Source{Artifact: "site.yaml", Line: 7}}
	got, err := env.Collector{}.Collect(t.Context(), evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a", Edge: &edge, Site: &evidence.Site{}, Files: files, Artifacts: archive,
		Now: func() time.Time { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range got.Gaps {
		if g.Part != "" && !slices.Contains(evidence.Parts("env"), g.Part) {
			t.Errorf("%q is no field of the record", g.Part)
		}
	}
	return got
}

// write puts files into a folder and collects from it.
func write(t *testing.T, files map[string]string) evidence.Collected {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return collect(t, dir, ".")
}

// effective returns the property of a name that counts in a file.
func effective(t *testing.T, got evidence.Collected, file, name string) evidence.EnvProperty {
	t.Helper()
	for _, record := range got.Sections.Env {
		for _, p := range record.Properties {
			if p.File == file && p.Name == name && p.Effective {
				return p
			}
		}
	}
	t.Fatalf("%s has no %s", file, name)
	return evidence.EnvProperty{}
}

func reasons(got evidence.Collected) string {
	var all []string
	for _, g := range got.Gaps {
		all = append(all, fmt.Sprintf("%s %s:%d %s", g.Subject, g.Source.Artifact, g.Source.Line, g.Reason))
	}
	return strings.Join(all, "\n")
}

func TestTheSampleFilesReadWithoutAGap(t *testing.T) {
	got := collect(t, "testdata", "desk-a")
	if len(got.Gaps) != 0 {
		t.Fatalf("gaps:\n%s", reasons(got))
	}
	record := got.Sections.Env[0]
	var files []string
	for _, f := range record.Files {
		files = append(files, f.Name+" "+string(f.Scope)+" "+f.TemplateType.Value+" "+f.ComponentDir.Value)
	}
	want := []string{
		"installer.env installer  ", "core.env common  ", "dirs.env common  ", "cuic_12.6(1).env component cuic_12.6(1) cuic-a",
		"finesse.env component finesse fin-a", "ids.env component ids ids-a", "livedata_12.6(1).env component livedata_12.6(1) ld-a",
	}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Error(diff)
	}
	auth := effective(t, got, "finesse.env", "NGX_AUTH_URL")
	if auth.Value.Value != "https://desk-a.agents.example:8445/finesse/api/UserAuth" || auth.Scheme != "https" || auth.Path != "/finesse/api/UserAuth" ||
		len(auth.Endpoints) != 1 || auth.Endpoints[0].Host != "desk-a.agents.example" || auth.Endpoints[0].Port != 8445 || auth.IsDefault || auth.Sample != "" ||
		auth.Source.Line != 9 || auth.Subject != "edge/rp-a/env/finesse.env/property/NGX_AUTH_URL" {
		t.Errorf("%+v", auth)
	}
	if crt := effective(t, got, "finesse.env", "NGX_SSL_CRT"); crt.Value.Value != "/usr/local/openresty/nginx/ssl/desk-a.crt" || crt.Raw != "${NGX_SSL_DIR}/desk-a.crt" {
		t.Errorf("%+v", crt)
	}
	exempt := effective(t, got, "core.env", "NGX_RATELIMIT_DISABLE_IPS")
	if diff := cmp.Diff([]string{"203.0.113.10", "10.9.0.10", "203.0.113.11", "10.9.0.11", "127.0.0.1"}, exempt.List); diff != "" || len(exempt.Endpoints) != 5 || !exempt.Endpoints[4].IPAddress {
		t.Errorf("%s %+v", diff, exempt.Endpoints)
	}
	if up := effective(t, got, "finesse.env", "IPTABLES_HASH_LIMIT_UPTO"); up.Number.Value != 360 || up.Unit != evidence.EnvUnitConnectionsPerMinute || !up.IsDefault {
		t.Errorf("%+v", up)
	}
	if crt := effective(t, got, "core.env", "NGX_LIVE_LOG_SERVER_CRT_AUTH"); !crt.Switch.Known || !crt.Switch.Value {
		t.Errorf("%+v", crt)
	}
	if failover := effective(t, got, "livedata_12.6(1).env", "NGX_LD_BACKEND_FAILOVER"); failover.Endpoints[0].Host != "ld-b.corp.example" || failover.Endpoints[0].Port != 12005 {
		t.Errorf("%+v", failover)
	}
}

func TestASecretKeepsItsMarkOnly(t *testing.T) {
	const weak = "only-a-name"
	const random = "qM8v0xw3R6T1ZbY4kP9sD2fG5hJ7lC0nE8uI3oA6rWs="
	got := write(t, map[string]string{
		"core.env":    "A=1\nNGX_JWT_SECRET=\"" + random + "\"\nCOPY=$NGX_JWT_SECRET\n",
		"finesse.env": "TEMPLATE_TYPE=finesse\nNGX_JWT_SECRET='" + weak + "'\nexport MY_TOKEN=canary-canary-1\nNGX_SSL_KEY=relative/canary.key\n",
		"ids.env":     "TEMPLATE_TYPE=ids\nNGX_JWT_SECRET=on\nNGX_NOTE=`echo canary-2`\npassword canary-3\n",
	})
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, canary := range []string{weak, random, "canary-canary-1", "canary-3"} {
		if strings.Contains(string(text), canary) {
			t.Errorf("%s is in the facts", canary)
		}
	}
	p := effective(t, got, "core.env", "NGX_JWT_SECRET")
	if !p.Secret || p.Mark.Kind != evidence.RandomKey || p.Mark.Length != 44 || len(p.Mark.SHA256) != 64 || p.Mark.Source.Line != 2 || p.Value.Known || p.Raw != "" {
		t.Errorf("%+v", p)
	}
	if c := effective(t, got, "core.env", "COPY"); !c.Secret || c.Value.Known || c.Raw != "" {
		t.Errorf("a copy of a secret is no secret: %+v", c)
	}
	// A value of the secret's name that redaction took for a switch is withheld too.
	if p := effective(t, got, "ids.env", "NGX_JWT_SECRET"); !p.Secret || p.Raw != "" || p.Value.Known {
		t.Errorf("%+v", p)
	}
	if p := effective(t, got, "finesse.env", "MY_TOKEN"); !p.Secret || p.Value.Known || p.Raw != "" {
		t.Errorf("%+v", p)
	}
	// The place of a key is no key.
	if p := effective(t, got, "finesse.env", "NGX_SSL_KEY"); p.Secret || p.Value.Value != "relative/canary.key" || strings.Contains(reasons(got), "NGX_SSL_KEY") {
		t.Errorf("%+v, gaps:\n%s", p, reasons(got))
	}
	if n := len(got.Sections.Env[0].Secrets); n < 3 {
		t.Errorf("%d marks", n)
	}
}

func TestDuplicatesAreKeptAndTheLastOneCounts(t *testing.T) {
	got := write(t, map[string]string{
		"installer.env": "", "finesse.env": "TEMPLATE_TYPE=finesse\nNGX_PRXY_FIN_PORT=8445\nNGX_FIN_HOSTNAME=a.example\nNGX_PRXY_FIN_PORT=443\n",
	})
	var lines []string
	for _, p := range got.Sections.Env[0].Properties {
		if p.Name == "NGX_PRXY_FIN_PORT" {
			lines = append(lines, fmt.Sprintf("%d %d %v %s", p.Source.Line, p.Occurrence, p.Effective, p.Value.Value))
		}
	}
	if diff := cmp.Diff([]string{"2 1 false 8445", "4 2 true 443"}, lines); diff != "" {
		t.Error(diff)
	}
}

func TestWhatNothingAssignsHasItsDocumentedDefault(t *testing.T) {
	got := write(t, map[string]string{
		"installer.env":    "NGX_IGNORE_SELINUX=true\n",
		"cuic_12.6(1).env": "TEMPLATE_TYPE=\"cuic_12.6(1)\"\n",
		"cuic.env":         "TEMPLATE_TYPE=CUIC\n",
		"core.env":         "NGX_SSL_STAPLING=on\n",
	})
	for _, c := range []struct {
		file, name, value string
		known             bool
		number            int
	}{
		{"cuic_12.6(1).env", "NGX_PRXY_CUIC_PORT", "8444", true, 8444},
		{"cuic.env", "NGX_PRXY_CUIC_PORT", "443", true, 443},
		{"cuic.env", "IPTABLES_HASH_LIMIT_UPTO", "2/sec", true, 120},
		{"cuic.env", "NGX_COMP_DIR_NAME", "", false, 0},
		{"", "NGX_CLIENT_LOCK_THRESHOLD", "5", true, 5},
		{"", "NGX_CUIC_REQUEST_RATE_LIMIT", "50r/s", true, 3000},
		{"", "NGX_CLIENT_MAX_BODY_SIZE", "15m", true, 15 << 20},
		{"", "NGX_PROXY_CACHE_VALID", "24h", true, 86400},
		{"", "NGX_JWT_SECRET", "", false, 0},
		{"", "CREATE_SELF_SIGNED_SSL_CERT", "TRUE", true, 0},
	} {
		p := effective(t, got, c.file, c.name)
		if p.Set || p.Occurrence != 0 || p.Value.Known != c.known || p.Value.Value != c.value || p.Number.Value != c.number {
			t.Errorf("%s %s: %+v", c.file, c.name, p)
		}
		if want := map[bool]string{true: "15.0(1)", false: ""}[c.known]; p.Value.Origin.Version != want {
			t.Errorf("%s: origin %+v", c.name, p.Value.Origin)
		}
	}
	for _, p := range got.Sections.Env[0].Properties {
		switch {
		case p.Name == "NGX_SSL_STAPLING" && !p.Set, p.Name == "NGX_IGNORE_SELINUX" && !p.Set, strings.Contains(p.Name, "FIN_PORT"), strings.Contains(p.Name, "#"):
			t.Errorf("%s has a default although it is assigned, or has no place: %+v", p.Name, p)
		}
	}
}

func TestValuesAreReadByTheirKind(t *testing.T) {
	got := write(t, map[string]string{"installer.env": "", "core.env": strings.Join([]string{
		"NGX_FIN_REQUEST_RATE_LIMIT=90r/s", "NGX_KEEPALIVE_TIMEOUT=1h30m", "NGX_LOG_BUFFER=16k", "NGX_SERVER_TOKENS=Off",
		"NGX_LOAD_BALANCER_IPS='192.0.2.0/24 | lb.example |2001:db8::1'", "MINE=5r/m", "OTHER=\"a|b\"", "THIRD=12", "FOURTH=https://x.example/y", "FIFTH=10m",
		"NGX_CHAT_HOST3_PROXY=desk-a.agents.example:15280", "NGX_FIN_HOSTNAME=finesse.host.domain", "CONTAINER_DNS_RESOLVER='1.1.1.1|8.8.8.8'",
		"NGX_LIMIT_REQ_DRY_RUN=perhaps", "NGX_PRXY_STATUS_PORT=70000", "NGX_AUTH_URL=/finesse", "NGX_SYSLOG_SVR_IP='a b'", "NGX_SEND_TIMEOUT=soon",
	}, "\n")})
	for _, c := range []struct {
		name string
		ok   func(evidence.EnvProperty) bool
	}{
		{"NGX_FIN_REQUEST_RATE_LIMIT", func(p evidence.EnvProperty) bool {
			return p.Number.Value == 5400 && p.Unit == evidence.EnvUnitRequestsPerMinute && p.IsDefault
		}},
		{"NGX_KEEPALIVE_TIMEOUT", func(p evidence.EnvProperty) bool { return p.Number.Value == 5400 && p.Unit == evidence.EnvUnitSeconds }},
		{"NGX_LOG_BUFFER", func(p evidence.EnvProperty) bool { return p.Number.Value == 16384 && p.Unit == evidence.EnvUnitBytes }},
		{"NGX_SERVER_TOKENS", func(p evidence.EnvProperty) bool { return p.Switch.Known && !p.Switch.Value }},
		{"NGX_LOAD_BALANCER_IPS", func(p evidence.EnvProperty) bool {
			return len(p.List) == 3 && len(p.Endpoints) == 3 && p.Endpoints[0].IPAddress && !p.Endpoints[1].IPAddress && p.Endpoints[2].Host == "2001:db8::1"
		}},
		{"MINE", func(p evidence.EnvProperty) bool {
			return !p.Documented && p.Kind == evidence.EnvRate && p.Number.Value == 5 && p.Unit == evidence.EnvUnitPerMinute
		}},
		{"OTHER", func(p evidence.EnvProperty) bool { return p.Kind == evidence.EnvList && len(p.List) == 2 }},
		{"THIRD", func(p evidence.EnvProperty) bool { return p.Kind == evidence.EnvNumber && p.Number.Value == 12 }},
		{"FOURTH", func(p evidence.EnvProperty) bool {
			return p.Kind == evidence.EnvURL && p.Endpoints[0].Host == "x.example" && p.Path == "/y"
		}},
		{"FIFTH", func(p evidence.EnvProperty) bool { return p.Kind == evidence.EnvText && !p.Number.Known }},
		{"NGX_CHAT_HOST3_PROXY", func(p evidence.EnvProperty) bool { return p.Documented && p.Endpoints[0].Port == 15280 }},
		{"NGX_FIN_HOSTNAME", func(p evidence.EnvProperty) bool { return p.Sample == "sample domain" }},
		{"CONTAINER_DNS_RESOLVER", func(p evidence.EnvProperty) bool { return p.IsDefault && p.Sample == "public resolver of the sample" }},
		{"NGX_LIMIT_REQ_DRY_RUN", func(p evidence.EnvProperty) bool { return !p.Switch.Known && p.Value.Value == "perhaps" }},
		{"NGX_PRXY_STATUS_PORT", func(p evidence.EnvProperty) bool { return !p.Number.Known }},
	} {
		if p := effective(t, got, "core.env", c.name); !c.ok(p) {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
	if len(got.Gaps) != 5 {
		t.Errorf("want a gap for each of the last five:\n%s", reasons(got))
	}
}

func TestCommonFilesWithDifferentValuesDecideNothing(t *testing.T) {
	got := write(t, map[string]string{
		"installer.env": "BASE=/a\n", "core.env": "BASE=/b\nOWN=$BASE\n", "finesse.env": "TEMPLATE_TYPE=finesse\nX=$BASE/x\n", "dirs.env": "DEEP=$MIDDLE\n",
		"later.env": "MIDDLE=$LAST\n", "zlast.env": "LAST=end\n",
	})
	if p := effective(t, got, "core.env", "OWN"); p.Value.Value != "/b" {
		t.Errorf("%+v", p)
	}
	if p := effective(t, got, "finesse.env", "X"); p.Value.Known || p.Source.Origin.Kind != evidence.Unresolved {
		t.Errorf("%+v", p)
	}
	if p := effective(t, got, "dirs.env", "DEEP"); p.Value.Value != "end" {
		t.Errorf("%+v\n%s", p, reasons(got))
	}
	if !strings.Contains(reasons(got), "edge/rp-a/env/finesse.env finesse.env:2 X: the value is not resolved: BASE has no known value") {
		t.Errorf("gaps:\n%s", reasons(got))
	}
}

func TestWhatIsMissingOrTooLargeIsAGap(t *testing.T) {
	long := strings.Repeat(strings.Repeat(" ", 4000)+"\n", 270)
	value := strings.Repeat(".", 20_000)
	many := strings.Repeat("A=1\n", 1200)
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no installer.env", map[string]string{"core.env": "A=1"}, "edge/rp-a/env/installer.env"},
		{"an empty folder", map[string]string{"README": "x"}, "no environment file in the folder"},
		{"a huge file", map[string]string{"installer.env": "", "core.env": long}, "core.env: is longer than 1048576 bytes"},
		{"a huge value", map[string]string{"installer.env": "", "core.env": "A=" + value + "\nB=1"}, "A: the value is not resolved: the value is longer"},
		{"too many assignments", map[string]string{"installer.env": "", "core.env": many}, "more than 1000 assignments"},
		{"a command", map[string]string{"installer.env": "", "core.env": "set -e\nA=1"}, "core.env:1 the line is no assignment"},
		{"a substitution", map[string]string{"installer.env": "", "core.env": "A=$(hostname)\nB=1"}, "a command would be run"},
		{"an unknown name", map[string]string{"installer.env": "", "core.env": "A=$NOBODY"}, "no file assigns NOBODY"},
		{"an unquoted list", map[string]string{"installer.env": "", "core.env": "A=a|b"}, "an unquoted '|'"},
		{"binary content", map[string]string{"installer.env": "", "core.env": "\x00\x01\x02\x03\x04\x05\x06\x07"}, "the line is no assignment"},
	} {
		if got := write(t, c.files); !strings.Contains(reasons(got), c.want) {
			t.Errorf("%s: gaps:\n%s", c.name, reasons(got))
		}
	}
	for _, c := range []struct{ declared, want string }{{"", "the edge declares no env"}, {"nowhere", "nowhere"}} {
		got := collect(t, t.TempDir(), c.declared)
		if len(got.Gaps) != 1 || !strings.Contains(got.Gaps[0].Reason, c.want) || len(got.Sections.Env) != 0 {
			t.Errorf("%q: %+v", c.declared, got)
		}
	}
}

func TestAFileAloneIsReadAndAnotherTargetIsLeftAlone(t *testing.T) {
	got := collect(t, "testdata", "desk-a/finesse.env")
	if f := got.Sections.Env[0].Files; len(f) != 1 || f[0].Name != "finesse.env" || f[0].Source.Artifact != "desk-a/finesse.env" {
		t.Errorf("%+v", f)
	}
	if !strings.Contains(reasons(got), "no file assigns NGX_SSL_DIR") {
		t.Errorf("gaps:\n%s", reasons(got))
	}
	other, err := env.Collector{}.Collect(t.Context(), evidence.Target{Kind: evidence.KindSite, Subject: "site", Site: &evidence.Site{}})
	if err != nil || len(other.Gaps) != 0 || len(other.Sections.Env) != 0 {
		t.Errorf("%+v, %v", other, err)
	}
}

func TestGapsOfOneFileAreCounted(t *testing.T) {
	got := write(t, map[string]string{"installer.env": "", "core.env": strings.Repeat("nonsense here\n", 300)})
	if len(got.Gaps) > 45 || !strings.Contains(reasons(got), "more places of the file could not be read") {
		t.Errorf("%d gaps:\n%s", len(got.Gaps), reasons(got))
	}
}

func TestAValueThatIsNotKnownLeavesOnlyThePropertiesOpen(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a value of another form", "NGX_JWT_EXPIRY=soon\n", "properties"},
		{"a value that needs a shell", "NGX_PRXY_SERVER=$(hostname)\n", "properties"},
		{"the kind of the file", "TEMPLATE_TYPE=$(cat kind)\n", ""},
		{"the folder of the component", "NGX_COMP_DIR_NAME=$(cat folder)\n", ""},
		{"a line that is no assignment", "if true; then\n", ""},
	} {
		got := write(t, map[string]string{"installer.env": "NGX_A=1\n", "core.env": "NGX_B=2\n" + c.text})
		if len(got.Gaps) != 1 || got.Gaps[0].Part != c.want {
			t.Errorf("%s: %+v", c.name, got.Gaps)
		}
	}
	if got := write(t, map[string]string{"core.env": "NGX_A=1\n"}); len(got.Gaps) == 0 || got.Gaps[0].Part != "" {
		t.Errorf("without installer.env: %+v", got.Gaps)
	}
}
