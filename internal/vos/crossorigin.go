// SPDX-License-Identifier: Apache-2.0

package vos

import "regexp"

var (
	origins   = regexp.MustCompile(`(?i)^\s*(?:the following |currently )?(?:allowed )?(?:origins?|sources?|source\(s\)|origin\(s\))(?: \w+){0,4} configured(?: (?:in|for|as)(?: the)?(?: \w+){0,4})?\s*:\s*$`)
	noOrigins = regexp.MustCompile(`(?i)^\s*(?:currently )?no (?:origins?|origin\(s\)) (?:is|are) configured(?: in (?:the )?allowed origins?(?: list)?)?\.?\s*$`)
	originIt  = regexp.MustCompile(`^[^\s,]+$`)
	// bareOrigin looks like what a list of origins holds: a URL, a name with a
	// dot, or everybody.
	bareOrigin = regexp.MustCompile(`^(?:\*|[A-Za-z][A-Za-z0-9+.-]*://[^\s,]+|[A-Za-z0-9*][A-Za-z0-9*-]*(?:\.[A-Za-z0-9*-]+)+(?::[0-9*]{1,5})?)$`)
	// shortHeading stands before any list of who is allowed.
	shortHeading = regexp.MustCompile(`(?i)^\s*(?:the )?(?:following |current(?:ly)? )?(?:cors )?(?:allowed|configured) (?:origins?|origin\(s\)|sources?|source\(s\)|hosts?|ips?|ip address(?:es)?)(?: list)?\s*:\s*$`)
	// originRow is the form in which origins are typed, in one line.
	originRow = regexp.MustCompile(`(?i)^\s*((?:cors )?(?:allowed|configured) origins?(?: list)?\s*:)?\s*(https?://[^\s,]+(?:\s*,\s*https?://[^\s,]+)*)\s*$`)

	headersOf = regexp.MustCompile(`(?i)^\s*(?:the following |currently )?(?:(?:allowed|exposed|custom) )*headers?(?:\(s\))?(?: \w+){0,3}(?: configured| allowed| exposed)?(?: (?:in|for|as)(?: the)?(?: \w+){0,4})?\s*:\s*$`)
	noHeaders = regexp.MustCompile(`(?i)^\s*(?:currently )?no (?:(?:custom|allowed|exposed) )*headers? (?:is|are) configured(?: in (?:the )?(?:allowed|exposed) headers?(?: list)?)?\.?\s*$`)
	// RFC 9110, section 5.6.2: a field name is a token. A blank ends none.
	headerItem = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
)

// application matches how answers name a component before the word CORS.
const application = `(?:cisco )?(?:unified )?(?:finesse |cuic |intelligence center |live[ -]?data )?`

// switchLine matches a whole line that says nothing but the state of a switch,
// with or without the name of what is switched.
func switchLine(subject, states string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)^\s*(?:` + subject + `\b\s*)?(?:status\b\s*)?(?:is\b\s*)?[:=]?\s*(?:` + states + `)(?: now)?\.?\s*$`)
}

// CORSStatus is the state of a component's cross-origin filter: "enabled",
// "enable_all" or "disabled". Component is finesse, cuic or live-data.
func CORSStatus(component string) StatusCommand {
	prefix := "utils " + component + " cors "
	word := func(words string) *regexp.Regexp {
		return switchLine(application+"cors", words)
	}
	return StatusCommand{
		Commands: []string{prefix + "status"},
		Changes:  []string{prefix + "enable", prefix + "disable"},
		Patterns: []StatusPattern{
			{regexp.MustCompile(`(?i)^\s*cisco finesse cors is enabled now\.?\s*$`), "enabled", Documented},
			{word(`enabled for all(?: origins)?|enable_all|enabled_all|enable all`), "enable_all", Inferred},
			{word(`enabled|true`), "enabled", Inferred},
			{word(`disabled|false`), "disabled", Inferred},
			{switchLine(application+"cors enabled", `true`), "enabled", Inferred},
			{switchLine(application+"cors enabled", `false`), "disabled", Inferred},
		},
	}
}

// PrivateNetworkAccess tells whether a component answers a browser's question
// before a request into a private network: "enabled" or "disabled".
func PrivateNetworkAccess(component string) StatusCommand {
	prefix := "utils " + component + " cors private-network-access "
	word := func(words string) *regexp.Regexp {
		return switchLine(application+"(?:cors )?private[- ]network[- ]access", words)
	}
	return StatusCommand{
		Commands: []string{prefix + "status"},
		Changes:  []string{prefix + "enable", prefix + "disable"},
		Patterns: []StatusPattern{
			{word(`enabled|true`), "enabled", Inferred},
			{word(`disabled|false`), "disabled", Inferred},
		},
	}
}

// CORSList lists allowed_origin, allowed_headers or exposed_headers of a
// component.
func CORSList(component, list string) ListCommand {
	prefix := "utils " + component + " cors "
	c := ListCommand{
		Commands: []string{prefix + list + " list"},
		Changes:  []string{prefix + list + " add", prefix + list + " delete"},
		Headers:  []Form{{origins, Inferred}, {shortHeading, Inferred}}, Empties: []Form{{noOrigins, Inferred}},
		Item: originIt, Bare: bareOrigin,
	}
	if component != "finesse" {
		c.Row = originRow
	}
	if list == "allowed_origin" {
		// One release spells it so.
		const odd = "allowed_orgins"
		c.Commands = append(c.Commands, prefix+odd+" list")
		c.Changes = append(c.Changes, prefix+odd+" add", prefix+odd+" delete")
	} else {
		c.Headers, c.Empties = []Form{{headersOf, Inferred}}, []Form{{noHeaders, Inferred}}
		c.Item, c.Bare, c.Row = headerItem, nil, nil
	}
	return c
}

// FrameVerbs are the names of the frame access command by release, the current
// one first. The oldest one, xframe, is a switch and has no list.
func FrameVerbs() []string { return []string{"frame_access_allowed_list", "frame_access_whitelist"} }

// FrameList lists the origins that may embed the desktop.
func FrameList(verb string) ListCommand {
	c := ListCommand{
		Commands: []string{"utils finesse " + verb + " list"},
		Headers: []Form{
			{regexp.MustCompile(`(?i)^\s*the following source\(s\) are configured in the frame access list:?\s*$`), Documented},
			{shortHeading, Inferred},
		},
		Empties: []Form{{noSources, Inferred}},
		Item:    originIt, Bare: bareOrigin,
	}
	// The names stand for one list.
	for _, v := range append(FrameVerbs(), verb) {
		c.Changes = append(c.Changes, "utils finesse "+v+" add", "utils finesse "+v+" delete")
	}
	return c
}

// XFrame is the state of the older embedding switch: "enable_all", "enabled" or
// "disabled".
func XFrame() StatusCommand {
	word := func(words string) *regexp.Regexp {
		return switchLine("(?:cisco )?(?:finesse )?x-?frame(?:[- ]?options?)?", words)
	}
	return StatusCommand{
		Commands: []string{"utils finesse xframe status"},
		Changes:  []string{"utils finesse xframe enable", "utils finesse xframe disable"},
		Patterns: []StatusPattern{
			{word(`enabled for all(?: origins)?|enable_all|enabled_all|enable all`), "enable_all", Inferred},
			{word(`enabled`), "enabled", Inferred},
			{word(`disabled`), "disabled", Inferred},
		},
	}
}
