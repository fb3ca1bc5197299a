// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// capabilities are what the process inside needs to furnish its namespaces. They
// hold for nothing outside of them.
var capabilities = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_NET_ADMIN, unix.CAP_NET_BIND_SERVICE}

// insider is the user that the processes inside see themselves as: not root, so that
// nginx has no reason to change users.
const insider = 1000

// enter runs a job in new namespaces. The observations come in the order of the
// requests; refused is why nginx does not take the configuration.
func enter(ctx context.Context, command []string, j *job) (seen []Observed, refused string, err error) {
	text, err := json.Marshal(j)
	if err != nil {
		return nil, "", err
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env, cmd.Dir = []string{}, "/"
	cmd.Stdin = bytes.NewReader(text)
	messages := &tail{limit: messageBytes}
	cmd.Stderr = messages
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNET | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: insider, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: insider, HostID: os.Getgid(), Size: 1}},
		AmbientCaps: capabilities,
		Pdeathsig:   syscall.SIGKILL,
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	seen = make([]Observed, len(j.Requests))
	for i := range seen {
		seen[i].Error = notInTime
	}
	switch err := cmd.Start(); {
	case ctx.Err() != nil:
		return seen, "", nil
	case err != nil:
		return nil, "", &Unavailable{Reason: "this system gives no namespaces: " + err.Error()}
	}
	done, refused, readErr := j.replies(out, seen)
	waitErr := cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return seen, "", nil // what was seen until then counts
	case refused != "":
		return nil, refused, nil
	case readErr != nil || waitErr != nil || !done:
		why := messages.String()
		if strings.Contains(why, "make a root of its own") || strings.Contains(why, "loopback:") {
			return nil, "", &Unavailable{Reason: "the namespaces cannot be furnished: " + why}
		}
		return nil, "", fmt.Errorf("confirm: the process inside ended: %w: %s", errors.Join(readErr, waitErr), why)
	}
	return seen, "", nil
}

// replies reads what comes from inside into seen.
func (j *job) replies(out io.Reader, seen []Observed) (done bool, refused string, err error) {
	lines := json.NewDecoder(bufio.NewReader(out))
	for {
		var r reply
		switch err := lines.Decode(&r); {
		case errors.Is(err, io.EOF):
			return false, "", nil
		case err != nil:
			return false, "", err
		case r.Refused != "":
			return false, r.Refused, nil
		case r.Done:
			return true, "", nil
		case r.Index < 0 || r.Index >= len(seen):
			return false, "", fmt.Errorf("no request has the number %d", r.Index)
		}
		seen[r.Index] = Observed{Status: r.Status, Page: r.Page, HandshakeRefused: r.Refusal, Upstream: r.Upstream, Path: string(r.Path), Error: r.Error}
	}
}
