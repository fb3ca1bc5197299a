// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Load reads the configuration conf and everything that it includes.
//
// The root of fsys plays the part of "/": an absolute name is looked up below
// it, and no name leads out of it. Prefix is nginx's prefix (its -p), conf is
// relative to prefix unless absolute (its -c); relative includes are relative to
// the directory of conf. A leading "/" of prefix may be left out.
//
// Whatever cannot be read is in Tree.Errors, never dropped. When the main file
// itself cannot be read, Main is nil and Errors says why.
func Load(fsys fs.FS, prefix, conf string) *Tree {
	if !path.IsAbs(conf) {
		conf = "/" + strings.TrimPrefix(prefix, "/") + "/" + conf
	}
	return newLoader(fsSource{fsys}).run(conf)
}

// source is where files come from. Names are absolute and clean.
type source interface {
	// read returns the file; its Name is filled by the loader.
	read(name string) (*File, error)
	// list returns the names in a directory, "" being the root, in any order.
	list(dir string) ([]string, error)
	// stat reports whether the name exists.
	stat(name string) bool
	// isFile reports whether the name is there and is not a directory.
	isFile(name string) bool
}

var (
	errTooLarge  = fmt.Errorf("file is larger than %d bytes and was not read", MaxFileSize)
	errNotInDump = errors.New("not in the dump")
)

type fsSource struct{ fsys fs.FS }

func fsName(name string) string {
	if name = strings.TrimPrefix(name, "/"); name == "" {
		return "."
	}
	return name
}

func (s fsSource) read(name string) (*File, error) {
	f, err := s.fsys.Open(fsName(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	// A device or a pipe could block or never end.
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	var b strings.Builder
	if n := info.Size(); n > 0 && n <= MaxFileSize {
		b.Grow(int(n))
	}
	n, err := io.Copy(&b, io.LimitReader(f, MaxFileSize+1))
	if err != nil {
		return nil, err
	}
	if n > MaxFileSize {
		return nil, errTooLarge
	}
	return &File{Artifact: fsName(name), ArtifactLine: 1, Text: b.String()}, nil
}

func (s fsSource) list(dir string) ([]string, error) {
	entries, err := fs.ReadDir(s.fsys, fsName(dir))
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, err
}

func (s fsSource) stat(name string) bool {
	_, err := fs.Stat(s.fsys, fsName(name))
	return err == nil
}

func (s fsSource) isFile(name string) bool {
	info, err := fs.Stat(s.fsys, fsName(name))
	return err == nil && !info.IsDir()
}

// loaded is a file with what its inclusion costs.
type loaded struct {
	file   *File
	busy   bool // being resolved: meeting it again is a cycle
	height int  // nesting of includes below it
	size   int  // directives after expansion
}

type loader struct {
	src    source
	confAt string // directory of the main file: nginx's conf prefix
	errs   *errorList
	byName map[string]*loaded
	files  []*File
	tokens int // words that may still be read
	joints int // inclusions of a file that may still be made
	globs  globber
}

func newLoader(src source) *loader {
	return &loader{
		src: src, errs: &errorList{}, byName: map[string]*loaded{}, tokens: MaxTokens, joints: MaxTokens,
		globs: globber{src: src, listed: map[string]listing{}, budget: maxGlobWork},
	}
}

func (l *loader) run(conf string) *Tree {
	t := &Tree{}
	name, err := cleanInside(conf)
	if err != nil {
		l.errs.add(Pos{File: conf}, "", "%v", err)
	} else {
		l.confAt = path.Dir(name)
		main, err := l.load(name, 0)
		if err != nil {
			l.errs.add(Pos{File: name, Artifact: fsName(name)}, "", "the main configuration cannot be read: %v", err)
		} else {
			t.Main = main.file
		}
	}
	t.Files, t.Errors = l.files, l.errs.list
	return t
}

// load parses a file and what it includes, once. It recurses as deep as includes
// nest, at most MaxIncludeDepth.
func (l *loader) load(name string, depth int) (*loaded, error) {
	if f := l.byName[name]; f != nil {
		return f, nil
	}
	if len(l.byName) >= MaxFiles {
		return nil, fmt.Errorf("more than %d files; this one was not read", MaxFiles)
	}
	file, err := l.src.read(name)
	if err != nil {
		return nil, err
	}
	file.Name = name
	f := &loaded{file: file, busy: true}
	l.byName[name] = f
	l.files = append(l.files, file)
	before := l.tokens
	includes := parseFile(file, &l.tokens, l.errs)
	// Words bound directives from above; an empty file still costs its place.
	f.size = 1 + before - l.tokens
	for _, d := range includes {
		l.include(f, d, depth)
	}
	f.busy = false
	return f, nil
}

// include resolves one include directive of file f.
func (l *loader) include(f *loaded, d *Directive, depth int) {
	fail := func(hint, format string, args ...any) { l.errs.add(d.Pos(), hint, format, args...) }
	if len(d.Args) != 1 {
		fail("", "include takes one argument, not %d", len(d.Args))
		return
	}
	pattern := d.Args[0].Value
	full := pattern
	if !path.IsAbs(full) {
		full = l.confAt + "/" + full
	}
	if strings.ContainsRune(full, 0) {
		fail("", "include of a name with a NUL byte")
		return
	}
	// The slash at the end of a name, which cleaning removes, asks for a folder.
	folder := strings.HasSuffix(full, "/")
	full, err := cleanInside(full)
	if err != nil {
		fail("includes are followed only below the declared root", "include %q: %v", clip(pattern), err)
		return
	}
	names := []string{full}
	// The same three bytes make nginx call glob(3).
	if strings.ContainsAny(full, "*?[") {
		if names, err = l.globs.expand(full); err != nil {
			fail("", "include %q: %v", clip(pattern), err)
		}
		if folder {
			names = slices.DeleteFunc(names, l.src.isFile)
		}
	} else if folder {
		fail("", "include %q: not a regular file", clip(pattern))
		return
	}
	for _, name := range names {
		if depth+1 > MaxIncludeDepth {
			fail("", "include %q: includes nest deeper than %d", clip(pattern), MaxIncludeDepth)
			return
		}
		got, err := l.load(name, depth+1)
		switch {
		case err != nil:
			hint := ""
			if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotInDump) {
				hint = "add the file to the captured configuration"
			}
			fail(hint, "include %q: %s: %v", clip(pattern), name, cause(err))
		case got.busy:
			fail("", "include %q: %s includes itself", clip(pattern), name)
		case depth+1+got.height > MaxIncludeDepth:
			fail("", "include %q: includes nest deeper than %d", clip(pattern), MaxIncludeDepth)
		case f.size+got.size > MaxTokens || l.joints <= 0:
			fail("", "include %q: more than %d words after expansion of includes", clip(pattern), MaxTokens)
		default:
			l.joints--
			f.size += got.size
			f.height = max(f.height, got.height+1)
			d.Included = append(d.Included, got.file)
		}
	}
}

// cause drops the operation and the name that a path error repeats.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// cleanInside is path.Clean that refuses to climb above the root, which a plain
// "/.." would silently do.
func cleanInside(name string) (string, error) {
	depth := 0
	for seg := range strings.SplitSeq(name, "/") {
		switch seg {
		case "", ".":
		case "..":
			if depth--; depth < 0 {
				return "", errors.New("the name leads out of the root")
			}
		default:
			depth++
		}
	}
	return path.Clean("/" + name), nil
}
