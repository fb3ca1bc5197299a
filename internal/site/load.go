// SPDX-License-Identifier: Apache-2.0

// Package site reads the site file: what is to be audited, where its evidence
// lies, and what it is judged by.
//
// Decoding is strict. A key that nothing reads is an error with its place and
// the nearest key that exists, since a misspelt source would otherwise be a
// source that is silently missing.
package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"

	"github.com/postern-audit/postern/internal/evidence"
)

const maxSiteBytes = 4 << 20

// File is a decoded site file.
type File struct {
	Site evidence.Site
	// Path is the file as named by the user, Dir the folder that its paths
	// are relative to.
	Path, Dir string
	Text      []byte
	// Digest is the SHA-256 of the text in hex.
	Digest string
}

// Error is one mistake in a site file.
type Error struct {
	// Place is "file:line:column", as far as known.
	Place   string
	Message string
	// HintText says what to write instead; may be empty.
	HintText string
}

// Error implements error.
func (e *Error) Error() string { return e.Place + ": " + e.Message }

// Hint returns the advice that goes with the error.
func (e *Error) Hint() string { return e.HintText }

// Load reads a site file.
func Load(path string) (*File, error) {
	// Not blocking, so that a pipe in place of a file is refused, not awaited.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, &Error{path, "cannot open the site file: " + unwrapPath(err), "postern demo --keep DIR writes a complete example"}
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, &Error{path, "is no regular file", "name the site file"}
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSiteBytes+1))
	if err != nil {
		return nil, &Error{path, "cannot read the site file: " + unwrapPath(err), "name a YAML file, not a folder"}
	}
	if len(text) > maxSiteBytes {
		return nil, &Error{path, fmt.Sprintf("longer than %d bytes", maxSiteBytes), ""}
	}
	return FromText(path, text)
}

// FromText decodes a site file whose text is known. Path is where it lies, or
// would: its folder is what its paths are relative to.
func FromText(path string, text []byte) (*File, error) {
	s, err := Parse(path, text)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return &File{Site: s, Path: path, Dir: filepath.Dir(path), Text: text, Digest: hex.EncodeToString(sum[:])}, nil
}

func unwrapPath(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// Parse decodes and validates the text of a site file. Name is used in places.
func Parse(name string, text []byte) (evidence.Site, error) {
	var root yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(text))
	if err := documents.Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return evidence.Site{}, &Error{name, strings.TrimPrefix(err.Error(), "yaml: "), "the file must be YAML; indent with blanks"}
	}
	var more yaml.Node
	if err := documents.Decode(&more); !errors.Is(err, io.EOF) {
		return evidence.Site{}, &Error{name, "a second YAML document follows", "a site file is one document; remove the \"---\" and what follows"}
	}
	if len(root.Content) == 0 || root.Content[0].Kind != yaml.MappingNode {
		return evidence.Site{}, &Error{name, "the file holds no keys", "start with \"site: NAME\""}
	}
	if err := requireKnownKeys(name, root.Content[0], reflect.TypeFor[evidence.Site](), ""); err != nil {
		return evidence.Site{}, err
	}
	v := viper.New()
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(text)); err != nil {
		return evidence.Site{}, &Error{name, err.Error(), ""}
	}
	var s evidence.Site
	if err := v.UnmarshalExact(&s, viper.DecodeHook(mapstructure.DecodeHookFuncType(profileByName))); err != nil {
		return evidence.Site{}, &Error{name, flatten(err), "see the site file section of the guide for the form of each value"}
	}
	// Places inside the evidence must not depend on where Postern was started.
	place(&s, filepath.Base(name), root.Content[0])
	if err := validate(name, &s, root.Content[0]); err != nil {
		return evidence.Site{}, err
	}
	return s, nil
}

// profileByName lets a profile be given by its name alone.
func profileByName(from, to reflect.Type, value any) (any, error) {
	if to == reflect.TypeFor[evidence.ProfileChoice]() && from.Kind() == reflect.String {
		return map[string]any{"base": value}, nil
	}
	return value, nil
}

func flatten(err error) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "*", "")), " ")
}

// requireKnownKeys compares the keys of the file with the fields of the type.
func requireKnownKeys(name string, n *yaml.Node, t reflect.Type, path string) error {
	switch {
	case n.Kind == yaml.AliasNode:
		return &Error{at(name, n), "YAML aliases are not read in a site file", "write the value out"}
	case n.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for i, item := range n.Content {
			if err := requireKnownKeys(name, item, t.Elem(), fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case n.Kind == yaml.MappingNode && t.Kind() == reflect.Struct:
		fields := map[string]reflect.Type{}
		var known []string
		for i := range t.NumField() {
			if tag := t.Field(i).Tag.Get("mapstructure"); tag != "" && tag != "-" {
				fields[tag] = t.Field(i).Type
				known = append(known, tag)
			}
		}
		seen := map[string]bool{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			field, ok := fields[key.Value]
			if !ok {
				hint := "known here: " + strings.Join(known, ", ")
				if near := nearest(key.Value, known); near != "" {
					hint = fmt.Sprintf("did you mean %q?", near)
				}
				return &Error{at(name, key), fmt.Sprintf("unknown key %q%s", key.Value, in(path)), hint}
			}
			if seen[key.Value] {
				return &Error{at(name, key), fmt.Sprintf("key %q stands twice%s", key.Value, in(path)), "keep one of them"}
			}
			seen[key.Value] = true
			if err := requireKnownKeys(name, n.Content[i+1], field, strings.TrimPrefix(path+"."+key.Value, ".")); err != nil {
				return err
			}
		}
	case n.Kind == yaml.MappingNode:
		return &Error{at(name, n), fmt.Sprintf("a mapping stands where %s wants a plain value or a list", path), ""}
	case n.Kind == yaml.ScalarNode && t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return &Error{at(name, n), fmt.Sprintf("%s wants a list of entries", path), "start each entry with \"- \""}
	case n.Kind == yaml.ScalarNode && t.Kind() == reflect.Struct && t != reflect.TypeFor[evidence.ProfileChoice]():
		return &Error{at(name, n), fmt.Sprintf("%s wants keys, not a plain value", path), ""}
	}
	return nil
}

func at(name string, n *yaml.Node) string { return fmt.Sprintf("%s:%d:%d", name, n.Line, n.Column) }

func in(path string) string {
	if path == "" {
		return ""
	}
	return " in " + path
}

// nearest returns the known key with the smallest edit distance, if it is
// small enough to be a typing error.
func nearest(key string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := editDistance(strings.ToLower(key), k); d < distance {
			best, distance = k, d
		}
	}
	return best
}

func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		previous := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			previous, row[j] = row[j], min(row[j]+1, row[j-1]+1, previous+cost)
		}
	}
	return row[len(b)]
}
