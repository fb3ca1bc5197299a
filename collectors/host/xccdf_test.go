// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

const arf = `<?xml version="1.0"?>
<arf:asset-report-collection xmlns:arf="http://scap.nist.gov/schema/asset-reporting-format/1.1" xmlns:core="http://scap.nist.gov/schema/reporting-core/1.1">
 <arf:reports><arf:report id="xccdf1"><arf:content>
  <TestResult xmlns="http://checklists.nist.gov/xccdf/1.2" id="r" start-time="2026-05-30T06:11:02+02:00" end-time="2026-05-30T04:12:40">
   <benchmark id="xccdf_x_benchmark_RHEL-9" href="#b"/><profile idref="cis"/><target>rp-a</target>
   <rule-result idref="good" severity="low"><result>pass</result></rule-result>
   <rule-result idref="bad" severity="high"><result>fail</result><check system="s"><check-content-ref name="n" href="h"/></check></rule-result>
   <rule-result idref="worse" severity="high"><result>fail</result></rule-result>
   <score system="urn:xccdf:scoring:default" maximum="200">66.7</score>
  </TestResult>
 </arf:content></arf:report></arf:reports>
</arf:asset-report-collection>
`

func TestATestResultWithinARF(t *testing.T) {
	r, gaps := one(t, evidence.PartXCCDF, arf)
	noGaps(t, gaps)
	want := []evidence.BenchmarkResult{{
		Benchmark: "xccdf_x_benchmark_RHEL-9", Profile: "cis", Host: "rp-a", StartedAt: "2026-05-30T04:11:02Z", EndedAt: "2026-05-30T04:12:40Z",
		ScorePercent: evidence.Known(33, evidence.Explicit), ScoreText: "66.7",
		Counts: []evidence.ResultCount{{Result: "fail", Count: 2}, {Result: "pass", Count: 1}},
		Failed: []evidence.FailedResult{{ID: "bad", Severity: "high", Source: at("capture.txt", 7)}, {ID: "worse", Severity: "high", Source: at("capture.txt", 8)}},
		Source: at("capture.txt", 4),
	}}
	if diff := cmp.Diff(want, r.Benchmarks); diff != "" {
		t.Error(diff)
	}
}

func TestHostileXMLIsRefusedAndWhatStoodBeforeStays(t *testing.T) {
	laughs := "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]>\n"
	for name, text := range map[string]string{
		"a document type":   laughs + arf,
		"an unknown entity": strings.Replace(arf, "rp-a", "&lol2;", 1),
		"too deep":          strings.Repeat("<a>", 1000) + "\n",
		"no XML":            "pass fail pass\n",
		"no result":         "<Benchmark/>\n",
	} {
		if _, gaps := one(t, evidence.PartXCCDF, text); len(gaps) == 0 {
			t.Errorf("%s leaves no gap", name)
		}
	}
	half := arf[:strings.Index(arf, "<score")]
	r, gaps := one(t, evidence.PartXCCDF, half)
	if len(r.Benchmarks) != 1 || len(r.Benchmarks[0].Failed) != 2 || len(gaps) < 2 {
		t.Errorf("of a cut document %+v is left, gaps %q", r.Benchmarks, gaps)
	}
}
