// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"path"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// luaSetting is what nginx needs to run Lua code: the lines that load its modules,
// if it has them in files.
type luaSetting struct{ modules string }

// luaModules are the files of the module for Lua, in the order in which they load.
var luaModules = []string{"ndk_http_module.so", "ngx_http_lua_module.so"}

// luaKept tells the directives that run Lua code or prepare for it.
func luaKept(d *nginx.Directive) bool {
	switch {
	case strings.HasPrefix(d.Name, "lua_ssl_"), d.Name == "lua_load_resty_core", d.Name == "lua_sa_restart":
		return false
	case strings.HasPrefix(d.Name, "lua_"):
		return d.Kind == nginx.Simple
	}
	return strings.Contains(d.Name, "_by_lua")
}

func (r *renderer) luaDirective(d *nginx.Directive) {
	args := d.Values()
	switch {
	case d.Kind == nginx.Lua:
		r.line(d.Pos(), luaName(d.Name)+quoteAll(args)+" {"+d.Body.Raw()+"}")
		return
	case d.Name == "lua_package_path" || d.Name == "lua_package_cpath":
		for i := range args {
			args[i] = r.searchPath(args[i])
		}
	case strings.HasSuffix(d.Name, "_by_lua_file") && len(args) > 0:
		// set_by_lua_file has the variable first.
		i := min(len(args)-1, strings.Count(d.Name, "set_by_lua"))
		before := len(r.roots)
		args[i] = r.rebase(args[i])
		r.scripts = append(r.scripts, r.roots[before:]...)
	}
	r.line(d.Pos(), luaName(d.Name)+quoteAll(args)+";")
}

// luaName is the name of a directive, which is put into the text without quotes: it
// is that of a handler or of a setting, and nothing else.
func luaName(name string) string {
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && c != '_' {
			return "unknown_directive"
		}
	}
	return name
}

// searchPath moves each place of a search path; ";;" stays the default one.
func (r *renderer) searchPath(text string) string {
	parts := strings.Split(text, ";")
	for i, p := range parts {
		inside := path.Join("/", r.prefix, p)
		switch after, ok := cutPrefixes(p, "${prefix}", "$prefix"); {
		case p == "":
			continue
		case ok: // the prefix lies below the gate already
			inside = path.Join("/", r.prefix, after)
		case strings.HasPrefix(p, "/"):
			inside = path.Clean(p)
		}
		parts[i] = filesDir + inside
		folder, _, _ := strings.Cut(inside, "?")
		r.scripts = append(r.scripts, path.Dir(folder+"x"))
	}
	return strings.Join(parts, ";")
}

func cutPrefixes(s string, prefixes ...string) (after string, ok bool) {
	for _, p := range prefixes {
		if after, ok = strings.CutPrefix(s, p); ok {
			return after, true
		}
	}
	return s, false
}
