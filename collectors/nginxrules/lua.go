// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
)

// Limits of one edge.
const (
	maxLuaFiles   = 200
	maxLuaRecords = 1000
	maxLuaFacts   = 4000
	maxLuaGaps    = 100
)

// luaReader gathers the facts of all scripts of a configuration.
type luaReader struct {
	*reader
	// byDirective and byFile keep what was read once: a file may be included in
	// many blocks.
	byDirective map[*nginx.Directive]luaFacts
	byFile      map[string]luaFacts
	// conf finds modules, and modules are those that were looked for.
	conf    *Configuration
	modules map[string]bool
	facts   int
	told    map[string]bool
	full    bool
}

// lua lists the Lua handlers of every block that nginx knows.
func (r *reader) lua(config *nginx.Config) {
	l := luaReader{reader: r, byDirective: map[*nginx.Directive]luaFacts{}, byFile: map[string]luaFacts{}, modules: map[string]bool{}, told: map[string]bool{}}
	l.conf = &Configuration{Config: config, reader: r}
	l.scope(config.Main, evidence.NginxLua{})
	for _, h := range config.HTTP {
		l.scope(h, evidence.NginxLua{})
	}
	for _, u := range config.Upstreams {
		l.scope(u.Scope, evidence.NginxLua{Upstream: u.Name})
	}
	for _, s := range config.Servers {
		place := evidence.NginxLua{Server: r.subjects[s]}
		l.scope(s.Scope, place)
		for _, i := range s.Ifs {
			l.scope(i.Scope, place)
		}
		for loc := range s.All() {
			place.Location, place.Modifier = loc.Path, modifiers[loc.Modifier]
			l.scope(loc.Scope, place)
			for _, i := range loc.Ifs {
				l.scope(i.Scope, place)
			}
			for _, limit := range loc.Limits {
				l.scope(limit.Scope, place)
			}
		}
	}
	for _, s := range config.Streams {
		l.scope(s.Scope, evidence.NginxLua{})
	}
}

// luaPhase cuts the name of a handler: "access" of access_by_lua_block.
func luaPhase(name string) (phase, form string, ok bool) {
	for _, form := range [...]string{"_by_lua_block", "_by_lua_file", "_by_lua"} {
		if phase, ok := strings.CutSuffix(name, form); ok && phase != "" {
			return phase, form, true
		}
	}
	return "", "", false
}

// scope reads the handlers that are written in one block.
func (l *luaReader) scope(scope *nginx.Scope, place evidence.NginxLua) {
	for _, s := range scope.Own() {
		phase, form, ok := luaPhase(s.Name)
		if !ok {
			continue
		}
		record := place
		if record.Modifier == "" {
			record.Modifier = evidence.LocationPrefix
		}
		record.Directive, record.Phase = s.Name, phase
		record.Source = l.at(s.From, evidence.Explicit)
		facts := luaFacts{}
		switch form {
		case "_by_lua_file":
			record.File, facts = l.file(s)
		case "_by_lua":
			facts = l.once(s.Directive, func() luaFacts { return literal(s) })
		default:
			facts = l.once(s.Directive, func() luaFacts { return block(s.Directive) })
		}
		l.keep(record, s, facts)
	}
}

func (l *luaReader) once(d *nginx.Directive, read func() luaFacts) luaFacts {
	facts, ok := l.byDirective[d]
	if !ok {
		facts = read()
		l.byDirective[d] = facts
	}
	return facts
}

// block reads the code between braces.
func block(d *nginx.Directive) luaFacts {
	if d.Kind != nginx.Lua || d.Broken {
		return luaFacts{reason: "the Lua code could not be read", line: 1}
	}
	return readLua(d.Body.Raw())
}

// literal reads code that stands in the argument: the last one, since set_by_lua
// names a variable before it and its parameters are variables too.
func literal(s nginx.Setting) luaFacts {
	i := codeArgument(s)
	if i >= len(s.Directive.Args) {
		return luaFacts{reason: "the Lua code could not be read", line: 1}
	}
	facts := readLua(s.Directive.Args[i].Value)
	if raw := s.Directive.Args[i].Raw(); strings.Count(raw, "\n") != strings.Count(s.Directive.Args[i].Value, "\n") {
		// A line feed that is written as an escape counts no line of the file.
		facts.line = 1
		for k := range facts.urls {
			facts.urls[k].line = 1
		}
		for k := range facts.secrets {
			facts.secrets[k].line = 1
		}
	}
	return facts
}

// codeArgument is the argument that holds the code or the name of the file.
func codeArgument(s nginx.Setting) int {
	if strings.HasPrefix(s.Name, "set_by_lua") {
		return 1
	}
	return 0
}

// file reads the script that a *_by_lua_file directive names, if it was captured.
// A relative name is one below nginx's prefix (lua-nginx-module, init_by_lua_file).
func (l *luaReader) file(s nginx.Setting) (artifact string, facts luaFacts) {
	unread := func(format string, args ...any) luaFacts {
		return luaFacts{reason: fmt.Sprintf(format, args...), line: 1}
	}
	name := s.Arg(codeArgument(s))
	switch {
	case name == "":
		return "", unread("%s names no file", s.Name)
	case s.Directive.Args[codeArgument(s)].HasVariables():
		return "", unread("%s: the name of the Lua file is computed for each request", s.Name)
	case l.scripts == nil:
		return "", unread("%s: the Lua file %q is in no dump; declare nginx.root to have it read", s.Name, clip(name))
	}
	if !path.IsAbs(name) {
		name = path.Join("/", l.target.Edge.Nginx.Prefix, name)
	}
	inside := strings.TrimPrefix(path.Clean(name), "/")
	if !fs.ValidPath(inside) {
		return "", unread("%s: the name of the Lua file is not valid", s.Name)
	}
	artifact = l.artifact(inside)
	if facts, ok := l.byFile[inside]; ok {
		return artifact, facts
	}
	facts = l.script(inside, artifact)
	l.byFile[inside] = facts
	l.keepSecrets(artifact)
	return artifact, facts
}

func (l *luaReader) script(inside, artifact string) luaFacts {
	if len(l.byFile) >= maxLuaFiles {
		return luaFacts{reason: fmt.Sprintf("%s: more than %d Lua files; this one was not read", artifact, maxLuaFiles), line: 1}
	}
	text, err := evidence.ReadRegular(l.scripts, inside, maxLuaBytes)
	if err != nil {
		var p *fs.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return luaFacts{reason: fmt.Sprintf("%s: the Lua file was not read: %v", artifact, err), line: 1}
	}
	if strings.HasPrefix(string(text), "\x1bLJ") || strings.HasPrefix(string(text), "[redacted:binary:") {
		return luaFacts{reason: artifact + ": the Lua file is compiled, no text", line: 1}
	}
	return readLua(strings.TrimPrefix(string(text), "\uFEFF"))
}

// keep adds a record, and a gap for what of its code was not read.
func (l *luaReader) keep(record evidence.NginxLua, s nginx.Setting, facts luaFacts) {
	size := 1 + len(facts.urls) + len(facts.secrets)
	if len(l.record.Lua) >= maxLuaRecords || l.facts+size > maxLuaFacts {
		if !l.full {
			l.full = true
			l.gap("lua", "the configuration has too many Lua handlers; from here on none is listed", record.Source)
		}
		return
	}
	l.facts += size
	l.keepModules(facts.requires, record.Source)
	l.keepModules(coreModules, record.Source)
	record.Requires, record.SharedDictionaries = facts.requires, facts.dictionaries
	record.Computed = facts.computed
	record.Complete = facts.reason == ""
	for _, u := range facts.urls {
		u.Source = l.inside(record, s, u.line)
		record.URLs = append(record.URLs, u.LuaURL)
	}
	for _, secret := range facts.secrets {
		secret.Mark.Source = l.inside(record, s, secret.line)
		record.Secrets = append(record.Secrets, secret.LuaSecret)
	}
	l.record.Lua = append(l.record.Lua, record)
	if record.Complete {
		return
	}
	source := l.inside(record, s, facts.line)
	key := fmt.Sprint(facts.reason, source.Artifact, source.Line)
	if !l.told[key] && len(l.told) < maxLuaGaps {
		l.told[key] = true
		reason := facts.reason
		if len(l.told) == maxLuaGaps {
			reason += "; more Lua code that was not read is not named"
		}
		l.gap("lua", reason, source)
	}
}

// keepModules opens the modules of the tree that a script requires, so that they are
// artifacts: what the script can do with a request is told from them. Nothing of them is
// listed. Where one is there and cannot be kept, the next place of the search would be
// taken for the one that has it: then nothing is known of what scripts let through.
func (l *luaReader) keepModules(names []string, source evidence.Source) {
	for _, name := range names {
		if l.modules[name] {
			continue
		}
		l.modules[name] = true
		if len(l.modules) == maxLuaFiles {
			l.lost(fmt.Sprintf("more than %d Lua modules; from here on none was read", maxLuaFiles), source)
		}
		if len(l.modules) >= maxLuaFiles {
			return
		}
		code, err := l.conf.module(name)
		if err == nil {
			l.keepModules(readLua(code).requires, source)
		}
		if ships(name) {
			// Its place may be looked for in another order.
			var text string
			if text, err = l.conf.library(name); err == nil && text != code {
				l.keepModules(readLua(text).requires, source)
			}
		}
		if errors.Is(err, errNotKept) {
			l.lost(err.Error(), source)
		}
	}
}

// lost notes that what scripts do cannot be told from what is kept.
func (l *luaReader) lost(reason string, source evidence.Source) {
	l.gaps = append(l.gaps, l.target.Gap("exposure", reason, source))
}

// inside is the source of a line of a handler's code.
func (l *luaReader) inside(record evidence.NginxLua, s nginx.Setting, line int) evidence.Source {
	source := record.Source
	source.Column = 1
	if strings.HasSuffix(record.Directive, "_by_lua_file") {
		if known := l.byFileRead(record.File); known {
			source.Artifact, source.Line = record.File, line
		}
		return source
	}
	start := nginx.Pos{}
	switch i := codeArgument(s); {
	case s.Directive.Kind == nginx.Lua:
		start = s.Directive.Body.Pos()
	case i < len(s.Directive.Args):
		start = s.Directive.Args[i].Pos()
	}
	if !start.IsZero() {
		source.Line = start.ArtifactLine + line - 1
	}
	return source
}

// byFileRead reports whether a script is an artifact, so that it has lines.
func (l *luaReader) byFileRead(artifact string) bool {
	_, ok := l.target.Artifacts.Get(artifact)
	return ok && artifact != ""
}

// clip shortens a name for a message.
func clip(s string) string {
	const most = 200
	if len(s) > most {
		s = s[:most] + "..."
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
