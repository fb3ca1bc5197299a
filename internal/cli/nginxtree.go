// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// maxLinks bounds the links on the way to one file, as the kernel does.
const maxLinks = 40

var errTooManyLinks = errors.New("too many levels of symbolic links")

// hostTree is a folder that plays the part of "/": a link with an absolute target
// leads where it led on the host, below the folder, and no link leads out of it.
// Where the folder is in its own place on this machine, such as etc/nginx, names
// that begin with that place are meant, too. Pipes do not block.
type hostTree struct {
	root *os.Root
	// place is the absolute name of the folder without the first slash; empty for "/".
	place string
}

// openTree opens a folder. It stays open until the program ends.
func openTree(dir string) (hostTree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return hostTree{}, err
	}
	place, err := filepath.Abs(dir)
	if err != nil {
		return hostTree{}, errors.Join(err, root.Close())
	}
	return hostTree{root, strings.Trim(filepath.ToSlash(place), "/")}, nil
}

// Open implements fs.FS.
func (t hostTree) Open(name string) (f fs.File, err error) {
	err = t.follow(name, func(name string) error {
		file, err := t.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if err == nil {
			f = file
		}
		return err
	})
	return f, err
}

// Stat implements fs.StatFS.
func (t hostTree) Stat(name string) (info fs.FileInfo, err error) {
	err = t.follow(name, func(name string) (err error) {
		info, err = t.root.Stat(name)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(t.place, name+"/") {
		return t.root.Stat(".") // a folder on the way to the place of this one
	}
	return info, err
}

// follow does something with the file that a name leads to.
func (t hostTree) follow(name string, do func(string) error) error {
	if !fs.ValidPath(name) {
		return &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	// The root follows links itself, but for those with an absolute target.
	first := do(name)
	if first == nil || errors.Is(first, fs.ErrNotExist) && !t.inPlace(name) {
		return first
	}
	real, err := t.resolve(name)
	if err != nil {
		return &fs.PathError{Op: "open", Path: name, Err: err}
	}
	if real == name {
		return first
	}
	return do(real)
}

// inPlace says whether a name begins with the place of the folder.
func (t hostTree) inPlace(name string) bool {
	return t.place != "" && (name == t.place || strings.HasPrefix(name, t.place+"/"))
}

// resolve replaces the links in a name by what they lead to.
func (t hostTree) resolve(name string) (string, error) {
	done, rest := ".", t.inside(name)
	for links := 0; rest != ""; {
		word, tail, _ := strings.Cut(rest, "/")
		rest = tail
		switch word {
		case "", ".":
			continue
		case "..":
			if done == "." {
				return "", errors.New("the name leads out of the root")
			}
			done = path.Dir(done)
			continue
		}
		next := path.Join(done, word)
		info, err := t.root.Lstat(next)
		switch {
		case err != nil:
			return "", pathCause(err)
		case info.Mode()&fs.ModeSymlink == 0:
			done = next
			continue
		}
		if links++; links > maxLinks {
			return "", errTooManyLinks
		}
		to, err := t.root.Readlink(next)
		if err != nil {
			return "", pathCause(err)
		}
		to = filepath.ToSlash(to)
		if path.IsAbs(to) {
			done, to = ".", t.inside(strings.TrimPrefix(path.Clean(to), "/"))
		}
		rest = to + "/" + rest
	}
	return done, nil
}

// inside takes the place of the folder off a name, unless the folder holds such a
// name itself.
func (t hostTree) inside(name string) string {
	if !t.inPlace(name) {
		return name
	}
	if _, err := t.root.Lstat(name); err == nil {
		return name
	}
	return strings.TrimPrefix(strings.TrimPrefix(name, t.place), "/")
}
