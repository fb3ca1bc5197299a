// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
)

// Limits of one build.
const (
	maxVersionBytes  = 1 << 20
	maxFlags         = 500
	maxFlagBytes     = 8 << 10
	maxReleaseNumber = 1_000_000
)

var plainVersion = regexp.MustCompile(`^\d+\.\d+(\.\d+){0,2}$`)

// version reads what the edge declares: a version, or a file that holds the
// output of nginx -V. The error is about all that depends on the version.
func (r *reader) version() (nginx.Version, error) {
	declared := r.target.Edge.Nginx.Version
	if declared == "" {
		r.gap("program", "the edge declares no nginx.version (output of nginx -V): how the program was built is not known", r.target.Edge.Source)
		return nginx.Version{}, nil
	}
	if plainVersion.MatchString(declared) {
		r.gap("program", "nginx.version is a number, not the output of nginx -V: how the program was built is not known", r.target.Edge.Source)
		v, err := nginx.ReadVersion(declared)
		if err != nil {
			return v, fmt.Errorf("nginx.version %q: %w", declared, err)
		}
		r.record.Version = evidence.Known(v.String(), evidence.Declared)
		return v, nil
	}
	art, err := r.target.Files.Read(declared, maxVersionBytes)
	if err != nil {
		return nginx.Version{}, err
	}
	build, err := nginx.ParseVersion(string(art.Text))
	if err != nil {
		return nginx.Version{}, fmt.Errorf("%s: %w", declared, err)
	}
	r.record.Version = evidence.Known(build.Version.String(), evidence.Explicit)
	r.record.Flavour = build.Flavour
	r.build(build, evidence.Source{Artifact: art.Path, Line: 1, Column: 1, Origin: evidence.Origin{Kind: evidence.Explicit}})
	return build.Version, nil
}

// build converts the output of nginx -V.
func (r *reader) build(b nginx.Build, source evidence.Source) {
	out := evidence.NginxBuild{
		Known: true, Flavour: b.Flavour, Version: b.Version.String(), Release: b.Release, ReleaseNumbers: numbers(b.Release),
		Packager: b.Packager, BuiltWith: tlsLibrary(b.TLS), RunningWith: tlsLibrary(b.RunningTLS), Complete: true, Source: source,
	}
	out.Source.Line = max(b.Line, 1)
	incomplete := func(reason string) {
		out.Complete = false
		r.gap("program", source.Artifact+": "+reason, out.Source)
	}
	switch {
	case !b.HasArguments:
		incomplete(`no "configure arguments:" line: save the output of nginx -V, which goes to standard error`)
	case b.Cut:
		incomplete("the configure arguments end inside of quotes or without an end of line: they may be cut off")
	}
	strange := 0
	for i, a := range b.Arguments {
		name, value, _ := strings.Cut(a, "=")
		switch {
		case !strings.HasPrefix(name, "--"):
			strange++
			continue
		case i >= maxFlags || len(a) > maxFlagBytes:
			incomplete(fmt.Sprintf("more than %d configure arguments, or one of more than %d bytes: the rest was left out", maxFlags, maxFlagBytes))
		default:
			out.Arguments = append(out.Arguments, evidence.ConfigureFlag{Name: name, Value: value})
			if m, ok := compiled(name, value); ok {
				out.Modules = append(out.Modules, m)
				out.Lua = out.Lua || m.Choice == evidence.ModuleAdded && luaModule.MatchString(m.Name)
			}
			continue
		}
		break
	}
	if strange > 0 {
		incomplete(fmt.Sprintf("%d words among the configure arguments are none: lines may be broken or missing", strange))
	}
	if b.TLS != "" && !out.BuiltWith.Known || b.RunningTLS != "" && !out.RunningWith.Known {
		r.gap("program", source.Artifact+": the TLS library is not understood", out.Source)
	}
	r.record.Program = out
}

var (
	// folderVersion cuts the version off a folder's name, as in ngx_lua-0.10.26.
	folderVersion = regexp.MustCompile(`^(.+?)[-_]v?(\d+(?:\.\d+)+[\w.-]*)$`)
	// luaModule are the names of the module that runs Lua for HTTP.
	luaModule = regexp.MustCompile(`^(?:ngx_lua|(?:ngx_http_|http[-_])?lua(?:-nginx)?[-_]module|(?:libnginx-mod-)?http[-_]lua|lua)$`)
)

// compiled reads a configure argument that decides about a module.
func compiled(name, value string) (m evidence.CompiledModule, ok bool) {
	if name == "--add-module" || name == "--add-dynamic-module" {
		m = evidence.CompiledModule{Name: path.Base(path.Clean(value)), Choice: evidence.ModuleAdded, Dynamic: name == "--add-dynamic-module"}
		if parts := folderVersion.FindStringSubmatch(m.Name); parts != nil {
			m.Name, m.Version = parts[1], parts[2]
		}
		return m, value != ""
	}
	if rest, ok := strings.CutPrefix(name, "--without-"); ok {
		return evidence.CompiledModule{Name: rest, Choice: evidence.ModuleWithout}, true
	}
	rest, ok := strings.CutPrefix(name, "--with-")
	switch {
	case !ok:
		return m, false
	case strings.HasSuffix(rest, "_module"), rest == "stream", rest == "mail":
		return evidence.CompiledModule{Name: rest, Choice: evidence.ModuleWith, Dynamic: value == "dynamic"}, true
	}
	return m, false
}

// libraryText is such as "OpenSSL 1.1.1w  11 Sep 2023".
var libraryText = regexp.MustCompile(`^([A-Za-z][A-Za-z-]*)[ /]v?(\d{1,6}(?:\.\d{1,6})*)([a-z]{0,2})(?:-[\w.+-]+)?(?:\s|$)`)

var libraryDate = regexp.MustCompile(`\b(\d{1,2} [A-Z][a-z]{2} \d{4})\b`)

func tlsLibrary(text string) evidence.TLSLibrary {
	m := libraryText.FindStringSubmatch(text)
	if m == nil {
		// BoringSSL has no versions.
		if name := strings.TrimSpace(text); name == "BoringSSL" {
			return evidence.TLSLibrary{Known: true, Name: name}
		}
		return evidence.TLSLibrary{}
	}
	l := evidence.TLSLibrary{Known: true, Name: m[1], Version: m[2] + m[3], Numbers: numbers(m[2]), Letter: m[3]}
	if day, err := time.Parse("2 Jan 2006", libraryDate.FindString(text)); err == nil {
		l.Date = day.Format(time.DateOnly)
	}
	return l
}

// numbers splits a version. It stops at what is no number.
func numbers(version string) []int {
	var out []int
	for part := range strings.SplitSeq(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || n > maxReleaseNumber {
			break
		}
		out = append(out, n)
	}
	return out
}
