// SPDX-License-Identifier: Apache-2.0

package layout_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/internal/xmltree/xmltreetest"
	"github.com/postern-audit/postern/collectors/layout"
	"github.com/postern-audit/postern/internal/evidence"
)

func collect(t *testing.T, text string) (evidence.Layout, string) {
	t.Helper()
	return run(t, xmltreetest.Document(text))
}

func run(t *testing.T, files evidence.Files) (evidence.Layout, string) {
	t.Helper()
	declared := evidence.Site{Layout: "layout.xml", DeclaredSource: evidence.Source{Artifact: "site.yaml", Line: 1}}
	got, err := layout.Collector{}.Collect(t.Context(), evidence.Target{Kind: evidence.KindSite, Subject: "site", Site: &declared, Files: files, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	var gaps []string
	for _, g := range got.Gaps {
		if g.Part == "gadget_files" {
			continue // none are declared
		}
		gaps = append(gaps, fmt.Sprintf("%s:%d %s", g.Source.Artifact, g.Source.Line, g.Reason))
	}
	if len(got.Sections.Layout) == 0 {
		return evidence.Layout{}, strings.Join(gaps, "\n")
	}
	return got.Sections.Layout[0], strings.Join(gaps, "\n")
}

func sample(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "layout.xml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func brief(record evidence.Layout) []string {
	var out []string
	for _, x := range record.Resources {
		out = append(out, fmt.Sprintf("%d %s %s %s %s %d %s:%d %s", x.Source.Line, x.Kind, x.Role, x.Place, x.Tab, x.Column, x.Host, x.Port, x.Path))
	}
	return out
}

var sampleResources = []string{
	"9 component  header  0 :0 /desktop/scripts/js/logo.js",
	"16 component  header  0 :0 /desktop/scripts/js/identity-component.js",
	"25 gadget Agent page  0 :0 /desktop/scripts/js/callcontrol.js",
	"34 gadget Agent tab home 1 :0 /desktop/scripts/js/queueStatistics.js",
	"35 gadget Agent tab home 1 cuic-a.corp.example:8444 /cuic/gadget/LiveData/LiveDataGadget.xml",
	"45 gadget Supervisor page  0 :0 /desktop/scripts/js/callcontrol.js",
	"54 gadget Supervisor tab home 1 :0 /desktop/scripts/js/teamPerformance.js",
	"55 gadget Supervisor tab home 1 :0 /desktop/scripts/js/teamMessage.js",
}

func TestTheSampleLayoutReadsWithoutAGap(t *testing.T) {
	record, gaps := collect(t, sample(t))
	if gaps != "" {
		t.Fatal(gaps)
	}
	if diff := cmp.Diff(sampleResources, brief(record)); diff != "" {
		t.Error(diff)
	}
	if record.Version != "1261.01" || record.Wrapped || strings.Join(record.Roles, " ") != "Agent Supervisor" || len(record.Tabs) != 2 || record.Tabs[0].Gadgets != 2 || record.Tabs[0].Columns != 1 {
		t.Errorf("%+v", record)
	}
	if x := record.Resources[7]; x.ManagedBy != "team-performance" || !x.Relative || x.JSP {
		t.Errorf("%+v", x)
	}
	live := record.Resources[4]
	if live.Relative || !live.HasPort || live.Scheme != "https" || live.JSP || len(live.Parameters) != 3 || live.Parameters[2].Name != "filterId_1" || live.Parameters[2].Value != "agent.id=CL teamName" {
		t.Errorf("%+v", live)
	}
}

func TestAnAnswerOfTheLayoutAPIGivesTheSameFacts(t *testing.T) {
	text := sample(t)
	var escaped strings.Builder
	if err := xml.EscapeText(&escaped, []byte(text)); err != nil {
		t.Fatal(err)
	}
	// EscapeText writes line breaks as references; the API leaves them.
	plain := strings.NewReplacer("&#xA;", "\n", "&#x9;", "\t").Replace(escaped.String())
	for _, c := range []struct {
		name, text string
		shift      int // of the lines; -1 when all are the first
	}{
		{"escaped", "<LayoutConfig>\n<uri>/x</uri>\n<layoutxml>" + plain + "</layoutxml></LayoutConfig>", 2},
		{"escaped with its line breaks", "<LayoutConfig>\n<uri>/x</uri>\n<layoutxml>" + escaped.String() + "</layoutxml></LayoutConfig>", -1},
		{"as markup", "<TeamLayoutConfig>\n<layoutxml>" + text + "</layoutxml></TeamLayoutConfig>", 1},
		{"as CDATA", "<TeamLayoutConfig>\n<layoutxml><![CDATA[" + text + "]]></layoutxml></TeamLayoutConfig>", 1},
	} {
		record, gaps := collect(t, c.text)
		if gaps != "" || !record.Wrapped {
			t.Errorf("%s: %s", c.name, gaps)
		}
		var want []string
		for _, line := range sampleResources {
			number, rest, _ := strings.Cut(line, " ")
			n := 0
			if _, err := fmt.Sscan(number, &n); err != nil {
				t.Fatal(err)
			}
			if n += c.shift; c.shift < 0 {
				n = 3
			}
			want = append(want, fmt.Sprintf("%d %s", n, rest))
		}
		if diff := cmp.Diff(want, brief(record)); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}

func gadget(address string) string {
	return "<finesseLayout><layout><role>Agent</role><page><gadget>" + address + "</gadget></page></layout></finesseLayout>"
}

func TestAddressesAreTakenApart(t *testing.T) {
	for _, c := range []struct {
		address, want string
	}{
		{"https://Crm.Example/x.xml", "https crm.example 443 false rel=false ip=false short=false jsp=false"},
		{"http://10.1.0.5:8080/x.jsp?a=b", "http 10.1.0.5 8080 true rel=false ip=true short=false jsp=true"},
		{"//crm/x", "https crm 443 false rel=false ip=false short=true jsp=false"},
		{"/desktop/gadgets/CallControl.JSP", "  0 false rel=true ip=false short=false jsp=true"},
		{"3rdpartygadget/files/x.xml", "  0 false rel=true ip=false short=false jsp=false"},
		{"https://[2001:db8::1]:443/x", "https 2001:db8::1 443 true rel=false ip=true short=false jsp=false"},
		{"https://a.example/x?y=1&b=2", "https a.example 443 false rel=false ip=false short=false jsp=false"},
	} {
		record, gaps := collect(t, gadget(c.address))
		if gaps != "" || len(record.Resources) != 1 {
			t.Errorf("%s: %s", c.address, gaps)
			continue
		}
		x := record.Resources[0]
		if got := fmt.Sprintf("%s %s %d %v rel=%v ip=%v short=%v jsp=%v", x.Scheme, x.Host, x.Port, x.HasPort, x.Relative, x.IPAddress, x.Short, x.JSP); got != c.want {
			t.Errorf("%s: %s", c.address, got)
		}
	}
}

func TestAPreferenceThatNamesAServerIsSplit(t *testing.T) {
	for _, c := range []struct {
		value, host string
		port        int
		gap         string
	}{
		{"Crm.corp.example:8443", "crm.corp.example", 8443, ""},
		{"https%3A%2F%2Fcrm.corp.example", "crm.corp.example", 0, ""},
		{"crm.corp.example:99999", "crm.corp.example", 0, "a port that is none"},
		{"a b", "", 0, "no host and port"},
	} {
		record, gaps := collect(t, gadget("/3rdpartygadget/files/x.xml?ExternalServerHostAndPort2="+strings.ReplaceAll(c.value, " ", "%20")+"&amp;other=1"))
		p := record.Resources[0].Parameters
		if len(p) != 2 || !p[0].External || p[1].External || p[0].Host != c.host || p[0].Port != c.port || !strings.Contains(gaps, c.gap) || c.gap == "" && gaps != "" {
			t.Errorf("%s: %+v, gaps %s", c.value, p, gaps)
		}
	}
}

func TestHostileAndBrokenLayoutsGiveGaps(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		resources        int
	}{
		{"nothing", "", "no XML document", 0},
		{"another document", "<SystemInfo/>", "no finesseLayout element", 0},
		{"no gadget", "<finesseLayout><layout><role>Agent</role></layout></finesseLayout>", "the layout has no gadget", 0},
		{"no role", "<finesseLayout><layout><page><gadget>/x</gadget></page></layout></finesseLayout>", "a layout without a role", 1},
		{"no address", gadget(" "), "a gadget without an address", 1},
		{"no URL", gadget("https://x:y/"), "is no URL", 1},
		{"a port that is none", gadget("https://x:70000/"), "a port that is none", 1},
		{"no host", gadget("https:///x"), "no host", 1},
		{"bad escapes", gadget("/x?a=%zz"), "badly escaped", 1},
		{"two layouts", "<a>" + gadget("/x") + gadget("/y") + "</a>", "more than one layout", 2},
		{"cut off", gadget("/x") + "<a>", "ends inside a", 1},
		{"cut off in the middle", "<finesseLayout><layout><role>A</role><page><gadget>/x</gadget>", "ends inside page", 1},
		{"many gadgets", strings.Replace(gadget("/x"), "<gadget>/x</gadget>", strings.Repeat("<gadget>/x</gadget>", 3000), 1), "more than 2000", 2000},
		{"many wrong addresses", strings.Replace(gadget("/x"), "<gadget>/x</gadget>", strings.Repeat("<gadget/>", 500), 1), "more places could not be read", 500},
		{"deep nesting", strings.Repeat("<column>", 1000), "nested more than 64 deep", 0},
		{"a document type", "<!DOCTYPE x [<!ENTITY a \"b\">]>" + gadget("/&a;"), "a document type declaration is not read", 0},
		{"a layout in the text of a layout", "<layoutxml>&lt;layoutxml&gt;" + "x" + "&lt;/layoutxml&gt;</layoutxml>", "holds no layout", 0},
		{"a broken layout in an answer", "<LayoutConfig>\n<layoutxml>&lt;finesseLayout&gt;&lt;layout&gt;&lt;role&gt;A&lt;/role&gt;\n&lt;gadget&gt;/x&lt;/gadget&gt;</layoutxml></LayoutConfig>", "layout.xml:3 layout.xml: the document ends inside", 1},
		{"a huge file", strings.Repeat("x", 5<<20), "longer than", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			record, gaps := collect(t, c.text)
			if !strings.Contains(gaps, c.want) || len(record.Resources) != c.resources {
				t.Errorf("%d resources, gaps:\n%s", len(record.Resources), gaps)
			}
		})
	}
	none, err := layout.Collector{}.Collect(t.Context(), evidence.Target{Kind: evidence.KindSite, Subject: "site", Site: &evidence.Site{}})
	if err != nil || len(none.Gaps) != 1 || !strings.Contains(none.Gaps[0].Reason, "declares no layout") {
		t.Errorf("%+v, %v", none, err)
	}
}

func TestNoSecretOfALayoutReachesAFact(t *testing.T) {
	const canary = "canary-Zq8"
	record, _ := collect(t, strings.Replace(gadget("https://u:"+canary+"@crm.example/x?token="+canary), "<page>", "<!-- password: "+canary+" --><page>", 1))
	out, err := json.Marshal(record)
	if err != nil || strings.Contains(string(out), canary) {
		t.Errorf("%s", out)
	}
}

func FuzzLayout(f *testing.F) {
	f.Add(sample(f))
	f.Add(gadget("https://x:y/?a=%zz"))
	f.Add("<LayoutConfig><layoutxml>&lt;finesseLayout&gt;&lt;layout&gt;</layoutxml></LayoutConfig>")
	f.Add("<finesseLayout><layout><role/><tab><tab><column><gadget x:externalServerHostAndPort='a'/>")
	f.Fuzz(func(t *testing.T, text string) {
		record, gaps := run(t, xmltreetest.Raw(text))
		lines := strings.Count(text, "\n") + 1
		for _, x := range record.Resources {
			if x.Source.Line < 1 || x.Source.Line > lines+1 {
				t.Errorf("line %d of %d", x.Source.Line, lines)
			}
			if !x.Relative && x.Host == "" && gaps == "" {
				t.Errorf("%+v", x)
			}
		}
		if len(record.Resources) == 0 && gaps == "" {
			t.Error("silence")
		}
	})
}
