// SPDX-License-Identifier: Apache-2.0

package netfilter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/netfilter"
)

// TestSavedAndListedSetsAreTheSame makes sets of many types in a new network
// namespace, and reads both forms in which ipset prints them.
func TestSavedAndListedSetsAreTheSame(t *testing.T) {
	needs(t, "unshare", "ipset")
	out := string(inNamespace(t, `
set -e
ipset create admins hash:net family inet comment timeout 600
ipset add admins 10.0.0.0/8 comment "the admins' own" timeout 0
ipset add admins 10.1.0.0/16 nomatch timeout 0
ipset create ports bitmap:port range 1-1024
ipset add ports 80-82
ipset create pairs hash:ip,port counters
ipset add pairs 1.1.1.1,tcp:80
ipset create six hash:net family inet6
ipset add six 2001:db8::/32
ipset create faces hash:net,iface
ipset add faces 10.0.0.0/8,eth0
ipset create block bitmap:ip range 10.0.0.0/24
ipset add block 10.0.0.5
ipset create empty hash:ip
ipset save
echo SPLIT
ipset list
echo SPLIT
ipset list -t
`))
	parts := strings.Split(out, "SPLIT\n")
	saved, listed := netfilter.ParseIPSets([]byte(parts[0])), netfilter.ParseIPSets([]byte(parts[1]))
	describe := func(sets *netfilter.IPSets) []string {
		var lines []string
		for _, s := range sets.Sets {
			line := fmt.Sprintf("%s %s %s %ds complete=%v:", s.Name, s.Type, s.Family, s.TimeoutSeconds, s.Complete)
			for _, e := range s.Entries {
				line += fmt.Sprintf(" %s", e.Value)
				if e.NoMatch {
					line += "!"
				}
			}
			lines = append(lines, line)
		}
		return lines
	}
	want := []string{
		"admins hash:net ipv4 600s complete=true: 10.0.0.0/8 10.1.0.0/16!", "ports bitmap:port  0s complete=true: 80 81 82",
		"pairs hash:ip,port ipv4 0s complete=true: 1.1.1.1,tcp:80", "six hash:net ipv6 0s complete=true: 2001:db8::/32",
		"faces hash:net,iface ipv4 0s complete=true: 10.0.0.0/8,eth0", "block bitmap:ip ipv4 0s complete=true: 10.0.0.5", "empty hash:ip ipv4 0s complete=true:",
	}
	for _, sets := range []*netfilter.IPSets{saved, listed} {
		if len(sets.Problems) > 0 {
			t.Errorf("%+v", sets.Problems)
		}
		if diff := cmp.Diff(sorted(want), sorted(describe(sets))); diff != "" {
			t.Error(diff)
		}
	}
	terse := netfilter.ParseIPSets([]byte(parts[2]))
	if len(terse.Problems) != len(want) || terse.Sets[0].Complete {
		t.Errorf("a listing without members: %+v", terse.Problems)
	}
}

// sorted orders lines, and the entries of each, which the kernel lists by hash.
func sorted(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		head, entries, _ := strings.Cut(line, "complete=true:")
		words := strings.Fields(entries)
		slices.Sort(words)
		out[i] = head + strings.Join(words, " ")
	}
	slices.Sort(out)
	return out
}

func TestALineOfSetsThatCannotBeReadIsAProblem(t *testing.T) {
	for _, c := range []struct {
		name, text, problem string
		entries             int
	}{
		{"another program's text", "table inet filter {\ncreate a hash:ip\nadd a 1.1.1.1\n", "neither", 1},
		{"an entry of no set", "create a hash:ip\nadd b 1.1.1.1\nadd a 1.1.1.1\n", "not created", 1},
		{"an open quote", "create a hash:ip comment\nadd a 1.1.1.1 comment \"x\nadd a 1.1.1.2\n", "not closed", 1},
		{"a set twice", "create a hash:ip\nadd a 1.1.1.1\ncreate a hash:net\n", "twice", 1},
		{"a listing that is cut off", "Name: a\nType: hash:ip\nHeader: family inet\nNumber of entries: 2\nMembers:\n1.1.1.1\n", "announces 2", 1},
		{"a listing without members", "Name: a\nType: hash:ip\nHeader: family inet\n", "without its members", 0},
		{"names alone", "a\n", "neither", -1},
		{"a header that is not known", "Name: a\nFrob: 7\nMembers:\n1.1.1.1\n", "not known", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			sets := netfilter.ParseIPSets([]byte(c.text))
			if len(sets.Problems) != 1 || !strings.Contains(sets.Problems[0].Message, c.problem) || sets.Problems[0].Line == 0 {
				t.Errorf("problems %+v", sets.Problems)
			}
			if c.entries >= 0 && (len(sets.Sets) != 1 || len(sets.Sets[0].Entries) != c.entries) {
				t.Errorf("read %+v", sets.Sets)
			}
		})
	}
}

func TestHostileListsOfSetsAreBounded(t *testing.T) {
	var many strings.Builder
	for i := range 10_010 {
		fmt.Fprintf(&many, "create s%d hash:ip\n", i)
	}
	for _, c := range []struct{ name, text, problem string }{
		{"many sets", many.String(), "more than 10000 sets"},
		{"many entries", "create a hash:ip\n" + strings.Repeat("add a 1.1.1.1\n", 5010), "more than 5000 entries"},
		{"a long line", "create a hash:ip\nadd a " + strings.Repeat("1", 1<<17) + "\n", "bytes long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sets := netfilter.ParseIPSetsWithin([]byte(c.text), 5000)
			if len(sets.Problems) == 0 || !strings.Contains(sets.Problems[0].Message, c.problem) {
				t.Errorf("%d problems: %.300v", len(sets.Problems), sets.Problems)
			}
		})
	}
}

func FuzzParseIPSets(f *testing.F) {
	f.Add([]byte("create a hash:net family inet6 timeout 5\nadd a 2001:db8::/32 timeout 3 nomatch comment \"x y\"\n"))
	f.Add([]byte("Name: a\nType: hash:ip\nHeader: family inet\nNumber of entries: 1\nMembers:\n1.1.1.1 timeout 0\n\nName: b\nType: list:set\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, s := range netfilter.ParseIPSets(text).Sets {
			if s.Line < 1 {
				t.Error("a set without a line")
			}
			for _, e := range s.Entries {
				if e.Line < 1 || e.Value == "" && !strings.Contains(string(text), "\"") {
					t.Errorf("an entry without a line or value: %+v", e)
				}
			}
		}
	})
}
