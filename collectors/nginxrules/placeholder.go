// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"regexp"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
)

// The published sample configuration marks what an administrator has to
// replace. The marker is a comment and may stay; the sample value may not.

var marker = regexp.MustCompile(`(?i)must[-\x{2010}\x{2013}\x{2014} ]change`)

// sample is a value that the published configuration holds.
type sample struct {
	name string
	re   *regexp.Regexp
	// nearMarker samples are common elsewhere too and count only right below
	// a marker.
	nearMarker bool
}

var samples = []sample{
	{"sample proxy host", regexp.MustCompile(`(?i)(?:^|[^a-z0-9.-])((?:saproxy|saproxy125|ccx-?rproxy|ccxproxy|astproxy)[a-z0-9-]*(?:\.[a-z0-9.-]+)?)`), false},
	{"sample domain", regexp.MustCompile(`(?i)(?:^|[^a-z0-9-])([a-z0-9*_.-]*\.autobot\.cvp)\b`), false},
	{"sample domain", regexp.MustCompile(`(?i)(?:^|[^a-z0-9-])([a-z0-9*_.-]+\.host\.domain)\b`), false},
	{"sample host", regexp.MustCompile(`(?i)(?:^|[^a-z0-9.-])((?:finesse25|proxy25)(?:\.[a-z0-9.-]+)?)\b`), false},
	{"sample host", regexp.MustCompile(`(?i)\b(cloudconnct\.failover\.hostname|search\.domain\.1)\b`), false},
	{"sample address", regexp.MustCompile(`(?:^|[^0-9.])(192\.168\.1\.(?:3|4|5|69|169))(?:$|[^0-9.])`), true},
	{"public resolver of the sample", regexp.MustCompile(`(?:^|[^0-9.])(1\.1\.1\.1|8\.8\.8\.8)(?:$|[^0-9.])`), true},
	{"unset address", regexp.MustCompile(`(?i)\b(x\.x\.x\.x)\b`), false},
}

// markerReach is how many lines below a marker still belong to it.
const markerReach = 3

// placeholders lists the markers and the sample values of all files. Comments
// are searched for markers only.
func (r *reader) placeholders(tree *nginx.Tree) {
	done := map[*nginx.File]bool{}
	for _, f := range tree.Files {
		if done[f] {
			continue
		}
		done[f] = true
		lastMarker := -markerReach - 1
		for i, line := range strings.Split(f.Text, "\n") {
			code, comment := splitComment(line)
			at := func(column int) evidence.Source {
				return r.at(nginx.Pos{File: f.Name, Line: i + 1, Column: column, Artifact: f.Artifact, ArtifactLine: f.ArtifactLine + i}, evidence.Explicit)
			}
			if loc := marker.FindStringIndex(comment); loc != nil {
				lastMarker = i
				r.record.Placeholders = append(r.record.Placeholders, evidence.Placeholder{
					Marker: true, Text: comment[loc[0]:loc[1]], Source: at(len(code) + loc[0] + 1),
				})
			}
			for _, s := range samples {
				if s.nearMarker && i-lastMarker > markerReach {
					continue
				}
				if m := s.re.FindStringSubmatchIndex(code); m != nil {
					r.record.Placeholders = append(r.record.Placeholders, evidence.Placeholder{
						Text: code[m[2]:m[3]], Sample: s.name, Source: at(m[2] + 1),
					})
				}
			}
		}
	}
}

// splitComment cuts a line at the "#" that starts a comment: one at the start
// of a word, outside of quotes.
func splitComment(line string) (code, comment string) {
	quote := byte(0)
	for i := range len(line) {
		switch c := line[i]; {
		case quote != 0:
			if c == '\\' {
				continue
			}
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '#' && (i == 0 || strings.IndexByte(" \t;{}", line[i-1]) >= 0):
			return line[:i], line[i:]
		}
	}
	return line, ""
}
