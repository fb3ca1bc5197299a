// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/postern-audit/postern/internal/evidence"
)

// LoadProfile reads profiles/BASE.yaml and lays the chosen overlays over it,
// left to right. Unknown keys, and an overlay that changes what it may not,
// are errors.
func LoadProfile(fsys fs.FS, choice evidence.ProfileChoice) (evidence.Profile, error) {
	p, err := readProfile(fsys, choice.Base)
	if err != nil {
		return evidence.Profile{}, err
	}
	for _, name := range choice.Overlays {
		if err := overlay(fsys, name, &p); err != nil {
			return evidence.Profile{}, err
		}
		p.Overlays = append(p.Overlays, name)
	}
	p.ES = choice.ES
	if p.ES == "" {
		p.ES = "unknown"
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(p.ES, "ES")); err == nil && n >= 0 {
		p.ESNumber = evidence.Optional[int]{Known: true, Value: n}
	}
	return p, nil
}

// readProfile reads a base profile over the one that it is like, if any: what a
// profile states replaces what it would inherit.
func readProfile(fsys fs.FS, name string, above ...string) (evidence.Profile, error) {
	file := path.Join("profiles", name+".yaml")
	var start struct {
		Like string               `yaml:"like"`
		Rest map[string]yaml.Node `yaml:",inline"`
	}
	if err := decodeFile(fsys, file, &start); err != nil {
		if errors.Is(err, fs.ErrNotExist) || strings.ContainsAny(name, `/\`) {
			return evidence.Profile{}, fmt.Errorf("profile %q: there is none of this name (there are %s)", name, strings.Join(ProfileNames(fsys), ", "))
		}
		return evidence.Profile{}, err
	}
	p := profileFile{}
	if start.Like != "" {
		if slices.Contains(above, start.Like) || start.Like == name {
			return evidence.Profile{}, fmt.Errorf("%s: it is like %s, which is like it", file, start.Like)
		}
		like, err := readProfile(fsys, start.Like, append(above, name)...)
		if err != nil {
			return evidence.Profile{}, fmt.Errorf("%s: like: %w", file, err)
		}
		p.Profile = like
	}
	topics := p.Contradictions
	if err := decodeFile(fsys, file, &p); err != nil {
		return evidence.Profile{}, err
	}
	if start.Like != "" {
		p.Contradictions = settleTopics(topics, p.Contradictions)
	}
	if p.Name != name {
		return evidence.Profile{}, fmt.Errorf("%s: name is %q", file, p.Name)
	}
	if err := soundLimits(p.Profile); err != nil {
		return evidence.Profile{}, fmt.Errorf("%s: %w", file, err)
	}
	return p.Profile, nil
}

// settleTopics lays the topics that a profile settles over those that it would
// inherit, topic by topic.
func settleTopics(below, own []evidence.Contradiction) []evidence.Contradiction {
	out := slices.Clone(below)
	for _, c := range own {
		same := func(o evidence.Contradiction) bool { return o.Topic == c.Topic }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i] = c
		} else {
			out = append(out, c)
		}
	}
	return out
}

// profileFile is a base profile as written.
type profileFile struct {
	// Like names the base profile that this one starts from.
	Like             string `yaml:"like"`
	evidence.Profile `yaml:",inline"`
}

func soundLimits(p evidence.Profile) error {
	ports := map[int]bool{}
	for _, l := range p.Parameters.PacketLimits {
		if ports[l.Port] {
			return fmt.Errorf("packet_limits lists port %d twice", l.Port)
		}
		ports[l.Port] = true
	}
	return nil
}

// overlayFile is an overlay as written; Parameters may hold only what carries the
// tag overlay in evidence.Parameters.
type overlayFile struct {
	Name       string               `yaml:"name"`
	Parameters yaml.Node            `yaml:"parameters"`
	Severity   []evidence.RuleLevel `yaml:"severity"`
	Deviations []evidence.Deviation `yaml:"deviations"`
	// NoDeviations removes the deviations of what lies below.
	NoDeviations bool `yaml:"no_deviations"`
}

func overlay(fsys fs.FS, name string, p *evidence.Profile) error {
	file := path.Join("profiles", "overlays", name+".yaml")
	var o overlayFile
	if err := decodeFile(fsys, file, &o); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("overlay %q: there is none of this name (there are %s)", name, strings.Join(OverlayNames(fsys), ", "))
		}
		return fmt.Errorf("overlay %q: %w", name, err)
	}
	if o.Name != name {
		return fmt.Errorf("%s: name is %q", file, o.Name)
	}
	if err := layParameters(&o.Parameters, &p.Parameters); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err := soundLimits(*p); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if o.NoDeviations {
		p.Deviations = nil
	}
	p.Severity = append(slices.Clip(p.Severity), o.Severity...)
	p.Deviations = append(slices.Clip(p.Deviations), o.Deviations...)
	return nil
}

// layParameters lays the parameters of an overlay over those below, strictly.
func layParameters(over *yaml.Node, below *evidence.Parameters) error {
	if over.IsZero() {
		return nil
	}
	changeable := map[string]bool{}
	t := reflect.TypeFor[evidence.Parameters]()
	for i := range t.NumField() {
		changeable[t.Field(i).Tag.Get("yaml")] = t.Field(i).Tag.Get("overlay") == "true"
	}
	for i := 0; i+1 < len(over.Content); i += 2 {
		key := over.Content[i]
		switch may, known := changeable[key.Value]; {
		case !known:
			return fmt.Errorf("line %d: no parameter is called %q", key.Line, key.Value)
		case !may:
			return fmt.Errorf("line %d: an overlay may not change %s", key.Line, key.Value)
		}
	}
	text, err := yaml.Marshal(over)
	if err != nil {
		return err
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	return dec.Decode(below)
}

// OverlayNames lists the overlays.
func OverlayNames(fsys fs.FS) []string { return names(fsys, "profiles/overlays/*.yaml") }

// ProfileNames lists the base profiles.
func ProfileNames(fsys fs.FS) []string {
	return names(fsys, "profiles/*.yaml")
}

func names(fsys fs.FS, pattern string) []string {
	files, err := fs.Glob(fsys, pattern)
	if err != nil {
		return nil
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(path.Base(f), ".yaml")
	}
	sort.Strings(names)
	return names
}

func decodeFile(fsys fs.FS, name string, into any) error {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
