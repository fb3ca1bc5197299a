// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/postern-audit/postern/collectors/proxymap"
	"github.com/postern-audit/postern/internal/capture"
	"github.com/postern-audit/postern/internal/dial"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/remote"
	"github.com/postern-audit/postern/internal/site"
)

// captureTimeout bounds what one host is asked over SSH, so that a host that
// answers slowly leaves time for the rest.
const captureTimeout = 4 * time.Minute

// captures is what was read from hosts, by subject.
type captures struct {
	mu     sync.Mutex
	edges  map[string]*capture.Edge
	nodes  map[string]*capture.Node
	opened []io.Closer
}

func (c *captures) close() {
	for _, o := range c.opened {
		_ = o.Close() // the host may be gone by now, and nothing is lost by it
	}
}

// capture reads the hosts that the site file reaches over SSH, all at once.
func (c *collection) capture(ctx context.Context) *captures {
	all := &captures{edges: map[string]*capture.Edge{}, nodes: map[string]*capture.Node{}}
	var group sync.WaitGroup
	for _, e := range c.site.Edges {
		if e.SSH.Declared() {
			group.Go(func() { c.captureEdge(ctx, all, e) })
		}
	}
	for _, n := range c.site.Nodes {
		if n.SSH.Declared() {
			group.Go(func() { c.captureNode(ctx, all, n) })
		}
	}
	group.Wait()
	return all
}

func (c *collection) captureEdge(ctx context.Context, all *captures, e evidence.Edge) {
	defer c.busy(e.Subject + " ssh")()
	client, err := c.login(ctx, e.SSH)
	var files *remote.Files
	if err == nil {
		if files, err = client.Files(); err != nil {
			err = errors.Join(err, client.Close())
		}
	}
	var got *capture.Edge
	if err != nil {
		got = capture.FailedEdge(e, c.files, fmt.Errorf("ssh: %w", err))
	} else {
		ctx, cancel := context.WithTimeout(ctx, captureTimeout)
		defer cancel()
		host := capture.SSH{Files: files, Client: client, Sudo: e.SSH.User != "root"}
		got = capture.ReadEdge(ctx, host, e, c.files, c.archive)
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	all.edges[e.Subject] = got
	if client != nil {
		all.opened = append(all.opened, client)
	}
}

func (c *collection) captureNode(ctx context.Context, all *captures, n evidence.Node) {
	defer c.busy(n.Subject + " ssh")()
	client, err := c.login(ctx, n.SSH)
	var got *capture.Node
	if err != nil {
		got = capture.FailedNode(n, c.files, fmt.Errorf("ssh: %w", err))
	} else {
		ctx, cancel := context.WithTimeout(ctx, captureTimeout)
		got = capture.ReadNode(ctx, client, n, c.options.Settle, c.files, c.archive)
		cancel()
		_ = client.Close() // everything is read, or a gap already
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	all.nodes[n.Subject] = got
}

// login opens the SSH connection of one host. It lives until it is closed or
// the context ends.
func (c *collection) login(ctx context.Context, a evidence.SSHAccess) (*remote.Client, error) {
	if c.options.Offline {
		return nil, errors.New("the collection is offline")
	}
	e, err := sshEndpoint(&c.site, a)
	if err != nil {
		return nil, err
	}
	path := func(name string) string {
		if name == "" {
			return ""
		}
		return c.files.Path(name)
	}
	access := remote.Access{
		User: a.User, IdentityFile: path(a.Identity), PassphraseEnv: a.PassphraseEnv,
		PasswordFile: path(a.PasswordFile), PasswordEnv: a.PasswordEnv, KnownHostsFile: path(a.KnownHosts), Getenv: os.Getenv,
	}
	host := net.JoinHostPort(e.Host, strconv.Itoa(e.Port))
	if err := access.Check(host); err != nil {
		return nil, err
	}
	d, err := dial.New(dial.Config{Endpoints: []dial.Endpoint{e}, Rate: dial.DefaultRate, Parallel: 1, Timeout: dial.DefaultTimeout})
	if err != nil {
		return nil, err
	}
	conn, err := d.DialEndpoint(ctx, e.Host, e.Port)
	if err != nil {
		return nil, err
	}
	return remote.Connect(ctx, conn, host, access)
}

const sshPort = 22

// sshEndpoint reads "host" or "host:port".
func sshEndpoint(site *evidence.Site, a evidence.SSHAccess) (dial.Endpoint, error) {
	host, port := a.Address, sshPort
	if h, p, err := net.SplitHostPort(a.Address); err == nil {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 || n > 65535 {
			return dial.Endpoint{}, fmt.Errorf("%q is no port", p)
		}
		host, port = h, n
	}
	return dial.Endpoint{Host: host, Port: port, Address: connectTo(site, host, port)}, nil
}

// Sudoers is the sudoers file that lets an account gather an edge's evidence.
func Sudoers(account string) string { return capture.Sudoers(account) }

// ReadMap reads a proxy map by itself, over the network only where a URL is
// given, and then from its server only.
func ReadMap(ctx context.Context, where evidence.MapLocation, tool string) (evidence.ProxyMap, []evidence.Gap, error) {
	o := CollectOptions{Rate: DefaultRate, Tool: tool}
	o.defaults()
	archive := &evidence.Archive{}
	files := site.OpenFiles(".", archive)
	defer files.Close()
	c := &collection{site: evidence.Site{ProxyMap: where}, options: o, files: files, archive: archive, running: map[string]bool{}}
	t := c.base()
	t.Kind, t.Subject = evidence.KindSite, "site"
	if e, ok := mapEndpoint(&c.site); ok {
		d, err := c.dialer([]dial.Endpoint{e})
		if err != nil {
			return evidence.ProxyMap{}, nil, err
		}
		t.Dial = d
	}
	if err := c.one(ctx, proxymap.Collector{}, t); err != nil {
		return evidence.ProxyMap{}, nil, err
	}
	for _, m := range c.doc.ProxyMap {
		return m, c.doc.Gaps, nil
	}
	return evidence.ProxyMap{}, c.doc.Gaps, nil
}
