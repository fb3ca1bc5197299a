// SPDX-License-Identifier: Apache-2.0

package layout_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/postern-audit/postern/collectors/internal/xmltree/xmltreetest"
	"github.com/postern-audit/postern/collectors/layout"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

const crmGadget = `<?xml version="1.0" encoding="UTF-8"?>
<Module>
  <ModulePrefs title="Customer" description="Shows who calls">
    <Require feature="settitle"/>
    <Require feature="content-rewrite">
      <Param name="include-urls">.*</Param>
      <Param name="exclude-url">finesse\.min\.js</Param>
    </Require>
    <Optional feature="dynamic-height"/>
  </ModulePrefs>
  <UserPref name="scheme" datatype="hidden" default_value=""/>
  <UserPref name="externalServerHostAndPort1" datatype="hidden" required="true" default_value="Crm.corp.example:8443"/>
  <Content type="html"><![CDATA[
    <script type="text/javascript" src="/desktop/assets/js/finesse.min.js"></script>
    <SCRIPT src='https://crm.corp.example:8443/js/app.js'></SCRIPT>
  ]]></Content>
  <Content type="url" href="https://crm.corp.example/view"/>
</Module>
`

// declared collects gadget specifications of a folder.
func declared(t *testing.T, files map[string]string, s evidence.Site) (evidence.Layout, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opened := site.OpenFiles(dir, &evidence.Archive{})
	t.Cleanup(func() { _ = opened.Close() })
	return gadgetsOf(t, opened, s)
}

func gadgetsOf(t *testing.T, files evidence.Files, s evidence.Site) (evidence.Layout, string) {
	t.Helper()
	got, err := layout.Collector{}.Collect(t.Context(), evidence.Target{Kind: evidence.KindSite, Subject: "site", Site: &s, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, g := range got.Gaps {
		if g.Part == "gadget_files" {
			reasons = append(reasons, g.Reason)
		}
	}
	if len(got.Sections.Layout) == 0 {
		return evidence.Layout{}, strings.Join(reasons, "\n")
	}
	return got.Sections.Layout[0], strings.Join(reasons, "\n")
}

func TestASpecificationOfAGadgetIsTakenApart(t *testing.T) {
	record, gaps := declared(t, map[string]string{"gadgets/crm/customer.xml": crmGadget, "gadgets/README.md": "no gadget"}, evidence.Site{Gadgets: []string{"gadgets"}})
	if gaps != "" || len(record.GadgetFiles) != 1 || record.Target != "site" {
		t.Fatalf("%+v %s", record, gaps)
	}
	g := record.GadgetFiles[0]
	if g.Name != "crm/customer.xml" || g.Title != "Customer" || g.Source.Artifact != "gadgets/crm/customer.xml" || g.Source.Line != 3 {
		t.Errorf("%+v", g)
	}
	if len(g.Features) != 3 || !g.Features[1].Required || g.Features[2].Required || !g.Rewrites || g.Features[1].Source.Line != 5 {
		t.Errorf("%+v", g.Features)
	}
	if !slices.Equal(g.Includes, []string{".*"}) || !slices.Equal(g.Excludes, []string{`finesse\.min\.js`}) || !g.ExcludesFinesseScript.Value {
		t.Errorf("%+v", g)
	}
	if p := g.Preferences[1]; !p.External || p.Host != "crm.corp.example" || p.Port != 8443 || !p.Required || p.Source.Line != 12 {
		t.Errorf("%+v", p)
	}
	if len(g.Scripts) != 2 || g.Scripts[0].Host != "" || g.Scripts[0].Source.Line != 14 || g.Scripts[1].Host != "crm.corp.example" {
		t.Errorf("%+v", g.Scripts)
	}
	if len(g.Views) != 1 || g.Views[0].Path != "/view" {
		t.Errorf("%+v", g.Views)
	}
}

func TestWhetherTheScriptIsExcludedIsKnownOnlyFromPatternsThatAreRead(t *testing.T) {
	for pattern, want := range map[string]evidence.Optional[bool]{
		"":                 evidence.Known(false, evidence.Explicit),
		"other":            evidence.Known(false, evidence.Explicit),
		"Finesse.min.js":   evidence.Known(true, evidence.Explicit),
		"(?<!x)finesse.js": {Origin: evidence.Origin{Kind: evidence.Unresolved}},
	} {
		text := strings.Replace(crmGadget, `finesse\.min\.js`, strings.ReplaceAll(pattern, "<", "&lt;"), 1)
		record, _ := declared(t, map[string]string{"a.xml": text}, evidence.Site{Gadgets: []string{"a.xml"}})
		if got := record.GadgetFiles[0].ExcludesFinesseScript; got != want {
			t.Errorf("%q: %+v", pattern, got)
		}
	}
}

func TestGadgetsThatCannotBeReadAreAGapOfTheirOwn(t *testing.T) {
	many := strings.Replace(crmGadget, "  <UserPref", strings.Repeat(`<UserPref name="x"/>`, 300)+"\n  <UserPref", 1)
	files := map[string]string{"broken.xml": crmGadget[:200], "other.xml": "<a/>", "port.xml": strings.Replace(crmGadget, ":8443\"", ":84430\"", 1), "many.xml": many, "address.xml": strings.Replace(crmGadget, "/desktop/assets", "https://u:p@a b/", 1), "empty/x": ""}
	for name, want := range map[string]string{
		"broken.xml": "broken.xml", "other.xml": "no specification", "port.xml": "port that is none", "many.xml": "more than 200", "address.xml": "no URL", "empty": "no specification", "gone": "gone",
	} {
		if _, gaps := declared(t, files, evidence.Site{Gadgets: []string{name}}); !strings.Contains(gaps, want) {
			t.Errorf("%s: %s", name, gaps)
		}
	}
	if _, gaps := declared(t, nil, evidence.Site{Layout: "layout.xml"}); !strings.Contains(gaps, "declares no gadgets") {
		t.Errorf("%s", gaps)
	}
}

func FuzzGadget(f *testing.F) {
	f.Add(crmGadget)
	f.Add("<Module><ModulePrefs><Require feature='content-rewrite'><Param name='exclude-url'>(</Param></Require></ModulePrefs><Content><script src=a></Content></Module>")
	f.Fuzz(func(t *testing.T, text string) {
		record, gaps := gadgetsOf(t, xmltreetest.Raw(text), evidence.Site{Gadgets: []string{"a.xml"}})
		if len(record.GadgetFiles) == 0 && gaps == "" {
			t.Error("silence")
		}
		for _, g := range record.GadgetFiles {
			if !g.Rewrites && len(g.Excludes) > 0 {
				t.Errorf("%+v", g)
			}
		}
	})
}
