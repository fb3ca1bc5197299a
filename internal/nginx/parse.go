// SPDX-License-Identifier: Apache-2.0

package nginx

import "strings"

// Parse reads one file without following its includes. The tree it returns is
// complete up to its Errors.
func Parse(name, text string) *Tree {
	errs, tokens := &errorList{}, MaxTokens
	f := &File{Name: name, Artifact: name, ArtifactLine: 1, Text: text}
	if len(text) > MaxFileSize {
		errs.add(Pos{File: name, Artifact: name}, "", "file is larger than %d bytes and was not read", MaxFileSize)
		return &Tree{Main: f, Files: []*File{f}, Errors: errs.list}
	}
	parseFile(f, &tokens, errs)
	return &Tree{Main: f, Files: []*File{f}, Errors: errs.list}
}

// parseFile fills f.Directives and returns the include directives it met.
func parseFile(f *File, tokens *int, errs *errorList) []*Directive {
	p := parser{file: f, s: f.Text, line: 1, tokens: tokens, errs: errs}
	p.rewind = 4*len(f.Text) + 64<<10
	p.run()
	f.Directives = p.copyList(p.pending)
	return p.includes
}

// terminator is what ended a statement.
type terminator uint8

const (
	endFile terminator = iota
	endStatement
	openBlock
	closeBlock
	lost // the statement could not be read; the position is where reading resumes
)

type frame struct {
	dir   *Directive
	first int // index into pending of the first child
	open  Span
}

type parser struct {
	file   *File
	s      string
	pos    int // next byte
	line   int // line of pos
	bol    int // offset of the beginning of that line
	tokens *int
	errs   *errorList

	words    []Arg
	broken   bool // the words of the current statement cannot be trusted
	stack    []frame
	skipped  int          // open blocks beyond MaxDepth
	pending  []*Directive // children of all open blocks, innermost last
	includes []*Directive
	rewind   int // bytes that recovery may still read twice: keeps hostile input linear

	dirSlab  []Directive
	argSlab  []Arg
	listSlab []*Directive
}

// wordEnd marks the bytes at which the scan of an unquoted word must stop to look.
var wordEnd = [256]bool{' ': true, '\t': true, '\r': true, '\n': true, ';': true, '{': true, '\\': true, '$': true}

func (p *parser) run() {
	const bom = "\ufeff"
	if strings.HasPrefix(p.s, bom) {
		p.fail(p.here(0), "save the file without a byte order mark", "byte order mark at the start: nginx takes it for a part of the first directive")
		p.pos = len(bom)
	}
	if i := strings.IndexByte(p.s, 0); i >= 0 {
		at := Span{File: p.file, Line: int32(1 + strings.Count(p.s[:i], "\n")), Column: int32(i - strings.LastIndexByte(p.s[:i], '\n'))}
		p.fail(at, "the file may be binary or UTF-16", "NUL byte")
	}
	for {
		switch p.statement() {
		case endStatement:
			p.simple()
		case openBlock:
			p.open()
		case closeBlock:
			p.close()
		case lost:
		case endFile:
			for len(p.stack) > 0 {
				top := p.stack[len(p.stack)-1]
				p.fail(top.open, `add the missing "}"`, "block %q is never closed", clip(top.dir.Name))
				p.pop(p.pos)
			}
			return
		}
	}
}

// statement reads words up to what ends them. On openBlock the brace is not yet
// consumed, so that its place is known.
func (p *parser) statement() terminator {
	p.words, p.broken = p.words[:0], false
	s := p.s
	for {
		p.space()
		i := p.pos
		if i >= len(s) {
			if len(p.words) > 0 {
				p.fail(p.words[0].Span, `end the directive with ";"`, "unexpected end of file inside %q", clip(p.words[0].Value))
			}
			return endFile
		}
		switch s[i] {
		case ';':
			p.pos++
			if len(p.words) > 0 {
				return endStatement
			}
			p.fail(p.here(i), "", `unexpected ";"`)
			continue
		case '{':
			if len(p.words) == 0 {
				p.fail(p.here(i), "", `unexpected "{": a block needs a name`)
				p.broken = true
			}
			return openBlock
		case '}':
			if len(p.words) > 0 {
				p.fail(p.words[0].Span, `end the directive with ";"`, `unexpected "}" at line %d inside %q`, p.line, clip(p.words[0].Value))
			}
			return closeBlock
		}
		if *p.tokens <= 0 {
			p.fail(p.here(i), "", "more than %d words; the rest of the file was not read", MaxTokens)
			p.pos = len(s)
			p.words = p.words[:0]
			continue
		}
		*p.tokens--
		if c := s[i]; c == '"' || c == '\'' {
			if end := p.quoted(); end != endStatement {
				return end
			}
		} else {
			p.word()
		}
	}
}

// space skips white space and comments. A "#" starts a comment only where a
// word could start.
func (p *parser) space() {
	s, i := p.s, p.pos
	for i < len(s) {
		switch s[i] {
		case '\n':
			i++
			p.line++
			p.bol = i
		case ' ', '\t', '\r':
			i++
		case '#':
			n := strings.IndexByte(s[i:], '\n')
			if n < 0 {
				i = len(s)
			} else {
				i += n
			}
		default:
			p.pos = i
			return
		}
	}
	p.pos = i
}

// word reads an unquoted word. An opening brace ends it unless it follows "$",
// in which case any number of opening braces belong to the word.
func (p *parser) word() {
	s, start := p.s, p.pos
	span := p.here(start)
	escaped := false
	i := start
scan:
	for i < len(s) {
		c := s[i]
		if !wordEnd[c] {
			i++
			continue
		}
		switch c {
		case '\\':
			escaped = true
			i++
			if i < len(s) {
				i++
				if s[i-1] == '\n' {
					p.line++
					p.bol = i
				}
			}
		case '$':
			i++
			for i < len(s) && s[i] == '{' {
				i++
			}
		default:
			break scan
		}
	}
	p.pos = i
	span.End = int32(i)
	a := Arg{Span: span, Value: s[start:i]}
	if escaped {
		a.Value = decode(a.Value)
	}
	p.words = append(p.words, a)
}

// quoted reads a quoted word. It returns endStatement when the word is whole
// and the statement goes on, otherwise what the recovery found.
func (p *parser) quoted() terminator {
	s, start := p.s, p.pos
	q := s[start]
	span := p.here(start)
	line, bol := p.line, p.bol
	escaped := false
	i := start + 1
	for i < len(s) && s[i] != q {
		c := s[i]
		if c == '\\' {
			escaped = true
			i++
			if i == len(s) {
				break
			}
			c = s[i]
		}
		i++
		if c == '\n' {
			p.line++
			p.bol = i
		}
	}
	if i >= len(s) {
		p.fail(span, "", "missing closing %c: the quote opened here is never closed", q)
		return p.recoverLine(start, i, line, bol)
	}
	i++
	span.End = int32(i)
	a := Arg{Span: span, Value: s[start+1 : i-1], Quote: q}
	if escaped {
		a.Value = decode(a.Value)
	}
	p.words = append(p.words, a)
	p.pos = i
	if i < len(s) {
		switch s[i] {
		case ' ', '\t', '\r', '\n', ';', '{', ')':
		default:
			if p.line == line {
				p.fail(p.here(i), "put a space after the closing quote, or quote the whole word", "unexpected %q after a closing quote", s[i:i+1])
				return p.recoverHere()
			}
			// The word is a misreading; what it holds is read again.
			p.words = p.words[:len(p.words)-1]
			p.fail(span, "a quote may be missing on the line where it opened", "unexpected %q at line %d after the quote opened here", s[i:i+1], p.line)
			return p.recoverLine(start, i, line, bol)
		}
	}
	return endStatement
}

// simple adds the words read as a directive without a block.
func (p *parser) simple() {
	d := p.directive(Simple)
	if d == nil {
		return
	}
	d.End = int32(p.pos)
	p.pending = append(p.pending, d)
	if d.Name == "include" {
		p.includes = append(p.includes, d)
	}
}

// open enters a block; p.pos is at its brace.
func (p *parser) open() {
	brace := p.here(p.pos)
	p.pos++
	brace.End = int32(p.pos)
	isLua := len(p.words) > 0 && strings.HasSuffix(p.words[0].Value, "_by_lua_block")
	if !isLua && len(p.stack) >= MaxDepth {
		if p.skipped == 0 {
			p.fail(brace, "", "blocks nest deeper than %d; this block was not read", MaxDepth)
		}
		p.skipped++
		return
	}
	kind := Block
	if isLua {
		kind = Lua
	}
	var d *Directive
	if p.skipped > 0 {
		d = &Directive{Kind: kind}
	} else if d = p.directive(kind); d.Head.File == nil {
		d.Span = brace
	}
	d.Broken = p.broken
	d.Body = Span{File: p.file, Start: int32(p.pos), Line: int32(p.line), Column: int32(p.pos - p.bol + 1)}
	if isLua {
		p.lua(d, brace)
		return
	}
	p.stack = append(p.stack, frame{dir: d, first: len(p.pending), open: brace})
}

// advance moves to offset to and keeps count of the lines passed.
func (p *parser) advance(to int) {
	passed := p.s[p.pos:to]
	if n := strings.Count(passed, "\n"); n > 0 {
		p.line += n
		p.bol = p.pos + strings.LastIndexByte(passed, '\n') + 1
	}
	p.pos = to
}

// close handles "}" at p.pos.
func (p *parser) close() {
	at := p.here(p.pos)
	p.pos++
	switch {
	case p.skipped > 0:
		p.skipped--
	case len(p.stack) == 0:
		p.fail(at, "", `unexpected "}": no block is open`)
	default:
		p.pop(p.pos - 1)
	}
}

// pop ends the innermost block, whose body ends at bodyEnd.
func (p *parser) pop(bodyEnd int) {
	top := p.stack[len(p.stack)-1]
	p.stack = p.stack[:len(p.stack)-1]
	d := top.dir
	d.Block = p.copyList(p.pending[top.first:])
	d.End = int32(p.pos)
	d.Body.End = int32(bodyEnd)
	clear(p.pending[top.first:])
	p.pending = append(p.pending[:top.first], d)
}

// directive makes a node of the words read; nil inside a block that is skipped.
func (p *parser) directive(kind Kind) *Directive {
	if p.skipped > 0 {
		return nil
	}
	if len(p.dirSlab) == 0 {
		p.dirSlab = make([]Directive, slabSize(len(p.s)-p.pos, 64))
	}
	d := &p.dirSlab[0]
	p.dirSlab = p.dirSlab[1:]
	d.Kind = kind
	if len(p.words) == 0 {
		return d
	}
	d.Head = p.words[0]
	d.Span = d.Head.Span
	d.Name = d.Head.Value
	if n := len(p.words) - 1; n > 0 {
		if len(p.argSlab) < n {
			p.argSlab = make([]Arg, max(n, slabSize(len(p.s)-p.pos, 32)))
		}
		d.Args = p.argSlab[:n:n]
		p.argSlab = p.argSlab[n:]
		copy(d.Args, p.words[1:])
	}
	return d
}

// slabSize guesses how many nodes are still to come, one for each so many bytes.
func slabSize(bytes, each int) int { return min(512, 4+bytes/each) }

func (p *parser) copyList(list []*Directive) []*Directive {
	n := len(list)
	if n == 0 {
		return nil
	}
	if len(p.listSlab) < n {
		p.listSlab = make([]*Directive, max(n, slabSize(len(p.s)-p.pos, 64)))
	}
	out := p.listSlab[:n:n]
	p.listSlab = p.listSlab[n:]
	copy(out, list)
	return out
}

// here is an empty span at offset i of the current line.
func (p *parser) here(i int) Span {
	return Span{File: p.file, Start: int32(i), End: int32(i), Line: int32(p.line), Column: int32(i - p.bol + 1)}
}

func (p *parser) fail(at Span, hint, format string, args ...any) {
	p.errs.add(at.Pos(), hint, format, args...)
}

// decode removes the escapes that nginx knows; any other backslash stays, since
// it belongs to a regular expression or a path.
func decode(raw string) string {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c == '\\' && i+1 < len(raw) {
			switch raw[i+1] {
			case '"', '\'', '\\':
				i++
				c = raw[i]
			case 't':
				i++
				c = '\t'
			case 'r':
				i++
				c = '\r'
			case 'n':
				i++
				c = '\n'
			}
		}
		out = append(out, c)
	}
	return string(out)
}

// clip keeps hostile words out of messages.
func clip(s string) string { return shorten(s, 60) }

func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}
