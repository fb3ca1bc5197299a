// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

// parametersOf writes a file like that of openssl dhparam; any odd number will do
// as a prime.
func parametersOf(bits uint) string {
	prime := new(big.Int).Lsh(big.NewInt(1), bits-1)
	der, err := asn1.Marshal(struct{ P, G *big.Int }{prime.SetBit(prime, 0, 1), big.NewInt(2)})
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "DH PARAMETERS", Bytes: der}))
}

func collectTree(t *testing.T, files map[string]string) (evidence.NginxRules, []evidence.Gap) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, "tree", name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	archive := &evidence.Archive{}
	opened := site.OpenFiles(dir, archive)
	t.Cleanup(func() { _ = opened.Close() })
	edge := evidence.Edge{Name: "rp-a", Subject: "edge/rp-a", Nginx: evidence.NginxLocation{Root: "tree", Prefix: "usr/nginx", Conf: "conf/nginx.conf"}}
	got, err := Collector{}.Collect(t.Context(), evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a", Edge: &edge, Site: &evidence.Site{}, Files: opened, Artifacts: archive,
	})
	if err != nil || len(got.Sections.NginxRules) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	return got.Sections.NginxRules[0], got.Gaps
}

func TestTheSizeOfDHParametersIsReadFromTheTree(t *testing.T) {
	record, gaps := collectTree(t, map[string]string{
		"usr/nginx/conf/nginx.conf": "events {}\nhttp {\n ssl_dhparam ssl/dh.pem;\n server { listen 443 ssl; }\n server { listen 444 ssl; ssl_dhparam /etc/dh-small.pem; }\n" +
			" server { listen 445 ssl; ssl_dhparam ssl/dh.pem; }\n}\n",
		"usr/nginx/conf/ssl/dh.pem": "made by somebody\n" + parametersOf(2048),
		"etc/dh-small.pem":          parametersOf(1024),
	})
	for _, g := range gaps {
		if g.Part == "dh_parameters" {
			t.Errorf("gap %+v", g)
		}
	}
	if len(record.DHParameters) != 2 {
		t.Fatalf("%+v", record.DHParameters)
	}
	big, small := record.DHParameters[0], record.DHParameters[1]
	if big.Path != "ssl/dh.pem" || big.Bits.Value != 2048 || big.Source.Artifact != "tree/usr/nginx/conf/ssl/dh.pem" || big.Source.Line != 2 {
		t.Errorf("%+v", big)
	}
	if small.Path != "/etc/dh-small.pem" || !small.Bits.Known || small.Bits.Value != 1024 {
		t.Errorf("%+v", small)
	}
}

func TestDHParametersThatCannotBeReadAreAGapOfTheirOwn(t *testing.T) {
	record, gaps := collectTree(t, map[string]string{
		"usr/nginx/conf/nginx.conf": "events {}\nhttp {\n server { listen 443 ssl; ssl_dhparam gone.pem; }\n server { listen 444 ssl; ssl_dhparam odd.pem; }\n" +
			" server { listen 445 ssl; ssl_dhparam dh.key; }\n server { listen 446 ssl; ssl_dhparam ../../../../out.pem; }\n}\n",
		"usr/nginx/conf/odd.pem": "-----BEGIN DH PARAMETERS-----\nMAMCAQA=\n-----END DH PARAMETERS-----\n",
		"usr/nginx/conf/dh.key":  parametersOf(2048),
	})
	if len(record.DHParameters) != 4 {
		t.Fatalf("%+v", record.DHParameters)
	}
	var reasons []string
	for _, g := range gaps {
		if g.Part == "dh_parameters" {
			reasons = append(reasons, g.Reason)
		}
	}
	all := strings.Join(reasons, "\n")
	if len(reasons) != 4 || !strings.Contains(all, "no prime") || !strings.Contains(all, "private key by its name") || !strings.Contains(all, "gone.pem") {
		t.Errorf("%s", all)
	}
	for _, d := range record.DHParameters {
		if d.Bits.Known || d.Reason == "" {
			t.Errorf("%+v", d)
		}
	}
}

func FuzzPrimeBits(f *testing.F) {
	f.Add([]byte(parametersOf(1024)))
	f.Add([]byte("-----BEGIN X9.42 DH PARAMETERS-----\nMAMCAQA=\n-----END X9.42 DH PARAMETERS-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		line, bits, err := primeBits(text)
		if line < 1 || err == nil && (bits < 1 || bits > maxDHBits) {
			t.Errorf("line %d, %d bits, %v", line, bits, err)
		}
	})
}
