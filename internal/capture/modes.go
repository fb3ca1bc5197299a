// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Limits of one listing of modes.
const (
	maxModes = 5000
	maxDepth = 8
)

// modesBelow lists owners and modes of declared folders that the command with
// its fixed folders does not reach, in the form of "stat -c '%a %u %g %n'". What
// cannot be looked at is among the problems.
func modesBelow(s *scope, declared []string) (text string, problems []string) {
	var b strings.Builder
	count := 0
	var visit func(name string, depth int)
	visit = func(name string, depth int) {
		if count >= maxModes {
			return
		}
		info, err := s.Lstat(name)
		if err != nil {
			problems = append(problems, err.Error())
			return
		}
		if info.Mode()&fs.ModeSymlink != 0 || strings.ContainsAny(name, "\n\r") {
			return
		}
		uid, gid, ok := s.host.Owner(info)
		if !ok {
			return
		}
		if count++; count == maxModes {
			problems = append(problems, fmt.Sprintf("more than %d files below the declared folders; the modes of the rest are not listed", maxModes))
		}
		fmt.Fprintf(&b, "%o %d %d /%s\n", unixMode(info.Mode()), uid, gid, name)
		if !info.IsDir() {
			return
		}
		if depth == maxDepth {
			problems = append(problems, fmt.Sprintf("/%s: folders below this depth are not listed", name))
			return
		}
		entries, err := s.ReadDir(name)
		if err != nil {
			problems = append(problems, err.Error())
			return
		}
		for _, e := range entries {
			visit(path.Join(name, e.Name()), depth+1)
		}
	}
	for _, d := range declared {
		d = strings.TrimPrefix(path.Clean("/"+d), "/")
		listed := slices.ContainsFunc(modeFolders, func(f string) bool { return "/"+d == f || strings.HasPrefix("/"+d, f+"/") })
		if d != "" && !listed {
			visit(d, 0)
		}
	}
	return b.String(), problems
}

// unixMode is the mode as stat prints it, with the special bits.
func unixMode(m fs.FileMode) uint32 {
	mode := uint32(m.Perm())
	for bit, value := range map[fs.FileMode]uint32{fs.ModeSetuid: 0o4000, fs.ModeSetgid: 0o2000, fs.ModeSticky: 0o1000} {
		if m&bit != 0 {
			mode |= value
		}
	}
	return mode
}
