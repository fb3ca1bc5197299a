// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
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
	return p, nil
}

func readProfile(fsys fs.FS, name string) (evidence.Profile, error) {
	var p evidence.Profile
	if err := decodeFile(fsys, path.Join("profiles", name+".yaml"), &p); err != nil {
		if errors.Is(err, fs.ErrNotExist) || strings.ContainsAny(name, `/\`) {
			return p, fmt.Errorf("profile %q: there is none of this name (there are %s)", name, strings.Join(ProfileNames(fsys), ", "))
		}
		return p, err
	}
	if p.Name != name {
		return p, fmt.Errorf("profiles/%s.yaml: name is %q", name, p.Name)
	}
	ports := map[int]bool{}
	for _, l := range p.Parameters.PacketLimits {
		if ports[l.Port] {
			return p, fmt.Errorf("profiles/%s.yaml: packet_limits lists port %d twice", name, l.Port)
		}
		ports[l.Port] = true
	}
	return p, nil
}

// overlayFile lists what an overlay may change.
type overlayFile struct {
	Name       string `yaml:"name"`
	Parameters struct {
		TLSVersions    []string `yaml:"tls_versions"`
		TLSRequired    []string `yaml:"tls_required"`
		KeepAlive      *int64   `yaml:"keep_alive"`
		RequestTimeout *int64   `yaml:"request_timeout"`
		BodyBytes      *int64   `yaml:"body_bytes"`
	} `yaml:"parameters"`
	Severity   []evidence.RuleLevel `yaml:"severity"`
	Deviations []evidence.Deviation `yaml:"deviations"`
	// NoDeviations removes the deviations of what lies below.
	NoDeviations bool `yaml:"no_deviations"`
}

func overlay(fsys fs.FS, name string, p *evidence.Profile) error {
	var o overlayFile
	if err := decodeFile(fsys, path.Join("profiles", "overlays", name+".yaml"), &o); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("overlay %q: there is none of this name", name)
		}
		return fmt.Errorf("overlay %q: %w", name, err)
	}
	if o.Parameters.TLSVersions != nil {
		p.Parameters.TLSVersions = o.Parameters.TLSVersions
	}
	if o.Parameters.TLSRequired != nil {
		p.Parameters.TLSRequired = o.Parameters.TLSRequired
	}
	for _, n := range [...]struct{ from, to *int64 }{
		{o.Parameters.KeepAlive, &p.Parameters.KeepAlive},
		{o.Parameters.RequestTimeout, &p.Parameters.RequestTimeout},
		{o.Parameters.BodyBytes, &p.Parameters.BodyBytes},
	} {
		if n.from != nil {
			*n.to = *n.from
		}
	}
	if o.NoDeviations {
		p.Deviations = nil
	}
	p.Severity = append(p.Severity, o.Severity...)
	p.Deviations = append(p.Deviations, o.Deviations...)
	return nil
}

// ProfileNames lists the base profiles.
func ProfileNames(fsys fs.FS) []string {
	files, err := fs.Glob(fsys, "profiles/*.yaml")
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
