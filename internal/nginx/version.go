// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Version is a release of nginx. The zero value means "not known".
type Version struct{ Major, Minor, Patch int }

// IsZero reports whether the version is not known.
func (v Version) IsZero() bool { return v == Version{} }

// Compare orders versions: negative when v is older than w.
func (v Version) Compare(w Version) int {
	return cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor), cmp.Compare(v.Patch, w.Patch))
}

// String is "1.25.3", or "unknown".
func (v Version) String() string {
	if v.IsZero() {
		return "unknown"
	}
	return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch)
}

// ReadVersion reads "1.25.3" or the nginx part of an OpenResty version such as
// "1.25.3.2". What follows the numbers is ignored.
func ReadVersion(s string) (Version, error) {
	var n [3]int
	rest := s
	for i := range n {
		end := 0
		for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
			end++
		}
		v, err := strconv.Atoi(rest[:end])
		if err != nil || v > 9999 {
			return Version{}, fmt.Errorf("version %q: want major.minor.patch", clip(s))
		}
		n[i] = v
		rest = rest[end:]
		if i < 2 {
			if rest == "" || rest[0] != '.' {
				return Version{}, fmt.Errorf("version %q: want major.minor.patch", clip(s))
			}
			rest = rest[1:]
		}
	}
	return Version{n[0], n[1], n[2]}, nil
}

// Build is what "nginx -V" tells.
type Build struct {
	Flavour  string  // "nginx", "openresty" or what stands before the slash
	Version  Version // of the nginx core
	Release  string  // version as written: "1.25.3.2" for OpenResty
	Packager string  // what stands in parentheses behind it, such as "Ubuntu"
	Line     int     // 1-based line of the version
	TLS      string  // the "built with" line, such as "OpenSSL 3.0.11 19 Sep 2023"
	// RunningTLS is the library that is loaded. nginx names it only where it
	// is not the one of TLS, and otherwise it is the same.
	RunningTLS string
	Prefix     string   // --prefix
	ConfPath   string   // --conf-path
	Modules    []string // "http_ssl_module", from --with-... and --add-...; "=dynamic" removed
	Arguments  []string // every configure argument, quotes removed
	// HasArguments: there is a "configure arguments:" line, which "nginx -v"
	// does not print. Cut: they end inside of quotes, or without the end of their line.
	HasArguments, Cut bool
}

// versionLines begin the lines of "nginx -V", of which all but the last are one
// line long.
var versionLines = [...]string{"nginx version: ", "built by ", "built with ", "TLS SNI support ", "configure arguments:"}

// ParseVersion reads the output of "nginx -V" or "nginx -v". The configure
// arguments may have been broken into several lines, with or without a backslash
// at the end of each. Without a version line it returns an error; everything
// else is optional.
func ParseVersion(text string) (Build, error) {
	var b Build
	var arguments strings.Builder
	number := 0
	open := false // inside the configure arguments
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		for _, head := range versionLines {
			open = open && !strings.HasPrefix(line, head)
		}
		if rest, ok := strings.CutPrefix(line, "nginx version: "); ok && b.Flavour == "" {
			flavour, release, ok := strings.Cut(rest, "/")
			if !ok {
				return Build{}, fmt.Errorf("version line %q: want name/number", clip(line))
			}
			release, packager, _ := strings.Cut(release, " ")
			v, err := ReadVersion(release)
			if err != nil {
				return Build{}, err
			}
			b.Flavour, b.Release, b.Version, b.Line = flavour, release, v, number
			if packager = strings.TrimSpace(packager); strings.HasPrefix(packager, "(") && strings.HasSuffix(packager, ")") {
				b.Packager = packager[1 : len(packager)-1]
			}
		} else if rest, ok := strings.CutPrefix(line, "built with "); ok {
			b.TLS, b.RunningTLS = rest, rest
			if i := strings.Index(rest, " (running with "); i >= 0 {
				b.TLS, b.RunningTLS = rest[:i], strings.TrimSuffix(rest[i+len(" (running with "):], ")")
			}
		} else if rest, ok := strings.CutPrefix(line, "configure arguments:"); ok && !b.HasArguments {
			b.HasArguments, open = true, true
			arguments.WriteString(strings.TrimSuffix(rest, "\\"))
		} else if open {
			arguments.WriteByte(' ')
			arguments.WriteString(strings.TrimSuffix(line, "\\"))
		}
	}
	b.Arguments, b.Cut = shellWords(arguments.String())
	b.Cut = b.Cut || open && !strings.HasSuffix(text, "\n")
	if b.Flavour == "" {
		return Build{}, fmt.Errorf(`no "nginx version:" line`)
	}
	for _, a := range b.Arguments {
		name, value, _ := strings.Cut(a, "=")
		switch {
		case name == "--prefix":
			b.Prefix = value
		case name == "--conf-path":
			b.ConfPath = value
		case name == "--add-module" || name == "--add-dynamic-module":
			b.Modules = append(b.Modules, value[strings.LastIndexByte(value, '/')+1:])
		case strings.HasPrefix(name, "--with-") && (strings.HasSuffix(name, "_module") || name == "--with-stream" || name == "--with-mail"):
			b.Modules = append(b.Modules, strings.TrimPrefix(name, "--with-"))
		}
	}
	return b, nil
}

// shellWords splits at blanks outside of quotes; nginx prints the arguments as
// the shell was given them. Cut: the last word ends inside of quotes.
func shellWords(s string) (words []string, cut bool) {
	var out []string
	var word strings.Builder
	var quote byte
	inside := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			} else {
				word.WriteByte(c)
			}
		case c == '\'' || c == '"':
			quote, inside = c, true
		case c == ' ' || c == '\t':
			if inside {
				out = append(out, word.String())
				word.Reset()
				inside = false
			}
		default:
			word.WriteByte(c)
			inside = true
		}
	}
	if inside {
		out = append(out, word.String())
	}
	return out, quote != 0
}
