// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// probes is how many empty files a library that the TLS scanner links makes and
// removes in $HOME when the program starts, as SECURITY.md admits: exactly the
// probe, and not one more.
const probes = 1

var probeName = regexp.MustCompile(`^test\d+$`)

// TestNoOtherTrafficAndNoOtherFile runs the program where nothing but loopback
// exists, in empty folders, and holds it to what SECURITY.md says that it
// never does.
func TestNoOtherTrafficAndNoOtherFile(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and runs the demo")
	}
	requireNamespaces(t)
	program := build(t)
	keep := t.TempDir()
	for _, c := range []struct {
		name   string
		args   []string
		status int
		writes []string
	}{
		{"the version", []string{"version"}, 0, nil},
		{"the rules", []string{"rules", "list"}, 0, nil},
		{"a clean demo", []string{"demo", "--clean", "--keep", filepath.Join(keep, "clean")}, 0, []string{"clean"}},
		{"a demo", []string{"demo", "--keep", filepath.Join(keep, "demo")}, 1, []string{"demo"}},
		{"a demo without nginx", []string{"demo", "--no-nginx", "--keep", filepath.Join(keep, "proxy")}, 1, []string{"proxy"}},
		{
			"an audit that stays offline",
			[]string{
				"audit", filepath.Join(keep, "demo", "site", "site.yaml"), "--offline", "--quiet", "--format", "json",
				"--output", filepath.Join(keep, "audit", "result.json"), "--report", "sarif=" + filepath.Join(keep, "audit", "postern.sarif"),
			},
			1,
			[]string{"audit"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			for _, folder := range c.writes {
				w.writable = append(w.writable, filepath.Join(keep, folder))
			}
			if c.writes != nil && c.args[0] == "audit" {
				makeFolder(t, w.writable[0])
			}
			w.run(t, c.status, program, c.args...)
		})
	}
}

// TestTheConfinementNoticesWhatItIsThereFor runs programs that do what ours
// must not: a guard that notices nothing would prove nothing.
func TestTheConfinementNoticesWhatItIsThereFor(t *testing.T) {
	requireNamespaces(t)
	for _, c := range []struct{ name, script, complaint string }{
		{"a datagram to another host", `exec 3<>/dev/udp/192.0.2.1/9; echo x >&3`, "left loopback"},
		{"a connection to another host", `timeout 1 bash -c 'exec 3<>/dev/tcp/192.0.2.1/9'`, "left loopback"},
		{"a connection over IPv6", `timeout 1 bash -c 'exec 3<>/dev/tcp/2001:db8::1/9'`, "left loopback"},
		{"a question to a local name server", `exec 3<>/dev/udp/127.0.0.53/53; echo x >&3`, "left loopback"},
		{"a file in HOME", `echo x > "$HOME/test1"; rm "$HOME/test1"`, "written to"},
		{"a file in HOME of another name", `: > "$HOME/.cache"; rm "$HOME/.cache"`, "is not the probe"},
		{"two probes", `for i in 1 2; do : > "$HOME/test$i"; rm "$HOME/test$i"; done`, "2 files"},
		{"a file that stays", `: > "$HOME/test1"`, "stays"},
		{"a file in TMPDIR that is gone", `: > "$TMPDIR/x"; rm "$TMPDIR/x"`, "TMPDIR"},
		{"a file elsewhere", `: > "$HOME/../elsewhere"`, "elsewhere"},
		{"a file elsewhere that cannot be made", `: > /proc/nothing`, "/proc/nothing"},
		{"a folder elsewhere", `cd /; mkdir "$HOME/../elsewhere"`, "elsewhere"},
		{"a mode that is changed", `chmod 700 "$HOME/.."`, "not to be changed"},
		{"an address that is no loopback", `exec 3<>/dev/udp/192.0.2.1/9`, "not loopback"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			seen := w.observe(t, "bash", "-c", c.script+"; exit 0")
			for _, got := range seen.complaints {
				if strings.Contains(got, c.complaint) {
					return
				}
			}
			t.Errorf("nothing about %q was noticed: %q", c.complaint, seen.complaints)
		})
	}
}

func requireNamespaces(t *testing.T) {
	t.Helper()
	for _, name := range []string{"unshare", "ip", "iptables", "ip6tables"} {
		if _, err := exec.LookPath(name); err != nil {
			missing(t, name+" is not installed")
		}
	}
	if out, err := exec.Command("unshare", "-n", "sh", "-c", fence).CombinedOutput(); err != nil {
		missing(t, fmt.Sprintf("no new network namespace with packet counters: %v %s", err, out))
	}
}

// fence makes loopback the way to everywhere, so that a packet to any other
// host comes by the counters instead of failing for want of a route. Name
// servers are often on loopback, so any datagram counts too.
const fence = `set -e
ip link set lo up
ip route add default dev lo
ip -6 route add default dev lo 2>/dev/null || true
iptables -A OUTPUT -p udp -j REJECT
iptables -A OUTPUT ! -d 127.0.0.0/8 -j REJECT
ip6tables -A OUTPUT -p udp -j REJECT
ip6tables -A OUTPUT ! -d ::1 -j REJECT
`

// world is a set of empty folders for everything that a program may think of
// as its own.
type world struct {
	base, home string
	env        []string
	folders    map[string]string // variable -> folder
	writable   []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{base: t.TempDir(), folders: map[string]string{}, env: []string{"PATH=" + os.Getenv("PATH")}}
	for _, variable := range []string{
		"HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "PWD",
	} {
		w.folders[variable] = filepath.Join(w.base, strings.ToLower(variable))
		makeFolder(t, w.folders[variable])
		w.env = append(w.env, variable+"="+w.folders[variable])
	}
	w.home = w.folders["HOME"]
	return w
}

func makeFolder(t *testing.T, name string) {
	t.Helper()
	if err := os.Mkdir(name, 0o700); err != nil {
		t.Fatal(err)
	}
}

// run runs a program and fails the test for everything that it should not do.
func (w *world) run(t *testing.T, status int, program string, args ...string) {
	t.Helper()
	seen := w.observe(t, program, args...)
	if seen.status != status {
		t.Errorf("exit status %d, want %d", seen.status, status)
	}
	if seen.probes != probes {
		t.Errorf("%d probes in HOME, SECURITY.md admits exactly %d", seen.probes, probes)
	}
	for _, c := range seen.complaints {
		t.Error(c)
	}
}

// observation is what a program did.
type observation struct {
	status, probes int
	// complaints is what there is to say against it.
	complaints []string
}

// observe runs a program behind the fence.
func (w *world) observe(t *testing.T, program string, args ...string) observation {
	t.Helper()
	watch := newWatch(t, w.folders)
	counters := filepath.Join(w.base, "counters")
	trace := filepath.Join(w.base, "trace")
	tracer := `"$@"`
	_, err := exec.LookPath("strace")
	traced := err == nil
	if traced {
		tracer = `strace -f --seccomp-bpf -qq -y -s 4096 -e trace=%file,%network,fchmod,fchown,ftruncate -o ` + trace + ` "$@"`
	}
	script := fence + "set +e\n" + tracer + "\nstatus=$?\niptables -nvxL OUTPUT > " + counters + "\nip6tables -nvxL OUTPUT >> " + counters + "\nexit $status\n"
	cmd := exec.Command("unshare", append([]string{"-n", "sh", "-c", script, "sh", program}, args...)...)
	cmd.Dir, cmd.Env = w.folders["PWD"], w.env
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("it said:\n%s", output.String())
		}
	})
	seen := observation{status: cmd.ProcessState.ExitCode()}
	seen.complaints = packets(t, counters)
	changes, made := watch.complaints(t)
	seen.probes = made
	seen.complaints = append(seen.complaints, changes...)
	seen.complaints = append(seen.complaints, w.leftovers(t)...)
	switch {
	case traced:
		seen.complaints = append(seen.complaints, w.calls(t, trace)...)
	case os.Getenv("CI") == "true":
		t.Error("strace is not installed")
	default:
		t.Log("strace is not installed: only the test's own folders are looked at")
	}
	return seen
}

// packets reads the counters of the fence.
func packets(t *testing.T, counters string) []string {
	t.Helper()
	text, err := os.ReadFile(counters)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	rules := 0
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[2] != "REJECT" {
			continue
		}
		rules++
		if fields[0] != "0" {
			out = append(out, fmt.Sprintf("%s packet(s) left loopback, or were datagrams: %s", fields[0], strings.TrimSpace(line)))
		}
	}
	if rules != 4 {
		t.Fatalf("%d counters, want 4:\n%s", rules, text)
	}
	return out
}

// leftovers wants every folder as empty as it was.
func (w *world) leftovers(t *testing.T) []string {
	t.Helper()
	var out []string
	for variable, folder := range w.folders {
		err := filepath.WalkDir(folder, func(name string, _ fs.DirEntry, err error) error {
			if err == nil && name != folder {
				out = append(out, fmt.Sprintf("%s stays in %s", filepath.Base(name), variable))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// watch sees every change in some folders, also of files that are gone by the
// time that one looks.
type watch struct {
	file    *os.File
	folders map[int32]string
}

func newWatch(t *testing.T, folders map[string]string) *watch {
	t.Helper()
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		t.Fatal(err)
	}
	w := &watch{file: os.NewFile(uintptr(fd), "inotify"), folders: map[int32]string{}}
	t.Cleanup(func() { _ = w.file.Close() })
	const changes = unix.IN_CREATE | unix.IN_DELETE | unix.IN_MODIFY | unix.IN_MOVED_FROM | unix.IN_MOVED_TO
	for variable, folder := range folders {
		id, err := unix.InotifyAddWatch(fd, folder, changes)
		if err != nil {
			t.Fatal(err)
		}
		w.folders[int32(id)] = variable
	}
	return w
}

// complaints lists every change but the one that is admitted: one probe in
// HOME, made, never written to, and removed. It also returns how often.
func (w *watch) complaints(t *testing.T) (out []string, made int) {
	t.Helper()
	removed := 0
	for _, e := range w.events(t) {
		switch {
		case e.folder != "HOME":
			out = append(out, fmt.Sprintf("%s was changed in %s", e.name, e.folder))
		case e.mask&unix.IN_ISDIR != 0 || !probeName.MatchString(e.name):
			out = append(out, fmt.Sprintf("%s in HOME is not the probe", e.name))
		case e.mask&unix.IN_CREATE != 0:
			made++
		case e.mask&unix.IN_DELETE != 0:
			removed++
		default:
			out = append(out, fmt.Sprintf("%s in HOME was written to or moved", e.name))
		}
	}
	if made > 1 || made != removed {
		out = append(out, fmt.Sprintf("%d files like the probe were made in HOME and %d removed", made, removed))
	}
	return out, made
}

type change struct {
	folder, name string
	mask         uint32
}

func (w *watch) events(t *testing.T) []change {
	t.Helper()
	var out []change
	buffer := make([]byte, 1<<16)
	for {
		n, err := unix.Read(int(w.file.Fd()), buffer)
		if errors.Is(err, unix.EAGAIN) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at+unix.SizeofInotifyEvent <= n; {
			mask, length := binary.NativeEndian.Uint32(buffer[at+4:]), int(binary.NativeEndian.Uint32(buffer[at+12:]))
			if mask&unix.IN_Q_OVERFLOW != 0 {
				t.Fatal("more changes than could be watched")
			}
			id := int32(binary.NativeEndian.Uint32(buffer[at:]))
			name := strings.TrimRight(string(buffer[at+unix.SizeofInotifyEvent:at+unix.SizeofInotifyEvent+length]), "\x00")
			out = append(out, change{w.folders[id], name, mask})
			at += unix.SizeofInotifyEvent + length
		}
	}
}

var (
	syscallLine = regexp.MustCompile(`^\d+\s+([a-z0-9_]+)\((.*)$`)
	quoted      = regexp.MustCompile(`(?:<([^<>]*)>, )?"((?:[^"\\]|\\.)*)"`)
	opened      = regexp.MustCompile(`O_CREAT|O_WRONLY|O_RDWR|O_TRUNC|O_TMPFILE`)
	changing    = regexp.MustCompile(`^(mkdir|mknod|rename|unlink|rmdir|link|symlink|chmod|f?chown|lchown|truncate|utime|futimes|setxattr|removexattr|lsetxattr|lremovexattr|creat|fchmod|ftruncate|mount|umount|pivot_root|chroot)`)
	descriptor  = regexp.MustCompile(`^\d+<(/[^>]*)>`)
	peer        = regexp.MustCompile(`inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"`)
)

// calls reads the system calls of the program and of what it started: no
// address but loopback, and no change but where it may write.
func (w *world) calls(t *testing.T, trace string) []string {
	t.Helper()
	text, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	seen := 0
	for line := range strings.Lines(string(text)) {
		m := syscallLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		seen++
		name, rest := m[1], m[2]
		for _, p := range peer.FindAllStringSubmatch(rest, -1) {
			if a, err := netip.ParseAddr(p[1] + p[2]); err != nil || !a.IsLoopback() && (name != "bind" || !a.IsUnspecified()) {
				out = append(out, "not loopback: "+strings.TrimSpace(line))
			}
		}
		isOpen := strings.HasPrefix(name, "open") && opened.MatchString(rest)
		if !isOpen && !changing.MatchString(name) {
			continue
		}
		for _, path := range w.paths(rest) {
			if !w.mayChange(path) {
				out = append(out, "not to be changed: "+strings.TrimSpace(line))
			}
		}
	}
	if seen == 0 {
		t.Fatal("nothing was traced")
	}
	return out
}

// paths lists the absolute paths that a system call names.
func (w *world) paths(arguments string) []string {
	if m := descriptor.FindStringSubmatch(arguments); m != nil && !strings.Contains(arguments, `"`) {
		return []string{m[1]}
	}
	var out []string
	for _, m := range quoted.FindAllStringSubmatch(arguments, -1) {
		path, err := strconv.Unquote(`"` + m[2] + `"`)
		if err != nil {
			path = m[2]
		}
		switch {
		case filepath.IsAbs(path):
		case m[1] != "":
			path = filepath.Join(m[1], path)
		default:
			path = filepath.Join(w.folders["PWD"], path)
		}
		out = append(out, filepath.Clean(path))
	}
	return out
}

func (w *world) mayChange(path string) bool {
	if path == "/dev/null" || filepath.Dir(path) == w.home && probeName.MatchString(filepath.Base(path)) {
		return true
	}
	for _, folder := range w.writable {
		if path == folder || strings.HasPrefix(path, folder+"/") {
			return true
		}
	}
	return false
}
