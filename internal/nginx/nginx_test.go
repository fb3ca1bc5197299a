// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// realNginx is the path of nginx with its Lua module; without one the test is
// skipped by name, or fails where CI says that it must be there.
func realNginx(t *testing.T) (path, modules string) {
	t.Helper()
	path, err := exec.LookPath("nginx")
	if err == nil {
		for _, dir := range []string{"/usr/share/nginx/modules", "/usr/lib/nginx/modules", "/usr/lib64/nginx/modules"} {
			if _, err = os.Stat(filepath.Join(dir, "ngx_http_lua_module.so")); err == nil {
				return path, fmt.Sprintf("load_module %s/ndk_http_module.so;\nload_module %s/ngx_http_lua_module.so;\n", dir, dir)
			}
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("nginx with the Lua module is required: %v", err)
	}
	t.Skipf("nginx with the Lua module is not here: %v", err)
	return "", ""
}

// sandboxed is an nginx.conf that writes nowhere but into dir; body stands in http.
func sandboxed(modules, dir, body string) string {
	paths := ""
	for _, p := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		paths += fmt.Sprintf("%s_temp_path %s/%s;\n", p, dir, p)
	}
	return modules + "events {}\nhttp {\naccess_log off;\n" + paths + body + "\n}\n"
}

func runNginx(t *testing.T, path, dir string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	args = append([]string{
		"-p", dir, "-c", filepath.Join(dir, "nginx.conf"),
		"-g", "error_log stderr; daemon off; pid " + dir + "/nginx.pid;",
	}, args...)
	cmd := exec.CommandContext(ctx, path, args...)
	var out, errOut strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err = cmd.Run()
	return out.String(), errOut.String(), err
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// oddities are texts at the edge of the grammar. Each stands inside http. The
// words are chosen so that nginx has no reason but grammar to refuse them.
var oddities = []struct{ name, text string }{
	{"nothing", ""},
	{"a comment at the end", "server { } # end"},
	{"a comment with braces and quotes", "# } ' \" {\nserver { }"},
	{"a quoted directive name", `"server_tokens" off;`},
	{"a directive name with an escape", `server\_tokens off;`},
	{"a directive without its semicolon", "server_tokens off"},
	{"a stray semicolon", "server_tokens off;;"},
	{"a block without a name", "{ }"},
	{"a closing brace too many", "server { } }"},
	{"a closing brace too few", "server { "},
	{"a word before a closing brace", "server { server_name a }"},
	{"a quote followed by a word", `log_format a "b"c;`},
	{"a quote followed by a quote", `log_format a "b""c";`},
	{"a quote followed by a semicolon", `log_format a "b";`},
	{"a quote followed by a comment sign", `log_format a "b"#c` + "\n;"},
	{"a quote followed by a closing parenthesis", `log_format a "b") c;`},
	{"a closing parenthesis alone", `log_format a ) ;`},
	{"a quote over several lines", "log_format a \"b\nc\";"},
	{"an open double quote", `log_format a "b;`},
	{"an open single quote", `log_format a 'b;`},
	{"an open quote with an escaped quote", `log_format a "b\";`},
	{"an escaped backslash before the closing quote", `log_format a "b\\";`},
	{"a quote inside a word", `log_format a b"c;`},
	{"a word with a hash", "log_format a b#c;"},
	{"a word that begins with a hash", "log_format a #b;\n b;"},
	{"carriage returns as blanks", "log_format\ra\rb\r;"},
	{"form feed is no blank", "log_format\fa b;"},
	{"a vertical tab is no blank", "log_format\va b;"},
	{"a non-breaking space is no blank", "log_format\u00a0a b;"},
	{"a name with a brace inside", "log_format a b} ;"},
	{"a braced variable", "log_format a ${uri}x;"},
	{"a braced variable in quotes", `log_format a "${uri}x";`},
	{"a braced variable that is open", "log_format a ${uri;"},
	{"two braces after a dollar", "map $uri $v { a ${{; }"},
	{"an escaped dollar and a brace", `map $uri $v { a \${; }`},
	{"a brace that ends a word", "server{location /{return 200 ok;}}"},
	{"a regex with an unquoted brace", `server { location ~ ^/a{2}$ { return 200; } }`},
	{"a regex with a quoted brace", `server { location ~ "^/a{2}$" { return 200; } }`},
	{"a joined regex modifier", "server { location ~*^/x { return 200; } }"},
	{"a joined exact modifier", "server { location =/x { return 200; } }"},
	{"a condition with a quoted regex", `server { if ($uri ~ "a b{1}") { return 200; } }`},
	{"a condition with blanks inside its parentheses", `server { if ( $uri = "a b" ) { return 200; } }`},
	{"a condition without blanks", `server { if ($uri){ return 200; } }`},
	{"a map with an empty key", `map $uri $v { "" x; }`},
	{"a map with a quoted key that holds a brace", `map $uri $v { "a{b}" x; }`},
	{"a map key with an escape", `map $uri $v { \default x; }`},
	{"a backslash at the end of a word", `map $uri $v { a b\ ; }`},
	{"a backslash before a line feed", "map $uri $v { a b\\\nc; }"},
	{"a backslash that begins a word", `map $uri $v { \a b; }`},
	{"a backslash as the last byte", `server_tokens off; \`},
	{"bytes that are not UTF-8", "map $uri $v { \xff\xfe \x80; }"},
	{"a control character in a word", "map $uri $v { \x01 \x02; }"},
	{"a NUL byte in a word", "map $uri $v { a\x00b c; }"},
	{"a NUL byte in a comment", "# \x00\nserver_tokens off;"},
	{"a byte order mark inside", "\ufeffserver_tokens off;"},
	{"a word of 4000 bytes", "map $uri $v { a " + strings.Repeat("b", 4000) + "; }"},
	{"a word of 5000 bytes", "map $uri $v { a " + strings.Repeat("b", 5000) + "; }"},
	{"a quoted word of 5000 bytes", `map $uri $v { a "` + strings.Repeat("b", 5000) + `"; }`},
	{"a comment of 9000 bytes", "#" + strings.Repeat("b", 9000) + "\nserver_tokens off;"},
	{"a missing include", "include missing.conf;"},
	{"a pattern without a match", "include missing*.conf;"},
	{"an include without a name", "include;"},
	{"an include with two names", "include a b;"},
	{"a pattern that matches a directory", "include some*;"},
	{"include of a directory", "include somedir;"},
	{"include inside types", "types { include entry.inc; }"},
	{"include inside a map", "map $uri $v { include entry.inc; }"},
	{"include with an escaped star", `include missing\*.conf;`},
	{"an included file with a brace too many", "include brace.inc;"},
	{"an included file that is cut off", "include cut.inc;"},

	{"Lua with braces in strings", `server { location / { content_by_lua_block { local a = "}" .. '{' } } }`},
	{"Lua with escaped quotes", `server { location / { content_by_lua_block { local a = "\"}" .. '\'}' } } }`},
	{"Lua with a quote in a comment", "server { location / { content_by_lua_block {\n -- it's\n local a = 1\n } } }"},
	{"Lua with a brace in a comment", "server { location / { content_by_lua_block {\n -- }\n local a = 1\n } } }"},
	{"Lua with long brackets", "server { location / { content_by_lua_block { local a = [[ } ]] .. [==[ ]] } ]==] } } }"},
	{"Lua with long comments", "server { location / { content_by_lua_block { --[[ } ]] --[=[ ]] } ]=] local a = 1 } } }"},
	{"Lua with a table", "server { location / { content_by_lua_block { local a = {{}, {b = {}}} } } }"},
	{"Lua with nested indexes", "server { location / { content_by_lua_block { local a = {} local b = a[a[1]] } } }"},
	{"Lua with a hash, which is no comment", "server { location / { content_by_lua_block { local a = {} local b = #a -- ok\n } } }"},
	{"Lua that is never closed", "server { location / { content_by_lua_block { local a = { } } }"},
	{"Lua with an open string", `server { location / { content_by_lua_block { local a = "} } } }`},
	{"Lua with an open long bracket", `server { location / { content_by_lua_block { local a = [[ } } }`},
	{"Lua with a string over two lines", "server { location / { content_by_lua_block { local a = \"x\\\n}\" } } }"},
	{"Lua with an unclosed string before a closed one", "server { location / { content_by_lua_block { local a = \"x\n local b = \"}\" } } }"},
	{"Lua with an apostrophe outside of strings", "server { location / { content_by_lua_block { it's\n } } }"},
	{"Lua with a single bracket in a comment", "server { location / { content_by_lua_block { --[ }\n } } }"},
	{"Lua with a comment that hides the end", "server { location / { content_by_lua_block { local a = 1 -- } } } }"},
	{"Lua in a quoted argument", `server { location / { content_by_lua 'ngx.say("}")'; } }`},
	{"set_by_lua_block joined to its brace", "server { location / { set_by_lua_block $pass{ return 1 } } }"},
	{"Lua with a minus before a bracket", "server { location / { content_by_lua_block { local a = {1} local b = 1 -a[1] } } }"},
}

// disagreements are the texts about which this package and nginx 1.22 differ,
// with the reason why the difference stays.
var disagreements = map[string]string{
	"a word of 5000 bytes":        "nginx reads words into a buffer of 4096 bytes and refuses longer ones; the buffer is not imitated",
	"a quoted word of 5000 bytes": "as above",
	"a comment of 9000 bytes":     "as above: nginx holds a comment to the same buffer",
	"a NUL byte in a word":        "nginx reads it, but compares some words up to the NUL only; it is reported because the two readings differ",
	"a NUL byte in a comment":     "reported with every NUL byte: the file is not what it seems",
}

func TestOddInputAgainstNginx(t *testing.T) {
	path, modules := realNginx(t)
	used := map[string]bool{}
	for _, tt := range oddities {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "somedir/x", "")
			write(t, dir, "entry.inc", "a b;")
			write(t, dir, "brace.inc", "server_tokens off; }")
			write(t, dir, "cut.inc", "server_tokens off")
			write(t, dir, "nginx.conf", sandboxed(modules, dir, tt.text))
			_, stderr, err := runNginx(t, path, dir, "-t")
			accepts := err == nil
			tree := Load(os.DirFS("/"), "/", filepath.Join(dir, "nginx.conf"))
			we := len(tree.Errors) == 0
			// nginx refuses these on grounds of meaning: the syntax is sound.
			for _, meaning := range []string{"unknown directive", "invalid number of arguments", "invalid number of the map", "the closing bracket in"} {
				if strings.Contains(stderr, meaning) && we {
					accepts = true
				}
			}
			_, listed := disagreements[tt.name]
			used[tt.name] = listed
			if (accepts != we) != listed {
				t.Errorf("nginx accepts: %v, we: %v, listed as a disagreement: %v\nnginx: %s\nwe: %q", accepts, we, listed, stderr, messages(tree.Errors))
			}
		})
	}
	for name := range disagreements {
		if !used[name] && len(used) == len(oddities) {
			t.Errorf("disagreement %q is not in the table", name)
		}
	}
}

// Words as nginx itself decodes them: each is the body of an answer.
func TestDecodedWordsAgainstNginx(t *testing.T) {
	path, modules := realNginx(t)
	words := []string{
		"plain", `"quoted"`, `'quoted'`, `"a b"`, `'a "b" c'`, `"a\"b"`, `'a\'b'`, `"a'b"`, `a"b`, `a'b`, `\"a`, `a\"b`, `a\\b`, `"a\\b"`,
		`"\t|\r|\n"`, `\t`, `a\nb`, `\d\+`, `"\d\."`, `a\ b`, `a\;b`, `a\{b`, `a}b`, `a#b`, `"#"`, `";{}"`, `a\\\\b`, `"\\"`, `\\`, `a(b)c`,
		"\xc3\xa9", "\xff", "\x01x", `"line` + "\n" + `feed"`, `a\` + "\n" + `b`, `\x41`, `"\x41"`, `\"`, `a=b`, `~x`, `"\'"`, `'\"'`, `x\` + "\t" + `y`,
	}
	dir := t.TempDir()
	var b strings.Builder
	for i, w := range words {
		fmt.Fprintf(&b, "location = /%d { return 200 %s; }\n", i, w)
	}
	socket := filepath.Join(dir, "s")
	text := sandboxed(modules, dir, "server { listen unix:"+socket+";\n"+b.String()+"}")
	client := serve(t, path, dir, socket, text)
	tree := Parse("nginx.conf", text)
	var got []string
	for d := range all(tree) {
		if d.Name == "return" {
			got = append(got, d.Arg(1))
		}
	}
	if len(tree.Errors) > 0 || len(got) != len(words) {
		t.Fatalf("errors %q, %d words of %d", messages(tree.Errors), len(got), len(words))
	}
	for i, w := range words {
		if want := get(t, client, fmt.Sprintf("/%d", i)); got[i] != want {
			t.Errorf("%s: nginx decodes %q, we %q", w, want, got[i])
		}
	}
}

// serve runs nginx until the test ends; it listens on a unix socket only.
func serve(t *testing.T, path, dir, socket, conf string) *http.Client {
	t.Helper()
	write(t, dir, "nginx.conf", conf)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	cmd := exec.CommandContext(ctx, path, "-p", dir, "-c", filepath.Join(dir, "nginx.conf"),
		"-g", "error_log stderr; daemon off; master_process off; pid "+dir+"/nginx.pid;")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for sc := bufio.NewScanner(stderr); sc.Scan(); {
			if strings.Contains(sc.Text(), "[emerg]") {
				t.Log(sc.Text())
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
	})
	client := &http.Client{
		Timeout:       5 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", socket)
		}},
	}
	for range 100 {
		if c, err := net.Dial("unix", socket); err == nil {
			c.Close()
			return client
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("nginx does not answer")
	return nil
}

func get(t *testing.T, c *http.Client, path string) string {
	t.Helper()
	res, err := c.Get("http://test" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// all yields every directive of the tree, includes expanded.
func all(t *Tree) func(func(*Directive) bool) {
	var visit func(d *Directive, yield func(*Directive) bool) bool
	visit = func(d *Directive, yield func(*Directive) bool) bool {
		if !yield(d) {
			return false
		}
		for c := range d.Children() {
			if !visit(c, yield) {
				return false
			}
		}
		return true
	}
	return func(yield func(*Directive) bool) {
		for d := range t.Children() {
			if !visit(d, yield) {
				return
			}
		}
	}
}

// lines prints the expanded tree with the place of each directive.
func lines(t *Tree) []string {
	var out []string
	for d := range all(t) {
		s := fmt.Sprintf("%s %s %q", d.Pos(), d.Name, d.Values())
		if d.Kind == Lua {
			s += " " + d.Body.Raw()
		}
		out = append(out, s)
	}
	return out
}

func TestADumpByNginxGivesTheSameTreeAsTheFiles(t *testing.T) {
	path, modules := realNginx(t)
	dir := t.TempDir()
	write(t, dir, "nginx.conf", sandboxed(modules, dir, "include conf.d/*.conf;\ninclude mime.inc;"))
	write(t, dir, "mime.inc", "types { include types.inc; }\r\n")
	write(t, dir, "types.inc", "text/x-a a;\ntext/x-b b;\n")
	write(t, dir, "conf.d/b.conf", "server {\n listen unix:"+dir+"/b;\n location /a { include proxy.inc; }\n location /b {\n  limit_except GET { include conf.d/deny.inc; }\n  include proxy.inc;\n }\n}\n")
	write(t, dir, "conf.d/a.conf", "map $uri $v { include entries.inc; default 'x y'; }\n\n\n")
	write(t, dir, "conf.d/.hidden.conf", "not read;")
	write(t, dir, "conf.d/deny.inc", "deny all; # no line feed at the end")
	write(t, dir, "entries.inc", "~^/a \"b;c\";\n")
	write(t, dir, "proxy.inc", "proxy_set_header X \"1\";\naccess_by_lua_block {\n -- it's } here\n local a = '}'\n}\n")
	stdout, stderr, err := runNginx(t, path, dir, "-T")
	if err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	files := Load(os.DirFS("/"), "/", filepath.Join(dir, "nginx.conf"))
	dump := ParseDump("dump.txt", stderr+stdout)
	if len(files.Errors)+len(dump.Errors) > 0 {
		t.Fatalf("errors: files %q, dump %q", messages(files.Errors), messages(dump.Errors))
	}
	if diff := cmp.Diff(lines(files), lines(dump)); diff != "" {
		t.Errorf("-files +dump:\n%s", diff)
	}
	// The artifact position is the line of the dump.
	dumpLines := strings.Split(stderr+stdout, "\n")
	for d := range all(dump) {
		p := d.Pos()
		if p.Artifact != "dump.txt" || !strings.HasPrefix(dumpLines[p.ArtifactLine-1][p.Column-1:], strings.SplitN(d.Head.Raw(), "\n", 2)[0]) {
			t.Errorf("%s: line %d of the dump is %q", p, p.ArtifactLine, dumpLines[p.ArtifactLine-1])
		}
	}
}
