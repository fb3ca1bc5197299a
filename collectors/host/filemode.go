// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// absent is what stat says of a file that is not there, in both ways of quoting.
var absent = regexp.MustCompile(`^(?:/\S*/)?stat: cannot (?:statx|stat) ['‘"](.+)['’"]: (No such file or directory|.+)$`)

// fileModes reads the output of stat: mode, owner, group and name.
func fileModes(g *gatherer, x *text) bool {
	read := 0
	for i, line := range x.lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if m := absent.FindStringSubmatch(line); m != nil {
			if m[2] != "No such file or directory" {
				x.bad(i+1, "stat could not look at a file")
				continue
			}
			read++
			if g.room(len(g.record.Files), "files", x.at(i+1)) {
				g.record.Files = append(g.record.Files, evidence.HostFile{Path: m[1], Source: x.at(i + 1)})
			}
			continue
		}
		f, ok := fileMode(line)
		if !ok {
			x.bad(i+1, "is no mode, owner, group and name of a file")
			continue
		}
		read++
		f.Source = x.at(i + 1)
		if g.room(len(g.record.Files), "files", f.Source) {
			g.record.Files = append(g.record.Files, f)
		}
	}
	return read > 0
}

// fileMode reads one line. A name may hold blanks, an owner may not.
func fileMode(line string) (evidence.HostFile, bool) {
	fields := strings.SplitN(line, " ", 4)
	if len(fields) < 4 || fields[1] == "" || fields[2] == "" || fields[3] == "" || len(fields[0]) > 5 {
		return evidence.HostFile{}, false
	}
	bits, err := strconv.ParseUint(fields[0], 8, 16)
	if err != nil || bits > 0o7777 {
		return evidence.HostFile{}, false
	}
	f := evidence.HostFile{
		Path: fields[3], Exists: true, Mode: fmt.Sprintf("%04o", bits), Bits: int(bits), Owner: fields[1], Group: fields[2],
		OwnerID: number(fields[1]), GroupID: number(fields[2]),
		OwnedByRoot: fields[1] == "root" || fields[1] == "0",
		GroupAccess: bits&0o070 != 0, WorldAccess: bits&0o007 != 0,
		GroupWritable: bits&0o020 != 0, WorldWritable: bits&0o002 != 0,
	}
	if path.IsAbs(f.Path) {
		f.Path = path.Clean(f.Path)
	}
	return f, true
}
