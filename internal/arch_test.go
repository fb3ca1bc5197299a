// SPDX-License-Identifier: Apache-2.0

// Package internal_test holds the repository to its own rules: who imports
// whom, which versions are pinned, and what must never be committed.
package internal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors"
	"github.com/postern-audit/postern/internal/evidence"
)

const module = "github.com/postern-audit/postern/"

// allowed lists, for each of our packages, which others it may import. A
// trailing "/..." names everything below. What is not listed may import
// nothing of ours.
var allowed = map[string][]string{
	"cmd/postern":                    {"internal/cli"},
	"internal/cli":                   {"internal/audit", "internal/surface", "internal/lab", "rewriter", "internal/signoff", "internal/report", "internal/site", "internal/policy", "internal/finding", "internal/evidence", "policies", "internal/confirm", "internal/derive/exposure", "collectors/nginxrules", "internal/nginx", "internal/nginx/request"},
	"internal/audit":                 {"internal/attestation", "internal/surface", "internal/derive/exposure", "internal/nginx", "internal/nginx/request", "collectors", "collectors/...", "internal/capture", "internal/remote", "internal/vos", "internal/dial", "internal/evidence", "internal/finding", "internal/policy", "internal/report", "internal/site", "internal/waiver", "policies"},
	"collectors":                     {"collectors/...", "internal/evidence"},
	"collectors/*":                   {"internal/evidence", "internal/nginx", "internal/netfilter", "internal/vos", "internal/dial", "collectors/internal/..."},
	"collectors/nginxrules":          {"internal/evidence", "internal/nginx", "internal/nginx/request"},
	"collectors/internal/transcript": {"internal/evidence", "internal/vos"},
	"collectors/internal/mapgrammar": {"internal/evidence"},
	"collectors/internal/xmltree":    {},
	"internal/policy":                {"internal/evidence", "internal/finding"},
	"internal/report":                {"internal/evidence", "internal/finding"},
	"internal/waiver":                {"internal/evidence", "internal/finding"},
	"internal/attestation":           {"internal/evidence", "internal/finding"},
	"internal/signoff":               {"internal/evidence", "internal/finding"},
	"internal/finding":               {"internal/evidence"},
	"internal/site":                  {"internal/evidence"},
	"internal/lab":                   {"rewriter", "policies"},
	"policies":                       {},
	"rewriter":                       {},
	"internal/evidence":              {},
	"internal/nginx":                 {},
	"internal/netfilter":             {},
	"internal/vos":                   {},
	"internal/dial":                  {},
	"internal/remote":                {},
	"internal/automata":              {},
	"internal/surface":               {},
	"internal/derive/exposure":       {"internal/automata", "internal/nginx", "internal/nginx/request", "internal/surface"},
	"internal/nginx/request":         {"internal/nginx", "internal/automata"},
	// Only tests know it.
	"internal/nginx/request/wiretest": {"internal/nginx", "internal/nginx/request"},
	"internal/confirm":                {"internal/automata", "internal/nginx", "internal/nginx/request"},
	"internal/mutation":               {},
	"internal/capture":                {"internal/evidence", "internal/remote", "internal/vos"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
	Module     struct{ Main bool }
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Module", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestNobodyImportsWhatTheTableDoesNotAllow(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if name == "internal" {
			continue // this test
		}
		rules, known := allowed[name]
		if !known && strings.HasPrefix(name, "collectors/") {
			rules, known = allowed["collectors/*"], true
		}
		if !known {
			t.Errorf("%s is not in the import table: say there who it may know", name)
		}
		for _, i := range p.Imports {
			ours, isOurs := strings.CutPrefix(i, module)
			if isOurs && !permitted(rules, ours) {
				t.Errorf("%s imports %s: the import table does not allow it", name, ours)
			}
		}
	}
}

func permitted(rules []string, name string) bool {
	for _, r := range rules {
		if prefix, below := strings.CutSuffix(r, "/..."); r == name || below && strings.HasPrefix(name, prefix+"/") {
			return true
		}
	}
	return false
}

// onlyIn lists packages that have one place in the tree, with the reason.
var onlyIn = map[string]struct{ where, reason string }{
	"github.com/pkg/sftp":              {"internal/remote", "hosts are read over SSH in one place"},
	"github.com/open-policy-agent/opa": {"internal/policy", "rules are evaluated in one place"},
	"github.com/projectdiscovery/":     {"collectors/tlsposture", "tlsx is held in one safe shape"},
	"github.com/cloudflare/cfssl":      {"collectors/tlsposture", "only to keep tlsx from checking revocation"},
	"github.com/zmap/zlint":            {"collectors/certchain", "certificates are described in one place"},
	"github.com/spf13/viper":           {"internal/site", "there is one configuration file and no global one"},
	"github.com/spf13/cobra":           {"internal/cli", "only the command line has commands"},
	"golang.org/x/net/dns/":            {"collectors/dns internal/lab", "names are looked up in one place"},
	"github.com/olekukonko/":           {"internal/report", "only reports are drawn"},
	"os/exec":                          {"internal/lab internal/capture internal/confirm internal/mutation internal/nginx/request/wiretest", "an audit runs no program, but for the constant commands that show an edge to itself; confirm runs nginx in a namespace of its own; mutations, which no program links, have openssl make certificates, and tests ask nginx"},
	"plugin":                           {"", "nothing is loaded at run time"},
	"unsafe":                           {"", "there is no need for it"},
	"net/http/httputil":                {"rewriter", "only the reference proxy forwards"},
}

func TestAPackageWithOnePlaceStaysThere(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, i := range p.Imports {
			for prefix, rule := range onlyIn {
				if strings.HasPrefix(i, prefix) && !slices.Contains(strings.Fields(rule.where), name) && !(prefix == "unsafe" && i != "unsafe") {
					t.Errorf("%s imports %s, which belongs into %q: %s", name, i, rule.where, rule.reason)
				}
			}
		}
	}
}

func TestEveryCollectorFolderIsListedAndNamedLikeItsFolder(t *testing.T) {
	entries, err := os.ReadDir("../collectors")
	if err != nil {
		t.Fatal(err)
	}
	var folders, listed []string
	for _, e := range entries {
		if e.IsDir() && e.Name() != "internal" {
			folders = append(folders, e.Name())
		}
	}
	for _, c := range collectors.All() {
		listed = append(listed, c.Name())
	}
	sort.Strings(listed)
	if diff := cmp.Diff(folders, listed); diff != "" {
		t.Errorf("folders and list differ: %s", diff)
	}
}

func TestEverySectionIsFilledByOneCollector(t *testing.T) {
	var filled []string
	for _, c := range collectors.All() {
		filled = append(filled, collectors.Sections(c.Name())...)
	}
	sections := evidence.SectionNames()
	sort.Strings(filled)
	sort.Strings(sections)
	if diff := cmp.Diff(sections, filled); diff != "" {
		t.Errorf("sections and what collectors fill differ: %s", diff)
	}
}

func TestThePinsThatHoldTheGraphTogetherStand(t *testing.T) {
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, pin := range []string{
		"github.com/projectdiscovery/tlsx v1.2.2",
		"github.com/zmap/zlint/v3 v3.6.8",
		"github.com/zmap/zcrypto v0.0.0-20250129210703-03c45d0bae98",
		"github.com/open-policy-agent/opa v1.22.2",
	} {
		if !strings.Contains(string(text), pin) {
			t.Errorf("go.mod lacks %s: newer ones do not compile together (docs/dependencies.md)", pin)
		}
	}
	if regexp.MustCompile(`(?m)^\s*(replace|exclude|retract)\b`).Match(text) {
		t.Error("go.mod has a replace or exclude: go install of a version would break")
	}
	for _, tool := range []string{"staticcheck", "gofumpt", "regal", "honnef.co"} {
		if strings.Contains(string(text), tool) {
			t.Errorf("go.mod names %s: developer tools live in tools/", tool)
		}
	}
}

func TestTheModuleIsTidy(t *testing.T) {
	cmd := exec.Command("go", "mod", "tidy", "-diff")
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go mod tidy would change: %v\n%s", err, out)
	}
}

// banned are texts that no committed file may hold, with the reason. They are
// put together here so that this file does not hold them either.
var banned = []struct {
	pattern *regexp.Regexp
	reason  string
	// except is a folder where the text is at home.
	except string
}{
	{regexp.MustCompile(`/wo` + `rk/[a-z]`), "a path of one machine", ""},
	// Fixtures are trees and listings of made-up hosts, which have homes as well.
	{regexp.MustCompile(`/(?:ro` + `ot|ho` + `me/[a-z]+)/[a-z]`), "a path of one machine", "../fixtures/"},
	// The authority of the fixtures signs nothing else and is trusted by nobody.
	{regexp.MustCompile(`-{5}BEGIN [A-Z ]*PRIVATE KEY-{5}\s+[A-Za-z0-9+/]{60}`), "a private key", "../fixtures/authority/"},
}

func TestNoFileHoldsWhatBelongsToOneMachine(t *testing.T) {
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); base == ".git" || base == ".bin" {
				return filepath.SkipDir
			}
			return nil
		}
		info, err := d.Info()
		if err != nil || !info.Mode().IsRegular() || info.Size() > 1<<20 {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, b := range banned {
			if b.except != "" && strings.HasPrefix(name, b.except) {
				continue
			}
			if m := b.pattern.Find(text); m != nil {
				t.Errorf("%s holds %s: %q", name, b.reason, m)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestEveryGoFileStartsWithItsLicence(t *testing.T) {
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		text, err := os.ReadFile(name)
		if err == nil && !bytes.HasPrefix(text, []byte("// SPDX-License-Identifier: Apache-2.0\n")) {
			t.Errorf("%s does not start with its licence identifier", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
