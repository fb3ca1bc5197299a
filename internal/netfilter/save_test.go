// SPDX-License-Identifier: Apache-2.0

package netfilter_test

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/netfilter"
)

func parseRule(t *testing.T, rule string) netfilter.Rule {
	t.Helper()
	set := netfilter.ParseSave([]byte("*filter\n:INPUT DROP [0:0]\n:LOGDROP - [0:0]\n" + rule + "\nCOMMIT\n"))
	if len(set.Problems) > 0 {
		t.Fatalf("%s: %+v", rule, set.Problems)
	}
	return set.Tables[0].Chains[0].Rules[0]
}

// kinds writes the matches of a rule in one line each, for comparison.
func kinds(r netfilter.Rule) []string {
	var out []string
	for _, m := range r.Matches {
		s := string(m.Kind) + "=" + strings.Join(m.Values, "|")
		for _, o := range m.Options {
			if s += " "; o.Negated {
				s += "!"
			}
			s += o.Name + "=" + o.Value
		}
		if m.Kind == netfilter.Unmodelled {
			s = "unmodelled: " + m.Text
		}
		if m.Negated {
			s = "!" + s
		}
		out = append(out, s)
	}
	sort.Strings(out)
	return out
}

func TestARuleIsReadAsItsMatchesAndTarget(t *testing.T) {
	for _, c := range []struct {
		rule, target string
		matches      []string
	}{
		{"-A INPUT -j ACCEPT", "ACCEPT", nil},
		{"[12:3456] -A INPUT -i lo -j ACCEPT", "ACCEPT", []string{"in-interface=lo"}},
		{"-A INPUT -s 10.0.0.0/8,192.0.2.1/32 -p tcp --dport 22 -g LOGDROP", "LOGDROP", []string{"destination-ports=22", "protocol=tcp", "source=10.0.0.0/8|192.0.2.1/32"}},
		{"-A INPUT ! -i lo -s 127.0.0.0/8 -j DROP", "DROP", []string{"!in-interface=lo", "source=127.0.0.0/8"}},
		{"-A INPUT -s ! 10.0.0.1 -p ! tcp -j DROP", "DROP", []string{"!protocol=tcp", "!source=10.0.0.1"}},
		{"-A INPUT -p tcp -m multiport --dports 80,443,8000:8100 -j ACCEPT", "ACCEPT", []string{"destination-ports=80|443|8000:8100", "protocol=tcp"}},
		{"-A INPUT -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT", "ACCEPT", []string{"states=NEW|ESTABLISHED"}},
		{"-A INPUT -p tcp --syn -j ACCEPT", "ACCEPT", []string{"protocol=tcp", "tcp-flags=FIN,SYN,RST,ACK|SYN"}},
		{"-A INPUT -p tcp -m connlimit --connlimit-above 10 --connlimit-mask 32 --connlimit-saddr -j DROP", "DROP", []string{"connlimit= --connlimit-above=10 --connlimit-mask=32 --connlimit-saddr=", "protocol=tcp"}},
		{"-A INPUT -m recent --name ssh ! --rcheck --seconds 60 -j DROP", "DROP", []string{"recent= --name=ssh !--rcheck= --seconds=60"}},
		{"-A INPUT -m string --string \"a -j b\" --algo bm -j DROP", "DROP", []string{"string= --string=a -j b --algo=bm"}},
		{"-A INPUT ! -f -j DROP", "DROP", []string{"!fragment="}},
		{"-A INPUT -p tcp -m set ! --match-set admins src,dst --return-nomatch -j DROP", "DROP", []string{"protocol=tcp", "set= !--match-set=admins src,dst --return-nomatch="}},
		{"-A INPUT -m iprange ! --src-range 10.0.0.1-10.0.0.9 --dst-range 10.1.0.1-10.1.0.9", "", []string{"!source-range=10.0.0.1-10.0.0.9", "destination-range=10.1.0.1-10.1.0.9"}},
		{"-A INPUT -m quux --frob \"-j x\" 7 ! --nard -j FOO --bar 1 --baz", "FOO", []string{"unmodelled: -m quux --frob \"-j x\" 7 ! --nard"}},
		{"-A INPUT -m limit --limit 5/min --quux 7 -j DROP", "DROP", []string{"unmodelled: -m limit --limit 5/min --quux 7"}},
		{"-A INPUT -m limit --limit 5/fortnight -j DROP", "DROP", []string{"unmodelled: -m limit --limit 5/fortnight"}},
		{"-A INPUT -p tcp -m tcp --frob 1 -j DROP", "DROP", []string{"protocol=tcp", "unmodelled: -m tcp --frob 1"}},
		{"-A INPUT -p all -s 0.0.0.0/0 -i + -j DROP", "DROP", nil},
		{"-A INPUT ! -s 0.0.0.0/0 -j DROP", "DROP", []string{"!source=0.0.0.0/0"}},
		{"-A INPUT -m mark --mark 0x10/0xff -m connmark ! --mark 1 -j DROP", "DROP", []string{"!connmark=1", "mark=0x10/0xff"}},
		{"-A INPUT -p tcp -m multiport --ports 22,80 -j DROP", "DROP", []string{"ports=22|80", "protocol=tcp"}},
		{"-A INPUT -j LOG --log-prefix \"-j DROP\" -m conntrack ! --ctstate NEW,INVALID", "LOG", []string{"!states=NEW|INVALID"}},
		{"-A INPUT -m limit --limit 1/min -p udp --limit-burst 3 -j DROP", "DROP", []string{"limit= --limit=1/min --limit-burst=3", "protocol=udp"}},
		{"-A INPUT -m comment --comment \"it's \\\"quoted\\\"\" -j LOG --log-prefix \"x y \" --log-level 4", "LOG", nil},
		{"-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT", "ACCEPT", []string{"icmp-type=8", "protocol=icmp"}},
	} {
		r := parseRule(t, c.rule)
		if r.Target != c.target {
			t.Errorf("%s: target %q", c.rule, r.Target)
		}
		if diff := cmp.Diff(c.matches, kinds(r)); diff != "" {
			t.Errorf("%s: %s", c.rule, diff)
		}
	}
	r := parseRule(t, "-A INPUT -m comment --comment \"it's \\\"quoted\\\"\" -j LOG --log-prefix \"x y \" --log-level 4")
	if r.Comment != `it's "quoted"` || len(r.Options) != 2 || r.Options[0].Value != "x y " {
		t.Errorf("comment %q options %+v", r.Comment, r.Options)
	}
}

func TestNumbersOfAMatchAreRanges(t *testing.T) {
	for rule, want := range map[string][]netfilter.Range{
		"-p tcp --dport 1024:":                           {{1024, 65535}},
		"-p udp -m multiport --sports :53,80":            {{0, 53}, {80, 80}},
		"-m length --length 100":                         {{100, 100}},
		"-m ttl --ttl-lt 5":                              {{0, 4}},
		"-m ttl --ttl-lt 0":                              {{1, 0}},
		"-m ttl --ttl-gt 255":                            {{256, 255}},
		"-m hl --hl-eq 255":                              {{255, 255}},
		"-p icmp --icmp-type port-unreachable":           {{3<<8 | 3, 3<<8 | 3}},
		"-p icmp --icmp-type 8":                          {{8 << 8, 8<<8 | 255}},
		"-p icmp --icmp-type any":                        {{0, 65535}},
		"-p icmpv6 --icmpv6-type neighbour-solicitation": {{135 << 8, 135<<8 | 255}},
		"-p icmp --icmp-type 3/1":                        {{3<<8 | 1, 3<<8 | 1}},
		"-p tcp -m tcpmss --mss 1:500":                   {{1, 500}},
		"-p 47":                                          {{47, 47}},
		"-p esp -m esp --espspi 0x100:0x1ff":             {{256, 511}},
	} {
		m := parseRule(t, "-A INPUT "+rule).Matches
		if diff := cmp.Diff(want, m[len(m)-1].Ranges); diff != "" {
			t.Errorf("%s: %s", rule, diff)
		}
	}
}

func TestFlagsAndMarksAreMaskAndComparison(t *testing.T) {
	for rule, want := range map[string][2]uint32{
		"-p tcp --syn":                       {23, 2},
		"-p tcp --tcp-flags ALL NONE":        {63, 0},
		"-p tcp --tcp-flags SYN,FIN SYN,FIN": {3, 3},
		"-m mark --mark 0x10":                {0xffffffff, 16},
		"-m connmark --mark 16/0xf0":         {0xf0, 16},
	} {
		m := parseRule(t, "-A INPUT "+rule).Matches
		if got := [2]uint32{m[len(m)-1].Mask, m[len(m)-1].Compare}; got != want {
			t.Errorf("%s: %v, want %v", rule, got, want)
		}
	}
}

func TestLimitsHaveTheDefaultsOfIptables(t *testing.T) {
	last := func(rule string) netfilter.Match {
		m := parseRule(t, "-A INPUT "+rule).Matches
		return m[len(m)-1]
	}
	limit, err := last("-m limit").Limit()
	if diff := cmp.Diff(netfilter.LimitMatch{Rate: netfilter.Rate{Amount: 3, PerMillis: 3_600_000}, Burst: 5}, limit); diff != "" || err != nil {
		t.Error(diff, err)
	}
	conn, err := last("-p tcp -m connlimit ! --connlimit-above 10").ConnLimit()
	if diff := cmp.Diff(netfilter.ConnLimitMatch{Count: 10, Mask: netfilter.WholeAddress}, conn); diff != "" || err != nil {
		t.Error(diff, err)
	}
	hash, err := last("-m hashlimit --hashlimit-above 512kb/s --hashlimit-mode srcip,dstport --hashlimit-name x --hashlimit-srcmask 24").HashLimit()
	if diff := cmp.Diff(netfilter.HashLimitMatch{
		Above: true, Rate: netfilter.Rate{Amount: 512 << 10, PerMillis: 1000, Bytes: true}, Burst: 5, Name: "x", Mode: []string{"srcip", "dstport"},
		SourceMask: 24, DestMask: netfilter.WholeAddress, ExpireMillis: 10_000,
	}, hash); diff != "" || err != nil {
		t.Error(diff, err)
	}
	recent, err := last("-m recent --update --hitcount 3").Recent()
	if diff := cmp.Diff(netfilter.RecentMatch{Action: "update", Name: "DEFAULT", Hits: 3}, recent); diff != "" || err != nil {
		t.Error(diff, err)
	}
	set, err := last("-m set ! --match-set a src,dst").Set()
	if diff := cmp.Diff(netfilter.SetMatch{Name: "a", Directions: []string{"src", "dst"}, Negated: true}, set); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestATargetHasItsEffectAndOptions(t *testing.T) {
	for rule, want := range map[string]string{
		"":                                  "none []",
		"-j ACCEPT":                         "accept []",
		"-g LOGDROP":                        "jump []",
		"-j MISSING":                        "unknown []",
		"-j FROB --a 1 2 --b":               "unknown [{--a 1 2 false} {--b  false}]",
		"-j REJECT --reject-with tcp-reset": "reject [{--reject-with tcp-reset false}]",
		"-j NFLOG --nflog-prefix \"-x \"":   "log [{--nflog-prefix -x  false}]",
		"-j CT --notrack":                   "alter [{--notrack  false}]",
		"-j NOTRACK":                        "alter []",
		"-j SET --add-set seen src --exist": "alter [{--add-set seen src false} {--exist  false}]",
		"-p tcp -j DNAT --to-destination 10.0.0.1:80-90 --random":               "nat [{--to-destination 10.0.0.1:80-90 false} {--random  false}]",
		"-p tcp -j TPROXY --on-port 80 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1": "nat [{--on-port 80 false} {--on-ip 127.0.0.1 false} {--tproxy-mark 0x1/0x1 false}]",
		"-j NFQUEUE --queue-num 0 --queue-bypass":                               "queue [{--queue-num 0 false} {--queue-bypass  false}]",
		"-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff":                   "alter [{--save-mark  false} {--nfmask 0xff false} {--ctmask 0xff false}]",
	} {
		r := parseRule(t, "-A INPUT "+rule)
		if got := fmt.Sprintf("%s %v", r.Effect, r.Options); got != want {
			t.Errorf("%s: %s, want %s", rule, got, want)
		}
	}
}

func TestCountersAreRead(t *testing.T) {
	set := netfilter.ParseSave([]byte("*filter\n:INPUT DROP [7:90]\n[1:2] -A INPUT -j DROP\n-A INPUT -c 3 4 -j DROP\nCOMMIT\n"))
	c := set.Tables[0].Chains[0]
	if c.Packets != 7 || c.Bytes != 90 || c.Rules[0].Packets != 1 || c.Rules[0].Bytes != 2 || c.Rules[1].Packets != 3 || c.Rules[1].Bytes != 4 {
		t.Errorf("%+v", c)
	}
}

func TestTheOtherBackendIsMentioned(t *testing.T) {
	set := netfilter.ParseSave([]byte("*filter\nCOMMIT\n# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n# Table `x' is incompatible, use 'nft' tool.\n# a remark\n"))
	if len(set.Elsewhere) != 2 || set.Elsewhere[1].Line != 4 || len(set.Problems) != 0 {
		t.Errorf("%+v %+v", set.Elsewhere, set.Problems)
	}
}

// TestHostileTextIsBounded gives each limit more than it holds.
func TestHostileTextIsBounded(t *testing.T) {
	table := "*filter\n:INPUT DROP [0:0]\n"
	for _, c := range []struct{ name, text, problem string }{
		{"a long line", table + "-A INPUT -j " + strings.Repeat("x", 1<<17) + "\nCOMMIT\n", "bytes long"},
		{"many rules", table + strings.Repeat("-A INPUT\n", 200_001) + "COMMIT\n", "more than 200000 rules"},
		{"many problems", table + strings.Repeat("frob\n", 5000) + "COMMIT\n", "not listed"},
		{"many tables", func() string {
			var b strings.Builder
			for i := range 100 {
				fmt.Fprintf(&b, "*t%d\nCOMMIT\n", i)
			}
			return b.String()
		}(), "more than 64 tables"},
		{"many chains", "*filter\n" + func() string {
			var b strings.Builder
			for i := range 20_001 {
				fmt.Fprintf(&b, ":C%d - [0:0]\n", i)
			}
			return b.String()
		}() + "COMMIT\n", "more than 20000 chains"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := netfilter.ParseSave([]byte(c.text))
			if len(set.Problems) == 0 || !strings.Contains(fmt.Sprint(set.Problems), c.problem) || len(set.Problems) > 1001 {
				t.Errorf("%d problems: %.300v", len(set.Problems), set.Problems)
			}
			for _, p := range set.Problems {
				if len(p.Text) > 500 {
					t.Errorf("a problem quotes %d bytes", len(p.Text))
				}
			}
		})
	}
}

func TestABadLineIsReportedAndTheRestIsRead(t *testing.T) {
	for _, c := range []struct{ name, text, problem string }{
		{"a rule of an undeclared chain", "*filter\n:INPUT DROP [0:0]\n-A INPTU -j DROP\n-A INPUT -j DROP\nCOMMIT\n", "not declared"},
		{"an open quote", "*filter\n:INPUT DROP [0:0]\n-A INPUT -j LOG --log-prefix \"x\n-A INPUT -j DROP\nCOMMIT\n", "not closed"},
		{"a command of the shell", "*filter\n:INPUT DROP [0:0]\niptables -A INPUT -j DROP\n-A INPUT -j DROP\nCOMMIT\n", "not a rule"},
		{"a port that is none", "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 99999 -j DROP\n-A INPUT -j DROP\nCOMMIT\n", "99999"},
		{"an option without its value", "*filter\n:INPUT DROP [0:0]\n-A INPUT -s\n-A INPUT -j DROP\nCOMMIT\n", "wants"},
		{"text before the table", "hello\n*filter\n:INPUT DROP [0:0]\n-A INPUT -j DROP\nCOMMIT\n", "outside"},
		{"a table without COMMIT", "*filter\n:INPUT DROP [0:0]\n-A INPUT -j DROP\n", "COMMIT"},
		{"a rule that inserts", "*filter\n:INPUT DROP [0:0]\n-I INPUT -j DROP\n-A INPUT -j DROP\nCOMMIT\n", "-I"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := netfilter.ParseSave([]byte(c.text))
			if len(set.Problems) != 1 || !strings.Contains(set.Problems[0].Message, c.problem) || set.Problems[0].Line == 0 {
				t.Errorf("problems %+v", set.Problems)
			}
			if len(set.Tables) != 1 || len(set.Tables[0].Chains[0].Rules) != 1 {
				t.Errorf("read %+v", set.Tables)
			}
		})
	}
}

func TestOfATableThatStandsTwiceOnlyTheLastCounts(t *testing.T) {
	set := netfilter.ParseSave([]byte("*filter\n:INPUT DROP [0:0]\n-A INPUT -j DROP\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"))
	if len(set.Tables) != 1 || set.Tables[0].Chains[0].Policy != "ACCEPT" || len(set.Problems) != 1 {
		t.Errorf("%+v %+v", set.Tables, set.Problems)
	}
}

// TestCapturedTextIsReadWhole reads what the real tools printed for rules of many
// modules, so that it says something without them as well.
func TestCapturedTextIsReadWhole(t *testing.T) {
	for name, read := range map[string]func([]byte) *netfilter.Ruleset{"iptables-save.txt": netfilter.ParseSave, "ruleset.json": netfilter.ParseNFT} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		set := read(text)
		if len(set.Problems) > 0 {
			t.Errorf("%s: %+v", name, set.Problems)
		}
		rules, unmodelled := map[int]bool{}, 0
		for _, table := range set.Tables {
			for _, c := range table.Chains {
				for _, r := range c.Rules {
					rules[r.Line] = true
					if hasOpaqueMatch(r) {
						unmodelled++
					}
				}
			}
		}
		written := strings.Count(string(text), " -A ") + strings.Count(string(text), `{"rule": `)
		if len(rules) != written || unmodelled > map[string]int{"ruleset.json": 11}[name] {
			t.Errorf("%s: %d of %d rules, %d with a match that is not modelled", name, len(rules), written, unmodelled)
		}
	}
}

func FuzzParseSave(f *testing.F) {
	if text, err := os.ReadFile("testdata/iptables-save.txt"); err == nil {
		f.Add(text)
	}
	f.Add([]byte("*filter\n:INPUT DROP [0:0]\n-A INPUT ! -s 1.2.3.4 -m x --y z -j LOG --log-prefix \"a b\"\nCOMMIT\n"))
	f.Add([]byte("*a\n*b\n:x -\n-A x !\n-A x -c 1\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, table := range netfilter.ParseSave(text).Tables {
			for _, c := range table.Chains {
				for _, r := range c.Rules {
					if r.Line < 1 {
						t.Error("a rule without a line")
					}
				}
			}
		}
	})
}
