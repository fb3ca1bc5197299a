// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// place is where a file of the built-in site lies in the lab's folder; "" is for
// what is written elsewhere, once more is known.
func place(name string) string {
	switch {
	case name == "site.yaml":
		return ""
	case name == "proxymap.txt":
		return mapFile
	}
	if conf, ok := strings.CutPrefix(name, "rp-a/conf/"); ok {
		return confDir + conf
	}
	for _, folder := range [...]string{"etc/", "usr/"} {
		if strings.HasPrefix(name, "rp-a/"+folder) {
			return "rp-a/tree/" + strings.TrimPrefix(name, "rp-a/")
		}
	}
	return name
}

// replaced reports whether a site folder brings its own of a built-in file. What
// it holds beside is certificates and captures of another instant, which the lab
// makes anew.
func replaced(at string) bool {
	switch at {
	case mapFile, "rp-a/iptables-save.txt", "rp-a/ip6tables-save.txt", "rp-a/nft.json":
		return true
	}
	return strings.HasPrefix(at, "rp-a/envs/") || strings.HasPrefix(at, confDir) && !strings.HasPrefix(at, confDir+"ssl/")
}

// tree writes the built-in files, except those that a site folder replaces.
func (l *Lab) tree(k *keys, now time.Time, adopted bool) error {
	data := map[string]any{
		"JWTSecret": l.jwtSecret, "Limits": limits,
		"IdSSigning": inMetadata(k.idsSigning), "IdPSigning": inMetadata(k.idpSigning),
	}
	r := renderer{l.faults, now}
	return fs.WalkDir(source, "site", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name = strings.TrimPrefix(name, "site/")
		to := place(name)
		if to == "" || adopted && replaced(to) {
			return nil
		}
		return r.write(name, filepath.Join(l.dir, filepath.FromSlash(to)), data)
	})
}

// adopt copies what a site folder brings, and its transcripts.
func (l *Lab) adopt(site fs.FS) error {
	return fs.WalkDir(site, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		to := name
		if name == "proxymap.txt" {
			to = mapFile
		}
		if !replaced(to) && path.Base(to) != "cli.txt" {
			return nil
		}
		text, err := fs.ReadFile(site, name)
		if err != nil {
			return fmt.Errorf("lab: %w", err)
		}
		return writeNew(filepath.Join(l.dir, filepath.FromSlash(to)), text, 0o644)
	})
}

// state writes what a running nginx needs beside its configuration, and what
// it says of itself.
func (l *Lab) state(nginx string) error {
	for _, folder := range [...]string{"logs", "cache", "html"} {
		if err := os.MkdirAll(filepath.Join(l.dir, "rp-a", "tree", prefix, folder), 0o755); err != nil {
			return fmt.Errorf("lab: %w", err)
		}
	}
	version := []byte("nginx version: nginx/1.22.1\nbuilt with OpenSSL 3.0.16 11 Feb 2025\nTLS SNI support enabled\n" +
		"configure arguments: --prefix=/usr/local/openresty/nginx --with-http_ssl_module --with-http_v2_module --with-http_realip_module --with-http_auth_request_module\n")
	if nginx != "" {
		out, err := exec.Command(nginx, "-V").CombinedOutput()
		if err != nil {
			return fmt.Errorf("lab: %s -V: %w", nginx, err)
		}
		version = out
	}
	return writeNew(filepath.Join(l.dir, "rp-a", "nginx-V.txt"), version, 0o644)
}
