// SPDX-License-Identifier: Apache-2.0

package host

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
)

var (
	// rpmName is NAME-[EPOCH:]VERSION-RELEASE[.ARCH].
	rpmName = regexp.MustCompile(`^([A-Za-z0-9][\w.+-]*)-(?:(\d{1,9}):)?([\w.+~^]+)-([\w.+~^]+?)(?:\.(x86_64|i[3-6]86|noarch|aarch64|ppc64le|s390x|src|\(none\)))?$`)
	// debVersion is [EPOCH:]VERSION[-RELEASE] (deb-version(7)).
	debVersion = regexp.MustCompile(`^(?:(\d{1,9}):)?([\w.+~:-]+?)(?:-([\w.+~]+))?$`)
	debName    = regexp.MustCompile(`^([a-z0-9][a-z0-9+.-]*)(?::([a-z0-9]+))?$`)
	// debState is the state of a package in "dpkg -l": wanted, present, error.
	debState = regexp.MustCompile(`^[uirph][nicurftaWHFUt][ R]?$`)
)

// rpmPackage reads NEVRA. A package without an architecture is a key that is
// trusted, which rpm lists among them.
func rpmPackage(s string) (evidence.HostPackage, bool) {
	m := rpmName.FindStringSubmatch(s)
	if m == nil {
		return evidence.HostPackage{}, false
	}
	return evidence.HostPackage{Name: m[1], Epoch: number(m[2]).Value, Version: m[3], Release: m[4], Arch: m[5]}, true
}

func debPackage(name, version, arch string) (evidence.HostPackage, bool) {
	n, v := debName.FindStringSubmatch(name), debVersion.FindStringSubmatch(version)
	if n != nil && arch == "" {
		arch = n[2]
	}
	switch {
	case n != nil && strings.HasPrefix(version, "[redacted:"):
		// What stands behind the package named passwd is taken for a password.
		return evidence.HostPackage{Name: n[1], Arch: arch}, true
	case n == nil || v == nil:
		return evidence.HostPackage{}, false
	}
	return evidence.HostPackage{Name: n[1], Epoch: number(v[1]).Value, Version: v[2], Release: v[3], Arch: arch}, true
}

// packages reads "rpm -qa", with or without --last, "dpkg-query -W" or "dpkg -l".
func packages(g *gatherer, x *text) bool {
	read := 0
	for i, line := range x.lines {
		p, installed, ok := packageLine(line)
		switch {
		case !ok:
			x.bad(i+1, "is no package with a version")
			continue
		case !installed:
			continue
		}
		read++
		p.Source = x.at(i + 1)
		g.installed(x, i+1, line, p)
		if g.room(len(g.record.Packages), "packages", p.Source) {
			g.record.Packages = append(g.record.Packages, p)
		}
	}
	return read > 0
}

// packageLine reads one line. A header, and a package of which only settings are
// left, is understood and not installed.
func packageLine(line string) (p evidence.HostPackage, installed, ok bool) {
	f := strings.Fields(line)
	switch {
	case len(f) == 0, strings.HasPrefix(line, "Desired="), strings.HasPrefix(line, "| Status="),
		strings.HasPrefix(line, "|/ Err?="), strings.HasPrefix(line, "||/ Name"), strings.HasPrefix(line, "+++-"):
		return p, false, true
	case len(f) >= 4 && debState.MatchString(f[0]):
		p, ok = debPackage(f[1], f[2], f[3])
		return p, f[0][1] == 'i', ok
	case strings.Contains(line, "\t"):
		name, version, _ := strings.Cut(line, "\t")
		if strings.TrimSpace(version) == "" { // known to dpkg, not installed
			return p, false, debName.MatchString(name)
		}
		p, ok = debPackage(name, strings.TrimSpace(version), "")
		return p, true, ok
	}
	// rpm -qa --last puts the day behind it.
	p, ok = rpmPackage(f[0])
	return p, true, ok
}

// installDay are the ways in which "rpm -qa --last" writes a moment: the weekday,
// then day and month in either order. Clock and time zone stand around the year.
var installDay = regexp.MustCompile(`^[A-Z][a-z]{2},? (?:(\d{1,2}) ([A-Z][a-z]{2})|([A-Z][a-z]{2}) +(\d{1,2}))(?: \d{1,2}:\d{2}:\d{2}(?: [AP]M)?(?: [A-Z]{2,5})?)? (\d{4})(?: |$)`)

// installed keeps the day of the package that was installed last, where a list
// holds such days.
func (g *gatherer) installed(x *text, line int, all string, p evidence.HostPackage) {
	f := strings.Fields(all)
	if len(f) < 2 || strings.Contains(all, "\t") || debState.MatchString(f[0]) {
		return
	}
	m := installDay.FindStringSubmatch(strings.Join(f[1:], " "))
	var day time.Time
	err := errors.New("is no date")
	if m != nil {
		day, err = time.Parse("2 Jan 2006", m[1]+m[4]+" "+m[2]+m[3]+" "+m[5])
	}
	if err != nil {
		if !g.undated {
			g.undated = true
			g.gaps = append(g.gaps, g.target.PartGap("host", lastInstall, fmt.Sprintf("%s:%d: what stands behind the package is no date that is understood", x.path, line), x.at(line)))
		}
		return
	}
	if p.Name == "gpg-pubkey" {
		return // a key that is trusted, which rpm lists among the packages
	}
	text := day.Format(time.DateOnly)
	if last := &g.record.LastInstall; !last.Known || text > last.Day {
		*last = evidence.HostInstall{Known: true, Day: text, Package: p.Name, Source: p.Source}
	}
}

// installDays leaves a gap when no package has a day.
func installDays(g *gatherer) {
	if !g.record.LastInstall.Known && !g.undated {
		reason := "no list of packages with the days on which they were installed (host.packages as output of rpm -qa --last): the age of the newest is not known"
		g.gaps = append(g.gaps, g.target.PartGap("host", lastInstall, reason, g.target.Edge.Source))
	}
}

var (
	advisory = regexp.MustCompile(`^[A-Z][A-Z0-9]*-[A-Za-z0-9:.-]*\d$`)
	// aptUpdate is NAME/ARCHIVES VERSION ARCH [upgradable from: OLD].
	aptUpdate = regexp.MustCompile(`^([a-z0-9][a-z0-9+.-]*)/(\S+) (\S+) (\S+) \[upgradable from: \S+\]`)
	// subscriptionTalk are lines of the subscription plugin, which say nothing of
	// the list: a host that is not registered may still read other repositories.
	subscriptionTalk = regexp.MustCompile(`(?i)^(?:This system is (?:not registered|registered )|Unable to read consumer identity|Not root, Subscription|Updating Subscription|You can use subscription-manager|"?subscription-manager"? to (?:register|assign)|This system is receiving updates)`)
	// installedUpdate is a row of an advisory that was applied, in a list of all.
	installedUpdate = regexp.MustCompile(`^i\s+(\S+)\s+\S`)
	// updateTalk are lines around the list, in which nothing is listed.
	updateTalk = regexp.MustCompile(`(?i)^(?:Last metadata expiration check|Listing\.\.\.|Loaded plugins|Loading mirror|updateinfo list done|Updating and loading repositories|Repositories loaded|Name\s+Type\s+Severity|WARNING: apt does not have a stable CLI|N: There |Waiting for process)`)
)

// updates reads "dnf -C updateinfo list", the same of yum, or "apt list
// --upgradable". A list with nothing but its introduction is an empty one.
func updates(g *gatherer, x *text) bool {
	understood := false
	for i, line := range x.lines {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if updateTalk.MatchString(line) {
			understood = true
			continue
		}
		if subscriptionTalk.MatchString(line) {
			continue
		}
		if m := installedUpdate.FindStringSubmatch(line); m != nil && advisory.MatchString(m[1]) {
			understood = true
			continue
		}
		u, ok := updateLine(line)
		if !ok {
			x.bad(i+1, "is no update that waits")
			continue
		}
		understood = true
		u.Source = x.at(i + 1)
		u.Package.Source = u.Source
		if g.room(len(g.record.Updates), "updates", u.Source) {
			g.record.Updates = append(g.record.Updates, u)
		}
	}
	return understood
}

func updateLine(line string) (u evidence.HostUpdate, ok bool) {
	if m := aptUpdate.FindStringSubmatch(line); m != nil {
		u.Package, ok = debPackage(m[1], m[3], m[4])
		u.Security = strings.Contains(m[2], "-security")
		return u, ok
	}
	// ADVISORY KIND PACKAGE, and in dnf 5 ADVISORY KIND SEVERITY PACKAGE DAY ...
	f := strings.Fields(line)
	if len(f) < 3 || !advisory.MatchString(f[0]) {
		return u, false
	}
	u.Advisory = f[0]
	severity, kind, slashed := strings.Cut(strings.ToLower(f[1]), "/")
	switch {
	case slashed && strings.HasPrefix(kind, "sec"):
		u.Security, u.Severity = true, severity
	case f[1] == "security":
		u.Security = true
		if len(f) > 3 {
			u.Severity = strings.ToLower(f[2])
		}
	}
	name := f[2]
	if !slashed && len(f) > 3 {
		name = f[3]
	}
	u.Package, ok = rpmPackage(name)
	if !ok {
		u.Package, ok = rpmPackage(f[2])
	}
	if u.Severity == "unknown" || u.Severity == "none" {
		u.Severity = ""
	}
	return u, ok
}
