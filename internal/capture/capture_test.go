// SPDX-License-Identifier: Apache-2.0

//go:build linux

package capture_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/capture"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/remote"
	"github.com/postern-audit/postern/internal/site"
)

// machine is the real file system with answers in place of commands.
type machine struct {
	capture.Local
	answers map[string]string
	fails   map[string]error
	asked   *[]string
}

func (m machine) Run(_ context.Context, c capture.Command, form int) ([]byte, error) {
	*m.asked = append(*m.asked, c.Line(form, true))
	return []byte(m.answers[c.Name]), m.fails[c.Name]
}

// Stat lets every program of the table exist.
func (m machine) Stat(name string) (fs.FileInfo, error) {
	if strings.Contains(name, "bin/") {
		return m.Local.Stat("etc/passwd")
	}
	return m.Local.Stat(name)
}

func read(t *testing.T, m machine, e evidence.Edge) (*capture.Edge, *evidence.Archive) {
	t.Helper()
	if m.asked == nil {
		m.asked = new([]string)
	}
	archive := &evidence.Archive{}
	base := site.OpenFiles(t.TempDir(), archive)
	t.Cleanup(func() { _ = base.Close() })
	e.Name, e.Subject = "rp-a", "edge/rp-a"
	return capture.ReadEdge(context.Background(), m, e, base, archive), archive
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOnlyWhatIsDeclaredOpens(t *testing.T) {
	dir := t.TempDir()
	prefix := filepath.Join(dir, "nginx")
	put(t, filepath.Join(prefix, "conf", "nginx.conf"), "events {}\n")
	put(t, filepath.Join(prefix, "conf", "a b;$(x)`y`.conf"), "# odd\n")
	put(t, filepath.Join(prefix, "conf", "nginx.key"), "key\n")
	put(t, filepath.Join(dir, "elsewhere", "secret.conf"), "canary\n")
	for link, to := range map[string]string{
		"out.conf": "../../elsewhere/secret.conf", "shadow.conf": "/etc/shadow", "loop.conf": "loop.conf", "in.conf": filepath.Join(prefix, "conf", "nginx.conf"),
	} {
		if err := os.Symlink(to, filepath.Join(prefix, "conf", link)); err != nil {
			t.Fatal(err)
		}
	}
	got, archive := read(t, machine{}, evidence.Edge{Nginx: evidence.NginxLocation{Prefix: prefix, Conf: "conf/nginx.conf"}})
	tree, err := got.Files.Tree(got.Declared.Nginx.Root)
	if err != nil {
		t.Fatal(err)
	}
	conf := strings.TrimPrefix(prefix, "/") + "/conf/"
	opens := func(name string) bool {
		_, err := fs.ReadFile(tree, name)
		return err == nil
	}
	for name, want := range map[string]bool{
		conf + "nginx.conf": true, conf + "a b;$(x)`y`.conf": true, conf + "in.conf": true, "etc/passwd": true,
		conf + "out.conf": false, conf + "shadow.conf": false, conf + "loop.conf": false, conf + "nginx.key": false,
		"etc/shadow": false, "etc/gshadow": false, "proc/self/environ": false, "dev/zero": false, strings.TrimPrefix(dir, "/") + "/elsewhere/secret.conf": false,
		"etc": false, ".": false, "../etc/passwd": false,
	} {
		if opens(name) != want {
			t.Errorf("%s opens: %v, want %v", name, !want, want)
		}
	}
	for _, art := range archive.All() {
		if !strings.HasPrefix(art.Path, "captured/rp-a/") || strings.Contains(string(art.Text), "canary") {
			t.Errorf("%s is kept", art.Path)
		}
	}
	entries, err := fs.ReadDir(tree, "etc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() == "shadow" || e.Name() == "crontab" {
			t.Errorf("etc shows %s", e.Name())
		}
	}
}

func TestOutputsAreArtifactsAndFailuresAreReasons(t *testing.T) {
	got, archive := read(t, machine{
		answers: map[string]string{
			capture.IPTables: "*filter\nCOMMIT\n", capture.Sysctl: "net.ipv4.ip_forward = 0\n", capture.Modes: "400 root root /etc/nginx\n",
			capture.NginxVersion: "nginx version: nginx/1.22.1\nconfigure arguments: --prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf\n",
		},
		fails: map[string]error{
			capture.SSHD:   remote.Complain(1, []byte("sudo: a password is required\n")),
			capture.Mounts: remote.Complain(1, []byte("mount: bad option: password=hunter2CANARY\n")),
			capture.Sysctl: remote.Complain(255, []byte("sysctl: permission denied on key 'x'\n")),
			capture.Modes:  remote.Complain(1, []byte("find: '/etc/iptables': No such file or directory\nfind: '/etc/ssh/x': Permission denied\n")),
		},
	}, evidence.Edge{})
	if n := got.Declared.Nginx; n.Prefix != "usr/share/nginx" || n.Conf != "/etc/nginx/nginx.conf" || n.Dump != "" {
		t.Errorf("%+v", n)
	}
	art, err := got.Files.Read(got.Declared.IPTables.V4, 1000)
	if err != nil || string(art.Text) != "*filter\nCOMMIT\n" || art.Path != "captured/rp-a/commands/iptables-save.txt" {
		t.Errorf("%+v, %v", art, err)
	}
	if _, err := got.Files.Read(got.Declared.Host.SSHD, 1000); err == nil || !strings.Contains(err.Error(), "/usr/sbin/sshd -T: exit status 1: sudo: a password is required") {
		t.Error(err)
	}
	if _, err := got.Files.Read(got.Declared.Host.Mounts, 1000); err == nil || strings.Contains(err.Error(), "CANARY") {
		t.Errorf("a secret in a complaint: %v", err)
	}
	if art, err := got.Files.Read(got.Declared.Host.Sysctl, 1000); err != nil || !strings.Contains(string(art.Text), "ip_forward") {
		t.Errorf("%+v, %v", art, err)
	}
	want := []evidence.Gap{{Section: "host", Part: "files", Subject: "edge/rp-a", Reason: "a part is missing: find: '/etc/ssh/x': Permission denied"}}
	if diff := cmp.Diff(want, got.Gaps); diff != "" {
		t.Error(diff)
	}
	if n := len(archive.All()); n != 2 {
		t.Errorf("%d artifacts, want the two that were opened", n)
	}
}

// TestTheHostDoesNotWidenWhatIsDeclared has an nginx that names /etc as the
// folder of its configuration.
func TestTheHostDoesNotWidenWhatIsDeclared(t *testing.T) {
	for _, flags := range []string{"--conf-path=/etc/nginx.conf", "--prefix=/usr --conf-path=conf/x", "--prefix=/etc", "--prefix=/home --conf-path=/var/x"} {
		got, _ := read(t, machine{answers: map[string]string{capture.NginxVersion: "nginx version: nginx/1.22.1\nconfigure arguments: " + flags + "\n"}}, evidence.Edge{})
		tree, err := got.Files.Tree(got.Declared.Nginx.Root)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"etc/shadow", "etc/crontab", "etc/fstab", "etc/login.defs", "usr/lib/os-release.d/x", "etc/sudoers"} {
			if _, err := fs.Stat(tree, name); err == nil || errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: %s is looked at: %v", flags, name, err)
			}
		}
		if len(got.Gaps) == 0 {
			t.Errorf("%s: nobody is told", flags)
		}
	}
	// A declared file in /etc declares itself, not its folder.
	got, _ := read(t, machine{}, evidence.Edge{Nginx: evidence.NginxLocation{Prefix: "/usr/local/openresty/nginx", Conf: "/etc/nginx.conf"}})
	tree, err := got.Files.Tree(got.Declared.Nginx.Root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.Stat(tree, "etc/fstab"); err == nil {
		t.Error("the folder of a declared file is declared")
	}
}

func TestAHostThatCannotBeReachedAnswersEverythingWithTheReason(t *testing.T) {
	archive := &evidence.Archive{}
	base := site.OpenFiles(t.TempDir(), archive)
	defer base.Close()
	got := capture.FailedEdge(evidence.Edge{Name: "rp-a", Env: "/opt/env"}, base, errors.New("no route"))
	for _, name := range []string{got.Declared.IPTables.V4, got.Declared.IPTables.V6, got.Declared.Host.Sysctl, got.Declared.Host.Files} {
		if _, err := got.Files.Read(name, 100); err == nil || err.Error() != "no route" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{got.Declared.Nginx.Root, got.Declared.Env, got.Declared.Host.Root} {
		if _, err := got.Files.Tree(name); err == nil || err.Error() != "no route" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAFormWithoutAnAnswerIsFollowedByTheNext has a host where rpm is installed
// and holds no package.
func TestAFormWithoutAnAnswerIsFollowedByTheNext(t *testing.T) {
	asked := new([]string)
	read(t, machine{asked: asked}, evidence.Edge{})
	for _, want := range []string{"/usr/bin/rpm -qa --last", "/usr/bin/dpkg-query -W"} {
		if !slices.Contains(*asked, want) {
			t.Errorf("%q did not run: %q", want, *asked)
		}
	}
}

// TestEveryCommandIsAConstantThatOnlyShows holds the table to its promise, and
// what is run to the table.
func TestEveryCommandIsAConstantThatOnlyShows(t *testing.T) {
	shows := regexp.MustCompile(`^(sudo -n -- )?/usr/(s?bin|local/openresty/nginx/sbin)/(` + strings.Join([]string{
		`ip6?tables(-legacy)?-save`, `nft -j list ruleset`, `ipset save`, `sysctl -a`, `sshd -T`, `mount`, `passwd -S (-a|nginxuser|nginx)`,
		`systemctl list-unit-files --no-pager`, `systemctl list-units --all --no-pager --plain`, `sestatus`, `getenforce`, `semanage port -l`, `ss -lntup`,
		`ip -j address`, `ip -j route show table all`, `rpm -qa --last`, `dpkg-query -W`, `dnf -C updateinfo list`, `apt list --upgradable`, `nginx -[VT]`,
		`lscpu`, `cat /proc/meminfo`, `df -P`,
		`find( /[a-z/._0-9]+)+ -xdev -maxdepth 8 -not -type l -printf '%m %u %g %p\\n'`,
	}, "|") + `)$`)
	asked := new([]string)
	answers := map[string]string{}
	for _, c := range capture.Commands() {
		answers[c.Name] = "something\n"
	}
	read(t, machine{asked: asked, answers: answers}, evidence.Edge{
		Name: "x; rm", Env: "/e; touch y", Certificates: "$(z)", Nginx: evidence.NginxLocation{Prefix: "/p`q`", Conf: "c;d", RunDump: true},
	})
	if len(*asked) != len(capture.Commands()) {
		t.Errorf("%d commands ran, the table has %d", len(*asked), len(capture.Commands()))
	}
	lines := *asked
	for _, c := range capture.Commands() {
		for form := range c.Argv {
			lines = append(lines, c.Line(form, false), c.Line(form, true))
		}
	}
	for _, line := range lines {
		if !shows.MatchString(line) {
			t.Errorf("%q", line)
		}
	}
	*asked = nil
	read(t, machine{asked: asked}, evidence.Edge{})
	for _, line := range *asked {
		if strings.Contains(line, "-T") && strings.Contains(line, "nginx -T") {
			t.Errorf("%q runs without being asked for", line)
		}
	}
}

// TestTheSudoersFileLetsThroughTheTableAndNothingElse asks the real sudo.
func TestTheSudoersFileLetsThroughTheTableAndNothingElse(t *testing.T) {
	const visudo, sudo = "/usr/sbin/visudo", "/usr/bin/sudo"
	for _, name := range []string{visudo, sudo} {
		if _, err := os.Stat(name); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%s is not installed", name)
			}
			t.Skipf("%s is not installed", name)
		}
	}
	shipped, err := os.ReadFile("../../docs/postern.sudoers")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(capture.Sudoers("auditor"), string(shipped)); diff != "" {
		t.Errorf("docs/postern.sudoers is not what the table gives; write it with: postern collect host --sudoers auditor\n%s", diff)
	}
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("asking sudo what another account may do wants root")
		}
		t.Skip("asking sudo what another account may do wants root")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "postern")
	put(t, file, capture.Sudoers("nobody"))
	if err := errors.Join(os.Chmod(file, 0o440), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(visudo, "-c", "-f", file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	// In a mount namespace of its own the file takes the place of the real ones.
	may := func(command string) bool {
		script := "mount --bind " + dir + " /etc/sudoers.d && exec sudo -n -l -U nobody -- " + command
		out, err := exec.Command("unshare", "-m", "sh", "-c", script).CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) || strings.Contains(string(out), "mount:") {
			t.Fatalf("%v: %s", err, out)
		}
		return err == nil
	}
	for _, c := range capture.Commands() {
		for form, argv := range c.Argv {
			if _, err := os.Stat(argv[0]); err != nil {
				continue // sudo knows only programs that exist
			}
			if got := may(c.Line(form, false)); got != (c.Root && !c.Asked) {
				t.Errorf("%s: sudo says %v", c.Line(form, false), got)
			}
		}
	}
	for _, command := range []string{
		"/usr/sbin/iptables-save -f /tmp/x", "/usr/sbin/iptables-save -M /tmp/x", "/usr/sbin/ip6tables-save -c", "/usr/sbin/sysctl -w kernel.sysrq=1", "/usr/sbin/sysctl -a -w x=1",
		"/usr/sbin/sshd -T -f /etc/shadow", "/usr/bin/passwd -S -a -d", "/usr/bin/passwd root", "/usr/bin/find / -delete", "/usr/bin/find /etc/ssh -xdev -delete", "/bin/sh", "/usr/sbin/nginx -T",
	} {
		if may(command) {
			t.Errorf("sudo lets %q through", command)
		}
	}
}
