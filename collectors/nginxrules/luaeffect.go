// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/nginx/request"
)

// luaEffect reads scripts and the modules that they require. A script can do only what
// the values can that it gets hold of: as long as all of these are known, it does not
// matter how it puts them together.
type luaEffect struct {
	authenticators []string
	role           luaRole
	// module finds one of the tree; library one that comes with OpenResty, unless another
	// one stands in its place: then the error is not errShipped.
	module, library func(name string) (code string, err error)
	// defines reports whether the configuration gives a variable its value.
	defines func(name string) bool
	seen    map[string]bool
	// replaced are libraries that the tree has its own text of.
	replaced map[string]bool
	// setsStatus says that it sets the status of the answer.
	setsStatus bool
	// variables are those that nginx is asked for.
	variables map[string]bool
	// why says why the effect is not known; empty as long as it is.
	why string
	// texts are those that were read, and unread says that there are more.
	texts  []string
	unread bool
}

// luaRole is why a script is read.
type luaRole uint8

const (
	// forRequests: it decides about a request, and all that it does counts.
	forRequests luaRole = iota
	// atStart: nginx runs it when it starts.
	atStart
	// forOthers: it is asked what the script changes that other scripts use as well. What
	// becomes of its own request is not its concern.
	forOthers
)

// harmless are functions and values of nginx that change nothing about where a request
// goes. A name that ends in a dot stands for all below it.
var harmless = []string{
	"req.get_method", "req.get_headers", "req.get_uri_args", "req.get_query_args", "req.raw_header", "req.http_version",
	"req.start_time", "req.is_internal", "var.", "shared", "shared.", "log", "exit", "say", "print", "flush", "eof", "sleep", "status",
	"ctx", "ctx.", "header", "header.", "headers_sent", "null", "time", "now", "today", "localtime", "utctime", "http_time",
	"parse_http_time", "cookie_time", "update_time", "re.match", "re.find", "re.gmatch", "re.sub", "re.gsub", "md5", "md5_bin",
	"sha1_bin", "hmac_sha1", "crc32_short", "crc32_long", "encode_base64", "decode_base64", "escape_uri", "unescape_uri",
	"encode_args", "decode_args", "worker.", "config.", "timer.", "get_phase", "quote_sql_str",
	"ERR", "WARN", "INFO", "NOTICE", "DEBUG", "CRIT", "ALERT", "EMERG", "STDERR", "OK", "DONE", "AGAIN", "DECLINED", "ERROR",
}

// harmlessLua are functions of Lua itself by which a script gets hold of nothing that it
// does not name. A name that ends in a dot stands for all below it.
var harmlessLua = []string{
	"string.", "table.", "math.", "bit.", "os.time", "os.date", "os.clock", "tostring", "tonumber", "type", "pairs", "ipairs",
	"next", "select", "unpack", "assert", "error", "pcall", "print",
}

// harmlessToOthers are functions of Lua that change nothing which other scripts use.
var harmlessToOthers = []string{"coroutine.", "io.", "os.", "xpcall", "collectgarbage", "debug.traceback"}

// libraries are modules that do nothing with a request by themselves.
var libraries = []string{
	"cjson", "cjson.safe", "resty.string", "resty.sha1", "resty.sha256", "resty.md5", "resty.aes", "resty.random", "resty.lrucache",
	"resty.lock", "bit", "table.new", "table.clear", "string.buffer",
}

// starters are modules of the vendor that are required when nginx starts: they fill
// dictionaries with the files that need no login.
var starters = []string{"unauthenticated_desktopresources_manager", "unauthenticated_thirdpartyresources_manager"}

func known(list []string, name string) bool {
	return slices.ContainsFunc(list, func(h string) bool { return h == name || strings.HasSuffix(h, ".") && strings.HasPrefix(name, h) })
}

// effect says what a script does.
func (r *luaEffect) effect(code string) request.Script {
	block := r.read(code)
	if r.why != "" {
		r.variables["*"] = true
	}
	is := request.Script{Why: r.why, SetsStatus: r.setsStatus, Reads: slices.Sorted(maps.Keys(r.variables))}
	if r.why == "" {
		is.OnlyRefuses = true
		is.Authenticates, is.Exempt = r.authenticates(block)
	}
	return is
}

// open notes why the effect is not known. The first reason is told.
func (r *luaEffect) open(format string, args ...any) {
	if r.why == "" {
		r.why = fmt.Sprintf(format, args...)
	}
}

// read follows a script.
func (r *luaEffect) read(code string) []*luaNode {
	r.texts = append(r.texts, code)
	block, reason := parseLua(code)
	if reason != "" {
		r.open("%s", reason)
		return nil
	}
	r.block(block)
	return block
}

func (r *luaEffect) block(block []*luaNode) {
	for _, n := range block {
		r.node(n)
	}
}

// path is the name of what is taken from a global, such as "ngx" and "var.host", also by
// local variables that stand for it.
func (n *luaNode) path() (global, name string) {
	const most = 8 // names that are longer are none of nginx
	var names []string
	for steps := 0; steps < most; steps++ {
		switch {
		case n.op == luaIndex && n.kids[1].op == luaText:
			names = append(names, n.kids[1].text)
			n = n.kids[0]
			continue
		case n.op == luaVariable && n.local != nil && !n.local.changed && n.local.value != nil:
			n = n.local.value
			continue
		}
		break
	}
	if n.op != luaVariable || n.local != nil {
		return "", ""
	}
	slices.Reverse(names)
	return n.text, strings.Join(names, ".")
}

// node reads an expression or a statement.
func (r *luaEffect) node(n *luaNode) {
	global, name := n.path()
	switch {
	case n.op == luaCall && r.required(n):
		return
	case n.op == luaCall && n.kids[0].op == luaVariable && n.kids[0].local == nil && n.kids[0].text == "setmetatable":
		if len(n.kids) < 2 || n.kids[1].op != luaTable {
			r.open("the script changes what is not its own")
		}
		r.block(n.kids[1:])
		return
	case n.op == luaAssign:
		for _, t := range n.targets {
			r.target(t)
		}
	case n.op == luaDefine:
		r.define(n)
		return
	case global == "ngx":
		r.nginx(name)
		return
	case global != "":
		lua := strings.TrimSuffix(global+"."+name, ".")
		if !known(harmlessLua, lua) && (r.role != forOthers || !known(harmlessToOthers, lua)) {
			r.unread = true
			r.open("the script uses %s, of which nothing is known", clip(strings.TrimSuffix(global+"."+name, ".")))
		}
		return
	case n.op == luaIndex && computed(n.kids[0], "var", "header", "ctx", "shared"):
		if computed(n.kids[0], "var") && n.kids[1].op != luaConstant { // a number is that of a group
			r.variables["*"] = true
		}
		r.node(n.kids[1])
		return
	}
	r.block(n.kids)
	for _, body := range n.bodies {
		r.block(body)
	}
}

// define reads local variables. One that stands for a part of nginx is judged where it is
// used.
func (r *luaEffect) define(n *luaNode) {
	for i, value := range n.kids {
		global, name := value.path()
		if global == "ngx" && !strings.HasPrefix(name, "var.") && i < len(n.targets) && !n.targets[i].local.changed {
			continue
		}
		r.node(value)
	}
}

// nginx reads a name that nginx gives to scripts.
func (r *luaEffect) nginx(name string) {
	if variable, ok := strings.CutPrefix(name, "var."); ok {
		variable, _, _ = strings.Cut(variable, ".")
		r.variables[strings.ToLower(variable)] = true
	}
	if !known(harmless, name) && !strings.HasPrefix(name, "HTTP_") && (r.role != forOthers || name == "") {
		r.open("the script uses ngx.%s", clip(name))
	}
}

// computed reports whether a node is one of the tables of nginx of which any field may
// be looked at.
func computed(n *luaNode, tables ...string) bool {
	global, name := n.path()
	return global == "ngx" && slices.Contains(tables, name)
}

// target reads what a script assigns to: its own variables and tables, and what is
// answered.
func (r *luaEffect) target(n *luaNode) {
	global, name := n.path()
	switch {
	case n.op == luaVariable && n.local != nil:
	case n.op == luaVariable:
		r.open("the script sets the global %s", clip(n.text))
	case r.role == forOthers && (global == "ngx" && strings.HasPrefix(name, "var.") || computed(n.kids[0], "var", "arg")):
		r.node(n.kids[1])
	case global == "ngx" && strings.HasPrefix(name, "var."):
		r.open("the script sets $%s", clip(strings.TrimPrefix(name, "var.")))
	case computed(n.kids[0], "var"):
		r.open("the script sets a variable")
	case global == "ngx" && name == "status":
		r.setsStatus = true
	case global == "ngx" && (name == "ctx" || strings.HasPrefix(name, "header.") || strings.HasPrefix(name, "ctx.")):
	case computed(n.kids[0], "header", "ctx"):
		r.node(n.kids[1])
	case n.kids[0].op == luaVariable && n.kids[0].local != nil && !n.kids[0].local.changed && n.kids[0].local.value != nil && n.kids[0].local.value.op == luaTable:
		r.node(n.kids[1])
	default:
		r.open("the script changes what is not its own")
	}
}

// required reads a call of require, also one by pcall: of a module that authenticates, of
// a library, or of one of the tree.
func (r *luaEffect) required(n *luaNode) bool {
	is := func(i int, name string) bool {
		return i < len(n.kids) && n.kids[i].op == luaVariable && n.kids[i].local == nil && n.kids[i].text == name
	}
	i := 1
	switch {
	case is(0, "require"):
	case is(0, "pcall") && is(1, "require"):
		i = 2
	default:
		return false
	}
	if len(n.kids) != i+1 || n.kids[i].op != luaText {
		r.unread = true
		r.open("the script computes the name of a module")
		return true
	}
	name := n.kids[i].text
	if slices.Contains(r.authenticators, name) || r.seen[name] || r.role == atStart && slices.Contains(starters, name) {
		return true
	}
	r.seen[name] = true
	find := r.module
	if slices.Contains(libraries, name) || r.role == forOthers && ships(name) {
		find = r.library
	}
	code, err := find(name)
	switch {
	case errors.Is(err, errShipped):
		return true
	case err != nil:
		r.unread = true
		r.open("%v", err)
		return true
	}
	r.replaced[name] = true
	before := r.why
	if r.read(code); before == "" && r.why != "" {
		r.why = fmt.Sprintf("module %q: %s", clip(name), r.why)
	}
	return true
}
