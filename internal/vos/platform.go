// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// TLSMinimum is the lowest TLS version of one side, "server" or "client".
func TLSMinimum(side string) StatusCommand {
	return StatusCommand{
		Commands: []string{"show tls " + side + " min-version"},
		Changes:  []string{"set tls " + side + " min-version"},
		Patterns: []StatusPattern{
			{regexp.MustCompile(`(?i)^\s*the ` + side + ` tls min-version is set to (1\.[0-3])\.?\s*$`), "", Documented},
			{regexp.MustCompile(`(?i)^\s*(?:the )?(?:configured )?(?:` + side + ` )?tls (?:` + side + ` )?min(?:imum)?[- ]version\s*(?:is set to|is|:|=)\s*(?:tls ?v?)?(1\.[0-3])\.?\s*$`), "", Inferred},
		},
	}
}

// TLSCertificateType is the kind of certificate that the server's listeners
// prefer, such as "ECDSA" or "RSA", as printed.
func TLSCertificateType() StatusCommand {
	return StatusCommand{
		Commands: []string{"show tls server cert_type"},
		Changes:  []string{"set tls server cert_type"},
		Patterns: []StatusPattern{
			{regexp.MustCompile(`(?i)^\s*the server certificate type is set to (rsa|ecdsa|ec)\.?\s*$`), "", Documented},
			{regexp.MustCompile(`(?i)^\s*(?:the )?(?:configured )?(?:tls )?(?:server )?cert(?:ificate)?[_ -]?type\s*(?:is set to|is|:|=)\s*(rsa|ecdsa|ec)\.?\s*$`), "", Inferred},
		},
	}
}

// ActiveVersion is the version of the running software.
func ActiveVersion() StatusCommand {
	return StatusCommand{
		Commands: []string{"show version active"},
		Patterns: []StatusPattern{
			{regexp.MustCompile(`(?i)^\s*active (?:master |system )?version\s*[:=]\s*(\d+\.\d[\w.-]+)\s*$`), "", Inferred},
		},
		Loose: true,
	}
}

// HostName is the short name of the node.
func HostName() StatusCommand {
	return StatusCommand{
		Commands: []string{"show myself"},
		Patterns: []StatusPattern{{regexp.MustCompile(`(?i)^\s*(?:machine|host)[ _-]?name\s*[:=]\s*([A-Za-z0-9][A-Za-z0-9._-]{0,252})\s*$`), "", Inferred}},
		Loose:    true,
	}
}

// WebProxy is a level of the Web Proxy Service: setting is "access-log-level"
// or "log-severity".
func WebProxy(setting string) StatusCommand {
	name := strings.ReplaceAll(setting, "-", "[- ]")
	return StatusCommand{
		Commands: []string{"show webproxy " + setting},
		Changes:  []string{"set webproxy " + setting},
		Patterns: []StatusPattern{
			{regexp.MustCompile(`(?i)^\s*(?:the )?(?:current )?(?:cisco )?(?:web ?proxy (?:service )?)?` + name + `\s*(?:is set to|is|:|=)\s*([A-Za-z0-9_]{1,20})\.?\s*$`), "", Inferred},
			{regexp.MustCompile(`(?i)^\s*(off|none|minimal|basic|detailed|verbose|debug|info|notice|warn|warning|error|crit|alert|emerg|[0-9])\s*$`), "", Inferred},
		},
	}
}

// Release is what "show version active" tells beside the version.
type Release struct {
	// Options are the names of installed COP files.
	Options []Item
	// Special is the highest ES level among them, 0 without one.
	Special int
	Format  Format
	Line    int
}

var (
	copFile   = regexp.MustCompile(`^\s*(?:\d{1,4}\s*[.:)]\s*)?([A-Za-z0-9][A-Za-z0-9_.()-]{2,180}\.cop(?:\.sgn|\.sha512)?)\s*$`)
	special   = regexp.MustCompile(`(?i)(?:^|[^a-z])ES[._-]?0*(\d{1,3})(?:\D|$)`)
	noOptions = regexp.MustCompile(`(?i)^\s*no (?:installed |active )?(?:software )?(?:options?|cops?|cop files?) (?:are )?(?:found|installed)\.?\s*$`)
	optionsOf = regexp.MustCompile(`(?i)^\s*(?:active version )?installed (?:software )?(?:options?|cops?|cop files?)\s*:?\s*$`)
	// sheetLine is another line of the sheet, which names no option.
	sheetLine = regexp.MustCompile(`(?i)^\s*(?:active|inactive) (?:master |system )?version\s*[:=].*$`)
)

// ReadRelease reads the installed options. The level of engineering specials
// is certain only where the answer lists options or says that there are none.
func (t Transcript) ReadRelease() (Release, error) {
	e, err := t.exchange([]string{"show version active"}, nil, false)
	if err != nil {
		return Release{}, err
	}
	out := Release{Format: Inferred, Line: e.Line}
	listed, none := false, false
	bad := walk(e.Answer, func(text string, line int, h how) reading {
		if m := copFile.FindStringSubmatch(text); m != nil && h != broken && len(out.Options) < maxItems {
			return func() { out.Options, listed = append(out.Options, Item{m[1], line}), true }
		}
		switch {
		case sheetLine.MatchString(text), tail.MatchString(text):
			return nothing
		case optionsOf.MatchString(text):
			return nothing
		case noOptions.MatchString(text):
			return func() { none = true }
		}
		return nil
	})
	switch {
	case bad != nil:
		return Release{}, &UnreadableError{Command: e.Command, Line: bad.Number, Reason: fmt.Sprintf("unknown answer %q", shorten(bad.Text))}
	case listed == none:
		return Release{}, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the answer does not say which options are installed", Absent: !listed}
	}
	for _, o := range out.Options {
		for _, m := range special.FindAllStringSubmatch(o.Value, -1) {
			if n, err := strconv.Atoi(m[1]); err == nil {
				out.Special = max(out.Special, n)
			}
		}
	}
	return out, nil
}

// Network is how a node is attached.
type Network struct {
	Addresses []Item
	// DNSServers are certain only where Resolver is set, Domain only where its
	// Line is.
	DNSServers []Item
	Domain     Item
	Resolver   bool
	Format     Format
	Line       int
}

var (
	addressField = regexp.MustCompile(`(?i)(?:^|\s{2,})ip(?:v[46])? address\s*[:=]\s*([0-9A-Fa-f.:]+)(?:/\d{1,3})?(?:\s|$)`)
	dnsHeading   = regexp.MustCompile(`(?i)^\s*dns\b\s*(?:servers?|settings)?\s*:?\s*$`)
	noDNS        = regexp.MustCompile(`(?i)^\s*dns\s*(?:servers?)?\s*(?:is|are)?\s*[:=]?\s*not configured\.?\s*$`)
	serverField  = regexp.MustCompile(`(?i)(?:^|\s{2,})(?:primary|secondary|dns server \d|(?:primary|secondary) dns)\s*[:=]\s*(\S+(?: \S+)*)`)
	domainField  = regexp.MustCompile(`(?i)(?:^|\s{2,})(?:dns )?domain(?: name)?\s*[:=]\s*(\S+(?: \S+)*)?`)
	unset        = regexp.MustCompile(`(?i)^(?:not configured|none|-+|n/a)$`)
)

// ReadNetwork reads "show network eth0", a sheet in two columns.
func (t Transcript) ReadNetwork() (Network, error) {
	e, err := t.exchange([]string{"show network eth0", "show network eth0 detail", "show network all"}, []string{"set network"}, false)
	if err != nil {
		return Network{}, err
	}
	out := Network{Format: Inferred, Line: e.Line}
	wrong := func(l Line) error {
		return &UnreadableError{Command: e.Command, Line: l.Number, Reason: fmt.Sprintf("unknown answer %q", shorten(l.Text))}
	}
	for _, l := range e.Answer {
		for _, m := range addressField.FindAllStringSubmatch(l.Text, 8) {
			a, err := netip.ParseAddr(m[1])
			if err != nil {
				return Network{}, wrong(l)
			}
			if !a.IsUnspecified() && len(out.Addresses) < maxItems {
				out.Addresses = append(out.Addresses, Item{a.String(), l.Number})
			}
		}
		switch {
		case noDNS.MatchString(l.Text):
			out.Resolver, out.Domain.Line = true, l.Number
			continue
		case dnsHeading.MatchString(l.Text):
			out.Resolver = true
			continue
		case !out.Resolver:
			continue
		}
		for _, m := range serverField.FindAllStringSubmatch(l.Text, 8) {
			value, _, _ := strings.Cut(m[1], "  ")
			a, err := netip.ParseAddr(value)
			switch {
			case err == nil && !a.IsUnspecified() && len(out.DNSServers) < maxItems:
				out.DNSServers = append(out.DNSServers, Item{a.String(), l.Number})
			case err != nil && !unset.MatchString(value):
				return Network{}, wrong(l)
			}
		}
		if m := domainField.FindStringSubmatch(l.Text); m != nil {
			name := m[1]
			if unset.MatchString(name) {
				name = ""
			}
			if name != "" && !hostItem.MatchString(name) || out.Domain.Line != 0 && out.Domain.Value != name {
				return Network{}, wrong(l)
			}
			out.Domain = Item{name, l.Number}
		}
	}
	if len(out.Addresses) == 0 {
		return Network{}, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the answer has none of the known forms"}
	}
	return out, nil
}
