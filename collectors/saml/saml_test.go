// SPDX-License-Identifier: Apache-2.0

package saml_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/internal/xmltree/xmltreetest"
	"github.com/postern-audit/postern/collectors/saml"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

// collect runs the collector on a site whose files are in a folder.
func collect(t *testing.T, dir string, declared evidence.Site) evidence.Collected {
	t.Helper()
	archive := &evidence.Archive{}
	files := site.OpenFiles(dir, archive)
	t.Cleanup(func() { _ = files.Close() })
	declared.DeclaredSource = evidence.Source{Artifact: "site.yaml", Line: 1}
	got, err := saml.Collector{}.Collect(t.Context(), evidence.Target{
		Kind: evidence.KindSite, Subject: "site", Site: &declared, Files: files, Artifacts: archive, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// idp collects from one metadata document of the identity provider.
func idp(t *testing.T, text string) (evidence.SAML, string) {
	t.Helper()
	return one(t, "idp.xml", text, evidence.Site{IdP: evidence.IdP{Metadata: "idp.xml"}}, "saml/idp")
}

// clients collects from one list of clients.
func clients(t *testing.T, text string) (evidence.SAML, string) {
	t.Helper()
	return one(t, "c.yaml", text, evidence.Site{IdSClients: "c.yaml"}, "saml/ids_clients")
}

// one returns the record of a site with one file, and its gaps but those of what
// is not declared.
func one(t *testing.T, name, text string, declared evidence.Site, subject string) (evidence.SAML, string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got := collect(t, dir, declared)
	var gaps []string
	for _, g := range got.Gaps {
		if g.Subject == subject {
			gaps = append(gaps, fmt.Sprintf("%d %s", g.Source.Line, g.Reason))
		} else if !strings.Contains(g.Reason, "the site declares no") {
			t.Errorf("gap of %s: %s", g.Subject, g.Reason)
		}
	}
	if len(got.Sections.SAML) == 0 {
		return evidence.SAML{}, strings.Join(gaps, "\n")
	}
	return got.Sections.SAML[0], strings.Join(gaps, "\n")
}

func TestTheSampleFilesReadWithoutAGap(t *testing.T) {
	got := collect(t, "testdata", evidence.Site{
		SPMetadata: evidence.SPMetadata{LAN: "sp-lan.xml", Proxy: "sp-proxy.xml"}, IdP: evidence.IdP{Host: "sso.example", Metadata: "idp.xml"}, IdSClients: "ids-clients.yaml",
	})
	if len(got.Gaps) != 0 {
		t.Fatalf("%+v", got.Gaps)
	}
	record := got.Sections.SAML[0]
	var entities, endpoints, keys, redirects []string
	for _, e := range record.Entities {
		entities = append(entities, fmt.Sprintf("%s %s host=%s sp=%v idp=%v signed=%v/%v want=%v", e.Role, e.EntityID, e.Host, e.ServiceProvider, e.IdentityProvider,
			e.AuthnRequestsSigned.Value, e.WantAssertionsSigned.Value, e.WantAuthnRequestsSigned.Value))
	}
	for _, e := range record.Endpoints {
		endpoints = append(endpoints, fmt.Sprintf("%s %s %s %s %d %v %s line %d", e.Role, e.Service, e.Binding, e.Host, e.Port, e.HasPort, e.Path, e.Source.Line))
	}
	for _, k := range record.Keys {
		keys = append(keys, fmt.Sprintf("%s %s %s %s %d %s %v", k.Document, k.Use, k.SubjectName, k.KeyAlgorithm, k.KeyBits, k.SignatureHash, k.SelfSigned))
	}
	for _, r := range record.Redirects {
		redirects = append(redirects, fmt.Sprintf("%s %s %d %s line %d", r.Client, r.Host, r.Port, r.Path, r.Source.Line))
	}
	for _, c := range []struct {
		name      string
		got, want []string
	}{
		{"entities", entities, []string{
			"sp_lan ids-a.corp.example host=ids-a.corp.example sp=true idp=false signed=true/true want=false",
			"sp_proxy desk-a.agents.example host=desk-a.agents.example sp=true idp=false signed=true/true want=false",
			"idp http://sso.example/adfs/services/trust host=sso.example sp=false idp=true signed=false/false want=true",
		}},
		{"endpoints", endpoints, []string{
			"sp_lan AssertionConsumerService HTTP-POST ids-a.corp.example 8553 true /ids/saml/response line 30",
			"sp_lan AssertionConsumerService HTTP-POST ids-b.corp.example 8553 true /ids/saml/response line 31",
			"sp_proxy AssertionConsumerService HTTP-POST desk-a.agents.example 8553 true /ids/saml/response line 30",
			"sp_proxy AssertionConsumerService HTTP-POST desk-b.agents.example 8553 true /ids/saml/response line 31",
			"idp SingleLogoutService HTTP-Redirect sso.example 443 false /adfs/ls/ line 44",
			"idp SingleSignOnService HTTP-Redirect sso.example 443 false /adfs/ls/ line 45",
			"idp SingleSignOnService HTTP-POST sso.example 443 false /adfs/ls/ line 46",
		}},
		{"keys", keys, []string{
			"saml/sp_lan signing CN=ids-a signing RSA 2048 SHA256 true", "saml/sp_proxy signing CN=ids-a signing RSA 2048 SHA256 true",
			"saml/idp signing CN=sso signing RSA 2048 SHA256 true",
		}},
		{"redirects", redirects, []string{
			"FINESSE fin-a.corp.example 8445 /desktop/sso/authcode line 4", "FINESSE fin-b.corp.example 8445 /desktop/sso/authcode line 5",
			"FINESSE desk-a.agents.example 8445 /desktop/sso/authcode line 6", "FINESSE desk-b.agents.example 8445 /desktop/sso/authcode line 7",
			"CUIC cuic-a.corp.example 8444 /cuic/authcode line 9",
		}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
	doc := record.Documents[2]
	if doc.Subject != "saml/idp" || doc.Entities != 1 || doc.NestedEntities != 0 || !doc.Complete || doc.ValidUntil.Value != "2036-01-01T00:00:00Z" || len(doc.Signatures) != 1 {
		t.Fatalf("%+v", doc)
	}
	if s := doc.Signatures[0]; s.Algorithm != "rsa-sha256" || s.Digest != "sha256" || !s.CoversParent || s.Parent != "EntityDescriptor" {
		t.Errorf("%+v", s)
	}
}

func TestWhatIsNotDeclaredIsAGapOfItsOwn(t *testing.T) {
	got := collect(t, t.TempDir(), evidence.Site{SPMetadata: evidence.SPMetadata{LAN: "missing.xml"}})
	var gaps []string
	for _, g := range got.Gaps {
		gaps = append(gaps, g.Subject+": "+g.Reason)
	}
	want := []string{
		"saml/sp_lan: missing.xml: no such file or directory", "saml/sp_proxy: the site declares no sp_metadata.proxy",
		"saml/idp: the site declares no idp.metadata", "saml/ids_clients: the site declares no ids_clients",
	}
	if diff := cmp.Diff(want, gaps); diff != "" || len(got.Sections.SAML) != 0 {
		t.Error(diff)
	}
	other, err := saml.Collector{}.Collect(t.Context(), evidence.Target{Kind: evidence.KindEdge})
	if err != nil || len(other.Gaps) != 0 {
		t.Errorf("%+v, %v", other, err)
	}
}

// openssl runs the program and returns what it prints.
func openssl(t *testing.T, dir string, args ...string) string {
	t.Helper()
	program, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("openssl is not installed")
		}
		t.Skip("openssl is not installed")
	}
	cmd := exec.Command(program, args...) //nolint:gosec // arguments of the tests
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("openssl %v: %v", args, err)
	}
	return string(out)
}

func TestKeysAreDescribedAsOpenSSLDescribesThem(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args      []string
		algorithm string
		bits      int
		hash      string
	}{
		{[]string{"-newkey", "rsa:1024", "-sha1"}, "RSA", 1024, "SHA1"},
		{[]string{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-sha384"}, "ECDSA", 384, "SHA384"},
		{[]string{"-newkey", "ed25519"}, "Ed25519", 256, "Ed25519"},
	} {
		openssl(t, dir, append([]string{"req", "-x509", "-nodes", "-days", "3", "-subj", "/CN=x", "-keyout", "k", "-out", "c.pem"}, c.args...)...)
		text, err := os.ReadFile(filepath.Join(dir, "c.pem"))
		if err != nil {
			t.Fatal(err)
		}
		print := strings.ToLower(strings.ReplaceAll(openssl(t, dir, "x509", "-in", "c.pem", "-noout", "-fingerprint", "-sha256"), ":", ""))
		block, _ := pem.Decode(text)
		body := base64.StdEncoding.EncodeToString(block.Bytes)
		// Short lines: redaction takes a long one that ends in "=" for a key.
		body = strings.Join(regexp.MustCompile(".{1,40}").FindAllString(body, -1), "\n")
		record, gaps := idp(t, descriptor(`<KeyDescriptor><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>`+
			body+`</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`))
		if gaps != "" || len(record.Keys) != 1 {
			t.Fatalf("%v: %+v, gaps %s", c.args, record, gaps)
		}
		k := record.Keys[0]
		if k.KeyAlgorithm != c.algorithm || k.KeyBits != c.bits || k.SignatureHash != c.hash || k.Use != evidence.SAMLBoth || !strings.Contains(print, k.SHA256) {
			t.Errorf("%v: %+v, openssl: %s", c.args, k, print)
		}
	}
}

// descriptor is a metadata document with the given content of its identity
// provider.
func descriptor(content string) string {
	return `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sso.example/x"><IDPSSODescriptor>` + content + `</IDPSSODescriptor></EntityDescriptor>`
}

func TestSignsOfWrappingAreFacts(t *testing.T) {
	const open = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ID="a" entityID="https://evil.example/">`
	signature := func(uri, inside string) string {
		return `<ds:Signature><ds:SignedInfo><ds:SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"/><ds:Reference URI="` + uri +
			`"><ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/></ds:Reference></ds:SignedInfo>` + inside + `</ds:Signature>`
	}
	const service = `<SingleSignOnService Binding="x:HTTP-POST" Location="https://inner.example/"/>`
	const inner = `<EntityDescriptor ID="b" entityID="https://sso.example/"><IDPSSODescriptor>` + service + `</IDPSSODescriptor></EntityDescriptor>`
	for _, c := range []struct {
		name             string
		text             string
		entities, nested int
		covers           bool
		duplicates       int
		firstReference   string
	}{
		{"an entity inside of the signature", open + signature("#b", "<ds:Object>"+inner+"</ds:Object>") + `<IDPSSODescriptor/></EntityDescriptor>`, 2, 1, false, 0, "#b"},
		{"an entity in the extensions", open + signature("#a", "") + `<Extensions>` + inner + `</Extensions><IDPSSODescriptor/></EntityDescriptor>`, 2, 1, true, 0, "#a"},
		{"two entities at the top", open + signature("", "") + `<IDPSSODescriptor/></EntityDescriptor>` + strings.Replace(inner, "<EntityDescriptor", `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"`, 1), 2, 1, false, 0, ""},
		{"an ID that stands twice", open + signature("#a", "") + `<IDPSSODescriptor ID="a"/></EntityDescriptor>`, 1, 0, false, 1, "#a"},
		{"the whole document", open + signature("", "") + `<IDPSSODescriptor/></EntityDescriptor>`, 1, 0, true, 0, ""},
		{"a list of entities", `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ID="l">` + signature("#l", "") + strings.Replace(inner, "inner", "outer", 1) + `</EntitiesDescriptor>`, 1, 0, true, 0, "#l"},
	} {
		t.Run(c.name, func(t *testing.T) {
			record, gaps := idp(t, c.text)
			if len(record.Documents) != 1 || len(record.Documents[0].Signatures) != 1 {
				t.Fatalf("%+v %s", record, gaps)
			}
			d := record.Documents[0]
			if d.Entities != c.entities || d.NestedEntities != c.nested || len(d.DuplicateIDs) != c.duplicates || d.Signatures[0].CoversParent != c.covers || d.Signatures[0].Reference != c.firstReference {
				t.Errorf("%+v\n%s", d, gaps)
			}
			nested := 0
			for _, e := range record.Entities {
				if e.Nested {
					nested++
				}
			}
			for _, e := range record.Endpoints {
				if e.Nested != strings.Contains(e.Host, "inner") {
					t.Errorf("%+v", e)
				}
			}
			if nested != c.nested {
				t.Errorf("%d entities are marked: %+v", nested, record.Entities)
			}
		})
	}
}

func TestHostileAndBrokenMetadataGivesGaps(t *testing.T) {
	good := descriptor(`<SingleSignOnService Binding="x:HTTP-POST" Location="https://sso.example/ls"/>`)
	laughs := `<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>` + descriptor("&b;&f;")
	for _, c := range []struct {
		name, text, want string
		endpoints        int
	}{
		{"nothing", "", "no XML document", 0},
		{"no XML", "just words", "text outside of the document element", 0},
		{"entities", laughs, "a document type declaration is not read", 0},
		{"deep nesting", strings.Repeat("<a>", 1000), "nested more than 64 deep", 0},
		{"many elements", "<a>" + strings.Repeat("<b/>\n", 20_100), "more than 20000 elements", 0},
		{"many attributes", "<EntityDescriptor" + attributes(500) + "/>", "more than 64 attributes", 0},
		{"a huge attribute", descriptor(`<SingleSignOnService Binding="b" Location="https://x/` + strings.Repeat(".", 70_000) + `"/>`), "an attribute is longer", 0},
		{"a huge text", descriptor(`<NameIDFormat>` + strings.Repeat(".", 70_000) + `</NameIDFormat>`), "a text is longer", 0},
		{"a huge file", strings.Repeat("x", 5<<20), "more than 4194304", 0},
		{"cut off", good[:len(good)-30], "", 1},
		{"a tag that is not closed", strings.Replace(good, "</IDPSSODescriptor>", "", 1), "IDPSSODescriptor is not closed", 1},
		{"an end tag alone", good + "</x>", "an end tag without its start tag", 1},
		{"end tags without end", good + strings.Repeat("</x>", 1000), "too many mistakes", 1},
		{"not UTF-8", strings.Replace(good, "ls", "ls\xfc", 1), "read as Latin-1", 1},
		{"another namespace", strings.Replace(good, "2.0:metadata", "1.0:metadata", 1), "not in the namespace", 0},
		{"no entity", `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"/>`, "no EntityDescriptor", 0},
		{"no role", `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"/>`, "neither a service provider", 0},
		{"a place that is none", descriptor(`<SingleSignOnService Binding="b" Location="/ls"/>`), "no absolute URL", 1},
		{"a port that is none", descriptor(`<SingleSignOnService Binding="b" Location="https://x:99999/"/>`), "no absolute URL", 1},
		{"many keys without certificate", descriptor(strings.Repeat(`<KeyDescriptor/>`, 500)), "more places could not be read", 0},
		{"a key without certificate", descriptor(`<KeyDescriptor use="signing"/>`), "a key without a certificate", 0},
		{"a certificate that is none", descriptor(`<KeyDescriptor><a xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Certificate>AAAA</X509Certificate></a></KeyDescriptor>`), "does not parse", 0},
		{"a certificate that redaction cut into", descriptor(`<KeyDescriptor><a xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Certificate>MIIB[redacted:credential:0]</X509Certificate></a></KeyDescriptor>`), "taken for a secret", 0},
		{"a time that is none", strings.Replace(good, "entityID", `validUntil="tomorrow" entityID`, 1), "validUntil is no time", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			record, gaps := idp(t, c.text)
			if gaps == "" || !strings.Contains(gaps, c.want) {
				t.Errorf("gaps: %s", gaps)
			}
			if len(record.Endpoints) != c.endpoints {
				t.Errorf("endpoints %+v\n%s", record.Endpoints, gaps)
			}
			if len(record.Documents) > 0 && record.Documents[0].Complete {
				t.Error("the document counts as complete")
			}
		})
	}
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ` a%d="x"`, i)
	}
	return b.String()
}

func TestSixteenBitMetadataIsRead(t *testing.T) {
	text := `<?xml version="1.0" encoding="utf-16"?>` + descriptor(`<SingleSignOnService Binding="x:HTTP-POST" Location="https://sso.example/ls"/>`)
	wide := []byte{0xff, 0xfe}
	for _, c := range []byte(text) {
		wide = append(wide, c, 0)
	}
	record, gaps := idp(t, string(wide))
	if gaps != "" || len(record.Endpoints) != 1 || record.Endpoints[0].Host != "sso.example" {
		t.Errorf("%+v\n%s", record, gaps)
	}
}

func TestClientsAreReadStrictlyAndOneByOne(t *testing.T) {
	record, gaps := clients(t, strings.Join([]string{
		"- client: FINESSE",
		"  redirect_uris: [\"https://*.agents.example/desktop/sso/authcode\", 'http://x.example:8080/a?b#c', /relative, {a: b}]",
		"- client: OTHER",
		"  redirect_uri: https://typo.example/",
		"- just a word",
		"- client: LAST",
		"  redirect_uris: [\"https://user:canary-1@last.example/\"]",
	}, "\n"))
	var redirects []string
	for _, r := range record.Redirects {
		redirects = append(redirects, fmt.Sprintf("%s %v %s %s %d %v %v %v", r.Client, r.Absolute, r.Scheme, r.Host, r.Port, r.Wildcard, r.Query, r.Fragment))
	}
	want := []string{
		"FINESSE true https *.agents.example 443 true false false", "FINESSE true http x.example 8080 false true true", "FINESSE false   0 false false false",
	}
	if len(redirects) == 4 {
		redirects = redirects[:3] // the last one depends on what redaction left
	}
	if diff := cmp.Diff(want, redirects); diff != "" {
		t.Error(diff)
	}
	if len(record.Clients) != 3 || record.Clients[1].Redirects != 0 || record.Clients[0].Redirects != 3 {
		t.Errorf("%+v", record.Clients)
	}
	for _, part := range []string{"2 c.yaml: a redirect URI is no absolute URL", "2 c.yaml: a redirect URI is no text", "4 c.yaml: a client has the keys", "3 c.yaml: a client without redirect_uris", "5 c.yaml: an entry is no client"} {
		if !strings.Contains(gaps, part) {
			t.Errorf("no gap %q in\n%s", part, gaps)
		}
	}
	text, err := json.Marshal(record)
	if err != nil || strings.Contains(string(text), "canary-1") {
		t.Errorf("a password is in the facts: %s", text)
	}
}

func TestHostileAndBrokenClientsGiveGaps(t *testing.T) {
	var laughs strings.Builder
	laughs.WriteString("a: &a0 [x]\n")
	for i := range 20 {
		fmt.Fprintf(&laughs, "b%d: &a%d [*a%d, *a%d, *a%d]\n", i, i+1, i, i, i)
	}
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "no list of clients"},
		{"a mapping", "client: x", "no list of clients"},
		{"no YAML", "- client: [\n", "not YAML"},
		{"aliases", laughs.String(), "no list of clients"},
		{"an alias as client", "- &x {client: A, redirect_uris: [\"https://a.example/\"]}\n- *x\n", "an entry is no client"},
		{"deep nesting", strings.Repeat("[", 50_000), "not YAML"},
		{"two documents", "- {client: A, redirect_uris: []}\n---\n- {client: B}\n", "what follows the first document"},
		{"too long", strings.Repeat(strings.Repeat(" ", 4000)+"\n", 70), "longer than"},
		{"a key twice", "- {client: A, client: B, redirect_uris: []}\n", "stands twice"},
		{"no name", "- {redirect_uris: []}\n", "without a name"},
		{"no clients", "[]\n", "no client in it"},
	} {
		if record, gaps := clients(t, c.text); !strings.Contains(gaps, c.want) {
			t.Errorf("%s: %+v, gaps: %s", c.name, record, gaps)
		}
	}
}

func TestNoSecretOfADocumentReachesAFact(t *testing.T) {
	const canary = "canary-Zq8"
	text := descriptor(`<!-- password=` + canary + ` --><Extensions><password>` + canary + `</password></Extensions>` +
		`<SingleSignOnService Binding="b" Location="https://u:` + canary + `@sso.example/ls?token=` + canary + `"/>`)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "idp.xml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got := collect(t, dir, evidence.Site{IdP: evidence.IdP{Metadata: "idp.xml"}})
	out, err := json.Marshal(got)
	if err != nil || strings.Contains(string(out), canary) {
		t.Errorf("%s", out)
	}
}

func FuzzMetadata(f *testing.F) {
	for _, name := range []string{"sp-lan.xml", "idp.xml", "ids-clients.yaml"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`)
	f.Add(`<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="://["><SPSSODescriptor><A Location="://["/></SPSSODescriptor></EntityDescriptor></a>`)
	f.Add("- &a {client: x, redirect_uris: [*a]}\n- {<<: *a}")
	f.Fuzz(func(t *testing.T, text string) {
		declared := evidence.Site{IdP: evidence.IdP{Metadata: "x"}, IdSClients: "x"}
		got, err := saml.Collector{}.Collect(t.Context(), evidence.Target{Kind: evidence.KindSite, Subject: "site", Site: &declared, Files: xmltreetest.Raw(text), Now: time.Now})
		if err != nil || len(got.Sections.SAML) != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		record := got.Sections.SAML[0]
		if len(record.Documents) != 1 || record.Documents[0].Complete != !hasGap(got.Gaps, "saml/idp") {
			t.Errorf("%+v %+v", record.Documents, got.Gaps)
		}
		for _, e := range record.Endpoints {
			if e.Host == "" && !hasGap(got.Gaps, "saml/idp") {
				t.Errorf("%+v", e)
			}
		}
	})
}

func hasGap(gaps []evidence.Gap, subject string) bool {
	for _, g := range gaps {
		if g.Subject == subject {
			return true
		}
	}
	return false
}
