// SPDX-License-Identifier: Apache-2.0

package policies_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/policies"
)

// catalogue lists the ids that the catalogue must hold: families with the number of
// their last control, and single ids.
var (
	families = []struct {
		prefix string
		last   int
	}{
		{"TLS", 13},
		{"HTTP", 27},
		{"AUTH", 12},
		{"RATE", 12},
		{"IP", 9},
		{"NET", 17},
		{"HOST", 18},
		{"UP", 13},
		{"MAP", 11},
		{"VOS", 10},
		{"CORS", 10},
		{"CSP", 7},
		{"BSC", 6},
		{"GSC", 1},
		{"SSO", 12},
		{"CRT", 25},
		{"CTI", 10},
		{"GAD", 10},
		{"LOG", 6},
		{"VER", 8},
		{"GOV", 4},
		{"XC", 40},
	}
	cisNginx = strings.Fields(`
		1.1.1 1.1.2 1.2.1 1.2.2 2.1.1 2.1.2 2.1.3 2.1.4 2.2.1 2.2.2 2.2.3 2.3.1 2.3.2 2.3.3 2.3.4 2.4.1 2.4.2 2.4.3 2.4.4
		2.5.1 2.5.2 2.5.3 2.5.4 3.1 3.2 3.3 3.4 3.5 3.6 3.7 4.1.1 4.1.2 4.1.3 4.1.4 4.1.5 4.1.6 4.1.7 4.1.8 4.1.9 4.1.10 4.1.11
		4.1.12 4.1.13 4.1.14 5.1.1 5.1.2 5.2.1 5.2.2 5.2.3 5.2.4 5.2.5 5.3.1 5.3.2 5.3.3 5.3.4`)
	cisRHEL = strings.Fields(`
		IP-FORWARDING SEND-REDIRECTS BOGUS-ICMP BROADCAST-ICMP ICMP-REDIRECTS SECURE-REDIRECTS REVERSE-PATH SOURCE-ROUTING MARTIANS
		SYN-COOKIES IPV6-RA FIREWALL-TOOL FIREWALL-LOOPBACK FIREWALL-ESTABLISHED FIREWALL-PORTS FIREWALL-DEFAULT-DENY FIREWALL-SAVED
		FIREWALL-ENABLED SELINUX-INSTALLED SELINUX-BOOT SELINUX-TARGETED SELINUX-ENFORCING SELINUX-UNCONFINED SELINUX-TROUBLESHOOT
		SSH-CONFIG-MODE SSH-KEY-MODES SSH-ACCESS SSH-CIPHERS SSH-MACS SSH-KEX SSH-LOG-LEVEL SSH-MAX-AUTH-TRIES SSH-MAX-SESSIONS
		SSH-MAX-STARTUPS SSH-LOGIN-GRACE SSH-ROOT-LOGIN SSH-EMPTY-PASSWORDS SSH-USER-ENVIRONMENT SSH-HOSTBASED SSH-FORWARDING
		SSH-CLIENT-ALIVE SSH-BANNER SSH-USE-PAM TIME-SYNC AUDITD REMOTE-LOGS AIDE PASSWORD-POLICY UNUSED-FILESYSTEMS CORE-DUMPS ASLR
		PTRACE MOUNT-OPTIONS UPDATES SERVICES ACCOUNTS SYSTEM-FILES LOGGING`)
)

func expectedControls() []string {
	var ids []string
	for _, f := range families {
		for n := 1; n <= f.last; n++ {
			ids = append(ids, fmt.Sprintf("%s-%02d", f.prefix, n))
		}
	}
	for _, id := range cisNginx {
		ids = append(ids, "CIS-NGX-"+id)
	}
	for _, id := range cisRHEL {
		ids = append(ids, "CIS-RHEL-"+id)
	}
	return ids
}

func loadCatalogue(t *testing.T) (*policy.Set, []policy.Control) {
	t.Helper()
	set, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	controls, err := policy.LoadControls(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return set, controls
}

func TestTheCatalogueIsWhole(t *testing.T) {
	controls, err := policy.LoadControls(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	vendor := 0
	for _, f := range families[:len(families)-1] {
		vendor += f.last
	}
	if vendor != 241 {
		t.Errorf("the families hold %d controls of the vendor's guides, not 241", vendor)
	}
	for _, id := range expectedControls() {
		if !slices.ContainsFunc(controls, func(c policy.Control) bool { return c.ID == id }) {
			t.Errorf("control %s is missing", id)
		}
	}
}

// TestEveryControlIsAccountedFor fails for a control that neither rules nor people
// decide, that awaits no engine, and of which nobody says why.
func TestEveryControlIsAccountedFor(t *testing.T) {
	set, controls := loadCatalogue(t)
	ruled := map[string]bool{}
	for _, r := range set.Rules() {
		for _, id := range r.Controls {
			ruled[id] = true
		}
	}
	for _, c := range controls {
		switch {
		case !ruled[c.ID] && c.Question == "" && c.Pending == "" && c.Reason == "":
			t.Errorf("%s (%s) is accounted for by nothing: write a rule, or say why it is left open", c.ID, c.Title)
		case c.Kind == "H" && ruled[c.ID]:
			t.Errorf("%s is left to a person, and yet a rule decides it: it is of kind P", c.ID)
		case ruled[c.ID] && c.Reason != "":
			t.Errorf("%s is decided by a rule, and yet a reason says why it is left open", c.ID)
		}
	}
}

// awaiting are the controls that may await an engine.
var awaiting = map[string][]string{
	"reach": strings.Fields(`NET-02 NET-03 NET-05 NET-06 NET-07 NET-08 NET-09 NET-10 NET-11 NET-12 NET-13 NET-17 RATE-01 RATE-07 RATE-08
		XC-05 XC-06 XC-34`),
}

func TestOnlyWhatAnEngineWillDecideIsPending(t *testing.T) {
	controls, err := policy.LoadControls(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range controls {
		if c.Pending != "" && !slices.Contains(awaiting[c.Pending], c.ID) {
			t.Errorf("%s awaits the engine %s, which will not decide it", c.ID, c.Pending)
		}
	}
}

// TestEveryRuleShowsWhatFailsAndWhatPasses wants both examples in the header, short
// and different.
func TestEveryRuleShowsWhatFailsAndWhatPasses(t *testing.T) {
	set, _ := loadCatalogue(t)
	for _, r := range set.Rules() {
		switch {
		case r.Bad == "" || r.Good == "":
			t.Errorf("%s: custom.bad and custom.good are both required", r.ID)
		case r.Bad == r.Good:
			t.Errorf("%s: custom.bad and custom.good are the same", r.ID)
		case strings.Count(r.Bad, "\n") > 4 || strings.Count(r.Good, "\n") > 4:
			t.Errorf("%s: an example is longer than five lines", r.ID)
		}
	}
}

// topics are those on which the vendor's documents disagree.
var topics = strings.Fields(`
	http-version map-case map-port client-auth-default upstream-verification outbound tls-versions trust-all-certificates cors-default
	proxy-product operating-system live-data-restart origin-scheme syn-retries keep-alive`)

func TestEveryProfileSettlesEveryContradiction(t *testing.T) {
	for _, name := range policy.ProfileNames(policies.FS) {
		p, err := policy.LoadProfile(policies.FS, evidence.ProfileChoice{Base: name})
		if err != nil {
			t.Fatal(err)
		}
		settled := map[string]int{}
		for _, c := range p.Contradictions {
			settled[c.Topic]++
			if c.Chosen == "" || c.Reference == "" || c.Rejected == "" || c.RejectedReference == "" {
				t.Errorf("%s: %s names not both sides with their references", name, c.Topic)
			}
		}
		for _, topic := range topics {
			if settled[topic] != 1 {
				t.Errorf("%s settles %s %d times, not once", name, topic, settled[topic])
			}
		}
		if len(settled) != len(topics) {
			t.Errorf("%s settles %d topics, the test knows %d", name, len(settled), len(topics))
		}
	}
}

// TestADeviationNamesARuleAndBothDocuments keeps what a profile excuses on record.
func TestADeviationNamesARuleAndBothDocuments(t *testing.T) {
	set, _ := loadCatalogue(t)
	known := map[string]bool{}
	for _, r := range set.Rules() {
		known[r.ID] = true
	}
	for _, name := range policy.ProfileNames(policies.FS) {
		p, err := policy.LoadProfile(policies.FS, evidence.ProfileChoice{Base: name, Overlays: []string{"cis-nginx", "cis-rhel9"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range p.Deviations {
			if !known[d.Rule] || !strings.Contains(d.Reference, " against ") {
				t.Errorf("%s: deviation of %q by %q: want a rule, and what the vendor says against what CIS says", name, d.Rule, d.Reference)
			}
		}
		for _, s := range p.Severity {
			if !known[s.Rule] {
				t.Errorf("%s: severity of %q, which is no rule", name, s.Rule)
			}
		}
	}
}
