// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/postern-audit/postern/internal/nginx"
)

// oddWords are words that could end a word, a directive or a block.
var oddWords = []string{"", " ", `"`, `\`, `\\`, `\"`, `x\`, "a;b", "{", "}", "a b", "#x", "$x", "${x}", "'", "\n", "\r\n", "\t", `\n`, `\t\r`, "\xff", "a\"; } server { listen 1; #", `"; load_module x;`, "~^/x$", `\.js$`}

func FuzzAQuotedWordIsReadBackAsItIs(f *testing.F) {
	for _, w := range oddWords {
		f.Add(w)
	}
	f.Fuzz(func(t *testing.T, word string) {
		if strings.ContainsRune(word, 0) {
			t.Skip("a file with NUL is none that is read")
		}
		tree := nginx.Parse("x", "return"+quoteAll([]string{word, word})+";")
		if len(tree.Errors) > 0 || len(tree.Main.Directives) != 1 {
			t.Fatalf("%q: %v", word, tree.Errors)
		}
		if d := tree.Main.Directives[0]; d.Name != "return" || !slices.Equal(d.Values(), []string{word, word}) {
			t.Errorf("%q is read back as %q", word, d.Values())
		}
	})
}

func TestNginxReadsQuotedWordsAsTheyAre(t *testing.T) {
	o := options(t)
	var b strings.Builder
	b.WriteString("server { listen 80; location / { return 404; }\n")
	paths := []string{"/a b", `/q"`, `/b\`, `/b\\n`, "/{x}", "/;x", "/#x", "/'x", "/t\tx", "/é", "/x\nlast", `/\"x`}
	for _, p := range paths {
		b.WriteString("location = " + nginx.Quote(p) + " { return 201; }\n")
		o.Witnesses = append(o.Witnesses, Witness{Name: p, Request: ask(target(p))})
	}
	o.Limit = 1
	r := run(t, config(t, b.String()+"}"), o)
	disagreements(t, r)
	for _, res := range r.Results[:len(paths)] {
		if res.Observed.Status != 201 {
			t.Errorf("%q: %+v", res.Name, res.Observed)
		}
	}
}

func TestEachFileIsLookedForBelowTheGate(t *testing.T) {
	r := &renderer{prefix: "/usr/gate"}
	for name, want := range map[string]string{
		"/srv/www":             "/gate/files/srv/www",
		"/srv/www/":            "/gate/files/srv/www/",
		"html":                 "/gate/files/usr/gate/html",
		"../../../../etc":      "/gate/files/etc",
		"/../../etc/passwd":    "/gate/files/etc/passwd",
		"/":                    "/gate/files/",
		"/srv/$host":           "/gate/files/srv/$host",
		"/srv/../etc/a-$host/": "/gate/files/etc/a-$host/",
		"$where":               "/gate/files$where",
		"${where}/x":           "/gate/files${where}/x",
		"a$where":              "/gate/files/usr/gate/a$where",
	} {
		if got := r.rebase(name); got != want {
			t.Errorf("%s becomes %s, not %s", name, got, want)
		}
	}
}

func TestEachAddressIsReplaced(t *testing.T) {
	text := `upstream known { server one.internal:81; server 10.0.0.2; server unix:/x; } resolver 10.0.0.1; server { listen 10.0.0.3:80; listen [::1]:81; listen name.internal:82; listen 83;
		location /a { proxy_pass http://two.internal; } location /b { proxy_pass https://three.internal:99/x; } location /c { proxy_pass http://known/y; } location /d { proxy_pass http://[2001:db8::1]/z; }
		location /e { proxy_pass http://10.0.0.4:7$request_uri; } location /f { proxy_pass http://$host; } location /g { fastcgi_pass 10.0.0.5:9000; } location /h { grpc_pass grpcs://four.internal; } location /i { proxy_pass http://unix:/y:/z; } }`
	got := render(config(t, text), "/", nil, nil)
	for _, s := range []string{"internal", "10.0.0.", "2001:", "unix:", "[::1]", "resolver"} {
		if strings.Contains(got.text, s) {
			t.Errorf("%q stands in:\n%s", s, got.text)
		}
	}
	for address, authority := range map[string]string{":81": "one.internal:81", ":80": "", ":99": "three.internal:99", ":443": "four.internal", ":9000": "10.0.0.5:9000", ":7": "10.0.0.4:7"} {
		found := false
		for at, of := range got.echoes {
			found = found || strings.HasSuffix(at, address) && (authority == "" || of == authority)
		}
		if !found {
			t.Errorf("no echo at %s for %s: %v", address, authority, got.echoes)
		}
	}
}

func TestWhatIsLeftOutIsListedWithItsPlaceAndReason(t *testing.T) {
	got := render(config(t, "lua_shared_dict d 1m;\nadd_header X y;\nunheard_of x;\nserver {\nlisten 80;\nlimit_req zone=z;\naccess_log /x;\nlocation / { perl x; unheard { y; } }\n}"), "/", nil, nil)
	want := map[string]Removed{
		"events": {Reason: ofHost}, "lua_shared_dict": {Reason: runsCode, Matters: true}, "add_header": {Reason: noEffect}, "unheard_of": {Reason: notRendered, Matters: true},
		"limit_req": {Reason: counts}, "access_log": {Reason: writes}, "perl": {Reason: runsCode, Matters: true}, "unheard": {Reason: notRendered, Matters: true},
	}
	for _, d := range got.removed {
		w, ok := want[d.Name]
		if !ok || d.Reason != w.Reason || d.Matters != w.Matters || d.Pos.Line == 0 {
			t.Errorf("%+v", d)
		}
		delete(want, d.Name)
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
}

func TestNamesAreTakenOverAndContentsAreNot(t *testing.T) {
	source := t.TempDir()
	for name, text := range map[string]string{"srv/www/page": "secret text", "srv/www/sub/deep": "x", "srv/other": "y"} {
		file := filepath.Join(source, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"srv/www/link": "/etc/passwd", "srv/www/sub/up": "../..", "srv/lane": "www"} {
		if err := os.Symlink(target, filepath.Join(source, name)); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(source)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	to := t.TempDir()
	whole, left, err := shape(root.FS(), []string{"/srv/www/sub", "/srv/www", "/srv/lane", "/none"}, to, 100)
	slices.Sort(left)
	if want := []string{"/srv/lane", "/srv/www/link", "/srv/www/sub/up"}; err != nil || !whole || !slices.Equal(left, want) {
		t.Errorf("%t %q %v", whole, left, err)
	}
	info, err := os.Lstat(filepath.Join(to, "srv/www/page"))
	if err != nil || info.Size() != 0 {
		t.Errorf("%v %v", info, err)
	}
	for _, name := range []string{"srv/other", "srv/lane", "srv/www/link", "srv/www/sub/up"} {
		if _, err := os.Lstat(filepath.Join(to, name)); err == nil {
			t.Errorf("%s is there", name)
		}
	}
	many := fstest.MapFS{}
	for i := range 30 {
		many[fmt.Sprintf("w/%d", i)] = &fstest.MapFile{}
	}
	if whole, _, err := shape(many, []string{"/"}, t.TempDir(), 20); whole || err != nil {
		t.Errorf("too many files: %t %v", whole, err)
	}
}
