// SPDX-License-Identifier: Apache-2.0

package nginxrules

import "slices"

func (p *luaParser) expressions() []*luaNode {
	all := []*luaNode{p.expression(0)}
	for p.take(",") {
		all = append(all, p.expression(0))
	}
	return all
}

// expression reads operands as long as operators hold them more strongly than limit.
func (p *luaParser) expression(limit int) *luaNode {
	defer p.nested()()
	var left *luaNode
	switch t := p.at(); {
	case p.take("not"), p.take("-"), p.take("#"):
		left = &luaNode{op: luaUnary, text: t.text, kids: []*luaNode{p.expression(luaUnaryPriority)}}
	default:
		left = p.operand()
	}
	for p.reason == "" {
		t := p.at()
		priority, ok := luaPriorities[t.text]
		if !ok || t.kind == luaString || priority[0] <= limit {
			break
		}
		p.i++
		left = &luaNode{op: luaBinary, text: t.text, kids: []*luaNode{left, p.expression(priority[1])}}
	}
	return left
}

func (p *luaParser) operand() *luaNode {
	switch t := p.at(); {
	case t.kind == luaString:
		p.i++
		return &luaNode{op: luaText, text: t.text}
	case t.kind == luaOther && (t.text[0] >= '0' && t.text[0] <= '9' || len(t.text) > 1 && t.text[0] == '.' && t.text[1] != '.'),
		t.is("..."), t.kind == luaName && slices.Contains([]string{"nil", "true", "false"}, t.text):
		p.i++
		return &luaNode{op: luaConstant, text: t.text}
	case t.is("{"):
		return p.table()
	case p.take("function"):
		return p.function(nil)
	}
	return p.suffixed()
}

// function reads parameters and body.
func (p *luaParser) function(names []string) *luaNode {
	p.want("(")
	for !p.take(")") && p.reason == "" {
		if !p.take("...") {
			names = append(names, p.name())
		}
		if !p.at().is(")") {
			p.want(",")
		}
	}
	body := p.block(names)
	p.want("end")
	return &luaNode{op: luaFunction, bodies: [][]*luaNode{body}}
}

func (p *luaParser) table() *luaNode {
	n := &luaNode{op: luaTable}
	p.want("{")
	for !p.take("}") && p.reason == "" {
		switch {
		case p.take("["):
			n.kids = append(n.kids, p.expression(0))
			p.want("]")
			p.want("=")
		case p.at().kind == luaName && p.i+1 < len(p.tokens) && p.tokens[p.i+1].is("="):
			n.kids = append(n.kids, &luaNode{op: luaText, text: p.name()})
			p.want("=")
		}
		n.kids = append(n.kids, p.expression(0))
		if !p.take(",") && !p.take(";") && !p.at().is("}") {
			p.fail()
		}
	}
	return n
}

func (p *luaParser) variable(name string) *luaNode {
	return &luaNode{op: luaVariable, text: name, local: p.find(name)}
}

// suffixed reads a name or an expression in brackets, and what is taken from it or done
// with it.
func (p *luaParser) suffixed() *luaNode {
	defer p.nested()()
	var n *luaNode
	if p.take("(") {
		n = p.expression(0)
		p.want(")")
		if n.op == luaVariable || n.op == luaIndex {
			// The same value, and no target of an assignment.
			n = &luaNode{op: luaUnary, text: "()", kids: []*luaNode{n}}
		}
	} else {
		n = p.variable(p.name())
	}
	for p.reason == "" {
		t := p.at()
		switch {
		case p.take("."):
			n = &luaNode{op: luaIndex, kids: []*luaNode{n, {op: luaText, text: p.name()}}}
		case p.take("["):
			n = &luaNode{op: luaIndex, kids: []*luaNode{n, p.expression(0)}}
			p.want("]")
		case p.take(":"):
			n = &luaNode{op: luaMethod, text: p.name(), kids: append([]*luaNode{n}, p.arguments()...)}
		case t.is("("), t.is("{"), t.kind == luaString:
			n = &luaNode{op: luaCall, kids: append([]*luaNode{n}, p.arguments()...)}
		default:
			return n
		}
	}
	return n
}

func (p *luaParser) arguments() (all []*luaNode) {
	switch t := p.at(); {
	case t.kind == luaString:
		p.i++
		return []*luaNode{{op: luaText, text: t.text}}
	case t.is("{"):
		return []*luaNode{p.table()}
	}
	p.want("(")
	if p.take(")") {
		return nil
	}
	all = p.expressions()
	p.want(")")
	return all
}
