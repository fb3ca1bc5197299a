// SPDX-License-Identifier: Apache-2.0

package mutation

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// Changes are the ways in which a certificate made anew differs from the one that
// it replaces. A field left out keeps what the old one has.
type Changes struct {
	// Names are the subject alternative names, DNS names and addresses; an empty
	// list leaves the extension out.
	Names *[]string `yaml:"names"`
	// CommonName is the common name of the subject.
	CommonName *string `yaml:"common_name"`
	// Issuer is the name of an authority, or "self".
	Issuer string `yaml:"issuer"`
	// Starts and Ends are days; Days is the length of the validity from its start;
	// Expired ends it a month before the instant that tests judge at.
	Starts  string `yaml:"starts"`
	Ends    string `yaml:"ends"`
	Days    int    `yaml:"days"`
	Expired bool   `yaml:"expired"`
	// Key is rsa1024, rsa2048, rsa4096, ecdsa256 or ecdsa384.
	Key string `yaml:"key"`
	// Usages are "server", "client" or object identifiers; an empty list leaves the
	// extension out.
	Usages *[]string `yaml:"usages"`
	// Critical are the short names or object identifiers of extensions that are
	// marked critical besides key usage and basic constraints.
	Critical []string `yaml:"critical"`
	// Signature is the digest that the issuer signs, such as sha1.
	Signature string `yaml:"signature"`
	// Alone drops the certificates behind the first one.
	Alone bool `yaml:"alone"`
	// Request leaves the signing request beside the certificate (NAME.csr). It asks
	// for the alternative names of the certificate that is replaced.
	Request bool `yaml:"request"`
}

// judgedAt is the instant that tests judge fixtures at.
var judgedAt = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

const openSSLTime = "20060102150405Z"

// remake replaces the first certificate of a PEM file by one that openssl makes.
func (e *Edit) remake(root *os.Root, authority string) error {
	text, err := root.ReadFile(e.Certificate)
	if err != nil {
		return err
	}
	block, rest := pem.Decode(text)
	if block == nil {
		return fmt.Errorf("%s: it holds no certificate", e.Certificate)
	}
	old, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return fmt.Errorf("%s: %w", e.Certificate, err)
	}
	made, request, err := e.issue(old, authority)
	if err != nil {
		return fmt.Errorf("%s: %w", e.Certificate, err)
	}
	if e.Request {
		if err := write(root, strings.TrimSuffix(e.Certificate, path.Ext(e.Certificate))+".csr", string(request)); err != nil {
			return err
		}
	}
	if e.Alone {
		rest = nil
	}
	return write(root, e.Certificate, string(made)+string(bytes.TrimLeft(rest, "\n")))
}

// issue makes the certificate and the request for it.
func (e *Edit) issue(old *x509.Certificate, authority string) (made, request []byte, err error) {
	dir, err := os.MkdirTemp("", "postern-mutation-*")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	run := func(args ...string) error {
		cmd := exec.Command("openssl", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("openssl %s: %w\n%s", args[0], err, out)
		}
		return nil
	}
	if err := run(keyArgs(e.keyKind(old))...); err != nil {
		return nil, nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "ca.cnf"), []byte(e.settings(old)), 0o600); err != nil {
		return nil, nil, err
	}
	for name, text := range map[string]string{"index.txt": "", "index.txt.attr": "unique_subject = no\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, nil, err
		}
	}
	name := old.Subject.CommonName
	if e.CommonName != nil {
		name = *e.CommonName
	}
	subject := "/O=Example"
	if name != "" {
		subject += "/CN=" + strings.ReplaceAll(name, "/", `\/`)
	}
	asked := []string{"req", "-new", "-key", "leaf.key", "-subj", subject, "-config", "ca.cnf", "-out", "leaf.csr"}
	if names := namesOf(old); len(names) > 0 {
		asked = append(asked, "-addext", "subjectAltName = "+strings.Join(names, ","))
	}
	if err := run(asked...); err != nil {
		return nil, nil, err
	}
	from, to := e.validity(old)
	args := []string{
		"ca", "-batch", "-config", "ca.cnf", "-in", "leaf.csr", "-out", "leaf.pem", "-notext",
		"-startdate", from.Format(openSSLTime), "-enddate", to.Format(openSSLTime), "-extensions", "leaf", "-outdir", ".",
	}
	if e.Issuer == "self" {
		args = append(args, "-selfsign", "-keyfile", "leaf.key")
	} else {
		issuer := e.Issuer
		if issuer == "" {
			if issuer, err = authorityOf(old, authority); err != nil {
				return nil, nil, err
			}
		}
		args = append(args, "-cert", filepath.Join(authority, issuer+".pem"), "-keyfile", filepath.Join(authority, issuer+".key"))
	}
	if err := run(args...); err != nil {
		return nil, nil, err
	}
	if made, err = os.ReadFile(filepath.Join(dir, "leaf.pem")); err != nil {
		return nil, nil, err
	}
	request, err = os.ReadFile(filepath.Join(dir, "leaf.csr"))
	return made, request, err
}

// authorityOf finds the authority that issued a certificate.
func authorityOf(old *x509.Certificate, authority string) (string, error) {
	files, err := filepath.Glob(filepath.Join(authority, "*.pem"))
	if err != nil {
		return "", err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		block, _ := pem.Decode(text)
		if block == nil {
			continue
		}
		ca, err := x509.ParseCertificate(block.Bytes)
		if err == nil && old.CheckSignatureFrom(ca) == nil {
			return strings.TrimSuffix(filepath.Base(file), ".pem"), nil
		}
	}
	return "", errors.New("no authority of the fixtures issued it: name the issuer")
}

func (e *Edit) keyKind(old *x509.Certificate) string {
	if e.Key != "" {
		return e.Key
	}
	switch key := old.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("rsa%d", key.N.BitLen())
	case *ecdsa.PublicKey:
		return fmt.Sprintf("ecdsa%d", key.Curve.Params().BitSize)
	}
	return "rsa2048"
}

func keyArgs(kind string) []string {
	if bits, ok := strings.CutPrefix(kind, "rsa"); ok {
		return []string{"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:" + bits, "-out", "leaf.key"}
	}
	return []string{"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-" + strings.TrimPrefix(kind, "ecdsa"), "-out", "leaf.key"}
}

func (e *Edit) validity(old *x509.Certificate) (from, to time.Time) {
	from, to = old.NotBefore, old.NotAfter
	if day, err := time.Parse(time.DateOnly, e.Starts); err == nil {
		from = day
	}
	if e.Days > 0 {
		to = from.AddDate(0, 0, e.Days)
	}
	if day, err := time.Parse(time.DateOnly, e.Ends); err == nil {
		to = day
	}
	if e.Expired {
		to = judgedAt.AddDate(0, -1, 0)
		if !from.Before(to) {
			from = to.AddDate(0, -6, 0)
		}
	}
	return from, to
}

// settings is the configuration of openssl for one certificate.
func (e *Edit) settings(old *x509.Certificate) string {
	digest := e.Signature
	if digest == "" {
		digest = "sha256"
	}
	critical := func(name string) string {
		for _, c := range e.Critical {
			if c == name {
				return "critical,"
			}
		}
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "[ca]\ndefault_ca = d\n[d]\ndatabase = index.txt\ndefault_md = %s\npolicy = p\nunique_subject = no\nrand_serial = yes\n[p]\norganizationName = optional\ncommonName = optional\n", digest)
	b.WriteString("[req]\ndistinguished_name = dn\nprompt = no\n[dn]\nO = Example\n[leaf]\nbasicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature,keyEncipherment\n")
	var usages []string
	if e.Usages != nil {
		for _, u := range *e.Usages {
			usages = append(usages, strings.NewReplacer("server", "serverAuth", "client", "clientAuth").Replace(u))
		}
	} else {
		for _, u := range old.ExtKeyUsage {
			switch u {
			case x509.ExtKeyUsageServerAuth:
				usages = append(usages, "serverAuth")
			case x509.ExtKeyUsageClientAuth:
				usages = append(usages, "clientAuth")
			}
		}
	}
	if len(usages) > 0 {
		fmt.Fprintf(&b, "extendedKeyUsage = %s%s\n", critical("extendedKeyUsage"), strings.Join(usages, ","))
	}
	names := namesOf(old)
	if e.Names != nil {
		names = nil
		for _, n := range *e.Names {
			names = append(names, sanEntry(n))
		}
	}
	if len(names) > 0 {
		fmt.Fprintf(&b, "subjectAltName = %s%s\n", critical("subjectAltName"), strings.Join(names, ","))
	}
	for _, c := range e.Critical {
		if strings.Contains(c, ".") {
			fmt.Fprintf(&b, "%s = critical,ASN1:UTF8String:postern\n", c)
		}
	}
	return b.String()
}

// namesOf are the alternative names of a certificate, as openssl writes them.
func namesOf(c *x509.Certificate) []string {
	var names []string
	for _, n := range c.DNSNames {
		names = append(names, "DNS:"+n)
	}
	for _, a := range c.IPAddresses {
		names = append(names, "IP:"+a.String())
	}
	return names
}

func sanEntry(name string) string {
	if strings.Trim(name, "0123456789.") == "" || strings.Contains(name, ":") {
		return "IP:" + name
	}
	return "DNS:" + name
}
