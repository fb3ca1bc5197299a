// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	keyBegin = regexp.MustCompile(`(?i)-{4,5} ?BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-{4,5}`)
	keyEnd   = regexp.MustCompile(`(?i)-{4,5} ?END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-{4,5}`)
	pemBegin = regexp.MustCompile(`(?i)-{4,5} ?BEGIN [A-Z0-9 ]+-{4,5}`)
	pemEnd   = regexp.MustCompile(`(?i)-{4,5} ?END [A-Z0-9 ]+-{4,5}`)
	// A PuTTY key counts the lines of its private part.
	puttyBegin = regexp.MustCompile(`(?i)^\s*Private-Lines:\s*(\d{1,4})\s*$`)
	onlyMark   = regexp.MustCompile(`^\[redacted:[a-z-]+:\d+(?::[0-9a-f]{64})?\]$`)

	mapHead    = regexp.MustCompile(`(?i)(?:^|[\s;{}])(?:map|geo)\s+(?:("[^"]*"|'[^']*'|[^\s;{}"']+)\s+)?\$([a-z0-9_]+)\s*(\{|$)`)
	mapToken   = regexp.MustCompile(`#.*|[;}]|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s;}"']+`)
	secretMap  = regexp.MustCompile(`(?i)secret|token|passw|passphrase|pwd|api_?key|jwt|cred`)
	fromSecret = regexp.MustCompile(`(?i)\$\{?[a-z0-9_]*(?:secret|token|passw|passphrase|pwd|api_?key|auth_?key|jwt|cred|authorization|remote_user|gate\b)`)
)

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t"

// redactState is what a line needs to know about the lines before it.
type redactState struct {
	inKey, inPEM bool
	// inRequest is set in the body of a request that holds a password.
	inRequest bool
	// puttyLines is how many lines of a PuTTY key's private part remain.
	puttyLines int
	// pending is set when a line ended where a secret was to come.
	pending bool
	lookup  lookup
}

// lookup is the nginx map or geo block that a line stands in.
type lookup struct {
	// opening is set between the block's head and its brace.
	open, opening bool
	// keys and values tell which side is secret.
	keys, values bool
	// words counts those of the entry so far.
	words int
}

// redactor walks over a text line by line.
type redactor struct {
	redactState
	// look finds the clues of a line.
	look func(line string) clue
	// text is all of it, and public are the stretches that must stay.
	text   string
	public [][]int
	// keySet is set when there is a JSON Web Key in the text.
	keySet bool
	// found are the clues of the present line, which ends at a place in text.
	found clue
	end   int
	// left is how much of the line there is from the part that is read on.
	left int
}

// after is the text from the rest of the present line on.
func (s *redactor) after(rest string) string {
	return s.text[s.end-len(rest):]
}

// publicIn returns what must stay of the beginning of the rest of a line.
func (s *redactor) publicIn(rest string) [][]int {
	if len(s.public) == 0 {
		return nil
	}
	from := s.end - s.left
	var in [][]int
	for _, p := range s.public {
		if p[0] < from+len(rest) && p[1] > from {
			in = append(in, []int{max(p[0]-from, 0), min(p[1]-from, len(rest))})
		}
	}
	return in
}

// line redacts one line, given without its end.
func (s *redactor) line(text string) string {
	s.found = s.look(text)
	for len(s.public) > 0 && s.public[0][1] <= s.end-len(text) {
		s.public = s.public[1:]
	}
	if s.redactState == (redactState{}) && s.found&clueTelling == 0 && !s.keySet {
		s.left = len(text)
		return replace(text, appendRandomKeys(nil, text), s.publicIn(text))
	}
	out, rest := s.upToKeyEnd(text)
	if rest == "" {
		return out
	}
	var b strings.Builder
	for b.WriteString(out); rest != ""; b.WriteString(out) {
		out, rest = s.upToKeyEnd(rest)
	}
	return b.String()
}

// upToKeyEnd redacts a line as far as the end of a key in it, or to its own,
// and returns what remains.
func (s *redactor) upToKeyEnd(text string) (out, rest string) {
	dashes := s.found&clueDashes != 0
	s.left = len(text)
	if s.inKey {
		var loc []int
		if dashes {
			loc = keyEnd.FindStringIndex(text)
		}
		switch {
		case loc != nil && strings.TrimSpace(text[:loc[0]]) == "":
			s.inKey = false
			return text[:loc[1]], text[loc[1]:]
		case loc != nil:
			s.inKey = false
			return mark(privateKey, "") + text[loc[0]:loc[1]], text[loc[1]:]
		case text == "" || onlyMark.MatchString(text):
			return text, ""
		}
		return mark(privateKey, ""), ""
	}
	var begin []int
	if dashes {
		begin = keyBegin.FindStringIndex(text)
	}
	if loc := begin; loc != nil {
		s.inPEM = false
		before := s.words(text[:loc[0]])
		rest = text[loc[1]:]
		s.inKey = true
		if strings.TrimSpace(rest) == "" {
			return before + text[loc[0]:], ""
		}
		if end := keyEnd.FindStringIndex(rest); end != nil {
			s.inKey = false
			return before + text[loc[0]:loc[1]] + mark(privateKey, "") + rest[end[0]:end[1]], rest[end[1]:]
		}
		return before + text[loc[0]:loc[1]] + mark(privateKey, ""), ""
	}
	if s.puttyLines > 0 {
		s.puttyLines--
		switch body := strings.TrimSpace(text); {
		case onlyMark.MatchString(text):
			return text, ""
		case body != "" && strings.Trim(body, base64Alphabet) == "":
			return mark(privateKey, ""), ""
		}
		s.puttyLines = 0
	}
	if s.found&cluePrivatePart != 0 {
		if m := puttyBegin.FindStringSubmatch(text); m != nil {
			s.puttyLines, _ = strconv.Atoi(m[1])
			return text, ""
		}
	}
	if s.inPEM {
		if dashes && pemEnd.MatchString(text) {
			s.inPEM = false
			return text, ""
		}
		// A certificate's body is public. Anything that is not base64 means
		// that the block was never closed.
		if strings.Trim(text, base64Alphabet) == "" {
			return text, ""
		}
		s.inPEM = false
	}
	if s.inRequest {
		// The password may come after a line that was damaged.
		switch {
		case onlyMark.MatchString(text), strings.TrimSpace(text) == "":
			return text, ""
		case !dashes:
			return mark(credential, ""), ""
		}
		s.inRequest = false
		if pemEnd.MatchString(text) {
			return text, ""
		}
	}
	if dashes {
		if loc := requestBegin.FindStringIndex(text); loc != nil && !isPlainRequest(s.after(text)[loc[1]:]) {
			body := text[loc[1]:]
			if end := strings.Index(body, "----"); end >= 0 {
				// A request on one line, as programs and JSON have it.
				before := s.words(text[:loc[0]]) + text[loc[0]:loc[1]]
				if end > 0 && !onlyMark.MatchString(body[:end]) {
					return before + mark(credential, "") + body[end:], ""
				}
				return before + body, ""
			}
			s.inRequest = true
			if strings.TrimSpace(body) != "" && !onlyMark.MatchString(body) {
				return text[:loc[1]] + mark(credential, ""), ""
			}
			return text, ""
		}
	}
	if dashes && pemBegin.MatchString(text) && !pemEnd.MatchString(text) {
		s.inPEM = true
		return text, ""
	}
	return s.words(text), ""
}

// words redacts a line, or a part of one, that is in no block of a key.
func (s *redactor) words(text string) string {
	if strings.TrimSpace(text) == "" {
		return text
	}
	cuts := s.lookupCuts(text)
	if s.pending {
		if m := nextValue.FindStringSubmatchIndex(text); m != nil {
			cuts = appendCut(cuts, text, credential, m)
		}
	}
	s.pending = s.mayEndBeforeValue(text) && valueFollows.MatchString(text)
	lower := ""
	for i := range secretPatterns {
		p := &secretPatterns[i]
		if !mayMatch(p.clues, s.found) {
			continue
		}
		re, in := p.re, text
		if quick := lowerPatterns[i]; quick != nil && s.found&clueFold == 0 {
			if lower == "" {
				lower = inLower(text)
			}
			re, in = quick, lower
		}
		for _, m := range s.matches(re, in, p.clues) {
			if p.skip != nil && p.skip(text, m) {
				continue
			}
			cuts = appendCut(cuts, text, p.kind, m)
		}
	}
	for i := range literalPatterns {
		p := &literalPatterns[i]
		if !mayMatch(p.clues, s.found) {
			continue
		}
		for _, m := range p.within.FindAllStringSubmatchIndex(text, -1) {
			for _, l := range p.literal.FindAllStringSubmatchIndex(text[m[2]:m[3]], -1) {
				for i := range l {
					if l[i] >= 0 {
						l[i] += m[2]
					}
				}
				cuts = appendCut(cuts, text, credential, l)
			}
		}
	}
	if mayMatch(shellClues, s.found) {
		cuts = appendShellValues(cuts, text)
	}
	if s.keySet {
		for _, m := range keyMember.FindAllStringSubmatchIndex(text, -1) {
			cuts = appendCut(cuts, text, credential, m)
		}
	}
	return replace(text, appendRandomKeys(cuts, text), s.publicIn(text))
}

// matches finds what a pattern finds, and after the first match looks on only
// if what follows has the pattern's clues.
func (s *redactor) matches(re *regexp.Regexp, text string, clues []clue) [][]int {
	if s.found&clueFold == 0 {
		first := re.FindStringSubmatchIndex(text)
		if first == nil {
			return nil
		}
		if !mayMatch(clues, clueFinder.find(text[first[1]:])) {
			return [][]int{first}
		}
	}
	return re.FindAllStringSubmatchIndex(text, -1)
}

// mayEndBeforeValue reports whether valueFollows is worth a try.
func (s *redactor) mayEndBeforeValue(text string) bool {
	if s.found == clueEvery {
		return true
	}
	text = strings.TrimRight(text, " \t\f\r")
	switch last := text[len(text)-1]; {
	case last == '>':
		return s.found&clueNamedAny != 0 && (s.found&clueLess != 0 || strings.HasSuffix(text, "=>")) || s.found&(cluePass|cluePw) != 0 && strings.HasSuffix(text, "=>")
	case last == '=':
		return s.found&(clueNamedAny|cluePass|cluePw) != 0
	case last == ';' || last == '{' || last == '}':
		return false
	}
	return mayMatch([]clue{clueSet, clueDollar, clueVariable}, s.found) || mayMatch([]clue{clueDirective, clueHeaderWord}, s.found)
}

var mapClues = []clue{clueMap, clueDollar, clueNamedAny | cluePass | clueKey | clueAuth | clueJWTWord | clueCred | clueRemoteUser | clueGate}

// lookupCuts follows map and geo blocks whose keys or values are secret. An
// entry may be spread over lines.
func (s *redactor) lookupCuts(text string) []cut {
	l := &s.lookup
	at := 0
	if l.opening {
		brace := strings.TrimLeft(text, " \t")
		*l = lookup{open: strings.HasPrefix(brace, "{"), keys: l.keys, values: l.values}
		at = len(text) - len(brace) + 1
	}
	var cuts []cut
	for at <= len(text) {
		if !l.open {
			var m []int
			if mayMatch(mapClues, s.found) {
				m = mapHead.FindStringSubmatchIndex(text[at:])
			}
			if m == nil {
				return cuts
			}
			next := lookup{values: secretMap.MatchString(text[at+m[4] : at+m[5]])}
			if m[2] >= 0 {
				next.keys = fromSecret.MatchString(text[at+m[2] : at+m[3]])
			}
			if next.keys || next.values {
				next.open, next.opening = m[7] > m[6], m[7] == m[6]
				*l = next
			}
			at += m[1]
			continue
		}
		loc := mapToken.FindStringIndex(text[at:])
		if loc == nil {
			return cuts
		}
		from, to := at+loc[0], at+loc[1]
		word := text[from:to]
		at = to
		switch {
		case word[0] == '#':
			return cuts
		case word == ";":
			l.words = 0
		case word == "}":
			*l = lookup{}
		default:
			l.words++
			if word[0] == '"' || word[0] == '\'' {
				from++
				if to > from && text[to-1] == word[0] {
					to--
				}
			}
			if (l.words == 1 && l.keys && !mapWord[word] && !isPattern(word)) || (l.words == 2 && l.values) {
				cuts = appendCut(cuts, text, credential, []int{from, to, from, to})
			}
		}
	}
	return cuts
}

// mapWord are the words that stand where a key of a map would.
var mapWord = map[string]bool{"default": true, "hostnames": true, "volatile": true, "include": true}

// isPattern reports whether a map's key is a regular expression that spells
// nothing out.
func isPattern(key string) bool {
	key = strings.Trim(key, `"'`)
	return strings.HasPrefix(key, "~") && !spelledOut.MatchString(schemeWord.ReplaceAllString(key, ""))
}

var (
	spelledOut = regexp.MustCompile(`[A-Za-z0-9_-]{6,}`)
	schemeWord = regexp.MustCompile(`(?i)bearer|basic|digest|negotiate|a-za-z0-9[_-]*|\{\d+,?\d*\}|0-9a-fa-f`)
)
