// SPDX-License-Identifier: Apache-2.0

package iptables

import (
	"fmt"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/netfilter"
)

// legacy reads the rules of xtables beside those of section iptables.
func (w *work) legacy() {
	for _, f := range [...]struct {
		family evidence.Family
		path   string
	}{
		{evidence.IPv4, w.t.Edge.IPTables.LegacyV4},
		{evidence.IPv6, w.t.Edge.IPTables.LegacyV6},
	} {
		if f.path == "" {
			continue
		}
		art, ok := w.read(f.path, sectionBackends, Collector{}.Name())
		if !ok {
			continue
		}
		set := netfilter.ParseSave(art.Text)
		at := sourceIn(art.Path)
		record := w.backend(evidence.BackendLegacy, string(f.family), set.Tables, at)
		record.Problems = problemsOf(set.Problems, at)
		w.problems(record.Problems, sectionBackends, Collector{}.Name())
		w.look(set, at)
		w.out.Sections.Netfilter = append(w.out.Sections.Netfilter, record)
	}
}

// families are the names of nft, as evidence has them.
var families = map[string]string{"ip": "ipv4", "ip6": "ipv6", "inet": "inet", "arp": "arp", "bridge": "bridge", "netdev": "netdev"}

// nft reads the rules of nf_tables. There those of iptables-nft stand again,
// without the parameters of most matches.
func (w *work) nft() {
	path := w.t.Edge.IPTables.NFT
	if path == "" {
		return
	}
	art, ok := w.read(path, sectionBackends, Collector{}.Name())
	if !ok {
		return
	}
	set := netfilter.ParseNFT(art.Text)
	at := sourceIn(art.Path)
	problems := problemsOf(set.Problems, at)
	w.problems(problems, sectionBackends, Collector{}.Name())
	if len(set.Tables) == 0 {
		// A kernel without rules is a fact too.
		w.out.Sections.Netfilter = append(w.out.Sections.Netfilter, evidence.FilterBackend{
			Target: w.t.Subject, Backend: evidence.BackendNFT, Family: "inet", Problems: problems, Source: at(1, 1),
		})
		return
	}
	for _, family := range [...]string{"ip", "ip6", "inet", "arp", "bridge", "netdev"} {
		var tables []netfilter.Table
		for _, t := range set.Tables {
			if t.Family == family {
				w.complete(&t, at)
				tables = append(tables, t)
			}
		}
		if len(tables) == 0 {
			continue
		}
		record := w.backend(evidence.BackendNFT, families[family], tables, at)
		for _, s := range set.Sets {
			if s.TableFamily == family {
				record.Sets = append(record.Sets, w.set(s, sectionBackends, at))
			}
		}
		record.Problems, problems = problems, nil // they name no family: once is enough
		w.out.Sections.Netfilter = append(w.out.Sections.Netfilter, record)
	}
	for _, t := range set.Tables {
		if families[t.Family] == "" {
			w.gap(sectionBackends, fmt.Sprintf("tables of family %q are not read", t.Family), at(t.Line, 1))
			w.gap(Collector{}.Name(), fmt.Sprintf("tables of family %q are not read", t.Family), at(t.Line, 1))
		}
	}
}

// complete takes what JSON does not show from the same rule of iptables-save.
func (w *work) complete(t *netfilter.Table, at func(line, column int) evidence.Source) {
	for i := range t.Chains {
		c := &t.Chains[i]
		other, ok := w.chain(families[t.Family], t.Name, c.Name)
		ok = ok && len(other.Rules) == len(c.Rules)
		missing, first := 0, 0
		for j := range c.Rules {
			r := &c.Rules[j]
			switch {
			case !r.Opaque:
			case ok && other.Rules[j].Target == r.Target:
				saved := other.Rules[j]
				r.Matches, r.Options, r.Comment, r.Opaque = saved.Matches, saved.Options, saved.Comment, false
			default:
				if missing++; missing == 1 {
					first = j
				}
			}
		}
		if missing > 0 {
			r := c.Rules[first]
			w.gap(sectionBackends, fmt.Sprintf(
				"chain %s of table %s %s: the parameters of iptables matches in %d rule(s) are not in the output of nft, and no iptables-save shows the same chain",
				c.Name, t.Family, t.Name, missing), at(r.Line, r.Column))
		}
	}
}

// chain finds a chain of section iptables.
func (w *work) chain(family, table, name string) (netfilter.Chain, bool) {
	c, ok := w.shown[chainKey{family, table, name}]
	return c, ok
}

// backend converts tables to a record, and says so where they decide besides
// section iptables.
func (w *work) backend(kind evidence.BackendKind, family string, tables []netfilter.Table, at func(line, column int) evidence.Source) evidence.FilterBackend {
	record := evidence.FilterBackend{Target: w.t.Subject, Backend: kind, Family: evidence.TableFamily(family), Source: at(1, 1)}
	var deciding []evidence.BackendChain
	for _, t := range tables {
		for _, c := range t.Chains {
			chain := evidence.BackendChain{
				Table: t.Name, Name: c.Name, BuiltIn: c.BuiltIn(), Policy: c.Policy, Type: c.Type, Hook: c.Hook, Device: c.Device,
				Priority: c.Priority, Decides: decides(c), Source: at(c.Line, max(c.Column, 1)),
			}
			shown, ok := w.chain(family, t.Name, c.Name)
			chain.Shown = ok && alike(c, shown, kind)
			if chain.Decides && !chain.Shown {
				deciding = append(deciding, chain)
			}
			record.Chains = append(record.Chains, chain)
			record.Rules = append(record.Rules, rulesOf(t, c, at)...)
		}
	}
	if len(deciding) > 0 && family != "arp" {
		w.gap(Collector{}.Name(), fmt.Sprintf(
			"the %s rules of %s decide as well, and are not joined with those of iptables-save: %d chain(s), the first is %s of table %s",
			family, kind, len(deciding), deciding[0].Name, deciding[0].Table), deciding[0].Source)
	}
	return record
}

// decides reports a chain that can refuse or change a packet.
func decides(c netfilter.Chain) bool {
	if c.Policy != "ACCEPT" && c.Policy != "-" {
		return true
	}
	for _, r := range c.Rules {
		if r.Effect.Decides() {
			return true
		}
		for _, a := range r.Actions {
			if a.Name != "LOG" && a.Name != "NFLOG" {
				return true
			}
		}
	}
	return false
}

// alike reports that two chains hold the same rules. nft writes them in other
// words, and in one place of the kernel: there it is enough that number and
// targets agree.
func alike(c, shown netfilter.Chain, kind evidence.BackendKind) bool {
	if c.Policy != shown.Policy || len(c.Rules) != len(shown.Rules) {
		return false
	}
	for i, r := range c.Rules {
		s := shown.Rules[i]
		if r.Target != s.Target || r.Goto != s.Goto || kind == evidence.BackendLegacy && withoutCounters(r) != withoutCounters(s) {
			return false
		}
	}
	return true
}

// withoutCounters is a rule as written, without its counters.
func withoutCounters(r netfilter.Rule) string {
	text := r.Text
	for i := range text {
		if text[i] == '-' && (i == 0 || text[i-1] == ' ') {
			return text[i:]
		}
	}
	return text
}
