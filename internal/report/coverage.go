// SPDX-License-Identifier: Apache-2.0

package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// CoverageSchema names the layout of Coverage.
const CoverageSchema = "postern.coverage/v1"

// Coverage says of every control by what it is accounted for.
type Coverage struct {
	Schema   string           `json:"schema"`
	Totals   CoverageTotals   `json:"totals"`
	Controls []CoveredControl `json:"controls"`
}

// CoverageTotals count the controls by state; see CoverageState.
type CoverageTotals struct {
	Controls    int `json:"controls"`
	Automatic   int `json:"automatic"`
	Partial     int `json:"partial"`
	Attested    int `json:"attested"`
	Pending     int `json:"pending"`
	LeftOpen    int `json:"left_open"`
	Unaccounted int `json:"unaccounted"`
	Rules       int `json:"rules"`
}

// CoveredControl is one control with what it is accounted for by.
type CoveredControl struct {
	ID string `json:"id"`
	// Group is the part of the id that related controls share, such as TLS.
	Group     string        `json:"group"`
	Title     string        `json:"title"`
	Kind      string        `json:"kind"`
	State     CoverageState `json:"state"`
	Clauses   []string      `json:"clauses"`
	Artifacts []string      `json:"artifacts"`
	Rules     []CoveredRule `json:"rules"`
	Question  string        `json:"question"`
	Pending   string        `json:"pending"`
	Reason    string        `json:"reason"`
}

// CoveredRule is a rule that decides a control, or a part of it.
type CoveredRule struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
}

// CoverageState is how a control is accounted for.
type CoverageState string

const (
	// Automatic is decided by rules alone, Partial by rules and by a person or an
	// engine to come, Attested by a person.
	Automatic CoverageState = "automatic"
	Partial   CoverageState = "partial"
	Attested  CoverageState = "attested"
	// Pending awaits an engine, LeftOpen has a stated reason, and Unaccounted has
	// nothing at all.
	Pending     CoverageState = "pending"
	LeftOpen    CoverageState = "left open"
	Unaccounted CoverageState = "unaccounted"
)

// Settle fills in the states, groups and totals of its controls.
func (c *Coverage) Settle() {
	c.Schema, c.Totals = CoverageSchema, CoverageTotals{Controls: len(c.Controls), Rules: c.Totals.Rules}
	for i := range c.Controls {
		one := &c.Controls[i]
		one.Group = one.ID[:strings.LastIndex(one.ID, "-")]
		if cis, ok := strings.CutPrefix(one.ID, "CIS-"); ok {
			kind, _, _ := strings.Cut(cis, "-")
			one.Group = "CIS-" + kind
		}
		count := &c.Totals.Unaccounted
		switch rules := len(one.Rules) > 0; {
		case rules && one.Question == "" && one.Pending == "":
			one.State, count = Automatic, &c.Totals.Automatic
		case rules:
			one.State, count = Partial, &c.Totals.Partial
		case one.Pending != "":
			one.State, count = Pending, &c.Totals.Pending
		case one.Question != "":
			one.State, count = Attested, &c.Totals.Attested
		case one.Reason != "":
			one.State, count = LeftOpen, &c.Totals.LeftOpen
		default:
			one.State = Unaccounted
		}
		*count++
	}
}

// coverageFormats are the writers by name.
var coverageFormats = map[string]func(io.Writer, *Coverage) error{
	"table": writeCoverageTable, "json": writeCoverageJSON, "html": writeCoverageHTML, "markdown": writeCoverageMarkdown,
}

// CoverageFormatNames lists the formats of a coverage, in the order of the help.
func CoverageFormatNames() []string { return []string{"table", "json", "html", "markdown"} }

// WriteCoverage renders a coverage that is settled.
func WriteCoverage(w io.Writer, c *Coverage, format string) error {
	write, ok := coverageFormats[format]
	if !ok {
		return fmt.Errorf("format %q does not exist (there are %s)", format, strings.Join(CoverageFormatNames(), ", "))
	}
	return write(w, c)
}

func (t CoverageTotals) String() string {
	return fmt.Sprintf("%d controls: %d automatic, %d partial, %d attested, %d pending, %d left open with a reason, %d unaccounted; %d rules",
		t.Controls, t.Automatic, t.Partial, t.Attested, t.Pending, t.LeftOpen, t.Unaccounted, t.Rules)
}

// by says in one line what a control is accounted for by.
func (c CoveredControl) by() string {
	var parts []string
	for _, r := range c.Rules {
		parts = append(parts, r.ID)
	}
	if c.Question != "" {
		parts = append(parts, "a person: "+c.Question)
	}
	if c.Pending != "" {
		parts = append(parts, "pending: the engine "+c.Pending)
	}
	if c.Reason != "" {
		parts = append(parts, c.Reason)
	}
	return strings.Join(parts, "; ")
}

func writeCoverageTable(w io.Writer, c *Coverage) error {
	rows := make([][]string, len(c.Controls))
	for i, one := range c.Controls {
		rows[i] = []string{string(one.State), one.ID + "\n" + one.Title, strings.ReplaceAll(one.by(), "; ", "\n")}
	}
	if err := render(w, []string{"state", "control", "accounted for by"}, rows, []int{11, 46, 56}); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, c.Totals)
	return err
}

func writeCoverageJSON(w io.Writer, c *Coverage) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(c)
}

func writeCoverageMarkdown(w io.Writer, c *Coverage) error {
	cell := func(s string) string { return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s) }
	var b strings.Builder
	fmt.Fprintf(&b, "# Coverage of the catalogue\n\n%s.\n", c.Totals)
	group := ""
	for _, one := range c.Controls {
		if one.Group != group {
			group = one.Group
			fmt.Fprintf(&b, "\n## %s\n\n| control | state | requirement | from | accounted for by |\n|---|---|---|---|---|\n", group)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", one.ID, one.State, cell(one.Title), cell(strings.Join(one.Clauses, ", ")), cell(one.by()))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

//go:embed coverage.html
var coveragePage string

func writeCoverageHTML(w io.Writer, c *Coverage) error {
	page, err := template.New("coverage").Parse(coveragePage)
	if err != nil {
		return err
	}
	type group struct {
		Name     string
		Controls []CoveredControl
	}
	view := struct {
		*Coverage
		Groups []group
	}{Coverage: c}
	for _, one := range c.Controls {
		if n := len(view.Groups); n == 0 || view.Groups[n-1].Name != one.Group {
			view.Groups = append(view.Groups, group{Name: one.Group})
		}
		last := &view.Groups[len(view.Groups)-1]
		last.Controls = append(last.Controls, one)
	}
	return page.Execute(w, view)
}
