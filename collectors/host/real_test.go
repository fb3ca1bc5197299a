// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

// program skips without a program, naming it; where everything must be there it
// fails.
func program(t *testing.T, name string) string {
	t.Helper()
	found, err := exec.LookPath(name)
	if err != nil {
		for _, folder := range []string{"/usr/sbin", "/sbin"} {
			if full := filepath.Join(folder, name); found == "" {
				if _, err := os.Stat(full); err == nil {
					found = full
				}
			}
		}
	}
	switch {
	case found != "":
		return found
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is not installed", name)
	default:
		t.Skipf("%s is not installed", name)
	}
	return ""
}

// output runs a program in English and returns what it prints. One that this
// machine does not let run is skipped like one that is not there.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(t, name), args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "LANG=C")
	out, err := cmd.Output()
	if err != nil && len(out) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
		}
		t.Skipf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return string(out)
}

func noGaps(t *testing.T, gaps []string) {
	t.Helper()
	for _, g := range gaps {
		t.Errorf("gap: %s", g)
	}
}

func TestTheKernelsParametersAreThoseBelowProcSys(t *testing.T) {
	r, _ := one(t, evidence.PartSysctl, output(t, "sysctl", "-a"))
	compared := 0
	for _, s := range r.Sysctls {
		name := "/proc/sys/" + strings.NewReplacer(".", "/", "/", ".").Replace(s.Key)
		raw, err := os.ReadFile(name)
		if err != nil || strings.HasPrefix(s.Key, "fs.") || strings.HasPrefix(s.Key, "kernel.") {
			continue // many of the latter two count what goes on
		}
		compared++
		if want := strings.TrimSpace(string(raw)); want != s.Text {
			t.Errorf("%s is %q, the kernel says %q", s.Key, s.Text, want)
		}
		if n, err := strconv.Atoi(s.Text); (err == nil) != s.Number.Known || n != s.Number.Value {
			t.Errorf("%s: %q is the number %+v", s.Key, s.Text, s.Number)
		}
	}
	if compared < 50 {
		t.Errorf("only %d parameters of %d were compared", compared, len(r.Sysctls))
	}
}

// The order of files is compared with systemd's own, over random trees.
func TestTheOrderOfSysctlFilesIsThatOfSystemd(t *testing.T) {
	analyze := program(t, "systemd-analyze")
	rng := rand.New(rand.NewPCG(5, 2))
	folders := []string{"etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d"}
	for round := range 15 {
		dir := t.TempDir()
		root := filepath.Join(dir, "tree")
		for range 3 + rng.IntN(10) {
			full := filepath.Join(root, folders[rng.IntN(len(folders))], fmt.Sprintf("%02d-%c.conf", rng.IntN(4)*10, 'a'+rune(rng.IntN(3))))
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for range rng.IntN(4) {
				fmt.Fprintf(&b, "kernel.key%d=%d\n", rng.IntN(6), rng.IntN(1000))
			}
			if err := os.WriteFile(full, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want := map[string]string{}
		out, err := exec.Command(analyze, "cat-config", "--root="+root, "sysctl.d").Output()
		if err != nil {
			t.Fatalf("systemd-analyze cat-config: %v", err)
		}
		for _, line := range strings.Split(string(out), "\n") {
			if key, value, ok := strings.Cut(line, "="); ok && line[0] != '#' {
				want[key] = value
			}
		}
		files := site.OpenFiles(dir, &evidence.Archive{})
		r, _ := collect(t, files, evidence.HostFiles{Root: "tree"})
		files.Close()
		got := map[string]string{}
		for _, s := range r.SysctlFiles {
			got[s.Key] = s.Text
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("round %d: %s\n%s", round, diff, out)
		}
	}
}

func TestSSHDIsReadAsItResolvesItself(t *testing.T) {
	dir := t.TempDir()
	key := filepath.Join(dir, "key")
	program(t, "sshd")
	output(t, "sh", "-c", "mkdir -p /run/sshd && echo ok")
	if out, err := exec.Command(program(t, "ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", key).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v %s", err, out)
	}
	config := "Port 2022\nListenAddress 127.0.0.1\nListenAddress [::1]:2200\nPermitRootLogin prohibit-password\nLoginGraceTime 1m30s\n" +
		"MaxAuthTries 3\nMaxStartups 10:30:60\nX11Forwarding no\nPasswordAuthentication no\nAllowUsers alice bob\nClientAliveInterval 5m\nBanner /etc/issue.net\nmaxauthtries 9\n"
	name := filepath.Join(dir, "sshd_config")
	if err := os.WriteFile(name, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	effective, gaps := one(t, evidence.PartSSHD, output(t, "sshd", "-T", "-h", key, "-f", name))
	noGaps(t, gaps)
	if len(effective.SSHD.Settings) < 60 || !effective.SSHD.Effective {
		t.Errorf("%d settings", len(effective.SSHD.Settings))
	}
	written, _ := inTree(t, "sshd", map[string]string{"etc/ssh/sshd_config": config})
	if written.SSHD.Effective || !written.SSHD.Known {
		t.Error("what is written is taken for what holds")
	}
	type value struct {
		value  string
		number evidence.Optional[int]
	}
	values := func(r evidence.Host) map[string]value {
		out := map[string]value{}
		for _, s := range r.SSHD.Settings {
			if _, ok := out[s.Keyword]; !ok && s.Keyword != "allowusers" && s.Keyword != "listenaddress" {
				out[s.Keyword] = value{s.Value, s.Number}
			}
		}
		return out
	}
	// The server shows times in seconds, which is what both have as a number.
	all := values(effective)
	for keyword, w := range values(written) {
		e := all[keyword]
		if w.number != e.number || w.value != e.value && !w.number.Known {
			t.Errorf("%s is written as %+v and holds as %+v", keyword, w, e)
		}
	}
	listens := func(r evidence.Host) []string {
		var out []string
		for _, l := range r.SSHD.Listens {
			out = append(out, net.JoinHostPort(l.Address, strconv.Itoa(l.Port)))
		}
		sort.Strings(out)
		return out
	}
	if diff := cmp.Diff(listens(effective), listens(written)); diff != "" || len(listens(written)) != 2 {
		t.Errorf("addresses differ: %s", diff)
	}
}

func TestModesAreThoseOfTheFiles(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i, mode := range []os.FileMode{0o400, 0o644, 0o777, 0o000, 0o2750 &^ 0o2000} {
		name := filepath.Join(dir, fmt.Sprintf("a file %d with  blanks", i))
		if err := os.WriteFile(name, nil, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	for _, format := range []string{"%a %U %G %n", "%a %u %g %n"} {
		r, gaps := one(t, evidence.PartFiles, output(t, "stat", append([]string{"-c", format}, names...)...))
		noGaps(t, gaps)
		for i, f := range r.Files {
			info, err := os.Stat(names[i])
			if err != nil {
				t.Fatal(err)
			}
			if f.Path != names[i] || f.Bits != int(info.Mode().Perm()) || f.Mode != fmt.Sprintf("%04o", info.Mode().Perm()) || !f.Exists {
				t.Errorf("%q %s %o, want %q %o", f.Path, f.Mode, f.Bits, names[i], info.Mode().Perm())
			}
		}
		if len(r.Files) != len(names) {
			t.Errorf("%d files", len(r.Files))
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(t, "stat"), "-c", "%a %U %G %n", "/no such/file", dir)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, _ := cmd.CombinedOutput()
	r, gaps := one(t, evidence.PartFiles, string(out))
	noGaps(t, gaps)
	if len(r.Files) != 2 || r.Files[0].Exists || r.Files[0].Path != "/no such/file" {
		t.Errorf("files %+v of %q", r.Files, out)
	}
}

func TestThreeViewsOfTheMountsAgree(t *testing.T) {
	proc, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Fatal(err)
	}
	list := func(text string) []string {
		r, gaps := one(t, evidence.PartMounts, text)
		noGaps(t, gaps)
		var out []string
		for _, m := range r.Mounts {
			out = append(out, fmt.Sprintf("%s %s nosuid=%t nodev=%t noexec=%t ro=%t %v", m.Path, m.Type, m.NoSUID, m.NoDev, m.NoExec, m.ReadOnly, m.SizeBytes))
		}
		sort.Strings(out)
		return out
	}
	kernel := list(string(proc))
	for name, text := range map[string]string{
		"findmnt":    output(t, "findmnt"),
		"findmnt -l": output(t, "findmnt", "-l"),
		"findmnt -P": output(t, "findmnt", "-P"),
		"mount":      output(t, "mount"),
	} {
		if diff := cmp.Diff(kernel, list(text)); diff != "" {
			t.Errorf("%s: %s\n%s", name, diff, text)
		}
	}
	if len(kernel) == 0 {
		t.Error("no mount")
	}
}

func TestEveryAccountOfThisMachineHasAState(t *testing.T) {
	passwd, err := os.ReadFile("/etc/passwd")
	if err != nil {
		t.Fatal(err)
	}
	m := memory{"users.txt": file(output(t, "passwd", "-S", "-a")), "tree/etc/passwd": file(string(passwd))}
	r, gaps := collect(t, m, evidence.HostFiles{Root: "tree", Users: "users.txt"})
	noGaps(t, append(about(gaps, "users.txt"), about(gaps, "etc/passwd")...))
	if lines := strings.Count(string(passwd), "\n"); len(r.Users) != lines {
		t.Errorf("%d accounts of %d", len(r.Users), lines)
	}
	for _, u := range r.Users {
		if u.Password == evidence.PasswordUnknown || !u.UID.Known || !u.Shell.Known {
			t.Errorf("account %+v", u)
		}
	}
}

func TestUnitFilesOfThisMachineAreAllRead(t *testing.T) {
	text := output(t, "systemctl", "--root=/", "--no-pager", "list-unit-files")
	r, gaps := one(t, evidence.PartUnits, text)
	noGaps(t, gaps)
	if want := len(regexp.MustCompile(`(?m)^\S+\.(?:service|socket|timer|path|target) `).FindAllString(text, -1)); len(r.Units) != want || want == 0 {
		t.Errorf("%d units of %d", len(r.Units), want)
	}
}

func TestSocketsOfThisProcessAreSeen(t *testing.T) {
	tcp4, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp4.Close()
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	want := map[string]string{
		"tcp " + tcp4.Addr().String():     "",
		"udp " + udp.LocalAddr().String(): "",
	}
	if tcp6, err := net.Listen("tcp6", "[::1]:0"); err == nil {
		defer tcp6.Close()
		want["tcp "+tcp6.Addr().String()] = ""
	}
	for _, flags := range []string{"-lntup", "-Hlntup", "-lntu"} {
		r, gaps := one(t, evidence.PartSockets, output(t, "ss", flags))
		noGaps(t, gaps)
		seen := map[string]bool{}
		for _, s := range r.Sockets {
			seen[s.Protocol+" "+net.JoinHostPort(s.Address, strconv.Itoa(s.Port))] = s.Loopback && !s.Wildcard
		}
		for socket := range want {
			if !seen[socket] {
				t.Errorf("ss %s: %s is not seen", flags, socket)
			}
		}
	}
}

func TestInterfacesAndRoutesAreTheSameInBothForms(t *testing.T) {
	read := func(addressText, routeText string) ([]evidence.HostInterface, []evidence.HostRoute) {
		m := memory{"a.txt": file(addressText), "r.txt": file(routeText)}
		r, gaps := collect(t, m, evidence.HostFiles{Addresses: "a.txt", Routes: "r.txt"})
		noGaps(t, append(about(gaps, "a.txt"), about(gaps, "r.txt")...))
		for i := range r.Interfaces {
			r.Interfaces[i].Source = evidence.Source{}
		}
		for i := range r.Routes {
			r.Routes[i].Source = evidence.Source{}
			// JSON shows a metric of nought that the plain form leaves out.
			if r.Routes[i].Metric.Value == 0 {
				r.Routes[i].Metric = evidence.Optional[int]{}
			}
		}
		return r.Interfaces, r.Routes
	}
	jsonInterfaces, jsonRoutes := read(output(t, "ip", "-j", "address"), output(t, "ip", "-j", "route", "show", "table", "all"))
	plainInterfaces, plainRoutes := read(output(t, "ip", "address"), output(t, "ip", "route", "show", "table", "all"))
	if diff := cmp.Diff(jsonInterfaces, plainInterfaces); diff != "" {
		t.Errorf("interfaces: %s", diff)
	}
	if diff := cmp.Diff(jsonRoutes, plainRoutes); diff != "" {
		t.Errorf("routes: %s", diff)
	}
	own, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	var names, want []string
	for _, i := range jsonInterfaces {
		names = append(names, i.Name)
	}
	for _, i := range own {
		want = append(want, i.Name)
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
}

func TestPackagesOfThisMachineAreAllRead(t *testing.T) {
	query, gaps := one(t, evidence.PartPackages, output(t, "dpkg-query", "-W"))
	noGaps(t, gaps)
	lines, gaps := one(t, evidence.PartPackages, output(t, "dpkg", "-l"))
	noGaps(t, gaps)
	names := func(r evidence.Host) []string {
		var out []string
		for _, p := range r.Packages {
			out = append(out, fmt.Sprintf("%s %d:%s-%s", p.Name, p.Epoch, p.Version, p.Release))
		}
		sort.Strings(out)
		return out
	}
	installed := names(lines)
	// dpkg-query also shows what was removed and left its settings.
	for _, p := range installed {
		if !slices.Contains(names(query), p) {
			t.Errorf("%s is in dpkg -l alone", p)
		}
	}
	if len(installed) < 50 {
		t.Errorf("%d packages", len(installed))
	}
}
