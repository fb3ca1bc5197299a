// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/postern-audit/postern/internal/remote"
)

// commandTimeout bounds one command on this machine.
const commandTimeout = 30 * time.Second

// Local is the machine that the program runs on. Commands run without a shell.
type Local struct{}

var _ Host = Local{}

func absolutePath(name string) string { return filepath.Join("/", filepath.FromSlash(name)) }

// Open implements fs.FS. It does not block on a pipe.
func (Local) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return os.OpenFile(absolutePath(name), os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)
}

// Opened tells where an open file really lies, without a leading slash.
func (Local) Opened(f fs.File) (string, error) {
	file, ok := f.(*os.File)
	if !ok {
		return "", errors.New("is no file of this machine")
	}
	to, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", file.Fd()))
	if err != nil {
		return "", fmt.Errorf("whether a link took its place cannot be told: %w", err)
	}
	return strings.TrimPrefix(filepath.ToSlash(to), "/"), nil
}

// Stat implements fs.StatFS and follows links.
func (Local) Stat(name string) (fs.FileInfo, error) { return os.Stat(absolutePath(name)) }

// Lstat implements fs.ReadLinkFS.
func (Local) Lstat(name string) (fs.FileInfo, error) { return os.Lstat(absolutePath(name)) }

// ReadLink implements fs.ReadLinkFS.
func (Local) ReadLink(name string) (string, error) { return os.Readlink(absolutePath(name)) }

// ReadDir implements fs.ReadDirFS.
func (Local) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(absolutePath(name)) }

// Owner implements System.
func (Local) Owner(info fs.FileInfo) (user, group uint32, ok bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return s.Uid, s.Gid, true
}

// RealPath implements System.
func (Local) RealPath(name string) (string, error) {
	to, err := filepath.EvalSymlinks(absolutePath(name))
	if err != nil {
		return "", err
	}
	if to = strings.TrimPrefix(filepath.ToSlash(to), "/"); to == "" {
		to = "."
	}
	return to, nil
}

// Run implements Host.
func (Local) Run(ctx context.Context, c Command, form int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.Argv[form][0], c.Argv[form][1:]...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}
	cmd.Dir = "/"
	cmd.WaitDelay = 2 * time.Second
	output, complaint := &head{limit: maxOutputBytes}, &head{limit: 4096}
	cmd.Stdout, cmd.Stderr = output, complaint
	if c.Joined {
		cmd.Stderr = output
	}
	err := cmd.Run()
	switch {
	case output.over:
		return nil, fmt.Errorf("wrote more than %d bytes", maxOutputBytes)
	case ctx.Err() != nil:
		return nil, fmt.Errorf("did not end in time: %w", ctx.Err())
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = remote.Complain(exit.ExitCode(), complaint.kept.Bytes())
	}
	return output.kept.Bytes(), err
}

// head keeps the first bytes of a stream and swallows the rest. The buffer is
// not embedded: its ReadFrom would know no limit.
type head struct {
	kept  bytes.Buffer
	limit int
	over  bool
}

func (h *head) Write(p []byte) (int, error) {
	room := h.limit - h.kept.Len()
	if len(p) > room {
		h.over = true
		h.kept.Write(p[:room])
		return len(p), nil
	}
	return h.kept.Write(p)
}
