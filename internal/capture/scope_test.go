// SPDX-License-Identifier: Apache-2.0

//go:build linux

package capture

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestALinkThatTakesAFoldersPlaceLeadsNowhere swaps a folder for a link while
// files in it are read and it is listed.
func TestALinkThatTakesAFoldersPlaceLeadsNowhere(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"nginx/html/index": "mine", "outside/index": "canary", "outside/more": ""} {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	declared := strings.TrimPrefix(dir, "/") + "/nginx"
	s := newScope(Local{}, []string{declared})
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		html, aside := filepath.Join(dir, "nginx", "html"), filepath.Join(dir, "nginx", "aside")
		for {
			select {
			case <-stop:
				return
			default:
			}
			_ = errors.Join(os.Rename(html, aside), os.Symlink(filepath.Join(dir, "outside"), html), os.Remove(html), os.Rename(aside, html))
		}
	}()
	read, caught := 0, 0
	for range 30_000 {
		text, err := fs.ReadFile(s, declared+"/html/index")
		switch {
		case err == nil && string(text) != "mine":
			t.Fatalf("%q was read", text)
		case err == nil:
			read++
		case errors.Is(err, errOutside):
			caught++
		}
		if entries, err := s.ReadDir(declared + "/html"); err == nil && len(entries) != 1 {
			t.Fatalf("%v was listed", entries)
		}
	}
	close(stop)
	<-stopped
	t.Logf("%d read, %d caught", read, caught)
	if read == 0 || caught == 0 {
		t.Error("the swap was never seen, so nothing was tried")
	}
}
