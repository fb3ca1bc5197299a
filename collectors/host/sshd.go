// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of the SSH server's configuration.
const (
	maxSSHSettings = 1000
	// maxSSHIncludes is the depth that sshd itself allows.
	maxSSHIncludes = 16
	maxSSHFiles    = 200
)

// alwaysShown are keywords that no whole answer of "sshd -T" lacks, from its
// beginning, its middle and its end.
var alwaysShown = [...]string{"port", "permitrootlogin", "maxauthtries", "passwordauthentication", "ciphers", "macs", "kexalgorithms", "listenaddress"}

// sshTimes are keywords whose value is a time.
var sshTimes = [...]string{"logingracetime", "clientaliveinterval"}

// sshdDump reads "sshd -T".
func sshdDump(g *gatherer, x *text) bool {
	s := &g.record.SSHD
	shown := map[string]string{}
	for i, line := range x.lines {
		keyword, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if keyword == "" {
			continue
		}
		if !plainWord(keyword) {
			x.bad(i+1, "is no keyword of sshd with a value")
			continue
		}
		if len(s.Settings) == maxSSHSettings {
			x.bad(i+1, "too many settings: the rest was left out")
			break
		}
		if was, ok := shown[keyword]; ok && !slices.Contains(repeats[:], keyword) {
			if was != value {
				x.bad(i+1, "shows "+keyword+" again, with another value: it is not one answer of sshd -T")
			}
			continue
		}
		shown[keyword] = value
		s.Settings = append(s.Settings, sshSetting(keyword, value, x.at(i+1)))
	}
	seen := func(keyword string) bool {
		_, ok := shown[keyword]
		return ok
	}
	if !seen("port") && !seen("permitrootlogin") {
		s.Settings = nil
		return false
	}
	s.Known, s.Effective, s.Source = true, true, x.at(1)
	for _, k := range alwaysShown {
		if !seen(k) {
			g.gap(fmt.Sprintf("%s: shows no %s: it is no whole answer of sshd -T", x.path, k), x.at(len(x.lines)))
		}
	}
	for _, setting := range s.Settings {
		if setting.Keyword == "listenaddress" {
			g.listen(setting, nil)
		}
	}
	return true
}

func plainWord(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

func sshSetting(keyword, value string, source evidence.Source) evidence.SSHSetting {
	value = strings.TrimSpace(value)
	// Its older name, which sshd -T still prints.
	if keyword == "permitrootlogin" && value == "without-password" {
		value = "prohibit-password"
	}
	s := evidence.SSHSetting{Keyword: keyword, Value: value, Number: number(value), Source: source}
	if slices.Contains(sshTimes[:], keyword) {
		s.Number = sshSeconds(value)
	}
	if keyword == "maxstartups" {
		s.Values = strings.Split(value, ":")
	} else {
		s.Values = list(value)
	}
	return s
}

// sshSeconds reads a time such as "2m" or "1h30m" (sshd_config(5), TIME FORMATS).
func sshSeconds(s string) evidence.Optional[int] {
	if n := number(s); n.Known {
		return n
	}
	units := map[byte]int{'s': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 604800}
	total, digits := 0, 0
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			continue
		}
		unit := units[s[i]|0x20]
		n, err := strconv.Atoi(s[digits:i])
		if unit == 0 || err != nil || n > 1<<31 {
			return evidence.Optional[int]{}
		}
		total, digits = total+n*unit, i+1
	}
	if digits != len(s) || s == "" {
		return evidence.Optional[int]{}
	}
	return evidence.Known(total, evidence.Explicit)
}

// listen adds the addresses of a ListenAddress. Ports are those of Port, for an
// address without one of its own.
func (g *gatherer) listen(s evidence.SSHSetting, ports []int) {
	value := s.Value
	if i := strings.Index(value, " rdomain "); i >= 0 {
		value = value[:i]
	}
	host, own := value, 0
	if at, err := netip.ParseAddrPort(value); err == nil {
		host, own = at.Addr().String(), int(at.Port())
	} else if h, p, ok := strings.Cut(value, ":"); ok && !strings.Contains(p, ":") {
		if n := number(p); n.Known && n.Value > 0 && n.Value < 1<<16 {
			host, own = h, n.Value
		}
	}
	host = strings.Trim(host, "[]")
	if own != 0 {
		ports = []int{own}
	}
	addr, err := netip.ParseAddr(host)
	if len(ports) == 0 {
		g.gap(fmt.Sprintf("%s:%d: a ListenAddress without a port", s.Source.Artifact, s.Source.Line), s.Source)
	}
	for _, p := range ports {
		g.record.SSHD.Listens = append(g.record.SSHD.Listens, evidence.SSHListen{
			Address: host, Port: p, Wildcard: err == nil && addr.IsUnspecified(), Source: s.Source,
		})
	}
}

// sshdFiles reads sshd_config of the tree where no answer of sshd -T was
// captured. It cannot tell defaults, nor what a Match block changes.
func sshdFiles(g *gatherer) {
	mark := len(g.gaps)
	const name = "etc/ssh/sshd_config"
	g.gap("the edge declares no host.sshd (output of sshd -T)", g.target.Edge.Source)
	r := &sshConfig{g: g, written: map[string]bool{}}
	ok := r.file(name, 0)
	if ok {
		s := &g.record.SSHD
		s.Known, s.Source = true, g.treeSource(name, 1)
		g.gap(path.Join(g.target.Edge.Host.Root, name)+": is read as written: defaults and Match blocks are not resolved without sshd -T", g.treeSource(name, 1))
		ports := []int{}
		for _, setting := range s.Settings {
			if setting.Keyword == "port" && setting.Number.Known {
				ports = append(ports, setting.Number.Value)
			}
		}
		if len(ports) == 0 {
			ports = []int{22} // sshd_config(5), Port
		}
		for _, setting := range s.Settings {
			if setting.Keyword == "listenaddress" {
				g.listen(setting, ports)
			}
		}
	}
	g.part(evidence.PartSSHD, ok, mark, g.treeSource(name, 0))
}

// repeats are the keywords of which every line counts; of the others the first
// does (sshd_config(5)).
var repeats = [...]string{
	"port", "listenaddress", "hostkey", "acceptenv", "allowusers", "allowgroups", "denyusers", "denygroups", "subsystem",
	"setenv", "hostcertificate", "permitopen", "permitlisten", "logverbose",
}

// sshConfig reads sshd_config and what it includes.
type sshConfig struct {
	g       *gatherer
	files   int
	written map[string]bool
}

func (r *sshConfig) file(name string, depth int) bool {
	if r.files++; r.files > maxSSHFiles || depth > maxSSHIncludes {
		r.g.gap(name+": included too deep or too often", r.g.treeSource(name, 0))
		return false
	}
	x, ok := r.g.open(name, depth == 0)
	if !ok {
		return false
	}
	settings := &r.g.record.SSHD.Settings
	for i, line := range x.lines {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		keyword, value := line, ""
		if at := strings.IndexAny(line, " \t="); at >= 0 {
			keyword, value = line[:at], strings.TrimLeft(line[at:], " \t=")
		}
		keyword = strings.ToLower(keyword)
		value = strings.Trim(value, `"`)
		switch {
		case keyword == "match":
			// Nothing below it, to the end of the file, is about everybody.
			x.bad(i+1, "a Match block, which is not resolved without sshd -T")
			return true
		case keyword == "include":
			for _, pattern := range strings.Fields(value) {
				r.include(strings.Trim(pattern, `"`), depth)
			}
		case !plainWord(keyword) || value == "":
			x.bad(i+1, "is no keyword of sshd with a value")
		case len(*settings) >= maxSSHSettings:
			x.bad(i+1, "too many settings: the rest was left out")
			return true
		case !r.written[keyword] || slices.Contains(repeats[:], keyword):
			r.written[keyword] = true
			*settings = append(*settings, sshSetting(keyword, value, x.at(i+1)))
		}
	}
	return true
}

// include reads the files of a pattern in their order. A relative one is below
// etc/ssh.
func (r *sshConfig) include(pattern string, depth int) {
	if rest, ok := strings.CutPrefix(pattern, "/"); ok {
		pattern = path.Clean(rest)
	} else {
		pattern = path.Join("etc/ssh", pattern)
	}
	folder, last := path.Split(pattern)
	folder = path.Clean(folder)
	if strings.ContainsAny(folder, "*?[") {
		r.g.gap(fmt.Sprintf("sshd_config: Include %q: patterns in the name of a folder are not followed", pattern), r.g.treeSource("etc/ssh/sshd_config", 0))
		return
	}
	if !strings.ContainsAny(last, "*?[") {
		r.file(pattern, depth+1)
		return
	}
	entries, _ := r.g.folder(folder)
	for _, e := range entries {
		if ok, err := path.Match(last, e.Name()); err == nil && ok {
			r.file(path.Join(folder, e.Name()), depth+1)
		}
	}
}
