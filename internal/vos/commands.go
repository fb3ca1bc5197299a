// SPDX-License-Identifier: Apache-2.0

package vos

import "regexp"

// The commands that are read, and the forms that their answers have.

const reverseProxy = "utils system reverse-proxy "

var (
	sources   = regexp.MustCompile(`(?i)^\s*the following source\(s\) are configured:?\s*$`)
	noSources = regexp.MustCompile(`(?i)^\s*currently no sources? (?:is|are) configured\.?\s*$`)
	hostItem  = regexp.MustCompile(`^[A-Za-z0-9._:-]+$`)
	uriItem   = regexp.MustCompile(`(?i)^https?://\S+$`)
	origins   = regexp.MustCompile(`(?i)^\s*(?:the following |currently )?(?:allowed )?(?:origins?|sources?|source\(s\)|origin\(s\))\b[^.]*\bconfigured\b.*:\s*$`)
	noOrigins = regexp.MustCompile(`(?i)^\s*(?:currently )?no origins? (?:is|are) configured\b.*$`)
	originIt  = regexp.MustCompile(`^\S+$`)
)

// AllowedHosts lists the reverse-proxy hosts that a node trusts.
func AllowedHosts() ListCommand {
	return ListCommand{
		Commands: []string{reverseProxy + "allowed-hosts list"},
		Changes:  []string{reverseProxy + "allowed-hosts add", reverseProxy + "allowed-hosts delete"},
		Header:   sources, Empty: noSources, Format: Documented, Item: hostItem,
	}
}

// ConfigURIs lists where a node loads its map from.
func ConfigURIs() ListCommand {
	return ListCommand{
		Commands: []string{reverseProxy + "config-uri list"},
		Changes:  []string{reverseProxy + "config-uri add", reverseProxy + "config-uri delete"},
		Header:   sources, Empty: noSources, Format: Documented, Item: uriItem,
	}
}

// ClientAuth tells whether proxies must present a certificate: "enabled" or
// "disabled".
func ClientAuth() StatusCommand {
	return StatusCommand{
		Commands: []string{reverseProxy + "client-auth status"},
		Changes:  []string{reverseProxy + "client-auth enable", reverseProxy + "client-auth disable"},
		Patterns: []StatusPattern{
			{regexp.MustCompile(`(?i)^\s*ssl certificate verification for connections established from reverse proxy hosts is enabled\.?\s*$`), "enabled", Documented},
			{regexp.MustCompile(`(?i)^\s*ssl certificate verification for connections established from reverse proxy hosts is disabled\.?\s*$`), "disabled", Documented},
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

// ActiveVersion is the version of the running software.
func ActiveVersion() StatusCommand {
	return StatusCommand{
		Commands: []string{"show version active"},
		Patterns: []StatusPattern{{regexp.MustCompile(`(?i)^\s*active master version:\s*(\d[\w.-]+)\s*$`), "", Inferred}},
	}
}

// TLSMinimum is the lowest TLS version of one side, "server" or "client".
func TLSMinimum(side string) StatusCommand {
	return StatusCommand{
		Commands: []string{"show tls " + side + " min-version"},
		Changes:  []string{"set tls " + side + " min-version"},
		Patterns: []StatusPattern{
			{regexp.MustCompile(`(?i)^\s*the ` + side + ` tls min-version is set to (1\.[0-3])\.?\s*$`), "", Documented},
			{regexp.MustCompile(`(?i)^\s*configured tls minimum version:\s*(1\.[0-3])\s*$`), "", Inferred},
		},
	}
}

// CORSStatus is the state of a component's cross-origin filter: "enabled",
// "enable_all" or "disabled". Component is finesse, cuic or live-data.
func CORSStatus(component string) StatusCommand {
	prefix := "utils " + component + " cors "
	return StatusCommand{
		Commands: []string{prefix + "status"},
		Changes:  []string{prefix + "enable", prefix + "disable"},
		Patterns: []StatusPattern{
			{regexp.MustCompile(`(?i)^\s*(?:cisco )?(?:[a-z -]+ )?cors is (?:enabled for all(?: origins)?|enable_all)\b.{0,40}$`), "enable_all", Inferred},
			{regexp.MustCompile(`(?i)^\s*cisco finesse cors is enabled now\.?\s*$`), "enabled", Documented},
			{regexp.MustCompile(`(?i)^\s*(?:cisco )?(?:[a-z -]+ )?cors is enabled(?: now)?\.?\s*$`), "enabled", Inferred},
			{regexp.MustCompile(`(?i)^\s*(?:cisco )?(?:[a-z -]+ )?cors is disabled(?: now)?\.?\s*$`), "disabled", Inferred},
			{regexp.MustCompile(`(?i)^\s*(?:cors )?(?:status)?\s*[:=]?\s*(?:enabled|true)\.?\s*$`), "enabled", Inferred},
			{regexp.MustCompile(`(?i)^\s*(?:cors )?(?:status)?\s*[:=]?\s*(?:disabled|false)\.?\s*$`), "disabled", Inferred},
		},
	}
}

// CORSList lists allowed_origin, allowed_headers or exposed_headers of a
// component.
func CORSList(component, list string) ListCommand {
	prefix := "utils " + component + " cors " + list
	c := ListCommand{
		Commands: []string{prefix + " list"},
		Changes:  []string{prefix + " add", prefix + " delete"},
		Header:   origins, Empty: noOrigins, Format: Inferred, Item: originIt,
	}
	if list == "allowed_origin" {
		// One release spells it so.
		c.Commands = append(c.Commands, "utils "+component+" cors allowed_orgins list")
	} else {
		c.Header = regexp.MustCompile(`(?i)^\s*.*\bheaders?\b.*:\s*$`)
		c.Empty = regexp.MustCompile(`(?i)^\s*(?:currently )?no (?:custom )?headers? (?:is|are) configured\b.*$`)
	}
	return c
}

// FrameVerbs are the names of the frame access command by release, the current
// one first.
func FrameVerbs() []string { return []string{"frame_access_allowed_list", "frame_access_whitelist"} }

// FrameList lists the origins that may embed the desktop.
func FrameList(verb string) ListCommand {
	prefix := "utils finesse " + verb
	return ListCommand{
		Commands: []string{prefix + " list"},
		Changes:  []string{prefix + " add", prefix + " delete"},
		Header:   regexp.MustCompile(`(?i)^\s*the following source\(s\) are configured in the frame access list:?\s*$`),
		Empty:    regexp.MustCompile(`(?i)^\s*currently no sources? (?:is|are) configured(?: in the frame access list)?\.?\s*$`),
		Format:   Documented, Item: originIt,
	}
}

// XFrame is the state of the older embedding switch.
func XFrame() StatusCommand {
	return StatusCommand{
		Commands: []string{"utils finesse xframe status"},
		Changes:  []string{"utils finesse xframe enable", "utils finesse xframe disable"},
		Patterns: []StatusPattern{
			{regexp.MustCompile(`(?i)^\s*.*x-?frame.* (?:is )?(enable_all|disabled|enabled)\b.{0,40}$`), "", Inferred},
		},
	}
}
