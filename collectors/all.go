// SPDX-License-Identifier: Apache-2.0

// Package collectors lists the senses of an audit, one folder a kind of
// evidence. The list is explicit: order matters to those that read what an
// earlier one captured, and a test compares it with the folders.
package collectors

import (
	"github.com/postern-audit/postern/collectors/certchain"
	"github.com/postern-audit/postern/collectors/cors"
	"github.com/postern-audit/postern/collectors/cti"
	"github.com/postern-audit/postern/collectors/dns"
	"github.com/postern-audit/postern/collectors/env"
	"github.com/postern-audit/postern/collectors/framing"
	"github.com/postern-audit/postern/collectors/host"
	"github.com/postern-audit/postern/collectors/http"
	"github.com/postern-audit/postern/collectors/iptables"
	"github.com/postern-audit/postern/collectors/layout"
	"github.com/postern-audit/postern/collectors/nginxrules"
	"github.com/postern-audit/postern/collectors/proxymap"
	"github.com/postern-audit/postern/collectors/saml"
	"github.com/postern-audit/postern/collectors/tlsposture"
	"github.com/postern-audit/postern/collectors/vos"
	"github.com/postern-audit/postern/internal/evidence"
)

// Naming returns the collectors that tell which names and ports a site has;
// they run first, and only then is it known whom to contact.
func Naming() []evidence.Collector {
	return []evidence.Collector{proxymap.Collector{}, nginxrules.Collector{}}
}

// Remaining returns all others, in the order in which they run on a target:
// what only reads files comes first, so that a listener that hangs costs none of
// it, and tlsposture captures the chains that certchain judges.
func Remaining() []evidence.Collector {
	return []evidence.Collector{
		iptables.Collector{},
		host.Collector{},
		env.Collector{},
		saml.Collector{},
		layout.Collector{},
		cti.Collector{},
		dns.Collector{},
		vos.Collector{},
		cors.Collector{},
		framing.Collector{},
		tlsposture.Collector{},
		certchain.Collector{},
		http.Collector{},
	}
}

// All returns every collector.
func All() []evidence.Collector { return append(Naming(), Remaining()...) }

// Sections lists the sections that a collector fills: its own, and those in
// which it keeps another view apart.
func Sections(collector string) []string {
	switch collector {
	case "cors":
		return []string{"cors", "corslive"}
	case "framing":
		return []string{"framing", "framinglive"}
	case "iptables":
		return []string{"iptables", "netfilter", "ipsets"}
	}
	return []string{collector}
}
