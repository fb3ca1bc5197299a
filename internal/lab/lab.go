// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Options choose what is built.
type Options struct {
	// Faults plants every fault that the edge can show; without it the site
	// is clean.
	Faults bool
	// Nginx is the path of an nginx binary; empty means the reference proxy.
	Nginx string
	// Site, when set, is a site folder (a fixture) whose tree, packet rules,
	// transcripts and map are used instead of the built-in ones. Certificates
	// and the site file are still made here.
	Site fs.FS
	// Now is the instant that certificates are issued for.
	Now time.Time
}

// FindNginx returns the path of an installed nginx, or "".
func FindNginx() string {
	for _, name := range [...]string{"nginx", "openresty", "/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/local/openresty/nginx/sbin/nginx"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Lab is a running contact centre.
type Lab struct {
	// SiteFile is the site file to audit.
	SiteFile string
	// Edge says in a few words what the edge is.
	Edge string
	// Planted are the faults with their places.
	Planted []Planted

	dir    string
	stubs  []*stub
	logins []*VOSServer
	names  *resolver
	edge   interface{ close() error }
	faults map[string]bool
	// jwtSecret is what the gate and the identity service share.
	jwtSecret string
}

// Planted is a fault that is there to be found.
type Planted struct {
	Fault
	// Line is the line of the file. It is 0 when the place is a listener, and in
	// what is read over SSH, whose lines nobody knows beforehand: there the line is
	// one that holds the needle.
	Line int
}

// Start builds the site below dir, which must exist and be empty, and starts
// its listeners. They end with Close, or with the context.
func Start(ctx context.Context, dir string, o Options) (_ *Lab, err error) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	// nginx takes a relative prefix as relative to itself.
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	l := &Lab{dir: dir, SiteFile: filepath.Join(dir, "site.yaml"), faults: map[string]bool{}}
	if o.Faults {
		for _, f := range Faults() {
			l.faults[f.Name] = !f.OnNginx || o.Nginx != ""
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.Close())
		}
	}()
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	l.jwtSecret = base64.StdEncoding.EncodeToString(secret)
	pki, err := l.certificates(o.Now)
	if err != nil {
		return nil, err
	}
	if err := l.tree(pki, o.Now, o.Site != nil); err != nil {
		return nil, err
	}
	if o.Site != nil {
		if err := l.adopt(o.Site); err != nil {
			return nil, err
		}
	}
	if err := l.state(o.Nginx); err != nil {
		return nil, err
	}
	where, err := l.nodes(pki, o.Site != nil)
	if err != nil {
		return nil, err
	}
	ports, err := l.startEdge(ctx, o, pki, where)
	if err != nil {
		return nil, err
	}
	if err := l.describe(ports, where, o.Site != nil); err != nil {
		return nil, err
	}
	return l, l.locate()
}

// Close ends all listeners.
func (l *Lab) Close() error {
	var errs []error
	if l.edge != nil {
		errs = append(errs, l.edge.close())
		l.edge = nil
	}
	for _, s := range l.stubs {
		errs = append(errs, s.close())
	}
	l.stubs = nil
	for _, s := range l.logins {
		errs = append(errs, s.Close())
	}
	l.logins = nil
	if l.names != nil {
		errs = append(errs, l.names.close())
		l.names = nil
	}
	// The moved copy has served its purpose; the site itself stays.
	errs = append(errs, os.RemoveAll(filepath.Join(l.dir, "running")))
	return errors.Join(errs...)
}

// nodes starts the listeners of the nodes and of the map server, and returns
// where each endpoint really listens. The command lines of a site folder are its
// transcripts.
func (l *Lab) nodes(k *keys, adopted bool) (map[string]string, error) {
	proxyMap, err := os.ReadFile(filepath.Join(l.dir, filepath.FromSlash(mapFile)))
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	shells := map[string]VOSNode{}
	for _, n := range nodes {
		shells[n.Name] = l.shell(n, k, proxyMap)
	}
	where := map[string]string{}
	if !adopted {
		if where, err = l.shells(shells); err != nil {
			return nil, err
		}
	}
	serve := func(at string, config *tls.Config, handler http.Handler) error {
		s, err := startStub(at, config, handler)
		if err != nil {
			return err
		}
		l.stubs = append(l.stubs, s)
		where[at] = s.address()
		return nil
	}
	for _, n := range nodes {
		for _, port := range n.Ports {
			config := soundTLS(k.node[n.Name].tls(), n.Host)
			if n.Name == "cuic-a" && port == 8444 && l.faults["outdated-node"] {
				config = outdatedTLS(k.node[n.Name].tls(), n.Host)
			}
			if err := serve(endpoint(n.Host, port), config, application{n, port, shells[n.Name]}); err != nil {
				return nil, err
			}
		}
	}
	for _, g := range gateways {
		silent := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusBadRequest) })
		if err := serve(endpoint(g.Host, g.Port), soundTLS(k.gateway[g.Side].tls(), g.Host), silent); err != nil {
			return nil, err
		}
	}
	if l.names, err = startResolver(); err != nil {
		return nil, err
	}
	where[endpoint(resolverAddress, resolverPort)] = l.names.listener.Addr().String()
	return where, serve(endpoint(mapHost, 443), soundTLS(k.mapServer.tls(), mapHost), mapServer(proxyMap))
}

// startEdge starts nginx or the reference proxy and returns where each
// declared port really listens.
func (l *Lab) startEdge(ctx context.Context, o Options, k *keys, upstreams map[string]string) (map[int]string, error) {
	if o.Nginx != "" {
		ports, err := freeAddresses(append([]int{10001}, edgePorts...))
		if err != nil {
			return nil, err
		}
		l.Edge = "nginx serving the audited tree (listen ports and upstream addresses moved to loopback)"
		e, err := startNginx(ctx, o.Nginx, filepath.Join(l.dir, "rp-a", "tree"), filepath.Join(l.dir, "running"), ports, upstreams)
		if err != nil {
			return nil, err
		}
		l.edge = e
		return ports, nil
	}
	l.Edge = "the reference proxy; no nginx is installed, so tree and listeners are separate artifacts"
	ports := map[int]string{}
	listeners := map[int]net.Listener{}
	for _, port := range edgePorts {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("lab: %w", err)
		}
		listeners[port], ports[port] = listener, listener.Addr().String()
	}
	// The reference proxy refuses a faulty map, so it gets the sound one.
	sound, err := renderer{}.render("proxymap.txt", nil)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(k.corp.cert)
	e, err := startReference(ctx, sound, roots, k.edge, listeners, upstreams)
	if err != nil {
		return nil, err
	}
	l.edge = e
	return ports, nil
}

// describe writes the site file with the connect table.
func (l *Lab) describe(ports map[int]string, where map[string]string, adopted bool) error {
	var table []connection
	for _, port := range edgePorts {
		for _, name := range [...]string{"desk-a.agents.example", "desk-b.agents.example"} {
			table = append(table, connection{endpoint(name, port), ports[port]})
		}
	}
	for _, from := range slices.Sorted(maps.Keys(where)) {
		table = append(table, connection{from, where[from]})
	}
	return renderer{faults: l.faults}.write("site.yaml", l.SiteFile, map[string]any{
		"Resolver": resolverAddress, "Nodes": nodes, "Connect": table, "Adopted": adopted, "Gateways": gateways, "Auditor": auditor,
	})
}

// locate finds the line of each planted fault in what was written.
func (l *Lab) locate() error {
	for _, f := range Faults() {
		if !l.faults[f.Name] {
			continue
		}
		p := Planted{Fault: f}
		if f.File != "" {
			file := f.File
			if strings.HasPrefix(file, "captured/") {
				// What a command line answers has no lines before it is asked.
				l.Planted = append(l.Planted, p)
				continue
			}
			if strings.Contains(file, "://") {
				file = mapFile
			}
			text, err := os.ReadFile(filepath.Join(l.dir, filepath.FromSlash(file)))
			if err != nil {
				return fmt.Errorf("lab: %w", err)
			}
			for i, line := range strings.Split(string(text), "\n") {
				if strings.Contains(line, f.Needle) {
					p.Line = i + 1
					break
				}
			}
			if p.Line == 0 {
				return fmt.Errorf("lab: fault %s: %q does not stand in %s", f.Name, f.Needle, file)
			}
		}
		l.Planted = append(l.Planted, p)
	}
	return nil
}
