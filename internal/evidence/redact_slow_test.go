// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// redactSlowly is Redact without its short cuts: every pattern runs on every
// line of every round.
func redactSlowly(content []byte) []byte {
	if isCertificate(content) {
		return content
	}
	raw, ok := plainText(content)
	text := string(raw)
	for range maxRounds {
		if !ok {
			break
		}
		var fresh round
		next, changed := fresh.redact(text, func(string) clue { return clueEvery })
		if !changed {
			return []byte(text)
		}
		text, ok = next, !plainlyBinary(next)
	}
	return []byte(placeholder(content))
}

func requireSame(t *testing.T, text []byte) {
	t.Helper()
	fast, _ := Redact(text)
	if slow := redactSlowly(text); !bytes.Equal(fast, slow) {
		t.Fatalf("%q became\n%q instead of\n%q", text, fast, slow)
	}
}

// seeds are words that the patterns know, and what stands between them.
var seeds = strings.Split(`password|passwd|passphrase|secret|token|=|:|"x y"|'abc'|key=|key="a"|set $db_pass|proxy_set_header X-Auth-Key|;|map $host $jwt_secret|{|}|default|`+
	`-----BEGIN PRIVATE KEY-----|-----END PRIVATE KEY-----|-----BEGIN CERTIFICATE-----|-----END CERTIFICATE-----|-----BEGIN CERTIFICATE REQUEST-----|==|[[|]]|=>|cookie:|Bearer abcdefghij|`+
	`$6$abcdefgh$aaaaaaaaa|pw|#|/*|--comment|curl -u a:b|mysql -pxx|pass:z|eyJabcdefgh.abcd.abcd|https://a:b@c|`+"\u212aey|pa\u017f\u017fword"+`|export A_KEY=b|[redacted:credential:0]|secure_link_md5 $uri|`+
	`hmac:new(|:auth(|add_header Set-Cookie|if ($http_x_token|q7Jm0b9xYv3Tn2Rk8LwZc5Hd1Fg6Ss4Pa0Qe7Uu9Wo8=|Private-Lines: 2|>|<password>|</password>|<entry key="token"|value="v"|a:rEK1ecacw.7.c|`+
	`tcp_fastopen_key|<X509Certificate>|</X509Certificate>|more_set_headers|set_header(|ldapsearch -w|--token|["auth"]|environment=|remote_user|_token|more|PASSWORD=${X:-a}b|PASSWORD=$'a b'|export DB_PASS='a'"b c"|"DB_PASSWORD=a b"|a:{PLAIN}b|$sha1$4$abcdefgh|"kty":"oct"|"k":"abcdef"|requirepass x|client_secret x|`+
	`signing_key = x|redis.call("AUTH","x")|if ($http_x_gate = "x")|'cookie:"$http_cookie"'|48151|8445=a:1|/|server_tokens off;|-A INPUT -p tcp -j ACCEPT`, "|")

func TestTheShortCutsOfRedactionChangeNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	between := []string{"", " ", "  ", "\t", "\n", "\r\n", " \n", "a", "_", "-", `"`}
	for range 1_200 {
		var b strings.Builder
		for range 1 + r.IntN(9) {
			b.WriteString(seeds[r.IntN(len(seeds))] + between[r.IntN(len(between))])
		}
		requireSame(t, []byte(b.String()))
	}
	// What the readers' own examples hold.
	root := os.DirFS("../..")
	for _, dir := range []string{"fixtures", "collectors"} {
		err := fs.WalkDir(root, dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || strings.HasSuffix(path, ".go") {
				return err
			}
			text, err := fs.ReadFile(root, path)
			if err == nil && len(text) < 2<<10 {
				requireSame(t, text)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzRedactFast holds the short cuts against the patterns.
func FuzzRedactFast(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s+" x\n"+s+`="y"`), []byte("set $a b;\n"))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) { requireSame(t, slices.Concat(a, b)) })
}

// base64Token says what appendRandomKeys looks for.
var base64Token = regexp.MustCompile(`(?:^|[^A-Za-z0-9+/=_-])((?:[A-Za-z0-9+/]{42,}={1,2})|(?:[A-Za-z0-9_-]{42,}={1,2}))(?:$|[^A-Za-z0-9+/=_-])`)

func TestRandomKeysAreFoundAsThePatternSays(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	key := "q7Jm0b9xYv3Tn2Rk8LwZc5Hd1Fg6Ss4Pa0Qe7Uu9Wo8"
	parts := []string{key, key + "=", key + "==", key[1:], "=", "==", "-", "_", "+", "/", " ", "é", "\xff", "a", "\t", key[:20], strings.ReplaceAll(key, "7", "_"), strings.ReplaceAll(key, "7", "+")}
	found := 0
	for range 15_000 {
		var b strings.Builder
		for range r.IntN(8) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		text := b.String()
		var want []cut
		for _, m := range base64Token.FindAllStringSubmatchIndex(text, -1) {
			if isRandomKey(text[m[2]:m[3]]) {
				want = append(want, cut{m[2], m[3], RandomKey})
			}
		}
		if got := appendRandomKeys(nil, text); !slices.Equal(got, want) {
			t.Fatalf("%q: %v instead of %v", text, got, want)
		}
		found += len(want)
	}
	if found == 0 {
		t.Error("none was found")
	}
}

func TestEveryTextOfAClueIsFoundInAnyCaseAndPlace(t *testing.T) {
	for _, c := range clueTexts {
		for _, text := range c.texts {
			for _, s := range []string{text, strings.ToUpper(text), "x" + text + "y", text[:1] + text} {
				if c.gives != clueFold && cluesOf(s)&c.gives == 0 {
					t.Errorf("%q is not found in %q", text, s)
				}
			}
		}
	}
	classes := uint8(0)
	for _, c := range clueFinder.class {
		classes = max(classes, c)
	}
	if int(classes) >= finderClasses {
		t.Errorf("%d classes of bytes do not fit", classes)
	}
	if found := cluesOf("PA\u017f\u017fWORD"); found&cluePassword == 0 {
		t.Error("a long s is not taken for an s")
	}
}

var markPattern = regexp.MustCompile(`\[redacted:([a-z-]+):(\d+)(?::([0-9a-f]{64}))?\]`)

func TestMarksAreFoundAsThePatternSays(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	digest := strings.Repeat("0123456789abcdef", 4)
	parts := []string{"[redacted:", "[redacted:credential:0]", "[redacted:random-key:44:" + digest + "]", "token", "-", ":", "0", "44", digest, digest[1:], "]", "[", "A", " ", "\n"}
	for range 15_000 {
		var b strings.Builder
		for range r.IntN(9) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		if got, want := marksIn(b.String()), markPattern.FindAllStringIndex(b.String(), -1); !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("%q: %v instead of %v", b.String(), got, want)
		}
	}
}
