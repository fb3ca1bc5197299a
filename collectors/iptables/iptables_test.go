// SPDX-License-Identifier: Apache-2.0

package iptables_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/iptables"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/netfilter"
)

// memory are files that pass through the redaction, as all files do; the large
// ones of the tests of limits do not, since that takes long.
type memory map[string]string

func (m memory) Read(path string, limit int64) (evidence.Artifact, error) {
	text, ok := m[path]
	if !ok || int64(len(text)) > limit {
		return evidence.Artifact{}, fmt.Errorf("%s: cannot be read", path)
	}
	if len(text) > 100<<10 {
		return evidence.Artifact{Path: path, Text: []byte(text)}, nil
	}
	var archive evidence.Archive
	return archive.Add(path, []byte(text)), nil
}

func (memory) Tree(string) (fs.FS, error) { return nil, fs.ErrNotExist }

// collect gathers from files named like the keys of the site file; the ones that
// are not there are not declared.
func collect(t *testing.T, files memory) evidence.Collected {
	t.Helper()
	declared := func(key string) string {
		if _, ok := files[key]; ok {
			return key
		}
		return ""
	}
	edge := &evidence.Edge{Name: "rp-a", Subject: "edge/rp-a", IPTables: evidence.RuleSetFiles{
		V4: declared("v4"), V6: declared("v6"), LegacyV4: declared("legacy_v4"), LegacyV6: declared("legacy_v6"), NFT: declared("nft"), IPSets: declared("ipsets"),
	}}
	for key, text := range files {
		if text == "MISSING" {
			delete(files, key)
		}
	}
	got, err := iptables.Collector{}.Collect(context.Background(), evidence.Target{Kind: evidence.KindEdge, Subject: edge.Subject, Edge: edge, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// gaps are the gaps of a section, in one line each.
func gaps(got evidence.Collected, section string) []string {
	var out []string
	for _, g := range got.Gaps {
		if g.Section == section {
			out = append(out, fmt.Sprintf("%s:%d %s", g.Source.Artifact, g.Source.Line, g.Reason))
		}
	}
	return out
}

// save is a filter table with these rules.
func save(rules ...string) string {
	return "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n" + strings.Join(append(rules, "COMMIT"), "\n") + "\n"
}

const idle = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"

func TestRulesFillTheFieldsThatSayExactlyTheSame(t *testing.T) {
	got := collect(t, memory{"v4": save(
		`-A INPUT -s 10.0.0.0/8 ! -i lo -p tcp -m tcp --dport 8445 --tcp-flags SYN SYN -m connlimit --connlimit-above 10 --connlimit-mask 32 --connlimit-saddr -j DROP`,
		`-A INPUT -p tcp -m tcp --dport 8445 -m hashlimit --hashlimit-upto 6/sec --hashlimit-burst 8 --hashlimit-mode srcip,dstport --hashlimit-name TCP_8445_DOS -j ACCEPT`,
		`-A INPUT -p icmp -m icmp --icmp-type 8 -m limit --limit 1/min --limit-burst 1 -j LOG --log-prefix "x "`,
	), "v6": save()})
	if len(got.Gaps) > 0 {
		t.Fatal(got.Gaps)
	}
	set := got.Sections.IPTables[0]
	if set.Family != evidence.IPv4 || len(set.Chains) != 3 || set.Chains[0].Policy != "DROP" || !set.Chains[0].BuiltIn {
		t.Errorf("%+v", set.Chains)
	}
	r := set.Rules[0]
	r.Text, r.Source = "", evidence.Source{}
	if diff := cmp.Diff(evidence.PacketRule{
		Table: "filter", Chain: "INPUT", Index: 1, Verdict: "DROP", Effect: "drop", TCPFlags: "SYN SYN",
		Protocol: evidence.Match{Set: true, Values: []string{"tcp"}}, SourceNet: evidence.Match{Set: true, Values: []string{"10.0.0.0/8"}},
		InInterface: evidence.Match{Set: true, Negated: true, Values: []string{"lo"}},
		DestPorts:   evidence.PortMatch{Set: true, Ranges: []evidence.PortRange{{From: 8445, To: 8445}}},
		ConnLimit:   evidence.ConnLimit{Set: true, Above: true, Count: 10, Mask: 32},
	}, r); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(evidence.HashLimit{Set: true, Name: "TCP_8445_DOS", Mode: "srcip,dstport", Rate: 6, Per: 1000, Burst: 8}, set.Rules[1].HashLimit); diff != "" {
		t.Error(diff)
	}
	if r := set.Rules[2]; r.Limit != "--limit 1/min --limit-burst 1" || r.ICMPType != "8" || r.Effect != "log" || r.Source.Line != 7 || len(r.Unmodelled) != 0 {
		t.Errorf("%+v", r)
	}
}

// TestWhatNoFieldSaysIsUnmodelledAndTyped is what keeps rules of Rego, which read
// the fields, from taking a packet rule for wider than it is.
func TestWhatNoFieldSaysIsUnmodelledAndTyped(t *testing.T) {
	for match, want := range map[string]evidence.PacketMatch{
		"-m recent --rcheck --seconds 60 --name ssh": {
			Kind: "recent", Module: "recent",
			Parameters: []evidence.PacketParameter{{Name: "--rcheck"}, {Name: "--seconds", Value: "60"}, {Name: "--name", Value: "ssh"}},
		},
		"-m set ! --match-set bad src":                            {Kind: "set", Module: "set", Parameters: []evidence.PacketParameter{{Name: "--match-set", Value: "bad src", Negated: true}}},
		"-m conntrack --ctdir REPLY":                              {Kind: "ct-direction", Module: "conntrack", Values: []string{"REPLY"}},
		"-m iprange --src-range 1.1.1.1-1.1.1.9":                  {Kind: "source-range", Module: "iprange", Values: []string{"1.1.1.1-1.1.1.9"}},
		"-m length --length 0:100":                                {Kind: "length", Module: "length", Values: []string{"0:100"}, Ranges: []evidence.PacketNumbers{{From: 0, To: 100}}},
		"-p tcp -m tcpmss ! --mss 536:65535":                      {Kind: "tcp-mss", Module: "tcpmss", Negated: true, Values: []string{"536:65535"}, Ranges: []evidence.PacketNumbers{{From: 536, To: 65535}}},
		"-f":                                                      {Kind: "fragment"},
		"-p icmp -m icmp ! --icmp-type 8":                         {Kind: "icmp-type", Module: "icmp", Negated: true, Values: []string{"8"}, Ranges: []evidence.PacketNumbers{{From: 2048, To: 2303}}},
		"-p tcp -m multiport --ports 22":                          {Kind: "ports", Module: "multiport", Values: []string{"22"}, Ranges: []evidence.PacketNumbers{{From: 22, To: 22}}},
		"-m state --state NEW -m conntrack --ctstate ESTABLISHED": {Kind: "states", Module: "conntrack", Values: []string{"ESTABLISHED"}},
		"-p tcp -m tcp --dport 80 -m multiport --dports 22":       {Kind: "destination-ports", Module: "multiport", Values: []string{"22"}, Ranges: []evidence.PacketNumbers{{From: 22, To: 22}}},
		"-p tcp -m connlimit --connlimit-above 5 --connlimit-daddr": {
			Kind: "connlimit", Module: "connlimit", Parameters: []evidence.PacketParameter{{Name: "--connlimit-above", Value: "5"}, {Name: "--connlimit-daddr"}},
		},
		"-m hashlimit --hashlimit-upto 6/sec --hashlimit-mode srcip --hashlimit-srcmask 24 --hashlimit-name x": {
			Kind: "hashlimit", Module: "hashlimit", Parameters: []evidence.PacketParameter{
				{Name: "--hashlimit-upto", Value: "6/sec"}, {Name: "--hashlimit-mode", Value: "srcip"}, {Name: "--hashlimit-srcmask", Value: "24"}, {Name: "--hashlimit-name", Value: "x"},
			},
		},
		"-m frob --nicate 7": {Kind: "unmodelled", Module: "frob", Parameters: []evidence.PacketParameter{{Name: "--nicate", Value: "7"}}},
		"-m u32 --u32 0x0=1": {Kind: "u32", Module: "u32", Values: []string{"0x0=1"}},
	} {
		got := collect(t, memory{"v4": save("-A INPUT " + match + " -j ACCEPT"), "v6": save()})
		rules := got.Sections.IPTables[0].Rules
		if len(rules) != 1 || len(rules[0].Unmodelled) != 1 || len(rules[0].Matches) != 1 || rules[0].Unconditional {
			t.Errorf("%s: %+v %v", match, rules, got.Gaps)
			continue
		}
		m := rules[0].Matches[0]
		if m.Text != rules[0].Unmodelled[0] || !strings.Contains("-A INPUT "+match, m.Text) {
			t.Errorf("%s: texts %q and %q", match, m.Text, rules[0].Unmodelled[0])
		}
		m.Text = ""
		if diff := cmp.Diff(want, m); diff != "" {
			t.Errorf("%s: %s", match, diff)
		}
	}
}

func TestEveryKindAndEffectIsAMemberOfTheContract(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../internal/netfilter/match.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Type == nil {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == "MatchKind" {
			kinds = append(kinds, strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`))
		}
		return true
	})
	if diff := cmp.Diff(kinds, evidence.PacketMatchKind("").Values()); diff != "" || len(kinds) < 50 {
		t.Errorf("kinds differ: %s", diff)
	}
	if diff := cmp.Diff(netfilter.Effect("").Values(), evidence.PacketEffect("").Values()); diff != "" {
		t.Errorf("effects differ: %s", diff)
	}
}

func TestWhatIsNotDeclaredOrReadableIsAGap(t *testing.T) {
	for _, c := range []struct {
		name  string
		files memory
		want  map[string]int // gaps by section
	}{
		{"nothing declared", memory{}, map[string]int{"iptables": 2}},
		{"one family", memory{"v4": idle}, map[string]int{"iptables": 1}},
		{"both families", memory{"v4": idle, "v6": idle}, nil},
		{"a missing file", memory{"v4": "MISSING", "v6": idle}, map[string]int{"iptables": 1}},
		{"an empty file", memory{"v4": "", "v6": idle}, map[string]int{"iptables": 1}},
		{"a bad line", memory{"v4": save("frob"), "v6": idle}, map[string]int{"iptables": 1}},
		{"a missing legacy file leaves both open", memory{"v4": idle, "v6": idle, "legacy_v6": "MISSING"}, map[string]int{"iptables": 1, "netfilter": 1}},
		{"a broken nft file leaves both open", memory{"v4": idle, "v6": idle, "nft": "{"}, map[string]int{"iptables": 1, "netfilter": 1}},
		{"a missing listing of sets", memory{"v4": idle, "v6": idle, "ipsets": "MISSING"}, map[string]int{"ipsets": 1}},
		{"a bad listing of sets", memory{"v4": idle, "v6": idle, "ipsets": "frob\n"}, map[string]int{"ipsets": 1}},
		{
			"a remark that there is more",
			memory{"v4": idle + "# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n", "v6": idle},
			map[string]int{"iptables": 1},
		},
		{
			"a remark about what is declared",
			memory{"v4": idle + "# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n", "v6": idle, "legacy_v4": idle},
			nil,
		},
		{"idle backends", memory{"v4": save(), "v6": save(), "legacy_v4": idle, "legacy_v6": idle, "nft": `{"nftables": []}`, "ipsets": ""}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := collect(t, c.files)
			count := map[string]int{}
			for _, g := range got.Gaps {
				count[g.Section]++
			}
			if len(count) != len(c.want) || cmp.Diff(c.want, count) != "" && len(c.want) > 0 {
				t.Errorf("want gaps %v, got %v", c.want, got.Gaps)
			}
		})
	}
}

func TestASecondBackendThatDecidesIsAGap(t *testing.T) {
	native := func(family, rule string) string {
		return `{"nftables": [{"table": {"family": "` + family + `", "name": "t"}}, {"chain": {"family": "` + family + `", "table": "t", "name": "c", "type": "filter", "hook": "input", "prio": 0, "policy": "accept"}},
 {"rule": {"family": "` + family + `", "table": "t", "chain": "c", "expr": [` + rule + `]}}]}`
	}
	first := save("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT", "-A INPUT -j LOG")
	for _, c := range []struct {
		name, key, text string
		want            string // the reason, or nothing
	}{
		{"the same rules", "legacy_v4", first, ""},
		{"the same rules with other counters", "legacy_v4", save("[1:60] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT", "[0:0] -A INPUT -j LOG"), ""},
		{"rules that only accept, count and log", "legacy_v4", strings.Replace(idle, "COMMIT", "-A INPUT -j ACCEPT\n-A INPUT\n-A INPUT -j LOG\nCOMMIT", 1), ""},
		{"a rule that drops", "legacy_v4", strings.Replace(idle, "COMMIT", "-A INPUT -s 192.0.2.1/32 -j DROP\nCOMMIT", 1), "ipv4 rules of iptables-legacy decide"},
		{"another policy", "legacy_v6", strings.Replace(idle, "INPUT ACCEPT", "INPUT DROP", 1), "ipv6 rules of iptables-legacy decide"},
		{"another order", "legacy_v4", save("-A INPUT -j LOG", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"), "ipv4 rules of iptables-legacy decide"},
		{"another table", "legacy_v4", "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j CT --notrack\nCOMMIT\n", "first is PREROUTING of table raw"},
		{"a target that is not known", "legacy_v4", strings.Replace(idle, "COMMIT", "-A INPUT -j FROB\nCOMMIT", 1), "decide"},
		{"a native rule that drops", "nft", native("inet", `{"drop": null}`), "inet rules of nftables decide"},
		{"a native rule that logs and accepts", "nft", native("inet", `{"log": {"prefix": "x"}}, {"accept": null}`), ""},
		{"a native rule that marks and accepts", "nft", native("inet", `{"mangle": {"key": {"meta": {"key": "mark"}}, "value": 5}}, {"accept": null}`), "inet rules of nftables decide"},
		{"a rule for ARP", "nft", native("arp", `{"drop": null}`), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := collect(t, memory{"v4": first, "v6": save("-A INPUT -j LOG"), c.key: c.text})
			found := gaps(got, "iptables")
			if c.want == "" && len(found) > 0 || c.want != "" && (len(found) != 1 || !strings.Contains(found[0], c.want) || !strings.HasPrefix(found[0], c.key+":")) {
				t.Errorf("want %q, got %q", c.want, found)
			}
			if len(got.Sections.Netfilter) != 1 || len(got.Sections.IPTables) != 2 {
				t.Errorf("%+v", got.Sections)
			}
		})
	}
}

func TestWhatNFTDoesNotShowComesFromTheSameRuleOfIPTables(t *testing.T) {
	nft := `{"nftables": [{"table": {"family": "ip", "name": "filter"}}, {"chain": {"family": "ip", "table": "filter", "name": "INPUT", "type": "filter", "hook": "input", "prio": 0, "policy": "drop"}},
 {"rule": {"family": "ip", "table": "filter", "chain": "INPUT", "expr": [{"xt": {"type": "match", "name": "recent"}}, {"drop": null}]}},
 {"rule": {"family": "ip", "table": "filter", "chain": "INPUT", "expr": [{"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "lo"}}, {"accept": null}]}}]}`
	shown := "*filter\n:INPUT DROP [0:0]\n-A INPUT -m recent --name ssh --rcheck --seconds 60 -j DROP\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n"
	got := collect(t, memory{"v4": shown, "v6": idle, "nft": nft})
	if len(got.Gaps) > 0 {
		t.Fatal(got.Gaps)
	}
	record := got.Sections.Netfilter[0]
	if record.Family != "ipv4" || record.Backend != evidence.BackendNFT || !record.Chains[0].Shown || !record.Chains[0].Decides || record.Chains[0].Hook != "input" {
		t.Errorf("%+v", record.Chains)
	}
	if m := record.Rules[0].Matches; len(m) != 1 || m[0].Kind != "recent" || len(m[0].Parameters) != 3 || record.Rules[0].Source.Artifact != "nft" || record.Rules[0].Source.Line != 2 {
		t.Errorf("%+v", record.Rules[0])
	}
	// A chain of another length is not the same one.
	got = collect(t, memory{"v4": strings.Replace(shown, "-A INPUT -i lo -j ACCEPT\n", "", 1), "v6": idle, "nft": nft})
	if found := gaps(got, "netfilter"); len(found) != 1 || !strings.Contains(found[0], "1 rule(s) are not in the output of nft") || !strings.HasPrefix(found[0], "nft:2") {
		t.Errorf("%q", found)
	}
	if found := gaps(got, "iptables"); len(found) != 1 {
		t.Errorf("%q", found)
	}
	if m := got.Sections.Netfilter[0].Rules[0].Matches; len(m) != 1 || m[0].Kind != "unmodelled" || m[0].Module != "xt recent" {
		t.Errorf("%+v", m)
	}
}

func TestASetThatRulesNeedHasToBeListed(t *testing.T) {
	rules := save("-A INPUT -m set --match-set admins src -j ACCEPT", "-A INPUT -m set ! --match-set bad src -j ACCEPT", "-A INPUT -m set --match-set bad dst -j DROP")
	got := collect(t, memory{"v4": rules, "v6": save()})
	if diff := cmp.Diff([]string{
		`v4:5 the set "admins", which packet rules look addresses up in, is not in the listing of iptables.ipsets`,
		`v4:6 the set "bad", which packet rules look addresses up in, is not in the listing of iptables.ipsets`,
	}, gaps(got, "ipsets")); diff != "" {
		t.Error(diff)
	}
	got = collect(t, memory{"v4": rules, "v6": save(), "ipsets": "create admins hash:net family inet timeout 60\nadd admins 10.0.0.0/8\nadd admins 10.1.0.0/16 nomatch\n" +
		"create bad list:set size 8\nadd bad worse\ncreate ports bitmap:port range 1-9\nadd ports 7\n"})
	if diff := cmp.Diff([]string{`ipsets:5 the set "worse", which packet rules look addresses up in, is not in the listing of iptables.ipsets`}, gaps(got, "ipsets")); diff != "" {
		t.Error(diff)
	}
	sets := got.Sections.IPSets[0].Sets
	sets[0].Source = evidence.Source{}
	if diff := cmp.Diff(evidence.IPSet{
		Name: "admins", Type: "hash:net", Families: []evidence.Family{evidence.IPv4}, TimeoutSeconds: 60, Entries: []string{"10.0.0.0/8"},
		Exceptions: []string{"10.1.0.0/16"}, EntryCount: 2, Complete: true,
	}, sets[0]); diff != "" {
		t.Error(diff)
	}
	if len(sets) != 3 || sets[2].Families != nil || sets[2].Source.Line != 6 {
		t.Errorf("%+v", sets[1:])
	}
}

func TestASetOfTooManyEntriesIsCutWithAGap(t *testing.T) {
	var b strings.Builder
	b.WriteString("create big hash:ip\n")
	for i := range 20_001 {
		fmt.Fprintf(&b, "add big 10.%d.%d.%d\n", i>>16, i>>8&255, i&255)
	}
	got := collect(t, memory{"v4": idle, "v6": idle, "ipsets": b.String()})
	set := got.Sections.IPSets[0].Sets[0]
	if len(gaps(got, "ipsets")) != 1 || set.Complete || len(set.Entries) != 20_000 || set.EntryCount != 20_001 {
		t.Errorf("%v %d of %d", got.Gaps, len(set.Entries), set.EntryCount)
	}
}

// TestAKernelWithBothBackendsIsReadWhole sets up iptables of both backends, native
// rules of nft and ipsets in a new network namespace, and collects what the real
// tools print.
func TestAKernelWithBothBackendsIsReadWhole(t *testing.T) {
	for _, program := range []string{"unshare", "iptables-nft", "iptables-legacy", "ip6tables-nft", "nft", "ipset"} {
		if _, err := exec.LookPath(program); err != nil {
			needs(t, program+" is not installed")
		}
	}
	if out, err := exec.Command("unshare", "-n", "true").CombinedOutput(); err != nil {
		needs(t, "no new network namespace: "+string(out))
	}
	cmd := exec.Command("unshare", "-n", "sh", "-e", "-c", `
ipset create admins hash:net
ipset add admins 10.9.1.0/24
iptables-nft -P INPUT DROP
iptables-nft -A INPUT -i lo -j ACCEPT
iptables-nft -A INPUT -p tcp --dport 22 -m set --match-set admins src -j ACCEPT
iptables-nft -A INPUT -p tcp --dport 8445 --tcp-flags SYN SYN -m connlimit --connlimit-above 10 -j DROP
iptables-nft -A INPUT -m recent --rcheck --seconds 60 -j DROP
iptables-nft -A INPUT -m limit --limit 5/min -j LOG --log-prefix "dropped "
ip6tables-nft -P INPUT DROP
ip6tables-nft -A INPUT -p icmpv6 -j ACCEPT
iptables-legacy -A INPUT -s 192.0.2.0/24 -j DROP
nft add table inet extra
nft 'add chain inet extra in { type filter hook input priority -10; policy accept; }'
nft add rule inet extra in tcp dport 23 counter drop
iptables-nft-save 2>&1; echo SPLIT; ip6tables-nft-save 2>&1; echo SPLIT; iptables-legacy-save; echo SPLIT; nft -j list ruleset; echo SPLIT; ipset list
`)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	parts := strings.Split(string(out), "SPLIT\n")
	got := collect(t, memory{"v4": parts[0], "v6": parts[1], "legacy_v4": parts[2], "nft": parts[3], "ipsets": parts[4]})
	want := []string{"the ipv4 rules of iptables-legacy decide as well", "the inet rules of nftables decide as well"}
	if len(got.Gaps) != len(want) {
		t.Errorf("gaps %v", got.Gaps)
	}
	for i, g := range got.Gaps {
		if i < len(want) && (g.Section != "iptables" || !strings.Contains(g.Reason, want[i])) {
			t.Errorf("gap %+v, want %s", g, want[i])
		}
	}
	var records []string
	for _, r := range got.Sections.Netfilter {
		records = append(records, fmt.Sprintf("%s %s %d", r.Backend, r.Family, len(r.Rules)))
		for _, c := range r.Chains {
			// The other chains of legacy are as empty as those of iptables-nft.
			if same := r.Family != "inet" && (r.Backend == evidence.BackendNFT || c.Name != "INPUT"); c.Shown != same {
				t.Errorf("%s %s: chain %s is shown=%v", r.Backend, r.Family, c.Name, c.Shown)
			}
		}
	}
	if diff := cmp.Diff([]string{"iptables-legacy ipv4 1", "nftables ipv4 5", "nftables ipv6 1", "nftables inet 1"}, records); diff != "" {
		t.Error(diff)
	}
	i := slices.IndexFunc(got.Sections.Netfilter, func(b evidence.FilterBackend) bool { return b.Family == "ipv4" && b.Backend == evidence.BackendNFT })
	for j, r := range got.Sections.Netfilter[i].Rules {
		saved := got.Sections.IPTables[0].Rules[j]
		if r.Verdict != saved.Verdict || r.ConnLimit != saved.ConnLimit || cmp.Diff(r.DestPorts, saved.DestPorts) != "" || len(r.Matches) != len(saved.Matches) {
			t.Errorf("nft has %+v\niptables %+v", r, saved)
		}
	}
}

func needs(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}
