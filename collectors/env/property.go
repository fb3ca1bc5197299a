// SPDX-License-Identifier: Apache-2.0

package env

import (
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// release is the release of the installer that the defaults below belong to, as
// its installation and upgrade guide documents them in the chapter on the
// properties of environment files. No other release's are known here.
const release = "15.0(1)"

const secret = evidence.EnvSecret

// Scopes that are no template.
const (
	ofInstaller = "installer"
	ofCore      = "core" // of the whole proxy
	ofAny       = "any"  // of each component
)

// property is a documented property.
type property struct {
	// scope is one of the scopes above or the value of TEMPLATE_TYPE that has the
	// property. A "*" at its end stands for the template of 12.6(1) too.
	scope string
	// name is the property's; a "#" in it stands for a digit.
	name string
	kind evidence.EnvKind
	unit evidence.EnvUnit
	// documented is set when the guide gives a default that stands for itself,
	// preset is that default. An empty one means that the property is left empty.
	documented bool
	preset     string
	meaning    string
}

// belongsTo reports whether a component's file is the place of the property.
func (d *property) belongsTo(template string) bool {
	if strings.Contains(d.name, "#") {
		return false // there may be any number of them
	}
	return d.scope == ofAny || d.fits(template)
}

func (d *property) fits(template string) bool {
	family, more := strings.CutSuffix(d.scope, "*")
	return template == family || more && template == family+"_12.6(1)"
}

func (d *property) names(name string) bool {
	before, after, numbered := strings.Cut(d.name, "#")
	if !numbered {
		return d.name == name
	}
	rest, ok := strings.CutPrefix(name, before)
	return ok && len(rest) == 1+len(after) && rest[0] >= '1' && rest[0] <= '9' && rest[1:] == after
}

// find returns the property of a name: the one of the file's template where
// several templates have it.
func find(name, template string) (property, bool) {
	var found property
	ok := false
	for i := range catalogue {
		d := &catalogue[i]
		if !d.names(name) {
			continue
		}
		if fits := d.fits(template) || d.scope == ofAny; fits || !ok {
			found, ok = *d, true
			if fits {
				break
			}
			// The default of another template is not this file's.
			if d.scope != ofInstaller && d.scope != ofCore {
				found.documented, found.preset = false, ""
			}
		}
	}
	return found, ok
}

// fact is the property as nothing assigns it.
func (d *property) fact(owner, file, template string) evidence.EnvProperty {
	p := evidence.EnvProperty{
		Subject: owner + "/" + evidence.Subject("property", d.name), File: file, TemplateType: template,
		Name: d.name, Documented: true, Meaning: d.meaning, Effective: true,
	}
	read(&p, d, d.preset)
	origin := evidence.Origin{Kind: evidence.Default, Version: release}
	if !d.documented {
		origin = evidence.Origin{Kind: evidence.Unresolved}
	}
	p.Value = evidence.Optional[string]{Known: d.documented, Value: d.preset, Origin: origin}
	if p.Number.Known {
		p.Number.Origin = origin
	}
	if p.Switch.Known {
		p.Switch.Origin = origin
	}
	p.Source.Origin = origin
	return p
}
