// SPDX-License-Identifier: Apache-2.0

package surface

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// folder holds the shipped surfaces, below the file system of the policies.
const folder = "paths"

// maxExtends bounds how many surfaces lie under one another.
const maxExtends = 8

// Parse reads a surface and what it extends. Artifact is how places name the file;
// shipped holds the surfaces that may be extended, as paths/NAME.yaml.
func Parse(artifact string, text []byte, shipped fs.FS) (*Surface, error) {
	return parse(artifact, text, shipped, maxExtends)
}

// Shipped reads a surface by its name: that of a base profile.
func Shipped(shipped fs.FS, name string) (*Surface, error) {
	return load(shipped, name, maxExtends)
}

// Names lists the shipped surfaces.
func Names(shipped fs.FS) []string {
	files, err := fs.Glob(shipped, folder+"/*.yaml")
	if err != nil {
		return nil
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".yaml")
	}
	return files
}

func load(shipped fs.FS, name string, depth int) (*Surface, error) {
	file := path.Join(folder, name+".yaml")
	text, err := fs.ReadFile(shipped, file)
	if err != nil || strings.ContainsAny(name, `/\`) {
		return nil, fmt.Errorf("surface %q: there is none of this name (there are %s)", clip(name), strings.Join(Names(shipped), ", "))
	}
	s, err := parse(path.Join("policies", file), text, shipped, depth)
	if err == nil && s.Name != name {
		return nil, &Error{path.Join("policies", file), fmt.Sprintf("its name is %q", s.Name), "a shipped surface is called like its file"}
	}
	return s, err
}

func parse(artifact string, text []byte, shipped fs.FS, depth int) (*Surface, error) {
	f, err := parseFile(artifact, text)
	if err != nil {
		return nil, err
	}
	base := &Surface{}
	if f.extends != "" {
		if depth == 0 {
			return nil, f.fail(f.extendsAt, "a surface cannot extend itself", "more than %d surfaces extend one another", maxExtends)
		}
		var inBase *Error
		if base, err = load(shipped, f.extends, depth-1); errors.As(err, &inBase) {
			return nil, err
		} else if err != nil {
			return nil, f.fail(f.extendsAt, "name a shipped surface, or leave extends out", "extends: %v", err)
		}
	}
	return f.over(base)
}

// over lays a file over its base, which is not changed.
func (f *file) over(base *Surface) (*Surface, error) {
	s := &Surface{Name: f.name, Artifacts: append([]string{f.artifact}, base.Artifacts...)}
	var err error
	if s.Closed, s.Opened, err = reclose(base.Closed, base.Opened, f.open, f.closed); err != nil {
		return nil, err
	}
	s.Components = slices.Clone(base.Components)
	for _, change := range f.components {
		below := Component{Name: change.Name, At: change.At}
		i := slices.IndexFunc(s.Components, func(c Component) bool { return c.Name == change.Name })
		if i >= 0 {
			below = s.Components[i]
		} else {
			i = len(s.Components)
			s.Components = append(s.Components, below)
		}
		if s.Components[i], err = f.overComponent(below, change); err != nil {
			return nil, err
		}
	}
	if err := f.validate(s); err != nil {
		return nil, err
	}
	return s, nil
}

func (f *file) overComponent(below Component, change component) (Component, error) {
	c := Component{Name: below.Name, At: below.At, Ports: below.Ports, SharedPorts: below.SharedPorts, Paths: slices.Clone(below.Paths)}
	if change.hasPorts {
		c.Ports = change.Ports
	}
	if change.hasShared {
		c.SharedPorts = change.SharedPorts
	}
	for _, r := range change.remove {
		before := len(c.Paths)
		c.Paths = slices.DeleteFunc(c.Paths, func(p Path) bool { return p.Template.String() == r.text })
		if len(c.Paths) == before {
			return c, missing(r.at, "remove", r.text, templates(c.Paths, func(p Path) Template { return p.Template }), c.Name+" allows no such template")
		}
	}
	c.Paths = append(c.Paths, change.Paths...)
	var err error
	c.Closed, c.Opened, err = reclose(below.Closed, below.Opened, change.open, change.Closed)
	return c, err
}

// reclose takes opened templates away from closed ones and adds others.
func reclose(closed, opened, open, more []Closed) ([]Closed, []Closed, error) {
	closed, opened = slices.Clone(closed), slices.Clone(opened)
	for _, o := range open {
		before := len(closed)
		closed = slices.DeleteFunc(closed, func(c Closed) bool { return c.Template.String() == o.Template.String() })
		if len(closed) == before {
			return nil, nil, missing(o.At, "open", o.Template.String(), templates(closed, func(c Closed) Template { return c.Template }),
				"it is not closed in this place; what is closed for all components is opened at the top of the file")
		}
		opened = append(opened, o)
	}
	return append(closed, more...), opened, nil
}

func templates[T any](list []T, of func(T) Template) []string {
	out := make([]string, len(list))
	for i, entry := range list {
		out[i] = of(entry).String()
	}
	return out
}

// missing is the error of taking away what is not there.
func missing(at Place, key, text string, known []string, reason string) error {
	// Leaving "/**" out is the common one.
	if near := nearest(text, known, 4); near != "" {
		reason = fmt.Sprintf("did you mean %q?", near)
	}
	return mistake(at, reason, "%s: %s is not there to be taken away", key, clip(text))
}

// validate holds the whole to what only shows after laying one file over another.
// What a file adds must have an effect: a path that stays closed was meant to be open.
func (f *file) validate(s *Surface) error {
	owner := map[int]string{}
	for i := range s.Components {
		c := &s.Components[i]
		for _, port := range c.Ports {
			if other := owner[port]; other != "" {
				return mistake(c.At, "a port that several answer on stands under shared_ports", "port %d of %s is that of %s", port, c.Name, other)
			}
			owner[port] = c.Name
			if slices.Contains(c.SharedPorts, port) {
				return mistake(c.At, "a port that others answer on as well stands under shared_ports alone", "port %d of %s stands twice", port, c.Name)
			}
		}
		if len(c.Paths) > maxEntries || len(c.Closed)+len(s.Closed) > maxEntries {
			return mistake(c.At, "", "%s has more than %d entries", c.Name, maxEntries)
		}
		if err := f.effective(s, c); err != nil {
			return err
		}
	}
	return nil
}

func (f *file) effective(s *Surface, c *Component) error {
	seen := map[string]Place{}
	for _, p := range c.Paths {
		for _, method := range p.Methods {
			key := method + " " + p.Template.String()
			if first, twice := seen[key]; twice {
				return mistake(p.At, "take the other away with remove, or leave this one out", "%s is allowed already, at %s:%d", key, first.Artifact, first.Line)
			}
			seen[key] = p.At
		}
		for _, closed := range slices.Concat(c.Closed, s.Closed) {
			if p.At.Artifact == f.artifact && p.Template.inside(closed.Template) {
				return mistake(p.At, "closed wins: take it away with open, or leave the path out", "%s is closed by %s, at %s:%d", p.Template, closed.Template, closed.At.Artifact, closed.At.Line)
			}
		}
	}
	return nil
}

func mistake(at Place, hint, format string, args ...any) error {
	return &Error{fmt.Sprintf("%s:%d", at.Artifact, at.Line), fmt.Sprintf(format, args...), hint}
}
