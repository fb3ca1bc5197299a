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
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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
	edge   interface{ close() error }
	faults map[string]bool
}

// Planted is a fault that is there to be found.
type Planted struct {
	Fault
	// Line is the line of the file, 0 when the place is a listener.
	Line int
}

// node is one declared server.
type node struct {
	Name, Role, Host, Address string
	Ports                     []int
}

var nodes = []node{
	{"fin-a", "finesse", "fin-a.corp.example", "10.1.0.11", []int{8445}},
	{"fin-b", "finesse", "fin-b.corp.example", "10.1.0.12", []int{8445}},
	{"cuic-a", "cuic", "cuic-a.corp.example", "10.1.0.21", []int{8444, 8447}},
	{"ld-a", "livedata", "ld-a.corp.example", "10.1.0.31", []int{12005, 12008}},
	{"ids-a", "ids", "ids-a.corp.example", "10.1.0.41", []int{8553}},
}

// limit is one row of the published packet limits.
type limit struct{ Port, Connections, Rate, Burst int }

var limits = []limit{
	{8445, 10, 6, 8},
	{12005, 10, 6, 8},
	{12008, 10, 6, 8},
	{8553, 6, 2, 4},
	{8444, 6, 2, 4},
	{8447, 6, 2, 4},
}

type connection struct{ From, To string }

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
	pki, err := l.certificates(o.Now)
	if err != nil {
		return nil, err
	}
	if o.Site != nil {
		err = l.adopt(o.Site)
	} else {
		err = l.tree()
	}
	if err != nil {
		return nil, err
	}
	if err := l.state(o.Nginx); err != nil {
		return nil, err
	}
	upstreams, err := l.upstreams(pki)
	if err != nil {
		return nil, err
	}
	ports, err := l.startEdge(ctx, o, pki, upstreams)
	if err != nil {
		return nil, err
	}
	if err := l.describe(ports, upstreams); err != nil {
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
	// The moved copy has served its purpose; the site itself stays.
	errs = append(errs, os.RemoveAll(filepath.Join(l.dir, "running")))
	return errors.Join(errs...)
}

// keys are the certificates of the site.
type keys struct {
	corp, public *authority
	edge         map[string]*leaf // by name, "ids" for the identity service's port
	node         map[string]*leaf
	mapServer    *leaf
}

// certificates makes the authorities and writes all certificates.
func (l *Lab) certificates(now time.Time) (*keys, error) {
	k := &keys{edge: map[string]*leaf{}, node: map[string]*leaf{}}
	var err error
	if k.corp, err = newRoot("Corp Root", now); err != nil {
		return nil, err
	}
	if k.public, err = newRoot("Public Root", now); err != nil {
		return nil, err
	}
	issuing, err := k.public.below("Public Issuing")
	if err != nil {
		return nil, err
	}
	for name, root := range map[string]*authority{"corp-root.pem": k.corp, "public-root.pem": k.public} {
		if err := writeNew(filepath.Join(l.dir, name), encodeCertificates(root.cert.Raw), 0o644); err != nil {
			return nil, err
		}
	}
	ssl := filepath.Join(l.dir, filepath.FromSlash(confDir), "ssl")
	for name, o := range map[string]leafOptions{
		"desk-a.agents.example": {}, "desk-b.agents.example": {}, "ids": {withoutChain: l.faults["chain-incomplete"]},
	} {
		host := name
		if name == "ids" {
			host = "desk-a.agents.example"
		}
		if k.edge[name], err = issuing.issue(o, host); err != nil {
			return nil, err
		}
		mode := os.FileMode(0o400)
		if name == "ids" && l.faults["key-readable"] {
			mode = 0o644
		}
		if err := k.edge[name].write(filepath.Join(ssl, strings.TrimSuffix(name, ".agents.example")), mode); err != nil {
			return nil, err
		}
	}
	if err := writeNew(filepath.Join(ssl, "upstream-ca.pem"), encodeCertificates(k.corp.cert.Raw), 0o644); err != nil {
		return nil, err
	}
	for _, n := range nodes {
		o := leafOptions{}
		if n.Name == "ids-a" && l.faults["expiring"] {
			o.days = 9
		}
		if k.node[n.Name], err = k.corp.issue(o, n.Host); err != nil {
			return nil, err
		}
		folder := filepath.Join(l.dir, n.Name, "certs")
		if err := writeNew(filepath.Join(folder, "tomcat.pem"), k.node[n.Name].certificatePEM(), 0o644); err != nil {
			return nil, err
		}
		if err := writeNew(filepath.Join(folder, "tomcat-trust", "proxy-ca.pem"), encodeCertificates(issuing.cert.Raw, k.public.cert.Raw), 0o644); err != nil {
			return nil, err
		}
	}
	k.mapServer, err = k.corp.issue(leafOptions{}, "map.corp.example")
	return k, err
}

// adopt copies the files of a fixture.
func (l *Lab) adopt(site fs.FS) error {
	return fs.WalkDir(site, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		to := name
		switch {
		case name == "site.yaml", name == "expected.yaml", name == "rp-a/nginx-V.txt":
			return nil
		case name == "proxymap.txt":
			to = "map/proxymap.txt"
		}
		text, err := fs.ReadFile(site, name)
		if err != nil {
			return fmt.Errorf("lab: %w", err)
		}
		return writeNew(filepath.Join(l.dir, filepath.FromSlash(to)), text, 0o644)
	})
}

// tree writes the configuration, the packet rules and the transcripts.
func (l *Lab) tree() error {
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	r := renderer{l.faults}
	data := map[string]any{"JWTSecret": base64.StdEncoding.EncodeToString(secret), "Limits": limits}
	conf := filepath.Join(l.dir, filepath.FromSlash(confDir))
	files := map[string]string{
		"rp-a/conf/nginx.conf":    filepath.Join(conf, "nginx.conf"),
		"rp-a/iptables-save.txt":  filepath.Join(l.dir, "rp-a", "iptables-save.txt"),
		"rp-a/ip6tables-save.txt": filepath.Join(l.dir, "rp-a", "ip6tables-save.txt"),
	}
	for _, name := range [...]string{"maps", "limits", "tls", "upstreams", "default", "finesse", "cuic", "livedata", "ids", "status"} {
		files["rp-a/conf/conf.d/"+name+".conf"] = filepath.Join(conf, "conf.d", name+".conf")
	}
	for from, to := range files {
		if err := r.write(from, to, data); err != nil {
			return err
		}
	}
	for _, n := range nodes {
		if err := r.write("nodes/cli.txt", filepath.Join(l.dir, n.Name, "cli.txt"), map[string]any{"Node": n.Name, "Role": n.Role}); err != nil {
			return err
		}
	}
	return r.write("proxymap.txt", filepath.Join(l.dir, "map", "proxymap.txt"), nil)
}

// state writes what a running nginx needs beside its configuration, and what
// it says of itself.
func (l *Lab) state(nginx string) error {
	for _, folder := range [...]string{"logs", "cache", "html"} {
		if err := os.MkdirAll(filepath.Join(l.dir, "rp-a", "tree", prefix, folder), 0o755); err != nil {
			return fmt.Errorf("lab: %w", err)
		}
	}
	version := []byte("nginx version: nginx/1.22.1\n")
	if nginx != "" {
		out, err := exec.Command(nginx, "-V").CombinedOutput()
		if err != nil {
			return fmt.Errorf("lab: %s -V: %w", nginx, err)
		}
		version = out
	}
	return writeNew(filepath.Join(l.dir, "rp-a", "nginx-V.txt"), version, 0o644)
}

// upstreams starts the stubs and returns where each endpoint really listens.
func (l *Lab) upstreams(k *keys) (map[string]string, error) {
	where := map[string]string{}
	start := func(endpoint string, config *tls.Config, s *stub, err error) error {
		if err != nil {
			return err
		}
		l.stubs = append(l.stubs, s)
		where[endpoint] = s.address()
		return nil
	}
	for _, n := range nodes {
		for _, port := range n.Ports {
			endpoint := net.JoinHostPort(n.Host, strconv.Itoa(port))
			config := soundTLS(k.node[n.Name].tls(), n.Host)
			if n.Name == "cuic-a" && port == 8444 && l.faults["outdated-node"] {
				config = outdatedTLS(k.node[n.Name].tls(), n.Host)
			}
			s, err := startStub(endpoint, config, application(endpoint))
			if err := start(endpoint, config, s, err); err != nil {
				return nil, err
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(l.dir, "map", "proxymap.txt"))
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	config := soundTLS(k.mapServer.tls(), "map.corp.example")
	s, err := startStub("map.corp.example:443", config, mapServer(text))
	return where, start("map.corp.example:443", config, s, err)
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
func (l *Lab) describe(ports map[int]string, upstreams map[string]string) error {
	var table []connection
	for _, port := range edgePorts {
		for _, name := range [...]string{"desk-a.agents.example", "desk-b.agents.example"} {
			table = append(table, connection{net.JoinHostPort(name, strconv.Itoa(port)), ports[port]})
		}
	}
	for _, n := range nodes {
		for _, port := range n.Ports {
			endpoint := net.JoinHostPort(n.Host, strconv.Itoa(port))
			table = append(table, connection{endpoint, upstreams[endpoint]})
		}
	}
	table = append(table, connection{"map.corp.example:443", upstreams["map.corp.example:443"]})
	return renderer{l.faults}.write("site.yaml", l.SiteFile, map[string]any{"Nodes": nodes, "Connect": table})
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
			if strings.Contains(file, "://") {
				file = "map/proxymap.txt"
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
