// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// exits runs a command and wants an exit status: exits 3 postern audit ...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := status(ts, ts.Exec(args[1], args[2:]...)); got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// status is the exit status that the error of a command carries.
func status(ts *testscript.TestScript, err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		ts.Fatalf("%v", err)
	}
	return exit.ExitCode()
}

// unzips writes everything that a bundle holds into one file: unzips B.zip OUT.
func unzips(ts *testscript.TestScript, _ bool, args []string) {
	z, err := zip.OpenReader(ts.MkAbs(args[0]))
	ts.Check(err)
	defer z.Close()
	var all bytes.Buffer
	for _, f := range z.File {
		r, err := f.Open()
		ts.Check(err)
		_, err = io.Copy(&all, r)
		ts.Check(err)
		ts.Check(r.Close())
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), all.Bytes(), 0o600))
}

// locks holds the lock of a file until the script ends, as a run that is busy
// with a site does: locks FILE.
func locks(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: locks FILE")
	}
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB))
	ts.Defer(func() { _ = f.Close() })
}

// tarpit listens on loopback, takes every connection and never answers. Its
// address replaces a word in a file: tarpit WORD FILE.
func tarpit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: tarpit WORD FILE")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	go func() {
		var open []net.Conn
		for {
			c, err := l.Accept()
			if err != nil {
				break
			}
			open = append(open, c)
		}
		for _, c := range open {
			_ = c.Close()
		}
	}()
	ts.Defer(func() { _ = l.Close() })
	text := strings.ReplaceAll(ts.ReadFile(args[1]), args[0], l.Addr().String())
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}

// terminal runs a command whose standard output is a terminal and writes what
// is shown there into a file: terminal FILE COMMAND...
func terminal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: terminal FILE COMMAND...")
	}
	ours, theirs, err := openTerminal()
	ts.Check(err)
	defer ours.Close()
	path, err := exec.LookPath(args[1])
	ts.Check(err)
	cmd := exec.Command(path, args[2:]...)
	cmd.Dir, cmd.Stdout = ts.MkAbs("."), theirs
	cmd.Env = append(os.Environ(), "NO_COLOR="+ts.Getenv("NO_COLOR"))
	ts.Check(cmd.Start())
	ts.Check(theirs.Close())
	// Once nobody holds the other side, reading ends with EIO.
	var shown bytes.Buffer
	if _, err := io.Copy(&shown, ours); err != nil && !errors.Is(err, unix.EIO) {
		ts.Check(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		ts.Check(err)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), shown.Bytes(), 0o600))
}

// openTerminal returns the two sides of a new pseudo-terminal.
func openTerminal() (ours, theirs *os.File, err error) {
	ours, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	if err := unix.IoctlSetPointerInt(int(ours.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, errors.Join(err, ours.Close())
	}
	n, err := unix.IoctlGetInt(int(ours.Fd()), unix.TIOCGPTN)
	if err != nil {
		return nil, nil, errors.Join(err, ours.Close())
	}
	theirs, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, errors.Join(err, ours.Close())
	}
	return ours, theirs, nil
}

var cronEntry = regexp.MustCompile(`(?m)^\s*17 3 \* \* \*\s+(postern audit .*)$`)

// cronline runs the crontab line that the README prints, in the folder of the
// script, and wants an exit status: cronline STATUS.
func cronline(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: cronline STATUS")
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	ts.Check(err)
	lines := cronEntry.FindAllStringSubmatch(string(readme), -1)
	if len(lines) != 1 {
		ts.Fatalf("README.md holds %d crontab lines, want one", len(lines))
	}
	line := strings.ReplaceAll(lines[0][1], "/srv/gate", ts.Getenv("WORK"))
	exits(ts, false, append(args, strings.Fields(line)...))
}
