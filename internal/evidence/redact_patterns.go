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
	inHeader = `(?:auth|key|token|secret|pass|cookie|session|credential|gate\b)`
	// headerDirective sets a header or a parameter of a request or an answer.
	headerDirective = `\b(?:proxy_set_header|grpc_set_header|add_header|add_trailer|auth_http_header|fastcgi_param|uwsgi_param|scgi_param)`
	inVariable      = `(?:pass|pw|secret|token|jwt|api_?key|auth|cred)`
)

// secretPattern finds secrets by their form or their surroundings. The first
// group that matched is the secret itself.
type secretPattern struct {
	kind string
	// clues are what a line holds in which it matches: something of each.
	clues []clue
	re    *regexp.Regexp
	// skip, where there is one, tells of a match whether it is no secret.
	skip func(text string, match []int) bool
}

// mayMatch reports whether a line in which these things were found is worth a
// try.
func mayMatch(clues []clue, found clue) bool {
	for _, c := range clues {
		if found&c == 0 {
			return false
		}
	}
	return true
}

// within makes a skip of a pattern that is looked for in the match.
func within(pattern string) func(string, []int) bool {
	re := regexp.MustCompile(pattern)
	return func(text string, match []int) bool { return re.MatchString(text[match[0]:match[1]]) }
}

// either makes one skip of two.
func either(a, b func(string, []int) bool) func(string, []int) bool {
	return func(text string, match []int) bool { return a(text, match) || b(text, match) }
}

var secretPatterns = []secretPattern{
	{
		bearerToken,
		[]clue{clueJWT},
		regexp.MustCompile(`\b(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){0,2})`),
		nil,
	},
	{
		passwordHash,
		[]clue{clueHash},
		regexp.MustCompile(`(\$(?:1|2[abxy]?|5|6|y|7|gy|apr1|argon2[a-z]{1,2}|pbkdf2[a-z0-9-]*)\$[^\s:;"']{8,}|\$sha1\$\d+\$[./A-Za-z0-9$]{8,}|\$md5(?:,rounds=\d+)?\$[./A-Za-z0-9]{1,16}\${1,2}[./A-Za-z0-9]{22}|` +
			`(?i:\{(?:S?SHA(?:256|512)?|S?MD5|CRYPT|PLAIN|CLEARTEXT|[A-Z0-9]+-CRYPT)\})[^\s:;"']+)`),
		nil,
	},
	{
		credential,
		[]clue{clueScheme},
		regexp.MustCompile(`(?i)\b(?:basic|bearer|digest|negotiate)\s+((?:[A-Za-z0-9+/=_.~-]|%[0-9A-F]{2}){6,})`),
		nil,
	},
	{
		cookieValue,
		[]clue{clueCookie, clueColon},
		regexp.MustCompile(`(?i)\b(?:set-)?cookie:?"?\s*:\s*"?([^\s"][^"\r\n]*)`),
		nil,
	},
	{
		credential,
		[]clue{clueURL, clueAt},
		regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://[^\s/:@"']*:([^\s/@"']+)@`),
		nil,
	},

	{
		passwordHash,
		[]clue{clueColon, clueDollar},
		regexp.MustCompile(`^\s*[A-Za-z0-9_][A-Za-z0-9_.@-]*\$?:[!*]*(\$[A-Za-z0-9-]{1,16}(?:,[A-Za-z0-9=,]*)?\$[./A-Za-z0-9$,=+-]{13,})(?::|$)`),
		nil,
	},
	{
		// The schemes of Dovecot and LDAP are many, {PLAIN} among them.
		passwordHash,
		[]clue{clueColon},
		regexp.MustCompile(`^\s*[A-Za-z0-9_][A-Za-z0-9_.@-]*\$?:[!*]*(\{[A-Za-z0-9.-]{2,20}\}[^\s:]+)`),
		nil,
	},
	{
		passwordHash,
		[]clue{clueColon},
		regexp.MustCompile(`^\s*[A-Za-z0-9_][A-Za-z0-9_.@-]*\$?:!*([./A-Za-z0-9]{13}|_[./A-Za-z0-9]{19})(?::|$)`),
		isNoOldHash,
	},
	{
		credential,
		[]clue{clueFastOpen},
		regexp.MustCompile(`(?i)tcp_fastopen_key["']?\s*[=:\s]\s*["']?([0-9a-f][0-9a-f,-]{7,})`),
		nil,
	},

	// Elements and attributes of XML.
	{
		credential,
		[]clue{clueNamedAny, clueLess, clueGreater},
		regexp.MustCompile(`(?i)<[a-z0-9_.:-]*` + named + `(?:\s[^<>]*[^<>/])?>\s*(?:<!\[CDATA\[(.*?)(?:\]\]>|$)|([^<\r\n]+))`),
		nil,
	},
	{
		credential,
		[]clue{clueNamedAny, clueLess, clueGreater, clueQuote},
		regexp.MustCompile(`(?i)<[a-z0-9_.:-]+\s(?:[^<>]*\s)?(?:key|name|id)\s*=\s*["'][a-z0-9_. -]*` + named + `["'](?:\s[^<>]*[^<>/])?>\s*(?:<!\[CDATA\[(.*?)(?:\]\]>|$)|([^<\r\n]+))`),
		nil,
	},
	{
		credential,
		[]clue{clueNamedAny, clueXMLValue, clueQuote},
		regexp.MustCompile(`(?i)\s(?:key|name|id)\s*=\s*["'][a-z0-9_. -]*` + named + `["'][^<>]*?\svalue\s*=\s*(?:"([^"\r\n]+)"|'([^'\r\n]+)')`),
		nil,
	},
	{
		credential,
		[]clue{clueNamedAny, clueXMLValue, clueQuote},
		regexp.MustCompile(`(?i)\svalue\s*=\s*(?:"([^"\r\n]+)"|'([^'\r\n]+)')\s(?:[^<>]*\s)?(?:key|name|id)\s*=\s*["'][a-z0-9_. -]*` + named + `["']`),
		nil,
	},

	// Assignments in files of settings, programs, JSON and queries.
	{
		credential,
		[]clue{clueNamedAny, clueAssign},
		regexp.MustCompile(`(?i)` + named + `(?:["']?\]?(?:\[[^\]\r\n]*\])?\s*(?:=>|[=:])\s*)` + value),
		isKeyFile,
	},
	{
		credential,
		[]clue{clueKeyEquals},
		regexp.MustCompile(`(?i)(?:^|[^a-z_-])key=(?:"([^"\r\n]+)"|'([^'\r\n]+)'|([^\s;,"'{}()&|<>]+))`),
		isPlainName,
	},
	{
		credential,
		[]clue{clueKey, clueAssign},
		regexp.MustCompile(`(?i)(?:jwt|sign(?:ing|ature)?|(?:en|de)crypt(?:ion)?|hmac|master|cipher|aes)[_-]?key(?:["']?\]?\s*(?:=>|[=:])\s*)` + value),
		isPlace,
	},
	{
		credential,
		[]clue{clueEquals, cluePass | cluePw | clueCred},
		regexp.MustCompile(`(?i)\b[a-z0-9_]*_(?:pass|pw|pwd|creds?)\s+=\s*` + value),
		within(`(?i)\b(?:proxy|fastcgi|grpc|uwsgi|scgi|memcached)_pass\b`),
	},
	{
		credential,
		[]clue{clueShortName, clueEquals, clueQuote},
		regexp.MustCompile(`(?i)\b(?:pw|pass|pwd|auth|cred|jwt|pin)\s*=\s*` + quoted),
		nil,
	},
	{
		credential,
		[]clue{clueUnderscore},
		regexp.MustCompile(`(?i)\b[a-z0-9_]*_(?:pass|pw|pwd|key|auth|creds?)=` + word),
		isPlace,
	},
	{
		credential,
		[]clue{clueEnvironment, clueEquals, clueEnvName},
		regexp.MustCompile(`(?i)\b(?:env|export|environment=["']?)\s*[a-z0-9_]*(?:pass|pw|secret|token|key|auth|cred)[a-z0-9_]*=` + argument),
		isPlace,
	},
	{
		credential,
		[]clue{clueBracket, clueQuote, clueEquals, clueHeaderWord},
		regexp.MustCompile(`(?i)\[\s*["'][a-z0-9_-]*` + inHeader + `[a-z0-9_-]*["']\s*\]\s*=\s*` + quoted),
		nil,
	},

	// What a person wrote or a terminal showed.
	{
		credential,
		[]clue{clueWrittenName, clueColon | clueGreater},
		regexp.MustCompile(`(?i)(?:^|[^a-z0-9_$.])(?:password|passwd|passphrase|passcode|secret|token|credential)s?(?: [a-z]+){0,2}\s*[:>]\s*` + word),
		either(endsTag, within(`(?i)\b(?:policy|expir\w*|age|length|valid\w*|lifetime|minimum|maximum|files?|path|type|status|names?|count|changed?|last|complexity|history|required|server|zone)\s*[:>]`)),
	},
	{
		credential,
		[]clue{cluePassword | cluePw, clueQuote},
		regexp.MustCompile(`(?i)(?:password|passphrase|passwd|passcode|\bpwd)\s+` + quoted),
		nil,
	},
	{
		credential,
		[]clue{cluePassword, clueWide},
		regexp.MustCompile(`(?i)(?:^|[^a-z0-9_$.-])(?:password|passphrase|passwd|passcode)(?: {2,}| *\t\s*)([^\s;"']+)`),
		isPackageVersion,
	},
	{
		credential,
		[]clue{cluePassword},
		regexp.MustCompile(`(?i)^\s*(?:password|passphrase|passwd|passcode)\s+([^\s;"']+)\s*;?\s*$`),
		either(isPackageVersion, within(`(?i)\s(?:changed|required|files?|policy|expired|incorrect|accepted|prompt)\W*$`)),
	},
	{
		credential,
		[]clue{cluePw, clueAssign},
		regexp.MustCompile(`(?i)(?:^|[\s"'#(])(?:pw|pwd)\s*[:=]\s*` + value),
		nil,
	},
	{
		credential,
		[]clue{clueComment, cluePw | cluePassword},
		regexp.MustCompile(`(?i)(?:#|/\*|--comment)[^\r\n]*?\b(?:pw|pwd|password|passwd|passphrase)\s+([^\s"'*]+)`),
		nil,
	},
	{
		credential,
		[]clue{cluePrivateMAC},
		regexp.MustCompile(`(?i)^\s*Private-(?:MAC|Hash):\s*([0-9a-f]+)`),
		nil,
	},

	// nginx.
	{
		credential,
		[]clue{clueSet, clueDollar, clueVariable},
		regexp.MustCompile(`(?i)\bset\s+\$[a-z0-9_]*` + inVariable + `[a-z0-9_]*\s+` + argument),
		// How many failures lock a client is a number that rules judge.
		within(`(?i)\$auth_failure_[a-z_]+\s+["']?\d{1,6}["']?$`),
	},
	{
		credential,
		[]clue{clueDirective, clueHeaderWord},
		regexp.MustCompile(`(?i)` + headerDirective + `\s+["']?[a-z0-9_-]*` + inHeader + `[a-z0-9_-]*["']?\s+` + argument),
		within(`(?i)^\w+\s+["']?(?:www-authenticate|proxy-authenticate|set-cookie|public-key-pins\S*|auth_type)["']?\s`),
	},
	{
		cookieValue,
		[]clue{clueDirective, clueSetCookie},
		regexp.MustCompile(`(?i)` + headerDirective + `\s+["']?set-cookie["']?\s+["']?[^\s=;"']+=([^\s;"'$]+)`),
		nil,
	},
	{
		credential,
		[]clue{clueMoreSet, clueHeaderWord, clueColon},
		regexp.MustCompile(`(?i)\bmore_set_(?:input_)?headers\b.*?["'][a-z0-9_-]*` + inHeader + `[a-z0-9_-]*\s*:\s*([^"'\r\n]+)`),
		within(`(?i)["'](?:www|proxy)-authenticate`),
	},
	{
		credential,
		[]clue{clueParen, clueDollar, clueHeaderWord | cluePw | clueJWTWord, clueEquals | clueTilde},
		regexp.MustCompile(`(?i)\(\s*\$[a-z0-9_]*(?:` + inHeader + `|pw|cred|jwt)[a-z0-9_]*\s*!?[=~]\*?\s*(?:"((?:[^"\\\r\n]|\\.)+)"|'((?:[^'\\\r\n]|\\.)+)'|([^\s"')]+))`),
		nil,
	},
	{
		credential,
		[]clue{clueUnderscoreSecret, clueSemicolon},
		regexp.MustCompile(`(?i)(?:^|[\s{;])[a-z_]+_(?:secret|password|passwd|passphrase|token)\s+` + argument + `\s*;`),
		nil,
	},
	{
		credential,
		[]clue{clueUnderscoreSecret},
		regexp.MustCompile(`(?i)^\s*[a-z][a-z0-9_]*_(?:secret|password|passwd|passphrase|token)\s+` + argument + `\s*$`),
		within(`(?i)\s(?:changed|required|files?|policy|expired|incorrect|accepted|prompt|is|was)\W*$`),
	},
	{
		credential,
		[]clue{clueRedis},
		regexp.MustCompile(`(?i)\b(?:requirepass|masterauth)\s+` + word),
		nil,
	},

	// Calls.
	{
		credential,
		[]clue{clueSetHeader, clueParen, clueHeaderWord},
		regexp.MustCompile(`(?i)set_header\s*\(\s*["'][^"']*` + inHeader + `[^"']*["']\s*,\s*` + quoted),
		nil,
	},

	// Command lines.
	{
		credential,
		[]clue{clueMySQL, clueOptionLetter},
		regexp.MustCompile(`(?i)\b(?:mysql[a-z]*|mariadb[a-z-]*)\b[^|;&]*?\s-p([^\s"']+)`),
		nil,
	},
	{
		credential,
		[]clue{clueShell, clueOptionLetter},
		regexp.MustCompile(`(?i)\b(?:sshpass|redis-cli|ldap[a-z]+)\b[^|;&]*?\s-[paw]\s*` + word),
		nil,
	},
	{
		credential,
		[]clue{clueCurl, clueOption},
		regexp.MustCompile(`(?i)\bcurl\b[^|;&]*?\s(?:-u|-U|--user|--proxy-user)[ =]?["']?[^\s:"']+:([^\s"']+)`),
		nil,
	},
	{
		credential,
		[]clue{clueOption, cluePass | clueSecret | clueToken | clueNamedKey},
		regexp.MustCompile(`(?i)\s--?[a-z-]*(?:password|passwd|passphrase|secret|token|api-?key|storepass|keypass|http-pass|pass)[ =]` + word),
		nil,
	},
	{
		credential,
		[]clue{cluePassColon},
		regexp.MustCompile(`(?i)\bpass:([^\s"']+)`),
		nil,
	},
}

// lowerPatterns are those of secretPatterns that know no case, for lines in
// lower case: that costs half. A place is nil where that cannot be done.
var lowerPatterns = func() []*regexp.Regexp {
	lower := make([]*regexp.Regexp, len(secretPatterns))
	for i, p := range secretPatterns {
		pattern, anyCase := strings.CutPrefix(p.re.String(), "(?i)")
		if anyCase && !strings.Contains(pattern, `\S`) && !strings.Contains(pattern, `\W`) && !strings.Contains(pattern, `\D`) {
			lower[i] = regexp.MustCompile(strings.ToLower(pattern))
		}
	}
	return lower
}()

// inLower writes the letters of ASCII in lower case, each in its place.
func inLower(text string) string {
	i := strings.IndexFunc(text, func(r rune) bool { return r >= 'A' && r <= 'Z' })
	if i < 0 {
		return text
	}
	b := []byte(text)
	for ; i < len(b); i++ {
		if b[i] >= 'A' && b[i] <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}

// literalPatterns find places in which every literal text is a secret.
var literalPatterns = []struct {
	clues           []clue
	within, literal *regexp.Regexp
}{
	// What is no variable in the text that is hashed.
	{
		[]clue{clueSecureLink},
		regexp.MustCompile(`(?i)\bsecure_link_(?:md5|hmac_message)\s+([^;\r\n]+)`),
		regexp.MustCompile(`\$\{?[A-Za-z0-9_]+\}?|\[redacted:[^\]]*\]|([^\s$"'\[\]:|/;]+)`),
	},
	// The command that opens a session with Redis.
	{
		[]clue{clueAuth, clueParen, clueQuote},
		regexp.MustCompile(`(?i)\bp?call\s*\(\s*["']auth["']\s*,\s*([^)\r\n]*)`),
		regexp.MustCompile(quoted),
	},
	// What a call that takes a secret is given.
	{
		[]clue{clueCall, clueParen, clueQuote},
		regexp.MustCompile(`(?i)(?:[:.]auth|hmac:new|hmac_sha\d+|hmac\.new|jwt:(?:sign|verify\w*))\s*\(([^)\r\n]*)`),
		regexp.MustCompile(quoted),
	},
}

var (
	// valueFollows ends a line whose secret stands on the next one.
	valueFollows = regexp.MustCompile(`(?i)(?:^\s*<[a-z0-9_.:-]*` + named + `(?:\s[^<>]*[^<>/])?>|` + named + `["']?\]?\s*(?:=>|=)|\bset\s+\$[a-z0-9_]*` + inVariable + `[a-z0-9_]*|` + headerDirective + `\s+["']?[a-z0-9_-]*` + inHeader + `[a-z0-9_-]*["']?|\b(?:pw|pass|pwd)\s*=)\s*$`)
	nextValue    = regexp.MustCompile(`^\s*` + value)
)
