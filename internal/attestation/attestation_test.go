// SPDX-License-Identifier: Apache-2.0

package attestation_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/attestation"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
)

var scope = attestation.Scope{
	Questions: []attestation.Question{
		{Control: "NET-01", Title: "Two firewalls", Text: "Do two firewalls stand?", Severity: finding.High},
		{Control: "RATE-11", Title: "Load test", Text: "Was there a load test?", Severity: finding.Medium},
	},
	Subjects: []string{"edge/rp-a", "edge/rp-b", "node/fin-a"},
}

// entry is an answer of which some keys have another value; "-" leaves one out.
func entry(change ...string) string {
	values := map[string]string{
		"control": "NET-01", "subject": "site", "statement": "seen on the plan", "answer": "yes", "by": "Anna",
		"at": "2026-01-01T00:00:00Z", "valid_until": "2027-01-01T00:00:00Z",
	}
	order := []string{"control", "subject", "statement", "answer", "by", "at", "valid_until", "evidence", "sha256"}
	for i := 0; i+1 < len(change); i += 2 {
		values[change[i]] = change[i+1]
	}
	var lines []string
	for _, key := range order {
		if v, ok := values[key]; ok && v != "-" {
			lines = append(lines, fmt.Sprintf("%s: %s", key, v))
		}
	}
	return "- " + strings.Join(lines, "\n  ") + "\n"
}

func decide(t *testing.T, text, at string, files ...evidence.AttestedFile) map[string]finding.Verdict {
	t.Helper()
	set, err := attestation.Parse("attestations.yaml", []byte(text), scope)
	if err != nil {
		t.Fatal(err)
	}
	instant, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]finding.Verdict{}
	for _, v := range (attestation.Case{Scope: scope, Answers: set, Files: files, At: instant}).Decide() {
		out[v.Rule+" "+v.Subject] = v
	}
	return out
}

func outcomes(verdicts map[string]finding.Verdict) map[string]finding.Outcome {
	out := map[string]finding.Outcome{}
	for id, v := range verdicts {
		out[id] = v.Outcome
	}
	return out
}

const june = "2026-06-01T00:00:00Z"

func TestAQuestionIsOpenUntilAValidYes(t *testing.T) {
	digest := strings.Repeat("0", 64)
	present := evidence.AttestedFile{Path: "plan.txt", State: evidence.AttestedPresent}
	for name, c := range map[string]struct {
		text, at string
		files    []evidence.AttestedFile
		want     finding.Outcome
	}{
		"nobody answered":                   {"", june, nil, finding.Manual},
		"a valid yes":                       {entry(), june, nil, finding.Pass},
		"a yes on its last second":          {entry(), "2026-12-31T23:59:59Z", nil, finding.Pass},
		"a yes at the instant it ends":      {entry(), "2027-01-01T00:00:00Z", nil, finding.Manual},
		"a yes given after what is judged":  {entry(), "2025-12-31T23:59:59Z", nil, finding.Manual},
		"a no":                              {entry("answer", "no"), june, nil, finding.Fail},
		"a no that has expired still holds": {entry("answer", "no"), "2028-01-01T00:00:00Z", nil, finding.Fail},
		"evidence that is there":            {entry("evidence", "plan.txt"), june, []evidence.AttestedFile{present}, finding.Pass},
		"evidence that was not collected":   {entry("evidence", "plan.txt"), june, nil, finding.Unknown},
		"evidence that is missing":          {entry("evidence", "plan.txt"), june, []evidence.AttestedFile{{Path: "plan.txt", State: evidence.AttestedAbsent, Reason: "no such file"}}, finding.Unknown},
		"evidence with another digest": {
			entry("evidence", "plan.txt", "sha256", `"`+digest+`"`), june,
			[]evidence.AttestedFile{{Path: "plan.txt", SHA256: digest, State: evidence.AttestedOther, Reason: "another digest"}},
			finding.Unknown,
		},
		"evidence that was taken for another statement of it": {entry("evidence", "plan.txt", "sha256", `"`+digest+`"`), june, []evidence.AttestedFile{present}, finding.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			got := decide(t, c.text, c.at, c.files...)["attest/NET-01 site"]
			if got.Outcome != c.want {
				t.Errorf("the outcome is %s, not %s: %s", got.Outcome, c.want, got.Reason)
			}
			if got.Outcome != finding.Fail && got.Reason == "" {
				t.Error("no reason is given")
			}
		})
	}
}

func TestANoNamesItsLine(t *testing.T) {
	v := decide(t, "# who\n\n"+entry("answer", "no"), june)["attest/NET-01 site"]
	if len(v.Findings) != 1 {
		t.Fatalf("%d findings", len(v.Findings))
	}
	f := v.Findings[0]
	if f.Sources[0].Artifact != "attestations.yaml" || f.Sources[0].Line != 3 {
		t.Errorf("the source is %s", f.Sources[0].Place())
	}
	if f.Fingerprint != finding.Fingerprint("attest/NET-01", "site", f.Key) || f.Fix == "" || !strings.Contains(f.Message, "Anna") {
		t.Errorf("the finding is %+v", f)
	}
}

func TestAnAnswerForOneEdgeAsksForTheOthers(t *testing.T) {
	got := outcomes(decide(t, entry("subject", "edge/rp-a"), june))
	want := map[string]finding.Outcome{
		"attest/NET-01 edge/rp-a": finding.Pass, "attest/NET-01 edge/rp-b": finding.Manual, "attest/RATE-11 site": finding.Manual,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryMistakeIsAnErrorWithItsPlace(t *testing.T) {
	for name, c := range map[string]struct{ text, place, message string }{
		"not YAML":                     {"\t-", "attestations.yaml", ""},
		"no list":                      {"control: NET-01", "attestations.yaml:1:1", "no list"},
		"two documents":                {entry() + "---\n" + entry(), "attestations.yaml", "second YAML document"},
		"an entry without keys":        {"- NET-01", "attestations.yaml:1:3", "no answer with keys"},
		"an unknown key":               {entry() + "  seen_by: Ben\n", "attestations.yaml:8:3", `unknown key "seen_by"`},
		"a key that stands twice":      {entry() + "  by: Ben\n", "attestations.yaml:8:3", "stands twice"},
		"a list for a text":            {entry("by", "[Anna]"), "attestations.yaml:5:7", "plain text"},
		"a key without value":          {entry("answer", ""), "attestations.yaml:1:3", "answer is missing"},
		"a key that is missing":        {entry("by", "-"), "attestations.yaml:1:3", "by is missing"},
		"an answer that is neither":    {entry("answer", "mostly"), "attestations.yaml:4:11", "neither yes nor no"},
		"a control without question":   {entry("control", "TLS-01"), "attestations.yaml:1:12", "no question"},
		"a subject that is undeclared": {entry("subject", "edge/rp-z"), "attestations.yaml:2:12", "not declared"},
		"a glob":                       {entry("subject", "edge/*"), "attestations.yaml:2:12", "not declared"},
		"an instant that is none":      {entry("at", "yesterday"), "attestations.yaml:6:7", "no instant"},
		"an instant of elsewhere":      {entry("at", "2026-01-01T00:00:00+02:00"), "attestations.yaml:6:7", "no instant in UTC"},
		"an end before the start":      {entry("valid_until", "2025-01-01T00:00:00Z"), "attestations.yaml:7:16", "not after"},
		"a digest of nothing":          {entry("sha256", "abc"), "attestations.yaml:8:11", "without evidence"},
		"a digest that is none":        {entry("evidence", "x", "sha256", "abc"), "attestations.yaml:9:11", "no digest"},
		"the same answer twice":        {entry() + entry("by", "Ben"), "attestations.yaml:9:12", "answered twice"},
		"the site and a part of it":    {entry() + entry("subject", "edge/rp-a"), "attestations.yaml:9:12", "a part of it"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := attestation.Parse("attestations.yaml", []byte(c.text), scope)
			var mistake *attestation.Error
			if !errors.As(err, &mistake) {
				t.Fatalf("the error is %v", err)
			}
			if mistake.Place != c.place || !strings.Contains(mistake.Message, c.message) {
				t.Errorf("the error is %v, wanted %s at %s", err, c.message, c.place)
			}
		})
	}
}

func TestAFileOfCommentsAnswersNothing(t *testing.T) {
	for _, text := range []string{"", "# nothing yet\n", "[]\n"} {
		if set, err := attestation.Parse("attestations.yaml", []byte(text), scope); err != nil || len(set.Answers) != 0 {
			t.Errorf("%q: %v, %v", text, set, err)
		}
	}
}

func TestEveryQuestionHasARule(t *testing.T) {
	rules := attestation.Rules(scope.Questions)
	for i, r := range rules {
		if r.ID != attestation.RulePrefix+scope.Questions[i].Control || r.Severity != scope.Questions[i].Severity || r.Fix == "" {
			t.Errorf("the rule is %+v", r)
		}
	}
}
