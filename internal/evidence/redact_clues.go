// SPDX-License-Identifier: Apache-2.0

package evidence

import "strings"

// clue is a set of things that a line holds. Each pattern states what a line
// must hold for it to match at all, so that a line of ordinary text is read
// once, byte by byte, and no pattern is run on it. A clue that is missing rules
// a pattern out; one that is there proves nothing.
type clue uint64

const (
	clueColon clue = 1 << iota
	clueEquals
	clueTilde
	clueAt
	clueDollar
	clueGreater
	clueLess
	clueParen
	clueBracket
	clueSemicolon
	clueQuote
	clueWide
	clueOption
	clueOptionLetter
	clueComment
	clueDashes
	clueURL
	clueJWT
	clueHash
	clueCrypt
	clueScheme
	clueNamed
	clueNamedKey
	cluePassword
	cluePass
	cluePw
	cluePin
	clueKey
	clueKeyEquals
	clueAuth
	clueCred
	clueToken
	clueSecret
	clueJWTWord
	clueSession
	clueCookie
	clueUnderscore
	clueUnderscoreSecret
	clueEnvironment
	clueSet
	clueDirective
	clueSetCookie
	clueMoreSet
	clueSetHeader
	cluePrivatePart
	cluePrivateMAC
	clueMap
	clueRemoteUser
	clueFastOpen
	clueXMLValue
	clueMySQL
	clueShell
	clueCurl
	cluePassColon
	clueSecureLink
	clueCall
	clueGate
	clueRedis
	clueFold
)

const (
	clueAssign      = clueColon | clueEquals
	clueHeaderWord  = clueAuth | clueKey | clueToken | clueSecret | cluePass | clueCookie | clueSession | clueCred | clueGate
	clueVariable    = cluePass | cluePw | clueSecret | clueToken | clueJWTWord | clueKey | clueAuth | clueCred
	clueShortName   = cluePw | cluePass | clueAuth | clueCred | clueJWTWord | cluePin
	clueEnvName     = cluePass | cluePw | clueSecret | clueToken | clueKey | clueAuth | clueCred
	clueWrittenName = cluePassword | clueSecret | clueToken | clueCred
	clueNamedAny    = clueNamed | clueNamedKey

	// clueEvery makes every pattern run.
	clueEvery = ^clue(0)

	// clueTelling are those of which a line must hold one before anything but
	// a random key can be in it. The others are punctuation.
	clueTelling = clueEvery &^ (clueColon | clueEquals | clueTilde | clueAt | clueDollar | clueGreater | clueLess | clueParen |
		clueBracket | clueSemicolon | clueQuote | clueWide | clueOption | clueOptionLetter | clueComment | clueXMLValue)
)

// clueTexts are the texts that give a clue, in lower case. Those of one clue
// are alternatives.
var clueTexts = []struct {
	gives clue
	texts []string
}{
	{clueColon, []string{":"}},
	{clueEquals, []string{"="}},
	{clueTilde, []string{"~"}},
	{clueAt, []string{"@"}},
	{clueDollar, []string{"$"}},
	{clueGreater, []string{">"}},
	{clueLess, []string{"<"}},
	{clueParen, []string{"("}},
	{clueBracket, []string{"["}},
	{clueSemicolon, []string{";"}},
	{clueQuote, []string{`"`, "'", "[["}},
	{clueWide, []string{"  ", "\t"}},
	{clueOption, []string{" -", "\t-", "\f-", "\r-"}},
	{clueOptionLetter, []string{"-p", "-a", "-w"}},
	{clueComment, []string{"#", "/*", "--comment"}},
	{clueDashes, []string{"----"}},
	{clueURL, []string{"://"}},
	{clueJWT, []string{"eyj"}},
	{clueHash, []string{
		"$1$", "$2$", "$2a$", "$2b$", "$2x$", "$2y$", "$5$", "$6$", "$y$", "$7$", "$gy$", "$apr1$", "$argon2", "$pbkdf2",
		"{sha", "{ssha", "{md5}", "{smd5}", "{crypt}", "{plain}", "{cleartext}", "-crypt}", "$sha1$", "$md5",
	}},
	{clueScheme, []string{"basic", "bearer", "digest", "negotiate"}},
	{clueNamed, []string{"password", "passwd", "passphrase", "passcode", "pwd", "secret", "token", "credential"}},
	{clueNamedKey, []string{
		"apikey", "api-key", "api_key", "privatekey", "private-key", "private_key", "sharedkey", "shared-key", "shared_key",
		"accesskey", "access-key", "access_key",
	}},
	{cluePassword, []string{"password", "passwd", "passphrase", "passcode"}},
	{cluePass, []string{"pass"}},
	{cluePw, []string{"pw"}},
	{cluePin, []string{"pin"}},
	{clueKey, []string{"key"}},
	{clueKeyEquals, []string{"key="}},
	{clueAuth, []string{"auth"}},
	{clueCred, []string{"cred"}},
	{clueToken, []string{"token"}},
	{clueSecret, []string{"secret"}},
	{clueJWTWord, []string{"jwt"}},
	{clueSession, []string{"session"}},
	{clueCookie, []string{"cookie"}},
	{clueUnderscore, []string{"_pass=", "_pw=", "_pwd=", "_key=", "_auth=", "_cred=", "_creds="}},
	{clueUnderscoreSecret, []string{"_secret", "_password", "_passwd", "_passphrase", "_token"}},
	{clueEnvironment, []string{"env", "export"}},
	{clueSet, []string{"set"}},
	{clueDirective, []string{
		"proxy_set_header", "grpc_set_header", "add_header", "add_trailer", "auth_http_header", "fastcgi_param", "uwsgi_param",
		"scgi_param",
	}},
	{clueSetCookie, []string{"set-cookie"}},
	{clueMoreSet, []string{"more_set_"}},
	{clueSetHeader, []string{"set_header"}},
	{cluePrivatePart, []string{"private-lines"}},
	{cluePrivateMAC, []string{"private-mac", "private-hash"}},
	{clueMap, []string{"map", "geo"}},
	{clueXMLValue, []string{"value"}},
	{clueFastOpen, []string{"tcp_fastopen_key"}},
	{clueRemoteUser, []string{"remote_user"}},
	{clueMySQL, []string{"mysql", "mariadb"}},
	{clueShell, []string{"sshpass", "redis-cli", "ldap"}},
	{clueCurl, []string{"curl"}},
	{cluePassColon, []string{"pass:"}},
	{clueSecureLink, []string{"secure_link_"}},
	{clueCall, []string{":auth", ".auth", "hmac", "jwt:"}},
	{clueGate, []string{"gate"}},
	{clueRedis, []string{"requirepass", "masterauth"}},
	{clueFold, []string{"\u017f", "\u212a"}},
}

// folded writes the two letters outside of ASCII that a pattern takes for an s
// and a k, as those.
var folded = strings.NewReplacer("\u017f", "s", "\u212a", "k")

// cluesOf tells what a line holds.
func cluesOf(line string) clue {
	found := clueFinder.find(line)
	// The words of a mark name nothing, except to a call that may hold all.
	if found&clueBracket != 0 && found&clueSetHeader == 0 && strings.Contains(line, markStart) {
		line = withoutMarks(line)
		found = clueFinder.find(line)
	}
	if found&clueFold != 0 {
		found |= clueFinder.find(folded.Replace(line))
	}
	if found&clueDashes != 0 || found&clueColon != 0 && mayHoldHash(line) {
		found |= clueCrypt
	}
	return found
}

// withoutMarks takes the words out of marks that end where a word does.
func withoutMarks(line string) string {
	var b strings.Builder
	at := 0
	for _, m := range marksIn(line) {
		if endsWord(line, m[1]) {
			b.WriteString(line[at:m[0]] + "[::]")
			at = m[1]
		}
	}
	return b.String() + line[at:]
}

// endsWord reports whether no word goes on at a place in a text.
func endsWord(text string, at int) bool {
	return at == len(text) || strings.IndexByte(" \t;:,\"'{}()[]<>&|@/\\*#-", text[at]) >= 0
}

// mayHoldHash reports whether the second field of a line is as long as a
// password's hash of one of the two oldest kinds, or says which kind it is.
func mayHoldHash(line string) bool {
	_, field, _ := strings.Cut(line, ":")
	field = strings.TrimLeft(field, "!*")
	if strings.HasPrefix(field, "$") || strings.HasPrefix(field, "{") {
		return true
	}
	for _, n := range [...]int{13, 20} {
		if len(field) == n || len(field) > n && field[n] == ':' {
			return true
		}
	}
	return false
}

var clueFinder = newFinder()

// finder finds many texts in one pass, whatever their case: the automaton of
// Aho and Corasick with every step worked out beforehand.
type finder struct {
	// class numbers the bytes that occur in a text; all others are 0.
	class [256]uint8
	// next is indexed by the state and the class of the byte that follows.
	next [][finderClasses]uint16
	// found is what is seen on arriving in a state.
	found []clue
}

const finderClasses = 64

func newFinder() *finder {
	f := &finder{next: make([][finderClasses]uint16, 1), found: make([]clue, 1)}
	classes := uint8(1)
	for _, c := range clueTexts {
		for _, text := range c.texts {
			state := uint16(0)
			for _, b := range []byte(text) {
				if f.class[b] == 0 {
					f.class[b] = classes
					if b >= 'a' && b <= 'z' {
						f.class[b-'a'+'A'] = classes
					}
					classes++
				}
				step := &f.next[state][f.class[b]]
				if *step == 0 {
					*step = uint16(len(f.next))
					state = *step
					f.next = append(f.next, [finderClasses]uint16{})
					f.found = append(f.found, 0)
					continue
				}
				state = *step
			}
			f.found[state] |= c.gives
		}
	}
	f.link()
	return f
}

// link gives each state the steps and finds of the longest other text that its
// own one ends with. A state's number is greater than its parent's, but the
// order by depth is what matters, hence the queue.
func (f *finder) link() {
	fallback := make([]uint16, len(f.next))
	var queue []uint16
	for _, state := range f.next[0] {
		if state != 0 {
			queue = append(queue, state)
		}
	}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		f.found[state] |= f.found[fallback[state]]
		for c := range f.next[state] {
			other := f.next[fallback[state]][c]
			if to := f.next[state][c]; to != 0 {
				fallback[to] = other
				queue = append(queue, to)
			} else {
				f.next[state][c] = other
			}
		}
	}
}

func (f *finder) find(text string) clue {
	var found clue
	state := uint16(0)
	for i := range len(text) {
		state = f.next[state][f.class[text[i]]&(finderClasses-1)]
		found |= f.found[state]
	}
	return found
}
