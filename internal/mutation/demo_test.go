// SPDX-License-Identifier: Apache-2.0

package mutation_test

import (
	"cmp"
	"os"
	"slices"
	"sort"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/lab"
)

// consequences are the findings of the faulty demo that are no planted fault
// themselves: each with the fault that it comes from, and where it shows.
var consequences = []struct {
	fault, rule string
	subjects    []string
}{
	{"map-case", "xc/referer_missing", []string{edge}},
	{"map-duplicate", "xc/forward_differs_from_map", []string{edge + "/server/desk-a.agents.example:12008"}},
	{"version-disclosed", "http/software_named", listeners},
	{"default-answers", "http/hidden_files_served", []string{edge + "/server/_:8553"}},
	{"default-answers", "tls/unknown_name_served", []string{edge + "/listener/desk-a.agents.example:8553"}},
	{"directory-listing", "http/hidden_files_served", []string{edge + "/server/desk-a.agents.example:8445"}},
	{"wildcard-name", "xc/forward_differs_from_map", []string{edge + "/server/*.agents.example:8445"}},
	{"wildcard-name", "http/unknown_name_answered", []string{edge + "/listener/desk-b.agents.example:8445"}},
	{"wildcard-name", "xc/server_name_not_covered", []string{edge + "/server/*.agents.example:8445"}},
	{"status-exposed", "http/default_server_answers", []string{edge + "/listener/*:10001"}},
	{"status-exposed", "tls/clear_text_listener", []string{edge + "/listener/*:10001"}},
	{"session-tickets", "tls/session_tickets_issued", listeners},
	{"short-secret", "auth/installer_secret_short", []string{edge}},
	{"chain-incomplete", "cert/incomplete_chain", []string{edge + "/file/ids.pem"}},
	{"key-readable", "host/key_file_loose", []string{edge}},
	{"open-ipv6", "net/map_port_open", []string{edge}},
	{"map-clear-text", "vos/map_source_missing", []string{"node/ld-a"}},
	{"origin-missing", "cors/gate_origin_refused", []string{edge + "/listener/desk-a.agents.example:8445"}},
	{"origin-clear-text", "cors/difference_between_nodes", []string{"node/fin-a"}},
	{"cors-for-all", "cors/difference_between_nodes", []string{"node/fin-b"}},
	{"cors-for-all", "cors/foreign_origin_admitted", []string{"node/fin-b/listener/fin-b.corp.example:8445"}},
	{"cors-for-all", "cors/unusable_answer", []string{"node/fin-b/listener/fin-b.corp.example:8445"}},
	{"frame-broad", "framing/stranger_may_embed", []string{edge + "/listener/desk-a.agents.example:8445", "node/fin-a/listener/fin-a.corp.example:8445"}},
}

const edge = "edge/rp-a"

// listeners are all that the edge answers on.
var listeners = []string{
	edge + "/listener/Desk-A.agents.example:8447",
	edge + "/listener/desk-a.agents.example:12005",
	edge + "/listener/desk-a.agents.example:12008",
	edge + "/listener/desk-a.agents.example:8444",
	edge + "/listener/desk-a.agents.example:8445",
	edge + "/listener/desk-a.agents.example:8553",
	edge + "/listener/desk-b.agents.example:8445",
}

// TestTheFaultyDemoShowsItsFaultsAndTheirConsequencesOnly holds the demo to an exact
// list, as the wrong sites are held to theirs.
func TestTheFaultyDemoShowsItsFaultsAndTheirConsequencesOnly(t *testing.T) {
	if lab.FindNginx() == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("nginx is not installed")
		}
		t.Skip("nginx is not installed: some faults stand only in its configuration")
	}
	b := newBench(t)
	bundle, planted, err := collectLab(t.Context(), t.TempDir(), true)
	if err != nil {
		t.Fatal(err)
	}
	result, err := auditJudge(t, bundle, b)
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, c := range consequences {
		for _, subject := range c.subjects {
			want = append(want, c.rule+" "+subject)
		}
		if !slices.ContainsFunc(planted, func(p lab.Planted) bool { return p.Name == c.fault }) {
			t.Errorf("%s is said to come from %s, which is not planted", c.rule, c.fault)
		}
	}
	for _, v := range result.Verdicts {
		for _, f := range v.Findings {
			if !slices.ContainsFunc(planted, func(p lab.Planted) bool { return p.Rule == v.Rule && shows(f, p) }) {
				got = append(got, v.Rule+" "+v.Subject)
			}
		}
	}
	sort.Strings(want)
	sort.Strings(got)
	if diff := gocmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Error(diff)
	}
}

// shows reports whether a finding points at the place of a fault.
func shows(f finding.Finding, p lab.Planted) bool {
	for _, s := range f.Sources {
		switch {
		case p.Host != "" && s.Host == p.Host && s.Port == p.Port,
			s.Artifact != "" && s.Artifact == cmp.Or(p.File, p.Path) && (p.Line == 0 || s.Line == p.Line):
			return true
		}
	}
	return false
}
