// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of kernel parameters.
const (
	maxSysctls      = 3000
	maxSettings     = 3000
	maxSysctlBytes  = 4096
	maxPatternParts = 64
)

// sysctlFolders are read in this order of precedence: of two files of one name
// the first folder's hides the other (sysctl.d(5), sysctl(8) "--system").
var sysctlFolders = [...]string{"etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d", "lib/sysctl.d"}

// sysctlOfInterest are the parameters that become facts; the rest is read and
// left.
var sysctlOfInterest = [...]string{"net.ipv4.", "net.ipv6.", "net.core.", "kernel.", "vm.", "fs."}

// sysctlNoise are parameters by the hundred that say nothing about hardening.
var sysctlNoise = [...]string{"net.ipv4.neigh.", "net.ipv6.neigh.", "kernel.sched_domain.", "fs.binfmt_misc.", "fs.quota.", "kernel.random.", "kernel.pty.", "kernel.ns_last_pid"}

// everyKernel lists parameters that are always there and that guides name, so
// that a pattern in a file can be told to reach them.
func everyKernel() []string {
	var keys []string
	for _, where := range [...]string{"all", "default"} {
		for _, name := range [...]string{
			"log_martians", "rp_filter", "forwarding", "mc_forwarding", "accept_source_route", "accept_redirects",
			"secure_redirects", "send_redirects",
		} {
			keys = append(keys, "net.ipv4.conf."+where+"."+name)
		}
		for _, name := range [...]string{
			"forwarding", "mc_forwarding", "accept_source_route", "accept_redirects", "accept_ra", "router_solicitations",
			"accept_ra_rtr_pref", "accept_ra_pinfo", "accept_ra_defrtr", "autoconf", "dad_transmits", "max_addresses", "disable_ipv6",
		} {
			keys = append(keys, "net.ipv6.conf."+where+"."+name)
		}
	}
	return append(keys,
		"net.ipv4.icmp_echo_ignore_broadcasts", "net.ipv4.icmp_ignore_bogus_error_responses", "net.ipv4.tcp_syncookies",
		"net.ipv4.ip_forward", "net.ipv4.tcp_syn_retries", "net.ipv4.tcp_synack_retries", "net.ipv4.tcp_fin_timeout",
		"net.core.netdev_max_backlog", "net.core.somaxconn", "kernel.sysrq", "kernel.randomize_va_space", "kernel.msgmnb",
		"kernel.msgmax", "vm.swappiness", "kernel.yama.ptrace_scope", "fs.suid_dumpable")
}

// sysctlKey brings a name into the form with dots. The separator that comes
// first decides: in "net/ipv4/conf/eth0.1/rp_filter" the dot belongs to a name,
// and stands as a slash in the form with dots (sysctl(8)).
func sysctlKey(name string) string {
	i := strings.IndexAny(name, "./")
	if i < 0 || name[i] == '.' {
		return name
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '/':
			return '.'
		case '.':
			return '/'
		}
		return r
	}, name)
}

// interesting reports whether a parameter becomes a fact. Keys of the kernel are
// left out: the seeds of addresses and of TCP fast open.
func interesting(key string) bool {
	last := key[strings.LastIndexByte(key, '.')+1:]
	if strings.Contains(last, "secret") || last == "tcp_fastopen_key" {
		return false
	}
	has := func(prefix string) bool { return strings.HasPrefix(key, prefix) }
	return slices.ContainsFunc(sysctlOfInterest[:], has) && !slices.ContainsFunc(sysctlNoise[:], has)
}

// sysctlDump reads "sysctl -a".
func sysctlDump(g *gatherer, x *text) bool {
	var read, denied, deniedAt int
	byKey := map[string]int{}
	for i, line := range x.lines {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			continue
		case strings.HasPrefix(line, "sysctl: reading key "):
			continue // a parameter without a value, such as a seed that was never set
		case strings.HasPrefix(line, "sysctl: "):
			if denied++; denied == 1 {
				deniedAt = i + 1
			}
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || name == "" || strings.ContainsAny(name, " \t") || !strings.ContainsAny(name, "./") {
			x.bad(i+1, "is no kernel parameter with a value")
			continue
		}
		read++
		key := sysctlKey(name)
		if !interesting(key) {
			continue
		}
		// A value of several lines repeats its key.
		if at, ok := byKey[key]; ok {
			s := &g.record.Sysctls[at]
			if len(s.Text)+len(value) < maxSysctlBytes {
				s.Text += "\n" + value
			}
			s.Number = evidence.Optional[int]{}
			continue
		}
		if len(value) > maxSysctlBytes {
			x.bad(i+1, "the value is too long")
			continue
		}
		if len(byKey) == maxSysctls {
			x.bad(i+1, fmt.Sprintf("more than %d kernel parameters: the rest was left out", maxSysctls))
			break
		}
		byKey[key] = len(g.record.Sysctls)
		g.record.Sysctls = append(g.record.Sysctls, evidence.Sysctl{Key: key, Text: value, Number: number(value), Source: x.at(i + 1)})
	}
	if denied > 0 {
		g.gap(fmt.Sprintf("%s: sysctl could not show %d kernel parameters: it was not run as root", x.path, denied), x.at(deniedAt))
	}
	return read > 0
}

// sysctlLine is one setting of a file.
type sysctlLine struct {
	key, value string
	// exclude is "-key" without a value: no pattern reaches the key.
	exclude, optional bool
	source            evidence.Source
}

// parseSysctlFile reads one file. Comments start with "#" or ";".
func parseSysctlFile(x *text) []sysctlLine {
	var out []sysctlLine
	for i, line := range x.lines {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		s := sysctlLine{source: x.at(i + 1)}
		if rest, ok := strings.CutPrefix(line, "-"); ok {
			s.optional, line = true, rest
		}
		name, value, hasValue := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		s.value, s.exclude = strings.TrimSpace(value), !hasValue && s.optional
		if name == "" || strings.ContainsAny(name, " \t") || !hasValue && !s.optional || len(s.value) > maxSysctlBytes {
			x.bad(i+1, "is no setting of a kernel parameter")
			continue
		}
		s.key = sysctlKey(name)
		if len(out) == maxSettings {
			x.bad(i+1, fmt.Sprintf("more than %d settings: the rest was left out", maxSettings))
			break
		}
		out = append(out, s)
	}
	return out
}

// sysctlFiles reads the files of the tree in the order in which they are
// applied at boot: by name across the folders, etc/sysctl.conf last.
func sysctlFiles(g *gatherer) {
	g.treePart(evidence.PartSysctlFiles, "etc/sysctl.d", func() bool {
		place := map[string]string{}
		found := false
		for _, folder := range sysctlFolders {
			entries, ok := g.folder(folder)
			found = found || ok
			for _, e := range entries {
				if _, hidden := place[e.Name()]; !hidden && strings.HasSuffix(e.Name(), ".conf") {
					place[e.Name()] = path.Join(folder, e.Name())
				}
			}
		}
		names := make([]string, 0, len(place))
		for name := range place {
			names = append(names, name)
		}
		slices.Sort(names)
		var lines []sysctlLine
		for _, name := range names {
			if target, err := fs.ReadLink(g.tree, place[name]); err == nil && target == "/dev/null" {
				continue // how a file of the same name is switched off
			}
			if x, ok := g.open(place[name], true); ok {
				lines = append(lines, parseSysctlFile(x)...)
			}
		}
		// Where a link in sysctl.d leads to it, it is applied there and again here.
		if x, ok := g.open("etc/sysctl.conf", false); ok {
			found = true
			lines = append(lines, parseSysctlFile(x)...)
		}
		if !found {
			g.gap(g.target.Edge.Host.Root+": holds neither etc/sysctl.conf nor a folder sysctl.d", g.treeSource("etc", 0))
			return false
		}
		g.record.SysctlFiles = effectiveSettings(lines)
		return true
	})
}

// effectiveSettings tells for each parameter which setting holds in the end. A
// pattern never reaches a parameter that is written out or excluded anywhere.
func effectiveSettings(lines []sysctlLine) []evidence.SysctlSetting {
	explicit := map[string]bool{}
	for _, l := range lines {
		if !isPattern(l.key) {
			explicit[l.key] = true
		}
	}
	at, reachable := map[string]int{}, everyKernel()
	var out []evidence.SysctlSetting
	set := func(key, pattern string, l sysctlLine) {
		s := evidence.SysctlSetting{
			Key: key, Text: l.value, Number: number(l.value), Pattern: pattern, ErrorsIgnored: l.optional, Source: l.source,
		}
		i, known := at[key]
		if !known {
			at[key] = len(out)
			out = append(out, s)
			return
		}
		s.Overrides = append(out[i].Overrides, evidence.SysctlPlace{Text: out[i].Text, Source: out[i].Source})
		if len(s.Overrides) > maxPatternParts {
			s.Overrides = s.Overrides[len(s.Overrides)-maxPatternParts:]
		}
		out[i] = s
	}
	for _, l := range lines {
		switch {
		case l.exclude:
		case !isPattern(l.key):
			if interesting(l.key) {
				set(l.key, "", l)
			}
		default:
			if interesting(strings.NewReplacer("*", "x", "?", "x").Replace(l.key)) {
				set(l.key, l.key, l)
			}
			for _, key := range reachable {
				if !explicit[key] && sysctlMatch(l.key, key) {
					set(key, l.key, l)
				}
			}
		}
		if len(out) >= maxSettings {
			break
		}
	}
	slices.SortFunc(out, func(a, b evidence.SysctlSetting) int { return strings.Compare(a.Key, b.Key) })
	return out
}

func isPattern(key string) bool { return strings.ContainsAny(key, "*?[") }

// sysctlMatch compares part by part, as glob(7) does below /proc/sys.
func sysctlMatch(pattern, key string) bool {
	swap := strings.NewReplacer(".", "/", "/", ".")
	ok, err := path.Match(swap.Replace(pattern), swap.Replace(key))
	return err == nil && ok
}
