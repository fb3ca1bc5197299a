// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io/fs"
	"math/big"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// gates are the configurations that the proof of exposure is tested with.
const gates = "../../fixtures/exposure"

// gateFiles are the paths of all configuration files below gates.
func gateFiles(t testing.TB) (files []string) {
	t.Helper()
	err := filepath.WalkDir(gates, func(name string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".conf") {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// said writes directives with what nginx makes of them: without quotes and places.
func said(list []*Directive) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%d %q %q", d.Kind, d.Name, d.Values())
		switch d.Kind {
		case Block:
			b.WriteString(" {" + said(d.Block) + "}")
		case Lua:
			fmt.Fprintf(&b, " <%q>", d.Body.Raw())
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func broken(list []*Directive) bool {
	for _, d := range list {
		if d.Broken || broken(d.Block) {
			return true
		}
	}
	return false
}

// What is printed says the same as what was read, and printing it again changes nothing.
func FuzzParsePrintParse(f *testing.F) {
	seeds(f)
	for _, name := range gateFiles(f) {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, text := range []string{
		`a "" '' "\"" '\'' "\\" \\ "\n" \n "a\tb" 'a\rb' \d "\d" "\\d";`, `"a b" { } '' x; "" { }`, `map $a $b { "default" 1; \default 2; "~^/\d+;" "{}"; "" '"'; }`,
		`if ($a = "b c") { } if ( $a ~ ")" ) { }`, `a ${b} "$" $ "${" ${{ a$;`, "a b# '#' \"#\" #c\n;", "a \"b\nc\" 'd\n\te'\\\n;", `a } b}c;`, `"x_by_lua_block" { "}" } y_by_lua_block;`, "a_by_lua_block{}b_by_lua_block 'c d' {--}\n}",
		"a ) (b) \")\";", "a \xff\x80 \u00a0 \v\f;",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first := Parse("f", text)
		if broken(first.Main.Directives) || len(text) > 100_000 {
			return
		}
		printed := Print(first.Main.Directives)
		second := Parse("f", printed)
		for _, e := range second.Errors {
			if e.Message != "NUL byte" {
				t.Fatalf("%v in %q", e, printed)
			}
		}
		if a, b := said(first.Main.Directives), said(second.Main.Directives); a != b {
			t.Fatalf("%q is read as\n%s\nand printed as %q, which is\n%s", text, a, printed, b)
		}
		if again := Print(second.Main.Directives); again != printed {
			t.Fatalf("%q is printed as %q, and that as %q", text, printed, again)
		}
	})
}

// Words as nginx itself reads them back: each is the body of an answer.
func TestNginxReadsPrintedWordsBack(t *testing.T) {
	path, modules := realNginx(t)
	const alphabet = "ab \t\r\n;{}\"'\\#()tnr\xff\x01="
	r := mathrand.New(mathrand.NewPCG(1, 1))
	dir := t.TempDir()
	var words []string
	var b strings.Builder
	for i := range 400 {
		word := ""
		for range 1 + r.IntN(6) {
			word += alphabet[r.IntN(len(alphabet)):][:1]
		}
		words = append(words, word)
		fmt.Fprintf(&b, "location = /%d { return 200 %s; }\nlocation = /%d/q { return 200 %s; }\n", i, printed(word), i, Quote(word))
	}
	socket := filepath.Join(dir, "s")
	client := serve(t, path, dir, socket, sandboxed(modules, dir, "server { listen unix:"+socket+";\n"+b.String()+"}"))
	for i, w := range words {
		for _, at := range []string{"/%d", "/%d/q"} {
			if got := get(t, client, fmt.Sprintf(at, i)); got != w {
				t.Errorf("%q is read back as %q", w, got)
			}
		}
	}
}

var (
	namedHost = regexp.MustCompile(`\bserver [a-z0-9-]+(\.[a-z0-9-]+)+:`)
	listened  = regexp.MustCompile(`\blisten (?:([0-9.]+):|\[([0-9a-f:]*)\]:)?([0-9]+)`)
)

// nginx takes what is printed where it takes what was read.
func TestNginxAcceptsWhatIsPrinted(t *testing.T) {
	path, modules := realNginx(t)
	files := t.TempDir()
	certificate(t, files)
	accepted := 0
	for _, name := range gateFiles(t) {
		if strings.Contains(name, "/parts/") {
			continue // other files include it
		}
		t.Run(strings.TrimPrefix(name, gates+"/"), func(t *testing.T) {
			before, why := accepts(t, path, modules, files, name, func(text string) string { return text })
			after, whyNot := accepts(t, path, modules, files, name, func(text string) string {
				tree := Parse("f", text)
				if len(tree.Errors) > 0 {
					t.Fatal(tree.Errors)
				}
				return Print(tree.Main.Directives)
			})
			if before != after {
				t.Errorf("nginx takes it: %v %s; and what is printed: %v %s", before, why, after, whyNot)
			}
			if before {
				accepted++
			}
		})
	}
	if accepted < 90 {
		t.Errorf("nginx takes only %d of the gates as they are, so that the others show nothing", accepted)
	}
}

// certificate writes that of the gates and its key.
func certificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "edge.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})))
	write(t, dir, "edge.key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
}

// accepts puts a gate with the files that it includes, changed, to nginx.
func accepts(t *testing.T, path, modules, files, name string, change func(string) string) (ok bool, why string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "gate") // a path that sockets may have
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	top := filepath.Dir(name)
	put := func(name, inner string) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		changed := string(text)
		if strings.HasSuffix(name, ".conf") {
			// Names are looked up and ports taken while the file is read, which has no place in
			// a test.
			changed = namedHost.ReplaceAllString(changed, "server 127.0.0.1:")
			changed = change(listened.ReplaceAllString(changed, "listen unix:"+dir+"/$1$2$3"))
		}
		if inner == "nginx.conf" {
			changed = modules + changed
		}
		write(t, dir, inner, changed)
	}
	for _, f := range []string{"edge.pem", "edge.key"} {
		text, err := os.ReadFile(filepath.Join(files, f))
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, f, string(text))
	}
	if filepath.Base(name) != "nginx.conf" {
		put(name, "nginx.conf")
	} else if err := filepath.WalkDir(top, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			put(name, strings.TrimPrefix(name, top+"/"))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	_, stderr, refused := runNginx(t, path, dir, "-t")
	return refused == nil, stderr
}
