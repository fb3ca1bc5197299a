// SPDX-License-Identifier: Apache-2.0

//go:build unix

package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// plant makes a tree of files; a value that begins with an arrow is a link.
func plant(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, name)
		err := os.MkdirAll(filepath.Dir(full), 0o700)
		if to, ok := strings.CutPrefix(text, "-> "); ok {
			err = errors.Join(err, os.Symlink(strings.ReplaceAll(to, "DIR", dir), full))
		} else {
			err = errors.Join(err, os.WriteFile(full, []byte(strings.ReplaceAll(text, "DIR", dir)), 0o600))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLinksLeadWhereTheyLedOnTheHost(t *testing.T) {
	outside := filepath.Join(plant(t, map[string]string{"secret": "outside"}), "secret")
	dir := plant(t, map[string]string{
		"etc/a": "a", "etc/b": "-> a", "etc/c": "-> /etc/b", "enabled": "-> /etc", "etc/up": "-> ../etc/a",
		"etc/twice": "-> /enabled/c", "etc/own": "-> DIR/etc/a",
		"out": "-> " + outside, "climb": "-> ../../../../../../../.." + outside, "gone": "-> /nothing", "loop": "-> /loop",
	})
	tree, err := openTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	own := strings.TrimPrefix(filepath.ToSlash(dir), "/") + "/"
	for _, name := range []string{"etc/a", "etc/b", "etc/c", "enabled/c", "etc/up", "etc/twice", "etc/own", own + "etc/a", own + "enabled/c"} {
		if text, err := fs.ReadFile(tree, name); err != nil || string(text) != "a" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
		if _, err := fs.Stat(tree, name); err != nil {
			t.Errorf("stat %s: %v", name, err)
		}
	}
	for _, name := range []string{"out", "climb", "gone", "loop", "etc/none", own + "etc/none", own + "../secret", "../x", "/etc/a"} {
		if text, err := fs.ReadFile(tree, name); err == nil {
			t.Errorf("%s is read: %q", name, text)
		}
	}
	for on, _, more := strings.Cut(own, "/"); more; {
		if info, err := fs.Stat(tree, on); err != nil || !info.IsDir() {
			t.Errorf("stat %s: %v", on, err)
		}
		next, _, ok := strings.Cut(own[len(on)+1:], "/")
		on, more = on+"/"+next, ok
	}
	if list, err := fs.ReadDir(tree, "enabled"); err != nil || len(list) == 0 {
		t.Errorf("enabled: %v, %v", list, err)
	}
}

func TestAPipeDoesNotHoldUpTheReading(t *testing.T) {
	dir := plant(t, map[string]string{"nginx.conf": "events {} http { include pipe.conf; }"})
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.conf"), 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan *nginxArg)
	go func() {
		arg, _ := openNginx(dir, "")
		done <- arg
	}()
	select {
	case arg := <-done:
		if arg == nil || len(arg.Tree.Errors) != 1 || !strings.Contains(arg.Tree.Errors[0].Message, "not a regular file") {
			t.Errorf("read: %+v", arg)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it waits for the pipe")
	}
}

func TestAFileIsMissingOnlyWhereItsFolderWasCaptured(t *testing.T) {
	dir := plant(t, map[string]string{
		"etc/nginx/nginx.conf": "events {} http { server { root /srv/www; location /a/ { alias /srv/other/; } location /b/ { root /var/$host; } location /c/ { root DIR/srv/www; } } }",
		"srv/www/index.html":   "", "var/x": "", "etc/nginx/x": "",
	})
	arg, err := openNginx(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	files := newCapturedFiles(arg)
	for name, missing := range map[string]bool{
		"srv/www/nothing": true, "srv/www/a/b": true, "var/desk.example": true,
		"srv/other": false, "srv/other/a": false, "etc/nginx/html": false, "usr": false, "srv/wwwx": false,
	} {
		if _, err := fs.Stat(files, name); err == nil || errors.Is(err, fs.ErrNotExist) != missing {
			t.Errorf("%s: %v, want missing: %v", name, err, missing)
		}
	}
	for _, name := range []string{"srv/www/index.html", "srv", "etc/nginx/x"} {
		if _, err := fs.Stat(files, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
