// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"regexp"
	"strings"
)

// cut is a stretch of a line that is a secret.
type cut struct {
	from, to int
	kind     string
}

// appendCut adds the first group that matched, unless it plainly is no secret:
// variables, a port, a limit, a switch, a path, or an earlier mark.
func appendCut(cuts []cut, text, kind string, m []int) []cut {
	for g := 2; g+1 < len(m); g += 2 {
		if m[g] < 0 {
			continue
		}
		value := text[m[g]:m[g+1]]
		switch {
		case strings.TrimSpace(value) == "", strings.HasPrefix(value, markStart), strings.HasPrefix(value, markStart[1:]),
			switchLike[strings.ToLower(value)], isNumber(text, m[0], m[g], value),
			kind == credential && (harmless.MatchString(value) || parameters.MatchString(value)), kind == cookieValue && onlyVariables.MatchString(value):
			return cuts
		}
		if isRandomKey(value) {
			kind = RandomKey
		}
		return append(cuts, cut{m[g], m[g+1], kind})
	}
	return cuts
}

var (
	// harmless values consist of variables, of the name of a scheme, or are
	// the path of a file.
	harmless = regexp.MustCompile(`(?i)^(?:(?:[\^~*]*(?:bearer|basic|digest|negotiate)\b)?(?:\$\{?[a-z0-9_]+\}?|[\s\\.,:;=/^*+?()$|@#&%~-]|\[redacted:[a-z-]+:\d+(?::[0-9a-f]{64})?\]?)*|/(?:etc|usr|var|opt|run|home|root|srv|tmp|dev)/[a-z0-9_./-]+)$`)

	// onlyVariables is how a format of an access log goes on after the name of
	// a header: with variables, and names before them.
	onlyVariables = regexp.MustCompile(`^\$\{?[A-Za-z0-9_]+\}?(?:[\s'",;|]+(?:[A-Za-z0-9_-]*[=:]["']?)?\$\{?[A-Za-z0-9_]+\}?)*[\s'",;|]*$`)
)

var switchLike = map[string]bool{
	"on": true, "off": true, "true": true, "false": true, "yes": true, "no": true, "none": true, "nil": true, "null": true,
	"0": true, "1": true,
}

// isNumber reports whether a value that begins with a digit is a port or
// another quantity. The number alone does not tell, as a PIN has digits too:
// the name before it has to say so, or the name is that of a host or a zone.
func isNumber(text string, name, from int, value string) bool {
	if value[0] < '0' || value[0] > '9' {
		return false
	}
	head := text[max(name, from-maxName):from]
	if quantity.MatchString(value) && quantityName.MatchString(head) {
		return true
	}
	if from == 0 || text[from-1] != ':' {
		return false
	}
	before := text[max(0, from-maxName):from]
	switch {
	case endpointPair.MatchString(value):
		return true
	case hostPort.MatchString(value):
		return hostPlace.MatchString(before)
	}
	return zoneSize.MatchString(value) && zoneName.MatchString(before)
}

// maxName is how far before a value its name may begin, in bytes.
const maxName = 256

var (
	quantity     = regexp.MustCompile(`(?i)^\d{1,6}(?:ms|[smhdkg]|r/[sm])?$`)
	quantityName = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(?:port|limit|rate|burst|count|size|timeout|ttl|max_?age|length|lifetime|expiry|expires|retries|attempts|interval|days|hours|minutes|seconds)["']?\]?\s*[=:]?\s*["']?$`)
	// endpointPair is an entry of a map from host and port to another.
	endpointPair = regexp.MustCompile(`^\d{2,5}=[A-Za-z0-9][A-Za-z0-9.-]*:\d{2,5}$`)
	hostPort     = regexp.MustCompile(`^\d{2,5};?(?:/[^@]*)?$`)
	hostPlace    = regexp.MustCompile(`(?i)(?:[a-z]://[a-z0-9._-]*|\b(?:server|listen|server_name)\s+[a-z0-9._-]*):$`)
	zoneSize     = regexp.MustCompile(`(?i)^\d{1,6}[kmg]?$`)
	zoneName     = regexp.MustCompile(`(?i)(?:zone=|\bshared:|\blua_shared_dict\s+)[a-z0-9._-]*:$`)
)

// A JSON Web Key (RFC 7517) and its members that are secret (RFC 7518, section
// 6, and RFC 8037, section 2). The members have names of a letter or two, which
// tell nothing elsewhere, and may each stand on a line.
var (
	keyType   = regexp.MustCompile(`\bkty\\?["']?\]?\s*[:=]`)
	keyMember = regexp.MustCompile(`(?:^|[^A-Za-z0-9_$.-])\\?["']?(?:k|d|p|q|dp|dq|qi|r|t)\\?["']?\]?\s*[:=]\s*(?:\\?["']([A-Za-z0-9+/=_-]{2,})\\?["']|([A-Za-z0-9_-]{16,}))`)
)
