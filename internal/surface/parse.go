// SPDX-License-Identifier: Apache-2.0

package surface

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const (
	// Schema is the only schema that is read.
	Schema = "postern.surface/v1"
	// MaxBytes bounds a file.
	MaxBytes = 1 << 20
	// maxEntries bounds what one component or one list holds.
	maxEntries = 2000
)

// Error is a mistake in a surface.
type Error struct {
	// Place is "file:line:column", as far as known.
	Place, Message, HintText string
}

// Error implements error.
func (e *Error) Error() string { return e.Place + ": " + e.Message }

// Hint returns the advice that goes with the error.
func (e *Error) Hint() string { return e.HintText }

// file is one file as written, before it is laid over what it extends.
type file struct {
	reader
	name, extends string
	components    []component
	closed, open  []Closed
	extendsAt     *yaml.Node
}

// component is what one file says about a component.
type component struct {
	Component
	// hasPorts and hasShared say whether the file gives ports at all.
	hasPorts, hasShared bool
	remove              []removal
	open                []Closed
}

type removal struct {
	text string
	at   Place
}

// reader reads the nodes of one artifact.
type reader struct{ artifact string }

func (r reader) fail(n *yaml.Node, hint, format string, args ...any) error {
	return &Error{fmt.Sprintf("%s:%d:%d", r.artifact, n.Line, n.Column), fmt.Sprintf(format, args...), hint}
}

func (r reader) place(n *yaml.Node) Place { return Place{r.artifact, n.Line} }

func parseFile(artifact string, text []byte) (*file, error) {
	if len(text) > MaxBytes {
		return nil, &Error{artifact, fmt.Sprintf("longer than %d bytes", MaxBytes), ""}
	}
	var root, more yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(text))
	if err := documents.Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return nil, &Error{artifact, strings.TrimPrefix(err.Error(), "yaml: "), "the file must be YAML; indent with blanks"}
	}
	if len(root.Content) == 0 {
		return nil, &Error{artifact, "the file is empty", "start with \"schema: " + Schema + "\""}
	}
	if err := documents.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, &Error{artifact, "a second YAML document follows", "a surface is one document"}
	}
	f := &file{reader: reader{artifact}}
	return f, f.read(root.Content[0])
}

func (f *file) read(root *yaml.Node) error {
	keys, err := f.keys(root, "schema", "name", "extends", "components", "closed", "open")
	if err != nil {
		return err
	}
	schema, err := f.text(keys["schema"], root, "schema")
	if err != nil {
		return err
	}
	if schema != Schema {
		return f.fail(keys["schema"], "write schema: "+Schema, "schema is %q", clip(schema))
	}
	if f.name, err = f.text(keys["name"], root, "name"); err != nil {
		return err
	}
	if f.extendsAt = keys["extends"]; f.extendsAt != nil {
		if f.extends, err = f.text(f.extendsAt, root, "extends"); err != nil {
			return err
		}
	}
	if f.closed, err = f.closings(keys["closed"], false); err != nil {
		return err
	}
	if f.open, err = f.closings(keys["open"], true); err != nil {
		return err
	}
	if f.extends == "" && keys["open"] != nil {
		return f.fail(keys["open"], "open is for a surface that extends another", "there is nothing to open")
	}
	list, err := f.list(keys["components"], "components")
	if err != nil {
		return err
	}
	for _, n := range list {
		c, err := f.component(n)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(f.components, func(o component) bool { return o.Name == c.Name }) {
			return f.fail(n, "put them together", "component %q stands twice", c.Name)
		}
		f.components = append(f.components, c)
	}
	return nil
}

func (f *file) component(n *yaml.Node) (component, error) {
	c := component{Component: Component{At: f.place(n)}}
	keys, err := f.keys(n, "name", "ports", "shared_ports", "paths", "remove", "closed", "open")
	if err != nil {
		return c, err
	}
	if c.Name, err = f.text(keys["name"], n, "name"); err != nil {
		return c, err
	}
	if !parameterName.MatchString(c.Name) {
		return c, f.fail(keys["name"], "write the role or the name of a node, in small letters, digits and hyphens", "component %q has no plain name", clip(c.Name))
	}
	for _, key := range [...]string{"remove", "open"} {
		if f.extends == "" && keys[key] != nil {
			return c, f.fail(keys[key], key+" is for a surface that extends another", "there is nothing to take away")
		}
	}
	c.hasPorts, c.hasShared = keys["ports"] != nil, keys["shared_ports"] != nil
	if c.Ports, err = f.ports(keys["ports"]); err != nil {
		return c, err
	}
	if c.SharedPorts, err = f.ports(keys["shared_ports"]); err != nil {
		return c, err
	}
	if c.Paths, err = f.paths(keys["paths"]); err != nil {
		return c, err
	}
	if c.Closed, err = f.closings(keys["closed"], false); err != nil {
		return c, err
	}
	if c.open, err = f.closings(keys["open"], true); err != nil {
		return c, err
	}
	c.remove, err = f.removals(keys["remove"])
	return c, err
}

func (f *file) ports(n *yaml.Node) ([]int, error) {
	list, err := f.list(n, "ports")
	var out []int
	for _, item := range list {
		port, convert := strconv.Atoi(item.Value)
		if item.Kind != yaml.ScalarNode || convert != nil || port < 1 || port > 65535 || slices.Contains(out, port) {
			return nil, f.fail(item, "list each port once, such as [8445]", "%q is no port of 1 to 65535, or stands twice", clip(item.Value))
		}
		out = append(out, port)
	}
	return out, err
}

func (f *file) paths(n *yaml.Node) ([]Path, error) {
	list, err := f.list(n, "paths")
	var out []Path
	for _, item := range list {
		p, err := f.path(item)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, err
}

func (f *file) path(n *yaml.Node) (Path, error) {
	p := Path{At: f.place(n)}
	keys, err := f.keys(n, "path", "methods", "auth", "websocket")
	if err != nil {
		return p, err
	}
	if p.Template, err = f.template(keys["path"], n, false); err != nil {
		return p, err
	}
	list, err := f.list(keys["methods"], "methods")
	if err != nil {
		return p, err
	}
	if len(list) == 0 {
		return p, f.fail(n, "list them, such as methods: [GET, HEAD]", "%s has no methods", p.Template)
	}
	for _, m := range list {
		if !slices.Contains(methods, m.Value) || slices.Contains(p.Methods, m.Value) {
			return p, f.fail(m, "each of "+strings.Join(methods, ", ")+" stands once, in capitals", "method %q", clip(m.Value))
		}
		p.Methods = append(p.Methods, m.Value)
	}
	auth, err := f.text(keys["auth"], n, "auth")
	if p.Auth = Auth(auth); err == nil && !slices.Contains(p.Auth.Values(), auth) {
		return p, f.fail(keys["auth"], "classes are "+strings.Join(p.Auth.Values(), ", "), "auth %q is no class", clip(auth))
	}
	if err != nil {
		return p, err
	}
	if p.WebSocket, err = f.flag(keys["websocket"], "websocket"); err != nil {
		return p, err
	}
	if p.WebSocket && !slices.Contains(p.Methods, "GET") {
		return p, f.fail(keys["websocket"], "a WebSocket is opened by GET", "websocket stands without GET")
	}
	return p, nil
}

// closings reads closed templates, or those that are no longer closed.
func (f *file) closings(n *yaml.Node, reasoned bool) ([]Closed, error) {
	list, err := f.list(n, "the list")
	var out []Closed
	for _, item := range list {
		c := Closed{At: f.place(item)}
		keys, err := f.keys(item, "path", "why", "edge")
		if err != nil {
			return nil, err
		}
		if c.Template, err = f.template(keys["path"], item, true); err != nil {
			return nil, err
		}
		if reasoned || keys["why"] != nil {
			if c.Why, err = f.text(keys["why"], item, "why"); err != nil {
				return nil, err
			}
		}
		if c.Edge, err = f.flag(keys["edge"], "edge"); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, err
}

func (f *file) removals(n *yaml.Node) ([]removal, error) {
	list, err := f.list(n, "remove")
	var out []removal
	for _, item := range list {
		t, err := f.template(item, n, false)
		if err != nil {
			return nil, err
		}
		out = append(out, removal{t.String(), f.place(item)})
	}
	return out, err
}
