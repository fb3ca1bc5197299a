// SPDX-License-Identifier: Apache-2.0

package request

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/postern-audit/postern/internal/nginx"
)

// base is what root or alias says, from the root of the file system.
func (r *run) base(at nginx.Pos) (name string, dir Text) {
	list := r.block.scope.Get("root", "alias")
	if len(list) == 0 {
		r.unsure(at, "there is no root")
	}
	dir = r.text(list[0].Arg(0), list[0].From)
	if !strings.HasPrefix(dir.S, "/") {
		dir = join(constant(strings.TrimSuffix(r.m.options.Prefix, "/")+"/"), dir)
	}
	if list[0].Name == "root" && dir.Constant() {
		dir = constant(strings.TrimSuffix(dir.S, "/"))
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
func (r *run) stat(file Text, at nginx.Pos, what string) fileKind {
	name := file.S
	if r.trace != nil {
		r.trace.File = file
	}
	if r.m.options.Files == nil && r.trace != nil {
		kinds := []string{"is a file", "is not there", "is a folder"}
		return []fileKind{aFile, noFile, aFolder}[slices.Index(kinds, r.choose(at, "the file "+what, kinds...))]
	}
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
func (r *run) fileTest(op string, name Text, at nginx.Pos) bool {
	if !strings.HasPrefix(name.S, "/") && r.trace == nil {
		r.unsure(at, "the file %q is looked up from the working directory", name.S)
	}
	kind := r.stat(name, at, "that is tested")
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
	d := r.documents(s.From)
	if d.alias && r.displaced {
		return r.fail(500, "alias for a rewritten path")
	}
	for _, a := range s.Args[:len(s.Args)-1] {
		want := aFile
		name := r.candidate(d, a, s.From)
		if strings.HasSuffix(a, "/") {
			want = aFolder
			name.S = strings.TrimSuffix(name.S, "/")
		}
		if r.stat(join(d.base, name), s.From, a+" of try_files") == want {
			r.step(s.From, "try_files finds %s", name.S)
			r.keep(d, name, want == aFolder)
			return content
		}
	}
	last := s.Args[len(s.Args)-1]
	if code, ok := strings.CutPrefix(last, "="); ok {
		n, err := strconv.Atoi(code)
		switch {
		case err != nil || n <= 0:
			r.unsure(s.From, "try_files with %s is not modelled", last)
		case n < 300 && n != 201 && n != 204:
			// nginx takes such a code for a request that was answered already.
			r.silent, r.out = true, Outcome{Kind: Refused, Reason: "try_files ends without an answer"}
			return done
		}
		return r.fail(n, "try_files finds nothing")
	}
	text := r.candidate(d, last, s.From)
	last = text.S
	r.step(s.From, "try_files ends with %s", last)
	r.ask(s.From, text, answer(strings.HasPrefix(last, "@")), func() Question { return starts('@') })
	if strings.HasPrefix(last, "@") {
		return r.redirectNamed(text, s.From)
	}
	target, args := r.splitArgs(text, s.From)
	return r.redirectTo(target, args)
}

// files is the content phase of a location without a handler: index, autoindex
// and static files.
func (r *run) files() phase {
	at := r.block.scope.Pos
	reads := r.gets()
	if !r.uri.neverEmpty() {
		r.ask(at, r.uri, answer(r.uri.S == ""), func() Question { return oneOf("") })
	}
	if r.uri.S == "" {
		r.unsure(at, "a file with an empty path")
	}
	post := !reads && r.posts()
	slash := strings.HasSuffix(r.uri.S, "/")
	r.ask(at, r.uri, answer(slash), func() Question { return ends("/") })
	if slash && (reads || post) {
		return r.folder(at, reads)
	}
	if !reads && !post {
		return r.fail(405, "files take GET and HEAD")
	}
	d := r.documents(at)
	name, refused := r.file(d, r.uri, at)
	r.step(d.at, "file %q", name.S)
	if refused {
		return r.fail(500, "alias for a rewritten path")
	}
	if status := r.unreadable(at); status != 0 {
		return r.fail(status, "the file cannot be opened")
	}
	switch r.stat(name, at, "of the path") {
	case noFile:
		return r.fail(404, "there is no such file")
	case aFolder:
		return r.fail(301, "a folder without the final slash")
	}
	if !reads {
		return r.fail(405, "files take GET and HEAD")
	}
	if status := r.body(at, 400); status != 0 {
		return r.fail(status, "the body of the request")
	}
	// What the headers of a request ask of a file.
	if status := r.suppose(at, "the file is answered", "as usual", 412, 416); status != 0 {
		r.lost = true // it was thrown away for the file
		return r.fail(status, "a condition or a range of the request")
	}
	return r.end(200, "a file")
}

// unreadable supposes a file or folder that is there and cannot be opened: nginx may not
// read it, a symbolic link is refused, or something is wrong with the disk.
func (r *run) unreadable(at nginx.Pos) int {
	return r.suppose(at, "the file is opened", "as usual", 403, 500)
}

func (r *run) folder(at nginx.Pos, reads bool) phase {
	names := []string{"index.html"}
	if list := r.block.scope.Get("index"); len(list) > 0 {
		names = nil
		for _, s := range list {
			names = append(names, s.Args...)
		}
		r.step(list[0].From, "index %s", strings.Join(names, " "))
	}
	d := r.documents(at)
	for _, word := range names {
		n := r.text(word, at)
		r.ask(at, n, answer(strings.HasPrefix(n.S, "/")), func() Question { return starts('/') })
		if strings.HasPrefix(n.S, "/") {
			return r.redirectTo(n, r.args)
		}
		base, refused := r.file(d, r.uri, at)
		if refused {
			return r.fail(500, "alias for a rewritten path")
		}
		r.step(d.at, "index %q", base.S+n.S)
		if status := r.unreadable(at); status != 0 {
			return r.fail(status, "the folder cannot be read")
		}
		if r.stat(join(base, n), at, "index "+word) != noFile {
			return r.redirectTo(join(r.uri, n), r.args)
		}
		folder := base
		folder.S = strings.TrimSuffix(folder.S, "/")
		switch r.stat(folder, at, "of the path without its final slash") {
		case aFile:
			if folder.S == base.S {
				return r.fail(500, "alias to a file for a path with a final slash")
			}
			fallthrough
		case noFile:
			return r.fail(404, "there is no such folder")
		}
	}
	if r.flag("autoindex") && reads {
		return r.list(d, at)
	}
	return r.fail(403, "the folder has no index")
}

// list is the answer of autoindex, which takes the last byte of the name for a slash.
func (r *run) list(d documents, at nginx.Pos) phase {
	folder, refused := r.file(d, r.uri, at)
	if refused {
		return r.fail(500, "alias for a rewritten path")
	}
	if !strings.HasSuffix(folder.S, "/") {
		folder.S = folder.S[:max(0, len(folder.S)-1)]
		if r.stat(folder, at, "of the path without its last byte") != aFolder {
			return r.fail(404, "there is no such folder")
		}
	}
	r.step(r.setting("autoindex").From, "a list of files")
	return r.answer(200, "a list of files")
}

// gets and posts ask for the method.
func (r *run) gets() bool {
	is := r.method.S == "GET" || r.method.S == "HEAD"
	r.ask(r.block.scope.Pos, r.method, answer(is), func() Question { return oneOf("GET", "HEAD") })
	return is
}

func (r *run) posts() bool {
	is := r.method.S == "POST"
	r.ask(r.block.scope.Pos, r.method, answer(is), func() Question { return oneOf("POST") })
	return is
}
