// SPDX-License-Identifier: Apache-2.0

package host

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

func selinuxMode(s string) (evidence.SELinuxMode, bool) {
	mode := evidence.SELinuxMode(strings.ToLower(strings.TrimSpace(s)))
	ok := mode != evidence.SELinuxUnknown && slices.Contains(mode.Values(), string(mode))
	return mode, ok
}

// selinuxStatus reads sestatus or getenforce.
func selinuxStatus(g *gatherer, x *text) bool {
	s := &g.record.SELinux
	for i, line := range x.lines {
		if mode, ok := selinuxMode(line); ok { // getenforce
			s.Mode, s.Source = mode, x.at(i+1)
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			if strings.TrimSpace(line) != "" {
				x.bad(i+1, "is no line of sestatus or getenforce")
			}
			continue
		}
		value = strings.TrimSpace(value)
		mode, known := selinuxMode(value)
		switch strings.TrimSpace(key) {
		case "SELinux status":
			if value == "disabled" {
				s.Mode, s.Source = evidence.SELinuxDisabled, x.at(i+1)
			}
		case "Current mode":
			if known {
				s.Mode, s.Source = mode, x.at(i+1)
			}
		case "Mode from config file":
			if known && s.Configured == evidence.SELinuxUnknown {
				s.Configured, s.ConfiguredSource = mode, x.at(i+1)
			}
		case "Loaded policy name", "Policy from config file":
			s.Policy = value
		}
	}
	return s.Mode != evidence.SELinuxUnknown
}

// selinuxConfig reads etc/selinux/config, which decides the next boot.
func selinuxConfig(g *gatherer) {
	g.treePart(evidence.PartSELinuxConfig, "etc/selinux/config", func() bool {
		x, ok := g.open("etc/selinux/config", true)
		if !ok {
			return false
		}
		s, found := &g.record.SELinux, false
		for i, line := range x.lines {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			key, value, ok := strings.Cut(line, "=")
			if !ok {
				x.bad(i+1, "is no setting")
				continue
			}
			switch key {
			case "SELINUX":
				mode, known := selinuxMode(value)
				if !known {
					x.bad(i+1, "is no mode of SELinux")
					continue
				}
				s.Configured, s.ConfiguredSource, found = mode, x.at(i+1), true
			case "SELINUXTYPE":
				if s.Policy == "" {
					s.Policy = strings.TrimSpace(value)
				}
			}
		}
		if !found && x.unread == 0 {
			g.gap(x.path+": sets no SELINUX", x.at(1))
		}
		return found
	})
}

// portLabels reads "semanage port -l": type, protocol, ports.
func portLabels(g *gatherer, x *text) bool {
	read := 0
	for i, line := range x.lines {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(strings.TrimSpace(line), "SELinux Port Type") {
			continue
		}
		if len(f) < 3 || !slices.Contains([]string{"tcp", "udp", "sctp", "dccp"}, f[1]) {
			x.bad(i+1, "is no SELinux type with protocol and ports")
			continue
		}
		for _, r := range list(strings.Join(f[2:], " ")) {
			from, to, ok := portRange(r, "-")
			if !ok {
				x.bad(i+1, "has a port that is no number")
				continue
			}
			read++
			if g.room(len(g.record.PortLabels), "port labels", x.at(i+1)) {
				g.record.PortLabels = append(g.record.PortLabels, evidence.PortLabel{Type: f[0], Protocol: f[1], From: from, To: to, Source: x.at(i + 1)})
			}
		}
	}
	return read > 0
}

// portRange reads "80" or "80-90" with the given separator.
func portRange(s, separator string) (from, to int, ok bool) {
	first, last, isRange := strings.Cut(s, separator)
	a, b := number(first), number(first)
	if isRange {
		b = number(last)
	}
	ok = a.Known && b.Known && a.Value >= 0 && a.Value <= b.Value && b.Value < 1<<16
	return a.Value, b.Value, ok
}
