// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"time"
)

// MaxTreeFileBytes bounds one file of a tree.
const MaxTreeFileBytes = 16 << 20

// ErrPrivateKey is wrapped by the error for a file that is a private key by its
// name.
var ErrPrivateKey = errors.New("is a private key by its name, which is never opened")

// Tree returns a view of inner whose files are redacted and recorded in the
// archive as they are read, under prefix. Files that are private keys by their
// name do not open. A key that stands in any other file is taken out before
// anything else sees it: PEM blocks one by one, of binary content all but the
// length. Only regular files open, and only up to MaxTreeFileBytes.
//
// Whether links may lead out of the tree is decided by inner, which must not
// block when it opens a pipe.
func Tree(inner fs.FS, prefix string, archive *Archive) fs.FS {
	return &tree{inner: inner, prefix: prefix, archive: archive}
}

type tree struct {
	inner   fs.FS
	prefix  string
	archive *Archive
}

var (
	_ fs.ReadDirFS  = (*tree)(nil)
	_ fs.StatFS     = (*tree)(nil)
	_ fs.ReadLinkFS = (*tree)(nil)
)

func (t *tree) Open(name string) (fs.File, error) {
	fail := func(err error) (fs.File, error) { return nil, &fs.PathError{Op: "open", Path: name, Err: err} }
	if !fs.ValidPath(name) {
		return fail(fs.ErrInvalid)
	}
	info, err := t.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return t.inner.Open(name)
	}
	if IsPrivateKeyName(name) {
		return fail(ErrPrivateKey)
	}
	text, err := ReadRegular(t.inner, name, MaxTreeFileBytes)
	if err != nil {
		return fail(cause(err))
	}
	art := t.archive.Add(path.Join(t.prefix, name), text)
	return &memoryFile{Reader: bytes.NewReader(art.Text), info: memoryInfo{path.Base(name), int64(len(art.Text)), info}}, nil
}

func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(t.inner, name) }

func (t *tree) Stat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	info, err := fs.Stat(t.inner, name)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: cause(err)}
	}
	return info, nil
}

// Lstat and ReadLink tell of a link without following it, as far as inner can.
func (t *tree) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(t.inner, name) }

func (t *tree) ReadLink(name string) (string, error) { return fs.ReadLink(t.inner, name) }

// ReadRegular reads a regular file of at most limit bytes, and nothing that
// could block or never end.
func ReadRegular(from fs.FS, name string, limit int64) ([]byte, error) {
	file, err := from.Open(name)
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

// cause takes the path off an error that names one, since the path of the
// inner tree is not the one that the reader knows.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// memoryFile is a redacted file.
type memoryFile struct {
	*bytes.Reader
	info memoryInfo
}

func (m *memoryFile) Stat() (fs.FileInfo, error) { return m.info, nil }
func (m *memoryFile) Close() error               { return nil }

// memoryInfo is what the file says of itself, but for its size.
type memoryInfo struct {
	name string
	size int64
	of   fs.FileInfo
}

func (i memoryInfo) Name() string       { return i.name }
func (i memoryInfo) Size() int64        { return i.size }
func (i memoryInfo) Mode() fs.FileMode  { return i.of.Mode() }
func (i memoryInfo) ModTime() time.Time { return i.of.ModTime() }
func (i memoryInfo) IsDir() bool        { return false }
func (i memoryInfo) Sys() any           { return nil }
