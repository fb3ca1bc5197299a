// SPDX-License-Identifier: Apache-2.0

package request

import (
	"errors"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"syscall"

	"github.com/postern-audit/postern/internal/nginx"
)

// fileOf is the file that root or alias makes of a path; base is the part that
// the directive gives.
func (r *run) fileOf(uri string, at nginx.Pos) string {
	name, base := r.base(at)
	if name == "root" {
		return base + uri
	}
	if isPattern(r.block) {
		return base
	}
	if r.displaced {
		return "" // nginx refuses to use alias for a rewritten path
	}
	if len(uri) < len(r.block.path) {
		r.unsure(at, "the path is shorter than its location")
	}
	return base + uri[len(r.block.path):]
}

func isPattern(b *block) bool {
	return b.loc != nil && (b.loc.Modifier == nginx.Regex || b.loc.Modifier == nginx.RegexCaseless)
}

// base is what root or alias says, from the root of the file system.
func (r *run) base(at nginx.Pos) (name, dir string) {
	list := r.block.scope.Get("root", "alias")
	if len(list) == 0 {
		r.unsure(at, "there is no root")
	}
	dir = r.text(list[0].Arg(0), list[0].From)
	if !strings.HasPrefix(dir, "/") {
		dir = strings.TrimSuffix(r.m.options.Prefix, "/") + "/" + dir
	}
	if list[0].Name == "root" {
		dir = strings.TrimSuffix(dir, "/")
	}
	return list[0].Name, dir
}

// fileKind is what stands at a name.
type fileKind uint8

const (
	noFile fileKind = iota
	aFile
	aFolder
)

// stat looks a file up. Each folder on the way must be there, also before "..".
func (r *run) stat(name string, at nginx.Pos) fileKind {
	if r.m.options.Files == nil {
		r.unsure(at, "whether the file %q is there is not known", name)
	}
	if strings.ContainsRune(name, 0) {
		return noFile
	}
	var walked []string
	kind := aFolder
	for _, word := range strings.Split(strings.Trim(name, "/"), "/") {
		if kind != aFolder {
			return noFile
		}
		switch word {
		case "", ".":
			continue
		case "..":
			walked = walked[:max(0, len(walked)-1)]
			continue
		}
		walked = append(walked, word)
		info, err := fs.Stat(r.m.options.Files, path.Join(walked...))
		switch {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, syscall.ENAMETOOLONG):
			return noFile
		case err != nil:
			r.unsure(at, "the file %q cannot be looked up", name)
		case !info.IsDir():
			kind = aFile
		}
	}
	if kind == aFile && strings.HasSuffix(name, "/") {
		return noFile
	}
	return kind
}

// fileTest is a test of if.
func (r *run) fileTest(op, name string, at nginx.Pos) bool {
	if !strings.HasPrefix(name, "/") {
		r.unsure(at, "the file %q is looked up from the working directory", name)
	}
	kind := r.stat(name, at)
	switch op {
	case "-f":
		return kind == aFile
	case "-d":
		return kind == aFolder
	case "-e":
		return kind != noFile
	}
	r.unsure(at, "if with %s is not modelled", op)
	return false
}

// tryFiles is the phase of try_files; an if that holds has none.
func (r *run) tryFiles() phase {
	s := r.setting("try_files")
	if s.Name == "" || len(s.Args) < 2 || s.Origin == nginx.Inherited {
		return content
	}
	for _, a := range s.Args[:len(s.Args)-1] {
		want := aFile
		name := r.text(a, s.From)
		if strings.HasSuffix(a, "/") {
			want, name = aFolder, strings.TrimSuffix(name, "/")
		}
		kind, base := r.base(s.From)
		if kind == "alias" {
			if r.m.options.Files == nil {
				r.unsure(s.From, "whether a file of try_files is there is not known")
			}
			r.unsure(s.From, "try_files with alias is not modelled")
		}
		if r.stat(base+name, s.From) == want {
			r.step(s.From, "try_files finds %s", name)
			r.uri = name
			return content
		}
	}
	last := s.Args[len(s.Args)-1]
	if code, ok := strings.CutPrefix(last, "="); ok {
		n, err := strconv.Atoi(code)
		if err != nil || n < 300 {
			r.unsure(s.From, "try_files with %s is not modelled", last)
		}
		return r.fail(n, "try_files finds nothing")
	}
	last = r.text(last, s.From)
	r.step(s.From, "try_files ends with %s", last)
	if strings.HasPrefix(last, "@") {
		if r.block.loc == nil {
			r.unsure(s.From, "try_files of a server that ends in a named location is not modelled")
		}
		return r.redirectNamed(last)
	}
	target, args := splitArgs(last)
	return r.redirectTo(target, args)
}

// files is the content phase of a location without a handler: index, autoindex
// and static files.
func (r *run) files() phase {
	at := r.block.scope.Pos
	reads := r.method == "GET" || r.method == "HEAD"
	if r.uri == "" {
		r.unsure(at, "a file with an empty path")
	}
	if strings.HasSuffix(r.uri, "/") && (reads || r.method == "POST") {
		return r.folder(at)
	}
	if !reads && r.method != "POST" {
		return r.fail(405, "files take GET and HEAD")
	}
	name := r.fileOf(r.uri, at)
	if name == "" {
		return r.fail(500, "alias for a rewritten path")
	}
	switch r.stat(name, at) {
	case noFile:
		return r.fail(404, "there is no such file")
	case aFolder:
		return r.fail(301, "a folder without the final slash")
	}
	if !reads {
		return r.fail(405, "files take GET and HEAD")
	}
	return r.answer(200, "a file")
}

func (r *run) folder(at nginx.Pos) phase {
	names := []string{"index.html"}
	if list := r.block.scope.Get("index"); len(list) > 0 {
		names = nil
		for _, s := range list {
			names = append(names, s.Args...)
		}
	}
	for _, n := range names {
		n = r.text(n, at)
		if strings.HasPrefix(n, "/") {
			return r.redirectTo(n, r.args)
		}
		file := r.fileOf(r.uri+n, at)
		if file == "" {
			return r.fail(500, "alias for a rewritten path")
		}
		if isPattern(r.block) && r.block.scope.Get("root", "alias")[0].Name == "alias" {
			r.unsure(at, "index with alias in a regex location is not modelled")
		}
		if r.stat(file, at) != noFile {
			return r.redirectTo(r.uri+n, r.args)
		}
		if r.stat(strings.TrimSuffix(r.fileOf(r.uri, at), "/"), at) != aFolder {
			return r.fail(404, "there is no such folder")
		}
	}
	if r.flag("autoindex") && r.method != "POST" {
		return r.answer(200, "a list of files")
	}
	return r.fail(403, "the folder has no index")
}
