// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestAKilledRunLeavesNoHalfBundle kills a collection while a listener keeps it
// waiting: neither a bundle nor a part of one remains, and what stood under its
// name before is as it was.
func TestAKilledRunLeavesNoHalfBundle(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	reached := make(chan net.Conn, 1)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			select {
			case reached <- conn:
			default: // the first is enough; the others are held open too
			}
		}
	}()
	dir := t.TempDir()
	files := map[string]string{
		"site.yaml":  "site: acme\nprofile: finesse-12.6.1\nproxymap: {file: map.txt}\nedges: [{name: rp-a, live: {ports: [from-map]}}]\nconnect: [{from: \"desk-a.agents.example:8445\", to: \"" + l.Addr().String() + "\"}]\n",
		"map.txt":    "fin-a.corp.example:8445=desk-a.agents.example:8445\n",
		"bundle.zip": "what stood there before",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("postern", "collect", "site.yaml", "-o", "bundle.zip", "--rate", "0")
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case conn := <-reached:
		defer conn.Close()
	case <-time.After(20 * time.Second):
		t.Error("the listener was not contacted")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the run ended by itself")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if want, ok := files[e.Name()]; !ok || string(text) != want {
			t.Errorf("%s is left, or changed", e.Name())
		}
	}
}
