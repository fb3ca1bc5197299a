// SPDX-License-Identifier: Apache-2.0

package nginxrules_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

const openrestyV = `nginx version: openresty/1.25.3.2
built by gcc 11.4.1 20231218 (Red Hat 11.4.1-3) (GCC)
built with OpenSSL 1.1.1w  11 Sep 2023 (running with OpenSSL 3.0.7 1 Nov 2022)
TLS SNI support enabled
configure arguments: --prefix=/usr/local/openresty/nginx --with-cc-opt='-O2 -DNGX_LUA_ABORT_AT_PANIC' --add-module=../ngx_devel_kit-0.3.3 --add-module=../ngx_lua-0.10.26 --add-dynamic-module=/src/headers-more-nginx-module-0.37 --with-http_ssl_module --with-http_v2_module --with-stream=dynamic --with-threads --without-http_autoindex_module --without-mail_pop3_module
`

// buildOf reads an output of nginx -V.
func buildOf(t testing.TB, text string) (evidence.NginxBuild, []string) {
	t.Helper()
	files := fstest.MapFS{"nginx.conf": {Data: []byte("http { }\n")}, "V.txt": {Data: []byte(text)}}
	got := collect(t, files, evidence.NginxLocation{Root: "t", Conf: "nginx.conf", Version: "V.txt"})
	var reasons []string
	for _, g := range got.Gaps {
		if g.Part == "program" {
			reasons = append(reasons, g.Reason)
		}
	}
	return got.Sections.NginxRules[0].Program, reasons
}

func wantBuild() evidence.NginxBuild {
	with, added, without := evidence.ModuleWith, evidence.ModuleAdded, evidence.ModuleWithout
	return evidence.NginxBuild{
		Known: true, Flavour: "openresty", Version: "1.25.3", Release: "1.25.3.2", ReleaseNumbers: []int{1, 25, 3, 2},
		BuiltWith:   evidence.TLSLibrary{Known: true, Name: "OpenSSL", Version: "1.1.1w", Numbers: []int{1, 1, 1}, Letter: "w", Date: "2023-09-11"},
		RunningWith: evidence.TLSLibrary{Known: true, Name: "OpenSSL", Version: "3.0.7", Numbers: []int{3, 0, 7}, Date: "2022-11-01"},
		Complete:    true, Lua: true,
		Arguments: []evidence.ConfigureFlag{
			{Name: "--prefix", Value: "/usr/local/openresty/nginx"},
			{Name: "--with-cc-opt", Value: "-O2 -DNGX_LUA_ABORT_AT_PANIC"},
			{Name: "--add-module", Value: "../ngx_devel_kit-0.3.3"},
			{Name: "--add-module", Value: "../ngx_lua-0.10.26"},
			{Name: "--add-dynamic-module", Value: "/src/headers-more-nginx-module-0.37"},
			{Name: "--with-http_ssl_module"},
			{Name: "--with-http_v2_module"},
			{Name: "--with-stream", Value: "dynamic"},
			{Name: "--with-threads"},
			{Name: "--without-http_autoindex_module"},
			{Name: "--without-mail_pop3_module"},
		},
		Modules: []evidence.CompiledModule{
			{Name: "ngx_devel_kit", Version: "0.3.3", Choice: added},
			{Name: "ngx_lua", Version: "0.10.26", Choice: added},
			{Name: "headers-more-nginx-module", Version: "0.37", Choice: added, Dynamic: true},
			{Name: "http_ssl_module", Choice: with},
			{Name: "http_v2_module", Choice: with},
			{Name: "stream", Choice: with, Dynamic: true},
			{Name: "http_autoindex_module", Choice: without},
			{Name: "mail_pop3_module", Choice: without},
		},
		Source: evidence.Source{Artifact: "V.txt", Line: 1, Column: 1, Origin: evidence.Origin{Kind: evidence.Explicit}},
	}
}

func TestTheBuildIsTheSameInOneLineAndInMany(t *testing.T) {
	for name, text := range map[string]string{
		"one line":                     openrestyV,
		"a line for each argument":     strings.ReplaceAll(openrestyV, " --", "\n--"),
		"lines that end in a backlash": strings.ReplaceAll(openrestyV, " --", " \\\n  --"),
		"line ends of Windows":         strings.ReplaceAll(strings.ReplaceAll(openrestyV, " --", "\n--"), "\n", "\r\n"),
	} {
		got, gaps := buildOf(t, text)
		if diff := cmp.Diff(wantBuild(), got); diff != "" || len(gaps) != 0 {
			t.Errorf("%s: %v\n%s", name, gaps, diff)
		}
	}
}

func TestLibrariesAndPackagersAreTold(t *testing.T) {
	for line, want := range map[string]evidence.TLSLibrary{
		"OpenSSL 3.0.11 19 Sep 2023":                 {Known: true, Name: "OpenSSL", Version: "3.0.11", Numbers: []int{3, 0, 11}, Date: "2023-09-19"},
		"OpenSSL 1.1.1k  FIPS 25 Mar 2021":           {Known: true, Name: "OpenSSL", Version: "1.1.1k", Numbers: []int{1, 1, 1}, Letter: "k", Date: "2021-03-25"},
		"OpenSSL 3.2.0-beta1 26 Oct 2023":            {Known: true, Name: "OpenSSL", Version: "3.2.0", Numbers: []int{3, 2, 0}, Date: "2023-10-26"},
		"LibreSSL 3.8.2":                             {Known: true, Name: "LibreSSL", Version: "3.8.2", Numbers: []int{3, 8, 2}},
		"BoringSSL":                                  {Known: true, Name: "BoringSSL"},
		"OpenSSL 1.0.2k-fips  26 Jan 2017 (running…": {Known: true, Name: "OpenSSL", Version: "1.0.2k", Numbers: []int{1, 0, 2}, Letter: "k", Date: "2017-01-26"},
	} {
		b, gaps := buildOf(t, "nginx version: nginx/1.24.0 (Ubuntu)\nbuilt with "+line+"\nconfigure arguments: --with-http_dav_module\n")
		if diff := cmp.Diff(want, b.BuiltWith); diff != "" || len(gaps) != 0 {
			t.Errorf("%s: %v %s", line, gaps, diff)
		}
		if b.Packager != "Ubuntu" || b.Flavour != "nginx" || b.Release != "1.24.0" || b.Lua || b.RunningWith.Name != b.BuiltWith.Name {
			t.Errorf("%+v", b)
		}
	}
}

func TestABuildThatIsNotWholeIsAGapOfTheBuildOnly(t *testing.T) {
	for name, c := range map[string]struct{ text, reason string }{
		"nginx -v":                 {"nginx version: nginx/1.24.0\n", "no \"configure arguments:\" line"},
		"an open quote":            {"nginx version: nginx/1.24.0\nconfigure arguments: --with-cc-opt='-O2 -g\n", "cut off"},
		"no end of the line":       {"nginx version: nginx/1.24.0\nconfigure arguments: --with-http_ss", "cut off"},
		"words broken by a window": {"nginx version: nginx/1.24.0\nconfigure arguments: --with-http_ssl_mod\nule --with-threads\n", "1 words"},
		"too many arguments":       {"nginx version: nginx/1.24.0\nconfigure arguments:" + strings.Repeat(" --with-x", 501) + "\n", "more than 500"},
	} {
		b, gaps := buildOf(t, c.text)
		if b.Complete || !b.Known || len(gaps) != 1 || !strings.Contains(gaps[0], c.reason) || len(b.Arguments) > 500 {
			t.Errorf("%s: complete %t known %t, %q", name, b.Complete, b.Known, gaps)
		}
	}
	for _, version := range []string{"", "1.22.1"} {
		got := collect(t, fstest.MapFS{"nginx.conf": {Data: []byte("http { }\n")}}, evidence.NginxLocation{Root: "t", Conf: "nginx.conf", Version: version})
		if len(got.Gaps) != 1 || got.Gaps[0].Part != "program" || !strings.Contains(got.Gaps[0].Reason, "nginx.version") || got.Sections.NginxRules[0].Program.Known {
			t.Errorf("%q: %+v", version, got.Gaps)
		}
	}
}

func FuzzBuild(f *testing.F) {
	f.Add(openrestyV)
	f.Add("nginx version: nginx/1.24.0 (Ubuntu)\nbuilt with OpenSSL\nconfigure arguments: --add-module= 'a \\\n--without-")
	f.Fuzz(func(t *testing.T, text string) {
		b, gaps := buildOf(t, text)
		if b.Known && !b.Complete && len(gaps) == 0 {
			t.Error("an incomplete build without a gap")
		}
		for _, a := range b.Arguments {
			if !strings.HasPrefix(a.Name, "--") {
				t.Errorf("%q", a.Name)
			}
		}
	})
}
