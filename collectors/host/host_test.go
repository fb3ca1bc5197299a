// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"context"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/host"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

// memory is the files of a test. Those below "tree/" are the captured tree.
type memory fstest.MapFS

func (m memory) Read(name string, limit int64) (evidence.Artifact, error) {
	f, ok := m[name]
	if !ok {
		return evidence.Artifact{}, fmt.Errorf("%s: file does not exist", name)
	}
	if int64(len(f.Data)) > limit {
		return evidence.Artifact{}, fmt.Errorf("%s: is %d bytes long, more than %d", name, len(f.Data), limit)
	}
	text, _ := evidence.Redact(f.Data)
	return evidence.Artifact{Path: name, Text: text}, nil
}

func (m memory) Tree(name string) (fs.FS, error) { return fs.Sub(fstest.MapFS(m), name) }

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text), Mode: 0o644} }

// collect runs the collector over one edge.
func collect(t testing.TB, files evidence.Files, h evidence.HostFiles) (evidence.Host, []evidence.Gap) {
	t.Helper()
	edge := &evidence.Edge{Name: "rp-a", Host: h}
	edge.Nginx.Prefix = "usr/local/openresty/nginx"
	got, err := host.Collector{}.Collect(context.Background(), evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a", Site: &evidence.Site{Edges: []evidence.Edge{*edge}}, Edge: edge, Files: files,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range got.Gaps {
		if g.Part != "" && !slices.Contains(evidence.Parts("host"), g.Part) {
			t.Errorf("%q is no field of the record", g.Part)
		}
	}
	if len(got.Sections.Host) == 0 {
		return evidence.Host{}, got.Gaps
	}
	return got.Sections.Host[0], got.Gaps
}

// about returns the reasons of the gaps that hold a text.
func about(gaps []evidence.Gap, text string) []string {
	var out []string
	for _, g := range gaps {
		if strings.Contains(g.Reason, text) {
			out = append(out, g.Reason)
		}
	}
	return out
}

// one reads a single capture and returns the gaps that name it.
func one(t testing.TB, part evidence.HostPartName, text string) (evidence.Host, []string) {
	t.Helper()
	var h evidence.HostFiles
	setPart(t, &h, part, "capture.txt")
	record, gaps := collect(t, memory{"capture.txt": file(text)}, h)
	return record, about(gaps, "capture.txt")
}

// setPart sets the key of HostFiles that has a part's name.
func setPart(t testing.TB, h *evidence.HostFiles, part evidence.HostPartName, value string) {
	t.Helper()
	v := reflect.ValueOf(h).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("json") == string(part) {
			v.Field(i).SetString(value)
			return
		}
	}
	t.Fatalf("there is no key host.%s", part)
}

// inTree reads a captured tree alone and returns the gaps that name a place.
func inTree(t testing.TB, place string, files map[string]string) (evidence.Host, []string) {
	t.Helper()
	m := memory{"tree/etc": &fstest.MapFile{Mode: fs.ModeDir | 0o755}}
	for name, text := range files {
		m["tree/"+name] = file(text)
	}
	record, gaps := collect(t, m, evidence.HostFiles{Root: "tree"})
	return record, about(gaps, place)
}

func cleanFiles() evidence.HostFiles {
	return evidence.HostFiles{
		Root: "tree", Sysctl: "sysctl.txt", SSHD: "sshd-T.txt", Files: "stat.txt", Mounts: "mounts.txt", Users: "passwd-S.txt",
		Units: "unit-files.txt", UnitStates: "units.txt", SELinux: "sestatus.txt", SELinuxPorts: "semanage-port.txt",
		Sockets: "ss.txt", Addresses: "ip-address.json", Routes: "ip-route.json", Packages: "rpm-qa.txt",
		Updates: "updateinfo.txt", XCCDF: "xccdf.xml", CPU: "lscpu.txt", Memory: "meminfo.txt", Volumes: "df.txt",
	}
}

func collectClean(t *testing.T) (evidence.Host, []evidence.Gap) {
	t.Helper()
	files := site.OpenFiles("testdata/clean", &evidence.Archive{})
	t.Cleanup(func() { files.Close() })
	return collect(t, files, cleanFiles())
}

func TestTheCleanSampleIsReadWithoutAGap(t *testing.T) {
	record, gaps := collectClean(t)
	for _, g := range gaps {
		t.Errorf("gap: %s (%s:%d)", g.Reason, g.Source.Artifact, g.Source.Line)
	}
	for _, p := range record.Parts {
		if !p.Read || !p.Complete {
			t.Errorf("part %s is not read whole", p.Name)
		}
	}
	if n := len(evidence.HostPartName("").Values()); len(record.Parts) != n {
		t.Errorf("%d parts are told of, there are %d", len(record.Parts), n)
	}
}

func TestTheCleanSampleGivesTheFactsThatRulesDecideOn(t *testing.T) {
	r, _ := collectClean(t)
	for key, want := range map[string]int{
		"net.ipv4.tcp_syn_retries": 1, "net.ipv4.ip_forward": 0, "net.ipv4.conf.all.rp_filter": 1, "vm.swappiness": 1,
		"kernel.randomize_va_space": 2, "net.ipv6.conf.default.accept_ra": 0,
	} {
		if s := sysctl(r, key); !s.Number.Known || s.Number.Value != want {
			t.Errorf("%s is %+v, want %d", key, s.Number, want)
		}
		if s := setting(r, key); !s.Number.Known || s.Number.Value != want {
			t.Errorf("the files set %s to %+v, want %d", key, s.Number, want)
		}
	}
	if s := setting(r, "kernel.sysrq"); len(s.Overrides) != 1 || s.Overrides[0].Text != "16" {
		t.Errorf("kernel.sysrq overrides %+v, want the distribution's 16", s.Overrides)
	}
	if want := []evidence.SSHListen{{Address: "10.9.0.10", Port: 22, Source: at("sshd-T.txt", 3)}}; cmp.Diff(want, r.SSHD.Listens) != "" || !r.SSHD.Effective {
		t.Errorf("sshd listens on %+v", r.SSHD.Listens)
	}
	for _, f := range r.Files {
		if f.Path == "/usr/local/openresty/nginx/conf/ssl/desk-a.key" && (f.Mode != "0400" || f.Bits != 0o400 || !f.OwnedByRoot || f.GroupAccess || f.WorldAccess) {
			t.Errorf("the key's mode is %+v", f)
		}
	}
	cache := r.Mounts[len(r.Mounts)-1]
	if cache.Path != "/usr/local/openresty/nginx/cache" || cache.Type != "tmpfs" || !cache.NoExec || !cache.NoDev || !cache.NoSUID || cache.SizeBytes.Value != 6<<30 {
		t.Errorf("the cache is mounted as %+v", cache)
	}
	for _, u := range r.Users {
		if u.Name == "nginxuser" && (u.UID.Value != 9876 || u.LoginShell || u.Password != evidence.PasswordLocked) {
			t.Errorf("the worker's account is %+v", u)
		}
	}
	for _, u := range r.Units {
		switch {
		case u.Name == "firewalld.service" && (!u.Masked || u.Enabled || u.Active != "inactive"),
			u.Name == "fail2ban.service" && (!u.Enabled || u.Active != "active" || u.Masked):
			t.Errorf("unit %+v", u)
		}
	}
	if r.SELinux.Mode != evidence.SELinuxEnforcing || r.SELinux.Configured != evidence.SELinuxEnforcing || r.SELinux.Policy != "targeted" {
		t.Errorf("SELinux is %+v", r.SELinux)
	}
	var listening []int
	for _, s := range r.Sockets {
		if s.Protocol == "tcp" && s.Wildcard && cmp.Equal(s.Programs, []string{"nginx"}) {
			listening = append(listening, s.Port)
		}
	}
	ports := []int{8444, 8445, 8447, 8553, 12005, 12008}
	if diff := cmp.Diff(ports, listening); diff != "" {
		t.Errorf("nginx listens on other ports: %s", diff)
	}
	var labelled []int
	for _, l := range r.PortLabels {
		if l.Type == "http_port_t" && l.From == l.To {
			labelled = append(labelled, l.From)
		}
	}
	if diff := cmp.Diff(ports, labelled[:6]); diff != "" {
		t.Errorf("ports labelled otherwise: %s", diff)
	}
	if i := r.Interfaces[1]; i.Name != "ens192" || !i.Up || i.Addresses[0].Address != "203.0.113.10" || i.Addresses[0].PrefixLength != 24 || i.Source.Line != 2 {
		t.Errorf("the outer interface is %+v", i)
	}
	if d := r.Routes[0]; !d.Default || d.Interface != "ens192" || d.Gateway != "203.0.113.1" || d.Family != "ipv4" || d.Table != "main" {
		t.Errorf("the default route is %+v", d)
	}
	if len(r.Jails) != 1 {
		t.Fatalf("%d jails, want one", len(r.Jails))
	}
	j := r.Jails[0]
	var banned []int
	for _, p := range j.Ports {
		banned = append(banned, p.From)
	}
	if diff := cmp.Diff(append([]int{80, 443}, ports...), banned); diff != "" {
		t.Errorf("the jail closes other ports: %s", diff)
	}
	if j.Name != "finesse-http-auth" || j.MaxRetry.Value != 1 || j.FindSeconds.Value != 180 || j.BanSeconds.Value != 1800 || j.Filter != "finesseban" ||
		j.BanAction != "iptables-multiport" || len(j.FailRegexes) != 1 || !j.FailRegexes[0].Anchored || j.FailRegexes[0].Source.Line != 3 {
		t.Errorf("the jail is %+v", j)
	}
	if l := r.LogRotations[0]; len(l.NginxLogs) != 3 || l.Count != 30 || l.Frequency != "daily" || !l.Compress || l.CreateMode != "0640" || l.MaxSizeBytes != 200<<20 {
		t.Errorf("the logs are rotated as %+v", l)
	}
	if b := r.Benchmarks[0]; b.ScorePercent.Value != 100 || !b.ScorePercent.Known || len(b.Failed) != 0 || b.EndedAt != "2026-05-30T04:12:40Z" {
		t.Errorf("the benchmark is %+v", b)
	}
	if r.System.ID != "rhel" || r.System.VersionID != "9.4" || len(r.Updates) != 0 || len(r.Packages) != 20 {
		t.Errorf("system %+v, %d updates, %d packages", r.System, len(r.Updates), len(r.Packages))
	}
}

func at(artifact string, line int) evidence.Source {
	return evidence.Source{Artifact: artifact, Line: line, Column: min(line, 1), Origin: evidence.Origin{Kind: evidence.Explicit}}
}

func sysctl(r evidence.Host, key string) evidence.Sysctl {
	for _, s := range r.Sysctls {
		if s.Key == key {
			return s
		}
	}
	return evidence.Sysctl{}
}

func setting(r evidence.Host, key string) evidence.SysctlSetting {
	for _, s := range r.SysctlFiles {
		if s.Key == key {
			return s
		}
	}
	return evidence.SysctlSetting{}
}

func TestAnEdgeWithoutAnyHostKeyIsOneGap(t *testing.T) {
	_, gaps := collect(t, memory{}, evidence.HostFiles{})
	if len(gaps) != 1 || gaps[0].Subject != "edge/rp-a" || gaps[0].Section != "host" || gaps[0].Part != "" {
		t.Errorf("gaps %+v", gaps)
	}
}

func TestEachAbsentKeyIsOneGapThatNamesIt(t *testing.T) {
	files := site.OpenFiles("testdata/clean", &evidence.Archive{})
	defer files.Close()
	keys := reflect.TypeFor[evidence.HostFiles]()
	for i := range keys.NumField() {
		key := keys.Field(i).Tag.Get("json")
		h := cleanFiles()
		reflect.ValueOf(&h).Elem().Field(i).SetString("")
		_, gaps := collect(t, files, h)
		want, named := 1, 1
		switch key {
		case "sshd":
			want = 2 // the tree has no sshd_config either
		case "root":
			want, named = 9, 9 // one for each field that is read from it
		case "packages":
			want, named = 2, 2 // the days of installation as well
		}
		if len(gaps) != want || len(about(gaps, "host."+key)) != named {
			t.Errorf("without host.%s: gaps %q", key, about(gaps, ""))
		}
	}
}

func captured() []evidence.HostPartName {
	return []evidence.HostPartName{
		evidence.PartSysctl, evidence.PartSSHD, evidence.PartFiles, evidence.PartMounts, evidence.PartUsers, evidence.PartUnits,
		evidence.PartUnitStates, evidence.PartSELinux, evidence.PartSELinuxPorts, evidence.PartSockets, evidence.PartAddresses,
		evidence.PartRoutes, evidence.PartPackages, evidence.PartUpdates, evidence.PartXCCDF,
		evidence.PartCPU, evidence.PartMemory, evidence.PartVolumes,
	}
}

func partOf(r evidence.Host, name evidence.HostPartName) evidence.HostPart {
	for _, p := range r.Parts {
		if p.Name == name {
			return p
		}
	}
	return evidence.HostPart{}
}

func asGaps(reasons []string) []evidence.Gap {
	var out []evidence.Gap
	for _, r := range reasons {
		out = append(out, evidence.Gap{Reason: r})
	}
	return out
}

func count(r evidence.Host) int {
	n, _ := (&evidence.Sections{Host: []evidence.Host{r}}).Count("host")
	return n
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	var first []byte
	for range 2 {
		r, gaps := collectClean(t)
		text, err := evidence.Encode(struct {
			Host evidence.Host `json:"host"`
			Gaps []evidence.Gap
		}{r, gaps})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text
		}
		if diff := cmp.Diff(string(first), string(text)); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestATargetThatIsNoEdgeIsNoConcern(t *testing.T) {
	got, err := host.Collector{}.Collect(context.Background(), evidence.Target{Kind: evidence.KindNode})
	if err != nil || len(got.Gaps)+len(got.Sections.Host) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}
