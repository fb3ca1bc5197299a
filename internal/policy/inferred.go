// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
)

// place is a line of an artifact.
type place struct {
	artifact string
	line     int
}

// formats is what is known of the formats that command-line facts rest on.
type formats struct {
	inferred []evidence.FormattedFact
	// at are the lines of inferred facts; documented those of documented ones.
	at         map[place]evidence.FormattedFact
	documented map[place]bool
}

func formatsOf(s *evidence.Sections) formats {
	f := formats{inferred: s.OfFormat(evidence.FormatInferred), at: map[place]evidence.FormattedFact{}, documented: map[place]bool{}}
	if len(f.inferred) == 0 {
		return f
	}
	for _, fact := range f.inferred {
		for _, s := range fact.Places {
			f.at[place{s.Artifact, s.Line}] = fact
		}
	}
	for _, fact := range s.OfFormat(evidence.FormatDocumented) {
		for _, s := range fact.Places {
			f.documented[place{s.Artifact, s.Line}] = true
		}
	}
	return f
}

// ground returns the inferred fact that a verdict rests on. A pass rests on
// every fact that its rule may have read about the subject. A fail rests on one
// when each of its findings does: a finding names the places that it is about,
// and where none of them is a command line's, what its rule may have read counts.
func (f formats) ground(v finding.Verdict, read readings) (evidence.FormattedFact, bool) {
	var may *evidence.FormattedFact
	for i, fact := range f.inferred {
		if read.reads(fact.Section) && read.mayRead(fact.Section, fact.Part) && evidence.Touches(fact.Target, v.Subject) {
			may = &f.inferred[i]
			break
		}
	}
	if may == nil {
		return evidence.FormattedFact{}, false
	}
	ground := *may
	for _, one := range v.Findings {
		cited, sound := false, false
		for _, s := range one.Sources {
			at := place{s.Artifact, s.Line}
			if fact, ok := f.at[at]; ok {
				ground, cited = fact, true
			}
			sound = sound || f.documented[at]
		}
		if sound && !cited {
			return evidence.FormattedFact{}, false
		}
	}
	return ground, true
}

// markInferred says of each verdict of severity high or above that rests on an
// output format that is only inferred that it does. When strict, such a verdict
// is unknown.
func (s *Set) markInferred(verdicts []finding.Verdict, sections *evidence.Sections, strict bool) {
	known := formatsOf(sections)
	if len(known.inferred) == 0 {
		return
	}
	for i := range verdicts {
		v := &verdicts[i]
		if v.Outcome != finding.Pass && v.Outcome != finding.Fail || !v.Severity.AtLeast(finding.High) {
			continue
		}
		fact, ok := known.ground(*v, s.reads[v.Rule])
		if !ok {
			continue
		}
		v.Reason = fmt.Sprintf("rests on an output format that is inferred, not documented: %s:%d", fact.Source.Artifact, fact.Source.Line)
		if strict {
			if v.Outcome == finding.Fail {
				v.Reason += "; it would be: " + v.Findings[0].Message
			}
			v.Outcome, v.Findings = finding.Unknown, []finding.Finding{}
		}
	}
}
