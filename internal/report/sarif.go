// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"sort"
	"strings"

	"github.com/postern-audit/postern/internal/finding"
)

// This writer maps a result to SARIF 2.1.0 (OASIS) in the subset that code
// scanning services agree on.
//
//   - One result a finding. The rule id is ours, the fingerprint both
//     primaryLocationLineHash (what GitHub reads) and postern/v1, so that an
//     edit above a finding does not reopen it.
//   - The first location is physical and relative, since SonarQube and
//     DefectDojo take only that one: the artifact, else the line of the site
//     file that declares the target. The subject is its logical location.
//   - Message texts hold no line numbers, since DefectDojo compares titles.
//   - Unknown verdicts are toolExecutionNotifications, not results: they are
//     no defects, and yet must not be lost. A verdict that was a finding in
//     the baseline is kept by the baseline's own writer.
//   - Waived findings carry a suppression and stay in the run.
//   - security-severity is critical 9.5, high 8.0, medium 5.5, low 2.0.
//
// A run without findings is a valid run with an empty list of results.

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	// maxSARIFResults is what GitHub reads of one run.
	maxSARIFResults = 25_000
	informationURI  = "https://github.com/postern-audit/postern"
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool              sarifTool                `json:"tool"`
	Invocations       []sarifInvocation        `json:"invocations"`
	OriginalURIBaseID map[string]sarifArtifact `json:"originalUriBaseIds,omitempty"`
	AutomationDetails *sarifAutomation         `json:"automationDetails,omitempty"`
	ColumnKind        string                   `json:"columnKind"`
	Results           []sarifResult            `json:"results"`
	Properties        sarifRunProps            `json:"properties"`
}

// sarifRunProps name what the site was judged by.
type sarifRunProps struct {
	Profile  string   `json:"profile"`
	Release  string   `json:"release"`
	Overlays []string `json:"overlays"`
	ES       string   `json:"es"`
}

type sarifAutomation struct {
	ID string `json:"id"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name            string      `json:"name"`
	Version         string      `json:"version"`
	SemanticVersion string      `json:"semanticVersion,omitempty"`
	InformationURI  string      `json:"informationUri"`
	Rules           []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID                   string         `json:"id"`
	Name                 string         `json:"name"`
	ShortDescription     sarifText      `json:"shortDescription"`
	FullDescription      sarifText      `json:"fullDescription"`
	Help                 sarifText      `json:"help"`
	HelpURI              string         `json:"helpUri,omitempty"`
	DefaultConfiguration sarifLevel     `json:"defaultConfiguration"`
	Properties           sarifRuleProps `json:"properties"`
}

type sarifLevel struct {
	Level string `json:"level"`
}

type sarifRuleProps struct {
	Tags             []string `json:"tags"`
	Precision        string   `json:"precision"`
	SecuritySeverity string   `json:"security-severity,omitempty"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifResult struct {
	RuleID              string             `json:"ruleId"`
	RuleIndex           int                `json:"ruleIndex"`
	Level               string             `json:"level"`
	Message             sarifText          `json:"message"`
	Locations           []sarifLocation    `json:"locations"`
	RelatedLocations    []sarifLocation    `json:"relatedLocations,omitempty"`
	PartialFingerprints sarifFingerprints  `json:"partialFingerprints"`
	Suppressions        []sarifSuppression `json:"suppressions,omitempty"`
	Properties          sarifResultProps   `json:"properties"`
}

type sarifFingerprints struct {
	LineHash string `json:"primaryLocationLineHash"`
	Postern  string `json:"postern/v1"`
}

type sarifResultProps struct {
	Subject  string `json:"subject"`
	Severity string `json:"severity"`
	Fix      string `json:"fix,omitempty"`
	Witness  string `json:"witness,omitempty"`
	// Deviation names the clause by which the vendor's own baseline demands what
	// was found.
	Deviation string `json:"deviation,omitempty"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}

type sarifLocation struct {
	ID               *int           `json:"id,omitempty"`
	PhysicalLocation *sarifPhysical `json:"physicalLocation,omitempty"`
	LogicalLocations []sarifLogical `json:"logicalLocations,omitempty"`
	Message          *sarifText     `json:"message,omitempty"`
}

type sarifPhysical struct {
	ArtifactLocation sarifArtifact `json:"artifactLocation"`
	Region           *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI       string `json:"uri,omitempty"`
	URIBaseID string `json:"uriBaseId,omitempty"`
	// Description stands for the root, whose place only the reader knows.
	Description *sarifText `json:"description,omitempty"`
}

type sarifRegion struct {
	StartLine   int        `json:"startLine"`
	StartColumn int        `json:"startColumn,omitempty"`
	Snippet     *sarifText `json:"snippet,omitempty"`
}

type sarifLogical struct {
	FullyQualifiedName string `json:"fullyQualifiedName"`
	Kind               string `json:"kind"`
}

type sarifInvocation struct {
	ExecutionSuccessful bool                `json:"executionSuccessful"`
	EndTimeUTC          string              `json:"endTimeUtc,omitempty"`
	Notifications       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	AssociatedRule *sarifReference `json:"associatedRule,omitempty"`
	Level          string          `json:"level"`
	Message        sarifText       `json:"message"`
}

type sarifReference struct {
	ID    string `json:"id"`
	Index int    `json:"index"`
}

func writeSARIF(w io.Writer, r *Result, _ Options) error {
	index := make(map[string]int, len(r.Rules))
	driver := sarifDriver{Name: "Postern", Version: r.Tool.Version, InformationURI: informationURI, Rules: []sarifRule{}}
	if strings.Count(r.Tool.Version, ".") == 2 {
		driver.SemanticVersion = strings.TrimPrefix(r.Tool.Version, "v")
	}
	for i, rule := range r.Rules {
		index[rule.ID] = i
		driver.Rules = append(driver.Rules, sarifRuleOf(rule))
	}
	run := sarifRun{
		Tool:              sarifTool{driver},
		AutomationDetails: &sarifAutomation{ID: "postern/" + Printable(r.Site.Name) + "/"},
		OriginalURIBaseID: map[string]sarifArtifact{"SRCROOT": {Description: &sarifText{Text: "the folder of the site file"}}},
		ColumnKind:        "utf16CodeUnits",
		Results:           []sarifResult{},
		Properties:        sarifRunProps{r.Profile.Name, r.Profile.Release, append([]string{}, r.Profile.Overlays...), r.Profile.ES},
	}
	invocation := sarifInvocation{ExecutionSuccessful: true, EndTimeUTC: r.At}
	for _, v := range r.Verdicts {
		rule, known := index[v.Rule]
		if !known {
			return fmt.Errorf("verdict of rule %q, which the result does not describe", v.Rule)
		}
		switch v.Outcome {
		case finding.Fail:
			for _, f := range v.Findings {
				run.Results = append(run.Results, sarifResultOf(r, v, f, rule))
			}
		case finding.Unknown:
			invocation.Notifications = append(invocation.Notifications, sarifNotification{
				AssociatedRule: &sarifReference{v.Rule, rule}, Level: "warning",
				Message: sarifText{Text: Printable(fmt.Sprintf("%s is not known for %s: %s", v.Rule, v.Subject, v.Reason))},
			})
		}
	}
	for _, g := range r.Evidence.Gaps {
		invocation.Notifications = append(invocation.Notifications, sarifNotification{
			Level: "note", Message: sarifText{Text: Printable(fmt.Sprintf("no evidence: %s of %s: %s", strings.TrimSuffix(g.Section+"."+g.Part, "."), g.Subject, g.Reason))},
		})
	}
	sort.SliceStable(run.Results, func(i, j int) bool {
		return rank(run.Results[i].Properties.Severity) < rank(run.Results[j].Properties.Severity)
	})
	if n := len(run.Results); n > maxSARIFResults {
		run.Results = run.Results[:maxSARIFResults]
		invocation.Notifications = append(invocation.Notifications, sarifNotification{
			Level: "warning", Message: sarifText{Text: fmt.Sprintf("%d results of least severity were left out; the JSON result has them", n-maxSARIFResults)},
		})
	}
	run.Invocations = []sarifInvocation{invocation}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

func rank(severity string) int {
	for i, s := range finding.Severities() {
		if string(s) == severity {
			return i
		}
	}
	return len(finding.Severities())
}

func sarifRuleOf(rule finding.Rule) sarifRule {
	out := sarifRule{
		ID: rule.ID, Name: sarifName(rule.ID),
		ShortDescription:     sarifText{Text: Printable(rule.Title)},
		FullDescription:      sarifText{Text: Printable(rule.Why)},
		DefaultConfiguration: sarifLevel{levelOf(rule.Severity)},
		Properties:           sarifRuleProps{Tags: []string{"security"}, Precision: "high", SecuritySeverity: securitySeverity(rule.Severity)},
	}
	help := fmt.Sprintf("%s\n\nFix: %s", Printable(rule.Why), Printable(rule.Fix))
	if len(rule.Controls) > 0 {
		help += "\n\nControls: " + strings.Join(rule.Controls, ", ")
	}
	out.Help = sarifText{Text: help, Markdown: strings.Replace(help, "\n\nFix: ", "\n\n**Fix:** ", 1)}
	out.HelpURI = informationURI + "/blob/main/policies/" + rule.ID + ".rego"
	if strings.HasPrefix(rule.ID, "attest/") || strings.HasPrefix(rule.ID, "waiver/") || strings.HasPrefix(rule.ID, "custom/") {
		out.HelpURI = informationURI // no module of ours stands behind it
	}
	if len(rule.References) > 0 {
		out.HelpURI = rule.References[0]
	}
	for _, c := range rule.Controls {
		if len(out.Properties.Tags) < 20 {
			out.Properties.Tags = append(out.Properties.Tags, c)
		}
	}
	return out
}

// sarifName turns "tls/legacy_protocol" into "TlsLegacyProtocol".
func sarifName(id string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(id, func(r rune) bool { return r == '/' || r == '_' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func levelOf(s finding.Severity) string {
	switch s {
	case finding.Critical, finding.High:
		return "error"
	case finding.Medium:
		return "warning"
	}
	return "note"
}

func securitySeverity(s finding.Severity) string {
	switch s {
	case finding.Critical:
		return "9.5"
	case finding.High:
		return "8.0"
	case finding.Medium:
		return "5.5"
	case finding.Low:
		return "2.0"
	}
	return ""
}

func sarifResultOf(r *Result, v finding.Verdict, f finding.Finding, rule int) sarifResult {
	out := sarifResult{
		RuleID: v.Rule, RuleIndex: rule, Level: levelOf(v.Severity),
		Message:             sarifText{Text: Printable(f.Message)},
		PartialFingerprints: sarifFingerprints{f.Fingerprint, f.Fingerprint},
		Properties:          sarifResultProps{Subject: v.Subject, Severity: string(v.Severity), Fix: Printable(f.Fix)},
	}
	if f.Witness != nil {
		out.Properties.Witness = Printable(f.Witness.Text)
	}
	if f.Deviation != nil {
		out.Properties.Deviation = Printable(f.Deviation.Reference)
	}
	logical := []sarifLogical{{FullyQualifiedName: Printable(v.Subject), Kind: "resource"}}
	for _, s := range f.Sources {
		if s.Artifact == "" || strings.Contains(s.Artifact, "://") {
			continue
		}
		loc := sarifLocation{PhysicalLocation: physical(s.Artifact, s.Line, s.Column)}
		if s.Excerpt != "" && loc.PhysicalLocation.Region != nil {
			loc.PhysicalLocation.Region.Snippet = &sarifText{Text: s.Excerpt}
		}
		if len(out.Locations) == 0 {
			loc.LogicalLocations = logical
			out.Locations = append(out.Locations, loc)
			continue
		}
		id := len(out.RelatedLocations)
		loc.ID, loc.Message = &id, &sarifText{Text: "also part of the finding"}
		out.RelatedLocations = append(out.RelatedLocations, loc)
	}
	if len(out.Locations) == 0 {
		out.Locations = []sarifLocation{{
			PhysicalLocation: physical(r.Site.File, declaredLine(r, v.Subject), 1), LogicalLocations: logical,
		}}
	}
	if v.Waived != nil {
		out.Suppressions = []sarifSuppression{{Kind: "external", Status: "accepted", Justification: Printable(v.Waived.Reason)}}
	}
	return out
}

// declaredLine is the line of the site file that declares a subject's target.
func declaredLine(r *Result, subject string) int {
	for _, t := range r.Site.Targets {
		if subject == t.Subject || strings.HasPrefix(subject, t.Subject+"/") {
			return t.Line
		}
	}
	return 1
}

func physical(artifact string, line, column int) *sarifPhysical {
	clean := strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(artifact, `\`, "/")), "/")
	if clean == "" {
		clean = "site.yaml"
	}
	p := &sarifPhysical{ArtifactLocation: sarifArtifact{URI: (&url.URL{Path: clean}).EscapedPath(), URIBaseID: "SRCROOT"}}
	if line > 0 {
		p.Region = &sarifRegion{StartLine: line, StartColumn: max(column, 0)}
	}
	return p
}
