// SPDX-License-Identifier: Apache-2.0

package certchain_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/collectors/certchain"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

// gather runs the collector on a target whose files are given.
func gather(t *testing.T, files map[string]string, target evidence.Target) evidence.Collected {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	archive := target.Artifacts
	if archive == nil {
		archive = &evidence.Archive{}
	}
	opened := site.OpenFiles(dir, archive)
	t.Cleanup(func() { _ = opened.Close() })
	target.Files, target.Artifacts, target.Now = opened, archive, func() time.Time { return now }
	if target.Site == nil {
		target.Site = &evidence.Site{}
	}
	got, err := certchain.Collector{}.Collect(t.Context(), target)
	if err != nil || len(got.Sections.CertChain) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	return got
}

func edgeOf(certificates string, where evidence.NginxLocation) evidence.Target {
	return evidence.Target{
		Kind: evidence.KindEdge, Subject: "edge/rp-a", Edge: &evidence.Edge{Name: "rp-a", Subject: "edge/rp-a", Certificates: certificates, Nginx: where},
	}
}

var tree = evidence.NginxLocation{Root: "tree", Prefix: "nginx", Conf: "conf/nginx.conf"}

const main = `events {}
http {
  ssl_certificate ssl/edge.pem;
  ssl_certificate_key ssl/edge.key;
  server {
    listen 443 ssl;
    location / { proxy_ssl_trusted_certificate /etc/pki/corp.pem; proxy_pass https://10.1.0.11; }
  }
}
`

func TestCertificatesThatNginxNamesAreReadFromItsTree(t *testing.T) {
	root := authority(t, "Root", nil)
	edge := leaf(t, root, nil)
	got := gather(t, map[string]string{
		"tree/nginx/conf/nginx.conf": main, "tree/nginx/conf/ssl/edge.pem": encode(edge), "tree/etc/pki/corp.pem": encode(root.cert),
		"tree/nginx/conf/ssl/edge.key": "never read",
	}, edgeOf("", tree))
	record := got.Sections.CertChain[0]
	if len(record.Configured) != 2 || len(record.Certificates) != 2 || len(record.Chains) != 1 {
		t.Fatalf("%+v", record)
	}
	own, trusted := record.Configured[0], record.Configured[1]
	if own.Directive != "ssl_certificate" || !own.Read || own.Source.Artifact != "tree/nginx/conf/ssl/edge.pem" || own.Certificates[0] != record.Certificates[0].SHA256 {
		t.Errorf("%+v", own)
	}
	if trusted.Path != "/etc/pki/corp.pem" || !trusted.Read || record.Certificates[1].Place != evidence.PlaceTrust || record.Certificates[0].Place != evidence.PlaceFile {
		t.Errorf("%+v", trusted)
	}
	if !record.Certificates[0].Leaf || record.Chains[0].Subject != "edge/rp-a/file/ssl%2Fedge.pem" {
		t.Errorf("%+v", record.Chains)
	}
	// All that nginx uses is known: only what a folder alone tells is not.
	for _, g := range got.Gaps {
		if g.Part != "keys" && g.Part != "requests" && g.Part != "trusts" {
			t.Errorf("gap %+v", g)
		}
	}
}

func TestAFileThatTheTreeLacksIsLookedForInTheFolderByItsName(t *testing.T) {
	root := authority(t, "Root", nil)
	got := gather(t, map[string]string{
		"tree/nginx/conf/nginx.conf": main, "certs/edge.pem": encode(leaf(t, root, nil)), "certs/corp.pem": encode(root.cert),
	}, edgeOf("certs", tree))
	record := got.Sections.CertChain[0]
	if len(got.Gaps) != 0 {
		t.Errorf("%+v", got.Gaps)
	}
	if len(record.Configured) != 2 || !record.Configured[0].Read || record.Configured[1].Source.Artifact != "certs/corp.pem" {
		t.Errorf("%+v", record.Configured)
	}
	// What the folder has already is not listed twice.
	if len(record.Certificates) != 2 || len(record.Chains) != 1 {
		t.Errorf("%+v", record)
	}
}

func TestAFileOfADumpIsLookedForInTheFolder(t *testing.T) {
	root := authority(t, "Root", nil)
	got := gather(t, map[string]string{
		"dump.txt": "# configuration file /nginx/conf/nginx.conf:\n" + main + "\n", "certs/edge.pem": encode(leaf(t, root, nil)),
	}, edgeOf("certs", evidence.NginxLocation{Dump: "dump.txt"}))
	record := got.Sections.CertChain[0]
	if len(record.Configured) != 2 || !record.Configured[0].Read || record.Configured[1].Read || !strings.Contains(record.Configured[1].Reason, "in no dump") {
		t.Errorf("%+v", record.Configured)
	}
	if len(got.Gaps) != 1 || got.Gaps[0].Part != "configured" {
		t.Errorf("%+v", got.Gaps)
	}
}

func TestANameThatNginxComputesIsAGap(t *testing.T) {
	root := authority(t, "Root", nil)
	got := gather(t, map[string]string{
		"tree/nginx/conf/nginx.conf": "events {}\nhttp { server { listen 443 ssl; ssl_certificate $ssl_server_name.pem; } server { ssl_certificate broken.pem; } server { ssl_certificate ../../../x.pem; } }\n",
		"tree/nginx/conf/broken.pem": encode(root.cert)[:200], "certs/a.pem": encode(root.cert),
	}, edgeOf("certs", tree))
	if c := got.Sections.CertChain[0].Configured; len(c) != 3 || c[0].Read || c[1].Read || c[2].Read {
		t.Errorf("%+v", c)
	}
	if len(got.Gaps) != 3 {
		t.Errorf("%+v", got.Gaps)
	}
}

func TestTheMapServersCertificatesAreThoseThatItServed(t *testing.T) {
	root := authority(t, "Root", nil)
	server := leaf(t, root, nil)
	archive := &evidence.Archive{}
	archive.Add(evidence.ServedChain("site", "map.corp.example", 8443), []byte(encode(server)+encode(root.cert)))
	got := gather(t, map[string]string{"root.pem": encode(root.cert)}, evidence.Target{
		Kind: evidence.KindSite, Subject: "site", Artifacts: archive,
		Site: &evidence.Site{ProxyMap: evidence.MapLocation{URL: "https://map.corp.example:8443/proxymap.txt"}, Roots: []string{"root.pem"}},
	})
	record := got.Sections.CertChain[0]
	if m := record.MapServer; !m.Known || m.Host != "map.corp.example" || m.Port != 8443 || len(m.Certificates) != 2 || m.Source.Host != m.Host {
		t.Errorf("%+v", m)
	}
	if c := record.Chains[0]; c.Place != evidence.PlaceMapServer || c.Subject != "site/map" || !c.Trusted.Value || len(got.Gaps) != 0 {
		t.Errorf("%+v %+v", c, got.Gaps)
	}
}

func TestTheMapServersCertificatesMayBeDeclared(t *testing.T) {
	root := authority(t, "Root", nil)
	server := leaf(t, root, nil)
	got := gather(t, map[string]string{"root.pem": encode(root.cert), "map/a-ca.pem": encode(root.cert), "map/server.pem": encode(server)}, evidence.Target{
		Kind: evidence.KindSite, Subject: "site",
		Site: &evidence.Site{ProxyMap: evidence.MapLocation{File: "map.txt", Certificates: "map"}, Roots: []string{"root.pem"}},
	})
	record := got.Sections.CertChain[0]
	if m := record.MapServer; !m.Known || m.Source.Artifact != "map/server.pem" || len(m.Certificates) != 2 || m.Certificates[1] != record.Certificates[0].SHA256 {
		t.Errorf("%+v", m)
	}
	if len(got.Gaps) != 0 {
		t.Errorf("%+v", got.Gaps)
	}
}

func TestAMapServerOfWhichNothingIsKnownLeavesOnlyThatOpen(t *testing.T) {
	root := authority(t, "Root", nil)
	for name, where := range map[string]evidence.MapLocation{
		"not served": {URL: "https://map.corp.example/x"}, "a file": {File: "x"}, "nothing": {}, "no folder": {File: "x", Certificates: "gone"},
		"an authority only": {File: "x", Certificates: "map"},
	} {
		got := gather(t, map[string]string{"root.pem": encode(root.cert), "map/root.pem": encode(root.cert)}, evidence.Target{
			Kind: evidence.KindSite, Subject: "site", Site: &evidence.Site{ProxyMap: where, Roots: []string{"root.pem"}},
		})
		if len(got.Gaps) != 1 || got.Gaps[0].Part != "map_server" || got.Sections.CertChain[0].MapServer.Known {
			t.Errorf("%s: %+v", name, got.Gaps)
		}
	}
}
