// SPDX-License-Identifier: Apache-2.0

package netfilter_test

import (
	"os"
	"os/exec"
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

func kinds(r netfilter.Rule) []string {
	var out []string
	for _, m := range r.Matches {
		s := string(m.Kind) + "=" + strings.Join(m.Values, "|")
		for _, o := range m.Options {
			s += " " + o.Name + "=" + o.Value
		}
		if m.Kind == netfilter.Unmodelled {
			s += m.Text
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
		{"-A INPUT -m recent --name ssh --rcheck --seconds 60 -j DROP", "DROP", []string{"unmodelled=-m recent --name ssh --rcheck --seconds 60"}},
		{"-A INPUT -m string --string \"a -j b\" --algo bm -j DROP", "DROP", []string{"unmodelled=-m string --string a -j b --algo bm"}},
		{"-A INPUT -f -j DROP", "DROP", []string{"unmodelled=-f"}},
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

// TestTheKernelUnderstandsARuleAsWeDo loads rules into the netfilter of a new
// network namespace and reads them back: what the kernel understood must read
// like what was written.
func TestTheKernelUnderstandsARuleAsWeDo(t *testing.T) {
	needs := func(why string) {
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	if _, err := exec.LookPath("iptables-restore"); err != nil {
		needs("iptables is not installed")
	}
	if out, err := exec.Command("unshare", "-n", "true").CombinedOutput(); err != nil {
		needs("no new network namespace: " + string(out))
	}
	rules := `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:LOGDROP - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -s 127.0.0.0/8 ! -i lo -j DROP
-A INPUT -s 10.9.1.0/24 -p icmp -m icmp --icmp-type 8 -j ACCEPT
-A INPUT -p tcp -m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -m conntrack --ctstate INVALID -j DROP
-A INPUT -p tcp -m tcp --dport 8445 --tcp-flags SYN SYN -m connlimit --connlimit-above 10 --connlimit-mask 32 --connlimit-saddr -j DROP
-A INPUT -p tcp -m tcp --dport 8445 --tcp-flags SYN SYN -m hashlimit --hashlimit-upto 6/sec --hashlimit-burst 8 --hashlimit-mode srcip,dstport --hashlimit-name T8445 -j ACCEPT
-A INPUT -p tcp -m multiport --dports 80,443,8000:8100 -m comment --comment "web and more" -j ACCEPT
-A INPUT ! -s 192.0.2.0/24 -p udp -m udp --sport 1024:65535 --dport 53 -j ACCEPT
-A INPUT -m limit --limit 5/min --limit-burst 10 -j LOG --log-prefix "dropped " --log-level 4
-A INPUT -p tcp -g LOGDROP
-A INPUT -j REJECT --reject-with icmp-host-prohibited
-A LOGDROP -j DROP
COMMIT
`
	cmd := exec.Command("unshare", "-n", "sh", "-c", "iptables-restore && iptables-save -t filter")
	cmd.Stdin = strings.NewReader(rules)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	written, understood := netfilter.ParseSave([]byte(rules)), netfilter.ParseSave(out)
	for _, set := range []*netfilter.Ruleset{written, understood} {
		if len(set.Problems) > 0 {
			t.Fatalf("%+v", set.Problems)
		}
	}
	for _, c := range written.Tables[0].Chains {
		var other netfilter.Chain
		for _, o := range understood.Tables[0].Chains {
			if o.Name == c.Name {
				other = o
			}
		}
		if other.Policy != c.Policy || len(other.Rules) != len(c.Rules) {
			t.Fatalf("chain %s: %q with %d rules, the kernel has %q with %d", c.Name, c.Policy, len(c.Rules), other.Policy, len(other.Rules))
		}
		for i, r := range c.Rules {
			k := other.Rules[i]
			if diff := cmp.Diff(kinds(r), kinds(k)); diff != "" || r.Target != k.Target || r.Goto != k.Goto || r.Comment != k.Comment {
				t.Errorf("%s\nthe kernel says %s\n%s", r.Text, k.Text, diff)
			}
		}
	}
}

func FuzzParseSave(f *testing.F) {
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
