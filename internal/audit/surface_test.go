// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"bytes"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
	"github.com/postern-audit/postern/internal/surface"
)

const surfaceSite = "site: acme\nprofile: finesse-12.6.1\nedges: [{name: rp-a}]\n"

// collectSite gathers a site of texts, through a bundle that was written and read.
func collectSite(t *testing.T, files map[string]string) (*evidence.Bundle, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file, err := site.Load(filepath.Join(dir, "site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := audit.Collect(t.Context(), file, audit.CollectOptions{Offline: true})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if _, err := b.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	b, err = evidence.ReadBundle(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return b, nil
}

func TestTheSurfaceOfASiteComesOutOfItsBundle(t *testing.T) {
	b, err := collectSite(t, map[string]string{
		"site.yaml":     surfaceSite + "surface: my-paths.yaml\n",
		"my-paths.yaml": "schema: postern.surface/v1\nname: acme\nextends: finesse-12.6.2\ncomponents:\n  - name: crm\n    paths:\n      - {path: /crm/**, methods: [GET], auth: auth}\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := audit.SurfaceOf(b, "finesse-12.6.1")
	if err != nil {
		t.Fatal(err)
	}
	crm := s.Find("", "crm", 443)
	if crm == nil || crm.Paths[0].At != (surface.Place{Artifact: "my-paths.yaml", Line: 7}) {
		t.Errorf("%+v", crm)
	}
	if s.Find("", "cuic", 443) == nil {
		t.Error("the surface is not laid over the one that it extends")
	}
	if kept, ok := b.Archive.Get("my-paths.yaml"); !ok || len(kept.SHA256) != 64 {
		t.Error("the bundle does not hold the file with its digest")
	}
}

func TestASiteWithoutASurfaceHasThatOfItsProfile(t *testing.T) {
	b, err := collectSite(t, map[string]string{"site.yaml": surfaceSite})
	if err != nil {
		t.Fatal(err)
	}
	s, err := audit.SurfaceOf(b, "uccx-12.5")
	if err != nil || s.Name != "uccx-12.5" {
		t.Errorf("%v, %v", s, err)
	}
	if _, err := audit.SurfaceOf(b, "finesse-9"); err == nil {
		t.Error("a profile that does not exist has a surface")
	}
}

func TestAMistakeInTheSurfaceEndsTheCollection(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"misspelt": {"schema: postern.surface/v1\nname: acme\ncomponent: []\n", "my-paths.yaml:3:1: unknown key"},
		"missing":  {"", "my-paths.yaml: no such file"},
	} {
		files := map[string]string{"site.yaml": surfaceSite + "surface: my-paths.yaml\n"}
		if c.text != "" {
			files["my-paths.yaml"] = c.text
		}
		_, err := collectSite(t, files)
		var mistake *surface.Error
		if !errors.As(err, &mistake) || !strings.Contains(err.Error(), c.want) || mistake.Hint() == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestABundleThatLacksTheSurfaceSaysSo(t *testing.T) {
	b, err := collectSite(t, map[string]string{"site.yaml": surfaceSite})
	if err != nil {
		t.Fatal(err)
	}
	b.Document.Site.Surface = "my-paths.yaml"
	if _, err := audit.SurfaceOf(b, "finesse-12.6.1"); !errors.Is(err, audit.ErrNoSurface) {
		t.Error(err)
	}
}

func TestTheComponentBehindAnUpstreamIsKnownByNodeMapAndPort(t *testing.T) {
	endpoint := func(host string, port int) evidence.Endpoint {
		return evidence.Endpoint{Host: host, Port: port, HasPort: true}
	}
	var doc evidence.Document
	doc.Site = evidence.Site{
		IdP: evidence.IdP{Host: "sts.agents.example"},
		Nodes: []evidence.Node{
			{Name: "fin-a", Role: "finesse", Host: "Fin-A.corp.example", Addresses: []string{"10.1.0.11", "2001:db8::11"}},
			{Name: "fin-b", Role: "finesse", Host: "fin-b.corp.example"},
			{Name: "cuic-a", Role: "cuic", Host: "cuic-a.corp.example"},
			{Name: "adfs", Role: "gadget", Host: "adfs.corp.example"},
		},
	}
	doc.ProxyMap = []evidence.ProxyMap{{Entries: []evidence.MapEntry{
		{Internal: endpoint("adfs.corp.example", 443), External: endpoint("STS.agents.example", 443)},
		{Internal: endpoint("ids-a.corp.example", 8553), External: endpoint("desk-a.agents.example", 8553)},
	}}}
	s, err := audit.SurfaceOf(&evidence.Bundle{}, "finesse-12.6.2")
	if err != nil {
		t.Fatal(err)
	}
	component, bare := audit.ComponentsOf(&doc, s), audit.ComponentsOf(&evidence.Document{}, s)
	for _, c := range []struct {
		find     func(string, []string) *surface.Component
		upstream string
		peers    []string
		want     string
	}{
		{component, "https://desk", []string{"fin-a.corp.example:8445"}, "finesse"},
		{component, "https://desk", []string{"10.1.0.11:8445", "fin-b.corp.example.:8445"}, "finesse"},
		{component, "https://desk", []string{"[2001:db8::11]:8445"}, "finesse"},
		{component, "https://desk", []string{"fin-a.corp.example:8443"}, ""},
		{component, "https://desk", []string{"fin-a.corp.example:8445", "cuic-a.corp.example:443"}, ""},
		{component, "https://reports", []string{"cuic-a.corp.example"}, "cuic"},
		{component, "http://reports", []string{"cuic-a.corp.example"}, ""},
		{component, "https://adfs", []string{"adfs.corp.example"}, "idp"},
		{component, "https://ids", []string{"ids-a.corp.example:8553"}, "ids"},
		{component, "https://x", []string{"stranger.example:8445"}, ""},
		{component, "http://x", []string{"unix:/run/x.sock"}, ""},
		{component, "http://x", nil, ""},
		{bare, "https://x", []string{"127.0.0.1:8445"}, "finesse"},
		{bare, "https://x", []string{"127.0.0.1:443"}, ""},
	} {
		got := ""
		if found := c.find(c.upstream, c.peers); found != nil {
			got = found.Name
		}
		if got != c.want {
			t.Errorf("%s %v: %q, want %q", c.upstream, c.peers, got, c.want)
		}
	}
}

// Every internal side of a clean site's map belongs to a component, but for the chat
// of Customer Collaboration Platform, of which no surface is published: a site may have
// one of its own for it.
func TestEveryMapEntryOfACleanSiteHasAComponent(t *testing.T) {
	for _, name := range sites(t, "clean") {
		file, err := site.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := audit.Collect(t.Context(), file, offline())
		if err != nil {
			t.Fatal(err)
		}
		s, err := audit.SurfaceOf(b, file.Site.Profile.Base)
		if err != nil {
			t.Fatal(err)
		}
		component, entries := audit.ComponentsOf(&b.Document, s), 0
		for _, m := range b.Document.ProxyMap {
			for _, e := range m.Entries {
				entries++
				peer := e.Internal.Host
				if e.Internal.HasPort {
					peer = net.JoinHostPort(peer, strconv.Itoa(e.Internal.Port))
				}
				found := component("https://x", []string{peer})
				if found == nil && !strings.HasPrefix(e.Internal.Host, "ccp.") {
					t.Errorf("%s: %s: component %v", name, e.Internal.Text, found)
				}
			}
		}
		if entries == 0 {
			t.Errorf("%s has no map", name)
		}
	}
}
