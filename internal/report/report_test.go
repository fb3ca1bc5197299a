// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // holds the OASIS schema
	"github.com/xeipuuv/gojsonschema"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/report"
)

var update = flag.Bool("update", false, "write the golden files again")

// sample is a result with every kind of verdict, and with hostile text in it.
func sample() *report.Result {
	rule := func(id, title string, severity finding.Severity, refs ...string) finding.Rule {
		return finding.Rule{
			ID: id, Title: title, Why: "Because | of <this> & that.", Fix: "Do it.", References: append([]string{}, refs...),
			Controls: []string{"TLS-01"}, Severity: severity, Needs: []string{"tlsposture"}, Optional: []string{}, Aliases: []string{},
		}
	}
	found := func(id, subject, key, message string, sources ...finding.Source) finding.Finding {
		return finding.Finding{Key: key, Message: message, Fix: "Do it.", Fingerprint: finding.Fingerprint(id, subject, key), Sources: sources}
	}
	verdict := func(id, subject string, o finding.Outcome, s finding.Severity, reason string, f ...finding.Finding) finding.Verdict {
		return finding.Verdict{Rule: id, Subject: subject, Outcome: o, Severity: s, Controls: []string{"TLS-01"}, Reason: reason, Findings: append([]finding.Finding{}, f...)}
	}
	listener := "edge/rp-a/listener/desk-a.agents.example:8445"
	withWitness := found("tls/old", listener, "TLSv1.0", "desk-a.agents.example:8445 accepts TLSv1.0", finding.Source{Host: "desk-a.agents.example", Port: 8445, Vantage: "internet", Origin: evidence.Origin{Kind: evidence.Observed}})
	withWitness.Witness = &finding.Witness{Kind: "handshake", Text: "ClientHello offering only TLSv1.0"}
	waived := verdict("http/list", "edge/rp-a/server/a:1", finding.Fail, finding.Medium, "",
		found("http/list", "edge/rp-a/server/a:1", "autoindex", "autoindex is on",
			finding.Source{Artifact: "rp-a/tree/a b/ünï.conf", Line: 3, Column: 5, SHA256: "00", Excerpt: "server {\n  autoindex on;\n}"}))
	waived.Waived = &finding.Waived{ID: "W-1", Reason: "until the move", Owner: "anna", Approver: "ben", Expires: "2026-12-31T00:00:00Z"}
	deviates := verdict("http/keep", "edge/rp-a/server/a:1", finding.Fail, finding.Info, "",
		found("http/keep", "edge/rp-a/server/a:1", "keepalive", "keepalive_timeout is 20s", finding.Source{Artifact: "/etc/nginx/../nginx.conf", Line: 9}, finding.Source{Artifact: "site.yaml", Line: 2, Column: 3}))
	deviates.Findings[0].Deviation = &finding.Deviation{Reference: "P5"}
	hostile := found("map/bad", "map/x\x1b[31m", "k", "an entry with \x1b]0;title\x07 and \u202eright-to-left and a very/long/path/that/does/not/fit/into/any/column/of/the/table.conf", finding.Source{Artifact: "proxymap.txt", Line: 1, Column: 1})
	question, open := rule("attest/NET-01", "Two firewalls", finding.High), verdict("attest/NET-01", "site", finding.Manual, finding.High, "awaits an answer: Do two firewalls stand?")
	question.Controls, open.Controls = []string{"NET-01"}, []string{"NET-01"}
	r := &report.Result{
		Schema: report.Schema, At: "2026-01-02T03:04:05Z", Tool: report.Tool{Version: "v1.2.3"},
		Site:    report.Site{Name: "acme", Edges: []string{"rp-a"}, Listeners: []string{listener}, Nodes: []string{}, Clusters: []string{}, Zones: []string{}, File: "site.yaml", Targets: []report.TargetRef{{Subject: "edge/rp-a", Line: 4}}},
		Profile: report.Profile{Name: "finesse-12.6.1", Release: "12.6(1)", Overlays: []string{}, ES: "unknown", Contradictions: []report.Contradiction{}},
		Evidence: report.Evidence{
			Digest: "abc", At: "2026-01-02T03:04:05Z", Vantage: "internet",
			Gaps: []report.Gap{{Section: "vos", Subject: "node/fin-a", Reason: "unreachable"}},
		},
		OutOfScope: []report.OutOfScope{{Section: "framing", Target: "*", Reason: "no embedding"}},
		Rules: []finding.Rule{
			rule("http/keep", "Keep-alive is long", finding.Low), rule("http/list", "Folder is listed", finding.Medium),
			rule("map/bad", "Entry is unreadable", finding.Critical), rule("tls/old", "Listener accepts a retired TLS version", finding.High, "https://www.rfc-editor.org/rfc/rfc8996"),
			rule("vos/x", "Something about nodes", finding.High), question,
		},
		Proofs: []report.Proof{},
		Attestations: []report.Attestation{{
			Control: "NET-04", Subject: "site", Statement: "seen", Answer: "yes", By: "Anna", At: "2026-01-01T00:00:00Z",
			ValidUntil: "2027-01-01T00:00:00Z", Evidence: "rules.txt", Artifact: "attestations.yaml", Line: 1, Outcome: finding.Pass,
		}},
		Controls: []report.Control{
			{ID: "TLS-01", Title: "TLS", Kind: "A", Clauses: []string{"S1"}, Outcome: finding.Fail, Rules: []string{"tls/old"}},
			{
				ID: "NET-01", Title: "Two firewalls", Kind: "H", Clauses: []string{"S1"}, Outcome: finding.Manual, Rules: []string{},
				Attestation: &report.ControlAttestation{Rule: "attest/NET-01", Question: "Do two firewalls stand?", Outcome: finding.Manual},
			},
		},
		Verdicts: []finding.Verdict{
			deviates, waived, verdict("map/bad", "map/x\x1b[31m", finding.Fail, finding.Critical, "", hostile),
			verdict("tls/old", listener, finding.Fail, finding.High, "", withWitness),
			verdict("tls/old", "edge/rp-b/listener/b:1", finding.Pass, finding.High, ""),
			verdict("vos/x", "node/fin-a", finding.Unknown, finding.High, "vos: node/fin-a: unreachable"),
			verdict("vos/x", "node/fin-b", finding.NotApplicable, finding.High, "vos of node/fin-b is out of scope"),
			open,
		},
	}
	r.Summary = report.Summarize(r.Verdicts)
	return r
}

func TestReportsAreAsTheyWere(t *testing.T) {
	for _, c := range []struct {
		format, file string
		options      report.Options
	}{
		{"table", "table.golden", report.Options{}},
		{"table", "table-narrow.golden", report.Options{Width: 70}},
		{"json", "result.golden.json", report.Options{}},
		{"sarif", "sarif.golden.json", report.Options{}},
	} {
		var got bytes.Buffer
		if err := report.Write(&got, sample(), c.format, c.options); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", c.file)
		if *update {
			if err := os.WriteFile(golden, got.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s differs (-update writes it again):\n%s", c.file, diff)
		}
	}
}

func TestNoControlCharacterReachesATerminal(t *testing.T) {
	var got bytes.Buffer
	if err := report.Write(&got, sample(), "table", report.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"\x1b", "\x07", "\u202e"} {
		if strings.Contains(got.String(), bad) {
			t.Errorf("%q is in the table", bad)
		}
	}
	for _, line := range strings.Split(got.String(), "\n") {
		if n := len([]rune(line)); n > 125 {
			t.Errorf("a line is %d columns wide: %q", n, line)
		}
	}
}

// sarifSchema extracts the OASIS schema from the module that carries it.
func sarifSchema(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(strings.TrimSpace(string(out)), "pkg/report/v210/sarif/schema.go")
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	schema := ""
	ast.Inspect(parsed, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && len(lit.Value) > len(schema) {
			schema = lit.Value
		}
		return true
	})
	text, err := strconv.Unquote(schema)
	if err != nil || !strings.Contains(text, "SARIF") {
		t.Fatalf("no schema in %s: %v", file, err)
	}
	return text
}

func TestSARIFIsValidByTheOASISSchema(t *testing.T) {
	schema, err := gojsonschema.NewSchema(gojsonschema.NewStringLoader(sarifSchema(t)))
	if err != nil {
		t.Fatal(err)
	}
	empty := sample()
	empty.Verdicts, empty.Evidence.Gaps, empty.Rules = nil, nil, nil
	for name, r := range map[string]*report.Result{"all kinds of verdict": sample(), "no finding": empty} {
		var got bytes.Buffer
		if err := report.Write(&got, r, "sarif", report.Options{}); err != nil {
			t.Fatal(err)
		}
		result, err := schema.Validate(gojsonschema.NewBytesLoader(got.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range result.Errors() {
			t.Errorf("%s: %s", name, e)
		}
	}
	if result, err := schema.Validate(gojsonschema.NewStringLoader(`{"version": "2.1.0"}`)); err != nil || result.Valid() {
		t.Error("the schema accepts a log without runs, so it proves nothing")
	}
}

// TestSARIFHasWhatItsReadersNeed holds the log to what GitHub, DefectDojo,
// SonarQube and Azure DevOps ask for beyond the schema.
func TestSARIFHasWhatItsReadersNeed(t *testing.T) {
	var got bytes.Buffer
	if err := report.Write(&got, sample(), "sarif", report.Options{}); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID                                      string
						ShortDescription, FullDescription, Help struct{ Text string }
						HelpURI                                 string `json:"helpUri"`
						Properties                              map[string]any
					}
				}
			}
			Invocations []struct {
				Notifications []struct{ Message struct{ Text string } } `json:"toolExecutionNotifications"`
			}
			Results []struct {
				RuleID    string `json:"ruleId"`
				RuleIndex int    `json:"ruleIndex"`
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI, URIBaseID string }
						Region           struct{ StartLine int }
					}
					LogicalLocations []struct{ FullyQualifiedName string }
				}
				PartialFingerprints map[string]string
				Suppressions        []struct{ Kind, Justification string }
			}
		}
	}
	if err := json.Unmarshal(got.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	seen := map[string]bool{}
	for _, r := range run.Tool.Driver.Rules {
		if seen[r.ID] || r.ShortDescription.Text == "" || r.FullDescription.Text == "" || r.Help.Text == "" || r.HelpURI == "" {
			t.Errorf("rule %q repeats or lacks text", r.ID)
		}
		seen[r.ID] = true
	}
	if len(run.Results) != 4 {
		t.Fatalf("%d results", len(run.Results))
	}
	if run.Results[0].RuleID != "map/bad" {
		t.Errorf("the worst finding is not first: %s", run.Results[0].RuleID)
	}
	for _, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s: index %d is another rule", r.RuleID, r.RuleIndex)
		}
		if r.PartialFingerprints["primaryLocationLineHash"] == "" || r.PartialFingerprints["primaryLocationLineHash"] != r.PartialFingerprints["postern/v1"] {
			t.Errorf("%s: fingerprints %v", r.RuleID, r.PartialFingerprints)
		}
		if len(r.Locations) != 1 || len(r.Locations[0].LogicalLocations) != 1 {
			t.Fatalf("%s: locations %+v", r.RuleID, r.Locations)
		}
		uri := r.Locations[0].PhysicalLocation.ArtifactLocation.URI
		if uri == "" || strings.HasPrefix(uri, "/") || strings.Contains(uri, "..") || strings.Contains(uri, " ") {
			t.Errorf("%s: uri %q", r.RuleID, uri)
		}
		if r.RuleID == "tls/old" && (uri != "site.yaml" || r.Locations[0].PhysicalLocation.Region.StartLine != 4) {
			t.Errorf("a live finding lies at %s:%d, want the line that declares its edge", uri, r.Locations[0].PhysicalLocation.Region.StartLine)
		}
		if (len(r.Suppressions) == 1) != (r.RuleID == "http/list") {
			t.Errorf("%s: suppressions %+v", r.RuleID, r.Suppressions)
		}
	}
	if n := len(run.Invocations[0].Notifications); n != 2 {
		t.Errorf("%d notifications, want the unknown verdict and the gap", n)
	}
}

func TestTheExitStatusDependsOnTheResultOnly(t *testing.T) {
	r := sample()
	for severity, want := range map[finding.Severity]int{finding.Critical: 1, finding.High: 1, finding.Info: 1} {
		if got := r.ExitStatus(severity); got != want {
			t.Errorf("--fail-on %s: %d, want %d", severity, got, want)
		}
	}
	var kept []finding.Verdict
	for _, v := range r.Verdicts {
		if v.Outcome != finding.Fail || v.Waived != nil || v.Severity == finding.Info {
			kept = append(kept, v)
		}
	}
	r.Verdicts = kept
	for severity, want := range map[finding.Severity]int{finding.Critical: 0, finding.High: 3, finding.Medium: 3, finding.Info: 1} {
		if got := r.ExitStatus(severity); got != want {
			t.Errorf("without open findings, --fail-on %s: %d, want %d", severity, got, want)
		}
	}
}

func TestAResultReadsBack(t *testing.T) {
	var got, again bytes.Buffer
	if err := report.Write(&got, sample(), "json", report.Options{}); err != nil {
		t.Fatal(err)
	}
	back, err := report.Decode(got.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Write(&again, back, "json", report.Options{}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), again.Bytes()) {
		t.Error("a result that was read back is written differently")
	}
	for name, change := range map[string][2]string{
		"another schema":                 {report.Schema, "postern.result/v2"},
		"an outcome that does not exist": {`"outcome": "unknown"`, `"outcome": "UNKNOWN"`},
		"a severity that does not exist": {`"severity": "critical",\n      "controls"`, `"severity": "worst",\n      "controls"`},
		"an outcome that was changed":    {`"outcome": "fail",\n      "severity": "critical"`, `"outcome": "pass",\n      "severity": "critical"`},
		"a rule that is not described":   {`"rule": "vos/x"`, `"rule": "vos/y"`},
		"no verdict":                     {`"verdicts": [`, `"verdicts": [], "others": [`},
		"text after its end":             {"\n}\n", "\n}\n{}"},
	} {
		changed := strings.ReplaceAll(got.String(), strings.ReplaceAll(change[0], `\n`, "\n"), strings.ReplaceAll(change[1], `\n`, "\n"))
		if changed == got.String() {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := report.Decode([]byte(changed)); err == nil {
			t.Errorf("%s: the result was read", name)
		}
	}
}
