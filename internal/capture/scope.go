// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// System is the file system of a host, its root being "/".
type System interface {
	fs.StatFS
	fs.ReadDirFS
	// RealPath returns where a path leads after all links, without a leading
	// slash.
	RealPath(name string) (string, error)
	// Owner is who owns a file, by number, if the system told.
	Owner(info fs.FileInfo) (user, group uint32, ok bool)
}

// places are what the collectors read in etc and the folders that shadow it.
var places = []string{
	"etc/sysctl.conf", "etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d", "lib/sysctl.d",
	"etc/ssh/sshd_config", "etc/ssh/sshd_config.d", "etc/passwd", "etc/group", "etc/selinux/config",
	"etc/hosts", "etc/resolv.conf", "etc/nsswitch.conf", "etc/os-release", "usr/lib/os-release", "run/systemd/resolve",
	"etc/fail2ban", "etc/logrotate.conf", "etc/logrotate.d", "etc/nginx",
	"etc/rsyslog.conf", "etc/rsyslog.d", "etc/systemd/journal-upload.conf", "etc/systemd/journal-upload.conf.d",
}

// errOutside is the answer to a path outside of what is declared.
var errOutside = errors.New("lies outside of the folders that are declared, and is not read")

// scope shows a host's files as far as they are declared. A link may lead
// anywhere inside.
type scope struct {
	host    System
	allowed []string
}

var (
	_ fs.StatFS     = (*scope)(nil)
	_ fs.ReadDirFS  = (*scope)(nil)
	_ fs.ReadLinkFS = (*scope)(nil)
)

// newScope lets the fixed places and the given ones through. A place is resolved
// first: where etc/os-release is a link, what it leads to is declared with it.
func newScope(host System, declared []string) *scope {
	s := &scope{host: host}
	for _, p := range append(slices.Clone(places), declared...) {
		p = strings.TrimPrefix(path.Clean("/"+p), "/")
		if p == "" {
			continue // all of the host is never declared
		}
		s.allowed = append(s.allowed, p)
		if real, err := host.RealPath(p); err == nil && real != p && real != "." {
			s.allowed = append(s.allowed, real)
		}
	}
	return s
}

// inside reports whether a path is one of the declared places or lies below one.
func (s *scope) inside(name string) bool {
	return slices.ContainsFunc(s.allowed, func(p string) bool { return name == p || strings.HasPrefix(name, p+"/") })
}

// above reports whether a declared place lies below the path.
func (s *scope) above(name string) bool {
	return name == "." || slices.ContainsFunc(s.allowed, func(p string) bool { return strings.HasPrefix(p, name+"/") })
}

// secret are places that no declaration opens: hashes of passwords, and keys of
// hosts and people.
var secret = regexp.MustCompile(`^etc/(?:g?shadow-?|sudoers|sudoers\.d/.*|security/opasswd)$|(?:^|/)(?:ssh_host_[^/]*_key|id_(?:rsa|dsa|ecdsa|ed25519)[^/.]*|authorized_keys|\.netrc|\.pgpass)$`)

var errSecret = errors.New("is a secret by its place, which is never opened")

// real resolves a path and holds the result to what is declared.
func (s *scope) real(op, name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	if !s.inside(name) {
		return "", &fs.PathError{Op: op, Path: name, Err: errOutside}
	}
	to, err := s.host.RealPath(name)
	if err != nil {
		return "", err
	}
	return to, s.holds(op, name, to)
}

// holds reports whether a place that a path led to may be seen.
func (s *scope) holds(op, name, to string) error {
	switch {
	case !s.inside(to):
		return &fs.PathError{Op: op, Path: name, Err: fmt.Errorf("leads to %q, which %w", "/"+to, errOutside)}
	case op != "stat" && (secret.MatchString(to) || secret.MatchString(name)):
		return &fs.PathError{Op: op, Path: name, Err: errSecret}
	case op == "open" && evidence.IsPrivateKeyName(to):
		return &fs.PathError{Op: op, Path: name, Err: fmt.Errorf("leads to %q, which %w", "/"+to, evidence.ErrPrivateKey)}
	}
	return nil
}

func (s *scope) Open(name string) (fs.File, error) {
	if fs.ValidPath(name) && !s.inside(name) && s.above(name) {
		return &passage{scope: s, name: name}, nil
	}
	to, err := s.real("open", name)
	if err != nil {
		return nil, err
	}
	return s.open("open", name, to)
}

// open opens a resolved path. Where the host can tell what was opened, that is
// held to what is declared once more: between the two a link may have taken the
// place of a folder.
func (s *scope) open(op, name, to string) (fs.File, error) {
	f, err := s.host.Open(to)
	if err != nil {
		return nil, err
	}
	if sure, ok := s.host.(interface{ Opened(fs.File) (string, error) }); ok {
		really, err := sure.Opened(f)
		if err == nil {
			err = s.holds(op, name, really)
		}
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return f, nil
}

func (s *scope) Stat(name string) (fs.FileInfo, error) {
	if fs.ValidPath(name) && !s.inside(name) && s.above(name) {
		return s.host.Stat(name)
	}
	to, err := s.real("stat", name)
	if err != nil {
		return nil, err
	}
	return s.host.Stat(to)
}

// Lstat and ReadLink tell of a declared link itself, wherever it leads.
func (s *scope) Lstat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) || !s.inside(name) {
		return nil, &fs.PathError{Op: "lstat", Path: name, Err: errOutside}
	}
	return fs.Lstat(s.host, name)
}

func (s *scope) ReadLink(name string) (string, error) {
	if !fs.ValidPath(name) || !s.inside(name) {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: errOutside}
	}
	return fs.ReadLink(s.host, name)
}

// ReadDir lists a folder. Of a folder above the declared places it shows only
// the way to them.
func (s *scope) ReadDir(name string) ([]fs.DirEntry, error) {
	if fs.ValidPath(name) && !s.inside(name) && s.above(name) {
		all, err := s.host.ReadDir(name)
		if err != nil {
			return nil, err
		}
		return slices.DeleteFunc(all, func(e fs.DirEntry) bool {
			full := path.Join(name, e.Name())
			return !s.inside(full) && !s.above(full)
		}), nil
	}
	to, err := s.real("readdir", name)
	if err != nil {
		return nil, err
	}
	f, err := s.open("readdir", name, to)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	folder, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("is no folder")}
	}
	entries, err := folder.ReadDir(-1)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, err
}

// passage is an open folder above the declared places.
type passage struct {
	scope *scope
	name  string
}

func (p *passage) Stat() (fs.FileInfo, error) { return p.scope.host.Stat(p.name) }
func (p *passage) Close() error               { return nil }
func (p *passage) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: p.name, Err: errors.New("is a folder")}
}

// ReadDir implements fs.ReadDirFile for callers that want all at once.
func (p *passage) ReadDir(int) ([]fs.DirEntry, error) { return p.scope.ReadDir(p.name) }
