// SPDX-License-Identifier: Apache-2.0

package site

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
)

// Files opens what a site file names, relative to its folder. Everything that
// it returns is redacted and recorded in the archive. It is safe for concurrent
// use. Close releases the trees.
type Files struct {
	dir     string
	archive *evidence.Archive

	mu    sync.Mutex
	roots []*os.Root
}

// OpenFiles returns the opener of a site file's folder.
func OpenFiles(dir string, archive *evidence.Archive) *Files {
	return &Files{dir: dir, archive: archive}
}

// Close releases the opened trees.
func (f *Files) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var errs []error
	for _, r := range f.roots {
		errs = append(errs, r.Close())
	}
	f.roots = nil
	return errors.Join(errs...)
}

func (f *Files) resolve(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(f.dir, filepath.FromSlash(name))
}

// Read implements evidence.Files.
func (f *Files) Read(name string, limit int64) (evidence.Artifact, error) {
	full := f.resolve(name)
	root, err := os.OpenRoot(filepath.Dir(full))
	if err != nil {
		return evidence.Artifact{}, fmt.Errorf("%s: %s", name, unwrapPath(err))
	}
	defer root.Close()
	text, err := readRegular(root, filepath.Base(full), limit)
	if err != nil {
		return evidence.Artifact{}, fmt.Errorf("%s: %s", name, unwrapPath(err))
	}
	return f.archive.Add(path.Clean(filepath.ToSlash(name)), text), nil
}

// readRegular reads a regular file of a root, and nothing that could block or
// never end.
func readRegular(root *os.Root, name string, limit int64) ([]byte, error) {
	file, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is no regular file")
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("is %d bytes long, more than %d", info.Size(), limit)
	}
	text, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("is longer than %d bytes", limit)
	}
	return text, nil
}

const maxTreeFileBytes = 16 << 20

// Tree implements evidence.Files.
func (f *Files) Tree(name string) (fs.FS, error) {
	root, err := os.OpenRoot(f.resolve(name))
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, unwrapPath(err))
	}
	f.mu.Lock()
	f.roots = append(f.roots, root)
	f.mu.Unlock()
	return &tree{root: root, inner: root.FS(), prefix: path.Clean(filepath.ToSlash(name)), archive: f.archive}, nil
}

// tree is a folder whose files are redacted and recorded as they are read.
// Links that lead out of it do not open, nor do files that are private keys by
// their name. A key that stands in any other file is taken out before anything
// else sees it: PEM blocks one by one, of binary content all but the length.
type tree struct {
	root    *os.Root
	inner   fs.FS
	prefix  string
	archive *evidence.Archive
}

var (
	_ fs.ReadDirFS = (*tree)(nil)
	_ fs.StatFS    = (*tree)(nil)
)

// errPrivateKey is the answer to an attempt to open a file of keys.
var errPrivateKey = errors.New("is a private key by its name, which is never opened")

func (t *tree) Open(name string) (fs.File, error) {
	fail := func(err error) (fs.File, error) { return nil, &fs.PathError{Op: "open", Path: name, Err: err} }
	if !fs.ValidPath(name) {
		return fail(fs.ErrInvalid)
	}
	info, err := t.root.Stat(name)
	if err != nil {
		return fail(rootError(err))
	}
	if info.IsDir() {
		return t.inner.Open(name)
	}
	if evidence.IsPrivateKeyName(name) {
		return fail(errPrivateKey)
	}
	text, err := readRegular(t.root, filepath.FromSlash(name), maxTreeFileBytes)
	if err != nil {
		return fail(rootError(err))
	}
	art := t.archive.Add(path.Join(t.prefix, name), text)
	return &memoryFile{Reader: bytes.NewReader(art.Text), name: path.Base(name), size: int64(len(art.Text)), mode: info.Mode(), modified: info.ModTime()}, nil
}

func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(t.inner, name) }

func (t *tree) Stat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	info, err := t.root.Stat(name)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: rootError(err)}
	}
	return info, nil
}

func rootError(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// memoryFile is a redacted file.
type memoryFile struct {
	*bytes.Reader
	name     string
	size     int64
	mode     fs.FileMode
	modified time.Time
}

func (m *memoryFile) Stat() (fs.FileInfo, error) { return memoryInfo{m}, nil }
func (m *memoryFile) Close() error               { return nil }

type memoryInfo struct{ f *memoryFile }

func (i memoryInfo) Name() string       { return i.f.name }
func (i memoryInfo) Size() int64        { return i.f.size }
func (i memoryInfo) Mode() fs.FileMode  { return i.f.mode }
func (i memoryInfo) ModTime() time.Time { return i.f.modified }
func (i memoryInfo) IsDir() bool        { return false }
func (i memoryInfo) Sys() any           { return nil }
