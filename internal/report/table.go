// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/postern-audit/postern/internal/finding"
)

// writeTable writes what a person at a terminal wants to know: what fails,
// worst first, then what stays unknown and why, then the count.
func writeTable(w io.Writer, r *Result, o Options) error {
	if o.Width == 0 {
		o.Width = 100
	}
	p := painter{o.Colour}
	overlays := ""
	if len(r.Profile.Overlays) > 0 {
		overlays = " + " + strings.Join(r.Profile.Overlays, " + ")
	}
	special := ""
	if r.Profile.ES != "" {
		special = ", engineering special " + Printable(r.Profile.ES)
	}
	if _, err := fmt.Fprintf(w, "%s  profile %s%s (release %s%s)  evidence of %s from %s\n\n", p.bold(Printable(r.Site.Name)),
		r.Profile.Name, overlays, r.Profile.Release, special, r.Evidence.At, r.Evidence.Vantage); err != nil {
		return err
	}
	if err := writeFindings(w, r, o, p); err != nil {
		return err
	}
	if err := writeUnknowns(w, r, o, p); err != nil {
		return err
	}
	if err := writeQuestions(w, r, o); err != nil {
		return err
	}
	for _, e := range r.OutOfScope {
		if _, err := fmt.Fprintf(w, "out of scope: %s of %s: %s\n", e.Section, Printable(e.Target), Printable(e.Reason)); err != nil {
			return err
		}
	}
	for _, proof := range r.Proofs {
		if _, err := fmt.Fprintln(w, proof); err != nil {
			return err
		}
	}
	s := r.Summary
	_, err := fmt.Fprintf(w, "%d fail (%d critical, %d high, %d medium, %d low, %d info), %d unknown, %d manual, %d pass, %d not applicable, %d waived\n",
		s.Fail, s.BySeverity.Critical, s.BySeverity.High, s.BySeverity.Medium, s.BySeverity.Low, s.BySeverity.Info,
		s.Unknown, s.Manual, s.Pass, s.NotApplicable, s.Waived)
	return err
}

func writeFindings(w io.Writer, r *Result, o Options, p painter) error {
	var failing []finding.Verdict
	for _, v := range r.Verdicts {
		if v.Outcome == finding.Fail {
			failing = append(failing, v)
		}
	}
	if len(failing) == 0 {
		_, err := fmt.Fprintf(w, "%s\n\n", p.green("no finding"))
		return err
	}
	sort.SliceStable(failing, func(i, j int) bool {
		all := finding.Severities()
		return slices.Index(all, failing[i].Severity) < slices.Index(all, failing[j].Severity)
	})
	var rows [][]string
	for _, v := range failing {
		level := string(v.Severity)
		if v.Waived != nil {
			level = "waived"
		}
		for _, f := range v.Findings {
			place := v.Subject
			if len(f.Sources) > 0 {
				place = f.Sources[0].Place()
			}
			message := Printable(f.Message)
			if f.Deviation != nil {
				message += " (the vendor's baseline demands it: " + Printable(f.Deviation.Reference) + ")"
			}
			if v.Reason != "" {
				message += "\n(" + Printable(v.Reason) + ")"
			}
			rows = append(rows, []string{p.level(level), v.Rule + "\n" + Printable(place), message})
		}
	}
	return render(w, []string{"severity", "rule and place", "finding"}, rows, columns(o.Width))
}

func writeUnknowns(w io.Writer, r *Result, o Options, p painter) error {
	// One line a reason: a lost source leaves many rules unknown.
	type group struct{ rules, subjects []string }
	groups := map[string]*group{}
	var order []string
	for _, v := range r.Verdicts {
		if v.Outcome != finding.Unknown {
			continue
		}
		g := groups[v.Reason]
		if g == nil {
			g = &group{}
			groups[v.Reason] = g
			order = append(order, v.Reason)
		}
		if !slices.Contains(g.rules, v.Rule) {
			g.rules = append(g.rules, v.Rule)
		}
		if !slices.Contains(g.subjects, v.Subject) {
			g.subjects = append(g.subjects, v.Subject)
		}
	}
	if len(order) == 0 {
		return nil
	}
	var rows [][]string
	for _, reason := range order {
		g := groups[reason]
		rows = append(rows, []string{p.yellow("unknown"), few(g.rules, 3) + "\n" + Printable(few(g.subjects, 2)), Printable(reason)})
	}
	return render(w, []string{"outcome", "rules and subjects", "why it is not known"}, rows, columns(o.Width))
}

// writeQuestions says in one paragraph what awaits an answer: all questions would
// bury what failed, and postern attest new writes them out.
func writeQuestions(w io.Writer, r *Result, o Options) error {
	var controls []string
	for _, v := range r.Verdicts {
		if v.Outcome == finding.Manual && v.Waived == nil && len(v.Controls) > 0 && !slices.Contains(controls, v.Controls[0]) {
			controls = append(controls, v.Controls[0])
		}
	}
	if len(controls) == 0 {
		return nil
	}
	text := fmt.Sprintf("awaits an answer of people (postern attest new writes the questions): %s", few(controls, 12))
	_, err := fmt.Fprintf(w, "%s\n\n", wrap(Printable(text), o.Width))
	return err
}

// few joins the first names and counts the rest.
func few(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// columns shares the width between a short column and two wide ones.
func columns(width int) []int {
	const short = 8
	rest := max(width-short-6, 40)
	return []int{short, rest / 2, rest - rest/2}
}

func render(w io.Writer, header []string, rows [][]string, widths []int) error {
	limits := tw.NewMapper[int, int]()
	for i, n := range widths {
		limits.Set(i, n+2)
	}
	cell := tw.CellConfig{ColMaxWidths: tw.CellWidth{PerColumn: limits}, Alignment: tw.CellAlignment{Global: tw.AlignLeft}}
	var drawn bytes.Buffer
	table := tablewriter.NewTable(&drawn,
		tablewriter.WithConfig(tablewriter.Config{Row: cell, Header: cell}),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.Border{Left: tw.Off, Right: tw.Off, Top: tw.Off, Bottom: tw.Off},
			Settings: tw.Settings{
				Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off},
				Lines:      tw.Lines{ShowHeaderLine: tw.Off},
			},
		})),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
	)
	table.Header(header)
	for _, row := range rows {
		for i := range row {
			row[i] = wrap(row[i], widths[i])
		}
		if err := table.Append(row); err != nil {
			return err
		}
	}
	if err := table.Render(); err != nil {
		return err
	}
	// The renderer fills every cell; blanks at the end of a line help nobody.
	for _, line := range strings.Split(strings.TrimRight(drawn.String(), "\n"), "\n") {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// wrap breaks a text at blanks, and where a word is longer than the line, after
// a slash, comma or colon if there is one, so that paths stay readable.
func wrap(s string, width int) string {
	var lines []string
	for _, paragraph := range strings.Split(s, "\n") {
		lines = append(lines, wrapLine(paragraph, width)...)
	}
	return strings.Join(lines, "\n")
}

func wrapLine(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		for visible(word) > width {
			cut := strings.LastIndexAny(word[:width], "/,:-_") + 1
			if cut <= 0 {
				cut = width
				for cut > 0 && word[cut]&0xc0 == 0x80 {
					cut--
				}
			}
			if line != "" {
				lines = append(lines, line)
				line = ""
			}
			lines = append(lines, word[:cut])
			word = word[cut:]
		}
		switch {
		case word == "":
		case line == "":
			line = word
		case visible(line)+1+visible(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// visible is the length of a text without the colours of painter.
func visible(s string) int {
	n, inCode := 0, false
	for _, r := range s {
		switch {
		case r == 0x1b:
			inCode = true
		case inCode:
			inCode = r != 'm'
		default:
			n++
		}
	}
	return n
}

// painter adds colours, or not.
type painter struct{ on bool }

func (p painter) code(code int, s string) string {
	if !p.on {
		return s
	}
	return "\x1b[" + strconv.Itoa(code) + "m" + s + "\x1b[0m"
}

func (p painter) bold(s string) string   { return p.code(1, s) }
func (p painter) green(s string) string  { return p.code(32, s) }
func (p painter) yellow(s string) string { return p.code(33, s) }

func (p painter) level(s string) string {
	switch s {
	case "critical", "high":
		return p.code(31, s)
	case "medium":
		return p.code(33, s)
	}
	return s
}
