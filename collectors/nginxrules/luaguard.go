// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"slices"
	"strings"
)

// authenticates reports whether a script, of which it is known that it does nothing else
// with a request, refuses whoever shows no credentials. Only a few shapes are taken for
// it: local variables that read, the preflight of a browser that is let pass, and then a
// refusal of who has no credentials or is not known to a module that authenticates.
func (r *luaEffect) authenticates(block []*luaNode) bool {
	for _, s := range block {
		switch {
		case s.op == luaDefine && !slices.ContainsFunc(s.kids, func(v *luaNode) bool { return !r.reads(v) }):
		case s.op == luaIf && len(s.bodies) == 1 && preflight(s.kids[0], "==") && isReturn(s.bodies[0]):
		case s.op == luaIf:
			return len(s.bodies) == 1 && r.asks(s.kids[0]) && r.refuses(s.bodies[0])
		default:
			return r.enforces(s)
		}
	}
	return false
}

func isReturn(block []*luaNode) bool {
	return len(block) == 1 && block[0].op == luaReturn && len(block[0].kids) == 0
}

// preflight reads a comparison of the method with OPTIONS.
func preflight(n *luaNode, operator string) bool {
	if n.op != luaBinary || n.text != operator || n.kids[1].op != luaText || n.kids[1].text != "OPTIONS" {
		return false
	}
	method := n.kids[0]
	if method.op == luaCall && len(method.kids) == 1 {
		return method.kids[0].isNginx("req.get_method")
	}
	return method.isNginx("var.request_method")
}

func (n *luaNode) isNginx(name string) bool {
	global, is := n.path()
	return global == "ngx" && is == name
}

// resolve follows local variables to what they hold.
func (n *luaNode) resolve() *luaNode {
	for {
		switch {
		case n.op == luaUnary && n.text == "()":
			n = n.kids[0]
		case n.op == luaVariable && n.local != nil && !n.local.changed && n.local.value != nil && n.local.value.op != luaFunction:
			n = n.local.value
		default:
			return n
		}
	}
}

// asks reports whether a condition holds for whoever shows no credentials.
func (r *luaEffect) asks(n *luaNode) bool {
	if n.op == luaUnary && n.text == "()" {
		return r.asks(n.kids[0])
	}
	switch {
	case n.op == luaUnary && n.text == "not":
		return r.credentials(n.kids[0]) || r.confirmed(n.kids[0])
	case n.op != luaBinary:
		return false
	case n.text == "==":
		return n.kids[1].op == luaConstant && n.kids[1].text == "nil" && r.credentials(n.kids[0])
	case n.text == "~=":
		return n.kids[1].op == luaText && r.credentials(n.kids[0])
	case n.text == "or":
		return r.asks(n.kids[0]) && r.reads(n.kids[1]) || r.reads(n.kids[0]) && r.asks(n.kids[1])
	case n.text == "and":
		return preflight(n.kids[0], "~=") && r.asks(n.kids[1])
	}
	return false
}

// credentials reports whether an expression is nil for whoever shows none.
func (r *luaEffect) credentials(n *luaNode) bool {
	n = n.resolve()
	if global, name := n.path(); global == "ngx" {
		return name == "var.http_authorization" || name == "var.http_cookie" || strings.HasPrefix(name, "var.cookie_")
	}
	if n.op != luaIndex || n.kids[1].op != luaText {
		return false
	}
	headers := n.kids[0].resolve()
	return headers.op == luaCall && len(headers.kids) == 1 && headers.kids[0].isNginx("req.get_headers") &&
		slices.Contains([]string{"authorization", "cookie"}, strings.ToLower(n.kids[1].text))
}

// confirmed reports whether an expression is false or nil where a module that
// authenticates did not know the client.
func (r *luaEffect) confirmed(n *luaNode) bool {
	n = n.resolve()
	if n.op == luaIndex && n.kids[1].op == luaText && n.kids[1].text == "verified" {
		return r.call(n.kids[0].resolve()) == "resty.jwt"
	}
	// What resty.jwt answers is always a table.
	module := r.call(n)
	return module != "" && module != "resty.jwt"
}

// enforces reports whether a statement has a module authenticate the client. What a
// function of another name answers would have to be looked at.
func (r *luaEffect) enforces(n *luaNode) bool {
	module := r.call(n)
	// Those of OpenResty answer what they found, and refuse nobody by themselves.
	if module == "" || strings.HasPrefix(module, "resty.") {
		return false
	}
	name := n.text
	if n.op == luaCall {
		name = n.kids[0].kids[1].text
	}
	return slices.ContainsFunc([]string{"authenticate", "authorize", "authorise", "enforce"}, func(verb string) bool { return strings.HasPrefix(name, verb) })
}

// call is the module that authenticates of which a function is called; empty for
// anything else.
func (r *luaEffect) call(n *luaNode) (module string) {
	var object *luaNode
	switch {
	case n.op == luaMethod:
		object = n.kids[0]
	case n.op == luaCall && n.kids[0].op == luaIndex && n.kids[0].kids[1].op == luaText:
		object = n.kids[0].kids[0]
	default:
		return ""
	}
	object = object.resolve()
	if !isRequire(object) || !slices.Contains(r.authenticators, object.kids[1].text) {
		return ""
	}
	for _, argument := range n.kids[1:] {
		if !r.reads(argument) {
			return ""
		}
	}
	return object.kids[1].text
}

func isRequire(n *luaNode) bool {
	return n.op == luaCall && len(n.kids) == 2 && n.kids[0].op == luaVariable && n.kids[0].local == nil && n.kids[0].text == "require" && n.kids[1].op == luaText
}

// refuses reports whether a block answers 401 or 403, and nothing before that but
// headers and lines of a log.
func (r *luaEffect) refuses(block []*luaNode) bool {
	for i, s := range block {
		if s.op == luaReturn && len(s.kids) == 1 {
			s = s.kids[0]
		}
		if i == len(block)-1 {
			return s.op == luaCall && len(s.kids) == 2 && s.kids[0].isNginx("exit") && refusal(s.kids[1])
		}
		switch {
		case s != block[i]:
			return false
		case s.op == luaCall && s.kids[0].isNginx("log"):
		case s.op == luaAssign && len(s.targets) == 1 && computed(s.targets[0].kids[0], "header"):
		default:
			return false
		}
		for _, value := range s.kids[len(s.kids)-len(s.values()):] {
			if !r.reads(value) {
				return false
			}
		}
	}
	return false
}

// values are the arguments of a call, or what an assignment assigns.
func (n *luaNode) values() []*luaNode {
	if n.op == luaCall {
		return n.kids[1:]
	}
	return n.kids
}

func refusal(n *luaNode) bool {
	return n.op == luaConstant && (n.text == "401" || n.text == "403") || n.isNginx("HTTP_UNAUTHORIZED") || n.isNginx("HTTP_FORBIDDEN")
}

var (
	readingFunctions = []string{"req.get_method", "req.get_headers", "req.get_uri_args", "time", "now", "md5", "encode_base64", "decode_base64", "unescape_uri"}
	readingMethods   = []string{"get", "match", "find", "sub", "gsub", "lower", "upper", "len", "byte", "rep", "format"}
)

// reads reports whether an expression only reads: it ends no script, and has none of its
// functions run.
func (r *luaEffect) reads(n *luaNode) bool {
	switch n.op {
	case luaConstant, luaText:
		return true
	case luaVariable:
		return n.local != nil
	case luaIndex:
		if global, name := n.path(); global != "" {
			return global == "ngx" && (known([]string{"var.", "shared", "shared.", "status", "null"}, name) || isLevel(name))
		}
		return (r.reads(n.kids[0]) || computed(n.kids[0], "var")) && r.reads(n.kids[1])
	case luaBinary, luaUnary, luaTable:
		return r.all(n.kids)
	case luaMethod:
		return r.call(n) != "" || slices.Contains(readingMethods, n.text) && r.all(n.kids)
	case luaCall:
		if isRequire(n) {
			return slices.Contains(r.authenticators, n.kids[1].text) || slices.Contains(libraries, n.kids[1].text)
		}
		global, name := n.kids[0].path()
		reading := global == "ngx" && slices.Contains(readingFunctions, name) || global == "string" && slices.Contains(readingMethods, name) ||
			name == "" && slices.Contains([]string{"tostring", "tonumber", "type"}, global)
		return r.call(n) != "" || reading && r.all(n.kids[1:])
	}
	return false
}

// isLevel knows the levels of the log and the statuses.
func isLevel(name string) bool {
	return name != "" && strings.ToUpper(name) == name && !strings.Contains(name, ".")
}

func (r *luaEffect) all(nodes []*luaNode) bool {
	return !slices.ContainsFunc(nodes, func(n *luaNode) bool { return !r.reads(n) })
}
