// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sort"
	"strings"

	"github.com/pkg/sftp"
)

// maxEntries bounds one folder, and maxListingBytes what a host may send for it.
const (
	maxEntries      = 20_000
	maxListingBytes = 16 << 20
)

// Files is the file system of a host, its root being "/". Only regular files
// and folders open. It follows links, and RealPath says where one leads.
type Files struct {
	client *sftp.Client
	host   *Client
}

var (
	_ fs.StatFS     = (*Files)(nil)
	_ fs.ReadDirFS  = (*Files)(nil)
	_ fs.ReadLinkFS = (*Files)(nil)
)

// Close ends SFTP, not the connection.
func (f *Files) Close() error { return f.client.Close() }

func (f *Files) fail(op, name string, err error) error {
	if errors.Is(err, os.ErrNotExist) {
		err = fs.ErrNotExist
	} else if errors.Is(err, os.ErrPermission) {
		err = fs.ErrPermission
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

func absolute(name string) string { return path.Join("/", name) }

// Open implements fs.FS. A file is looked at first: opening a pipe would hang.
func (f *Files) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, f.fail("open", name, fs.ErrInvalid)
	}
	info, err := f.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return &folder{files: f, name: name, info: info}, nil
	}
	if !info.Mode().IsRegular() {
		return nil, f.fail("open", name, errors.New("is no regular file"))
	}
	var file *sftp.File
	err = f.host.within(func() (err error) {
		file, err = f.client.Open(absolute(name))
		return err
	})
	if err != nil {
		return nil, f.fail("open", name, err)
	}
	return &openFile{file: file, files: f, name: name}, nil
}

// Stat implements fs.StatFS and follows links.
func (f *Files) Stat(name string) (fs.FileInfo, error) {
	return f.look("stat", name, f.client.Stat)
}

// Lstat implements fs.ReadLinkFS.
func (f *Files) Lstat(name string) (fs.FileInfo, error) {
	return f.look("lstat", name, f.client.Lstat)
}

func (f *Files) look(op, name string, ask func(string) (os.FileInfo, error)) (info fs.FileInfo, err error) {
	if !fs.ValidPath(name) {
		return nil, f.fail(op, name, fs.ErrInvalid)
	}
	err = f.host.within(func() (err error) {
		info, err = ask(absolute(name))
		return err
	})
	if err != nil {
		return nil, f.fail(op, name, err)
	}
	return info, nil
}

// ReadLink implements fs.ReadLinkFS.
func (f *Files) ReadLink(name string) (to string, err error) {
	if !fs.ValidPath(name) {
		return "", f.fail("readlink", name, fs.ErrInvalid)
	}
	err = f.host.within(func() (err error) {
		to, err = f.client.ReadLink(absolute(name))
		return err
	})
	if err != nil {
		return "", f.fail("readlink", name, err)
	}
	return to, nil
}

// RealPath returns the path without links that a path leads to, as the host
// resolves it, without its leading slash.
func (f *Files) RealPath(name string) (to string, err error) {
	if !fs.ValidPath(name) {
		return "", f.fail("realpath", name, fs.ErrInvalid)
	}
	err = f.host.within(func() (err error) {
		to, err = f.client.RealPath(absolute(name))
		return err
	})
	if err != nil {
		return "", f.fail("realpath", name, err)
	}
	to = strings.TrimPrefix(path.Clean(to), "/")
	if to == "" {
		to = "."
	}
	return to, nil
}

// Owner is who owns a file, by number, as the host told.
func (f *Files) Owner(info fs.FileInfo) (user, group uint32, ok bool) {
	s, ok := info.Sys().(*sftp.FileStat)
	if !ok {
		return 0, 0, false
	}
	return s.UID, s.GID, true
}

// ReadDir implements fs.ReadDirFS.
func (f *Files) ReadDir(name string) ([]fs.DirEntry, error) {
	if !fs.ValidPath(name) {
		return nil, f.fail("readdir", name, fs.ErrInvalid)
	}
	var infos []os.FileInfo
	err := f.host.within(func() (err error) {
		defer f.host.wire.atMost(maxListingBytes)()
		infos, err = f.client.ReadDir(absolute(name))
		return err
	})
	if err != nil {
		return nil, f.fail("readdir", name, err)
	}
	if len(infos) > maxEntries {
		return nil, f.fail("readdir", name, fmt.Errorf("holds %d entries, more than %d", len(infos), maxEntries))
	}
	entries := make([]fs.DirEntry, 0, len(infos))
	for _, info := range infos {
		entries = append(entries, fs.FileInfoToDirEntry(info))
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	return entries, nil
}

type openFile struct {
	file  *sftp.File
	files *Files
	name  string
}

func (o *openFile) Read(p []byte) (n int, err error) {
	hung := o.files.host.within(func() error {
		n, err = o.file.Read(p)
		return nil
	})
	if hung != nil {
		return n, o.files.fail("read", o.name, hung)
	}
	return n, err
}

func (o *openFile) Stat() (info fs.FileInfo, err error) {
	err = o.files.host.within(func() (err error) {
		info, err = o.file.Stat()
		return err
	})
	return info, err
}

func (o *openFile) Close() error {
	return o.files.host.within(o.file.Close)
}

// folder is an open folder.
type folder struct {
	files *Files
	name  string
	info  fs.FileInfo
	rest  []fs.DirEntry
	read  bool
}

func (d *folder) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *folder) Close() error               { return nil }
func (d *folder) Read([]byte) (int, error) {
	return 0, d.files.fail("read", d.name, errors.New("is a folder"))
}

// ReadDir implements fs.ReadDirFile.
func (d *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if !d.read {
		all, err := d.files.ReadDir(d.name)
		if err != nil {
			return nil, err
		}
		d.rest, d.read = all, true
	}
	if n > 0 && len(d.rest) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(d.rest) {
		n = len(d.rest)
	}
	out := d.rest[:n]
	d.rest = d.rest[n:]
	return out, nil
}
