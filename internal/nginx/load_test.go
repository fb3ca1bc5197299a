// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func filesOf(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

func TestLoad(t *testing.T) {
	tests := []struct {
		name         string
		files        fs.FS
		prefix, conf string
		want         []string // place, name and arguments of every directive
		errs         []string
	}{
		{
			name:   "a relative include is relative to the folder of the main file",
			files:  filesOf("opt/n/conf/nginx.conf", "a { include d/b.conf; }", "opt/n/conf/d/b.conf", "\n b;\ninclude c.conf;", "opt/n/conf/c.conf", "c 1;"),
			prefix: "opt/n", conf: "conf/nginx.conf",
			want: []string{
				"/opt/n/conf/nginx.conf:1:1 a []",
				"/opt/n/conf/d/b.conf:2:2 b []",
				"/opt/n/conf/c.conf:1:1 c [1]",
			},
		},
		{
			name:   "an absolute include is looked up below the root",
			files:  filesOf("opt/nginx.conf", "include /etc/x.conf;", "etc/x.conf", "x;"),
			prefix: "/opt", conf: "nginx.conf",
			want: []string{"/etc/x.conf:1:1 x []"},
		},
		{
			name:  "an absolute main file leaves the prefix alone",
			files: filesOf("etc/nginx.conf", "include a;", "etc/a", "a;"),
			conf:  "/etc/nginx.conf", prefix: "/opt",
			want: []string{"/etc/a:1:1 a []"},
		},
		{
			name: "a pattern gives its files in byte order and passes over hidden ones",
			files: filesOf("nginx.conf", "include d/*.conf;", "d/b.conf", "b;", "d/B.conf", "B;", "d/a.conf", "a;", "d/.h.conf", "h;", "d/a.conf.bak", "x;",
				"d/é.conf", "e;", "d/10.conf", "n10;", "d/9.conf", "n9;"),
			conf: "nginx.conf",
			want: []string{
				"/d/10.conf:1:1 n10 []", "/d/9.conf:1:1 n9 []", "/d/B.conf:1:1 B []", "/d/a.conf:1:1 a []", "/d/b.conf:1:1 b []", "/d/é.conf:1:1 e []",
			},
		},
		{
			name:  "a pattern may stand for folders too",
			files: filesOf("nginx.conf", "include s/*/[ab]?.conf;", "s/x/a1.conf", "a;", "s/y/b2.conf", "b;", "s/y/c3.conf", "c;", "s/file", "f;"),
			conf:  "nginx.conf",
			want:  []string{"/s/x/a1.conf:1:1 a []", "/s/y/b2.conf:1:1 b []"},
		},
		{
			name:  "a pattern without a match is legal",
			files: filesOf("nginx.conf", "a; include none/*.conf; b;"),
			conf:  "nginx.conf",
			want:  []string{"/nginx.conf:1:1 a []", "/nginx.conf:1:25 b []"},
		},
		{
			name:  "a missing file is an error at its include",
			files: filesOf("nginx.conf", "a;\n  include x.conf;\nb;"),
			conf:  "nginx.conf",
			want:  []string{"/nginx.conf:1:1 a []", "/nginx.conf:3:1 b []"},
			errs:  []string{`/nginx.conf:2:3: include "x.conf": /x.conf: file does not exist`},
		},
		{
			name:  "a name that climbs out of the root is refused",
			files: filesOf("a/nginx.conf", "include ../../etc/passwd;\ninclude ../ok;\ninclude /../x;", "ok", "k;"),
			conf:  "/a/nginx.conf",
			want:  []string{"/ok:1:1 k []"},
			errs: []string{
				`/a/nginx.conf:1:1: include "../../etc/passwd": the name leads out of the root`,
				`/a/nginx.conf:3:1: include "/../x": the name leads out of the root`,
			},
		},
		{
			name:  "a cycle is reported and cut",
			files: filesOf("nginx.conf", "include a;\nz;", "a", "x;\ninclude b;", "b", "y;\ninclude a;\ninclude nginx.conf;"),
			conf:  "nginx.conf",
			want:  []string{"/a:1:1 x []", "/b:1:1 y []", "/nginx.conf:2:1 z []"},
			errs:  []string{`/b:2:1: include "a": /a includes itself`, `/b:3:1: include "nginx.conf": /nginx.conf includes itself`},
		},
		{
			name:  "a file included twice keeps its own place in both",
			files: filesOf("nginx.conf", "l { include p; }\nm { include p; }", "p", "x;"),
			conf:  "nginx.conf",
			want:  []string{"/nginx.conf:1:1 l []", "/p:1:1 x []", "/nginx.conf:2:1 m []", "/p:1:1 x []"},
		},
		{
			name:  "one broken file does not lose the others",
			files: filesOf("nginx.conf", "include *.inc;", "a.inc", "a;", "b.inc", "b { c", "d.inc", "} d;"),
			conf:  "nginx.conf",
			want:  []string{"/a.inc:1:1 a []", "/b.inc:1:1 b []", "/d.inc:1:3 d []"},
			errs: []string{
				`/b.inc:1:5: unexpected end of file inside "c"`, `/b.inc:1:3: block "b" is never closed`,
				`/d.inc:1:1: unexpected "}": no block is open`,
			},
		},
		{
			name:  "a folder in the place of a file is an error",
			files: filesOf("nginx.conf", "include d;", "d/x", ""),
			conf:  "nginx.conf",
			errs:  []string{`/nginx.conf:1:1: include "d": /d: not a regular file`},
		},
		{
			name:  "a missing main file leaves no tree and one error",
			files: filesOf("x", ""), conf: "nginx.conf",
			errs: []string{"/nginx.conf: the main configuration cannot be read: open nginx.conf: file does not exist"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree := Load(tt.files, tt.prefix, tt.conf)
			var got, errs []string
			for d := range all(tree) {
				got = append(got, fmt.Sprintf("%s %s %v", d.Pos(), d.Name, d.Values()))
			}
			for _, e := range tree.Errors {
				errs = append(errs, e.Error())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("directives (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.errs, errs); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestASymbolicLinkOutOfTheRootIsReportedAndNotFollowed(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write(t, outside, "secret.conf", "secret;")
	write(t, dir, "nginx.conf", "include link.conf;\ninclude d/*.conf;\na;")
	if err := os.Mkdir(filepath.Join(dir, "d"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, link := range []string{"link.conf", "d/x.conf"} {
		if err := os.Symlink(filepath.Join(outside, "secret.conf"), filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	tree := Load(root.FS(), "", "nginx.conf")
	for d := range all(tree) {
		if d.Name == "secret" {
			t.Error("a file outside of the root was read")
		}
	}
	if len(tree.Errors) != 2 || tree.Errors[0].Line != 1 || tree.Errors[1].Line != 2 {
		t.Errorf("errors: %q", messages(tree.Errors))
	}
}

func TestIncludesThatMultiplyAreBounded(t *testing.T) {
	m := fstest.MapFS{}
	for i := range 30 {
		m[fmt.Sprintf("f%d", i)] = &fstest.MapFile{Data: []byte(strings.Repeat(fmt.Sprintf("include f%d;\n", i+1), 20))}
	}
	m["f30"] = &fstest.MapFile{Data: []byte("a;")}
	tree := Load(m, "", "f0")
	n := 0
	for range all(tree) {
		n++
	}
	if n > MaxTokens || !strings.Contains(fmt.Sprint(messages(tree.Errors)), "after expansion of includes") {
		t.Errorf("%d directives, errors %.300q", n, messages(tree.Errors))
	}
}

func TestIncludesThatNestTooDeepAreReported(t *testing.T) {
	m := fstest.MapFS{}
	for i := range 50 {
		m[fmt.Sprintf("f%d", i)] = &fstest.MapFile{Data: []byte(fmt.Sprintf("d%d;\ninclude f%d;\n", i, i+1))}
	}
	tree := Load(m, "", "f0")
	if len(tree.Files) != MaxIncludeDepth+1 || len(tree.Errors) != 1 {
		t.Errorf("%d files, errors %q", len(tree.Files), messages(tree.Errors))
	}
}

func TestTooManyFilesAreReported(t *testing.T) {
	m := fstest.MapFS{"nginx.conf": {Data: []byte("include d/*;")}}
	for i := range MaxFiles + 10 {
		m[fmt.Sprintf("d/%04d", i)] = &fstest.MapFile{Data: []byte("a;")}
	}
	tree := Load(m, "", "nginx.conf")
	if len(tree.Files) != MaxFiles || len(tree.Errors) == 0 {
		t.Errorf("%d files, errors %q", len(tree.Files), messages(tree.Errors))
	}
}

func TestMatchSegment(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"*", "a", true},
		{"*", "", true},
		{"*", ".a", false},
		{".*", ".a", true},
		{"?", ".", false},
		{"*.conf", "a.conf", true},
		{"*.conf", ".conf", false},
		{"a*b*c", "aXbYbZc", true},
		{"a*b*c", "aXbYbZ", false},
		{"?", "a", true},
		{"?", "", false},
		{"??", "é", true},
		{"[abc]", "b", true},
		{"[a-c]", "d", false},
		{"[!a-c]", "d", true},
		{"[^a-c]", "b", false},
		{"[]]", "]", true},
		{"[!]]", "]", false},
		{"[a-]", "-", true},
		{"[", "[", true},
		{"[ab", "[ab", true},
		{`\*`, "*", true},
		{`\*`, "a", false},
		{`[\]]`, "]", true},
		{"[[:digit:]]x", "4x", true},
		{"[[:alpha:]_]", "_", true},
		{"[[:upper:]]", "a", false},
	}
	for _, tt := range tests {
		if got := matchSegment(tt.pattern, tt.name); got != tt.want {
			t.Errorf("%q against %q: %v", tt.pattern, tt.name, got)
		}
	}
}

// nginx reads its files in the order that its dump shows them.
func TestPatternsAgainstNginx(t *testing.T) {
	path, modules := realNginx(t)
	names := []string{"a", "b", "B", "1", "10", "9", "ab", "a-b", "a_b", "[", "]", "[a]", "a]", "-", "!", "^", ".h", "..x", "a.b", "a b", "é", "x*", "x?", "~", "a'"}
	for _, pattern := range []string{
		"d/*", "d/?", "d/??", "d/[ab]", "d/[a-z]*", "d/[!a-z]*", "d/[^a-z]*", "d/[]]", "d/[]-]", "d/[!]]", "d/[", "d/[a", "d/.*h", `d/x\*`, `d/x[*]`, "*/a", "d/*a*b*",
		"d/[[:digit:]]*", "d/[a-", "d/[[]a]", "d/a?b", "./d/?", "d//?", "d/../d/a*", "*/", "d/*/",
	} {
		t.Run(pattern, func(t *testing.T) {
			dir := t.TempDir()
			for _, n := range names {
				write(t, dir, "d/"+n, "")
			}
			write(t, dir, "nginx.conf", sandboxed(modules, dir, fmt.Sprintf("include %q;", pattern)))
			stdout, stderr, err := runNginx(t, path, dir, "-T")
			tree := Load(os.DirFS("/"), "/", filepath.Join(dir, "nginx.conf"))
			if (err == nil) != (len(tree.Errors) == 0) {
				t.Fatalf("nginx: %s, we: %q", stderr, messages(tree.Errors))
			}
			var want, got []string
			for _, line := range strings.Split(stdout, "\n") {
				if name, ok := dumpSeparator(line); ok {
					want = append(want, name)
				}
			}
			for _, f := range tree.Files {
				got = append(got, f.Name)
			}
			if err == nil {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("-nginx +ours:\n%s", diff)
				}
			}
		})
	}
}

func TestParseDump(t *testing.T) {
	t.Run("an include inside a location stays in that location (gixy-ng 64)", func(t *testing.T) {
		dump := "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n" +
			"# configuration file /etc/nginx/nginx.conf:\nserver {\n location /a { include p.inc; }\n location /b { }\n}\n\n" +
			"# configuration file /etc/nginx/p.inc:\nroot /x;\nproxy_pass http://u;\n\n"
		tree := ParseDump("T.txt", dump)
		if len(tree.Errors) > 0 {
			t.Fatal(messages(tree.Errors))
		}
		var parents []string
		for d := range all(tree) {
			for c := range d.Children() {
				if c.Name == "proxy_pass" {
					parents = append(parents, d.Arg(0))
					want := Pos{File: "/etc/nginx/p.inc", Line: 2, Column: 1, Artifact: "T.txt", ArtifactLine: 10}
					if diff := cmp.Diff(want, c.Pos()); diff != "" {
						t.Errorf("place (-want +got):\n%s", diff)
					}
				}
			}
		}
		if diff := cmp.Diff([]string{"/a"}, parents); diff != "" {
			t.Errorf("parents (-want +got):\n%s", diff)
		}
	})
	for _, tt := range []struct {
		name, dump string
		want       string // part of an error
	}{
		{"text without any file is reported", "user nginx;\n", "no configuration file in the dump"},
		{"an empty dump is reported", "", "no configuration file in the dump"},
		{"an include of a file that the dump lacks is reported", "# configuration file /n/nginx.conf:\ninclude x;\n", "not in the dump"},
		{"a file that nothing includes is reported", "# configuration file /n/nginx.conf:\na;\n\n# configuration file /n/x:\nb;\n", "no include that was read names it"},
		{"a dump that is cut inside a line is reported", "# configuration file /n/nginx.conf:\na;\nb", "the dump may be cut off"},
		{"a dump that is cut after a line is reported", "# configuration file /n/nginx.conf:\na;\nb;\n", "the dump may be cut off"},
		{"a dump that is cut after a file's name is reported", "# configuration file /n/nginx.conf:\n", "the dump may be cut off"},
		{"a file that stands twice is reported", "# configuration file /n/nginx.conf:\na;\n\n# configuration file /n/nginx.conf:\nb;\n", "stands twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tree := ParseDump("T.txt", tt.dump)
			if !strings.Contains(fmt.Sprint(messages(tree.Errors)), tt.want) {
				t.Errorf("errors: %q", messages(tree.Errors))
			}
		})
	}
	t.Run("a dump with carriage returns is read", func(t *testing.T) {
		tree := ParseDump("T.txt", "# configuration file /n/nginx.conf:\r\ninclude d/*.conf;\r\n\r\n# configuration file /n/d/a.conf:\r\na;\r\n\r\n")
		if got := lines(tree); len(tree.Errors) > 0 || len(got) != 1 {
			t.Errorf("%q, errors %q", got, messages(tree.Errors))
		}
	})
}
