// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"regexp"
	"strings"
)

// Parts of the patterns below.
const (
	// quoted is a text in quotes or in Lua's long brackets, as groups.
	quoted = `(?:"((?:[^"\\\r\n]|\\.)+)"|'((?:[^'\\\r\n]|\\.)+)'|\[\[(.+?)(?:\]\]|$))`
	// value is the same or a bare word of a configuration or program.
	value = `(?:"((?:[^"\\\r\n]|\\.)+)"|'((?:[^'\\\r\n]|\\.)+)'|\[\[(.+?)(?:\]\]|$)|([^\s;,"'{}()&|<>\[\]]+))`
	// word is the same or a bare word of a shell.
	word = `(?:"([^"\r\n]+)"|'([^'\r\n]+)'|([^\s"']+))`
	// argument is the same or a bare word of nginx.
	argument = `(?:"((?:[^"\\\r\n]|\\.)+)"|'((?:[^'\\\r\n]|\\.)+)'|([^\s;"']+))`

	// named are the words that stand for a secret on their own.
	named = `(?:password|passwd|passphrase|passcode|\bpwd|secret|token|api[-_]?key|private[-_]?key|shared[-_]?key|access[-_]?key|credential)s?`
	// inHeader are the parts of a header's name that make its value a secret.
	inHeader = `(?:auth|key|token|secret|pass|cookie|session|credential)`
	// headerDirective sets a header or a parameter of a request or an answer.
	headerDirective = `\b(?:proxy_set_header|grpc_set_header|add_header|add_trailer|auth_http_header|fastcgi_param|uwsgi_param|scgi_param)`
	inVariable      = `(?:pass|pw|secret|token|jwt|api_?key|auth|cred)`
)

// secretPatterns find secrets by their surroundings. The first group that
// matched is the secret itself; a match that skip knows is none.
var secretPatterns = []struct {
	kind     string
	re, skip *regexp.Regexp
}{
	{bearerToken, regexp.MustCompile(`\b(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){0,2})`), nil},
	{passwordHash, regexp.MustCompile(`(\$(?:1|2[abxy]?|5|6|y|7|gy|apr1|argon2[a-z]{1,2}|pbkdf2[a-z0-9-]*)\$[^\s:;"']{8,}|\{(?:S?SHA(?:256|512)?|MD5|CRYPT)\}[^\s:;"']+)`), nil},
	{credential, regexp.MustCompile(`(?i)\b(?:basic|bearer|digest|negotiate)\s+((?:[A-Za-z0-9+/=_.~-]|%[0-9A-F]{2}){6,})`), nil},
	{cookieValue, regexp.MustCompile(`(?i)\b(?:set-)?cookie:?"?\s*:\s*"?([^\s"][^"\r\n]*)`), nil},
	{credential, regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://[^\s/:@"']*:([^\s/@"']+)@`), nil},

	// Assignments in files of settings, programs, JSON and queries.
	{credential, regexp.MustCompile(`(?i)` + named + `(?:["']?\]?(?:\[[^\]\r\n]*\])?\s*(?:=>|[=:])\s*)` + value), nil},
	{credential, regexp.MustCompile(`(?i)(?:^|[^a-z_-])key=(?:"([^"\r\n]+)"|'([^'\r\n]+)'|([^\s;,"'{}()&|<>]+))`), nil},
	{credential, regexp.MustCompile(`(?i)\b(?:pw|pass|pwd|auth|cred|jwt|pin)\s*=\s*` + quoted), nil},
	{credential, regexp.MustCompile(`(?i)\b[a-z0-9_]*_(?:pass|pw|pwd|key|auth|creds?)=` + word), nil},
	{credential, regexp.MustCompile(`(?i)\b(?:env|export|environment=["']?)\s*[a-z0-9_]*(?:pass|pw|secret|token|key|auth|cred)[a-z0-9_]*=` + argument), nil},
	{credential, regexp.MustCompile(`(?i)\[\s*["'][a-z0-9_-]*` + inHeader + `[a-z0-9_-]*["']\s*\]\s*=\s*` + quoted), nil},

	// What a person wrote or a terminal showed.
	{
		credential,
		regexp.MustCompile(`(?i)(?:^|[^a-z0-9_$.])(?:password|passwd|passphrase|passcode|secret|token|credential)s?(?: [a-z]+){0,2}\s*[:>]\s*` + word),
		regexp.MustCompile(`(?i)\b(?:policy|expir\w*|age|length|valid\w*|lifetime|minimum|maximum|files?|path|type|status|names?|count|changed?|last|complexity|history|required|server|zone)\s*[:>]`),
	},
	{credential, regexp.MustCompile(`(?i)(?:password|passphrase|passwd|passcode|\bpwd)\s+` + quoted), nil},
	{credential, regexp.MustCompile(`(?i)(?:^|[^a-z0-9_$.-])(?:password|passphrase|passwd|passcode)(?: {2,}| *\t\s*)([^\s;"']+)`), nil},
	{
		credential,
		regexp.MustCompile(`(?i)^\s*(?:password|passphrase|passwd|passcode)\s+([^\s;"']+)\s*;?\s*$`),
		regexp.MustCompile(`(?i)\s(?:changed|required|files?|policy|expired|incorrect|accepted|prompt)\W*$`),
	},
	{credential, regexp.MustCompile(`(?i)(?:^|[\s"'#(])(?:pw|pwd)\s*[:=]\s*` + value), nil},
	{credential, regexp.MustCompile(`(?i)(?:#|/\*|--comment)[^\r\n]*?\b(?:pw|pwd|password|passwd|passphrase)\s+([^\s"'*]+)`), nil},
	{credential, regexp.MustCompile(`(?i)^\s*Private-(?:MAC|Hash):\s*([0-9a-f]+)`), nil},

	// nginx.
	{credential, regexp.MustCompile(`(?i)\bset\s+\$[a-z0-9_]*` + inVariable + `[a-z0-9_]*\s+` + argument), nil},
	{
		credential,
		regexp.MustCompile(`(?i)` + headerDirective + `\s+["']?[a-z0-9_-]*` + inHeader + `[a-z0-9_-]*["']?\s+` + argument),
		regexp.MustCompile(`(?i)^\w+\s+["']?(?:www-authenticate|proxy-authenticate|set-cookie|public-key-pins\S*|auth_type)["']?\s`),
	},
	{cookieValue, regexp.MustCompile(`(?i)` + headerDirective + `\s+["']?set-cookie["']?\s+["']?[^\s=;"']+=([^\s;"'$]+)`), nil},
	{credential, regexp.MustCompile(`(?i)\bmore_set_(?:input_)?headers\b.*?["'][a-z0-9_-]*` + inHeader + `[a-z0-9_-]*\s*:\s*([^"'\r\n]+)`), regexp.MustCompile(`(?i)["'](?:www|proxy)-authenticate`)},
	{credential, regexp.MustCompile(`(?i)\(\s*\$[a-z0-9_]*(?:` + inHeader + `|pw|cred|jwt)[a-z0-9_]*\s*!?[=~]\*?\s*(?:"((?:[^"\\\r\n]|\\.)+)"|'((?:[^'\\\r\n]|\\.)+)'|([^\s"')]+))`), nil},
	{credential, regexp.MustCompile(`(?i)(?:^|[\s{;])[a-z_]+_(?:secret|password|passwd|passphrase|token)\s+` + argument + `\s*;`), nil},

	// Calls.
	{credential, regexp.MustCompile(`(?i)set_header\s*\(\s*["'][^"']*` + inHeader + `[^"']*["']\s*,\s*` + quoted), nil},

	// Command lines.
	{credential, regexp.MustCompile(`(?i)\b(?:mysql[a-z]*|mariadb[a-z-]*)\b[^|;&]*?\s-p([^\s"']+)`), nil},
	{credential, regexp.MustCompile(`(?i)\b(?:sshpass|redis-cli|ldap[a-z]+)\b[^|;&]*?\s-[paw]\s*` + word), nil},
	{credential, regexp.MustCompile(`(?i)\bcurl\b[^|;&]*?\s(?:-u|-U|--user|--proxy-user)[ =]?["']?[^\s:"']+:([^\s"']+)`), nil},
	{credential, regexp.MustCompile(`(?i)\s--?[a-z-]*(?:password|passwd|passphrase|secret|token|api-?key|storepass|keypass|http-pass|pass)[ =]` + word), nil},
	{credential, regexp.MustCompile(`(?i)\bpass:([^\s"']+)`), nil},
}

// formPatterns is how many of secretPatterns know a secret by its form. Each of
// the others, and of literalPatterns, needs one of the hints in its line.
const formPatterns = 5

func hasHint(line string) bool {
	line = strings.ToLower(line)
	for _, hint := range [...]string{
		"pass", "pw", "pin", "key", "auth", "cred", "token", "secret", "jwt", "session", "cookie", "hmac", "secure_link",
		"private-", "mysql", "mariadb", "redis-cli", "ldap", "curl",
	} {
		if strings.Contains(line, hint) {
			return true
		}
	}
	return false
}

// literalPatterns find places in which every literal text is a secret.
var literalPatterns = []struct{ within, literal *regexp.Regexp }{
	// What is no variable in the text that is hashed.
	{
		regexp.MustCompile(`(?i)\bsecure_link_(?:md5|hmac_message)\s+([^;\r\n]+)`),
		regexp.MustCompile(`\$\{?[A-Za-z0-9_]+\}?|\[redacted:[^\]]*\]|([^\s$"'\[\]:|/;]+)`),
	},
	// What a call that takes a secret is given.
	{
		regexp.MustCompile(`(?i)(?:[:.]auth|hmac:new|hmac_sha\d+|hmac\.new|jwt:(?:sign|verify\w*))\s*\(([^)\r\n]*)`),
		regexp.MustCompile(quoted),
	},
}

var (
	// valueFollows ends a line whose secret stands on the next one.
	valueFollows = regexp.MustCompile(`(?i)(?:` + named + `["']?\]?\s*(?:=>|=)|\bset\s+\$[a-z0-9_]*` + inVariable + `[a-z0-9_]*|` + headerDirective + `\s+["']?[a-z0-9_-]*` + inHeader + `[a-z0-9_-]*["']?|\b(?:pw|pass|pwd)\s*=)\s*$`)
	nextValue    = regexp.MustCompile(`^\s*` + value)
)
