// SPDX-License-Identifier: Apache-2.0

package certchain_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io/fs"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/certchain"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

var now = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// ca is an authority of the tests.
type ca struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sign makes a certificate; parent nil makes it self-signed.
func sign(t *testing.T, template *x509.Certificate, parent *ca, public any, own *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	if template.SerialNumber == nil {
		n, err := rand.Int(rand.Reader, big.NewInt(1<<62))
		if err != nil {
			t.Fatal(err)
		}
		template.SerialNumber = n
	}
	if template.NotAfter.IsZero() {
		template.NotBefore, template.NotAfter = now.AddDate(0, -1, 0), now.AddDate(0, 3, 0)
	}
	signerCert, signer := template, own
	if parent != nil {
		signerCert, signer = parent.cert, parent.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, signerCert, public, signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func authority(t *testing.T, name string, parent *ca) *ca {
	t.Helper()
	key := newKey(t)
	return &ca{sign(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(5, 0, 0),
	}, parent, &key.PublicKey, key), key}
}

func leaf(t *testing.T, parent *ca, change func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "desk-a.agents.example"}, DNSNames: []string{"desk-a.agents.example"},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if change != nil {
		change(template)
	}
	return sign(t, template, parent, &key.PublicKey, key)
}

func encode(certs ...*x509.Certificate) string {
	var out bytes.Buffer
	for _, c := range certs {
		_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
	}
	return out.String()
}

// collect puts files into a folder and runs the collector on an edge with it.
func collect(t *testing.T, files map[string]string, roots ...string) (evidence.Collected, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o640); err != nil { //nolint:gosec // the mode is what is tested
			t.Fatal(err)
		}
	}
	archive := &evidence.Archive{}
	opened := site.OpenFiles(dir, archive)
	t.Cleanup(func() { _ = opened.Close() })
	edge := evidence.Edge{Name: "rp-a", Certificates: "certs"}
	got, err := certchain.Collector{}.Collect(t.Context(), evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a", Edge: &edge, Site: &evidence.Site{Roots: roots},
		Files: opened, Artifacts: archive, Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	namesFields(t, got.Gaps)
	got.Gaps = ofFolders(got.Gaps)
	return got, dir
}

// ofFolders leaves out the gaps of what a test of folders does not declare.
func ofFolders(gaps []evidence.Gap) []evidence.Gap {
	return slices.DeleteFunc(gaps, func(g evidence.Gap) bool { return g.Part == "configured" || g.Part == "map_server" })
}

// namesFields holds the gaps to the fields that the record has.
func namesFields(t *testing.T, gaps []evidence.Gap) {
	t.Helper()
	for _, g := range gaps {
		if g.Part != "" && !slices.Contains(evidence.Parts("certchain"), g.Part) {
			t.Errorf("%q is no field of the record", g.Part)
		}
	}
}

func TestAChainIsJudgedLikeOpenSSLDoes(t *testing.T) {
	root := authority(t, "Root", nil)
	middle := authority(t, "Middle", root)
	stranger := authority(t, "Stranger", nil)
	good := leaf(t, middle, nil)
	self := leaf(t, nil, nil)
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("openssl is not installed")
		}
		t.Skip("openssl is not installed")
	}
	for _, c := range []struct {
		name                       string
		certs                      []*x509.Certificate
		ordered, complete, trusted bool
	}{
		{"leaf and intermediate", []*x509.Certificate{good, middle.cert}, true, true, true},
		{"with the root", []*x509.Certificate{good, middle.cert, root.cert}, true, true, true},
		{"without the intermediate", []*x509.Certificate{good}, true, false, false},
		{"in the wrong order", []*x509.Certificate{good, root.cert, middle.cert}, false, true, true},
		{"the wrong intermediate", []*x509.Certificate{good, stranger.cert}, false, false, false},
		{"directly below the root", []*x509.Certificate{leaf(t, root, nil)}, true, true, true},
		{"self-signed", []*x509.Certificate{self}, true, true, false},
		{"of a stranger", []*x509.Certificate{leaf(t, stranger, nil), stranger.cert}, true, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, dir := collect(t, map[string]string{"certs/edge.pem": encode(c.certs...), "root.pem": encode(root.cert)}, "root.pem")
			if len(got.Gaps) != 0 || len(got.Sections.CertChain) != 1 || len(got.Sections.CertChain[0].Chains) != 1 {
				t.Fatalf("%+v", got)
			}
			chain := got.Sections.CertChain[0].Chains[0]
			if chain.Ordered != c.ordered || chain.Complete != c.complete || !chain.Trusted.Known || chain.Trusted.Value != c.trusted {
				t.Errorf("ordered %v complete %v trusted %+v (%s)", chain.Ordered, chain.Complete, chain.Trusted, chain.Reason)
			}
			if !chain.Trusted.Value && chain.Reason == "" {
				t.Error("no reason is given")
			}
			out, err := exec.Command("openssl", "verify", "-no-CApath", "-no-CAstore", "-CAfile", filepath.Join(dir, "root.pem"),
				"-untrusted", filepath.Join(dir, "certs/edge.pem"), "-attime", "1780272000", filepath.Join(dir, "certs/edge.pem")).CombinedOutput()
			if (err == nil) != c.trusted {
				t.Errorf("openssl says %v: %s", err, out)
			}
		})
	}
}

func TestACertificateIsDescribed(t *testing.T) {
	root := authority(t, "Root", nil)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	odd := sign(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "fin-a.corp.example"}, NotBefore: now.AddDate(-3, 0, 0), NotAfter: now.AddDate(0, 0, -1),
		ExtKeyUsage:     []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}},
	}, root, &weak.PublicKey, nil)
	got, _ := collect(t, map[string]string{"certs/odd.pem": encode(odd), "root.pem": encode(root.cert)}, "root.pem")
	c := got.Sections.CertChain[0].Certificates[0]
	if c.KeyAlgorithm != "RSA" || c.KeyBits != 1024 || c.CommonName != "fin-a.corp.example" || len(c.DNSNames) != 0 || c.SelfSigned || c.CA ||
		c.SignatureHash != "SHA256" || c.NotAfter != "2026-05-31T00:00:00Z" || c.Source.Line != 1 || c.Source.Artifact != "certs/odd.pem" {
		t.Errorf("%+v", c)
	}
	if diff := cmp.Diff([]string{"1.2.3.4"}, c.CriticalExtensions); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"clientAuth"}, c.ExtKeyUsage); diff != "" {
		t.Error(diff)
	}
	names := map[string]bool{}
	for _, l := range c.Lints {
		names[l.Name] = true
		if l.Citation == "" || l.Source == "" {
			t.Errorf("lint %+v without its source", l)
		}
	}
	if len(names) == 0 {
		t.Error("zlint finds nothing wrong with it")
	}
	// A critical extension that nobody knows breaks the path (RFC 5280, 4.2).
	if chain := got.Sections.CertChain[0].Chains[0]; chain.Trusted.Value || !strings.Contains(chain.Reason, "critical extension") {
		t.Errorf("%+v", chain)
	}
}

func TestAnExpiredLeafStillHasAPath(t *testing.T) {
	// Its dates are the business of a rule of their own.
	root := authority(t, "Root", nil)
	expired := leaf(t, root, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.AddDate(-1, 0, 0), now.AddDate(0, 0, -1) })
	got, _ := collect(t, map[string]string{"certs/a.pem": encode(expired), "root.pem": encode(root.cert)}, "root.pem")
	if chain := got.Sections.CertChain[0].Chains[0]; !chain.Trusted.Value {
		t.Errorf("%+v", chain)
	}
}

func TestKeysAreOnlyLookedAtFromOutside(t *testing.T) {
	root := authority(t, "Root", nil)
	secret := "-----BEGIN PRIVATE KEY-----\nTk9UQUtFWU5PVEFLRVk=\n-----END PRIVATE KEY-----\n"
	got, _ := collect(t, map[string]string{
		"certs/a.key": secret, "certs/both.pem": secret + encode(leaf(t, root, nil)), "certs/notes.txt": "nothing", "root.pem": encode(root.cert),
	}, "root.pem")
	if len(got.Gaps) != 0 {
		t.Errorf("gaps %+v", got.Gaps)
	}
	record := got.Sections.CertChain[0]
	if len(record.Keys) != 2 || record.Keys[0].Mode != "0640" || record.Keys[0].Path != "certs/a.key" || record.Keys[0].Size != int64(len(secret)) {
		t.Errorf("keys %+v", record.Keys)
	}
	if len(record.Certificates) != 1 || record.Certificates[0].Source.Line != 4 {
		t.Errorf("certificates %+v", record.Certificates)
	}
}

func TestAKeyUnderAnyNameLeavesNothingButItsMode(t *testing.T) {
	root := authority(t, "Root", nil)
	der, err := x509.MarshalPKCS8PrivateKey(newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"certs/ok.der": string(root.cert.Raw), "root.pem": encode(root.cert)}
	names := []string{"a.cer", "a.crt", "a.der", "a.pem", "b.KEY", "b.p12", "b.p8", "b.pk8", "b.pkcs8", "b.ppk", "b.pfx", "b.jks"}
	for _, name := range names {
		files["certs/"+name] = string(der)
	}
	got, dir := collect(t, files, "root.pem")
	record := got.Sections.CertChain[0]
	keys := map[string]evidence.KeyFile{}
	for _, k := range record.Keys {
		keys[k.Path] = k
	}
	for _, name := range names {
		if k := keys["certs/"+name]; k.Mode != "0640" || k.Size != int64(len(der)) {
			t.Errorf("%s is recorded as %+v", name, k)
		}
	}
	if len(keys) != len(names) || len(record.Certificates) != 1 {
		t.Errorf("keys %+v, certificates %+v", record.Keys, record.Certificates)
	}
	archive := &evidence.Archive{}
	opened := site.OpenFiles(dir, archive)
	defer opened.Close()
	tree, err := opened.Tree("certs")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(tree, name)
		if (err != nil) != strings.HasPrefix(name, "b.") || bytes.Contains(text, der[len(der)-16:]) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	for _, a := range archive.All() {
		if bytes.Contains(a.Text, der[len(der)-16:]) {
			t.Errorf("%s holds the key", a.Path)
		}
	}
}

func TestWhatCannotBeReadIsAGap(t *testing.T) {
	root := authority(t, "Root", nil)
	broken := strings.Replace(encode(root.cert), "MII", "XXX", 1)
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
		// fields are those that stay unknown; empty for all.
		fields []string
	}{
		{"a broken certificate", map[string]string{"certs/a.pem": broken}, "a.pem", []string{"certificates", "chains", "requests"}},
		{"half a certificate", map[string]string{"certs/a.pem": encode(root.cert)[:200]}, "broken", []string{"certificates", "chains", "requests"}},
		{"no certificate", map[string]string{"certs/a.crt": "hello"}, "no certificate", []string{"certificates", "chains", "requests"}},
		{"nothing that is trusted", map[string]string{"certs/tomcat-trust/a.pem": "hello"}, "no certificate", []string{"certificates", "chains", "trusts"}},
		{"no request", map[string]string{"certs/a.csr": "hello"}, "no signing request", []string{"requests"}},
		{"a file that is too long", map[string]string{"certs/a.pem": strings.Repeat("hello \n", 1<<18)}, "longer than", []string{""}},
		{"no folder", map[string]string{"x": ""}, "certs", []string{""}},
		{"an empty folder", map[string]string{"certs/README": ""}, "no certificate in the folder", []string{""}},
	} {
		got, _ := collect(t, c.files)
		if len(got.Gaps) == 0 || !strings.Contains(got.Gaps[0].Reason, c.want) {
			t.Errorf("%s: %+v", c.name, got.Gaps)
		}
		var fields []string
		for _, g := range got.Gaps {
			fields = append(fields, g.Part)
		}
		slices.Sort(fields)
		if diff := cmp.Diff(c.fields, slices.Compact(fields)); diff != "" {
			t.Errorf("%s: %s%+v", c.name, diff, got.Gaps)
		}
	}
}

func TestAChainThatWasNotCapturedLeavesKeysAndRequestsKnown(t *testing.T) {
	dir := t.TempDir()
	archive := &evidence.Archive{}
	files := site.OpenFiles(dir, archive)
	defer files.Close()
	node := evidence.Node{Name: "fin-a"}
	got, err := certchain.Collector{}.Collect(t.Context(), evidence.Target{
		Kind: evidence.KindNode, Subject: "node/fin-a", Node: &node, Site: &evidence.Site{}, Files: files, Artifacts: archive,
		Endpoints: []evidence.Endpoint{{Text: "fin-a:8445", Host: "fin-a", Port: 8445}}, Now: time.Now,
	})
	if err != nil || len(got.Gaps) != 2 || got.Gaps[0].Part != "certificates" || got.Gaps[1].Part != "chains" ||
		got.Gaps[0].Subject != "node/fin-a/listener/fin-a:8445" {
		t.Errorf("%+v, %v", got.Gaps, err)
	}
}
