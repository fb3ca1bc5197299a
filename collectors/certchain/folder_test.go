// SPDX-License-Identifier: Apache-2.0

package certchain_test

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/certchain"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

// folder is a site folder in which the real openssl makes certificates.
type folder struct {
	*testing.T
	dir string
}

func newFolder(t *testing.T) folder {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("openssl is not installed")
		}
		t.Skip("openssl is not installed")
	}
	return folder{t, t.TempDir()}
}

func (f folder) openssl(args ...string) string {
	f.Helper()
	cmd := exec.Command("openssl", args...) //nolint:gosec // arguments of the tests
	cmd.Dir = f.dir
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		f.Fatalf("openssl %v: %v\n%s", args, err, complaints.String())
	}
	return string(out)
}

func (f folder) write(name, text string) {
	f.Helper()
	file := filepath.Join(f.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		f.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		f.Fatal(err)
	}
}

func (f folder) read(name string) string {
	f.Helper()
	text, err := os.ReadFile(filepath.Join(f.dir, name))
	if err != nil {
		f.Fatal(err)
	}
	return string(text)
}

var (
	rsaKey = []string{"-newkey", "rsa:2048"}
	ecKey  = []string{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"}
)

// authority makes NAME.pem and NAME.key.
func (f folder) authority(name string, key []string) {
	f.Helper()
	f.openssl(append([]string{
		"req", "-x509", "-nodes", "-sha256", "-days", "400", "-subj", "/CN=" + name, "-keyout", name + ".key", "-out", name + ".pem",
		"-addext", "keyUsage=critical,keyCertSign",
	}, key...)...)
}

// request makes a signing request and its key.
func (f folder) request(name string, key []string, config string) {
	f.Helper()
	f.write(name+".cnf", "[req]\ndistinguished_name=dn\nprompt=no\n"+config)
	f.openssl(append([]string{"req", "-new", "-nodes", "-config", name + ".cnf", "-keyout", name + ".key", "-out", name + ".csr"}, key...)...)
}

// sign makes NAME.pem of NAME.csr.
func (f folder) sign(name, authority, extensions string) {
	f.Helper()
	f.write(name+".ext", extensions)
	f.openssl("x509", "-req", "-in", name+".csr", "-CA", authority+".pem", "-CAkey", authority+".key", "-days", "90", "-sha256", "-extfile", name+".ext", "-out", name+".pem")
}

// collect runs the collector on a target of the folder.
func (f folder) collect(target evidence.Target) evidence.Collected {
	f.Helper()
	archive := &evidence.Archive{}
	files := site.OpenFiles(f.dir, archive)
	f.Cleanup(func() { _ = files.Close() })
	target.Files, target.Artifacts, target.Now = files, archive, time.Now
	if target.Site == nil {
		target.Site = &evidence.Site{}
	}
	got, err := certchain.Collector{}.Collect(f.Context(), target)
	if err != nil {
		f.Fatal(err)
	}
	namesFields(f.T, got.Gaps)
	got.Gaps = ofFolders(got.Gaps)
	return got
}

// collectFolder returns the one record and the gaps' reasons.
func (f folder) collectFolder(target evidence.Target) (evidence.CertChain, string) {
	f.Helper()
	got := f.collect(target)
	var gaps []string
	for _, g := range got.Gaps {
		gaps = append(gaps, g.Reason)
	}
	if len(got.Sections.CertChain) != 1 {
		f.Fatalf("%+v", got)
	}
	return got.Sections.CertChain[0], strings.Join(gaps, "\n")
}

func node(name, certificates string) evidence.Target {
	return evidence.Target{Kind: evidence.KindNode, Subject: "node/" + name, Node: &evidence.Node{Name: name, Certificates: certificates}}
}

const (
	tomcatRequest = "req_extensions=v3\n[dn]\nCN=fin-a.corp.example\n" +
		"[v3]\nsubjectAltName=DNS:fin-a.corp.example,DNS:corp.example,IP:10.1.0.11\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth,1.3.6.1.5.5.7.3.5\n"
	plainRequest = "[dn]\nCN=fin-a.corp.example\n"
)

func TestARequestStandsBesideItsCertificate(t *testing.T) {
	f := newFolder(t)
	f.authority("root", ecKey)
	f.request("tomcat", rsaKey, tomcatRequest)
	f.sign("tomcat", "root", "subjectAltName=DNS:fin-a.corp.example,DNS:corp.example,DNS:www.fin-a.corp.example\n")
	f.request("other", ecKey, plainRequest)
	f.write("certs/tomcat.csr", "a comment\n\n"+f.read("tomcat.csr"))
	f.write("certs/tomcat.pem", f.read("tomcat.pem")+f.read("root.pem"))
	f.write("certs/ipsec.csr", strings.ReplaceAll(f.read("other.csr"), "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"))
	f.write("certs/ipsec.pem", f.read("tomcat.pem"))
	record, gaps := f.collectFolder(node("fin-a", "certs"))
	if gaps != "" || len(record.Requests) != 2 {
		t.Fatalf("%+v\n%s", record.Requests, gaps)
	}
	other, tomcat := record.Requests[0], record.Requests[1]
	if tomcat.Unit != "tomcat" || tomcat.Subject != "node/fin-a/request/tomcat.csr" || tomcat.Source.Line != 3 || tomcat.CommonName != "fin-a.corp.example" ||
		tomcat.KeyAlgorithm != "RSA" || tomcat.KeyBits != 2048 || tomcat.SignatureHash != "SHA256" || !tomcat.Signed.Value || !tomcat.HasAltNames || tomcat.ChallengePassword || !tomcat.SameKey.Value {
		t.Errorf("%+v", tomcat)
	}
	for _, c := range []struct {
		name      string
		want, got []string
	}{
		{"names", []string{"fin-a.corp.example", "corp.example"}, tomcat.DNSNames},
		{"addresses", []string{"10.1.0.11"}, tomcat.IPAddresses},
		{"key usage", []string{"digitalSignature", "keyEncipherment"}, tomcat.KeyUsage},
		{"extended key usage", []string{"serverAuth", "clientAuth", "1.3.6.1.5.5.7.3.5"}, tomcat.ExtKeyUsage},
		{"extensions", []string{"2.5.29.15", "2.5.29.17", "2.5.29.37"}, slices.Sorted(slices.Values(tomcat.Extensions))},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	var leaf evidence.Certificate
	for _, c := range record.Certificates {
		if c.SHA256 == tomcat.Certificate && c.Unit == "tomcat" {
			leaf = c
		}
	}
	if diff := cmp.Diff([]string{"fin-a.corp.example", "corp.example", "www.fin-a.corp.example"}, leaf.DNSNames); diff != "" || leaf.KeySHA256 != tomcat.KeySHA256 || !leaf.Leaf ||
		leaf.ValidityDays != 90 || leaf.IssuerKeyAlgorithm != "ECDSA" {
		t.Errorf("%s %+v", diff, leaf)
	}
	if other.HasAltNames || other.ChallengePassword || other.KeyAlgorithm != "ECDSA" || other.Certificate == "" || !other.SameKey.Known || other.SameKey.Value {
		t.Errorf("%+v", other)
	}
	// The key's digest is the one that other tools print.
	f.write("key.pem", f.openssl("req", "-in", "tomcat.csr", "-noout", "-pubkey"))
	f.openssl("pkey", "-pubin", "-in", "key.pem", "-outform", "DER", "-out", "key.der")
	if print := f.openssl("dgst", "-sha256", "key.der"); !strings.Contains(print, tomcat.KeySHA256) {
		t.Errorf("openssl: %s", print)
	}
}

func TestATrustListClosesAChainOrNamesWhatItLacks(t *testing.T) {
	f := newFolder(t)
	f.authority("root", rsaKey)
	f.authority("stranger", ecKey)
	f.request("middle", ecKey, "[dn]\nCN=middle\n")
	f.sign("middle", "root", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n")
	f.request("tomcat", ecKey, "[dn]\nCN=fin-a.corp.example\n")
	f.sign("tomcat", "middle", "subjectAltName=DNS:fin-a.corp.example\n")
	for _, c := range []struct {
		name    string
		trust   map[string]string
		unit    string
		known   bool
		closed  bool
		missing string
		listed  int
		gaps    bool
	}{
		{"root and intermediate", map[string]string{"tomcat-trust/r.pem": "root", "tomcat-trust/m.pem": "middle"}, "tomcat", true, true, "", 2, false},
		{"both in one file, and twice", map[string]string{"tomcat-trust/r.pem": "root+middle+root"}, "tomcat", true, true, "", 2, false},
		{"only the root", map[string]string{"tomcat-trust/r.pem": "root"}, "tomcat", true, false, "CN=middle", 1, false},
		{"only the intermediate", map[string]string{"tomcat-trust/m.pem": "middle"}, "tomcat", true, false, "CN=root", 1, false},
		{"another's", map[string]string{"tomcat-trust/s.pem": "stranger"}, "tomcat", true, false, "CN=middle", 1, false},
		{"another unit's list", map[string]string{"ipsec-trust/r.pem": "root+middle"}, "tomcat", false, false, "", 2, false},
		{"the list of the plain unit", map[string]string{"tomcat-trust/r.pem": "root+middle"}, "tomcat-ECDSA", true, true, "", 2, false},
		{"a list with a broken file", map[string]string{"tomcat-trust/r.pem": "root", "tomcat-trust/b.pem": "broken"}, "tomcat", false, false, "", 1, true},
		{"no list", nil, "tomcat", false, false, "", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := folder{t, t.TempDir()}
			g.write("certs/"+c.unit+".pem", f.read("tomcat.pem"))
			for name, parts := range c.trust {
				var text strings.Builder
				for part := range strings.SplitSeq(parts, "+") {
					if part == "broken" {
						text.WriteString("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
						continue
					}
					text.WriteString(f.read(part + ".pem"))
				}
				g.write("certs/"+name, text.String())
			}
			record, gaps := g.collectFolder(node("fin-a", "certs"))
			if (gaps != "") != c.gaps || len(record.Chains) != 1 {
				t.Fatalf("%+v\n%s", record.Chains, gaps)
			}
			chain := record.Chains[0]
			if chain.Unit != c.unit || chain.TrustClosed.Known != c.known || chain.TrustClosed.Value != c.closed || chain.TrustMissing != c.missing {
				t.Errorf("%+v", chain)
			}
			listed := 0
			for _, l := range record.Trusts {
				listed += len(l.Certificates)
				if l.Complete == c.gaps || l.Subject != "node/fin-a/trust/"+l.Unit {
					t.Errorf("%+v", l)
				}
				for _, digest := range l.Certificates {
					if !slices.ContainsFunc(record.Certificates, func(x evidence.Certificate) bool {
						return x.SHA256 == digest && x.Place == evidence.PlaceTrust && x.Unit == l.Unit && !x.Leaf
					}) {
						t.Errorf("%s of the list is no certificate of the record", digest)
					}
				}
			}
			if listed != c.listed {
				t.Errorf("%+v", record.Trusts)
			}
		})
	}
}

func TestTheKeysOfALeafAndOfItsIssuerAreTold(t *testing.T) {
	f := newFolder(t)
	f.authority("rsa", rsaKey)
	f.authority("ec", ecKey)
	f.authority("ed", []string{"-newkey", "ed25519"})
	f.request("leaf", ecKey, plainRequest)
	for _, c := range []struct{ authority, want string }{{"rsa", "RSA"}, {"ec", "ECDSA"}} {
		f.sign("leaf", c.authority, "subjectAltName=critical,DNS:fin-a.corp.example,URI:sip:x@corp.example,email:x@corp.example\n")
		f.write("certs/tomcat.pem", f.read("leaf.pem"))
		record, gaps := f.collectFolder(node("fin-a", "certs"))
		leaf := record.Certificates[0]
		if gaps != "" || leaf.KeyAlgorithm != "ECDSA" || leaf.IssuerKeyAlgorithm != c.want || len(leaf.URIs) != 1 || len(leaf.EmailAddresses) != 1 ||
			!slices.Equal(leaf.CriticalExtensions, []string{"2.5.29.17"}) {
			t.Errorf("%s: %+v\n%s", c.authority, leaf, gaps)
		}
	}
	f.write("certs/tomcat.pem", f.read("ed.pem"))
	if record, _ := f.collectFolder(node("fin-a", "certs")); record.Certificates[0].KeyAlgorithm != "Ed25519" || record.Certificates[0].IssuerKeyAlgorithm != "Ed25519" {
		t.Errorf("%+v", record.Certificates[0])
	}
	id := strings.ToLower(strings.NewReplacer(":", "", "\n", " ").Replace(f.openssl("x509", "-in", "rsa.pem", "-noout", "-ext", "subjectKeyIdentifier")))
	f.write("certs/tomcat.pem", f.read("rsa.pem"))
	if record, _ := f.collectFolder(node("fin-a", "certs")); record.Certificates[0].SubjectKeyID == "" || !strings.Contains(id, record.Certificates[0].SubjectKeyID) {
		t.Errorf("%+v, openssl: %s", record.Certificates[0].SubjectKeyID, id)
	}
}

func TestThePeripheralGatewaysBelongToTheSite(t *testing.T) {
	f := newFolder(t)
	f.authority("root", ecKey)
	f.request("host", ecKey, "[dn]\nCN=pg-a.corp.example\n")
	f.sign("host", "root", "extendedKeyUsage=serverAuth,clientAuth\n")
	f.write("cti/a/host.pem", f.read("host.pem"))
	f.write("cti/a/host.csr", f.read("host.csr"))
	f.write("cti/a/rootAll.cer", f.read("root.pem"))
	f.write("cti/b/README", "nothing")
	declared := evidence.Site{Roots: []string{"root.pem"}, CTI: []evidence.CTIServer{
		{Instance: "CG1", Side: "A", Certificates: "cti/a"},
		{Instance: "CG1", Side: "b", Certificates: "cti/b"},
		{Instance: "CG2", Side: "a"},
		{Instance: "CG3", Side: "a", Certificates: "cti/a"},
	}}
	record, gaps := f.collectFolder(evidence.Target{Kind: evidence.KindSite, Subject: "site", Site: &declared})
	if gaps != "cti/b: no certificate in the folder" {
		t.Errorf("gaps: %s", gaps)
	}
	var got []string
	for _, c := range record.Certificates {
		got = append(got, fmt.Sprintf("%s %s %s leaf=%v %v", c.CommonName, c.Place, c.Unit, c.Leaf, c.ExtKeyUsage))
	}
	want := []string{
		"root root  leaf=false []", "pg-a.corp.example file cti/CG1-a leaf=true [serverAuth clientAuth]", "root trust cti/CG1-a leaf=false []",
		"pg-a.corp.example file cti/CG3-a leaf=true [serverAuth clientAuth]", "root trust cti/CG3-a leaf=false []",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(record.Chains) != 2 || record.Chains[0].Subject != "cti/CG1-a/file/host.pem" || record.Chains[0].Unit != "cti/CG1-a" || !record.Chains[0].Trusted.Value {
		t.Errorf("%+v", record.Chains)
	}
	if len(record.Requests) != 2 || record.Requests[0].Unit != "cti/CG1-a" || !record.Requests[0].SameKey.Value {
		t.Errorf("%+v", record.Requests)
	}
}

func TestAServedLeafIsAFactOfItsPort(t *testing.T) {
	f := newFolder(t)
	f.authority("root", ecKey)
	f.request("uccx", ecKey, plainRequest)
	f.sign("uccx", "root", "subjectAltName=DNS:ccx-a.corp.example\n")
	archive := &evidence.Archive{}
	target := node("ccx-a", "")
	target.Node.Live.Ports = []string{"8445", "12015"}
	target.Site, target.Artifacts, target.Now = &evidence.Site{}, archive, time.Now
	for _, port := range []int{8445, 12015} {
		target.Endpoints = append(target.Endpoints, evidence.Endpoint{Text: fmt.Sprintf("ccx-a.corp.example:%d", port), Host: "ccx-a.corp.example", Port: port, HasPort: true})
		archive.Add(evidence.ServedChain("node/ccx-a", "ccx-a.corp.example", port), []byte(f.read("uccx.pem")+f.read("root.pem")))
	}
	got, err := certchain.Collector{}.Collect(t.Context(), target)
	if err != nil || len(got.Gaps) != 0 {
		t.Fatalf("%+v, %v", got.Gaps, err)
	}
	var leaves []string
	for _, c := range got.Sections.CertChain[0].Certificates {
		if c.Leaf {
			leaves = append(leaves, fmt.Sprintf("%s:%d %s", c.Source.Host, c.Source.Port, c.DNSNames))
		}
	}
	if diff := cmp.Diff([]string{"ccx-a.corp.example:8445 [ccx-a.corp.example]", "ccx-a.corp.example:12015 [ccx-a.corp.example]"}, leaves); diff != "" {
		t.Error(diff)
	}
}

func TestARequestThatCannotBeReadIsAGap(t *testing.T) {
	f := newFolder(t)
	f.request("x", ecKey, plainRequest)
	f.openssl("req", "-in", "x.csr", "-outform", "DER", "-out", "x.der")
	block, _ := pem.Decode([]byte(f.read("x.csr")))
	block.Bytes[len(block.Bytes)-1] ^= 1
	good := f.read("x.csr")
	for _, c := range []struct{ name, text, want string }{
		{"binary", f.read("x.der"), "in binary form"},
		{"nothing", "hello", "no signing request in it"},
		{"broken", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", "does not parse"},
		{"cut off", good[:len(good)/2], "the request is no PEM"},
		{"many", strings.Repeat(good, 30), "more than 20 requests"},
		{"long", strings.Repeat(strings.Repeat(" ", 4000)+"\n", 270), "longer than"},
		{"forged", string(pem.EncodeToMemory(block)), ""},
	} {
		g := folder{t, t.TempDir()}
		g.write("certs/x.csr", c.text)
		archive := &evidence.Archive{}
		files := site.OpenFiles(g.dir, archive)
		target := node("fin-a", "certs")
		target.Site, target.Files, target.Artifacts, target.Now = &evidence.Site{}, files, archive, time.Now
		got, err := certchain.Collector{}.Collect(t.Context(), target)
		if err != nil {
			t.Fatal(err)
		}
		_ = files.Close()
		var gaps []string
		for _, g := range got.Gaps {
			gaps = append(gaps, g.Reason)
		}
		if c.want != "" && !strings.Contains(strings.Join(gaps, "\n"), c.want) {
			t.Errorf("%s: %v", c.name, gaps)
		}
		if c.name == "forged" {
			if r := got.Sections.CertChain[0].Requests; len(r) != 1 || !r[0].Signed.Known || r[0].Signed.Value {
				t.Errorf("a forged request counts as signed: %+v", r)
			}
		}
	}
}

// inMemory is a site of one folder that is not redacted, since a fuzz target has
// no time for it.
type inMemory fstest.MapFS

func (inMemory) Read(path string, _ int64) (evidence.Artifact, error) {
	return evidence.Artifact{}, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
}

func (m inMemory) Tree(string) (fs.FS, error) { return fstest.MapFS(m), nil }

func FuzzFolder(f *testing.F) {
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), []byte("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"))
	f.Add([]byte{0x30, 0x82, 0x01, 0x00}, []byte("-----BEGIN NEW CERTIFICATE REQUEST-----\nMAA=\n-----END NEW CERTIFICATE REQUEST-----\n"))
	f.Add([]byte("[redacted:binary:20]\n"), []byte("[redacted:binary:20]\n"))
	for _, name := range []string{"host.pem", "host.csr"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, certificates, requests []byte) {
		target := node("x", "certs")
		target.Site, target.Now, target.Artifacts = &evidence.Site{}, time.Now, &evidence.Archive{}
		target.Files = inMemory{"a.pem": {Data: certificates}, "a.csr": {Data: requests}, "a-trust/b.pem": {Data: certificates}}
		got, err := certchain.Collector{}.Collect(t.Context(), target)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Sections.CertChain) == 0 && len(got.Gaps) == 0 {
			t.Error("silence")
		}
	})
}
