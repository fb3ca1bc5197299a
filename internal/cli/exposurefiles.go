// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"io/fs"
	"iter"
	"path"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

var errNotCaptured = errors.New("not part of what was captured")

// capturedFiles is a captured tree that knows what it does not hold. A file that is
// missing from a document root that was captured is missing on the host; of a
// document root that was not captured nobody knows what is in it.
type capturedFiles struct {
	fs.FS
	roots []string // document roots that are there, as names of FS
}

func newCapturedFiles(arg *nginxArg) capturedFiles {
	c := capturedFiles{FS: arg.Files}
	seen := map[string]bool{}
	for name := range documentRoots(arg) {
		if seen[name] {
			continue
		}
		seen[name] = true
		if _, err := fs.Stat(arg.Files, name); err == nil {
			c.roots = append(c.roots, name)
		}
	}
	return c
}

// Stat is fs.Stat that tells missing from not captured.
func (c capturedFiles) Stat(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(c.FS, name)
	if errors.Is(err, fs.ErrNotExist) && !c.captured(name) {
		err = &fs.PathError{Op: "stat", Path: name, Err: errNotCaptured}
	}
	return info, err
}

func (c capturedFiles) captured(name string) bool {
	for _, r := range c.roots {
		if name == r || r == "." || strings.HasPrefix(name, r+"/") {
			return true
		}
	}
	return false
}

// documentRoots are the folders that root and alias name, and the default one. Of
// a name with variables it is the folder in front of the first.
func documentRoots(arg *nginxArg) iter.Seq[string] {
	return func(yield func(string) bool) {
		give := func(name string) bool {
			if static, _, found := strings.Cut(name, "$"); found {
				name = static[:strings.LastIndexByte(static, '/')+1]
			}
			if !strings.HasPrefix(name, "/") {
				name = arg.Prefix + "/" + name
			}
			if name = strings.TrimPrefix(path.Clean("/"+name), "/"); name == "" {
				name = "."
			}
			return yield(name)
		}
		var walk func(iter.Seq[*nginx.Directive]) bool
		walk = func(all iter.Seq[*nginx.Directive]) bool {
			for d := range all {
				if (d.Name == "root" || d.Name == "alias") && len(d.Args) == 1 && !give(d.Arg(0)) {
					return false
				}
				if d.Kind == nginx.Block && !walk(d.Children()) {
					return false
				}
			}
			return true
		}
		_ = give("html") && walk(arg.Tree.Children())
	}
}
