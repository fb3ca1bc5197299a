// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

const (
	fail2banFolder = "etc/fail2ban"
	maxJails       = 200
	maxRegexes     = 200
	maxPorts       = 500
)

// bans reads the enabled jails of fail2ban from the tree, in fail2ban's own
// order: jail.conf, jail.d/*.conf, jail.local, jail.d/*.local (jail.conf(5)).
func bans(g *gatherer) {
	g.treePart(evidence.PartFail2ban, fail2banFolder, func() bool {
		if _, ok := g.folder(fail2banFolder); !ok {
			g.gap(path.Join(g.target.Edge.Host.Root, fail2banFolder)+": is not in the captured tree", g.treeSource(fail2banFolder, 0))
			return false
		}
		var conf, local []string
		entries, _ := g.folder(fail2banFolder + "/jail.d")
		for _, e := range entries {
			name := path.Join(fail2banFolder, "jail.d", e.Name())
			switch path.Ext(name) {
			case ".conf":
				conf = append(conf, name)
			case ".local":
				local = append(local, name)
			}
		}
		order := append([]string{fail2banFolder + "/jail.conf"}, conf...)
		order = append(append(order, fail2banFolder+"/jail.local"), local...)
		files := &sectionFiles{g: g}
		jails, ok := files.load(order)
		if !ok {
			g.gap(path.Join(g.target.Edge.Host.Root, fail2banFolder)+": holds no jail.conf and no jail.local", g.treeSource(fail2banFolder, 0))
			return false
		}
		for _, name := range jails.order {
			if name == "INCLUDES" {
				continue
			}
			j := jail{g: g, files: files, sections: jails, name: name, record: evidence.BanJail{Name: name, Source: jails.head(name)}}
			if !j.enabled() {
				continue
			}
			if len(g.record.Jails) == maxJails {
				g.gap(fmt.Sprintf("more than %d jails: the rest was left out", maxJails), j.record.Source)
				break
			}
			j.read()
			g.record.Jails = append(g.record.Jails, j.record)
		}
		return true
	})
}

// head is the place of the section's first option, since sections of several
// files are one.
func (s *sections) head(section string) evidence.Source {
	var first evidence.Source
	for _, o := range s.options[section] {
		if first.Artifact == "" || o.source.Artifact > first.Artifact || o.source.Artifact == first.Artifact && o.source.Line < first.Line {
			first = o.source
		}
	}
	return first
}

// jail is one section of the jails.
type jail struct {
	*sections
	g      *gatherer
	files  *sectionFiles
	name   string
	record evidence.BanJail
	// filter has the options of the jail's filter, as "known/NAME".
	filter map[string]string
}

// get returns an expanded option of the jail; what cannot be expanded is a gap.
func (j *jail) get(name string) (string, option) {
	value, o, err := j.expand(j.name, name, j.filter)
	if err != nil {
		j.g.gap(fmt.Sprintf("jail %s: %s: %v", j.name, name, err), o.source)
		return "", o
	}
	return value, o
}

func (j *jail) enabled() bool {
	value, o := j.get("enabled")
	if o.source.Artifact != "" {
		j.record.Source = o.source
	}
	switch strings.ToLower(value) {
	case "1", "on", "true", "yes":
		return true
	}
	return false
}

func (j *jail) read() {
	r := &j.record
	value, o := j.get("filter")
	name, filterOptions := withOptions(value)
	r.Filter = name
	if name != "" {
		j.readFilter(name, filterOptions, o.source)
	} else {
		j.g.gap(fmt.Sprintf("jail %s: names no filter", j.name), r.Source)
	}
	// An expression in the jail itself takes the place of the filter's.
	if value, o := j.get("failregex"); value != "" {
		r.FailRegexes = j.regexes(value, o)
	}
	if value, o := j.get("ignoreregex"); value != "" {
		r.IgnoreRegexes = j.regexes(value, o)
	}
	if len(r.FailRegexes) == 0 && name != "" {
		j.g.gap(fmt.Sprintf("jail %s: its filter has no failregex", j.name), r.Source)
	}
	logs, _ := j.get("logpath")
	for _, line := range strings.Split(logs, "\n") {
		if f := strings.Fields(line); len(f) > 0 { // "head" or "tail" may follow
			r.LogPaths = append(r.LogPaths, f[0])
		}
	}
	r.Backend, _ = j.get("backend")
	r.Protocol, _ = j.get("protocol")
	ignored, _ := j.get("ignoreip")
	r.IgnoredNets = list(ignored)
	r.MaxRetry = j.quantity("maxretry", number)
	r.FindSeconds = j.quantity("findtime", banSeconds)
	r.BanSeconds = j.quantity("bantime", banSeconds)
	j.actions()
}

// quantity reads a number; one that is not set, or not understood, is a gap.
func (j *jail) quantity(name string, parse func(string) evidence.Optional[int]) evidence.Optional[int] {
	value, o := j.get(name)
	n := parse(value)
	if !n.Known {
		reason, source := "is not understood", o.source
		if source.Artifact == "" {
			reason, source = "is set nowhere", j.record.Source
		}
		j.g.gap(fmt.Sprintf("jail %s: %s %s", j.name, name, reason), source)
	}
	return n
}

var (
	bracketed = regexp.MustCompile(`(?s)^([^\[]*?)\s*\[(.*)\]\s*$`)
	givenPort = regexp.MustCompile(`(?:^|[\[,\s])port\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\]\s]+))`)
)

// withOptions splits NAME[key=value, ...].
func withOptions(s string) (name, options string) {
	if m := bracketed.FindStringSubmatch(s); m != nil {
		return m[1], m[2]
	}
	return strings.TrimSpace(s), ""
}

// actions tells which ports a ban closes. The port that the action is given
// counts, be it the jail's or not; an action for all ports needs none.
func (j *jail) actions() {
	r := &j.record
	banAction, _ := j.get("banaction")
	r.BanAction, _ = withOptions(banAction)
	action, actionOption := j.get("action")
	if r.BanAction == "" {
		r.BanAction, _ = withOptions(strings.SplitN(action, "\n", 2)[0])
	}
	ports, o := j.get("port")
	portSource := o.source
	if portSource.Artifact == "" {
		portSource = actionOption.source
	}
	if m := givenPort.FindStringSubmatch(action); m != nil {
		ports = m[1] + m[2] + m[3]
	}
	if strings.Contains(action, "allports") || action == "" && strings.Contains(r.BanAction, "allports") {
		ports = "0:65535"
	}
	for _, p := range list(ports) {
		if len(r.Ports)+len(r.UnknownPorts) == maxPorts {
			j.g.gap(fmt.Sprintf("jail %s: more than %d ports: the rest was left out", j.name, maxPorts), portSource)
			break
		}
		if n, ok := serviceNames[strings.ToLower(p)]; ok {
			r.Ports = append(r.Ports, evidence.PortRange{From: n, To: n})
		} else if from, to, ok := portRange(strings.Replace(p, "-", ":", 1), ":"); ok {
			r.Ports = append(r.Ports, evidence.PortRange{From: from, To: to})
		} else {
			r.UnknownPorts = append(r.UnknownPorts, p)
			j.g.gap(fmt.Sprintf("jail %s: the number of the port %q is not known", j.name, shorten(p)), portSource)
		}
	}
	if len(r.Ports)+len(r.UnknownPorts) == 0 {
		j.g.gap(fmt.Sprintf("jail %s: names no port", j.name), r.Source)
	}
}

// serviceNames are the ports that jails name most, from services(5).
var serviceNames = map[string]int{
	"http": 80, "https": 443, "ssh": 22, "ftp": 21, "ftp-data": 20, "ftps": 990, "ftps-data": 989, "smtp": 25, "submission": 587,
	"submissions": 465, "imap": 143, "imap2": 143, "imap3": 220, "imaps": 993, "pop3": 110, "pop3s": 995, "sieve": 4190,
	"domain": 53, "http-alt": 8080, "webcache": 8080, "https-alt": 8443, "xmpp-client": 5222, "xmpp-server": 5269, "sip": 5060,
	"sip-tls": 5061, "snmp": 161, "ldap": 389, "ldaps": 636, "mysql": 3306, "postgresql": 5432,
}

// readFilter reads filter.d/NAME.conf and NAME.local.
func (j *jail) readFilter(name, given string, source evidence.Source) {
	if strings.ContainsAny(name, "/\\") || strings.HasPrefix(name, ".") {
		j.g.gap(fmt.Sprintf("jail %s: the filter is a path, which is not followed", j.name), source)
		return
	}
	base := path.Join(fail2banFolder, "filter.d", name)
	s, ok := j.files.load([]string{base + ".conf", base + ".local"})
	if !ok {
		j.g.gap(fmt.Sprintf("jail %s: the filter %q is not in filter.d", j.name, shorten(name)), source)
		return
	}
	// What stands in brackets behind the name comes before [Init].
	extra := map[string]string{}
	for key, o := range s.options["Init"] {
		extra[key] = o.value
	}
	for _, part := range strings.Split(given, ",") {
		if key, value, ok := strings.Cut(part, "="); ok {
			extra[strings.ToLower(strings.TrimSpace(key))] = strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	j.filter = map[string]string{}
	for key := range s.options["Definition"] {
		value, at, err := s.expand("Definition", key, extra)
		if err != nil {
			if key == "failregex" || key == "ignoreregex" {
				j.g.gap(fmt.Sprintf("filter %s: %s: %v", name, key, err), at.source)
			}
			continue
		}
		// Expanded already: what is left of percent signs stands for itself.
		j.filter["known/"+key] = strings.ReplaceAll(value, "%", "%%")
		switch key {
		case "failregex":
			j.record.FailRegexes = j.regexes(value, at)
		case "ignoreregex":
			j.record.IgnoreRegexes = j.regexes(value, at)
		}
	}
}

// regexes are the lines of an option that are not empty.
func (j *jail) regexes(value string, o option) []evidence.BanRegex {
	var out []evidence.BanRegex
	for i, line := range strings.Split(value, "\n") {
		if line == "" {
			continue
		}
		if len(out) == maxRegexes {
			j.g.gap(fmt.Sprintf("jail %s: more than %d expressions: the rest was left out", j.name, maxRegexes), o.source)
			break
		}
		out = append(out, evidence.BanRegex{Text: line, Anchored: strings.HasPrefix(line, "^"), Source: o.line(i, value)})
	}
	return out
}

type banUnit struct {
	names   []string
	seconds int64
}

// banUnits are fail2ban's units of time in seconds; a year has 365.25 days, and
// a month is its twelfth part.
var banUnits = []banUnit{
	{[]string{"s", "ss", "se", "sec", "second", "seconds"}, 1},
	{[]string{"m", "mm", "mi", "min", "minute", "minutes"}, 60},
	{[]string{"h", "hh", "ho", "hou", "hour", "hours"}, 3600},
	{[]string{"d", "dd", "da", "day", "days"}, 86400},
	{[]string{"w", "ww", "we", "wee", "week", "weeks"}, 604800},
	{[]string{"mo", "mon", "month", "months"}, 2629800},
	{[]string{"y", "yy", "ye", "yea", "year", "years"}, 31557600},
}

var banTerm = regexp.MustCompile(`^\s*([+-]?)\s*(\d{1,9})\s*([A-Za-z]*)`)

// banSeconds reads a time of fail2ban, such as "1h 30m", "1d12h" or "-1". What
// it would calculate beyond sums is not known.
func banSeconds(s string) evidence.Optional[int] {
	unknown := evidence.Optional[int]{}
	total := int64(0)
	if s = strings.TrimSpace(s); s == "" {
		return unknown
	}
	for s != "" {
		m := banTerm.FindStringSubmatch(s)
		if m == nil {
			return unknown
		}
		s = s[len(m[0]):]
		n, err := strconv.ParseInt(m[2], 10, 64)
		if err != nil {
			return unknown
		}
		if m[3] != "" {
			unit := slices.IndexFunc(banUnits, func(u banUnit) bool { return slices.Contains(u.names, strings.ToLower(m[3])) })
			if unit < 0 {
				return unknown
			}
			n *= banUnits[unit].seconds
		}
		if m[1] == "-" {
			n = -n
		}
		if total += n; total > 1<<40 || total < -(1<<40) {
			return unknown
		}
	}
	return evidence.Known(int(total), evidence.Explicit)
}
