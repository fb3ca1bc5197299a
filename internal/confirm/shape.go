// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Bounds of what is taken over from the captured files.
const (
	maxShape     = 20_000
	maxLuaBytes  = 1 << 20
	maxNameBytes = 255
)

// shape puts a copy of the folders into dir: the same names, and files that are
// empty, since whether a file is there is all that decides. Symbolic links and what
// is no file are left out. Whole is false when there are more names than the limit.
func shape(files fs.FS, roots []string, dir string, limit int) (whole bool, left []string, err error) {
	n := 0
	slices.Sort(roots)
	done := ""
	for _, root := range slices.Compact(roots) {
		if done != "" && (strings.HasPrefix(root, done+"/") || done == "/") {
			continue // within the folder before
		}
		at := strings.Trim(root, "/")
		if at == "" {
			at = "."
		}
		if linked(files, at) {
			left = append(left, "/"+at)
			continue
		}
		walk := fs.WalkDir(files, at, func(name string, d fs.DirEntry, err error) error {
			target := filepath.Join(dir, filepath.FromSlash(name))
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return err
			case n == limit:
				return fs.SkipAll
			case d.IsDir():
				n++
				return os.MkdirAll(target, 0o755)
			case !d.Type().IsRegular():
				left = append(left, "/"+name)
				return nil
			}
			n++
			if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
				return err
			}
			return os.WriteFile(target, nil, 0o644)
		})
		if walk != nil {
			return false, left, fmt.Errorf("confirm: copy the names below %s: %w", root, walk)
		}
		done = path.Clean(root)
	}
	return n < limit, left, nil
}

// linked says whether a symbolic link stands on the way to a name. Folders tell
// that of any file system.
func linked(files fs.FS, name string) bool {
	at := "."
	for word := range strings.SplitSeq(name, "/") {
		entries, err := fs.ReadDir(files, at)
		if err != nil {
			return false // nothing is there to be copied
		}
		if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == word && e.Type()&fs.ModeSymlink != 0 }) {
			return true
		}
		at = path.Join(at, word)
	}
	return false
}

// luaFiles copies the Lua code of the folders.
func luaFiles(files fs.FS, folders []string, dir string) error {
	n := 0
	slices.Sort(folders)
	for _, folder := range slices.Compact(folders) {
		err := fs.WalkDir(files, cmp.Or(strings.Trim(folder, "/"), "."), func(name string, d fs.DirEntry, err error) error {
			if n++; n > maxShape {
				return fs.SkipAll
			}
			if err != nil || !d.Type().IsRegular() || path.Ext(name) != ".lua" {
				return nil //nolint:nilerr // what cannot be read is not there
			}
			info, err := d.Info()
			if err != nil || info.Size() > maxLuaBytes {
				return nil //nolint:nilerr // as above
			}
			text, err := fs.ReadFile(files, name)
			if err != nil {
				return nil //nolint:nilerr // as above
			}
			target := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
				return err
			}
			return os.WriteFile(target, text, 0o644)
		})
		if err != nil {
			return fmt.Errorf("confirm: copy Lua code: %w", err)
		}
	}
	return nil
}
