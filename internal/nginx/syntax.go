// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"fmt"
	"iter"
	"strings"
)

// Pos is a place that a reader can open. The zero value means "nowhere": a
// value that no line of the configuration gave.
type Pos struct {
	File         string // absolute name as nginx sees it, "/" being the declared root
	Line         int    // 1-based line in File
	Column       int    // 1-based column in bytes
	Artifact     string // what was really read: a path in the file system, or the name of a dump
	ArtifactLine int    // 1-based line in Artifact; equal to Line except in a dump
}

// IsZero reports whether p names no place.
func (p Pos) IsZero() bool { return p.Line == 0 }

// String is file:line:column.
func (p Pos) String() string {
	if p.IsZero() {
		return "-"
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Error is one thing that could not be read. It is a value, not a failure: the
// rest of the configuration was read all the same.
type Error struct {
	Pos
	Message string // lower case, no period
	Hint    string // what a person may do about it, possibly empty
}

func (e Error) Error() string {
	if e.IsZero() {
		if e.File == "" {
			return e.Message
		}
		return e.File + ": " + e.Message
	}
	return e.Pos.String() + ": " + e.Message
}

// File is one configuration file, parsed once however often it is included.
type File struct {
	Name         string       // absolute name as nginx sees it
	Artifact     string       // see Pos.Artifact
	ArtifactLine int          // line of Artifact on which line 1 of the file stands
	Text         string       // exact bytes; spans index into it
	Directives   []*Directive // top level of this file, includes not expanded
}

// Span locates a node in its file. Offsets are bytes; a file is at most
// MaxFileSize long, so that 32 bits are enough.
type Span struct {
	File         *File
	Start, End   int32 // File.Text[Start:End]
	Line, Column int32 // of Start, 1-based
}

// Pos is the place where the span starts.
func (s Span) Pos() Pos {
	if s.File == nil {
		return Pos{}
	}
	return Pos{
		File: s.File.Name, Line: int(s.Line), Column: int(s.Column),
		Artifact: s.File.Artifact, ArtifactLine: int(s.Line) + s.File.ArtifactLine - 1,
	}
}

// Raw is the text of the span exactly as written, quotes included.
func (s Span) Raw() string {
	if s.File == nil {
		return ""
	}
	return s.File.Text[s.Start:s.End]
}

// Arg is one word of a directive.
type Arg struct {
	Span
	Value string // as nginx sees it: quotes removed, escapes decoded, variables untouched
	Quote byte   // '"' or '\'' when the word was quoted, else 0
}

// HasVariables reports whether nginx would expand the word at run time.
func (a Arg) HasVariables() bool { return hasVariables(a.Value) }

// hasVariables knows $name, ${name} and the captures $1 to $9; a "$" before
// anything else, such as the end of a regular expression, is a plain character.
func hasVariables(s string) bool {
	for {
		i := strings.IndexByte(s, '$')
		if i < 0 || i+1 == len(s) {
			return false
		}
		c := s[i+1]
		if c == '{' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return true
		}
		s = s[i+1:]
	}
}

// Kind tells how a directive ends.
type Kind uint8

// The kinds of directive.
const (
	Simple Kind = iota // name args ;
	Block              // name args { directives }
	Lua                // name args { Lua code }
)

// Directive is one statement. Inside map, geo, types and the like an entry is a
// directive too: its name is the key.
type Directive struct {
	Span                  // from the name to ";" or to the closing brace
	Name     string       // decoded name; empty for a block without one, and for the map key ""
	Head     Arg          // the name as a word
	Args     []Arg        // the words after the name
	Block    []*Directive // children as written; see Children for the view through includes
	Body     Span         // between the braces, for Block and Lua
	Included []*File      // for an include: the files that it stands for, in order
	Kind     Kind
	// Broken marks a block whose own words could not be read. Its children are
	// kept, its arguments must not be trusted; an Error says why.
	Broken bool
}

// Values are the decoded arguments.
func (d *Directive) Values() []string {
	if len(d.Args) == 0 {
		return nil
	}
	out := make([]string, len(d.Args))
	for i := range d.Args {
		out[i] = d.Args[i].Value
	}
	return out
}

// Arg is the decoded i-th argument (0-based), empty when there is none.
func (d *Directive) Arg(i int) string {
	if i < 0 || i >= len(d.Args) {
		return ""
	}
	return d.Args[i].Value
}

// Children yields the directives of the block as nginx sees them: each include
// is replaced by the content of its files, which keep their own positions.
func (d *Directive) Children() iter.Seq[*Directive] { return expand(d.Block) }

// All yields all directives below this one, each before those of its block.
func (d *Directive) All() iter.Seq[*Directive] {
	return func(yield func(*Directive) bool) { d.all(yield) }
}

// all recurses as deep as blocks nest.
func (d *Directive) all(yield func(*Directive) bool) bool {
	for c := range d.Children() {
		if !yield(c) || c.Kind == Block && !c.all(yield) {
			return false
		}
	}
	return true
}

func expand(list []*Directive) iter.Seq[*Directive] {
	return func(yield func(*Directive) bool) { expandInto(list, yield) }
}

// expandInto recurses as deep as includes nest, which the loader has bounded.
func expandInto(list []*Directive, yield func(*Directive) bool) bool {
	for _, d := range list {
		if !d.isInclude() {
			if !yield(d) {
				return false
			}
			continue
		}
		for _, f := range d.Included {
			if !expandInto(f.Directives, yield) {
				return false
			}
		}
	}
	return true
}

func (d *Directive) isInclude() bool { return d.Kind == Simple && d.Name == "include" }

// Tree is a whole configuration.
type Tree struct {
	Main   *File   // nil when the main file could not be read
	Files  []*File // every file read, in the order of first reading
	Errors []Error // everything that could not be read; empty means that all was
}

// Children yields the main context, includes expanded.
func (t *Tree) Children() iter.Seq[*Directive] {
	if t.Main == nil {
		return func(func(*Directive) bool) {}
	}
	return expand(t.Main.Directives)
}

// Limits on what is read. Each one that is hit is reported as an Error.
const (
	MaxFileSize     = 8 << 20   // bytes of one file
	MaxFiles        = 2000      // files of one tree
	MaxTokens       = 1_000_000 // words of one tree, and directives after expansion of includes
	MaxDepth        = 64        // nested blocks in one file
	MaxIncludeDepth = 32        // nested includes
	maxErrors       = 1000
)

// errorList collects errors up to a bound, then says once that it stopped.
type errorList struct {
	list []Error
	full bool
}

func (l *errorList) add(pos Pos, hint, format string, args ...any) {
	if l.full {
		return
	}
	if len(l.list) == maxErrors {
		l.full = true
		l.list = append(l.list, Error{Pos: pos, Message: fmt.Sprintf("more than %d errors; the rest is not listed", maxErrors)})
		return
	}
	msg := format
	if len(args) > 0 {
		msg = fmt.Sprintf(format, args...)
	}
	l.list = append(l.list, Error{Pos: pos, Message: msg, Hint: hint})
}
