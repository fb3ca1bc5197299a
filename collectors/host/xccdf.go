// SPDX-License-Identifier: Apache-2.0

package host

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of one result document.
const (
	maxElementDepth  = 200
	maxElements      = 3_000_000
	maxTestResults   = 8
	maxFailedResults = 2000
	maxResultKinds   = 20
)

// benchmarkResults reads the test results of an XCCDF document (NIST IR 7275),
// alone or within an ARF document. Of the benchmark itself nothing is read, and
// no entity beyond XML's own five is known.
func benchmarkResults(g *gatherer, x *text) bool {
	r := &resultReader{g: g, x: x}
	dec := xml.NewDecoder(strings.NewReader(x.body))
	r.dec = dec
	err := r.walk()
	if r.open {
		r.keep() // what stood before the end is still true
	}
	if err != nil {
		line, _ := dec.InputPos()
		g.gap(fmt.Sprintf("%s:%d: %v", x.path, line, err), x.at(line))
	}
	if len(g.record.Benchmarks) == 0 && err == nil {
		g.gap(x.path+": holds no test result of a benchmark", x.at(1))
	}
	return len(g.record.Benchmarks) > 0
}

// resultReader holds what the walk has to remember.
type resultReader struct {
	g    *gatherer
	x    *text
	dec  *xml.Decoder
	path []string
	// open is set within a TestResult, whose facts current has.
	open    bool
	current evidence.BenchmarkResult
	// rule, severity and result are those of the rule-result at hand.
	rule, severity, result string
	ruleSource             evidence.Source
	failed                 int
	maximum                string
	text                   strings.Builder
}

func (r *resultReader) walk() error {
	for elements := 0; ; {
		token, err := r.dec.Token()
		switch {
		case errors.Is(err, io.EOF) && len(r.path) == 0:
			return nil
		case err != nil:
			return errors.New("is no whole XML: it ends early or has a mistake")
		}
		switch t := token.(type) {
		case xml.Directive:
			return errors.New("has a document type, which is not accepted")
		case xml.StartElement:
			if elements++; elements > maxElements || len(r.path) == maxElementDepth {
				return errors.New("has too many elements, or too deep ones")
			}
			r.path = append(r.path, t.Name.Local)
			r.text.Reset()
			r.start(t)
		case xml.CharData:
			if r.open && r.text.Len() < 1024 {
				r.text.Write(t[:min(len(t), 1024)])
			}
		case xml.EndElement:
			r.path = r.path[:len(r.path)-1]
			if r.open {
				r.end(t.Name.Local)
			}
			r.text.Reset()
		}
	}
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (r *resultReader) start(t xml.StartElement) {
	line, _ := r.dec.InputPos()
	if t.Name.Local == "TestResult" && !r.open {
		r.open, r.failed = true, 0
		r.current = evidence.BenchmarkResult{Source: r.x.at(line), ZoneKnown: true, BenchmarkVersion: attribute(t, "version")}
		r.current.StartedAt = r.instant(attribute(t, "start-time"))
		r.current.EndedAt = r.instant(attribute(t, "end-time"))
		return
	}
	if !r.open {
		return
	}
	switch t.Name.Local {
	case "benchmark":
		r.current.Benchmark = attribute(t, "id")
		if r.current.Benchmark == "" {
			r.current.Benchmark = attribute(t, "href")
		}
	case "profile":
		r.current.Profile = attribute(t, "idref")
	case "rule-result":
		r.rule, r.severity, r.result, r.ruleSource = attribute(t, "idref"), attribute(t, "severity"), "", r.x.at(line)
	case "score":
		r.maximum = attribute(t, "maximum")
	}
}

// instant brings a time into UTC. Older versions of oscap write none of its
// zone.
func (r *resultReader) instant(s string) string {
	if s == "" {
		return ""
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at.UTC().Format(time.RFC3339)
	}
	at, err := time.Parse("2006-01-02T15:04:05", s)
	if err != nil {
		r.g.gap(r.x.path+": a time of the test result is not understood", r.current.Source)
		return ""
	}
	r.current.ZoneKnown = false
	return at.UTC().Format(time.RFC3339)
}

func (r *resultReader) end(name string) {
	value := strings.TrimSpace(r.text.String())
	parent := ""
	if len(r.path) > 0 {
		parent = r.path[len(r.path)-1]
	}
	switch {
	case name == "TestResult":
		r.keep()
	case name == "target" && parent == "TestResult":
		r.current.Host = value
	case name == "score" && parent == "TestResult":
		r.current.ScoreText = value
		r.current.ScorePercent = percent(value, r.maximum)
		if !r.current.ScorePercent.Known {
			r.g.gap(r.x.path+": the score of the test result is not understood", r.current.Source)
		}
	case name == "result" && parent == "rule-result":
		r.result = value
	case name == "rule-result":
		r.count()
	}
}

// count adds the result of one rule.
func (r *resultReader) count() {
	counts := &r.current.Counts
	i := slices.IndexFunc(*counts, func(c evidence.ResultCount) bool { return c.Result == r.result })
	switch {
	case i >= 0:
		(*counts)[i].Count++
	case r.result == "" || len(*counts) == maxResultKinds:
		r.x.bad(r.ruleSource.Line, "a rule without a result that is known")
		return
	default:
		*counts = append(*counts, evidence.ResultCount{Result: r.result, Count: 1})
	}
	if r.result == "fail" {
		if r.failed++; r.failed <= maxFailedResults {
			r.current.Failed = append(r.current.Failed, evidence.FailedResult{ID: r.rule, Severity: r.severity, Source: r.ruleSource})
		}
	}
}

func (r *resultReader) keep() {
	r.open = false
	source := r.current.Source
	if r.failed > maxFailedResults {
		r.g.gap(fmt.Sprintf("%s: names %d rules that failed; %d were kept", r.x.path, r.failed, maxFailedResults), source)
	}
	if r.current.ScoreText == "" {
		r.g.gap(r.x.path+": a test result without a score", source)
	}
	if len(r.current.Counts) == 0 {
		r.g.gap(r.x.path+": a test result without the result of any rule", source)
	}
	slices.SortFunc(r.current.Counts, func(a, b evidence.ResultCount) int { return strings.Compare(a.Result, b.Result) })
	if len(r.g.record.Benchmarks) == maxTestResults {
		r.g.gap(fmt.Sprintf("%s: more than %d test results: the rest was left out", r.x.path, maxTestResults), source)
		return
	}
	r.g.record.Benchmarks = append(r.g.record.Benchmarks, r.current)
}

// percent is a score as part of its maximum, rounded down. Without a maximum it
// is 100 (XCCDF 1.2, section 6.6.6).
func percent(score, maximum string) evidence.Optional[int] {
	if maximum == "" {
		maximum = "100"
	}
	if len(score) > 40 || len(maximum) > 40 || strings.ContainsAny(score+maximum, "eEpP/_xX") {
		return evidence.Optional[int]{}
	}
	a, okA := new(big.Rat).SetString(score)
	b, okB := new(big.Rat).SetString(maximum)
	if !okA || !okB || b.Sign() <= 0 || a.Sign() < 0 || a.Cmp(b) > 0 {
		return evidence.Optional[int]{}
	}
	a.Quo(a.Mul(a, big.NewRat(100, 1)), b)
	n := new(big.Int).Quo(a.Num(), a.Denom())
	return evidence.Known(int(n.Int64()), evidence.Explicit)
}
