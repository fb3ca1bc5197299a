// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

const (
	maxRotations        = 500
	maxRotationIncludes = 10
)

// tabooEndings are those of files that logrotate leaves out of a folder
// (logrotate(8), tabooext).
var tabooEndings = []string{
	"~", ",v", ".bak", ".cfsaved", ".disabled", ".dpkg-bak", ".dpkg-del", ".dpkg-dist", ".dpkg-new", ".dpkg-old", ".dpkg-tmp",
	".rhn-cfg-tmp-*", ".rpmnew", ".rpmorig", ".rpmsave", ".swp", ".ucf-dist", ".ucf-new", ".ucf-old",
}

// nginxLogs are the usual logs of the proxy, in the logs folder of its prefix.
var nginxLogs = [...]string{"access.log", "error.log", "blocking.log"}

// rotations reads etc/logrotate.conf and what it includes.
func rotations(g *gatherer) {
	g.treePart(evidence.PartLogrotate, "etc/logrotate.conf", func() bool {
		r := &rotationReader{g: g, taboo: tabooEndings}
		return r.file("etc/logrotate.conf", true)
	})
}

// rotationReader walks the files. What stands outside of stanzas holds for all
// that follow, across files.
type rotationReader struct {
	g        *gatherer
	taboo    []string
	defaults evidence.LogRotation
	depth    int
}

// file reads one file; false when it does not open.
func (r *rotationReader) file(name string, required bool) bool {
	if r.depth++; r.depth > maxRotationIncludes {
		r.g.gap(name+": included too deep", r.g.treeSource(name, 0))
		return false
	}
	defer func() { r.depth-- }()
	x, ok := r.g.open(name, required)
	if !ok {
		return false
	}
	var (
		stanza   evidence.LogRotation
		inStanza bool
		script   bool
		patterns []string
		first    int
	)
	for i, line := range x.lines {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		words := rotationWords(line)
		switch {
		case script:
			script = words[0] != "endscript"
		case slices.Contains(rotationScripts[:], words[0]):
			script = true
		case inStanza && words[0] == "}":
			inStanza = false
			r.keep(stanza)
		case inStanza:
			if words[0] == "include" {
				x.bad(i+1, "an include within a stanza")
				continue
			}
			r.directive(x, i+1, words, &stanza)
		case patterns != nil || isRotationPath(words[0]) || words[0] == "{":
			if patterns == nil {
				first = i + 1
			}
			open := false
			for _, w := range words {
				if w == "{" {
					open = true
					break
				}
				patterns = append(patterns, w)
			}
			if open {
				stanza, inStanza = r.defaults, true
				stanza.Patterns, stanza.Source, patterns = patterns, x.at(first), nil
				if at := strings.IndexByte(line, '{'); strings.TrimSpace(line[at+1:]) != "" {
					rest := strings.TrimSpace(line[at+1:])
					inStanza = !strings.HasSuffix(rest, "}")
					if rest = strings.TrimSpace(strings.TrimSuffix(rest, "}")); rest != "" {
						r.directive(x, i+1, rotationWords(rest), &stanza)
					}
					if !inStanza {
						r.keep(stanza)
					}
				}
			}
		case words[0] == "include" && len(words) > 1:
			r.include(words[1])
		case words[0] == "tabooext":
			r.taboo = rotationTaboo(r.taboo, words[1:])
		default:
			r.directive(x, i+1, words, &r.defaults)
		}
	}
	if inStanza || script || patterns != nil {
		r.g.gap(x.path+": a stanza or script is not closed: the file may be cut off", x.at(len(x.lines)))
		if inStanza {
			r.keep(stanza)
		}
	}
	return true
}

var rotationScripts = [...]string{"postrotate", "prerotate", "firstaction", "lastaction", "preremove"}

func isRotationPath(s string) bool { return strings.HasPrefix(s, "/") || strings.ContainsAny(s, "*?") }

var rotationWord = regexp.MustCompile(`"([^"]*)"|'([^']*)'|(\{)|([^\s{"']+)`)

// rotationWords splits a line; "{" is a word of its own. There is at least one.
func rotationWords(line string) []string {
	var out []string
	for _, m := range rotationWord.FindAllStringSubmatch(line, -1) {
		out = append(out, m[1]+m[2]+m[3]+m[4])
	}
	if len(out) == 0 {
		return []string{line}
	}
	return out
}

func rotationTaboo(taboo, words []string) []string {
	if len(words) == 0 {
		return taboo
	}
	if words[0] == "+" {
		return append(slices.Clone(taboo), list(strings.Join(words[1:], ","))...)
	}
	return list(strings.Join(words, ","))
}

// include reads a file, or the files of a folder by name.
func (r *rotationReader) include(name string) {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	info, err := fs.Stat(r.g.tree, name)
	if err != nil || !info.IsDir() {
		r.file(name, true)
		return
	}
	entries, _ := r.g.folder(name)
	for _, e := range entries {
		taboo := slices.ContainsFunc(r.taboo, func(ending string) bool {
			ok, err := path.Match("*"+ending, e.Name())
			return err == nil && ok || strings.HasSuffix(e.Name(), ending)
		})
		full := path.Join(name, e.Name())
		if info, err := fs.Stat(r.g.tree, full); taboo || err == nil && !info.Mode().IsRegular() {
			continue // logrotate leaves out what is no file
		}
		r.file(full, true)
	}
}

// directive applies one line to a stanza or to what all inherit.
func (r *rotationReader) directive(x *text, line int, words []string, to *evidence.LogRotation) {
	// "size=5M" and "size = 5M" are the same as "size 5M".
	keyword, rest, _ := strings.Cut(words[0], "=")
	words = append([]string{keyword}, words[1:]...)
	value := rest
	for _, w := range words[1:] {
		if value == "" {
			value = strings.TrimPrefix(w, "=")
		}
	}
	amount := func(n evidence.Optional[int], into *int) {
		if !n.Known {
			x.bad(line, words[0]+" without a number")
			return
		}
		*into = n.Value
	}
	switch words[0] {
	case "hourly", "daily", "weekly", "monthly", "yearly":
		to.Frequency = words[0]
	case "rotate":
		amount(number(value), &to.Count)
	case "size":
		amount(byteSize(value), &to.SizeBytes)
	case "maxsize":
		amount(byteSize(value), &to.MaxSizeBytes)
	case "maxage":
		amount(number(value), &to.MaxAgeDays)
	case "compress", "nocompress":
		to.Compress = words[0] == "compress"
	case "copytruncate", "nocopytruncate":
		to.CopyTruncate = words[0] == "copytruncate"
	case "create":
		to.Create, to.CreateMode, to.CreateOwner = true, "", ""
		for _, w := range words[1:] {
			if strings.Trim(w, "01234567") == "" && to.CreateMode == "" {
				to.CreateMode = w
			} else if to.CreateOwner == "" {
				to.CreateOwner = w
			}
		}
	case "nocreate":
		to.Create, to.CreateMode, to.CreateOwner = false, "", ""
	default:
		if !rotationKeyword.MatchString(words[0]) {
			x.bad(line, "is no directive of logrotate")
		}
	}
}

var rotationKeyword = regexp.MustCompile(`^[a-z]{2,20}$`)

// keep adds a stanza, with those of nginx's logs that it is about.
func (r *rotationReader) keep(stanza evidence.LogRotation) {
	if len(r.g.record.LogRotations) == maxRotations {
		r.g.gap(fmt.Sprintf("more than %d stanzas of logrotate: the rest was left out", maxRotations), stanza.Source)
	}
	if len(r.g.record.LogRotations) >= maxRotations {
		return
	}
	prefix := r.g.target.Edge.Nginx.Prefix
	for _, log := range nginxLogs {
		full := path.Join("/", prefix, "logs", log)
		if prefix != "" && slices.ContainsFunc(stanza.Patterns, func(p string) bool {
			ok, err := path.Match(path.Clean(p), full)
			return err == nil && ok
		}) {
			stanza.NginxLogs = append(stanza.NginxLogs, full)
		}
	}
	r.g.record.LogRotations = append(r.g.record.LogRotations, stanza)
}
