// SPDX-License-Identifier: Apache-2.0

package netfilter_test

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/netfilter"
)

// needs ends a test that cannot run here.
func needs(t testing.TB, programs ...string) {
	t.Helper()
	lack := t.Skip
	if os.Getenv("CI") == "true" {
		lack = t.Fatal
	}
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			lack(name + " is not installed")
		}
	}
	if out, err := exec.Command("unshare", "-n", "true").CombinedOutput(); err != nil {
		lack("no new network namespace: " + string(out))
	}
}

// inNamespace runs a shell script in a network namespace of its own and returns
// what it prints.
func inNamespace(t testing.TB, script string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "unshare", "-n", "sh", "-s")
	cmd.Stdin = strings.NewReader(script)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.Bytes())
	}
	return out
}

// moduleRules use every module that is modelled, in spellings that the kernel does
// not give back. "v4" and "v6" at the start keep a rule to one version.
var moduleRules = []string{
	"-i lo -j ACCEPT", "! -i lo -j DROP", "-i eth+ -j DROP", "-p 6 -j ACCEPT", "! -p udp -j DROP", "-p gre -j DROP", "-p all -j DROP",
	"v4 -s 10.0.0.0/255.0.0.0 ! -d 192.0.2.1 -j DROP", "v4 -s 10.0.0.1/255.0.0.255 -j DROP", "v4 -s 0.0.0.0/0 -j DROP", "v6 -s 2001:db8::/32 ! -d 2001:db8::1 -j DROP",
	"v4 -f -j DROP", "v4 ! -f -j DROP", "v6 -m frag --fragfirst -j DROP", "v6 -m frag --fragid 1:9 ! --fragmore -j DROP",
	"-p tcp --dport 22 -j ACCEPT", "-p tcp --sport 1024: ! --dport 80:90 -j ACCEPT", "-p udp --dport 53 -g %s", "-p sctp --dport 9 -j DROP", "-p udplite --dport 9 -j DROP",
	"-p dccp --dport 9 -j DROP",
	"-p tcp --syn -j ACCEPT", "-p tcp ! --syn -j DROP", "-p tcp --tcp-flags ALL NONE -j DROP", "-p tcp ! --tcp-flags FIN,SYN FIN,SYN -j DROP",
	"-p tcp --tcp-option 7 -j DROP", "-p tcp ! --tcp-option 7 -j DROP", "-p tcp -m tcpmss --mss 1:500 -j DROP", "-p tcp -m tcpmss ! --mss 536:65535 -j DROP",
	"-p tcp -m multiport --dports 22,80:90 -j ACCEPT", "-p tcp -m multiport ! --sports 22 -j ACCEPT", "-p udp -m multiport --ports 53,123 -j ACCEPT",
	"v4 -m iprange --src-range 10.0.0.1-10.0.0.9 -j DROP", "v4 -m iprange ! --src-range 10.0.0.1-10.0.0.9 --dst-range 10.1.0.1-10.1.0.2 -j DROP",
	"v6 -m iprange --dst-range 2001:db8::1-2001:db8::9 -j DROP",
	"-m state --state NEW,ESTABLISHED -j ACCEPT", "-m conntrack ! --ctstate INVALID -j DROP", "-m conntrack --ctstate DNAT,SNAT -j DROP",
	"-m conntrack --ctstatus ASSURED,EXPECTED -j DROP", "-m conntrack --ctdir REPLY -j ACCEPT", "-m conntrack ! --ctproto 17 -j DROP",
	"v4 -m conntrack --ctorigsrc 10.0.0.0/8 ! --ctrepldst 10.1.0.0/16 -j DROP", "-p tcp -m conntrack --ctproto tcp --ctorigdstport 80:90 -j DROP",
	"-m conntrack --ctexpire 10:20 -j DROP", "-m conntrack --ctstate UNTRACKED -j DROP",
	"-p tcp -m connlimit --connlimit-above 10 -j DROP", "-p tcp -m connlimit --connlimit-upto 10 --connlimit-mask 24 -j ACCEPT", "-p tcp -m connlimit --connlimit-above 3 --connlimit-mask 0 --connlimit-daddr -j DROP",
	"-m limit -j ACCEPT", "-m limit --limit 60/minute --limit-burst 7 -j ACCEPT", "-m limit --limit 2/day -j ACCEPT",
	"-p tcp -m hashlimit --hashlimit-upto 6/sec --hashlimit-burst 8 --hashlimit-mode srcip,dstport --hashlimit-name h1 -j ACCEPT",
	"-p tcp -m hashlimit --hashlimit-above 120/minute --hashlimit-mode srcip --hashlimit-srcmask 24 --hashlimit-name h2 --hashlimit-htable-expire 30000 -j DROP",
	"-p tcp -m hashlimit --hashlimit-above 512kb/s --hashlimit-mode dstip --hashlimit-name h3 -j DROP",
	"-m hashlimit --hashlimit-upto 3/hour --hashlimit-name h4 -j ACCEPT",
	"-m recent --set --name seen --rsource", "-m recent ! --rcheck --seconds 60 --hitcount 4 --name seen2 -j DROP", "-m recent --update --rdest -j DROP", "-m recent --remove -j DROP",
	"v4 -m set --match-set nets4 src -j ACCEPT", "v4 -p tcp -m set ! --match-set pairs4 src,dst -j DROP", "v4 -m set --match-set nets4 dst --return-nomatch -j DROP",
	"v4 -p icmp --icmp-type echo-request -j ACCEPT", "v4 -p icmp ! --icmp-type 3/4 -j DROP", "v4 -p icmp --icmp-type any -j DROP", "v4 -p icmp --icmp-type host-prohibited -j DROP",
	"v6 -p icmpv6 --icmpv6-type echo-request -j ACCEPT", "v6 -p icmpv6 ! --icmpv6-type 1/4 -j DROP", "v6 -p icmpv6 --icmpv6-type neighbour-advertisement -j ACCEPT",
	"-m owner --uid-owner 0 -j ACCEPT", "-m owner ! --uid-owner 0-99 --gid-owner 5 -j ACCEPT", "-m owner ! --socket-exists -j DROP",
	"-m mark --mark 16 -j DROP", "-m mark ! --mark 0x10/0xff -j DROP", "-m connmark --mark 1/3 -j DROP",
	"-m addrtype --dst-type LOCAL -j ACCEPT", "-m addrtype ! --src-type UNICAST --dst-type BROADCAST,MULTICAST -j DROP",
	"-m length --length 0:100 -j DROP", "-m length ! --length 100 -j DROP",
	"v4 -m ttl --ttl-lt 5 -j DROP", "v4 -m ttl --ttl-gt 200 -j DROP", "v4 -m ttl ! --ttl-eq 64 -j DROP", "v6 -m hl --hl-eq 255 -j ACCEPT", "v6 -m hl --hl-lt 5 -j DROP",
	"-m mac --mac-source 00:11:22:33:44:55 -j DROP", "-m pkttype --pkt-type broadcast -j DROP", "-m pkttype ! --pkt-type multicast -j DROP",
	"-m rpfilter --invert -j DROP", "-m rpfilter --loose --validmark -j DROP", "-m socket --transparent -j ACCEPT", "-m physdev --physdev-is-bridged -j ACCEPT",
	"-m physdev ! --physdev-in eth0 -j DROP", "-m string --string \"a b\" --algo bm -j DROP", "-m string ! --string xy --algo kmp --icase -j DROP",
	"-m time --timestart 10:00:00 --timestop 12:00:00 --weekdays Mon,Tue -j ACCEPT", "-m u32 --u32 \"0x0&0xff=0x1\" -j DROP", "-m bpf --bytecode \"1,6 0 0 0\" -j DROP",
	"-m statistic --mode random --probability 0.5 -j DROP", "-m statistic --mode nth --every 2 --packet 0 -j DROP", "-m dscp --dscp 0x2e -j DROP", "-m helper --helper ftp -j ACCEPT",
	"-m quota --quota 1000 -j ACCEPT", "-m connbytes --connbytes 1:10 --connbytes-mode bytes --connbytes-dir both -j DROP", "-m policy --dir in --pol none -j DROP",
	"v4 -p esp -m esp --espspi 256:511 -j ACCEPT", "v4 -p ah -m ah --ahspi 5 -j ACCEPT",
	"-m comment --comment \"it's \\\"quoted\\\" -j DROP\" -j ACCEPT", "-m cpu --cpu 0 -j DROP",
	"-j LOG --log-prefix \"-x y \" --log-level 6 --log-uid", "-j NFLOG --nflog-group 3 --nflog-prefix \"a b\"", "v4 -j REJECT --reject-with icmp-host-prohibited",
	"-p tcp -j REJECT --reject-with tcp-reset", "v6 -j REJECT --reject-with icmp6-adm-prohibited", "-j RETURN", "-j %s", "-j NFQUEUE --queue-num 3", "-p tcp",
}

// otherTables hold the targets that only other tables know.
var otherTables = map[string][]string{
	"mangle": {
		"-j MARK --set-xmark 0x1/0xffffffff", "-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff", "-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu",
		"v4 -j TTL --ttl-set 64", "v6 -j HL --hl-set 64", "-j DSCP --set-dscp 0x2e", "-p tcp -j TPROXY --on-port 80 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1",
	},
	"raw": {"-j CT --notrack", "-p tcp -j CT --helper ftp", "-j NOTRACK"},
	"nat": {"v4 -p tcp -j DNAT --to-destination 10.0.0.1:80", "v6 -p tcp -j DNAT --to-destination [2001:db8::1]:80", "-p tcp -j REDIRECT --to-ports 8443"},
	"filter": {
		"v4 -j SET --add-set nets4 src --exist",
	},
}

// written are the rules of one table for one version of IP.
func written(version, table string) []string {
	var rules []string
	list := otherTables[table]
	if table == "filter" {
		list = append(slices.Clone(moduleRules), list...)
	}
	for _, rule := range list {
		if strings.HasPrefix(rule, "v") {
			if rule[:2] != version {
				continue
			}
			rule = rule[3:]
		}
		rules = append(rules, rule)
	}
	return rules
}

// chainName is the chain that a rule stands in alone.
func chainName(i int) string { return fmt.Sprintf("T%03d", i) }

// TestTheKernelUnderstandsEveryModuleAsWeDo loads each rule into the netfilter of a
// new network namespace, has the real tools print what the kernel understood, and
// compares the meaning of both texts. What the kernel lacks is named in the log.
func TestTheKernelUnderstandsEveryModuleAsWeDo(t *testing.T) {
	needs(t, "unshare", "iptables-nft-restore", "iptables-legacy-restore", "ip6tables-nft-restore", "ip6tables-legacy-restore", "nft", "ipset")
	for _, backend := range []string{"nft", "legacy"} {
		for _, version := range []string{"v4", "v6"} {
			t.Run(backend+" "+version, func(t *testing.T) {
				t.Parallel()
				compareWithKernel(t, backend, version)
			})
		}
	}
}

func compareWithKernel(t *testing.T, backend, version string) {
	program := map[string]string{"v4": "iptables", "v6": "ip6tables"}[version] + "-" + backend
	var script strings.Builder
	script.WriteString("ipset create nets4 hash:net && ipset create pairs4 hash:ip,port\n")
	tables := []string{"filter", "mangle", "raw", "nat"}
	expected := map[string][]netfilter.Rule{}
	for _, table := range tables {
		var text strings.Builder
		for i, rule := range written(version, table) {
			// The goal of jumps is a chain of its own, so that nothing loops.
			rule = strings.ReplaceAll(rule, "%s", "GOAL")
			one := fmt.Sprintf("*%s\n:GOAL - [0:0]\n:%s - [0:0]\n-A %s %s\nCOMMIT\n", table, chainName(i), chainName(i), rule)
			fmt.Fprintf(&script, "%s-restore --noflush 2>/dev/null <<'END' || echo 'LACKS %s %d'\n%sEND\n", program, table, i, one)
			fmt.Fprintf(&text, ":%s - [0:0]\n-A %s %s\n", chainName(i), chainName(i), rule)
		}
		set := netfilter.ParseSave([]byte("*" + table + "\n:GOAL - [0:0]\n" + text.String() + "COMMIT\n"))
		if len(set.Problems) > 0 {
			t.Fatalf("%+v", set.Problems)
		}
		for _, c := range set.Tables[0].Chains[1:] {
			expected[table] = append(expected[table], c.Rules[0])
		}
	}
	fmt.Fprintf(&script, "echo SAVED\n%s-save\necho NFT\nnft -j list ruleset\n", program)
	lacks, rest, _ := strings.Cut(string(inNamespace(t, script.String())), "SAVED\n")
	saved, listed, _ := strings.Cut(rest, "NFT\n")
	understood := netfilter.ParseSave([]byte(saved))
	if len(understood.Problems) > 0 {
		t.Fatalf("%+v\n%s", understood.Problems, saved)
	}
	byNFT := map[string]netfilter.Chain{}
	for _, table := range netfilter.ParseNFT([]byte(listed)).Tables {
		for _, c := range table.Chains {
			byNFT[table.Name+" "+c.Name] = c
		}
	}
	compared, alsoByNFT := 0, 0
	for _, table := range understood.Tables {
		for _, c := range table.Chains {
			var i int
			if _, err := fmt.Sscanf(c.Name, "T%d", &i); err != nil || len(c.Rules) != 1 {
				continue
			}
			compared++
			want, got := meaning(expected[table.Name][i], version), meaning(c.Rules[0], version)
			if diff := cmp.Diff(want, got); diff != "" || expected[table.Name][i].Comment != c.Rules[0].Comment {
				t.Errorf("%s\nthe kernel says %s\n%s", expected[table.Name][i].Text, c.Rules[0].Text, diff)
			}
			n := byNFT[table.Name+" "+c.Name]
			if len(n.Rules) != 1 || n.Rules[0].Opaque {
				continue
			}
			if hasOpaqueMatch(n.Rules[0]) {
				t.Logf("nft says what is not modelled: %s", n.Rules[0].Text)
				continue
			}
			alsoByNFT++
			if diff := cmp.Diff(got, meaning(n.Rules[0], version)); diff != "" {
				t.Errorf("%s\nnft says %s\n%s", c.Rules[0].Text, n.Rules[0].Text, diff)
			}
		}
	}
	total := 0
	for _, table := range tables {
		total += len(expected[table])
	}
	for _, line := range strings.Split(strings.TrimSpace(lacks), "\n") {
		var table string
		var i int
		if _, err := fmt.Sscanf(line, "LACKS %s %d", &table, &i); err == nil {
			total--
			t.Logf("this kernel lacks: %s %s", table, written(version, table)[i])
		}
	}
	t.Logf("%d rules agree, %d of them by the JSON of nft as well", compared, alsoByNFT)
	if compared != total || compared < 60 {
		t.Errorf("compared %d of %d rules", compared, total)
	}
}

func hasOpaqueMatch(r netfilter.Rule) bool {
	return slices.ContainsFunc(r.Matches, func(m netfilter.Match) bool { return m.Kind == netfilter.Unmodelled })
}

// meaning writes what a rule does so that two spellings of it are equal.
func meaning(r netfilter.Rule, version string) []string {
	out := []string{fmt.Sprintf("target %s %s goto=%v", r.Target, r.Effect, r.Goto)}
	for _, o := range r.Options {
		if name, level := o.Name, o.Value; name == "--log-level" && level == "info" {
			o.Value = "6"
		} else if name == "--reject-with" {
			o.Value = strings.Replace(strings.Replace(level, "icmp6-admin", "icmp6-adm", 1), "icmpx-", "icmp-", 1)
		}
		out = append(out, fmt.Sprintf("option %s=%s !%v", o.Name, o.Value, o.Negated))
	}
	for _, m := range r.Matches {
		out = append(out, matchMeaning(m, version))
	}
	sort.Strings(out)
	return out
}

func matchMeaning(m netfilter.Match, version string) string {
	whole := map[string]int{"v4": 32, "v6": 128}[version]
	mask := func(n int) int {
		if n == netfilter.WholeAddress {
			return whole
		}
		return n
	}
	head := string(m.Kind)
	if m.Negated {
		head = "!" + head
	}
	switch m.Kind {
	case netfilter.Limit:
		l, err := m.Limit()
		return fmt.Sprint(head, 86_400_000*l.Rate.Amount/l.Rate.PerMillis, l.Burst, l.Above, err)
	case netfilter.ConnLimit:
		l, err := m.ConnLimit()
		return fmt.Sprint(head, l.Above, l.Count, mask(l.Mask), l.ByDestination, err)
	case netfilter.HashLimit:
		l, err := m.HashLimit()
		sort.Strings(l.Mode)
		return fmt.Sprint(head, 86_400_000*l.Rate.Amount/l.Rate.PerMillis, l.Rate.Bytes, l.Burst*map[bool]uint64{false: 1}[l.Rate.Bytes], l.Above, l.Name, l.Mode,
			mask(l.SourceMask), mask(l.DestMask), l.ExpireMillis, l.Classify, err)
	case netfilter.Recent:
		l, err := m.Recent()
		return fmt.Sprint(head, l, err)
	case netfilter.InSet:
		l, err := m.Set()
		return fmt.Sprint(head, l, err)
	case netfilter.TCPFlags, netfilter.Mark, netfilter.ConnMark:
		return fmt.Sprintf("%s %x %x", head, m.Mask, m.Compare)
	case netfilter.DestRange, netfilter.SourceRange:
		return fmt.Sprint(head, m.Values)
	}
	if len(m.Ranges) > 0 {
		return fmt.Sprint(head, m.Ranges)
	}
	var parts []string
	for _, v := range m.Values {
		parts = append(parts, network(v))
	}
	for _, o := range m.Options {
		v := strings.Trim(o.Value, " ")
		if o.Name == "--probability" {
			v = v[:3] // the kernel rounds
		}
		if o.Value == "2038-01-19T03:14:07" {
			continue // the end of time, which the kernel writes as a default
		}
		parts = append(parts, fmt.Sprintf("%s=%s!%v", o.Name, strings.TrimSuffix(strings.TrimSuffix(v, ":0"), "-0"), o.Negated))
	}
	sort.Strings(parts)
	if m.Kind == netfilter.Unmodelled {
		return head + m.Text
	}
	return head + " " + strings.Join(parts, " ")
}

// network is the shortest spelling of a network.
func network(s string) string {
	address, mask, ok := strings.Cut(s, "/")
	if m, err := netip.ParseAddr(mask); ok && err == nil {
		ones := 0
		for _, b := range m.AsSlice() {
			for ; b&0x80 != 0; b <<= 1 {
				ones++
			}
		}
		if p := netip.PrefixFrom(m, ones); p.Masked().Addr() == m {
			mask = fmt.Sprint(ones)
		}
	}
	if !ok || mask == "32" || mask == "128" {
		return address
	}
	return address + "/" + mask
}
