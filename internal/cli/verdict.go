// SPDX-License-Identifier: Apache-2.0

package cli

// verdict is the answer of a proof or a comparison in one word.
type verdict string

// Verdicts of a proof and of a comparison; both may be undecided.
const (
	verdictProved    verdict = "proved"
	verdictBroken    verdict = "counterexample"
	verdictUndecided verdict = "undecided"
	verdictSame      verdict = "same"
	verdictMore      verdict = "newly_reachable"
	verdictLess      verdict = "less_reachable"
)

// status is the exit status of a verdict.
func (v verdict) status() error {
	switch v {
	case verdictBroken, verdictMore:
		return statusError(exitFinding)
	case verdictUndecided:
		return statusError(exitUnknown)
	}
	return nil
}
