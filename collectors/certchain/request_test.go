// SPDX-License-Identifier: Apache-2.0

package certchain_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lockedRequest asks for a certificate with a challenge password (RFC 2985,
// section 5.4.1).
const lockedRequest = "attributes=attrs\n[dn]\nCN=fin-a.corp.example\n[attrs]\nchallengePassword=canary-Zq8-pass\n"

func TestOfARequestWithAChallengePasswordOnlyThatIsKnown(t *testing.T) {
	f := newFolder(t)
	f.authority("root", ecKey)
	f.request("tomcat", ecKey, lockedRequest)
	f.sign("tomcat", "root", "subjectAltName=DNS:fin-a.corp.example\n")
	f.request("other", ecKey, plainRequest)
	f.write("certs/tomcat.pem", f.read("tomcat.pem")+f.read("root.pem"))
	f.write("certs/tomcat.csr", "a comment\n"+f.read("tomcat.csr")+f.read("other.csr")+"-----BEGIN CERTIFICATE REQUEST-----\n*\n-----END CERTIFICATE REQUEST-----\n")
	got := f.collect(node("fin-a", "certs"))
	if len(got.Sections.CertChain) != 1 || len(got.Sections.CertChain[0].Requests) != 2 {
		t.Fatalf("%+v", got)
	}
	var gaps []string
	for _, g := range got.Gaps {
		gaps = append(gaps, fmt.Sprintf("%s %s:%d %s", g.Part, g.Source.Artifact, g.Source.Line, g.Reason))
	}
	want := []string{
		"requests certs/tomcat.csr:2 certs/tomcat.csr: the request holds a challenge password, so that its text was withheld; what else it asks for is not known",
		fmt.Sprintf("requests certs/tomcat.csr:%d certs/tomcat.csr: the request is no PEM", got.Sections.CertChain[0].Requests[1].Source.Line+strings.Count(f.read("other.csr"), "\n")),
	}
	if diff := cmp.Diff(want, gaps); diff != "" {
		t.Error(diff)
	}
	locked, other := got.Sections.CertChain[0].Requests[0], got.Sections.CertChain[0].Requests[1]
	if !locked.ChallengePassword || locked.Signed.Known || locked.SameKey.Known || locked.Certificate != "" || locked.CommonName != "" || locked.Unit != "tomcat" || locked.Source.Line != 2 {
		t.Errorf("%+v", locked)
	}
	if other.ChallengePassword || !other.Signed.Value || other.CommonName != "fin-a.corp.example" || other.Source.Line < 4 {
		t.Errorf("%+v", other)
	}
	text, err := json.Marshal(got)
	if err != nil || strings.Contains(string(text), "canary") {
		t.Errorf("a challenge password is in the facts: %s", text)
	}
}
