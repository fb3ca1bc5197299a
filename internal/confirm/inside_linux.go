// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Inside is the process in the namespaces: it reads a job from in, runs nginx, sends
// the requests and writes what it saw to out. It is of use only as the program that
// Options.Inside names.
func Inside(in io.Reader, out io.Writer) error {
	// On a host with privileges this would change the mounts of that host.
	if os.Getpid() != 1 || os.Getuid() != insider {
		return errors.New("confirm: this is the part of confirm that runs in namespaces; it is not for people")
	}
	var j job
	if err := json.NewDecoder(in).Decode(&j); err != nil {
		return fmt.Errorf("confirm: read the job: %w", err)
	}
	// Capabilities belong to a thread: the one that starts nginx drops them first.
	runtime.LockOSThread()
	if err := errors.Join(loopback(j.Sources), j.enclose()); err != nil {
		return fmt.Errorf("confirm: %w", err)
	}
	pair, err := tls.X509KeyPair(j.Certificate, j.Key)
	if err != nil {
		return fmt.Errorf("confirm: %w", err)
	}
	echo := newEcho(&tls.Config{Certificates: []tls.Certificate{pair}})
	for _, address := range j.Echoes {
		if err := echo.listen(address); err != nil {
			return fmt.Errorf("confirm: %w", err)
		}
	}
	replies := json.NewEncoder(out)
	p, err := j.start()
	if err != nil {
		return fmt.Errorf("confirm: %w", err)
	}
	defer p.end()
	if why := p.await(j.Ready); why != "" {
		return replies.Encode(reply{Refused: why})
	}
	if err := j.send(echo, replies); err != nil {
		return fmt.Errorf("confirm: %w", err)
	}
	// nginx may have ended after its sockets were open, and then answered nothing.
	if why := p.ended(); why != "" {
		return replies.Encode(reply{Refused: why})
	}
	return replies.Encode(reply{Done: true})
}

// send sends the requests, a few at a time.
func (j *job) send(e *echo, replies *json.Encoder) error {
	var wait sync.WaitGroup
	var lock sync.Mutex
	var failed error
	work := make(chan int)
	for range senders {
		wait.Go(func() {
			for i := range work {
				o := j.Requests[i].fire(e)
				lock.Lock()
				failed = errors.Join(failed, replies.Encode(reply{Index: i, Status: o.Status, Page: o.Page, Refusal: o.HandshakeRefused, Upstream: o.Upstream, Path: []byte(o.Path), Error: o.Error}))
				lock.Unlock()
			}
		})
	}
	for i := range j.Requests {
		work <- i
	}
	close(work)
	wait.Wait()
	return failed
}

// loopback brings the only interface of the namespace up and gives it the addresses
// of clients.
func loopback(sources []string) error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("loopback: %w", err)
	}
	defer unix.Close(s)
	r, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	r.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, r); err != nil {
		return fmt.Errorf("loopback: %w", err)
	}
	for i, source := range sources {
		ip := net.ParseIP(source).To4()
		if ip == nil {
			return fmt.Errorf("loopback: %q is no IPv4 address", source)
		}
		for _, set := range []struct {
			request uint
			address net.IP
		}{{unix.SIOCSIFADDR, ip}, {unix.SIOCSIFNETMASK, net.IPv4(255, 255, 255, 255).To4()}} {
			r, err := unix.NewIfreq(fmt.Sprintf("lo:%d", i+1))
			if err == nil {
				err = r.SetInet4Addr(set.address)
			}
			if err == nil {
				err = unix.IoctlIfreq(s, set.request, r)
			}
			if err != nil {
				return fmt.Errorf("loopback: address %s: %w", source, err)
			}
		}
	}
	return nil
}

// shown are the folders with programs and their libraries.
var shown = []string{"/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/nix/store", "/etc/ld.so.cache"}

// enclose leaves of the file system the programs, read-only, and the folder of the
// gate. The root is a new one: what is not put there does not exist.
func (j *job) enclose() error {
	root := filepath.Join(j.Folder, "root")
	steps := []func() error{
		func() error { return unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "") },
		func() error { return tmpfs(root, 1<<20) },
	}
	for _, name := range append(slices.Clone(shown), j.Program) {
		steps = append(steps, func() error { return show(root, name, name) })
	}
	steps = append(steps,
		func() error { return show(root, filepath.Join(j.Folder, "gate"), gateDir) },
		func() error { return tmpfs(filepath.Join(root, runDir), runBytes) },
		func() error { return os.Chdir(root) },
		func() error { return unix.PivotRoot(".", ".") },
		func() error { return unix.Unmount(".", unix.MNT_DETACH) },
		func() error { return os.Chdir("/") },
		func() error { return readOnly("/", 0) },
	)
	for _, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("make a root of its own: %w", err)
		}
	}
	return nil
}

func tmpfs(at string, size int) error {
	return os.NewSyscallError("mount", unix.Mount("tmpfs", at, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, fmt.Sprintf("mode=0755,size=%d", size)))
}

func readOnly(at string, flags uint) error {
	err := unix.MountSetattr(unix.AT_FDCWD, at, flags, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NODEV})
	return os.NewSyscallError("mount_setattr", err)
}

// show makes a file or folder seen below the new root, read-only.
func show(root, name, as string) error {
	at := filepath.Join(root, as)
	info, err := os.Lstat(name)
	switch {
	case errors.Is(err, os.ErrNotExist) && name != filepath.Join(filepath.Dir(root), "gate"):
		return nil
	case err != nil:
		return err
	}
	if _, err := os.Lstat(at); err == nil {
		return nil // below something that is seen already
	}
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return err
	}
	switch {
	case info.Mode()&os.ModeSymlink != 0:
		target, err := os.Readlink(name)
		if err != nil {
			return err
		}
		return os.Symlink(target, at)
	case info.IsDir():
		err = os.Mkdir(at, 0o755)
	default:
		err = os.WriteFile(at, nil, 0o644)
	}
	if err != nil {
		return err
	}
	if err := unix.Mount(name, at, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return os.NewSyscallError("mount "+as, err)
	}
	return readOnly(at, unix.AT_RECURSIVE)
}

// process is a running nginx.
type process struct {
	cmd    *exec.Cmd
	exited chan error
	output *tail
}

// start runs nginx with no capability but that of low ports, which are those of its
// own network.
func (j *job) start() (*process, error) {
	const clear = unix.PR_CAP_AMBIENT_LOWER
	for _, c := range capabilities {
		if c == unix.CAP_NET_BIND_SERVICE {
			continue
		}
		if err := unix.Prctl(unix.PR_CAP_AMBIENT, clear, uintptr(c), 0, 0); err != nil {
			return nil, fmt.Errorf("drop a capability: %w", err)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return nil, fmt.Errorf("no new privileges: %w", err)
	}
	p := &process{exited: make(chan error, 1), output: &tail{limit: messageBytes}}
	p.cmd = exec.Command(j.Program, "-p", filesDir+j.Prefix+"/", "-c", confFile, "-e", "stderr")
	p.cmd.Env, p.cmd.Dir = []string{}, "/"
	// There is no /dev/null; an empty pipe stands for it.
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = strings.NewReader(""), p.output, p.output
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start nginx: %w", err)
	}
	for resource, limit := range map[int]uint64{
		unix.RLIMIT_AS: memoryBytes, unix.RLIMIT_FSIZE: runBytes, unix.RLIMIT_CORE: 0, unix.RLIMIT_NPROC: 64,
	} {
		if err := unix.Prlimit(p.cmd.Process.Pid, resource, &unix.Rlimit{Cur: limit, Max: limit}, nil); err != nil && !errors.Is(err, unix.ESRCH) {
			p.end()
			return nil, fmt.Errorf("bound nginx: %w", err)
		}
	}
	go func() { p.exited <- p.cmd.Wait() }()
	return p, nil
}

// await returns why nginx does not come up; empty when it does.
func (p *process) await(address string) string {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	for {
		if c, err := net.DialTimeout("tcp", address, time.Second); err == nil {
			c.Close()
			return ""
		}
		select {
		case err := <-p.exited:
			p.exited <- err
			if text := p.output.String(); text != "" {
				return text
			}
			return fmt.Sprintf("it ended (%v)", err)
		case <-ctx.Done():
			return "it does not come up in time\n" + p.output.String()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// ended returns why nginx ended by itself; empty while it runs.
func (p *process) ended() string {
	select {
	case err := <-p.exited:
		p.exited <- err
		return fmt.Sprintf("it ended (%v)\n%s", err, p.output.String())
	case <-time.After(30 * time.Millisecond):
		return ""
	}
}

func (p *process) end() {
	_ = p.cmd.Process.Kill()
	<-p.exited
}

// tail keeps the first bytes that are written to it.
type tail struct {
	lock  sync.Mutex
	text  bytes.Buffer
	limit int
}

func (t *tail) Write(p []byte) (int, error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.text.Write(p[:min(len(p), max(0, t.limit-t.text.Len()))])
	return len(p), nil
}

func (t *tail) String() string {
	t.lock.Lock()
	defer t.lock.Unlock()
	return strings.TrimSpace(t.text.String())
}
