// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
)

// Limits of rules read from elsewhere.
const (
	maxModuleBytes = 1 << 20
	maxModules     = 5000
)

// Set is a compiled set of rules, ready to decide. It is safe for concurrent use.
type Set struct {
	rules    []finding.Rule
	modules  map[string]*ast.Module
	packages map[string]string // rule id -> package path, such as "data.policies.tls.x"
	files    map[string]string // rule id -> key of its module
	allowed  *ast.Capabilities
	compiler *ast.Compiler
	digest   string
	// reads is what each rule reads, by its id.
	reads map[string]readings
}

// Rules returns the rules in order of id.
func (s *Set) Rules() []finding.Rule { return s.rules }

// Digest is the SHA-256 in hex over the paths and texts of all modules, and of the data
// that comes with the built-in ones: controls, profiles and surfaces.
func (s *Set) Digest() string { return s.digest }

// Load compiles the built-in rules of one file system and, when user is not
// nil, a user's own of another. In the first, DOMAIN/RULE.rego has the package
// policies.DOMAIN.RULE and the id DOMAIN/RULE, and lib/NAME.rego holds shared
// indexes; in the second the package is custom.DOMAIN.RULE and the id
// custom/DOMAIN/RULE. Files ending in _test.rego are left out.
//
// The error joins everything that is wrong, each with file and line.
func Load(builtin, user fs.FS) (*Set, error) {
	s := &Set{modules: map[string]*ast.Module{}, packages: map[string]string{}, files: map[string]string{}, allowed: capabilities()}
	sum := sha256.New()
	var errs []error
	errs = append(errs, s.parseAll(builtin, "policies", sum.Write)...)
	if user != nil {
		errs = append(errs, s.parseAll(user, "custom", sum.Write)...)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := hashData(builtin, sum); err != nil {
		return nil, err
	}
	s.digest = hex.EncodeToString(sum.Sum(nil))
	if err := s.compile(); err != nil {
		return nil, err
	}
	return s, nil
}

// hashData adds the data beside the rules to a digest.
func hashData(builtin fs.FS, sum io.Writer) error {
	return fs.WalkDir(builtin, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("policies: %w", err)
		}
		if d.IsDir() || path.Ext(name) != ".yaml" {
			return nil
		}
		text, err := fs.ReadFile(builtin, name)
		if err != nil {
			return fmt.Errorf("policies: %w", err)
		}
		_, err = fmt.Fprintf(sum, "%d:%s%d:%s", len(name), name, len(text), text)
		return err
	})
}

func (s *Set) parseAll(fsys fs.FS, root string, hash func([]byte) (int, error)) []error {
	var errs []error
	count := 0
	walk := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("policies: %w", err)
		}
		if d.IsDir() || !strings.HasSuffix(name, ".rego") || strings.HasSuffix(name, "_test.rego") {
			return nil
		}
		if count++; count > maxModules {
			return fmt.Errorf("policies: more than %d modules", maxModules)
		}
		info, err := d.Info()
		if err != nil {
			return fmt.Errorf("policies: %w", err)
		}
		// A link or a device may have no end, or show what is not a rule.
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s: is no regular file", name)
		}
		if info.Size() > maxModuleBytes {
			return fmt.Errorf("%s: %d bytes exceed the limit of %d", name, info.Size(), maxModuleBytes)
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return fmt.Errorf("policies: %w", err)
		}
		if len(text) > maxModuleBytes {
			return fmt.Errorf("%s: %d bytes exceed the limit of %d", name, len(text), maxModuleBytes)
		}
		file := path.Join(root, name)
		for _, part := range [...][]byte{[]byte(file), text} {
			fmt.Fprintf(hashWriter(hash), "%d:", len(part))
			_, _ = hash(part)
		}
		if err := s.parse(file, text); err != nil {
			errs = append(errs, err)
		}
		return nil
	})
	if walk != nil {
		errs = append(errs, walk)
	}
	return errs
}

type hashWriter func([]byte) (int, error)

func (h hashWriter) Write(p []byte) (int, error) { return h(p) }

var packageElement = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// parse reads one module, and its header when it is a rule.
func (s *Set) parse(file string, text []byte) error {
	m, err := ast.ParseModuleWithOpts(file, string(text), ast.ParserOptions{
		ProcessAnnotation: true, RegoVersion: ast.RegoV1, Capabilities: s.allowed,
	})
	if err != nil {
		return fmt.Errorf("policy does not parse: %w", err)
	}
	parts := strings.Split(strings.TrimSuffix(file, ".rego"), "/")
	for _, p := range parts {
		if !packageElement.MatchString(p) {
			return fmt.Errorf("%s: path element %q: want lower-case letters, digits and underscores", file, p)
		}
	}
	want := "data." + strings.Join(parts, ".")
	if got := m.Package.Path.String(); got != want {
		return fmt.Errorf("%s:%d: package is %s, its path wants %s", file, m.Package.Location.Row, strings.TrimPrefix(got, "data."), strings.TrimPrefix(want, "data."))
	}
	if len(parts) != 3 {
		return fmt.Errorf("%s: a rule lies in DOMAIN/RULE.rego, one folder deep", file)
	}
	s.modules[file] = m
	if parts[1] == "lib" {
		return nil
	}
	id := strings.Join(parts[1:], "/")
	if parts[0] == "custom" {
		id = strings.Join(parts, "/")
	}
	r, err := header(m, file)
	if err != nil {
		return err
	}
	r.ID = id
	if err := requireShape(m, file); err != nil {
		return err
	}
	s.rules = append(s.rules, r)
	s.packages[id], s.files[id] = want, file
	return nil
}

// headerCustom is the "custom" part of a rule's header.
type headerCustom struct {
	Severity string   `json:"severity"`
	Fix      string   `json:"fix"`
	Controls []string `json:"controls"`
	Vantage  string   `json:"vantage"`
	Optional []string `json:"optional"`
	Aliases  []string `json:"aliases"`
	Bad      string   `json:"bad"`
	Good     string   `json:"good"`
}

func header(m *ast.Module, file string) (finding.Rule, error) {
	fail := func(format string, args ...any) (finding.Rule, error) {
		return finding.Rule{}, fmt.Errorf("%s: header: %s", file, fmt.Sprintf(format, args...))
	}
	var a *ast.Annotations
	for _, candidate := range m.Annotations {
		if candidate.Scope == "package" {
			if a != nil {
				return fail("more than one METADATA block for the package")
			}
			a = candidate
		}
	}
	if a == nil {
		return fail("no METADATA block above the package line")
	}
	raw, err := json.Marshal(a.Custom)
	if err != nil {
		return fail("custom: %v", err)
	}
	var c headerCustom
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return fail("custom: %v", err)
	}
	severity, err := finding.ParseSeverity(c.Severity)
	if err != nil {
		return fail("custom.severity: %v", err)
	}
	r := finding.Rule{
		Title: strings.TrimSpace(a.Title), Why: strings.TrimSpace(a.Description), Fix: strings.TrimSpace(c.Fix),
		Controls: emptyNotNil(c.Controls), Severity: severity, Vantage: c.Vantage,
		Optional: emptyNotNil(c.Optional), Aliases: emptyNotNil(c.Aliases), References: []string{}, Needs: []string{},
		Bad: strings.TrimSpace(c.Bad), Good: strings.TrimSpace(c.Good),
	}
	for _, ref := range a.RelatedResources {
		r.References = append(r.References, ref.Ref.String())
	}
	switch {
	case r.Title == "":
		return fail("title is missing")
	case r.Why == "":
		return fail("description is missing: say why it matters")
	case r.Fix == "":
		return fail("custom.fix is missing")
	case len(r.Controls) == 0 && strings.HasPrefix(file, "policies/"):
		return fail("custom.controls is missing")
	}
	sections := evidence.InputSections()
	for _, o := range r.Optional {
		if !slices.Contains(sections, o) {
			return fail("custom.optional: no section is called %q (there are %s)", o, strings.Join(sections, ", "))
		}
	}
	if v := evidence.Vantage(r.Vantage); r.Vantage != "" && !slices.Contains(v.Values(), r.Vantage) {
		return fail("custom.vantage: %q is none of %s", r.Vantage, strings.Join(v.Values(), ", "))
	}
	return r, nil
}

// requireShape makes sure that what the engine asks for are sets.
func requireShape(m *ast.Module, file string) error {
	have := map[string]bool{}
	for _, r := range m.Rules {
		name := string(r.Head.Name)
		if r.Head.Name == "" && len(r.Head.Reference) > 0 {
			name = r.Head.Reference[0].Value.String()
			name = strings.Trim(name, `"`)
		}
		switch name {
		case "subjects", "findings", "unsure":
			if r.Head.RuleKind() != ast.MultiValue || len(r.Head.Args) > 0 {
				return fmt.Errorf("%s:%d: %s must be a set: write \"%s contains x if { ... }\"", file, r.Location.Row, name, name)
			}
			have[name] = true
		}
	}
	for _, name := range [...]string{"subjects", "findings"} {
		if !have[name] {
			return fmt.Errorf("%s: %s is missing: write \"%s contains x if { ... }\"", file, name, name)
		}
	}
	return nil
}

func (s *Set) compile() error {
	var schema any
	raw, err := json.Marshal(evidence.InputSchema())
	if err != nil {
		return fmt.Errorf("evidence schema: %w", err)
	}
	if err := json.Unmarshal(raw, &schema); err != nil {
		return fmt.Errorf("evidence schema: %w", err)
	}
	schemas := ast.NewSchemaSet()
	schemas.Put(ast.SchemaRootRef, schema)
	s.compiler = ast.NewCompiler().WithCapabilities(s.allowed).WithStrict(true).
		WithSchemas(schemas).WithUseTypeCheckAnnotations(true).WithEnablePrintStatements(false)
	for file, m := range s.modules {
		if err := refuseUntyped(m, file); err != nil {
			return err
		}
	}
	s.compiler.Compile(s.modules)
	if s.compiler.Failed() {
		return fmt.Errorf("policies do not compile: %w", s.compiler.Errors)
	}
	var errs []error
	known := s.indexShapes()
	for _, file := range slices.Sorted(maps.Keys(s.compiler.Modules)) {
		errs = append(errs, s.requireResolved(file, s.compiler.Modules[file])...)
		errs = append(errs, requireMembers(file, s.compiler.Modules[file], known)...)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	sort.Slice(s.rules, func(i, j int) bool { return s.rules[i].ID < s.rules[j].ID })
	s.reads = make(map[string]readings, len(s.rules))
	reads := s.newLedger(known)
	for i := range s.rules {
		read := reads.of(s.rules[i].ID)
		s.rules[i].Needs, s.reads[s.rules[i].ID] = emptyNotNil(read.sections), read
	}
	return nil
}

func emptyNotNil(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
