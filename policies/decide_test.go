// SPDX-License-Identifier: Apache-2.0

package policies_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/policies"
)

// TestRulesKeepTheirContractOnArbitraryEvidence decides over documents that no site
// has. Half of them are filled with values from small pools, so that names meet,
// records repeat and values are absurd; the other half are the fixtures' own
// evidence, cut up and put together anew, so that what rules join is there and never
// fits. Whatever a site holds, a rule may fail it, pass it or be unsure, but it may
// not break. ROUNDS asks for more documents.
func TestRulesKeepTheirContractOnArbitraryEvidence(t *testing.T) {
	set, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	profiles := someProfiles(t)
	real := fixtureEvidence(t)
	rounds := 16
	if n, _ := strconv.Atoi(os.Getenv("ROUNDS")); n > 0 {
		rounds = n
	}
	if testing.Short() {
		rounds = 4
	}
	var mu sync.Mutex
	failed := map[string]bool{}
	t.Run("rounds", func(t *testing.T) {
		for seed := range rounds {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(uint64(seed), 1))
				in := evidence.Input{Profile: profiles[seed/2%len(profiles)]}
				if seed%2 == 0 {
					in.Document = filled(r)
				} else {
					in.Document = real.recombined(r)
				}
				if seed%4 == 0 {
					fill(r, reflect.ValueOf(&in.Profile).Elem(), "", 0)
				}
				promise(&in.Document)
				verdicts, err := set.Decide(t.Context(), in, policy.Options{Limits: policy.Limits{Together: 2 * time.Minute, Alone: 20 * time.Second}})
				if err != nil {
					t.Fatal(err)
				}
				mu.Lock()
				defer mu.Unlock()
				for _, v := range verdicts {
					if strings.HasPrefix(v.Reason, "rule error") {
						t.Errorf("%s: %s", v.Rule, v.Reason)
					}
					if v.Outcome == finding.Fail {
						failed[v.Rule] = true
					}
				}
			})
		}
	})
	// The documents are rich enough to make most rules fire, or the test says little.
	t.Logf("%d of %d rules fired", len(failed), len(set.Rules()))
	if !testing.Short() && len(failed)*3 < len(set.Rules())*2 {
		var silent []string
		for _, rule := range set.Rules() {
			if !failed[rule.ID] {
				silent = append(silent, rule.ID)
			}
		}
		t.Errorf("only %d of %d rules fired; never %s", len(failed), len(set.Rules()), strings.Join(silent, ", "))
	}
}

// someProfiles are every base profile, with and without the overlays.
func someProfiles(t *testing.T) []evidence.Profile {
	t.Helper()
	var all []evidence.Profile
	for _, name := range policy.ProfileNames(policies.FS) {
		for _, overlays := range [...][]string{nil, policy.OverlayNames(policies.FS)} {
			p, err := policy.LoadProfile(policies.FS, evidence.ProfileChoice{Base: name, Overlays: overlays, ES: "ES03"})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, p)
		}
	}
	return all
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func atMost[T any](list []T, n int) []T { return list[:min(n, len(list))] }

// once keeps the first of the elements that have a key in common.
func once[T any](list []T, key func(T) string) []T {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(x T) bool {
		k := key(x)
		defer func() { seen[k] = true }()
		return seen[k]
	})
}

func dirs(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) == 0 {
		t.Fatalf("nothing in %s: %v", folder, err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, folder+"/"+e.Name())
		}
	}
	return names
}
