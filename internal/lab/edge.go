// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/postern-audit/postern/policies"
	"github.com/postern-audit/postern/rewriter"
)

// edgePorts are the declared external ports of the demo.
var edgePorts = []int{8444, 8445, 8447, 8553, 12005, 12008}

const prefix = "usr/local/openresty/nginx"

// nginxEdge is a running nginx.
type nginxEdge struct {
	command *exec.Cmd
	stderr  *bytes.Buffer
	exited  chan error
}

var (
	listenLine   = regexp.MustCompile(`(?m)^(\s*listen\s+)(?:127\.0\.0\.1:)?(\d+)\b`)
	userLine     = regexp.MustCompile(`(?m)^user\s[^;]*;`)
	upstreamLine = regexp.MustCompile(`(server )([a-z0-9.-]+:\d+)((?: [a-z_]+=\d+)*;)`)
)

// startNginx copies the audited tree, moves its sockets to the given loopback
// addresses, and runs nginx on the copy.
func startNginx(ctx context.Context, binary, tree, copyTo string, ports map[int]string, upstreams map[string]string) (*nginxEdge, error) {
	err := filepath.WalkDir(tree, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(tree, name)
		if err != nil {
			return err
		}
		target := filepath.Join(copyTo, relative)
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if strings.HasSuffix(name, ".conf") {
			text = moveSockets(text, ports, upstreams)
		}
		return os.WriteFile(target, text, 0o600)
	})
	if err != nil {
		return nil, fmt.Errorf("lab: copy the tree: %w", err)
	}
	run := filepath.Join(copyTo, prefix)
	e := &nginxEdge{stderr: &bytes.Buffer{}, exited: make(chan error, 1)}
	// No daemon, so that the process is ours to end; stderr stands in until
	// the configuration's own log is open.
	e.command = exec.CommandContext(ctx, binary, "-p", run, "-c", "conf/nginx.conf", "-e", "stderr", "-g", "daemon off; master_process off;")
	e.command.Stderr = e.stderr
	e.command.Cancel = func() error { return e.command.Process.Signal(syscall.SIGTERM) }
	e.command.WaitDelay = 3 * time.Second
	if err := e.command.Start(); err != nil {
		return nil, fmt.Errorf("lab: start nginx: %w", err)
	}
	go func() { e.exited <- e.command.Wait() }()
	for port, address := range ports {
		if port == 0 {
			continue
		}
		if err := e.await(ctx, address); err != nil {
			return nil, errors.Join(err, e.close())
		}
	}
	return e, nil
}

// moveSockets rewrites listen ports and the upstreams' addresses. It drops the
// account of the workers, which this machine need not have.
func moveSockets(text []byte, ports map[int]string, upstreams map[string]string) []byte {
	text = userLine.ReplaceAll(text, nil)
	text = listenLine.ReplaceAllFunc(text, func(m []byte) []byte {
		parts := listenLine.FindSubmatch(m)
		port, err := strconv.Atoi(string(parts[2]))
		if err != nil || ports[port] == "" {
			return m
		}
		return []byte(string(parts[1]) + ports[port])
	})
	return upstreamLine.ReplaceAllFunc(text, func(m []byte) []byte {
		parts := upstreamLine.FindSubmatch(m)
		if to := upstreams[string(parts[2])]; to != "" {
			return []byte(string(parts[1]) + to + string(parts[3]))
		}
		return m
	})
}

func (e *nginxEdge) await(ctx context.Context, address string) error {
	deadline := time.Now().Add(10 * time.Second)
	for {
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			return c.Close()
		}
		select {
		case exit := <-e.exited:
			e.exited <- exit
			return fmt.Errorf("lab: nginx ended: %w: %s", exit, strings.TrimSpace(e.stderr.String()))
		case <-ctx.Done():
			return fmt.Errorf("lab: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("lab: nginx does not listen on %s: %s", address, strings.TrimSpace(e.stderr.String()))
		}
	}
}

func (e *nginxEdge) close() error {
	if err := e.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("lab: end nginx: %w", err)
	}
	select {
	case <-e.exited:
	case <-time.After(5 * time.Second):
		_ = e.command.Process.Kill()
		<-e.exited
	}
	return nil
}

// freeAddresses reserves a loopback port for each declared one. They are given
// back before nginx binds them, so another program could take one in between;
// nginx then fails to start and the demo says so.
func freeAddresses(ports []int) (map[int]string, error) {
	out := map[int]string{}
	var held []net.Listener
	defer func() {
		for _, l := range held {
			_ = l.Close()
		}
	}()
	for _, port := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("lab: %w", err)
		}
		held = append(held, l)
		out[port] = l.Addr().String()
	}
	return out, nil
}

// referenceEdge is the reference proxy in the edge's place.
type referenceEdge struct {
	cancel context.CancelFunc
	done   chan error
}

func startReference(ctx context.Context, proxyMap []byte, roots *x509.CertPool, certificates map[string]*leaf, listeners map[int]net.Listener, upstreams map[string]string) (*referenceEdge, error) {
	surfaceFile, err := policies.FS.Open("paths/finesse-12.6.1.yaml")
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	defer surfaceFile.Close()
	surface, err := rewriter.ParseSurface(surfaceFile)
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	m, err := rewriter.ParseMap(bytes.NewReader(proxyMap))
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	config := rewriter.Config{
		Map: m, Surface: surface, Roots: roots, MaxVersion: 0x0303,
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			to := upstreams[address]
			if to == "" {
				return nil, fmt.Errorf("%s is no upstream of the demo", address)
			}
			var d net.Dialer
			return d.DialContext(ctx, network, to)
		},
	}
	for _, port := range edgePorts {
		l := rewriter.Listener{Open: listeners[port]}
		for _, e := range m.Entries() {
			if e.External.Port == port {
				l.Names = append(l.Names, e.External)
				name := e.External.Host
				if port == 8553 {
					name = "ids"
				}
				l.Certificates = append(l.Certificates, certificates[name].tls())
			}
		}
		config.Listeners = append(config.Listeners, l)
	}
	proxy, err := rewriter.New(config, nil)
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	e := &referenceEdge{cancel: cancel, done: make(chan error, 1)}
	go func() { e.done <- proxy.Serve(ctx) }()
	return e, nil
}

func (e *referenceEdge) close() error {
	e.cancel()
	return <-e.done
}
