// SPDX-License-Identifier: Apache-2.0

// Package env gathers the environment files of the reverse-proxy installer.
//
// The files are assignments in the syntax of a shell, and are read without one:
// comments, quotes, escapes, continued lines, $NAME, ${NAME} and
// ${NAME:-default} are understood, and nothing is ever executed. What only a
// shell could tell, such as a command substitution, is kept as it is written;
// its value is unresolved and a gap says so.
//
// The names of a file are looked up in the file itself, then in the files that
// belong to no component. Among these a name must have one value, since the
// order that the installer reads them in is not documented. The environment of
// the installer's own process is not known: a name that no file assigns is
// unresolved, and takes its default where it is written with one.
//
// Documented properties that nothing assigns are facts too, with the documented
// default and the release that it belongs to. Only the files of the folder
// itself are read, as the installer does.
package env

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of one edge.
const (
	maxFileBytes   = 1 << 20
	maxFiles       = 64
	maxAssignments = 1000 // of one file
	maxProperties  = 4000
	maxGaps        = 40 // of one file
)

const installerFile = "installer.env"

// Collector reads what an edge declares under "env".
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "env" }

// Collect implements evidence.Collector.
func (c Collector) Collect(_ context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if t.Kind != evidence.KindEdge {
		return out, nil
	}
	if t.Edge.Env == "" {
		out.Gaps = append(out.Gaps, t.Gap(c.Name(), "the edge declares no env: the installer's environment files are not known", t.Edge.Source))
		return out, nil
	}
	r := &reader{target: t, record: evidence.EnvFiles{Target: t.Subject, Source: t.Edge.Source}}
	texts := r.open(t.Edge.Env)
	if len(texts) > 0 {
		r.read(texts)
		out.Sections.Env = []evidence.EnvFiles{r.record}
	}
	out.Gaps = r.gaps
	return out, nil
}

// reader gathers one edge.
type reader struct {
	target evidence.Target
	record evidence.EnvFiles
	gaps   []evidence.Gap
}

// source is one opened file.
type source struct {
	name, artifact string
	text           []byte
}

func (r *reader) gap(subject, reason string, at evidence.Source) {
	r.gaps = append(r.gaps, evidence.Gap{Section: "env", Subject: subject, Reason: reason, Source: at})
}

// propertyGap is a gap of a file's properties alone: what the file is, and what
// was redacted in it, is known.
func (r *reader) propertyGap(subject, reason string, at evidence.Source) {
	r.gaps = append(r.gaps, evidence.Gap{Section: "env", Subject: subject, Part: "properties", Reason: reason, Source: at})
}

func (r *reader) subject(file string) string {
	return r.target.Subject + "/" + evidence.Subject("env", file)
}

// open returns the files of a folder, or the one file that the path names.
func (r *reader) open(name string) []source {
	tree, err := r.target.Files.Tree(name)
	if err != nil {
		art, fileErr := r.target.Files.Read(name, maxFileBytes)
		if fileErr != nil {
			r.gap(r.target.Subject, fileErr.Error(), r.target.Edge.Source)
			return nil
		}
		return []source{{path.Base(art.Path), art.Path, art.Text}}
	}
	entries, err := fs.ReadDir(tree, ".")
	if err != nil {
		r.gap(r.target.Subject, fmt.Sprintf("%s: the folder cannot be listed: %v", name, err), r.target.Edge.Source)
		return nil
	}
	var found []source
	for _, e := range entries {
		if e.IsDir() || strings.ToLower(path.Ext(e.Name())) != ".env" {
			continue
		}
		if len(found) == maxFiles {
			r.gap(r.target.Subject, fmt.Sprintf("%s: more than %d environment files; the rest was not read", name, maxFiles), r.target.Edge.Source)
			break
		}
		full := path.Join(path.Clean(name), e.Name())
		text, err := fs.ReadFile(tree, e.Name())
		if err == nil && len(text) > maxFileBytes {
			err = fmt.Errorf("is longer than %d bytes", maxFileBytes)
		}
		if err != nil {
			r.gap(r.subject(e.Name()), fmt.Sprintf("%s: %v", full, err), evidence.Source{Artifact: full})
			continue
		}
		found = append(found, source{e.Name(), full, text})
	}
	if len(found) == 0 && len(r.gaps) == 0 {
		r.gap(r.target.Subject, name+": no environment file in the folder", r.target.Edge.Source)
	}
	return found
}

// file is a parsed file with the meaning of its assignments.
type file struct {
	source
	parsed   parsed
	scope    evidence.EnvScope
	template string // TEMPLATE_TYPE in lower case
	values   map[string]value
}

func (r *reader) read(texts []source) {
	files := make([]*file, len(texts))
	installer := false
	for i, s := range texts {
		f := &file{source: s, parsed: parse(string(s.text)), values: map[string]value{}}
		f.scope = evidence.EnvCommon
		switch {
		case strings.EqualFold(s.name, installerFile):
			f.scope, installer = evidence.EnvInstaller, true
		case slices.ContainsFunc(f.parsed.assignments, func(a assignment) bool { return a.name == "TEMPLATE_TYPE" }):
			f.scope = evidence.EnvComponent
		}
		files[i] = f
	}
	// Common files first, since the others may refer to them.
	sort.SliceStable(files, func(i, j int) bool { return rank(files[i]) < rank(files[j]) })
	if !installer {
		r.gap(r.subject(installerFile), "no installer.env among the environment files: what it sets is not known", r.record.Source)
	}
	shared := shared{}
	// Common files may refer to each other whatever the order: each round knows
	// what the ones before it resolved.
	for range 3 {
		next := make(map[string]value)
		for _, f := range files {
			if f.scope != evidence.EnvComponent {
				f.evaluate(shared)
				next = merge(next, f.values)
			}
		}
		shared = next
	}
	for _, f := range files {
		f.evaluate(shared)
	}
	for _, f := range files {
		r.file(f)
	}
	r.missing(files, installer)
}

func rank(f *file) string {
	switch f.scope {
	case evidence.EnvInstaller:
		return "0" + f.name
	case evidence.EnvCommon:
		return "1" + f.name
	}
	return "2" + f.name
}

// file records a file and its assignments.
func (r *reader) file(f *file) {
	subject := r.subject(f.name)
	record := evidence.EnvFile{
		Subject: subject, Name: f.name, Scope: f.scope, Assignments: len(f.parsed.assignments),
		CRLF: f.parsed.crlf, ByteOrderMark: f.parsed.byteOrderMark, Source: f.at(1, 1),
	}
	record.TemplateType = optional(f.values["TEMPLATE_TYPE"])
	record.ComponentDir = optional(f.values["NGX_COMP_DIR_NAME"])
	f.template = strings.ToLower(record.TemplateType.Value)
	first := len(r.gaps)
	for _, p := range f.parsed.problems {
		r.gap(subject, p.message, f.at(p.line, p.column))
	}
	marks := r.marks(f)
	for _, m := range marks {
		m.Source.Artifact = f.artifact
		r.record.Secrets = append(r.record.Secrets, m)
	}
	total, seen := map[string]int{}, map[string]int{}
	for _, a := range f.parsed.assignments {
		total[a.name]++
	}
	for i := range f.parsed.assignments {
		a := &f.parsed.assignments[i]
		seen[a.name]++
		if len(r.record.Properties) >= maxProperties {
			r.propertyGap(subject, fmt.Sprintf("more than %d assignments; the rest was left out", maxProperties), f.at(a.line, a.column))
			break
		}
		p := evidence.EnvProperty{
			Subject: subject + "/" + evidence.Subject("property", a.name), File: f.name, TemplateType: record.TemplateType.Value,
			Name: a.name, Set: true, Occurrence: seen[a.name], Effective: seen[a.name] == total[a.name], Source: f.at(a.line, a.column),
		}
		switch reason := interpret(&p, a, marks, f.template); {
		case reason == "":
		case a.name == "TEMPLATE_TYPE" || a.name == "NGX_COMP_DIR_NAME": // the file's own fact rests on it too
			r.gap(subject, a.name+": "+reason, p.Source)
		default:
			r.propertyGap(subject, a.name+": "+reason, p.Source)
		}
		r.record.Properties = append(r.record.Properties, p)
	}
	if len(r.gaps)-first > maxGaps {
		more := len(r.gaps) - first - maxGaps
		r.gaps = r.gaps[:first+maxGaps]
		r.gap(subject, fmt.Sprintf("%d more places of the file could not be read", more), f.at(1, 1))
	}
	r.record.Files = append(r.record.Files, record)
}

// marks lists what redaction left in a file.
func (r *reader) marks(f *file) []evidence.SecretMark {
	if r.target.Artifacts != nil {
		if art, ok := r.target.Artifacts.Get(f.artifact); ok {
			return art.Secrets
		}
	}
	_, marks := evidence.Redact(f.text) // a second time, which changes nothing
	return marks
}

// missing records the documented properties that nothing assigns. A property of
// the installer or of the whole proxy is missing when no file at all has it; one
// of a component when neither its file nor a common one has it.
func (r *reader) missing(files []*file, installer bool) {
	assigned := func(name string, of func(*file) bool) bool {
		return slices.ContainsFunc(files, func(f *file) bool {
			_, ok := f.values[name]
			return ok && of(f)
		})
	}
	everywhere := func(*file) bool { return true }
	common := func(f *file) bool { return f.scope != evidence.EnvComponent }
	for i := range catalogue {
		d := &catalogue[i]
		if d.scope == ofInstaller || d.scope == ofCore {
			// Without installer.env nobody can say that it assigns nothing.
			if (d.scope == ofCore || installer) && !assigned(d.name, everywhere) {
				r.record.Properties = append(r.record.Properties, d.fact(r.target.Subject, "", ""))
			}
			continue
		}
		if assigned(d.name, common) {
			continue
		}
		for _, f := range files {
			if _, ok := f.values[d.name]; !ok && f.scope == evidence.EnvComponent && d.belongsTo(f.template) {
				p := d.fact(r.subject(f.name), f.name, f.template)
				p.Source.Artifact = f.artifact
				r.record.Properties = append(r.record.Properties, p)
			}
		}
	}
}

func (f *file) at(line, column int) evidence.Source {
	return evidence.Source{Artifact: f.artifact, Line: line, Column: column, Origin: evidence.Origin{Kind: evidence.Explicit}}
}

func optional(v value) evidence.Optional[string] {
	if !v.assigned || v.why != "" || v.secret {
		return evidence.Optional[string]{Origin: evidence.Origin{Kind: evidence.Unresolved}}
	}
	return evidence.Known(v.text, evidence.Explicit)
}
