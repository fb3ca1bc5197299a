// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path"
)

// fileConfig is the YAML form of a Config.
type fileConfig struct {
	Listeners []struct {
		Address     string   `yaml:"address"`
		Names       []string `yaml:"names"`
		Certificate string   `yaml:"certificate"`
		Key         string   `yaml:"key"`
	} `yaml:"listeners"`
	Map               string           `yaml:"map"`
	Surface           string           `yaml:"surface"`
	Components        []fileNode       `yaml:"components"`
	Roots             []string         `yaml:"roots"`
	ClientCertificate *filePair        `yaml:"client_certificate"`
	Connect           []fileConnection `yaml:"connect"`
	Origins           []string         `yaml:"origins"`
	Limits            Limits           `yaml:"limits"`
}

type fileNode struct {
	Internal  string `yaml:"internal"`
	Component string `yaml:"component"`
}

type filePair struct {
	Certificate string `yaml:"certificate"`
	Key         string `yaml:"key"`
}

type fileConnection struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

// maxFile bounds each file that a configuration names.
const maxFile = 4 << 20

// LoadConfig reads the YAML of `postern proxy` (see the package comment for the
// keys) and the files that it names, relative to fsys. Unknown keys are errors with
// their line; faults of named files carry the file. Decoding opens no socket.
func LoadConfig(fsys fs.FS, data []byte) (Config, error) {
	var f fileConfig
	if err := decodeStrict(data, &f); err != nil {
		return Config{}, fmt.Errorf("proxy configuration: %w", err)
	}
	var c Config
	var faults []error
	fault := func(err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("proxy configuration: %w", err))
		}
	}
	var err error
	c.Map, err = parseFile(fsys, "map", f.Map, func(b []byte) (Map, error) { return ParseMap(bytes.NewReader(b)) })
	fault(err)
	c.Surface, err = ReadSurface(fsys, f.Surface)
	fault(err)
	c.Roots, err = readRoots(fsys, f.Roots)
	fault(err)
	if f.ClientCertificate != nil {
		pair, err := readPair(fsys, *f.ClientCertificate)
		if err != nil {
			fault(fmt.Errorf("client_certificate: %w", err))
		}
		c.ClientCertificate = &pair
	}
	for i, l := range f.Listeners {
		listener := Listener{Address: l.Address}
		if _, _, err := net.SplitHostPort(l.Address); err != nil {
			fault(fmt.Errorf("listener %d: address: %w", i+1, err))
		}
		for _, name := range l.Names {
			e, err := ParseEndpoint(name)
			if err != nil {
				fault(fmt.Errorf("listener %d: name %w", i+1, err))
			}
			listener.Names = append(listener.Names, e)
		}
		pair, err := readPair(fsys, filePair{Certificate: l.Certificate, Key: l.Key})
		if err != nil {
			fault(fmt.Errorf("listener %d: %w", i+1, err))
		}
		listener.Certificates = []tls.Certificate{pair}
		c.Listeners = append(c.Listeners, listener)
	}
	for i, n := range f.Components {
		e, err := ParseEndpoint(n.Internal)
		if err != nil {
			fault(fmt.Errorf("component %d: internal %w", i+1, err))
		}
		c.Nodes = append(c.Nodes, Node{Internal: e, Component: n.Component})
	}
	table, err := readConnect(f.Connect)
	fault(err)
	c.Dial = table.dial
	c.Origins = f.Origins
	c.Limits = f.Limits
	fault(c.Limits.validate())
	if len(faults) > 0 {
		return Config{}, errors.Join(faults...)
	}
	return c, nil
}

func parseFile[T any](fsys fs.FS, key, name string, parse func([]byte) (T, error)) (T, error) {
	var zero T
	data, err := readBounded(fsys, name)
	if err != nil {
		return zero, fmt.Errorf("%s: %w", key, err)
	}
	value, err := parse(data)
	if err != nil {
		return zero, fmt.Errorf("%s: %s: %w", key, name, err)
	}
	return value, nil
}

func readBounded(fsys fs.FS, name string) ([]byte, error) {
	if name == "" {
		return nil, errors.New("no file named")
	}
	name = path.Clean(name)
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("%s: larger than %d bytes", name, maxFile)
	}
	return fs.ReadFile(fsys, name)
}

// readRoots demands that every byte of trust is understood: a block that is no
// certificate is an error, where x509.CertPool would pass over it.
func readRoots(fsys fs.FS, names []string) (*x509.CertPool, error) {
	if len(names) == 0 {
		return nil, errors.New("roots: none named, so upstreams could not be verified")
	}
	pool := x509.NewCertPool()
	for _, name := range names {
		rest, err := readBounded(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("roots: %w", err)
		}
		count := 0
		for {
			var block *pem.Block
			if block, rest = pem.Decode(rest); block == nil {
				break
			}
			if block.Type != "CERTIFICATE" {
				return nil, fmt.Errorf("roots: %s: holds a %s", name, clip(block.Type))
			}
			certificate, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("roots: %s: %w", name, err)
			}
			pool.AddCert(certificate)
			count++
		}
		if count == 0 {
			return nil, fmt.Errorf("roots: %s: no certificate", name)
		}
	}
	return pool, nil
}

func readPair(fsys fs.FS, pair filePair) (tls.Certificate, error) {
	certificate, err := readBounded(fsys, pair.Certificate)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	key, err := readBounded(fsys, pair.Key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("key: %w", err)
	}
	// The error of X509KeyPair quotes neither file.
	loaded, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("%s, %s: %w", pair.Certificate, pair.Key, err)
	}
	return loaded, nil
}

// connectTable replaces the address dialled for an internal endpoint; the name in
// the TLS handshake stays.
type connectTable map[string]string

func readConnect(rows []fileConnection) (connectTable, error) {
	table := connectTable{}
	for i, row := range rows {
		from, err := ParseEndpoint(row.From)
		if err != nil {
			return nil, fmt.Errorf("connect %d: from %w", i+1, err)
		}
		if _, _, err := net.SplitHostPort(row.To); err != nil {
			return nil, fmt.Errorf("connect %d: to: %w", i+1, err)
		}
		if _, twice := table[from.String()]; twice {
			return nil, fmt.Errorf("connect %d: %s is listed twice", i+1, from)
		}
		table[from.String()] = row.To
	}
	return table, nil
}

func (t connectTable) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if to, listed := t[address]; listed {
		address = to
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}
