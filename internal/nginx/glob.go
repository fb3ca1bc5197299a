// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// maxGlobWork bounds the names compared with patterns in one tree.
const maxGlobWork = 20_000_000

// globber expands patterns over a source and remembers directories.
type globber struct {
	src    source
	listed map[string]listing
	budget int
}

type listing struct {
	names []string
	err   error
}

// expand expands a pattern the way nginx does through glob(3): each segment apart,
// a leading dot matched only by a dot, results in byte order, no match is legal.
func (g *globber) expand(pattern string) ([]string, error) {
	dirs := []string{""}
	segments := strings.Split(strings.TrimPrefix(pattern, "/"), "/")
	var errs []error
	for i, seg := range segments {
		var next []string
		for _, dir := range dirs {
			if !strings.ContainsAny(seg, "*?[") {
				name := dir + "/" + unescape(seg)
				if i < len(segments)-1 || g.src.stat(name) {
					next = append(next, name)
				}
				continue
			}
			l := g.list(dir)
			if l.err != nil {
				errs = append(errs, fmt.Errorf("directory %s: %w", dir+"/", cause(l.err)))
			}
			if g.budget -= len(l.names) + 1; g.budget < 0 {
				return nil, errors.New("too many names were compared with patterns")
			}
			for _, n := range l.names {
				if matchSegment(seg, n) {
					next = append(next, dir+"/"+n)
				}
			}
			if len(next) > MaxFiles {
				errs = append(errs, fmt.Errorf("more than %d names match", MaxFiles))
				next = next[:MaxFiles]
				break
			}
		}
		dirs = next
	}
	slices.Sort(dirs)
	return dirs, errors.Join(errs...)
}

// list reads a directory once. What does not exist, and a plain file in the
// place of a directory, hold no names: glob(3) passes over them.
func (g *globber) list(dir string) listing {
	if l, ok := g.listed[dir]; ok {
		return l
	}
	names, err := g.src.list(dir)
	if errors.Is(err, fs.ErrNotExist) || err != nil && g.src.isFile(dir) {
		err = nil
	}
	l := listing{names, err}
	g.listed[dir] = l
	return l
}

func unescape(seg string) string {
	if !strings.Contains(seg, `\`) {
		return seg
	}
	var b strings.Builder
	for i := 0; i < len(seg); i++ {
		if seg[i] == '\\' && i+1 < len(seg) {
			i++
		}
		b.WriteByte(seg[i])
	}
	return b.String()
}

// matchSegment is fnmatch(3) for one path segment, with FNM_PERIOD. It goes back
// to the last star only, so that it is never exponential.
func matchSegment(pat, name string) bool {
	if strings.HasPrefix(name, ".") && !strings.HasPrefix(pat, ".") && !strings.HasPrefix(pat, `\.`) {
		return false
	}
	p, n := 0, 0
	starP, starN := -1, 0
	for n < len(name) {
		if p < len(pat) {
			if pat[p] == '*' {
				starP, starN = p, n
				p++
				continue
			}
			if width, ok := matchByte(pat[p:], name[n]); ok {
				p += width
				n++
				continue
			}
		}
		if starP < 0 {
			return false
		}
		starN++
		p, n = starP+1, starN
	}
	for p < len(pat) && pat[p] == '*' {
		p++
	}
	return p == len(pat)
}

// matchByte matches c against the first element of pat and returns its width.
func matchByte(pat string, c byte) (width int, ok bool) {
	switch pat[0] {
	case '?':
		return 1, true
	case '\\':
		if len(pat) > 1 {
			return 2, pat[1] == c
		}
	case '[':
		if width, ok := matchBracket(pat, c); width > 0 {
			return width, ok
		}
	}
	return 1, pat[0] == c
}

// matchBracket matches a bracket expression; width 0 means that pat holds none,
// and its "[" is a plain character.
func matchBracket(pat string, c byte) (width int, ok bool) {
	i := 1
	negate := i < len(pat) && (pat[i] == '!' || pat[i] == '^')
	if negate {
		i++
	}
	for first := true; i < len(pat) && (first || pat[i] != ']'); first = false {
		if rest := pat[i:]; strings.HasPrefix(rest, "[:") {
			if end := strings.Index(rest, ":]"); end > 0 {
				ok = ok || inClass(rest[2:end], c)
				i += end + 2
				continue
			}
		}
		if pat[i] == '\\' && i+1 < len(pat) {
			i++
		}
		low := pat[i]
		high := low
		i++
		if i+1 < len(pat) && pat[i] == '-' && pat[i+1] != ']' {
			i++
			if pat[i] == '\\' && i+1 < len(pat) {
				i++
			}
			high = pat[i]
			i++
		}
		ok = ok || low <= c && c <= high
	}
	if i >= len(pat) {
		return 0, false
	}
	return i + 1, ok != negate
}

func inClass(class string, c byte) bool {
	lower, upper, digit := c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9'
	switch class {
	case "lower":
		return lower
	case "upper":
		return upper
	case "digit":
		return digit
	case "alpha":
		return lower || upper
	case "alnum":
		return lower || upper || digit
	case "xdigit":
		return digit || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
	case "punct":
		return c > ' ' && c < 0x7f && !lower && !upper && !digit
	case "space", "blank":
		return c == ' ' || c == '\t'
	}
	return false
}
