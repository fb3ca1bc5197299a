// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"slices"
	"strings"
)

// authenticates reports whether a script, of which it is known that it does nothing else
// with a request, refuses whoever shows no credentials, and which methods it lets pass
// without. Only a few shapes are taken for it: local variables that read, methods that are
// let pass, such as the preflight of a browser, and refusals, one of which is of who has
// no credentials or is not known to a module that authenticates.
func (r *luaEffect) authenticates(block []*luaNode) (is bool, exempt []string) {
	const most = 50 // statements that stand before what asks
	others := false // it refuses for other reasons before
	for i, s := range block[:min(len(block), most)] {
		switch {
		case s.op == luaDefine && r.all(s.kids):
			continue
		case s.op == luaIf && len(s.bodies) == 1 && r.reads(s.kids[0]):
		case r.enforces(s):
			return true, exempt
		default:
			return false, nil
		}
		leaves, failed := isReturn(s.bodies[0]), always
		if leaves {
			failed = never
		}
		asked, methods, sure := r.divide(s.kids[0], failed)
		switch {
		case leaves:
			// Only who sends one of the methods gets away.
			if asked != never || !sure || others {
				return false, nil
			}
			exempt = append(exempt, methods...)
		case !r.refuses(s.bodies[0]):
			return false, nil
		case asked != always:
			others = true
		case !sure || len(methods) > 0 && (others || i != len(block)-1):
			return false, nil
		default:
			return true, append(exempt, methods...)
		}
	}
	return false, nil
}

func isReturn(block []*luaNode) bool {
	return len(block) == 1 && block[0].op == luaReturn && len(block[0].kids) == 0
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
		case s.op == luaAssign && len(s.targets) == 1 && s.targets[0].op == luaIndex && computed(s.targets[0].kids[0], "header"):
		default:
			return false
		}
		if !r.all(s.values()) {
			return false
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
		return n.local != nil || n.text == "ngx"
	case luaIndex:
		if global, _ := n.path(); global != "" {
			return global == "ngx"
		}
		return (r.reads(n.kids[0]) || computed(n.kids[0], "var")) && r.reads(n.kids[1])
	case luaBinary, luaUnary, luaTable:
		return r.all(n.kids)
	case luaMethod:
		return r.call(n) != "" || slices.Contains(readingMethods, n.text) && r.all(n.kids)
	case luaCall:
		if isRequire(n) {
			name := n.kids[1].text
			return slices.Contains(r.authenticators, name) || slices.Contains(libraries, name) && !r.replaced[name]
		}
		global, name := n.kids[0].path()
		reading := global == "ngx" && slices.Contains(readingFunctions, name) || global == "string" && slices.Contains(readingMethods, name) ||
			name == "" && slices.Contains([]string{"tostring", "tonumber", "type"}, global)
		return r.call(n) != "" || reading && r.all(n.kids[1:])
	}
	return false
}

func (r *luaEffect) all(nodes []*luaNode) bool {
	return !slices.ContainsFunc(nodes, func(n *luaNode) bool { return !r.reads(n) })
}
