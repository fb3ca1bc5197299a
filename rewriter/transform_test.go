// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/transform"
)

const wideMap = sampleMap + `
corp.example.net:443=wide.agents.example:443
web.corp.example:443=web.agents.example:9443
web.corp.example:8080=web.agents.example:8080
a.corp.example:1=b.agents.example:22
x-fin-a.corp.example:8445=x.agents.example:1
`

var rewrites = []struct{ name, in, want string }{
	{"host and port", "fin-a.corp.example:8445", "desk-a.agents.example:8445"},
	{"another port of the proxy", "a.corp.example:1", "b.agents.example:22"},
	{"upper case", "FIN-A.Corp.Example:8445", "desk-a.agents.example:8445"},
	{"percent colon", "fin-a.corp.example%3A8445 fin-a.corp.example%3a8445", "desk-a.agents.example%3A8445 desk-a.agents.example%3a8445"},
	{"twice percent colon", "https%253A%252F%252Ffin-a.corp.example%253A8445", "https%253A%252F%252Fdesk-a.agents.example%253A8445"},
	{"json colon", `fin-a.corp.example\u003a8445`, `desk-a.agents.example\u003a8445`},
	{"javascript colon", `fin-a.corp.example\x3A8445`, `desk-a.agents.example\x3A8445`},
	{"html colons", "fin-a.corp.example&#58;8445 fin-a.corp.example&#x3A;8445 fin-a.corp.example&colon;8445", "desk-a.agents.example&#58;8445 desk-a.agents.example&#x3A;8445 desk-a.agents.example&colon;8445"},
	{"json slashes", `"https:\/\/fin-a.corp.example:8445\/x"`, `"https:\/\/desk-a.agents.example:8445\/x"`},
	{"encoded slashes", "u=https%3A%2F%2Ffin-a.corp.example%3A8445%2Fx", "u=https%3A%2F%2Fdesk-a.agents.example%3A8445%2Fx"},
	{"json escaped slash", `\u002f\u002ffin-a.corp.example:8445`, `\u002f\u002fdesk-a.agents.example:8445`},
	{"escaped newline", `\nfin-a.corp.example:8445\n`, `\ndesk-a.agents.example:8445\n`},
	{"bare host", "<host>fin-a.corp.example</host>", "<host>desk-a.agents.example</host>"},
	{"bare host at the end", "fin-a.corp.example", "desk-a.agents.example"},
	{"bare host and a full stop", "on fin-a.corp.example. Then", "on desk-a.agents.example. Then"},
	{"bare host and a colon", "fin-a.corp.example: up", "desk-a.agents.example: up"},
	{"root dot before the port", "fin-a.corp.example.:8445", "desk-a.agents.example:8445"},
	{"bare host with two names stays", "cuic-a.corp.example", "cuic-a.corp.example"},
	{"each port has its name", "cuic-a.corp.example:8444 cuic-a.corp.example:8447", "desk-a.agents.example:8444 docs-a.agents.example:8447"},
	{"a url without port means 443", "https://web.corp.example/ web.corp.example https%3A%2F%2Fweb.corp.example%2F", "https://web.agents.example:9443/ web.agents.example https%3A%2F%2Fweb.agents.example%3A9443%2F"},
	{"unmapped port stays", "fin-a.corp.example:84450 fin-a.corp.example:5223 fin-a.corp.example:844", "fin-a.corp.example:84450 fin-a.corp.example:5223 fin-a.corp.example:844"},
	{"longer name to the left stays", "xfin-a.corp.example:8445 x.fin-a.corp.example:8445 -fin-a.corp.example:8445", "xfin-a.corp.example:8445 x.fin-a.corp.example:8445 -fin-a.corp.example:8445"},
	{"longer name to the right stays", "fin-a.corp.example.org:8445 fin-a.corp.examples:8445 fin-a.corp.example-x", "fin-a.corp.example.org:8445 fin-a.corp.examples:8445 fin-a.corp.example-x"},
	{"name inside another name", "x-fin-a.corp.example:8445 a.corp.example:1 fin-a.corp.example:8445", "x.agents.example:1 b.agents.example:22 desk-a.agents.example:8445"},
	{"neighbours", "fin-a.corp.example:8445,fin-b.corp.example:8445/ids-a.corp.example:8553", "desk-a.agents.example:8445,desk-b.agents.example:8445/desk-a.agents.example:8553"},
	{"leading zeros in a port", "fin-a.corp.example:08445", "desk-a.agents.example:8445"},
	{"userinfo", "https://u:p@fin-a.corp.example:8445/", "https://u:p@desk-a.agents.example:8445/"},
	{"saml in a form", `<input name="SAMLResponse" value="x fin-a.corp.example:8445 y"/>fin-a.corp.example:8445`, `<input name="SAMLResponse" value="x fin-a.corp.example:8445 y"/>desk-a.agents.example:8445`},
	{"saml in a query", "a?SAMLRequest=fin-a.corp.example:8445&RelayState=fin-a.corp.example:8445", "a?SAMLRequest=fin-a.corp.example:8445&RelayState=desk-a.agents.example:8445"},
	{"saml in json", `{"SAMLResponse" : "a\"fin-a.corp.example:8445", "u":"fin-a.corp.example:8445"}`, `{"SAMLResponse" : "a\"fin-a.corp.example:8445", "u":"desk-a.agents.example:8445"}`},
	{"saml as a word", "SAMLRequests fin-a.corp.example:8445 SAMLReply SAMLRe", "SAMLRequests desk-a.agents.example:8445 SAMLReply SAMLRe"},
	{"a jwt", "eyJhbGciOiJI.eyJpc3MiOiJmaW4tYS5jb3JwLmV4YW1wbGU6ODQ0NSJ9.c2ln", "eyJhbGciOiJI.eyJpc3MiOiJmaW4tYS5jb3JwLmV4YW1wbGU6ODQ0NSJ9.c2ln"},
	{"nothing", "", ""},
	{"dots", "....fin-a....corp.example", "....fin-a....corp.example"},
	{"half a name at the end", "https://fin-a.corp.exam", "https://fin-a.corp.exam"},
}

func TestRewritingWholeValues(t *testing.T) {
	r := NewRewriter(mustMap(t, wideMap))
	for _, test := range rewrites {
		if got, _ := r.String(test.in); got != test.want {
			t.Errorf("%s: %q became %q, want %q", test.name, test.in, got, test.want)
		}
	}
}

func TestRewritingDoesNotDependOnTheCut(t *testing.T) {
	r := NewRewriter(mustMap(t, wideMap))
	var in, want strings.Builder
	for _, test := range rewrites {
		if test.name != "half a name at the end" {
			in.WriteString(test.in + "\n")
			want.WriteString(test.want + "\n")
		}
	}
	text := in.String()
	for cut := 0; cut <= len(text); cut++ {
		if got := rewriteInPieces(t, r, text, cut); got != want.String() {
			t.Fatalf("cut at %d (%q | %q):\n%s", cut, text[max(0, cut-20):cut], text[cut:min(len(text), cut+20)], got)
		}
	}
	for _, test := range rewrites {
		for a := 0; a <= len(test.in); a++ {
			for b := a; b <= len(test.in); b++ {
				if got := rewriteInPieces(t, r, test.in, a, b); got != test.want {
					t.Fatalf("%s cut at %d and %d: %q", test.name, a, b, got)
				}
			}
		}
	}
	for _, reader := range []io.Reader{iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text)), iotest.HalfReader(strings.NewReader(text))} {
		body := newBodyReader(io.NopCloser(reader), r.Transformer(), nil)
		if got, err := io.ReadAll(iotest.OneByteReader(body)); err != nil || string(got) != want.String() {
			t.Errorf("body reader: %v\n%s", err, got)
		}
	}
}

// rewriteInPieces feeds text cut at the given places, carrying over what the
// transformer leaves, with destinations as small as they may be.
func rewriteInPieces(t *testing.T, r *Rewriter, text string, cuts ...int) string {
	t.Helper()
	transformer := r.Transformer()
	var out []byte
	var dst [80]byte
	from := 0
	for i := 0; i <= len(cuts); i++ {
		to, atEOF := len(text), true
		if i < len(cuts) {
			to, atEOF = cuts[i], false
		}
		for {
			nDst, nSrc, err := transformer.Transform(dst[:], []byte(text[from:to]), atEOF)
			out = append(out, dst[:nDst]...)
			from += nSrc
			if errors.Is(err, transform.ErrShortDst) {
				continue
			}
			if err == nil && from != to {
				t.Fatalf("no error, yet %d bytes are left", to-from)
			}
			if err != nil && (atEOF || !errors.Is(err, transform.ErrShortSrc)) {
				t.Fatalf("%v", err)
			}
			break
		}
	}
	return string(out)
}

func TestOnlyWhatMayBecomeANameIsHeldBack(t *testing.T) {
	r := NewRewriter(mustMap(t, wideMap))
	for in, held := range map[string]int{
		"data: hello\n\n": 0, "https://fin-a.corp.example:8445/": 0, "https://fi": 2, "x fin-a.corp.example:84": 21, "x fin-a.corp.example:8445": 23, "fin-a.corp.examplex": 0, "xfin": 0, "SAML": 4,
		strings.Repeat("a", 5000): 0,
	} {
		_, nSrc, _ := r.Transformer().Transform(make([]byte, 8000), []byte(in), false)
		if got := len(in) - nSrc; got != held {
			t.Errorf("%q: %d bytes held back, want %d", clip(in), got, held)
		}
	}
}

func TestResidualsAreCounted(t *testing.T) {
	r := NewRewriter(mustMap(t, wideMap))
	if _, n := r.String("fin-a.corp.example:1 cuic-a.corp.example ok fin-a.corp.example:8445"); n != 2 {
		t.Errorf("%d", n)
	}
}

func TestBrokenBodyIsNotCompleted(t *testing.T) {
	r := NewRewriter(mustMap(t, wideMap))
	broken := errors.New("broken")
	body := newBodyReader(io.NopCloser(io.MultiReader(strings.NewReader("x fin-a.corp"), iotest.ErrReader(broken))), r.Transformer(), nil)
	if got, err := io.ReadAll(body); !errors.Is(err, broken) || string(got) != "x " {
		t.Errorf("%q %v", got, err)
	}
}

func FuzzNoMappedNameIsEmitted(f *testing.F) {
	for _, test := range rewrites {
		f.Add([]byte(test.in), uint16(len(test.in)/2))
	}
	m := mustMap(f, wideMap)
	r := NewRewriter(m)
	var names []string
	for _, e := range m.Entries() {
		names = append(names, regexp.QuoteMeta(e.Internal.Host)+`(?::|%3A|\\u003a|&#58;)`+fmt.Sprint(e.Internal.Port))
	}
	leak := regexp.MustCompile(`(?i)(?:^|[^A-Za-z0-9.-])(?:` + strings.Join(names, "|") + `)(?:[^0-9]|$)`)
	f.Fuzz(func(t *testing.T, in []byte, cut uint16) {
		if bytes.Contains(in, samlStem) {
			return
		}
		at := int(cut) % (len(in) + 1)
		got := rewriteInPieces(t, r, string(in), at)
		if found := leak.FindString(got); found != "" {
			t.Fatalf("%q cut at %d emits %q", in, at, found)
		}
		if whole, _ := r.String(string(in)); whole != got {
			t.Fatalf("%q cut at %d: %q, whole %q", in, at, got, whole)
		}
	})
}

// corpus is a page of JSON and script with one internal name in about 500 bytes.
func corpus(size int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	forms := []string{"https://fin-a.corp.example:8445/x", `https:\/\/ids-a.corp.example:8553\/y`, "fin-b.corp.example", "cuic-a.corp.example:8444"}
	for b.Len() < size {
		fmt.Fprintf(&b, `{"id":%d,"state":"READY","fn":function(a){return a.b.c(d.e,%f)},"u":"`, random.Int(), random.Float64())
		if random.IntN(3) == 0 {
			b.WriteString(forms[random.IntN(len(forms))])
		}
		b.WriteString(`"},` + strings.Repeat("lorem ipsum ", 6) + "\n")
	}
	return b.Bytes()[:size]
}

func manyHosts() string {
	var b strings.Builder
	b.WriteString(sampleMap)
	for i := range 40 {
		fmt.Fprintf(&b, "gadget-%02d.corp.example:8443=gadget-%02d.agents.example:443\n", i, i)
	}
	return b.String()
}

func BenchmarkRewrite(b *testing.B) {
	text := corpus(4 << 20)
	m := mustMap(b, manyHosts())
	r := NewRewriter(m)
	b.Run("transformer", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			body := newBodyReader(io.NopCloser(bytes.NewReader(text)), r.Transformer(), nil)
			if _, err := io.Copy(io.Discard, body); err != nil {
				b.Fatal(err)
			}
		}
	})
	var pairs []string
	for _, e := range m.Entries() {
		pairs = append(pairs, e.Internal.String(), e.External.String())
	}
	floor, whole := strings.NewReplacer(pairs...), string(text)
	b.Run("strings.Replacer floor", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, err := floor.WriteString(io.Discard, whole); err != nil {
				b.Fatal(err)
			}
		}
	})
}
