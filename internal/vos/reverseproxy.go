// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"regexp"
	"strings"
)

const reverseProxy = "utils system reverse-proxy "

var (
	sources = regexp.MustCompile(`(?i)^\s*the following source\(s\) are configured:?\s*$`)
	// noSource is the sentence that is published, for config-uri. The same words
	// may be expected of other lists, and others like them of all.
	noSource  = regexp.MustCompile(`(?i)^\s*currently no source is configured\.?\s*$`)
	noSources = regexp.MustCompile(`(?i)^\s*(?:currently,? )?(?:there (?:is|are) )?no (?:source|sources|source\(s\)) (?:(?:is|are) )?(?:currently )?configured(?: in the (?:list|(?:allowed[- ]hosts|config-uri|frame access) list))?\.?\s*$`)
	// A name or an IPv4 address ends in no colon: with one it is glued to text.
	hostItem = regexp.MustCompile(`^(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?|[0-9A-Fa-f]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)$`)
	uriItem  = regexp.MustCompile(`(?i)^https?://[^\s/:?#]+\S*$`)
)

// AllowedHosts lists the reverse-proxy hosts that a node trusts.
func AllowedHosts() ListCommand {
	return ListCommand{
		Commands: []string{reverseProxy + "allowed-hosts list"},
		Changes:  []string{reverseProxy + "allowed-hosts add", reverseProxy + "allowed-hosts delete"},
		Headers:  []Form{{sources, Documented}}, Empties: []Form{{noSources, Inferred}}, Item: hostItem,
	}
}

// ConfigURIs lists where a node loads its map from.
func ConfigURIs() ListCommand {
	return ListCommand{
		Commands: []string{reverseProxy + "config-uri list"},
		Changes:  []string{reverseProxy + "config-uri add", reverseProxy + "config-uri delete"},
		Headers:  []Form{{sources, Documented}}, Empties: []Form{{noSource, Documented}, {noSources, Inferred}}, Item: uriItem,
	}
}

// ClientAuth tells whether proxies must present a certificate: "enabled" or
// "disabled".
func ClientAuth() StatusCommand {
	const sentence = `(?i)^\s*ssl certificate verification for connections established from reverse proxy hosts is `
	return StatusCommand{
		Commands: []string{reverseProxy + "client-auth status"},
		Changes:  []string{reverseProxy + "client-auth enable", reverseProxy + "client-auth disable"},
		Patterns: []StatusPattern{
			{regexp.MustCompile(sentence + `enabled\.?\s*$`), "enabled", Documented},
			{regexp.MustCompile(sentence + `disabled\.?\s*$`), "disabled", Documented},
		},
	}
}

// UpdateFrequency is the poll interval of the map in minutes, "none" when no
// map is configured.
func UpdateFrequency() StatusCommand {
	return StatusCommand{
		Commands: []string{reverseProxy + "show-config-update-frequency"},
		Changes:  []string{reverseProxy + "set-config-update-frequency"},
		Patterns: []StatusPattern{
			{regexp.MustCompile(`(?i)^\s*(\d{1,5}) minutes?\.?\s*$`), "", Documented},
			{regexp.MustCompile(`(?i)^\s*no config-uri configured\.?\s*$`), "none", Documented},
		},
	}
}

// Rejection is a value that the server refused to take into a list.
type Rejection struct {
	// List is "allowed-hosts" or "config-uri".
	List  string
	Value string
	Line  int
}

var rejected = regexp.MustCompile(`(?i)^\s*operation failed, please enter valid source\(s\)\.\s*source (\S+) is invalid\.?\s*$`)

// Rejections lists what "add" commands refused, such as names that the server
// could not resolve. A value that a later "add" took is none.
func (t Transcript) Rejections() []Rejection {
	var out []Rejection
	for _, e := range t.Exchanges {
		for _, list := range [...]string{"allowed-hosts", "config-uri"} {
			if !strings.HasPrefix(e.Command, reverseProxy+list+" add ") {
				continue
			}
			out = withoutAccepted(out, list, e)
			walkAll(e.Answer, func(text string, line int, h how) reading {
				m := rejected.FindStringSubmatch(text)
				if m == nil || len(out) == maxItems {
					return nil
				}
				return func() { out = append(out, Rejection{List: list, Value: m[1], Line: line}) }
			}, func(Line) {})
		}
	}
	return out
}

var accepted = regexp.MustCompile(`(?i)^\s*source (\S+) successfully added\s*$`)

func withoutAccepted(all []Rejection, list string, e Exchange) []Rejection {
	for _, l := range e.Answer {
		m := accepted.FindStringSubmatch(l.Text)
		if m == nil {
			continue
		}
		kept := all[:0]
		for _, r := range all {
			if r.List != list || !strings.EqualFold(r.Value, m[1]) {
				kept = append(kept, r)
			}
		}
		all = kept
	}
	return all
}
