// SPDX-License-Identifier: Apache-2.0

// Package dns gathers what names lead to in the parts of the network that the
// site file names: from saved output of dig or getent ahosts, or from a
// resolver that is asked over the network.
//
// A resolver is asked over TCP (RFC 7766), on one connection for all names, for
// the hosts that the site file declares and those that it lists for the
// resolver. No other name is asked for: the names of the proxy map are the
// artifact of another collector, and a site that wants them looked up lists
// them. Addresses of both families are asked for.
//
// Only the server's word proves that a name does not exist. Of saved answers
// that is the whole output of dig; "+noall +answer" and getent leave nothing
// where a name was not found, and then nothing is known of it. In output of
// getent a name is the canonical one, not the one that was asked for.
package dns

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of one site.
const (
	maxFileBytes = 4 << 20
	maxNames     = 1000 // of one view
	maxAddresses = 64   // of one name
	maxAliases   = 16   // of one name
	maxGaps      = 50   // of one view
)

// port is where a resolver listens when none is declared.
const port = 53

// Collector reads what the site declares under "dns".
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "dns" }

// Collect implements evidence.Collector.
func (c Collector) Collect(ctx context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if t.Kind != evidence.KindSite {
		return out, nil
	}
	if len(t.Site.DNS) == 0 {
		out.Gaps = append(out.Gaps, t.Gap(c.Name(), "the site declares no dns: what its names lead to is not known", t.Site.DeclaredSource))
		return out, nil
	}
	for _, d := range t.Site.DNS {
		v := &view{target: t, record: evidence.DNSView{
			Target: t.Subject, Subject: evidence.Subject("dns", string(d.View)), View: d.View, Form: evidence.DNSLive, Source: d.Source,
		}}
		if d.Resolver != "" {
			v.ask(ctx, d)
		} else {
			v.read(d)
		}
		out.Gaps = append(out.Gaps, v.gaps...)
		if len(v.record.Names) > 0 {
			out.Sections.DNS = append(out.Sections.DNS, v.record)
		}
	}
	return out, nil
}

// Plan implements evidence.Planner: one connection to each resolver, and two
// questions about each name.
func (Collector) Plan(t evidence.Target) evidence.Cost {
	if t.Kind != evidence.KindSite {
		return evidence.Cost{}
	}
	most := 0
	for _, d := range t.Site.DNS {
		if d.Resolver != "" {
			most = max(most, len(types)*len(wanted(t.Site, d)))
		}
	}
	return evidence.Cost{Connections: min(most, 1), Requests: most}
}

// Resolver is the place of a declared resolver.
func Resolver(text string) (host string, at int, ok bool) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr.String(), port, true
	}
	if both, err := netip.ParseAddrPort(text); err == nil {
		return both.Addr().String(), int(both.Port()), true
	}
	return "", 0, false
}

// view is the work on one entry.
type view struct {
	target evidence.Target
	record evidence.DNSView
	gaps   []evidence.Gap
	// found are the names of the record by what they are called.
	found map[string]int
}

func (v *view) gap(reason string, source evidence.Source) {
	switch {
	case len(v.gaps) > maxGaps:
		return
	case len(v.gaps) == maxGaps:
		reason = "more could not be read; it is not listed"
	}
	v.gaps = append(v.gaps, v.target.Gap("dns", string(v.record.View)+" view: "+strings.ToValidUTF8(reason, "\uFFFD"), source))
}

// answer is what became of one question.
type answer struct {
	name      string
	kind      string // the type that was asked for, empty where not told
	status    evidence.DNSStatus
	addresses []string
	aliases   []string
	reason    string
	source    evidence.Source
}

// add puts an answer together with the others about its name. An address beats
// everything, and a failure leaves open what only one family was asked for.
func (v *view) add(a answer) {
	a.name = plain(a.name)
	if a.name == "" {
		return
	}
	i, ok := v.found[a.name]
	if !ok {
		if len(v.record.Names) == maxNames {
			v.gap(fmt.Sprintf("more than %d names; the rest was left out", maxNames), a.source)
			return
		}
		if v.found == nil {
			v.found = map[string]int{}
		}
		i = len(v.record.Names)
		v.found[a.name] = i
		v.record.Names = append(v.record.Names, evidence.DNSName{Name: a.name, Status: a.status, Reason: a.reason, Source: a.source})
	}
	n := &v.record.Names[i]
	if rank[a.status] > rank[n.Status] {
		n.Status, n.Reason, n.Source = a.status, a.reason, a.source
	}
	n.Types = appendNew(n.Types, maxAddresses, a.kind)
	n.Addresses = appendNew(n.Addresses, maxAddresses, a.addresses...)
	n.Aliases = appendNew(n.Aliases, maxAliases, a.aliases...)
}

// rank orders what questions about one name came to. That one family was not
// answered outweighs that the other has no address.
var rank = map[evidence.DNSStatus]int{
	evidence.DNSNoAddress: 1, evidence.DNSFailed: 2, evidence.DNSNoName: 3, evidence.DNSAnswered: 4,
}

func appendNew(list []string, limit int, more ...string) []string {
	for _, m := range more {
		if m != "" && len(list) < limit && !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

// plain is a name as facts have it.
func plain(name string) string {
	return strings.ToValidUTF8(strings.ToLower(strings.TrimSuffix(name, ".")), "\uFFFD")
}

// wanted are the names that a resolver is asked for: the hosts that the site
// file declares, and those listed for it.
func wanted(site *evidence.Site, d evidence.DNSAnswers) []string {
	var all []string
	add := func(text string) {
		if u, err := url.Parse(text); err == nil && u.Host != "" {
			text = u.Host
		}
		if host, _, err := net.SplitHostPort(text); err == nil {
			text = host
		}
		if _, err := netip.ParseAddr(text); err == nil || text == "" || strings.ContainsAny(text, "/ ") {
			return
		}
		if name := plain(text); !slices.Contains(all, name) && len(all) < maxNames {
			all = append(all, name)
		}
	}
	for _, n := range site.Nodes {
		add(n.Host)
	}
	for _, c := range site.CTI {
		add(c.Host)
	}
	for _, i := range site.Integrations {
		add(i.EmbedderOrigin)
		add(i.PlatformHost)
	}
	for _, b := range site.LoadBalancers {
		if _, err := netip.ParsePrefix(b); err != nil {
			add(b)
		}
	}
	add(site.IdP.Host)
	add(site.ProxyMap.URL)
	for _, e := range site.Edges {
		add(e.SSH.Address)
	}
	for _, name := range d.Names {
		add(name)
	}
	slices.Sort(all)
	return all
}

func joined(host string, at int) string { return net.JoinHostPort(host, strconv.Itoa(at)) }
