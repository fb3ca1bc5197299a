// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

func TestFail2banTells(t *testing.T) {
	r, gaps := inTree(t, "", map[string]string{
		"etc/fail2ban/jail.conf":       "[DEFAULT]\nbantime = 1h\nfindtime = 10m\nmaxretry = 3\nbanaction = iptables-allports\naction = %(banaction)s[name=x, port=\"%(port)s\"]\n[a]\nenabled = true\nfilter = f\nport = 8445\nlogpath = /var/log/a.log tail\n   /var/log/b.log\n",
		"etc/fail2ban/jail.local":      "[b]\nenabled = true\nfilter = missing\nport = nosuchservice,8444-8447\naction = shut[port=\"8444:8447,nosuchservice\"]\nbantime = 5*60\n[c]\nenabled = true\nport = %(nowhere)s\nfilter = f\nlogpath = %\n[d]\nenabled = false\n",
		"etc/fail2ban/filter.d/f.conf": "[Definition]\nfailregex = ^<HOST> x$\n",
	})
	if len(r.Jails) != 3 {
		t.Fatalf("%d jails", len(r.Jails))
	}
	a, b := r.Jails[0], r.Jails[1]
	if diff := cmp.Diff([]evidence.PortRange{{From: 0, To: 65535}}, a.Ports); diff != "" || a.BanSeconds.Value != 3600 {
		t.Errorf("%s %+v", diff, a)
	}
	if diff := cmp.Diff([]string{"/var/log/a.log", "/var/log/b.log"}, a.LogPaths); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]evidence.PortRange{{From: 8444, To: 8447}}, b.Ports); diff != "" || b.BanSeconds.Known || !cmp.Equal(b.UnknownPorts, []string{"nosuchservice"}) {
		t.Errorf("%s %+v", diff, b)
	}
	for _, reason := range []string{`the filter "missing" is not in filter.d`, `"nosuchservice" is not known`, "jail b: bantime is not understood", `jail c: port: the name "nowhere" is set nowhere`, "jail c: logpath: a percent sign"} {
		if len(about(asGaps(gaps), reason)) != 1 {
			t.Errorf("no gap says %s: %q", reason, gaps)
		}
	}
}

// ban is a jail as fail2ban itself resolves it.
type ban struct {
	MaxRetry, FindSeconds, BanSeconds, Port string
	Regexes                                 []string
}

// fail2banSays asks fail2ban for the commands that a configuration comes to.
func fail2banSays(t *testing.T, folder string) map[string]ban {
	t.Helper()
	out := output(t, "fail2ban-client", "-c", folder, "-d")
	set := regexp.MustCompile(`(?m)^\['set', '([^']+)', '(maxretry|findtime|bantime|addfailregex)', ['"]?(.*?)['"]?\]$`)
	several := regexp.MustCompile(`(?m)^\['multi-set', '([^']+)', 'addfailregex', \['(.*)'\]\]$`)
	port := regexp.MustCompile(`\['set', '([^']+)', 'action', '[^']+', 'port', '([^']*)'\]|\['multi-set', '([^']+)', 'action', .*\['port', '([^']*)'\]`)
	jails := map[string]ban{}
	plain := func(s string) string { return strings.ReplaceAll(s, `\\`, `\`) }
	for _, m := range set.FindAllStringSubmatch(out, -1) {
		b := jails[m[1]]
		switch m[2] {
		case "maxretry":
			b.MaxRetry = m[3]
		case "findtime":
			b.FindSeconds = m[3]
		case "bantime":
			b.BanSeconds = m[3]
		case "addfailregex":
			b.Regexes = append(b.Regexes, plain(m[3]))
		}
		jails[m[1]] = b
	}
	for _, m := range several.FindAllStringSubmatch(out, -1) {
		b := jails[m[1]]
		for _, r := range strings.Split(m[2], "', '") {
			b.Regexes = append(b.Regexes, plain(r))
		}
		jails[m[1]] = b
	}
	for _, m := range port.FindAllStringSubmatch(out, -1) {
		b := jails[m[1]+m[3]]
		b.Port = m[2] + m[4]
		jails[m[1]+m[3]] = b
	}
	// Times are turned into seconds by the part that knows how.
	for name, b := range jails {
		for _, p := range []*string{&b.FindSeconds, &b.BanSeconds} {
			if *p != "" {
				*p = strings.TrimSpace(output(t, "fail2ban-client", "--str2sec", *p))
				*p, _, _ = strings.Cut(*p, ".")
			}
		}
		jails[name] = b
	}
	return jails
}

// Random trees of jails are resolved by fail2ban and by the collector.
func TestJailsAreResolvedAsFail2banDoes(t *testing.T) {
	program(t, "fail2ban-client")
	rng := rand.New(rand.NewPCG(7, 7))
	pick := func(s ...string) string { return s[rng.IntN(len(s))] }
	for round := range 6 {
		dir := t.TempDir()
		folder := filepath.Join(dir, "tree/etc/fail2ban")
		write := func(name, text string) {
			full := filepath.Join(folder, name)
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		write("fail2ban.conf", "[Definition]\nloglevel = INFO\nlogtarget = STDERR\nsyslogsocket = auto\ndbfile = None\ndbmaxmatches = 10\ndbpurgeage = 1d\n")
		write("action.d/shut.conf", "[Definition]\nactionban = true\n")
		write("filter.d/common.conf", "[DEFAULT]\n_daemon = gate\n[Definition]\n__pre = ^%(_daemon)s: \n")
		write("filter.d/gate.conf", "[INCLUDES]\nbefore = common.conf\n[Definition]\nfailregex = %(__pre)s<HOST> will be blocked\n            # a comment within\n            ^other <HOST> 100%%$ ; and one behind\nignoreregex =\n")
		if rng.IntN(2) == 0 {
			write("filter.d/gate.local", "[Definition]\nfailregex = %(known/failregex)s\n            ^more <HOST>$\n")
		}
		section := func() string {
			var b strings.Builder
			for _, s := range []string{"DEFAULT", "alpha", "beta", "gamma"} {
				if rng.IntN(3) == 0 {
					continue
				}
				fmt.Fprintf(&b, "[%s]\n", s)
				if s != "DEFAULT" {
					fmt.Fprintf(&b, "enabled = %s\n", pick("true", "true", "yes", "false"))
				}
				for _, line := range []string{
					"bantime = " + pick("10m", "1h 30m", "1d12h", "-1", "1800", "2w", "%(findtime)s"),
					"findtime: " + pick("180", "3 hours", "1mo", "%(maxretry)s"),
					"maxretry = " + pick("1", "3", "%(base)s"),
					"base = " + pick("2", "7"),
					"port = " + pick("http,https", "8444,8445", "%(known/port)s,12005", "1000:2000", "%(alpha/base)s"),
				} {
					if rng.IntN(2) == 0 && !(s == "DEFAULT" && strings.Contains(line, "known")) {
						b.WriteString(line + "\n")
					}
				}
			}
			return b.String()
		}
		write("paths.conf", "[INCLUDES]\nafter = paths-over.local\n[DEFAULT]\nbase = 4\n")
		write("paths-over.local", "[DEFAULT]\nbase = 5\n")
		write("jail.conf", "[INCLUDES]\nbefore = paths.conf\n[DEFAULT]\nenabled = false\nfilter = gate\nbackend = polling\nlogpath = /dev/null\nmaxretry = 5\nfindtime = 10m\nbantime = 10m\nport = 0:65535\n"+
			"action_ = shut[port=\"%(port)s\"]\naction = %(action_)s\n[alpha]\nport = 80\n[beta]\nport = 81\n[gamma]\nport = 82\n")
		for _, name := range []string{"jail.d/10.conf", "jail.d/20.conf", "jail.local", "jail.d/10.local", "jail.d/05.local"} {
			if rng.IntN(3) > 0 {
				write(name, section())
			}
		}
		compareJails(t, round, dir, folder)
	}
}

func compareJails(t *testing.T, round int, dir, folder string) {
	t.Helper()
	want := fail2banSays(t, folder)
	files := site.OpenFiles(dir, &evidence.Archive{})
	defer files.Close()
	r, gaps := collect(t, files, evidence.HostFiles{Root: "tree"})
	noGaps(t, about(gaps, "jail"))
	got := map[string]ban{}
	for _, j := range r.Jails {
		b := ban{strconv.Itoa(j.MaxRetry.Value), strconv.Itoa(j.FindSeconds.Value), strconv.Itoa(j.BanSeconds.Value), "", nil}
		for _, x := range j.FailRegexes {
			b.Regexes = append(b.Regexes, x.Text)
		}
		var ports []string
		for _, p := range j.Ports {
			ports = append(ports, fmt.Sprintf("%d:%d", p.From, p.To))
		}
		b.Port = strings.Join(ports, ",")
		got[j.Name] = b
	}
	for name, w := range want {
		var ports []string
		for _, p := range strings.Split(w.Port, ",") {
			p = map[string]string{"http": "80", "https": "443"}[p] + strings.NewReplacer("https", "", "http", "").Replace(p)
			if !strings.Contains(p, ":") {
				p += ":" + p
			}
			ports = append(ports, p)
		}
		w.Port = strings.Join(ports, ",")
		want[name] = w
	}
	if diff := cmp.Diff(want, got); diff != "" {
		var all strings.Builder
		for _, pattern := range []string{"jail.conf", "jail.d/*", "jail.local", "filter.d/*"} {
			names, _ := filepath.Glob(filepath.Join(folder, pattern))
			for _, name := range names {
				text, _ := os.ReadFile(name)
				fmt.Fprintf(&all, "== %s\n%s", name, text)
			}
		}
		t.Errorf("round %d: %s\n%s", round, diff, all.String())
	}
}

// The configuration that Debian ships is read without a gap, and every jail of
// it has numbers when it is turned on.
func TestTheShippedJailsAreAllUnderstood(t *testing.T) {
	program(t, "fail2ban-client")
	if _, err := os.Stat("/etc/fail2ban/jail.conf"); err != nil {
		t.Fatalf("fail2ban is installed without its configuration: %v", err)
	}
	m := memory{}
	err := fs.WalkDir(os.DirFS("/etc"), "fail2ban", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(filepath.Join("/etc", name))
		m["tree/etc/"+name] = file(string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m["tree/etc/fail2ban/jail.d/all.local"] = file("[DEFAULT]\nenabled = true\n")
	r, gaps := collect(t, m, evidence.HostFiles{Root: "tree"})
	if len(r.Jails) < 50 {
		t.Errorf("%d jails", len(r.Jails))
	}
	for _, g := range about(gaps, "jail ") {
		if !strings.Contains(g, "the number of the port") && !strings.Contains(g, "names no port") && !strings.Contains(g, "has no failregex") {
			t.Errorf("gap: %s", g)
		}
	}
	for _, j := range r.Jails {
		if !j.MaxRetry.Known || !j.FindSeconds.Known || !j.BanSeconds.Known {
			t.Errorf("jail %s: %+v %+v %+v", j.Name, j.MaxRetry, j.FindSeconds, j.BanSeconds)
		}
	}
	noGaps(t, about(gaps, "filter "))
}
