// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"github.com/postern-audit/postern/internal/confirm"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/report"
)

// maxListed bounds each list of the table; JSON holds all.
const maxListed = 20

// writeConfirmTable writes a report for people.
func writeConfirmTable(w io.Writer, r *confirm.Report) error {
	var b strings.Builder
	writeRemoved(&b, r)
	writeSkipped(&b, r)
	n := writeDisagreements(&b, r)
	writeGotThrough(&b, r)
	fmt.Fprintf(&b, "%s, %s: %d agree", report.Printable(r.Nginx), many(len(r.Results), "request"), r.Count(confirm.Agreed))
	if n := r.Count(confirm.AgreedRendered); n > 0 {
		fmt.Fprintf(&b, ", %d agree about what was not left out", n)
	}
	fmt.Fprintf(&b, ", %d skipped, %d DISAGREE", r.Count(confirm.Skipped), n)
	if r.NotSent > 0 {
		fmt.Fprintf(&b, " (%d more would be sent with a higher --limit)", r.NotSent)
	}
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// writeDisagreements lists the errors in Postern, and counts them.
func writeDisagreements(b *strings.Builder, r *confirm.Report) (n int) {
	for i := range r.Results {
		res := &r.Results[i]
		if res.Verdict != confirm.Disagreed {
			continue
		}
		if n++; n <= maxListed {
			fmt.Fprintf(b, "DISAGREED  %s (%s)\n  Postern  %s\n  nginx    %s\n", requestText(res.Request), report.Printable(res.Name), expectedText(res), observedText(res.Observed))
		}
	}
	if n > maxListed {
		fmt.Fprintf(b, "and %d more that disagree\n", n-maxListed)
	}
	return n
}

// writeGotThrough lists the counter-examples that reached an upstream.
func writeGotThrough(b *strings.Builder, r *confirm.Report) {
	listed := 0
	for i := range r.Results {
		res := &r.Results[i]
		if !res.GotThrough {
			continue
		}
		if listed++; listed <= maxListed {
			fmt.Fprintf(b, "GOT THROUGH  %s (%s)\n  nginx    %s\n", requestText(res.Request), report.Printable(res.Name), observedText(res.Observed))
		}
	}
	if listed > maxListed {
		fmt.Fprintf(b, "and %d more that got through\n", listed-maxListed)
	}
	through, refuted, unknown := r.CounterExamples()
	if all := through + refuted + unknown; all > 0 {
		fmt.Fprintf(b, "%s of the proof: %d reached an upstream", many(all, "counter-example"), through)
		if refuted > 0 {
			fmt.Fprintf(b, "; %d did not, since they suppose what is not so here, such as what a guard says or how long a body is", refuted)
		}
		if unknown > 0 {
			fmt.Fprintf(b, "; of %d NOTHING IS KNOWN, since they were skipped", unknown)
		}
		b.WriteString("\n")
	}
}

// writeRemoved lists what may decide about requests, and counts the rest.
func writeRemoved(b *strings.Builder, r *confirm.Report) {
	rest := map[string]int{}
	listed := 0
	for _, d := range r.Removed {
		if !d.Matters {
			rest[d.Reason]++
			continue
		}
		if listed++; listed <= maxListed {
			fmt.Fprintf(b, "left out  %s:%d  %s: %s\n", report.Printable(d.Pos.File), d.Pos.Line, report.Printable(d.Name), d.Reason)
		}
	}
	if listed > maxListed {
		fmt.Fprintf(b, "left out  %d more that may decide about requests\n", listed-maxListed)
	}
	for _, reason := range ordered(rest) {
		fmt.Fprintf(b, "left out  %s: %s\n", many(rest[reason], "directive"), reason)
	}
	if len(r.EmptyVariables) > 0 {
		fmt.Fprintf(b, "empty     variables of modules that do not run: $%s\n", strings.Join(r.EmptyVariables, " $"))
	}
	for i, name := range r.Left {
		if i == maxListed {
			fmt.Fprintf(b, "left out  %d more names that are no files\n", len(r.Left)-i)
			break
		}
		fmt.Fprintf(b, "left out  %s: a link, or no file\n", report.Printable(name))
	}
	if r.FilesIncomplete {
		b.WriteString("left out  files beyond the limit: what depends on a file is not compared\n")
	}
}

// writeSkipped counts the reasons for which nothing was compared.
func writeSkipped(b *strings.Builder, r *confirm.Report) {
	reasons, through := map[string]int{}, map[string]int{}
	for i := range r.Results {
		if res := &r.Results[i]; res.Verdict == confirm.Skipped {
			reasons[res.Reason]++
			if res.Observed.Upstream != "" {
				through[res.Reason]++
			}
		}
	}
	for i, reason := range ordered(reasons) {
		if i == maxListed {
			fmt.Fprintf(b, "skipped   for %d more reasons\n", len(reasons)-i)
			break
		}
		fmt.Fprintf(b, "skipped   %s, of which %d reached an upstream: %s\n", many(reasons[reason], "request"), through[reason], report.Printable(reason))
	}
}

func many(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// ordered are the keys by what they count, the most first.
func ordered(counts map[string]int) []string {
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if counts[keys[i]] != counts[keys[j]] {
			return counts[keys[i]] > counts[keys[j]]
		}
		return keys[i] < keys[j]
	})
	return keys
}

// openHeaders are those whose values may be shown. A configuration may ask for a
// secret in any other, which Postern then sends.
var openHeaders = map[string]bool{
	"host": true, "user-agent": true, "referer": true, "origin": true, "upgrade": true, "connection": true, "http2-settings": true,
	"content-length": true, "transfer-encoding": true, "x-forwarded-for": true, "x_forwarded_for": true, "x-forwarded-host": true,
	"x-original-url": true, "x-rewrite-url": true, "x-http-method-override": true, "x-postern-guard": true,
}

func shownValue(h [2]string) string {
	if openHeaders[strings.ToLower(h[0])] {
		return h[1]
	}
	return "(not shown)"
}

// shownRequest is a request as it may be written down.
func shownRequest(q request.Request) request.Request {
	q.Headers = slices.Clone(q.Headers)
	for i, h := range q.Headers {
		q.Headers[i][1] = shownValue(h)
	}
	return q
}

// requestText is a request in one line.
func requestText(q request.Request) string {
	text := escaped(q.Method + " " + q.Target)
	if v := request.VersionWord(q.Version); v != "" {
		text += " " + escaped(v)
	}
	if q.Host != nil {
		text += " Host: " + escaped(*q.Host)
	}
	for _, h := range q.Headers {
		text += " " + escaped(h[0]) + ": " + escaped(shownValue(h))
	}
	text += fmt.Sprintf(" to %s:%d", escaped(q.Address), q.Port)
	if q.TLS {
		text += " TLS " + escaped(q.SNI)
	}
	return text
}

func expectedText(res *confirm.Result) string {
	o := res.Expected
	if o.Kind == request.Forwarded {
		return fmt.Sprintf("forwarded to %s as %s (%s)", escaped(strings.Join(o.Peers, " or ")), escaped(o.Path), escaped(o.Location))
	}
	return fmt.Sprintf("%s with %d: %s (%s)", o.Kind, o.Status, escaped(o.Reason), escaped(o.Location))
}

func observedText(o confirm.Observed) string {
	switch {
	case o.Error != "":
		return escaped(o.Error)
	case o.Upstream != "":
		return fmt.Sprintf("forwarded to %s as %s", escaped(o.Upstream), escaped(o.Path))
	case o.HandshakeRefused:
		return "refuses the TLS handshake"
	case o.Page != 0:
		return fmt.Sprintf("answers without a status, with its page for %d", o.Page)
	case o.Status == 0:
		return "closed without an answer"
	}
	return fmt.Sprintf("answers %d", o.Status)
}

// The JSON form. Strings of requests, paths and upstreams stand for bytes.
type confirmDocument struct {
	Schema          string          `json:"schema"`
	Nginx           string          `json:"nginx"`
	Sent            int             `json:"sent"`
	NotSent         int             `json:"not_sent"`
	Late            int             `json:"late"`
	Agreed          int             `json:"agreed"`
	AgreedRendered  int             `json:"agreed_rendered"`
	Skipped         int             `json:"skipped"`
	Counterexamples confirmedWays   `json:"counterexamples"`
	Disagreed       int             `json:"disagreed"`
	Removed         []removedLine   `json:"removed"`
	EmptyVariables  []string        `json:"empty_variables"`
	LeftOut         []string        `json:"left_out"`
	FilesIncomplete bool            `json:"files_incomplete"`
	Results         []confirmedLine `json:"results"`
}

// confirmedWays counts the counter-examples of a proof.
type confirmedWays struct {
	GotThrough int `json:"got_through"`
	Refuted    int `json:"refuted"`
	Unknown    int `json:"unknown"`
}

type removedLine struct {
	Name    string `json:"name"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Reason  string `json:"reason"`
	Decides bool   `json:"decides"`
}

type confirmedLine struct {
	Name           string       `json:"name"`
	Verdict        string       `json:"verdict"`
	Reason         string       `json:"reason"`
	CounterExample bool         `json:"counterexample"`
	GotThrough     bool         `json:"got_through"`
	Request        askedRequest `json:"request"`
	Expected       answer       `json:"expected"`
	Observed       observedLine `json:"observed"`
}

type observedLine struct {
	Status           int    `json:"status"`
	HandshakeRefused bool   `json:"handshake_refused"`
	Upstream         string `json:"upstream"`
	Path             string `json:"path"`
	Error            string `json:"error"`
}

func writeConfirmJSON(w io.Writer, r *confirm.Report) error {
	d := confirmDocument{
		Schema: "postern.confirm/v1", Nginx: textOf(r.Nginx), Sent: len(r.Results), NotSent: r.NotSent, Late: r.Late, Agreed: r.Count(confirm.Agreed),
		AgreedRendered: r.Count(confirm.AgreedRendered), Skipped: r.Count(confirm.Skipped), Disagreed: r.Count(confirm.Disagreed),
		Removed: []removedLine{}, EmptyVariables: append([]string{}, r.EmptyVariables...), LeftOut: []string{}, FilesIncomplete: r.FilesIncomplete, Results: []confirmedLine{},
	}
	d.Counterexamples.GotThrough, d.Counterexamples.Refuted, d.Counterexamples.Unknown = r.CounterExamples()
	for _, m := range r.Removed {
		d.Removed = append(d.Removed, removedLine{textOf(m.Name), textOf(m.Pos.File), m.Pos.Line, m.Reason, m.Matters})
	}
	for _, name := range r.Left {
		d.LeftOut = append(d.LeftOut, textOf(name))
	}
	for i := range r.Results {
		res := &r.Results[i]
		d.Results = append(d.Results, confirmedLine{
			Name: textOf(res.Name), Verdict: string(res.Verdict), Reason: textOf(res.Reason), CounterExample: res.CounterExample, GotThrough: res.GotThrough, Request: ask(shownRequest(res.Request)), Expected: newAnswer(res.Expected),
			Observed: observedLine{res.Observed.Status, res.Observed.HandshakeRefused, textOf(res.Observed.Upstream), textOf(res.Observed.Path), textOf(res.Observed.Error)},
		})
	}
	return writeIndented(w, d)
}
