// SPDX-License-Identifier: Apache-2.0

package cti_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/cti"
	"github.com/postern-audit/postern/collectors/internal/xmltree/xmltreetest"
	"github.com/postern-audit/postern/internal/evidence"
)

func run(t *testing.T, declared evidence.Site, files evidence.Files) (evidence.CTI, string) {
	t.Helper()
	declared.DeclaredSource = evidence.Source{Artifact: "site.yaml", Line: 1}
	got, err := cti.Collector{}.Collect(t.Context(), evidence.Target{Kind: evidence.KindSite, Subject: "site", Site: &declared, Files: files, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	var gaps []string
	for _, g := range got.Gaps {
		gaps = append(gaps, fmt.Sprintf("%s %d %s", g.Subject, g.Source.Line, g.Reason))
	}
	if len(got.Sections.CTI) == 0 {
		return evidence.CTI{}, strings.Join(gaps, "\n")
	}
	return got.Sections.CTI[0], strings.Join(gaps, "\n")
}

// settings collects from one document, with one server that is well declared.
func settings(t *testing.T, text string) (evidence.CTI, string) {
	t.Helper()
	return run(t, evidence.Site{
		FinesseConfig: "systemconfig.xml",
		CTI:           []evidence.CTIServer{{Instance: "CG1", Side: "a", SecuredPort: 42030, Mode: "secured", Certificates: "cti/"}},
	}, xmltreetest.Document(text))
}

func sample(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "systemconfig.xml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheSettingsOfFinesseAreRead(t *testing.T) {
	inner := "<cti>\n<host>PG-A.corp.example</host><port>42027</port><secure>FALSE</secure></cti>"
	for _, c := range []struct {
		name, text, a, b, rest string
		line                   int
	}{
		{"the whole export", sample(t), "pg-a.corp.example {true 42030 {explicit }}", "pg-b.corp.example {true 43030 {explicit }}", "{true 5000 {explicit }} {true true {explicit }}", 4},
		{"the element alone", inner, "pg-a.corp.example {true 42027 {explicit }}", " {false 0 {unresolved }}", "{false 0 {unresolved }} {true false {explicit }}", 1},
		{"deeper", "<a>\n<b>" + inner + "</b></a>", "pg-a.corp.example {true 42027 {explicit }}", " {false 0 {unresolved }}", "{false 0 {unresolved }} {true false {explicit }}", 2},
		{"an empty backup", strings.Replace(inner, "</cti>", "<backupHost/><backupPort></backupPort><peripheralId/></cti>", 1), "pg-a.corp.example {true 42027 {explicit }}", " {false 0 {unresolved }}", "{false 0 {unresolved }} {true false {explicit }}", 1},
	} {
		record, gaps := settings(t, c.text)
		if gaps != "" || len(record.Settings) != 1 {
			t.Errorf("%s: %+v\n%s", c.name, record.Settings, gaps)
			continue
		}
		s := record.Settings[0]
		got := []string{fmt.Sprintf("%s %v", s.A.Host, s.A.Port), fmt.Sprintf("%s %v", s.B.Host, s.B.Port), fmt.Sprintf("%v %v", s.PeripheralID, s.Secure)}
		if diff := cmp.Diff([]string{c.a, c.b, c.rest}, got); diff != "" || s.Source.Line != c.line {
			t.Errorf("%s: line %d\n%s", c.name, s.Source.Line, diff)
		}
	}
}

func TestWhatTheSettingsDoNotSayIsAGap(t *testing.T) {
	const head, tail = "<cti><host>a.example</host><port>42030</port>", "<secure>true</secure></cti>"
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "no cti element"},
		{"another document", "<SystemInfo/>", "no cti element"},
		{"an older release", head + "</cti>", "a cti element without secure"},
		{"no host", "<cti><port>1</port><secure>true</secure></cti>", "without host"},
		{"an empty host", "<cti><host/><port>1</port><secure>true</secure></cti>", "host is empty"},
		{"no port", "<cti><host>a</host><secure>true</secure></cti>", "without port"},
		{"a port that is none", "<cti><host>a</host><port>99999</port><secure>true</secure></cti>", "port is no number in its range"},
		{"a host that is none", "<cti><host>a b</host><port>1</port><secure>true</secure></cti>", "host is no host"},
		{"a switch that is none", head + "<secure>maybe</secure></cti>", "neither true nor false"},
		{"a backup without port", head + "<backupHost>b</backupHost>" + tail, "without backupPort"},
		{"a setting twice", head + "<port>42027</port>" + tail, "port stands twice"},
		{"two elements", "<a>" + head + tail + head + tail + "</a>", "more than one cti element"},
		{"many elements", "<a>" + strings.Repeat(head+tail, 100) + "</a>", "more than 50 cti elements"},
		{"many mistakes", "<cti>" + strings.Repeat("<x/>", 500) + "</cti>", "more places could not be read"},
		{"cut off", head, "the document ends inside cti"},
		{"a document type", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><cti><host>&x;</host></cti>", "a document type declaration is not read"},
		{"deep nesting", strings.Repeat("<a>", 1000), "nested more than 64 deep"},
		{"a huge file", strings.Repeat("x", 2<<20), "longer than"},
	} {
		if record, gaps := settings(t, c.text); !strings.Contains(gaps, c.want) {
			t.Errorf("%s: %+v\n%s", c.name, record.Settings, gaps)
		}
	}
}

func TestServersAreRecordedAsDeclared(t *testing.T) {
	at := evidence.Source{Artifact: "site.yaml", Line: 40}
	record, gaps := run(t, evidence.Site{CTI: []evidence.CTIServer{
		{Instance: "CG1", Side: "A", SecuredPort: 42030, Mode: "Secured", Certificates: "cti/", Source: at},
		{Instance: "CG3A", Side: "b", Source: at},
		{Instance: "main", Side: "a", SecuredPort: 70000, Mode: "open", Certificates: "cti/", Source: at},
		{Instance: "CG4", Side: "a", Mode: "non-secured", Certificates: "cti/", Source: at},
	}}, xmltreetest.Document(""))
	var got []string
	for _, d := range record.Declared {
		got = append(got, fmt.Sprintf("%s %v %s %v %s %q %d", d.Subject, d.InstanceNumber.Value, d.Side, d.SecuredPort.Value, d.Mode, d.Unit, d.Source.Line))
	}
	want := []string{
		`cti/CG1-a 1 a 42030 secured "cti/CG1-a" 40`, `cti/CG3A-b 3 b 0 unknown "" 40`, `cti/main-a 0 a 0 unknown "cti/main-a" 40`, `cti/CG4-a 4 a 0 non-secured "cti/CG4-a" 40`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, part := range []string{
		"cti/CG3A-b 40 the CTI server declares no mode", "cti/CG3A-b 40 the CTI server declares no secured_port", "cti/CG3A-b 40 the CTI server declares no certificates",
		"cti/main-a 40 the mode of the CTI server is none of", "cti/main-a 40 the secured_port of the CTI server is no port", "site 1 the site declares no finesse_config",
	} {
		if !strings.Contains(gaps, part) {
			t.Errorf("no gap %q in\n%s", part, gaps)
		}
	}
	if strings.Contains(gaps, "CG4") || strings.Contains(gaps, "CG1") {
		t.Error(gaps)
	}
	if _, gaps := run(t, evidence.Site{}, xmltreetest.Document("")); !strings.Contains(gaps, "the site declares no cti") {
		t.Error(gaps)
	}
}

func TestNoSecretOfAnExportReachesAFact(t *testing.T) {
	const canary = "canary-Zq8"
	record, gaps := settings(t, "<a><password>"+canary+"</password><cti><host>a</host><port>1</port><secure>true</secure><token>"+canary+"</token></cti></a>")
	out, err := json.Marshal(record)
	if err != nil || strings.Contains(string(out), canary) || strings.Contains(gaps, canary) {
		t.Errorf("%s\n%s", out, gaps)
	}
}

func FuzzSettings(f *testing.F) {
	f.Add(sample(f))
	f.Add("<cti><cti><host>a</host><port>-1</port></cti>")
	f.Add("<!DOCTYPE a><cti/>")
	f.Add("<a:cti xmlns:a='b'><host>[</host></a:cti>\xff")
	f.Fuzz(func(t *testing.T, text string) {
		record, gaps := run(t, evidence.Site{FinesseConfig: "x", CTI: []evidence.CTIServer{{Instance: "CG1", Side: "a", SecuredPort: 42030, Mode: "secured", Certificates: "cti/"}}}, xmltreetest.Raw(text))
		for _, s := range record.Settings {
			if gaps == "" && (s.A.Host == "" || !s.A.Port.Known || !s.Secure.Known) {
				t.Errorf("%+v", s)
			}
		}
		if len(record.Settings) == 0 && gaps == "" {
			t.Error("silence")
		}
	})
}
