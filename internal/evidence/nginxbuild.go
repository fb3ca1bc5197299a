// SPDX-License-Identifier: Apache-2.0

package evidence

// NginxBuild is the program as "nginx -V" describes it. Nothing else of it means
// anything while Known is false.
type NginxBuild struct {
	Known bool `json:"known"`
	// Flavour is "nginx", "openresty" or another name that it gives itself.
	Flavour string `json:"flavour"`
	// Version is that of the nginx core, such as "1.25.3", and Release the whole
	// number as printed: "1.25.3.2" of OpenResty, else the same. The numbers are
	// Release in parts, which compare as arrays do.
	Version        string `json:"version"`
	Release        string `json:"release"`
	ReleaseNumbers []int  `json:"release_numbers"`
	// Packager is what stands in parentheses behind it, such as "Ubuntu": fixes
	// of such a package do not show in the version.
	Packager string `json:"packager"`
	// BuiltWith is the TLS library that it was compiled with, RunningWith the
	// one that it loads.
	BuiltWith   TLSLibrary `json:"built_with"`
	RunningWith TLSLibrary `json:"running_with"`
	// Complete: the configure arguments were read to their end. Otherwise what
	// is not in the lists may still be there, and a gap says so.
	Complete  bool             `json:"complete"`
	Arguments []ConfigureFlag  `json:"arguments"`
	Modules   []CompiledModule `json:"modules"`
	// Lua is set when one of the modules runs Lua for HTTP. A module that was
	// packaged apart shows only by a load_module directive.
	Lua    bool   `json:"lua"`
	Source Source `json:"source"`
}

// TLSLibrary is a TLS library of a program.
type TLSLibrary struct {
	Known bool `json:"known"`
	// Name is "OpenSSL", "LibreSSL", "BoringSSL" or another.
	Name string `json:"name"`
	// Version is such as "3.0.11" or "1.1.1w". Numbers are its parts, and Letter
	// the patch letter of the old style.
	Version string `json:"version"`
	Numbers []int  `json:"numbers"`
	Letter  string `json:"letter"`
	// Date is that of the release, YYYY-MM-DD, empty where not printed.
	Date string `json:"date"`
}

// ConfigureFlag is one argument of the configure script, such as --with-threads,
// or --prefix with the value behind its "=".
type ConfigureFlag struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ModuleChoice says how a module came to be in or out of a build.
type ModuleChoice string

const (
	// ModuleWith: asked for by --with-NAME.
	ModuleWith ModuleChoice = "with"
	// ModuleWithout: left out by --without-NAME.
	ModuleWithout ModuleChoice = "without"
	// ModuleAdded: compiled from a folder of its own.
	ModuleAdded ModuleChoice = "added"
)

// Values lists the members of the enumeration, for the schema.
func (ModuleChoice) Values() []string {
	return []string{string(ModuleWith), string(ModuleWithout), string(ModuleAdded)}
}

// CompiledModule is a module or another part that a configure argument decides.
// Modules that are built without being asked for are not listed.
type CompiledModule struct {
	// Name is such as "http_ssl_module"; of an added one the base name of its
	// folder, without the version.
	Name string `json:"name"`
	// Version is the one in the name of an added module's folder, else empty.
	Version string       `json:"version"`
	Choice  ModuleChoice `json:"choice"`
	// Dynamic: a file that load_module has to load.
	Dynamic bool `json:"dynamic"`
}
