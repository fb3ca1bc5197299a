// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"fmt"
	"slices"
)

// maxLuaDepth is how deep Lua code may be nested; LuaJIT takes no more either.
const maxLuaDepth = 200

// luaOp is what a node of Lua code is.
type luaOp uint8

const (
	// Expressions.
	luaConstant luaOp = iota // nil, true, false, a number or "..."; the text
	luaText                  // a string literal; the text is what it means
	luaVariable              // a name; local where it is one
	luaIndex                 // kids: the object and the key
	luaCall                  // kids: the function and its arguments
	luaMethod                // kids: the object and the arguments; the text is the name
	luaBinary                // kids: two operands; the text is the operator
	luaUnary                 // kids: the operand; the text is the operator
	luaTable                 // kids: keys and values
	luaFunction              // bodies: what it does
	// Statements; a call is one as well.
	luaAssign // kids: the values; targets
	luaDefine // "local"; kids: the values; targets: the variables
	luaIf     // kids: the conditions; bodies: one for each, and that of else
	luaReturn // kids: the values
	luaBlock  // do, loops; kids: the expressions; bodies
	luaBreak
)

// luaNode is an expression or a statement of Lua.
type luaNode struct {
	op      luaOp
	text    string
	kids    []*luaNode
	targets []*luaNode
	bodies  [][]*luaNode
	local   *luaLocal
}

// luaLocal is a local variable.
type luaLocal struct {
	// value is what it starts with; nil where that is not written down.
	value *luaNode
	// changed says that it is assigned to somewhere.
	changed bool
}

var (
	luaKeywords = []string{
		"and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local",
		"nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
	}
	// luaPriorities are how strongly an operator holds to what stands left and right of it
	// (Lua 5.1 reference manual, section 2.5.6).
	luaPriorities = map[string][2]int{
		"or": {1, 1}, "and": {2, 2}, "<": {3, 3}, ">": {3, 3}, "<=": {3, 3}, ">=": {3, 3}, "~=": {3, 3}, "==": {3, 3},
		"..": {5, 4}, "+": {6, 6}, "-": {6, 6}, "*": {7, 7}, "/": {7, 7}, "%": {7, 7}, "^": {10, 9},
	}
)

const luaUnaryPriority = 8

// parseLua reads a script. What LuaJIT would read and this does not, such as goto, is
// given as the reason.
func parseLua(code string) (block []*luaNode, reason string) {
	tokens, _, reason := luaTokens(code)
	if reason != "" {
		return nil, reason
	}
	p := luaParser{tokens: tokens}
	block = p.block(nil)
	if p.reason == "" && p.i < len(p.tokens) {
		p.fail()
	}
	return block, p.reason
}

// luaParser goes through the words. Behind the first one that does not fit, there are
// none any more.
type luaParser struct {
	tokens []luaToken
	i      int
	depth  int
	// scopes are the local variables in sight, the innermost last.
	scopes []map[string]*luaLocal
	reason string
}

func (p *luaParser) at() luaToken {
	if p.reason != "" || p.i >= len(p.tokens) {
		return luaToken{}
	}
	return p.tokens[p.i]
}

func (p *luaParser) fail() {
	if p.reason == "" {
		line := 0
		if n := len(p.tokens); n > 0 {
			line = p.tokens[min(p.i, n-1)].line
		}
		p.reason = fmt.Sprintf("line %d of the Lua code could not be read", line)
	}
}

// take reads a keyword or operator if it is the next word.
func (p *luaParser) take(text string) bool {
	t := p.at()
	if t.text == text && (t.kind == luaName || t.kind == luaOther) {
		p.i++
		return true
	}
	return false
}

func (p *luaParser) want(text string) {
	if !p.take(text) {
		p.fail()
	}
}

func (p *luaParser) name() string {
	t := p.at()
	if t.kind != luaName || slices.Contains(luaKeywords, t.text) {
		p.fail()
		return ""
	}
	p.i++
	return t.text
}

func (p *luaParser) open()  { p.scopes = append(p.scopes, map[string]*luaLocal{}) }
func (p *luaParser) close() { p.scopes = p.scopes[:len(p.scopes)-1] }

// declare makes a local variable of the innermost block.
func (p *luaParser) declare(name string, value *luaNode) {
	p.scopes[len(p.scopes)-1][name] = &luaLocal{value: value}
}

func (p *luaParser) find(name string) *luaLocal {
	for _, scope := range slices.Backward(p.scopes) {
		if l := scope[name]; l != nil {
			return l
		}
	}
	return nil
}

// nested guards against code that is nested without an end.
func (p *luaParser) nested() func() {
	if p.depth++; p.depth > maxLuaDepth {
		p.fail()
	}
	return func() { p.depth-- }
}

// block reads statements up to a word that ends a block; names are the local variables
// that it starts with.
func (p *luaParser) block(names []string) (block []*luaNode) {
	p.open()
	defer p.close()
	for _, name := range names {
		p.declare(name, nil)
	}
	return p.statements()
}

func (p *luaParser) statements() (block []*luaNode) {
	defer p.nested()()
	for p.reason == "" {
		switch t := p.at(); {
		case p.take(";"):
			continue
		case t.kind == luaEOF, t.kind == luaName && slices.Contains([]string{"end", "else", "elseif", "until"}, t.text):
			return block
		}
		s := p.statement()
		block = append(block, s)
		if s.op == luaReturn {
			return block
		}
	}
	return block
}

func (p *luaParser) statement() *luaNode {
	switch {
	case p.take("do"):
		body := p.block(nil)
		p.want("end")
		return &luaNode{op: luaBlock, bodies: [][]*luaNode{body}}
	case p.take("while"):
		n := &luaNode{op: luaBlock, kids: []*luaNode{p.expression(0)}}
		p.want("do")
		n.bodies = [][]*luaNode{p.block(nil)}
		p.want("end")
		return n
	case p.take("repeat"):
		p.open()
		defer p.close()
		n := &luaNode{op: luaBlock, bodies: [][]*luaNode{p.statements()}}
		p.want("until")
		n.kids = []*luaNode{p.expression(0)}
		return n
	case p.take("if"):
		return p.choice()
	case p.take("for"):
		names := p.names()
		if !p.take("=") {
			p.want("in")
		}
		n := &luaNode{op: luaBlock, kids: p.expressions()}
		p.want("do")
		n.bodies = [][]*luaNode{p.block(names)}
		p.want("end")
		return n
	case p.take("function"):
		return p.named()
	case p.take("local"):
		return p.local()
	case p.take("break"):
		return &luaNode{op: luaBreak}
	case p.take("return"):
		n := &luaNode{op: luaReturn}
		if t := p.at(); t.kind != luaEOF && !t.is(";") && !(t.kind == luaName && slices.Contains([]string{"end", "else", "elseif", "until"}, t.text)) {
			n.kids = p.expressions()
		}
		p.take(";")
		return n
	}
	return p.simple()
}

func (p *luaParser) names() []string {
	names := []string{p.name()}
	for p.take(",") {
		names = append(names, p.name())
	}
	return names
}

func (p *luaParser) choice() *luaNode {
	n := &luaNode{op: luaIf}
	for {
		n.kids = append(n.kids, p.expression(0))
		p.want("then")
		n.bodies = append(n.bodies, p.block(nil))
		if !p.take("elseif") {
			break
		}
	}
	if p.take("else") {
		n.bodies = append(n.bodies, p.block(nil))
	}
	p.want("end")
	return n
}

// named reads the definition of a function that is an assignment: function a.b:c() end.
func (p *luaParser) named() *luaNode {
	target := p.variable(p.name())
	var names []string
	for names == nil && p.reason == "" {
		method := p.take(":")
		if !method && !p.take(".") {
			break
		}
		target = &luaNode{op: luaIndex, kids: []*luaNode{target, {op: luaText, text: p.name()}}}
		if method {
			names = []string{"self"}
		}
	}
	if target.local != nil {
		target.local.changed = true
	}
	return &luaNode{op: luaAssign, targets: []*luaNode{target}, kids: []*luaNode{p.function(names)}}
}

func (p *luaParser) local() *luaNode {
	if p.take("function") {
		name := p.name()
		f := &luaNode{op: luaFunction}
		p.declare(name, f)
		f.bodies = p.function(nil).bodies
		return &luaNode{op: luaDefine, kids: []*luaNode{f}}
	}
	names := p.names()
	n := &luaNode{op: luaDefine}
	if p.take("=") {
		n.kids = p.expressions()
	}
	for i, name := range names {
		var value *luaNode
		if i < len(n.kids) {
			value = n.kids[i]
		}
		p.declare(name, value)
		n.targets = append(n.targets, p.variable(name))
	}
	return n
}

// simple reads a call or an assignment.
func (p *luaParser) simple() *luaNode {
	first := p.suffixed()
	if !p.at().is("=") && !p.at().is(",") {
		if first.op != luaCall && first.op != luaMethod {
			p.fail()
		}
		return first
	}
	n := &luaNode{op: luaAssign, targets: []*luaNode{first}}
	for p.take(",") {
		n.targets = append(n.targets, p.suffixed())
	}
	p.want("=")
	n.kids = p.expressions()
	for _, t := range n.targets {
		if t.op != luaVariable && t.op != luaIndex {
			p.fail()
		}
		if t.local != nil {
			t.local.changed = true
		}
	}
	return n
}
