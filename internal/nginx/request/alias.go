// SPDX-License-Identifier: Apache-2.0

package request

import (
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// documents is where the files of a location are: what root or alias says.
type documents struct {
	at    nginx.Pos // of the directive, zero for the default
	base  Text      // from the root of the file system
	alias bool
	// cut is how many bytes alias takes from the path: those of the location that has
	// the directive, which may be an outer one. With a pattern alias takes all.
	cut     int
	pattern bool
}

// documents are those of the block in charge.
func (r *run) documents(at nginx.Pos) documents {
	name, base := r.base(at)
	setting := r.block.scope.Get("root", "alias")[0]
	d := documents{at: setting.From, base: base, alias: name == "alias"}
	if !d.alias {
		return d
	}
	from := setting.Directive
	for l := r.block.loc; l != nil; l = l.Outer {
		for _, own := range l.Own() {
			if own.Directive == from {
				d.cut = len(l.Path)
				d.pattern = l.Modifier == nginx.Regex || l.Modifier == nginx.RegexCaseless
				return d
			}
		}
	}
	r.unsure(at, "the location of an alias is not known")
	return d
}

// file is the file of a path; refused says that nginx does not use alias for a path
// that was rewritten in its location.
func (r *run) file(d documents, uri Text, at nginx.Pos) (file Text, refused bool) {
	if r.trace != nil {
		r.trace.Beside = Text{}
	}
	switch {
	case !d.alias:
		return join(d.base, uri), false
	case r.displaced:
		return Text{}, true
	case d.pattern && r.appended:
		return join(d.base, uri), false
	case d.pattern:
		return d.base, false
	case len(uri.S) < d.cut:
		r.unsure(at, "nginx reads beyond the end of a path that is shorter than its location")
	}
	rest := uri.from(d.cut)
	if r.trace != nil && !strings.HasSuffix(d.base.S, "/") {
		r.trace.Beside = rest
	}
	return join(d.base, rest), false
}

// candidate is a word of try_files: name is what stands behind the base of the
// documents.
func (r *run) candidate(d documents, word string, at nginx.Pos) (name Text) {
	name = r.text(word, at)
	if d.alias && !d.pattern && strings.Contains(word, "$") {
		if len(r.uri.S) < d.cut {
			r.unsure(at, "nginx reads beyond the end of a path that is shorter than its location")
		}
		if strings.HasPrefix(name.S, r.uri.S[:d.cut]) {
			name = name.from(d.cut)
		}
	}
	return name
}

// keep makes the path that of the file which try_files found.
func (r *run) keep(d documents, name Text, folder bool) {
	r.replaced = true
	switch {
	case !d.alias:
		r.uri = name
	case !d.pattern:
		r.uri = join(constant(r.uri.S[:d.cut]), name)
	case !folder:
		r.uri, r.appended = name, true
	}
}
