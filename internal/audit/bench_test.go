// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"bytes"
	"context"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/lab"
	"github.com/postern-audit/postern/internal/report"
	"github.com/postern-audit/postern/internal/site"
)

// maxGrowth is what doubling the facts may cost: joins are made once, so the
// time grows with the facts and not with their square.
const maxGrowth = 2.5

// demoBundle is the evidence of the demo with all faults of the reference edge.
func demoBundle(tb testing.TB) *evidence.Bundle {
	tb.Helper()
	centre, err := lab.Start(tb.Context(), tb.TempDir(), lab.Options{Faults: true})
	if err != nil {
		tb.Fatal(err)
	}
	defer func() {
		if err := centre.Close(); err != nil {
			tb.Error(err)
		}
	}()
	file, err := site.Load(centre.SiteFile)
	if err != nil {
		tb.Fatal(err)
	}
	bundle, err := audit.Collect(tb.Context(), file, audit.CollectOptions{Vantage: evidence.VantageInternet})
	if err != nil {
		tb.Fatal(err)
	}
	return bundle
}

// doubled returns the evidence of a site that has everything twice: each edge,
// node, name and certificate again under another name, which the turn makes new
// when doubled evidence is doubled again.
func doubled(tb testing.TB, b *evidence.Bundle, turn int) *evidence.Bundle {
	tb.Helper()
	mark, at := strconv.Itoa(turn+1), 8*turn
	text, err := evidence.Encode(b.Document)
	if err != nil {
		tb.Fatal(err)
	}
	var rename []string
	for _, domain := range [...]string{"agents", "agents2", "corp", "corp2"} {
		rename = append(rename, domain+".example", domain+mark+".example")
	}
	for _, e := range b.Document.Site.Edges {
		rename = append(rename, e.Name+"/", e.Name+mark+"/", `"`+e.Name+`"`, `"`+e.Name+mark+`"`, "/"+e.Name+`"`, "/"+e.Name+mark+`"`)
	}
	for _, n := range b.Document.Site.Nodes {
		rename = append(rename, n.Name+"/", n.Name+mark+"/", `"`+n.Name+`"`, `"`+n.Name+mark+`"`, "/"+n.Name+`"`, "/"+n.Name+mark+`"`)
	}
	for _, c := range b.Document.Site.Clusters {
		rename = append(rename, `"`+c.Name+`"`, `"`+c.Name+mark+`"`, "/"+c.Name+`"`, "/"+c.Name+mark+`"`)
	}
	for _, record := range b.Document.CertChain {
		for _, c := range record.Certificates {
			rename = append(rename, c.SHA256, c.SHA256[:at]+strings.Repeat(mark, 8)+c.SHA256[at+8:])
		}
	}
	other, err := evidence.Decode([]byte(strings.NewReplacer(rename...).Replace(string(text))))
	if err != nil {
		tb.Fatal(err)
	}
	again, err := evidence.Decode(text)
	if err != nil {
		tb.Fatal(err)
	}
	doc := *again
	doc.Site.Edges = append(doc.Site.Edges, other.Site.Edges...)
	doc.Site.Nodes = append(doc.Site.Nodes, other.Site.Nodes...)
	doc.Site.Clusters = append(doc.Site.Clusters, other.Site.Clusters...)
	// The map is the site's: its record stays one and holds more entries.
	for i := range doc.ProxyMap {
		doc.ProxyMap[i].Entries = append(doc.ProxyMap[i].Entries, other.ProxyMap[i].Entries...)
		doc.ProxyMap[i].Problems = append(doc.ProxyMap[i].Problems, other.ProxyMap[i].Problems...)
	}
	// So do the other records of the site as a whole: it has each once.
	doc.Sections.Append(without(other.Sections, func(target string) bool { return target == "site" }))
	doc.Gaps = append(doc.Gaps, other.Gaps...)
	twice, err := evidence.NewBundle(doc, b.SiteFile, b.Archive)
	if err != nil {
		tb.Fatal(err)
	}
	return twice
}

// without leaves out the records of some targets.
func without(s evidence.Sections, drop func(target string) bool) evidence.Sections {
	sections := reflect.ValueOf(&s).Elem()
	for i := range sections.NumField() {
		list := reflect.MakeSlice(sections.Field(i).Type(), 0, 0)
		for j := range sections.Field(i).Len() {
			if record := sections.Field(i).Index(j); !drop(record.FieldByName("Target").String()) {
				list = reflect.Append(list, record)
			}
		}
		sections.Field(i).Set(list)
	}
	return s
}

func judgeAll(tb testing.TB, b *evidence.Bundle, rules *audit.Policies) *report.Result {
	tb.Helper()
	result, err := audit.Judge(context.Background(), b, rules, audit.JudgeOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	return result
}

func loadPolicies(tb testing.TB) *audit.Policies {
	tb.Helper()
	rules, err := audit.LoadPolicies(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return rules
}

func TestTheDemosEvidence(t *testing.T) {
	if testing.Short() {
		t.Skip("collects from the demo's contact centre")
	}
	rules := loadPolicies(t)
	bundle := demoBundle(t)

	// What is saved after an audit is what was collected.
	t.Run("stays as it was when it is judged", func(t *testing.T) {
		var before, after bytes.Buffer
		if _, err := bundle.WriteTo(&before); err != nil {
			t.Fatal(err)
		}
		if _, err := audit.Judge(t.Context(), bundle, rules, audit.JudgeOptions{At: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}); err != nil {
			t.Fatal(err)
		}
		if _, err := bundle.WriteTo(&after); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(before.Bytes(), after.Bytes()) {
			t.Error("the bundle is another one after it was judged")
		}
	})

	// The doubled evidence is what the benchmark takes it for: no rule breaks on
	// it, and about everything is judged and found twice.
	t.Run("is judged twice when it is doubled", func(t *testing.T) {
		one, two := judgeAll(t, bundle, rules), judgeAll(t, doubled(t, bundle, 1), rules)
		for _, v := range two.Verdicts {
			if v.Outcome == finding.Unknown && strings.HasPrefix(v.Reason, "rule error") {
				t.Errorf("%s: %s", v.Rule, v.Reason)
			}
		}
		if n, m := len(one.Verdicts), len(two.Verdicts); float64(m) < 1.6*float64(n) {
			t.Errorf("%d verdicts became %d", n, m)
		}
		if n, m := one.Summary.Fail, two.Summary.Fail; float64(m) < 1.5*float64(n) {
			t.Errorf("%d failing verdicts became %d", n, m)
		}
	})
}

func BenchmarkLoadPolicies(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		loadPolicies(b)
	}
}

func BenchmarkJudge(b *testing.B) {
	rules := loadPolicies(b)
	bundle := demoBundle(b)
	b.ReportAllocs()
	for b.Loop() {
		judgeAll(b, bundle, rules)
	}
	b.ReportMetric(float64(facts(bundle)), "facts")
}

// BenchmarkJudgeTwiceTheFacts fails when doubling the facts costs more than
// maxGrowth. The quickest of several turns stands for each side, so that what
// else the machine does hardly counts.
func BenchmarkJudgeTwiceTheFacts(b *testing.B) {
	rules := loadPolicies(b)
	one := demoBundle(b)
	two := doubled(b, one, 1)
	quickest := func(best time.Duration, bundle *evidence.Bundle) time.Duration {
		start := time.Now()
		judgeAll(b, bundle, rules)
		if took := time.Since(start); best == 0 || took < best {
			return took
		}
		return best
	}
	var single, double time.Duration
	turns := 0
	for b.Loop() {
		single, double = quickest(single, one), quickest(double, two)
		turns++
	}
	growth := float64(double) / float64(single)
	b.ReportMetric(growth, "x-doubled")
	b.ReportMetric(float64(facts(two))/float64(facts(one)), "x-facts")
	if turns >= 3 && growth > maxGrowth {
		b.Errorf("doubling the facts multiplies the time by %.2f, more than %.1f", growth, maxGrowth)
	}
}

func facts(b *evidence.Bundle) int {
	n := 0
	for _, section := range evidence.SectionNames() {
		count, _ := b.Document.Count(section)
		n += count
	}
	return n
}
