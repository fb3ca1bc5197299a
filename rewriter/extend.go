// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
)

// maxExtends bounds how many surfaces lie under one another.
const maxExtends = 8

// ReadSurface reads the surface of a file, and those that it extends, directly or
// not, which lie beside it as NAME.yaml.
func ReadSurface(fsys fs.FS, name string) (Surface, error) {
	return readSurface(fsys, name, maxExtends)
}

func readSurface(fsys fs.FS, name string, depth int) (Surface, error) {
	data, err := readBounded(fsys, name)
	if err != nil {
		return Surface{}, fmt.Errorf("surface: %w", err)
	}
	s, err := decodeSurface(bytes.NewReader(data))
	if err != nil {
		return Surface{}, fmt.Errorf("%s: %w", name, err)
	}
	var base Surface
	if s.Extends != "" {
		if depth == 0 {
			return Surface{}, fmt.Errorf("surface: %s: more than %d surfaces extend one another", name, maxExtends)
		}
		if s.Extends != path.Base(s.Extends) {
			return Surface{}, fmt.Errorf("surface: %s: extends %q is no plain name", name, clip(s.Extends))
		}
		if base, err = readSurface(fsys, path.Join(path.Dir(name), s.Extends+".yaml"), depth-1); err != nil {
			return Surface{}, err
		}
	}
	if s, err = extend(base, s); err != nil {
		return Surface{}, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// extend lays the changes of a surface over a base: taking away comes first, so that
// a path can be replaced by removing and listing it. Taking away what is not there is
// a fault: it would otherwise hide that the base has changed.
func extend(base, change Surface) (Surface, error) {
	var x extension
	out := Surface{Schema: change.Schema, Name: change.Name, Closed: x.closed("", base.Closed, change.Open, change.Closed)}
	changed := map[string]Component{}
	for _, c := range change.Components {
		if _, twice := changed[c.Name]; twice {
			x.fault("component %q is repeated", clip(c.Name))
		}
		changed[c.Name] = c
	}
	for _, b := range base.Components {
		c, ok := changed[b.Name]
		if !ok {
			c.Name = b.Name
		}
		out.Components = append(out.Components, x.component(b, c))
		delete(changed, b.Name)
	}
	for _, c := range change.Components {
		if _, added := changed[c.Name]; added {
			out.Components = append(out.Components, x.component(Component{}, c))
			delete(changed, c.Name)
		}
	}
	return out, errors.Join(append(x.faults, out.Validate())...)
}

// extension collects the faults of one surface laid over another.
type extension struct{ faults []error }

func (x *extension) fault(format string, args ...any) {
	x.faults = append(x.faults, fmt.Errorf("surface: "+format, args...))
}

// component lays one component over its base. Ports stand for those of the base
// where they are given at all.
func (x *extension) component(base, change Component) Component {
	out := Component{Name: change.Name, Ports: base.Ports, SharedPorts: base.SharedPorts, Paths: slices.Clone(base.Paths)}
	if change.Ports != nil {
		out.Ports = change.Ports
	}
	if change.SharedPorts != nil {
		out.SharedPorts = change.SharedPorts
	}
	for _, template := range change.Remove {
		before := len(out.Paths)
		out.Paths = slices.DeleteFunc(out.Paths, func(p Path) bool { return p.Template == template })
		if len(out.Paths) == before {
			x.fault("%s: remove: %q is not allowed there", change.Name, clip(template))
		}
	}
	out.Paths = append(out.Paths, change.Paths...)
	out.Closed = x.closed(change.Name+": ", base.Closed, change.Open, change.Closed)
	return out
}

func (x *extension) closed(place string, base, open, more []Closed) []Closed {
	out := slices.Clone(base)
	for _, o := range open {
		before := len(out)
		out = slices.DeleteFunc(out, func(c Closed) bool { return c.Template == o.Template })
		if len(out) == before {
			x.fault("%sopen: %q is not closed there", place, clip(o.Template))
		}
		if o.Why == "" {
			x.fault("%sopen: %q says no why", place, clip(o.Template))
		}
	}
	return append(out, more...)
}
