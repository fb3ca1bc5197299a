// SPDX-License-Identifier: Apache-2.0

package host

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

var (
	// mountLine is mount(8): DEVICE on PATH type TYPE (OPTIONS).
	mountLine = regexp.MustCompile(`^(.+?) on (/.*) type (\S+) \((.*)\)(?: \[.*\])?$`)
	// mountPair is findmnt -P.
	mountPair = regexp.MustCompile(`([A-Z-]+)="((?:[^"\\]|\\.)*)"`)
	// treeMarks are what findmnt draws before a path below another.
	treeMarks = regexp.MustCompile("^(?:[ │├└─|`]|-)*-? *(/.*)$")
)

// mounts reads findmnt (table, list or pairs), mount, or /proc/self/mounts.
func mounts(g *gatherer, x *text) bool {
	var columns []int
	for i, line := range x.lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if strings.HasPrefix(line, "TARGET ") {
			columns = headerColumns(line, "TARGET", "SOURCE", "FSTYPE", "OPTIONS")
			if columns == nil {
				x.bad(i+1, "the header lacks one of TARGET, SOURCE, FSTYPE and OPTIONS")
				return false
			}
			continue
		}
		m, ok := mount(line, columns)
		if !ok {
			x.bad(i+1, "is no mounted file system")
			continue
		}
		m.Source = x.at(i + 1)
		if !g.room(len(g.record.Mounts), "mounts", m.Source) {
			break
		}
		g.record.Mounts = append(g.record.Mounts, m)
	}
	last := map[string]int{}
	for i, m := range g.record.Mounts {
		if before, ok := last[m.Path]; ok {
			g.record.Mounts[before].Covered = true
		}
		last[m.Path] = i
	}
	if len(g.record.Mounts) == 0 {
		return false
	}
	// Every system has a root; a list without one was cut or filtered.
	if _, ok := last["/"]; !ok {
		g.gap(x.path+": shows no mount of /: it is no whole list", x.at(1))
	}
	return true
}

// headerColumns finds where the columns start, in characters, or nil.
func headerColumns(header string, names ...string) []int {
	var at []int
	for _, name := range names {
		i := strings.Index(header, name)
		if i < 0 {
			return nil
		}
		at = append(at, len([]rune(header[:i])))
	}
	if !slices.IsSorted(at) {
		return nil
	}
	return at
}

func mount(line string, columns []int) (evidence.HostMount, bool) {
	var f []string // path, device, type, options
	switch {
	case strings.HasPrefix(line, `TARGET="`):
		pairs := map[string]string{}
		for _, m := range mountPair.FindAllStringSubmatch(line, -1) {
			pairs[m[1]] = m[2]
		}
		f = []string{pairs["TARGET"], pairs["SOURCE"], pairs["FSTYPE"], pairs["OPTIONS"]}
	case mountLine.MatchString(line):
		m := mountLine.FindStringSubmatch(line)
		f = []string{m[2], m[1], m[3], m[4]}
	case columns != nil || treeMarks.MatchString(line) && len(strings.Fields(line)) != 6:
		m := treeMarks.FindStringSubmatch(line)
		if m == nil {
			return evidence.HostMount{}, false
		}
		if f = strings.Fields(m[1]); len(f) != 4 {
			f = cutColumns(line, columns)
			if f == nil {
				return evidence.HostMount{}, false
			}
			if m := treeMarks.FindStringSubmatch(f[0]); m != nil {
				f[0] = m[1]
			}
		}
	default: // /proc/self/mounts: device, path, type, options, two numbers
		f = strings.Fields(line)
		if len(f) != 6 {
			return evidence.HostMount{}, false
		}
		f = []string{f[1], f[0], f[2], f[3]}
	}
	return newMount(f)
}

// cutColumns splits a line of a table whose cells may hold blanks.
func cutColumns(line string, columns []int) []string {
	runes := []rune(line)
	var f []string
	for i, from := range columns {
		to := len(runes)
		if i+1 < len(columns) {
			to = min(columns[i+1], to)
		}
		if from > to {
			return nil
		}
		f = append(f, strings.TrimSpace(string(runes[from:to])))
	}
	return f
}

func newMount(f []string) (evidence.HostMount, bool) {
	if !strings.HasPrefix(f[0], "/") || f[2] == "" || f[3] == "" {
		return evidence.HostMount{}, false
	}
	m := evidence.HostMount{
		Path: octalEscapes(f[0]), Device: octalEscapes(f[1]), Type: f[2], Options: strings.Split(f[3], ","),
	}
	has := func(option string) bool { return slices.Contains(m.Options, option) }
	m.NoExec, m.NoDev, m.NoSUID, m.ReadOnly = has("noexec"), has("nodev"), has("nosuid"), has("ro")
	for i, o := range m.Options {
		key, value, ok := strings.Cut(o, "=")
		switch {
		case ok && key == "size":
			m.SizeBytes = byteSize(value)
		case ok && (strings.Contains(key, "pass") || strings.Contains(key, "secret") || key == "key"):
			m.Options[i] = key + "=" // what it opens is nobody's business
		}
	}
	return m, true
}

// byteSize reads a size with one of the suffixes k, m and g (mount(8), tmpfs).
func byteSize(s string) evidence.Optional[int] {
	unit := 1
	if s != "" {
		switch s[len(s)-1] | 0x20 {
		case 'k':
			unit = 1 << 10
		case 'm':
			unit = 1 << 20
		case 'g':
			unit = 1 << 30
		}
		if unit > 1 {
			s = s[:len(s)-1]
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > 1<<40 {
		return evidence.Optional[int]{}
	}
	return evidence.Known(int(n)*unit, evidence.Explicit)
}
