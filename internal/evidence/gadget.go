// SPDX-License-Identifier: Apache-2.0

package evidence

// GadgetFile is the specification of a gadget: the XML file that an address of
// the layout leads to.
type GadgetFile struct {
	// Name is its path below the declared folder, or the name of the declared
	// file. The last segment is what the path of a layout's resource ends with.
	Name  string `json:"name"`
	Title string `json:"title"`
	// Features are those that the gadget requires or asks for.
	Features []GadgetFeature `json:"features"`
	// Rewrites is set when the feature content-rewrite is among them. Includes and
	// Excludes are its patterns (include-url and exclude-url; one that begins with
	// include-urls or exclude-urls is taken for the same).
	Rewrites bool     `json:"rewrites"`
	Includes []string `json:"includes"`
	Excludes []string `json:"excludes"`
	// ExcludesFinesseScript is whether a pattern keeps finesse.min.js from being
	// rewritten; not known where a pattern cannot be read as an expression.
	ExcludesFinesseScript Optional[bool]     `json:"excludes_finesse_script"`
	Preferences           []GadgetPreference `json:"preferences"`
	// Scripts are the addresses of the scripts that the content loads, Views those
	// of contents that lie elsewhere (type="url").
	Scripts []GadgetAddress `json:"scripts"`
	Views   []GadgetAddress `json:"views"`
	Source  Source          `json:"source"`
}

// GadgetFeature is a feature that a gadget requires or, where Required is
// false, uses if there is one.
type GadgetFeature struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Source   Source `json:"source"`
}

// GadgetPreference is a preference with its default.
type GadgetPreference struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Default  string `json:"default"`
	Required bool   `json:"required"`
	// External is set for externalServerHostAndPort and what begins with it, in
	// any case. Host and Port are those of the default; the host is empty when it
	// has none, the port 0 when it names none.
	External bool   `json:"external"`
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Source   Source `json:"source"`
}

// GadgetAddress is an address that a gadget loads from. Host is empty for a
// relative one.
type GadgetAddress struct {
	URL    string `json:"url"`
	Scheme string `json:"scheme"`
	Host   string `json:"host"`
	Path   string `json:"path"`
	Source Source `json:"source"`
}
