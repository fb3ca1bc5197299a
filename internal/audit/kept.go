// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
)

// kept opens what a site file names from the artifacts of a bundle. What the
// collection did not open is not there.
type kept struct{ archive *evidence.Archive }

// Read implements evidence.Files.
func (k kept) Read(name string, limit int64) (evidence.Artifact, error) {
	art, ok := k.archive.Get(path.Clean(filepath.ToSlash(name)))
	if !ok {
		return evidence.Artifact{}, fmt.Errorf("%s: %w in the bundle", name, fs.ErrNotExist)
	}
	if int64(len(art.Text)) > limit {
		return evidence.Artifact{}, fmt.Errorf("%s: is %d bytes long, more than %d", name, len(art.Text), limit)
	}
	return art, nil
}

// Tree implements evidence.Files.
func (k kept) Tree(name string) (fs.FS, error) {
	root := path.Clean(filepath.ToSlash(name))
	t := keptTree{files: map[string][]byte{}, folders: map[string][]string{".": nil}}
	for _, art := range k.archive.All() {
		inside, ok := strings.CutPrefix(art.Path, root+"/")
		if !ok && root == "." {
			inside, ok = art.Path, true
		}
		if !ok || !fs.ValidPath(inside) {
			continue
		}
		t.files[inside] = art.Text
		for inside != "." {
			folder := path.Dir(inside)
			_, known := t.folders[folder]
			t.folders[folder] = append(t.folders[folder], path.Base(inside))
			if known {
				break
			}
			inside = folder
		}
	}
	if len(t.files) == 0 {
		return nil, fmt.Errorf("%s: %w in the bundle", name, fs.ErrNotExist)
	}
	return t, nil
}

// keptTree is the part of a captured tree that a bundle holds.
type keptTree struct {
	files   map[string][]byte
	folders map[string][]string
}

var _ fs.ReadDirFS = keptTree{}

// Open implements fs.FS.
func (t keptTree) Open(name string) (fs.File, error) {
	if text, ok := t.files[name]; ok {
		return &keptFile{bytes.NewReader(text), keptInfo{path.Base(name), int64(len(text)), 0}}, nil
	}
	if _, ok := t.folders[name]; ok {
		return &keptFile{bytes.NewReader(nil), keptInfo{path.Base(name), 0, fs.ModeDir}}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir implements fs.ReadDirFS.
func (t keptTree) ReadDir(name string) ([]fs.DirEntry, error) {
	names, ok := t.folders[name]
	if !ok {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	var out []fs.DirEntry
	for _, n := range slices.Compact(slices.Sorted(slices.Values(names))) {
		info := keptInfo{name: n, mode: fs.ModeDir}
		if text, ok := t.files[path.Join(name, n)]; ok {
			info = keptInfo{n, int64(len(text)), 0}
		}
		out = append(out, fs.FileInfoToDirEntry(info))
	}
	return out, nil
}

type keptFile struct {
	*bytes.Reader
	info keptInfo
}

func (f *keptFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *keptFile) Close() error               { return nil }

type keptInfo struct {
	name string
	size int64
	mode fs.FileMode
}

func (i keptInfo) Name() string       { return i.name }
func (i keptInfo) Size() int64        { return i.size }
func (i keptInfo) Mode() fs.FileMode  { return i.mode | 0o600 }
func (i keptInfo) ModTime() time.Time { return time.Time{} }
func (i keptInfo) IsDir() bool        { return i.mode.IsDir() }
func (i keptInfo) Sys() any           { return nil }
