// SPDX-License-Identifier: Apache-2.0

package netfilter_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/netfilter"
)

// nativeRules are rules as nft takes them, with what they mean: the matches as
// kinds writes them (in order, "numbers" as ranges), then the target. A rule with a
// verdict map gives several.
var nativeRules = []struct {
	rule string
	want []string
}{
	{`iifname "lo" accept`, []string{"in-interface=lo > ACCEPT accept"}},
	{`oifname "ens*" drop`, []string{"out-interface=ens+ > DROP drop"}},
	{`iifname { "eth0", "eth1" } drop`, []string{"in-interface=eth0|eth1 > DROP drop"}},
	{`ct state established,related accept`, []string{"states=ESTABLISHED|RELATED > ACCEPT accept"}},
	{`ct state != new drop`, []string{"!states=NEW > DROP drop"}},
	{`ct state { new, established } drop`, []string{"states=ESTABLISHED|NEW > DROP drop"}},
	{`ct state vmap { invalid : drop, established : accept }`, []string{"states=INVALID > DROP drop", "states=ESTABLISHED > ACCEPT accept"}},
	{`ip saddr @admins tcp dport 22 accept`, []string{"network-protocol=ipv4; set= --match-set=admins src; protocol=tcp [6-6]; destination-ports=22 [22-22] > ACCEPT accept"}},
	{`ip saddr != @admins drop`, []string{"network-protocol=ipv4; set= !--match-set=admins src > DROP drop"}},
	{`ip saddr . tcp dport @pairs accept`, []string{"network-protocol=ipv4; protocol=tcp [6-6]; set= --match-set=pairs src,dst > ACCEPT accept"}},
	{
		`ip saddr 10.0.0.0/8 tcp dport { 22, 80-90 } ct state new limit rate 5/second burst 10 packets accept comment "x y"`,
		[]string{"network-protocol=ipv4; source=10.0.0.0/8; protocol=tcp [6-6]; destination-ports=22|80:90 [22-22 80-90]; states=NEW; limit= --limit=5/second --limit-burst=10 > ACCEPT accept"},
	},
	{`ip6 saddr 2001:db8::/32 tcp dport 443 accept`, []string{"network-protocol=ipv6; source=2001:db8::/32; protocol=tcp [6-6]; destination-ports=443 [443-443] > ACCEPT accept"}},
	{`tcp flags & (fin|syn|rst|ack) == syn accept`, []string{"protocol=tcp [6-6]; tcp-flags=FIN,SYN,RST,ACK|SYN 17/2 > ACCEPT accept"}},
	{`tcp flags syn accept`, []string{"protocol=tcp [6-6]; !tcp-flags=SYN|NONE 2/0 > ACCEPT accept"}},
	{`tcp flags != syn accept`, []string{"protocol=tcp [6-6]; !tcp-flags=FIN,SYN,RST,PSH,ACK,URG,ECE,CWR|SYN ff/2 > ACCEPT accept"}},
	{`tcp flags ! fin,syn accept`, []string{"protocol=tcp [6-6]; tcp-flags=FIN,SYN|NONE 3/0 > ACCEPT accept"}},
	{`tcp flags == 0x0 drop`, []string{"protocol=tcp [6-6]; tcp-flags=FIN,SYN,RST,PSH,ACK,URG,ECE,CWR|NONE ff/0 > DROP drop"}},
	{`meta l4proto { tcp, udp } th dport 53 accept`, []string{"protocol=tcp|udp [6-6 17-17]; destination-ports=53 [53-53] > ACCEPT accept"}},
	{`meta l4proto != tcp drop`, []string{"!protocol=tcp [6-6] > DROP drop"}},
	{`ip protocol { 6, 17 } drop`, []string{"network-protocol=ipv4; protocol=tcp|udp [6-6 17-17] > DROP drop"}},
	{`meta nfproto ipv6 drop`, []string{"network-protocol=ipv6 > DROP drop"}},
	{`meta nfproto ipv4 icmp type echo-request accept`, []string{"network-protocol=ipv4; protocol=icmp [1-1]; icmp-type=echo-request [2048-2303] > ACCEPT accept"}},
	{
		`icmpv6 type { nd-neighbor-solicit, nd-router-advert } accept`,
		[]string{"network-protocol=ipv6; protocol=ipv6-icmp [58-58]; icmpv6-type=nd-router-advert|nd-neighbor-solicit [34304-34559 34560-34815] > ACCEPT accept"},
	},
	{`icmp type destination-unreachable icmp code host-unreachable accept`, []string{"network-protocol=ipv4; protocol=icmp [1-1]; icmp-type=destination-unreachable/host-unreachable [769-769] > ACCEPT accept"}},
	{`ip saddr { 1.1.1.1-1.1.1.9, 10.0.0.0/8, 4.4.4.4 } drop`, []string{"network-protocol=ipv4; source-range=1.1.1.1-1.1.1.9|4.4.4.4|10.0.0.0/8 > DROP drop"}},
	{`ip daddr & 255.0.0.255 == 10.0.0.1 accept`, []string{"network-protocol=ipv4; destination=10.0.0.1/255.0.0.255 > ACCEPT accept"}},
	{`udp sport 1024-65535 udp dport != 53 drop`, []string{"protocol=udp [17-17]; source-ports=1024:65535 [1024-65535]; !destination-ports=53 [53-53] > DROP drop"}},
	{`tcp dport >= 1024 accept`, []string{"protocol=tcp [6-6]; destination-ports=1024:65535 [1024-65535] > ACCEPT accept"}},
	{`meta mark & 0xff == 0x1 accept`, []string{"mark=0x1/0xff ff/1 > ACCEPT accept"}},
	{`ct mark 1 accept`, []string{"connmark=0x1 ffffffff/1 > ACCEPT accept"}},
	{`ct direction reply accept`, []string{"ct-direction=REPLY > ACCEPT accept"}},
	{`ct status dnat accept`, []string{"ct-status=DNAT > ACCEPT accept"}},
	{`ct original ip saddr 1.2.3.4 accept`, []string{"ct-original-source=1.2.3.4 > ACCEPT accept"}},
	{`ct count over 10 drop`, []string{"connlimit= --connlimit-above=10 --connlimit-mask=0 > DROP drop"}},
	{`ip ttl < 5 drop`, []string{"network-protocol=ipv4; hop-limit=0:4 [0-4] > DROP drop"}},
	{`ip6 hoplimit 255 accept`, []string{"network-protocol=ipv6; hop-limit=255 [255-255] > ACCEPT accept"}},
	{`meta length 0-100 drop`, []string{"length=0:100 [0-100] > DROP drop"}},
	{`fib saddr . iif oif missing drop`, []string{"rpfilter= --invert= > DROP drop"}},
	{`fib daddr type local accept`, []string{"address-type= --dst-type=LOCAL > ACCEPT accept"}},
	{`meta pkttype broadcast drop`, []string{"packet-type=broadcast > DROP drop"}},
	{`meta skuid 0 accept`, []string{"owner= --uid-owner=0 > ACCEPT accept"}},
	{`ether saddr 00:11:22:33:44:55 drop`, []string{"mac=00:11:22:33:44:55 > DROP drop"}},
	{`ip frag-off & 0x1fff != 0 drop`, []string{"network-protocol=ipv4; fragment= > DROP drop"}},
	{`exthdr frag exists drop`, []string{"network-protocol=ipv6; frag= > DROP drop"}},
	{`tcp option maxseg size 1-500 drop`, []string{"protocol=tcp [6-6]; tcp-mss=1:500 [1-500] > DROP drop"}},
	{`tcp option sack-perm missing drop`, []string{"protocol=tcp [6-6]; !tcp-option=4 [4-4] > DROP drop"}},
	{`esp spi 1 drop`, []string{"protocol=esp [50-50]; spi=1 [1-1] > DROP drop"}},
	{`limit rate over 10/second drop`, []string{"limit= !--limit=10/second --limit-burst=5 > DROP drop"}},
	{`log prefix "abc " level info`, []string{" > LOG log --log-level=info --log-prefix=abc "}},
	{`log group 3`, []string{" > NFLOG log --nflog-group=3"}},
	{`log prefix "x" drop`, []string{" > [LOG] DROP drop"}},
	{`reject with icmpx type admin-prohibited`, []string{" > REJECT reject --reject-with=icmpx-admin-prohibited"}},
	{`reject with tcp reset`, []string{"protocol=tcp [6-6] > REJECT reject --reject-with=tcp-reset"}},
	{`counter packets 1 bytes 2`, []string{" >  none"}},
	{`ip saddr vmap @verdicts`, []string{"network-protocol=ipv4; source=1.2.3.4 > DROP drop", "network-protocol=ipv4; source=5.6.7.0/24 > other jump"}},
	{`tcp dport vmap { 22 : jump other, 80-90 : accept }`, []string{"protocol=tcp [6-6]; destination-ports=22 [22-22] > other jump", "protocol=tcp [6-6]; destination-ports=80:90 [80-90] > ACCEPT accept"}},
	{`tcp dport vmap { 22 : accept } drop`, []string{"protocol=tcp [6-6]; destination-ports=22 [22-22] > ACCEPT accept", "protocol=tcp [6-6] > DROP drop"}},
	{`jump other`, []string{" > other jump"}},
	{`ip saddr 10.0.0.1 goto other`, []string{"network-protocol=ipv4; source=10.0.0.1 > goto other jump"}},
	{`ip saddr 10.0.0.1 return`, []string{"network-protocol=ipv4; source=10.0.0.1 > RETURN return"}},
	{`meta mark set 5`, []string{" > MARK alter --set-mark=5"}},
	{`ct mark set meta mark accept`, []string{" > [CONNMARK] ACCEPT accept"}},
	{`notrack`, []string{" > CT alter --notrack="}},
	{`update @seen { ip saddr timeout 30s } drop`, []string{" > [SET] DROP drop"}},
	// What follows is kept and marked.
	{`add @seen { ip saddr limit rate over 10/minute } drop`, []string{"unmodelled > DROP drop"}},
	{`ip saddr . tcp dport { 1.1.1.1 . 22, 2.2.2.2 . 80-90 } accept`, []string{"network-protocol=ipv4; protocol=tcp [6-6]; unmodelled > ACCEPT accept"}},
	{`ip saddr vmap @growing`, []string{"network-protocol=ipv4; unmodelled > vmap unknown"}},
	{`limit rate 1 mbytes/second accept`, []string{"unmodelled > ACCEPT accept"}},
	{`quota over 5 mbytes drop`, []string{"unmodelled > DROP drop"}},
	{`meta hour "10:00"-"12:00" drop`, []string{"unmodelled > DROP drop"}},
	{`numgen inc mod 2 == 0 drop`, []string{"unmodelled > DROP drop"}},
	{`socket transparent 1 accept`, []string{"unmodelled > ACCEPT accept"}},
	{`ip6 nexthdr tcp accept`, []string{"unmodelled > ACCEPT accept"}},
}

const nativeTables = `table inet filter {
	set admins {
		type ipv4_addr
		flags interval
		elements = { 10.0.0.0/8, 192.0.2.1-192.0.2.9 }
	}
	set pairs {
		type ipv4_addr . inet_service
	}
	set seen {
		type ipv4_addr
		size 65535
		flags dynamic,timeout
		timeout 1m
	}
	map verdicts {
		type ipv4_addr : verdict
		flags interval
		elements = { 1.2.3.4 : drop, 5.6.7.0/24 : jump other }
	}
	map growing {
		type ipv4_addr : verdict
		flags timeout
	}
	chain other {
		drop
	}
	chain input {
		type filter hook input priority 0; policy drop;
		jump other
	}
}
table ip nat {
	chain pre {
		type nat hook prerouting priority dstnat; policy accept;
		tcp dport 80 dnat to 10.0.0.1:8080
		tcp dport 81 redirect to :82
	}
	chain post {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "eth0" masquerade
		snat to 1.2.3.4
	}
}
table netdev early {
	chain x {
		type filter hook ingress device lo priority -500; policy accept;
		ip saddr 1.2.3.4 drop
	}
}
`

// line writes a rule of nft for comparison.
func line(r netfilter.Rule) string {
	var matches []string
	for _, m := range r.Matches {
		if m.Kind == netfilter.Unmodelled {
			matches = append(matches, "unmodelled")
			continue
		}
		one := r
		one.Matches = []netfilter.Match{m}
		s := kinds(one)[0]
		if len(m.Ranges) > 0 {
			s += " ["
			for i, n := range m.Ranges {
				s += fmt.Sprintf("%s%d-%d", strings.Repeat(" ", min(i, 1)), n.From, n.To)
			}
			s += "]"
		}
		if m.Mask > 0 {
			s += fmt.Sprintf(" %x/%x", m.Mask, m.Compare)
		}
		matches = append(matches, s)
	}
	s := strings.Join(matches, "; ") + " > "
	for _, a := range r.Actions {
		s += "[" + a.Name + "] "
	}
	if r.Goto {
		s += "goto "
	}
	s += r.Target + " " + string(r.Effect)
	for _, o := range r.Options {
		s += " " + o.Name + "=" + o.Value
	}
	return s
}

// TestNativeRulesOfNFTAreReadAsTheKernelListsThem loads rules into a new network
// namespace and reads what nft lists.
func TestNativeRulesOfNFTAreReadAsTheKernelListsThem(t *testing.T) {
	needs(t, "unshare", "nft")
	var script strings.Builder
	fmt.Fprintf(&script, "nft -f - <<'END' || exit 1\n%sEND\n", nativeTables)
	for i, c := range nativeRules {
		fmt.Fprintf(&script, "nft -f - 2>/dev/null <<'END' || echo 'LACKS %d'\nadd chain inet filter t%d\nadd rule inet filter t%d %s\nEND\n", i, i, i, c.rule)
	}
	script.WriteString("nft -j list ruleset\n")
	lacks, listed, _ := strings.Cut(string(inNamespace(t, script.String())), "{")
	set := netfilter.ParseNFT([]byte("{" + listed))
	if len(set.Problems) > 0 {
		t.Fatalf("%+v", set.Problems)
	}
	chains := map[string]netfilter.Chain{}
	for _, table := range set.Tables {
		for _, c := range table.Chains {
			chains[table.Family+" "+c.Name] = c
		}
	}
	compared := 0
	for i, c := range nativeRules {
		if strings.Contains(lacks, fmt.Sprintf("LACKS %d\n", i)) {
			t.Logf("this kernel lacks: %s", c.rule)
			continue
		}
		compared++
		var got []string
		for _, r := range chains[fmt.Sprintf("inet t%d", i)].Rules {
			got = append(got, line(r))
			if r.Position != 1 || r.Line != 1 || r.Column < 2 {
				t.Errorf("%s: position %d at %d:%d", c.rule, r.Position, r.Line, r.Column)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.rule, diff)
		}
	}
	t.Logf("%d of %d rules compared", compared, len(nativeRules))
	if compared < 50 {
		t.Errorf("only %d rules were compared", compared)
	}
	for name, want := range map[string]string{
		"inet input": "DROP filter input  0", "ip pre": "ACCEPT nat prerouting  -100", "ip post": "ACCEPT nat postrouting  100",
		"netdev x": "ACCEPT filter ingress lo -500", "inet other": "-    0",
	} {
		c := chains[name]
		// Releases before 1.0.7 do not list the device.
		if got := fmt.Sprintf("%s %s %s %s %d", c.Policy, c.Type, c.Hook, c.Device, c.Priority); got != want && !(c.Device == "" && strings.ReplaceAll(want, "lo", "") == got) {
			t.Errorf("chain %s: %s, want %s", name, got, want)
		}
	}
	var nat []string
	for _, r := range append(chains["ip pre"].Rules, chains["ip post"].Rules...) {
		nat = append(nat, line(r))
	}
	if diff := cmp.Diff([]string{
		"protocol=tcp [6-6]; destination-ports=80 [80-80] > DNAT nat --to-destination=10.0.0.1:8080",
		"protocol=tcp [6-6]; destination-ports=81 [81-81] > REDIRECT nat --to-ports=82",
		"out-interface=eth0 > MASQUERADE nat", " > SNAT nat --to-source=1.2.3.4",
	}, nat); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]netfilter.SetEntry{{Value: "10.0.0.0/8", Line: 1}, {Value: "192.0.2.1-192.0.2.9", Line: 1}}, set.Sets[0].Entries); diff != "" || set.Sets[0].Family != "ipv4" {
		t.Error(diff)
	}
}

func TestAnObjectOfNFTThatCannotBeReadIsAProblem(t *testing.T) {
	chain := `{"table": {"family": "inet", "name": "f"}}, {"chain": {"family": "inet", "table": "f", "name": "c"}}`
	for _, c := range []struct{ name, text, problem string }{
		{"no JSON", "table inet filter {", "not the output"},
		{"nothing", "", "not the output"},
		{"another document", `{"rules": []}`, "not the output"},
		{"an object that is not known", `{"nftables": [` + chain + `, {"hologram": {}}]}`, `"hologram" is not known`},
		{"a rule of no chain", `{"nftables": [` + chain + `, {"rule": {"family": "inet", "table": "f", "chain": "d", "expr": []}}]}`, `rule of chain "d"`},
		{"a chain of no table", `{"nftables": [` + chain + `, {"chain": {"family": "ip", "table": "f", "name": "c"}}]}`, "does not stand before it"},
		{"a table twice", `{"nftables": [` + chain + `, {"table": {"family": "inet", "name": "f"}}]}`, "stands twice"},
		{"a field of the wrong type", `{"nftables": [` + chain + `, {"rule": {"family": 7}}]}`, "cannot be read"},
		{"flags that are not known", `{"nftables": [` + chain + `, {"table": {"family": "ip", "name": "f", "flags": "x"}}]}`, "may be dormant"},
		{"an object with two fields", `{"nftables": [` + chain + `, {"rule": {}, "chain": {}}]}`, "one field"},
		{"a text that is cut off", `{"nftables": [` + chain + `, {"rule": {"family": "inet"`, "cut off"},
		{"an end that is cut off", `{"nftables": [` + chain, "cut off"},
		{"more text", `{"nftables": [` + chain + `]} warning`, "follows"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := netfilter.ParseNFT([]byte(c.text))
			if len(set.Problems) != 1 || !strings.Contains(set.Problems[0].Message, c.problem) || set.Problems[0].Line != 1 {
				t.Errorf("problems %+v", set.Problems)
			}
			if strings.Contains(c.text, chain) && (len(set.Tables) == 0 || len(set.Tables[0].Chains) != 1) {
				t.Errorf("the rest was not read: %+v", set.Tables)
			}
		})
	}
}

func TestADormantTableIsLeftOutAndNamed(t *testing.T) {
	set := netfilter.ParseNFT([]byte(`{"nftables": [{"table": {"family": "ip", "name": "f", "flags": ["dormant"]}}, {"chain": {"family": "ip", "table": "f", "name": "c", "hook": "input"}},
		{"rule": {"family": "ip", "table": "f", "chain": "c", "expr": [{"drop": null}]}}]}`))
	if len(set.Tables) != 0 || len(set.Problems) != 1 || !strings.Contains(set.Problems[0].Message, "dormant") {
		t.Errorf("%+v", set)
	}
}

func TestWhatNFTDoesNotTellIsMarked(t *testing.T) {
	read := func(expr string) netfilter.Rule {
		set := netfilter.ParseNFT([]byte("{\"nftables\": [\n{\"table\": {\"family\": \"ip\", \"name\": \"f\"}},\n{\"chain\": {\"family\": \"ip\", \"table\": \"f\", \"name\": \"ACCEPT\"}},\n" +
			`  {"rule": {"family": "ip", "table": "f", "chain": "ACCEPT", "expr": [` + expr + `]}}]}`))
		if len(set.Problems) > 0 || len(set.Tables[0].Chains[0].Rules) != 1 {
			t.Fatalf("%s: %+v", expr, set)
		}
		return set.Tables[0].Chains[0].Rules[0]
	}
	for expr, want := range map[string]string{
		`{"xt": {"type": "match", "name": "recent"}}, {"drop": null}`:                                     "unmodelled > DROP drop",
		`{"xt": {"type": "target", "name": "LOG"}}`:                                                       " > LOG log",
		`{"xt": {"type": "target", "name": "FROB"}}`:                                                      " > FROB unknown",
		`{"xt": null}, {"accept": null}`:                                                                  "unmodelled > ACCEPT accept",
		`{"xt": {"type": "match", "name": "comment"}}, {"accept": null}`:                                  " > ACCEPT accept",
		`{"frobnicate": {"a": 1}}, {"accept": null}`:                                                      "unmodelled > [frobnicate] ACCEPT accept",
		`{"frobnicate": {"a": 1}}`:                                                                        "unmodelled > frobnicate unknown",
		`{"match": {"op": "~", "left": {"meta": {"key": "mark"}}, "right": 1}}, {"accept": null}`:         "unmodelled > ACCEPT accept",
		`{"match": {"op": "==", "left": {"ct": {"key": "zone"}}, "right": 1}}, {"accept": null}`:          "unmodelled > ACCEPT accept",
		`{"match": {"op": "==", "left": {"payload": {"base": "nh", "offset": 0, "len": 8}}, "right": 1}}`: "unmodelled >  none",
		`{"jump": {"target": "ACCEPT"}}`:                                                                  " > ACCEPT jump",
		`{"jump": {"target": "nowhere"}}`:                                                                 " > nowhere unknown",
		`{"limit": "named"}, {"accept": null}`:                                                            "unmodelled > ACCEPT accept",
		`[], 7, null, {"drop": null}`:                                                                     "unmodelled; unmodelled; unmodelled > DROP drop",
	} {
		r := read(expr)
		if got := line(r); got != want {
			t.Errorf("%s: %s, want %s", expr, got, want)
		}
		if r.Line != 4 || r.Column != 3 {
			t.Errorf("%s stands at %d:%d", expr, r.Line, r.Column)
		}
		if r.Opaque != (strings.Contains(expr, "xt") && !strings.Contains(expr, "comment")) {
			t.Errorf("%s: opaque is %v", expr, r.Opaque)
		}
	}
}

func TestHostileJSONIsBounded(t *testing.T) {
	table := `{"table": {"family": "ip", "name": "f"}},{"chain": {"family": "ip", "table": "f", "name": "c"}}`
	deep := strings.Repeat(`{"&":[`, 20_000) + strings.Repeat(`]}`, 20_000)
	for _, c := range []struct{ name, text, problem string }{
		{"deep nesting", `{"nftables": [` + deep + `]}`, "broken"},
		{"many problems", `{"nftables": [` + strings.Repeat(`{"x":1},`, 5000) + `{"x":1}]}`, "not listed"},
		{"many rules", `{"nftables": [` + table + strings.Repeat(`,{"rule":{"family":"ip","table":"f","chain":"c"}}`, 5001) + `]}`, "more than 5000 rules"},
		{"a map of many verdicts", `{"nftables": [` + table + strings.Repeat(`,{"rule":{"family":"ip","table":"f","chain":"c","expr":[{"vmap":{"key":{"meta":{"key":"mark"}},"data":{"set":[`+
			strings.Repeat(`[1,{"drop":null}],`, 999)+`[1,{"drop":null}]]}}}]}}`, 6) + `]}`, "more than 5000 rules"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := netfilter.ParseNFTWithin([]byte(c.text), 5000)
			if !strings.Contains(fmt.Sprint(set.Problems), c.problem) || len(set.Problems) > 1001 {
				t.Errorf("%d problems: %.300v", len(set.Problems), set.Problems)
			}
		})
	}
}

func FuzzParseNFT(f *testing.F) {
	if text, err := os.ReadFile("testdata/ruleset.json"); err == nil {
		f.Add(text)
	}
	f.Add([]byte(`{"nftables": [{"table": {"family": "ip", "name": "f"}}, {"map": {"family": "ip", "table": "f", "name": "m", "type": "ipv4_addr", "map": "verdict", "elem": [["1.1.1.1", {"drop": null}]]}}, {"chain": {"family": "ip", "table": "f", "name": "c", "hook": "input", "prio": 0}}, {"rule": {"family": "ip", "table": "f", "chain": "c", "expr": [{"vmap": {"key": {"payload": {"protocol": "ip", "field": "saddr"}}, "data": "@m"}}]}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, table := range netfilter.ParseNFT(text).Tables {
			for _, c := range table.Chains {
				for _, r := range c.Rules {
					if r.Line < 1 || r.Column < 1 || r.Position < 1 || r.Effect == "" {
						t.Errorf("a rule without a place or effect: %+v", r)
					}
				}
			}
		}
	})
}
