// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// keys are the certificates of the site.
type keys struct {
	corp, public *authority
	edge         map[string]*leaf // by name, "ids" for the identity service's port
	node         map[string]*leaf
	gateway      map[string]*leaf // by side
	mapServer    *leaf
	// idsSigning and idpSigning sign SAML messages. The metadata says whose they
	// are, so they need no authority.
	idsSigning, idpSigning *authority
}

// certificates makes the authorities and writes all certificates.
func (l *Lab) certificates(now time.Time) (*keys, error) {
	k := &keys{edge: map[string]*leaf{}, node: map[string]*leaf{}, gateway: map[string]*leaf{}}
	issuing, err := k.authorities(now)
	if err != nil {
		return nil, err
	}
	for name, root := range map[string]*authority{"corp-root.pem": k.corp, "public-root.pem": k.public} {
		if err := writeNew(filepath.Join(l.dir, name), encodeCertificates(root.cert.Raw), 0o644); err != nil {
			return nil, err
		}
	}
	if err := l.edgeCertificates(k, issuing); err != nil {
		return nil, err
	}
	for _, n := range nodes {
		o := leafOptions{rsa: true}
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
		trust := encodeCertificates(issuing.cert.Raw, k.public.cert.Raw)
		if err := writeNew(filepath.Join(folder, "tomcat-trust", "proxy-ca.pem"), trust, 0o644); err != nil {
			return nil, err
		}
		// All nodes and gateways are signed by the same root.
		if err := writeNew(filepath.Join(folder, "tomcat-trust", "corp-root.pem"), encodeCertificates(k.corp.cert.Raw), 0o644); err != nil {
			return nil, err
		}
	}
	for _, g := range gateways {
		gateway, err := k.corp.issue(leafOptions{rsa: true}, g.Host)
		if err != nil {
			return nil, err
		}
		k.gateway[g.Side] = gateway
		text := append(gateway.certificatePEM(), encodeCertificates(k.corp.cert.Raw)...)
		if err := writeNew(filepath.Join(l.dir, "cti", g.Side, "host.pem"), text, 0o644); err != nil {
			return nil, err
		}
	}
	k.mapServer, err = k.corp.issue(leafOptions{}, mapHost)
	return k, err
}

// authorities makes what signs, and returns the CA that issues for the gate.
func (k *keys) authorities(now time.Time) (*authority, error) {
	for name, to := range map[string]**authority{
		"Corp Root": &k.corp, "Public Root": &k.public, "ids-a signing": &k.idsSigning, "sso signing": &k.idpSigning,
	} {
		a, err := newRoot(name, now)
		if err != nil {
			return nil, err
		}
		*to = a
	}
	return k.public.below("Public Issuing")
}

func (l *Lab) edgeCertificates(k *keys, issuing *authority) error {
	ssl := filepath.Join(l.dir, filepath.FromSlash(confDir), "ssl")
	for name, o := range map[string]leafOptions{
		"desk-a.agents.example": {}, "desk-b.agents.example": {}, "ids": {withoutChain: l.faults["chain-incomplete"]},
	} {
		host := name
		if name == "ids" {
			host = "desk-a.agents.example"
		}
		leaf, err := issuing.issue(o, host)
		if err != nil {
			return err
		}
		k.edge[name] = leaf
		mode := os.FileMode(0o400)
		if name == "ids" && l.faults["key-readable"] {
			mode = 0o644
		}
		if err := leaf.write(filepath.Join(ssl, strings.TrimSuffix(name, ".agents.example")), mode); err != nil {
			return err
		}
	}
	return writeNew(filepath.Join(ssl, "upstream-ca.pem"), encodeCertificates(k.corp.cert.Raw), 0o644)
}

// inMetadata is a certificate as SAML metadata holds it, in short lines.
func inMetadata(a *authority) string {
	block := pem.EncodeToMemory(&pem.Block{Type: "X", Bytes: a.cert.Raw})
	return strings.Trim(strings.TrimSuffix(strings.TrimPrefix(string(block), "-----BEGIN X-----"), "-----END X-----\n"), "\n")
}
