// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"io/fs"
	"path"
	"strings"
)

// ParseDump reads the output of "nginx -T". Each include is resolved by name
// against the files found in the dump, so that a file included inside a location
// stays inside that location. Name is the name of the dump itself and becomes
// Pos.Artifact; Pos.File and Pos.Line are those of the file as it was on the host.
//
// A file of the dump that no include reaches, an end that may have been cut off,
// and text that looks like a dump without being one, are reported in Errors. A
// dump that was cut exactly between two files shows only by an include that
// finds nothing, and not at all where that include is a pattern.
func ParseDump(name, text string) *Tree {
	src, order, errs := splitDump(name, text)
	l := newLoader(src)
	l.errs.list = errs
	if len(order) == 0 {
		l.errs.add(Pos{File: name, Line: 1, Column: 1, Artifact: name, ArtifactLine: 1},
			`use the output of "nginx -T", including the lines that begin with "# configuration file"`,
			"no configuration file in the dump")
		return &Tree{Errors: l.errs.list}
	}
	t := l.run(order[0])
	for _, n := range order[1:] {
		if l.byName[n] == nil {
			f := src[n]
			l.errs.add(Pos{File: n, Line: 1, Column: 1, Artifact: name, ArtifactLine: f.ArtifactLine}, "",
				"the dump holds this file but no include that was read names it")
		}
	}
	if !endsLikeADump(text) {
		f := src[order[len(order)-1]]
		line := 1 + strings.Count(text, "\n")
		l.errs.add(Pos{File: order[len(order)-1], Line: max(line-f.ArtifactLine+1, 1), Column: 1, Artifact: name, ArtifactLine: line},
			`save the whole output of "nginx -T", with the empty line at its end`,
			"the dump may be cut off: it does not end in an empty line")
	}
	t.Errors = l.errs.list
	return t
}

// endsLikeADump reports whether the last line of the text is empty. nginx
// writes a line feed after each file, beside the one that the file ends in. If
// the last file has none, its dump cannot be told from one that was cut off.
func endsLikeADump(text string) bool {
	text, ok := strings.CutSuffix(text, "\n")
	text = strings.TrimSuffix(text, "\r")
	return ok && strings.HasSuffix(text, "\n")
}

const dumpMark = "# configuration file "

// splitDump cuts the dump at its separators. A line inside a file that looks
// like a separator cannot be told from one; it shows as an unreached file.
func splitDump(artifact, text string) (src dumpSource, order []string, errs []Error) {
	src = dumpSource{}
	var current *File
	start, line := 0, 1
	finish := func(end int) {
		if current != nil {
			// nginx puts one line feed after each file.
			current.Text = strings.TrimSuffix(text[start:end], "\n")
		}
	}
	for i := 0; i < len(text); {
		end, next := len(text), len(text)
		if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
			end, next = i+n, i+n+1
		}
		if file, ok := dumpSeparator(text[i:end]); ok {
			finish(i)
			current = &File{Artifact: artifact, ArtifactLine: line + 1}
			start = next
			if src[file] != nil || len(src) >= MaxFiles {
				reason := "this file stands twice in the dump; the first one counts"
				if src[file] == nil {
					reason = "too many files in the dump; this one was not read"
				}
				errs = append(errs, Error{Pos: Pos{File: file, Line: 1, Column: 1, Artifact: artifact, ArtifactLine: line}, Message: reason})
				if len(errs) > maxErrors {
					return src, order, errs
				}
			} else {
				src[file] = current
				order = append(order, file)
			}
		}
		i = next
		line++
	}
	finish(len(text))
	return src, order, errs
}

func dumpSeparator(line string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(line, dumpMark)
	if !ok {
		return "", false
	}
	rest, ok = strings.CutSuffix(strings.TrimSuffix(rest, "\r"), ":")
	if !ok || rest == "" {
		return "", false
	}
	return path.Clean("/" + rest), true
}

// dumpSource holds the files of a dump by name.
type dumpSource map[string]*File

func (s dumpSource) read(name string) (*File, error) {
	f := s[name]
	if f == nil {
		return nil, errNotInDump
	}
	if len(f.Text) > MaxFileSize {
		return nil, errTooLarge
	}
	return f, nil
}

// list rebuilds a directory from the names below it.
func (s dumpSource) list(dir string) ([]string, error) {
	seen := map[string]bool{}
	var names []string
	for n := range s {
		rest, ok := strings.CutPrefix(n, dir+"/")
		if !ok {
			continue
		}
		first, _, _ := strings.Cut(rest, "/")
		if !seen[first] {
			seen[first] = true
			names = append(names, first)
		}
	}
	if names == nil {
		return nil, fs.ErrNotExist
	}
	return names, nil
}

func (s dumpSource) stat(name string) bool { return s[name] != nil }

func (s dumpSource) isFile(name string) bool { return s[name] != nil }
