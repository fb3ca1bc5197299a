// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// luaTruth is when a condition holds.
type luaTruth uint8

const (
	sometimes luaTruth = iota // or nobody knows
	always
	never
)

// mostMethods is how many methods a condition may tell apart.
const mostMethods = 16

// divide says for whom a condition holds of those who show no credentials: asked is for
// every method that the script does not name, and methods are those it names for which it
// is the other way round. It is not sure where one of them has no answer. An error ends a
// script with a refusal, which counts as failed.
//
// Credentials are missing where there is no such header or cookie, and where it is empty.
func (r *luaEffect) divide(condition *luaNode, failed luaTruth) (asked luaTruth, methods []string, sure bool) {
	c := luaCase{effect: r, missing: map[string]luaValue{}}
	asked, sure = c.holds(condition, failed), true
	for i := 0; i < len(c.named); i++ { // each may name others
		if i == mostMethods {
			return asked, methods, false
		}
		c.method = c.named[i]
		switch holds := c.holds(condition, failed); {
		case holds == sometimes && asked != sometimes:
			sure = false
		case holds != asked:
			methods = append(methods, c.method)
		}
	}
	return asked, methods, sure
}

// luaCase is a client without credentials.
type luaCase struct {
	effect *luaEffect
	// method is the one that is sent; empty for any that is not named.
	method string
	// missing says in which way each of the credentials is missing, and open is one of which
	// that is not decided yet.
	missing map[string]luaValue
	open    string
	// named are the methods that the script compares with.
	named []string
	fuel  int
}

// holds goes through all ways in which credentials can be missing.
func (c *luaCase) holds(condition *luaNode, failed luaTruth) luaTruth {
	const most, steps = 4, 10_000
	c.open, c.fuel = "", steps
	v := c.value(condition)
	if c.open == "" || len(c.missing) == most {
		if v.kind == luaFails {
			return failed
		}
		return v.truth()
	}
	name := c.open
	defer delete(c.missing, name)
	var all []luaTruth
	for _, v := range waysToMiss(name) {
		c.missing[name] = v
		all = append(all, c.holds(condition, failed))
	}
	if all = slices.Compact(all); len(all) == 1 {
		return all[0]
	}
	return sometimes
}

// waysToMiss are what a script gets for credentials that nobody shows. A browser sends
// cookies without any login, and two empty headers make a text that is not empty, or a
// table: that there are cookies says nothing.
func waysToMiss(name string) []luaValue {
	ways := []luaValue{{kind: luaNil}, {kind: luaIsText}}
	if name == "http_cookie" {
		ways = append(ways, luaValue{kind: luaSomeText})
	}
	return ways
}

// credentials is the name of the variable for credentials that an expression reads: of
// those that nginx makes of the request.
func (r *luaEffect) credentials(n *luaNode) (name string) {
	if global, field := n.path(); global == "ngx" {
		if variable, ok := strings.CutPrefix(strings.ToLower(field), "var."); ok && !r.defines(variable) {
			name = variable
		}
	} else if n.op == luaIndex && n.kids[1].op == luaText {
		headers := n.kids[0].resolve()
		if headers.op == luaCall && len(headers.kids) == 1 && headers.kids[0].isNginx("req.get_headers") {
			name = "http_" + strings.ToLower(n.kids[1].text)
		}
	}
	if strings.Contains(name, ".") {
		return "" // a field of the value, such as a function for texts
	}
	if name == "http_authorization" || name == "http_cookie" || strings.HasPrefix(name, "cookie_") {
		return name
	}
	return ""
}

// luaKnown is what is known of a value.
type luaKnown uint8

const (
	luaAnything luaKnown = iota
	luaFails             // there is none: it is an error
	luaNil
	luaFalse
	luaFalsy // nil or false
	luaTrue
	luaTruthy   // neither nil nor false
	luaIsText   // the text
	luaIsNumber // the number
	luaSomeText // one that no script names
)

// luaValue is a value, as far as it is known.
type luaValue struct {
	kind   luaKnown
	text   string
	number float64
	// method says that it is the method of the request.
	method bool
}

func (v luaValue) truth() luaTruth {
	switch v.kind {
	case luaNil, luaFalse, luaFalsy:
		return never
	case luaAnything, luaFails:
		return sometimes
	}
	return always
}

func (v luaValue) falsy() bool { return v.truth() == never }

func boolean(is bool) luaValue {
	if is {
		return luaValue{kind: luaTrue}
	}
	return luaValue{kind: luaFalse}
}

// value works out an expression that only reads.
func (c *luaCase) value(n *luaNode) luaValue {
	if c.fuel--; c.fuel < 0 {
		return luaValue{}
	}
	n = n.resolve()
	if name := c.effect.credentials(n); name != "" {
		v, ok := c.missing[name]
		if !ok {
			c.open = cmp.Or(c.open, name)
		}
		return v
	}
	switch n.op {
	case luaText:
		return luaValue{kind: luaIsText, text: n.text}
	case luaConstant:
		return constantValue(n.text)
	case luaTable, luaFunction:
		return luaValue{kind: luaTruthy}
	case luaUnary:
		return c.unary(n)
	case luaBinary:
		return c.binary(n)
	case luaIndex:
		return c.index(n)
	case luaMethod:
		return c.call(n, n.kids[0], n.text, n.kids[1:])
	case luaCall:
		if global, name := n.kids[0].path(); global == "string" && len(n.kids) > 1 {
			return c.call(n, n.kids[1], name, n.kids[2:])
		}
		return c.call(n, nil, "", n.kids[1:])
	}
	return luaValue{}
}

func constantValue(text string) luaValue {
	switch text {
	case "nil":
		return luaValue{kind: luaNil}
	case "true", "false":
		return boolean(text == "true")
	}
	if number, err := strconv.ParseFloat(text, 64); err == nil {
		return luaValue{kind: luaIsNumber, number: number}
	}
	return luaValue{}
}

func (c *luaCase) unary(n *luaNode) luaValue {
	v := c.value(n.kids[0])
	switch {
	case v.kind == luaFails, n.text == "()":
		return v
	case n.text == "not" && v.truth() != sometimes:
		return boolean(v.falsy())
	case n.text == "not":
		return luaValue{}
	case v.falsy() || v.kind == luaTrue:
		return luaValue{kind: luaFails}
	case n.text == "#" && v.kind == luaIsText:
		return luaValue{kind: luaIsNumber, number: float64(len(v.text))}
	}
	return luaValue{}
}

func (c *luaCase) binary(n *luaNode) luaValue {
	left := c.value(n.kids[0])
	if left.kind == luaFails {
		return left
	}
	switch n.text {
	case "and":
		return c.either(left, n.kids[1], never, luaFalsy)
	case "or":
		return c.either(left, n.kids[1], always, luaTruthy)
	}
	right := c.value(n.kids[1])
	if right.kind == luaFails {
		return right
	}
	switch n.text {
	case "==", "~=":
		c.name(left, right)
		c.name(right, left)
		if is := left.equals(right); is != sometimes {
			return boolean((is == always) == (n.text == "=="))
		}
		return luaValue{}
	case "<", ">", "<=", ">=":
		return ordered(left, right, n.text)
	}
	switch {
	case left.falsy() || right.falsy() || left.kind == luaTrue || right.kind == luaTrue:
		return luaValue{kind: luaFails}
	case n.text == ".." && left.kind == luaIsText && right.kind == luaIsText:
		return luaValue{kind: luaIsText, text: left.text + right.text}
	}
	return luaValue{}
}

// either is what "and" and "or" make: the left operand where it has the truth for which
// the right one is not looked at.
func (c *luaCase) either(left luaValue, right *luaNode, stays luaTruth, kind luaKnown) luaValue {
	switch left.truth() {
	case stays:
		return left
	case sometimes:
		if c.value(right).truth() == stays {
			return luaValue{kind: kind}
		}
		return luaValue{}
	}
	return c.value(right)
}

// name notes a method that the script tells from others.
func (c *luaCase) name(method, with luaValue) {
	if method.method && with.kind == luaIsText && !with.method && !slices.Contains(c.named, with.text) {
		c.named = append(c.named, with.text)
	}
}

// equals compares what is known.
func (v luaValue) equals(w luaValue) luaTruth {
	yes := func(is bool) luaTruth {
		if is {
			return always
		}
		return never
	}
	known := func(v luaValue) bool { return v.truth() != sometimes && v.kind != luaFalsy && v.kind != luaTruthy }
	switch {
	case v.truth() != sometimes && w.truth() != sometimes && v.truth() != w.truth():
		return never
	case !known(v) || !known(w), v.kind == luaSomeText && w.kind == luaSomeText:
		return sometimes
	}
	return yes(v.kind == w.kind && v.text == w.text && v.number == w.number)
}

func ordered(v, w luaValue, operator string) luaValue {
	if v.falsy() || w.falsy() {
		return luaValue{kind: luaFails}
	}
	if v.kind != w.kind || v.kind != luaIsNumber {
		return luaValue{}
	}
	switch is := cmp.Compare(v.number, w.number); operator {
	case "<":
		return boolean(is < 0)
	case "<=":
		return boolean(is <= 0)
	case ">":
		return boolean(is > 0)
	default:
		return boolean(is >= 0)
	}
}

// index is a field of something: of what is not there it is an error.
func (c *luaCase) index(n *luaNode) luaValue {
	if n.isNginx("var.request_method") {
		return c.methodSent()
	}
	if global, _ := n.path(); global != "" {
		return luaValue{}
	}
	if n.kids[1].op == luaText && n.kids[1].text == "verified" && c.effect.call(n.kids[0].resolve()) == "resty.jwt" {
		return luaValue{kind: luaFalsy}
	}
	if object := c.value(n.kids[0]); object.falsy() || object.kind == luaFails {
		return luaValue{kind: luaFails}
	}
	return luaValue{}
}

func (c *luaCase) methodSent() luaValue {
	if c.method == "" {
		return luaValue{kind: luaSomeText, method: true}
	}
	return luaValue{kind: luaIsText, text: c.method, method: true}
}

// call is what a function answers: of a module that authenticates nothing, since nobody is
// known to it. What resty.jwt answers is always a table.
func (c *luaCase) call(n, object *luaNode, name string, arguments []*luaNode) luaValue {
	switch module := c.effect.call(n); {
	case module == "resty.jwt":
		return luaValue{kind: luaTruthy}
	case module != "":
		return luaValue{kind: luaFalsy}
	case n.op == luaCall && len(n.kids) == 1 && n.kids[0].isNginx("req.get_method"):
		return c.methodSent()
	case object == nil:
		return luaValue{}
	}
	text := c.value(object)
	switch {
	case text.falsy() || text.kind == luaFails:
		return luaValue{kind: luaFails}
	case text.kind != luaIsText || text.text != "":
		return luaValue{}
	}
	// What is done with an empty text.
	switch name {
	case "rep":
		if len(arguments) != 1 {
			return luaValue{} // what stands between the copies is a text, too
		}
		return luaValue{kind: luaIsText}
	case "sub", "lower", "upper", "reverse":
		return luaValue{kind: luaIsText}
	case "len":
		return luaValue{kind: luaIsNumber}
	case "byte":
		return luaValue{kind: luaNil}
	case "match", "find":
		if len(arguments) > 0 && arguments[0].op == luaText && needsText(arguments[0].text) {
			return luaValue{kind: luaNil}
		}
	}
	return luaValue{}
}

// needsText reports whether the first part of a pattern of Lua takes a byte, so that it
// does not match an empty text.
func needsText(pattern string) bool {
	pattern = strings.TrimLeft(strings.TrimPrefix(pattern, "^"), "(")
	if pattern == "" || strings.IndexByte("%[)$", pattern[0]) >= 0 {
		return false
	}
	return len(pattern) == 1 || strings.IndexByte("*?-", pattern[1]) < 0
}
