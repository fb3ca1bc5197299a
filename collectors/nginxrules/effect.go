// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
)

// Effect is what can be told of what a script does with a request.
type Effect struct {
	// OnlyRefuses says that it lets a request pass as it is, or answers it.
	OnlyRefuses bool
	// Authenticates says that it refuses whoever shows no credentials.
	Authenticates bool
	// Why says why the effect is not known; empty where it is.
	Why string
}

// Effect reads the script of a handler, in the configuration or in a file of the tree.
// Modules are those that are known to authenticate clients, and to do nothing else with
// requests.
//
// No script is run or evaluated. What it can do is told from the functions of nginx
// that it names, and whatever is not known of them leaves the effect open.
func (c *Configuration) Effect(s nginx.Setting, modules []string) Effect {
	code, why := c.code(s)
	if why != "" {
		return Effect{Why: why}
	}
	r := effectReader{authenticators: modules, module: c.module, seen: map[string]bool{}}
	return r.effect(code)
}

func (r *effectReader) effect(code string) Effect {
	if why := r.read(code); why != "" {
		return Effect{Why: why}
	}
	if !r.refuses || !r.credentials {
		return Effect{OnlyRefuses: true}
	}
	if why := r.spares(code); why != "" {
		return Effect{Why: why}
	}
	return Effect{OnlyRefuses: true, Authenticates: true}
}

// code is the text of a handler's script.
func (c *Configuration) code(s nginx.Setting) (code, why string) {
	_, form, ok := luaPhase(s.Name)
	i := codeArgument(s)
	switch {
	case !ok:
		return "", "it is no Lua handler"
	case form == "_by_lua_block" && (s.Directive.Kind != nginx.Lua || s.Directive.Broken):
		return "", "the Lua code could not be read"
	case form == "_by_lua_block":
		return s.Directive.Body.Raw(), ""
	case i >= len(s.Directive.Args):
		return "", "the Lua code could not be read"
	case form == "_by_lua":
		return s.Directive.Args[i].Value, ""
	case s.Directive.Args[i].HasVariables():
		return "", "the name of the Lua file is computed for each request"
	case c.reader.scripts == nil:
		return "", fmt.Sprintf("the Lua file %q is in no dump; declare nginx.root to have it read", clip(s.Arg(i)))
	}
	return c.script(s.Arg(i))
}

// script is the text of a file; a relative name is one below nginx's prefix.
func (c *Configuration) script(name string) (code, why string) {
	if !path.IsAbs(name) {
		name = path.Join("/", c.reader.target.Edge.Nginx.Prefix, name)
	}
	inside := strings.TrimPrefix(path.Clean(name), "/")
	if !fs.ValidPath(inside) || c.reader.scripts == nil {
		return "", fmt.Sprintf("the Lua file %q was not read", clip(name))
	}
	text, err := evidence.ReadRegular(c.reader.scripts, inside, maxLuaBytes)
	switch {
	case err != nil:
		return "", fmt.Sprintf("the Lua file %q was not read", clip(name))
	case strings.HasPrefix(string(text), "\x1bLJ"), strings.HasPrefix(string(text), "[redacted:binary:"):
		return "", fmt.Sprintf("the Lua file %q is compiled, no text", clip(name))
	}
	return strings.TrimPrefix(string(text), "\uFEFF"), ""
}

// module is the text of a module, where lua_package_path finds it in the tree.
func (c *Configuration) module(name string) (code string, ok bool) {
	for _, h := range c.HTTP {
		for _, s := range h.Get("lua_package_path") {
			for pattern := range strings.SplitSeq(s.Arg(0), ";") {
				if !strings.Contains(pattern, "?") {
					continue
				}
				if code, why := c.script(strings.ReplaceAll(pattern, "?", strings.ReplaceAll(name, ".", "/"))); why == "" {
					return code, true
				}
			}
		}
	}
	return "", false
}

// effectReader reads a script and the modules that it requires.
type effectReader struct {
	authenticators []string
	module         func(name string) (code string, ok bool)
	seen           map[string]bool
	// refuses says that 401 or 403 is answered somewhere, credentials that it is looked
	// at what the client shows of itself.
	refuses, credentials bool
}

// harmless are functions and values of nginx that change nothing about where a request
// goes. A name that ends in a dot stands for all below it.
var harmless = []string{
	"req.get_method", "req.get_headers", "req.get_uri_args", "req.get_query_args", "req.raw_header", "req.http_version",
	"req.start_time", "req.is_internal", "var.", "shared", "shared.", "log", "exit", "say", "print", "flush", "eof", "sleep", "status",
	"ctx", "ctx.", "header", "header.", "headers_sent", "null", "time", "now", "today", "localtime", "utctime", "http_time",
	"parse_http_time", "cookie_time", "update_time", "re.", "md5", "md5_bin", "sha1_bin", "hmac_sha1", "crc32_short",
	"crc32_long", "encode_base64", "decode_base64", "escape_uri", "unescape_uri", "encode_args", "decode_args",
	"worker.", "config.", "timer.", "get_phase", "quote_sql_str",
	"ERR", "WARN", "INFO", "NOTICE", "DEBUG", "CRIT", "ALERT", "EMERG", "STDERR", "OK", "DONE", "AGAIN", "DECLINED", "ERROR",
}

// dangerous are names of Lua by which a script reaches what it does not name.
var dangerous = []string{"_G", "_ENV", "setfenv", "getfenv", "load", "loadstring", "loadfile", "dofile", "debug", "package", "module", "ffi", "ndk"}

// libraries are modules that do nothing with a request by themselves.
var libraries = []string{"cjson", "cjson.safe", "resty.string", "resty.sha1", "resty.sha256", "resty.md5", "resty.aes", "resty.random", "resty.lrucache", "resty.lock", "bit", "table.new", "table.clear", "string.buffer"}

// read notes what a script does and says why its effect is not known, if it is not.
func (r *effectReader) read(code string) (why string) {
	tokens, _, reason := luaTokens(code)
	if reason != "" {
		return reason
	}
	at := func(i int) luaToken {
		if i < 0 || i >= len(tokens) {
			return luaToken{}
		}
		return tokens[i]
	}
	for i, t := range tokens {
		member := at(i-1).is(".") || at(i-1).is(":")
		switch {
		case t.kind == luaString:
			r.credentials = r.credentials || slices.Contains([]string{"authorization", "cookie"}, strings.ToLower(t.text))
		case t.kind != luaName || member:
		case t.text == "ngx":
			why = r.nginx(i, at)
		case t.text == "require":
			why = r.require(i, at)
		case slices.Contains(dangerous, t.text) && !at(i+1).is("="):
			why = "the script uses " + t.text
		}
		if why != "" {
			return why
		}
	}
	return ""
}

// nginx reads a use of ngx: the names behind it, up to a call or another operator.
func (r *effectReader) nginx(i int, at func(int) luaToken) (why string) {
	var names []string
	for at(i+1).is(".") && at(i+2).kind == luaName {
		names = append(names, at(i+2).text)
		i += 2
	}
	name := strings.Join(names, ".")
	known := strings.HasPrefix(name, "HTTP_")
	for _, h := range harmless {
		known = known || h == name || strings.HasSuffix(h, ".") && strings.HasPrefix(name, h)
	}
	next := at(i + 1)
	switch {
	case name == "var" && next.is("["):
		// A computed name is read: fine, unless something is written there.
		if written(i+1, at) {
			return "the script sets a variable"
		}
	case !known:
		return "the script uses ngx." + clip(name)
	case strings.HasPrefix(name, "var.") && next.is("=") && !at(i+2).is("="):
		return "the script sets " + clip("$"+names[1])
	case name == "exit":
		r.refuses = r.refuses || refusal(i+1, at)
	case strings.HasPrefix(name, "var.http_authorization"), strings.HasPrefix(name, "var.http_cookie"), strings.HasPrefix(name, "var.cookie_"):
		r.credentials = true
	}
	return ""
}

// written reports whether the brackets at i are the target of an assignment.
func written(i int, at func(int) luaToken) bool {
	depth := 0
	for ; at(i).kind != luaEOF; i++ {
		switch t := at(i); {
		case t.is("["):
			depth++
		case t.is("]"):
			if depth--; depth == 0 {
				return at(i+1).is("=") && !at(i+2).is("=")
			}
		}
	}
	return true
}

// refusal reports whether a call of ngx.exit answers that credentials are missing or
// not good enough.
func refusal(i int, at func(int) luaToken) bool {
	if at(i).is("(") {
		i++
	}
	status := at(i).text
	if at(i).text == "ngx" {
		status = at(i + 2).text
	}
	return slices.Contains([]string{"401", "403", "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN"}, status)
}

// require follows a module: one that authenticates, a library, or one of the tree.
func (r *effectReader) require(i int, at func(int) luaToken) (why string) {
	j := i + 1
	for at(j).is("(") || at(j).is(",") {
		j++
	}
	name := at(j)
	switch {
	case name.kind != luaString || at(j+1).is(".."):
		return "the script computes the name of a module"
	case slices.Contains(r.authenticators, name.text):
		r.credentials = true
		return ""
	case slices.Contains(libraries, name.text) || r.seen[name.text]:
		return ""
	}
	r.seen[name.text] = true
	code, ok := r.module(name.text)
	if !ok {
		return fmt.Sprintf("the module %q of the script was not read", clip(name.text))
	}
	if why := r.read(code); why != "" {
		return fmt.Sprintf("module %q: %s", clip(name.text), why)
	}
	return ""
}

// spares says why a script that asks for credentials may let somebody pass who has
// none: it returns on a condition that is not the preflight of a browser.
func (r *effectReader) spares(code string) (why string) {
	tokens, _, _ := luaTokens(code)
	at := func(i int) luaToken {
		if i < 0 || i >= len(tokens) {
			return luaToken{}
		}
		return tokens[i]
	}
	start := 0
	for i, t := range tokens {
		switch {
		case t.kind != luaName:
		case t.text == "if" || t.text == "elseif":
			start = i
		case t.text == "function" || t.text == "goto":
			return "the script asks for credentials, and has functions of its own that are not followed"
		case t.text != "return" || at(i+1).text == "ngx" && at(i+3).text == "exit":
		case i == len(tokens)-1 || i+1 == len(tokens):
		default:
			preflight := false
			for _, c := range tokens[start:i] {
				preflight = preflight || c.kind == luaString && c.text == "OPTIONS"
			}
			if !preflight {
				return "the script asks for credentials, and lets requests pass on a condition that is not followed"
			}
		}
	}
	return ""
}
