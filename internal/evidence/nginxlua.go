// SPDX-License-Identifier: Apache-2.0

package evidence

// NginxLua is one Lua handler, with the names and addresses that its code writes
// out. What it does is not known.
type NginxLua struct {
	// Directive is such as "access_by_lua_block", Phase the part before
	// "_by_lua", such as "init_worker" or "access".
	Directive string `json:"directive"`
	Phase     string `json:"phase"`
	// Server is the subject of the server that holds the handler, empty outside
	// of one. Location and Modifier are those of the location, Location being
	// empty outside of one. Upstream is the name of an upstream block.
	Server   string           `json:"server"`
	Location string           `json:"location"`
	Modifier LocationModifier `json:"modifier"`
	Upstream string           `json:"upstream"`
	// File is the artifact that a *_by_lua_file directive names, read or not;
	// empty for code that stands in the configuration.
	File string `json:"file"`
	// Complete: all of the code was read. Otherwise a gap says why not.
	Complete bool `json:"complete"`
	// Computed: a module, a dictionary or an address is put together at run
	// time, so that the lists may lack what the code uses.
	Computed bool `json:"computed"`
	// Requires are the modules that the code names for require.
	Requires []string `json:"requires"`
	// SharedDictionaries are those that it names behind ngx.shared.
	SharedDictionaries []string `json:"shared_dictionaries"`
	// URLs are the http and https addresses in its literals.
	URLs []LuaURL `json:"urls"`
	// Secrets are the literals that were redacted.
	Secrets []LuaSecret `json:"secrets"`
	Source  Source      `json:"source"`
}

// LuaSecret is a secret that stands in Lua code as a literal.
type LuaSecret struct {
	// Name is the variable or the field that it is assigned to, empty for another
	// use.
	Name string     `json:"name"`
	Mark SecretMark `json:"mark"`
}

// LuaURL is an address in a string of Lua code, without user, query and
// fragment.
type LuaURL struct {
	// Scheme is "http" or "https".
	Scheme string `json:"scheme"`
	// Host is a name in lower case, or an address without brackets; empty when
	// not written out.
	Host string `json:"host"`
	// Port is the scheme's where none is written, 0 when not known.
	Port int    `json:"port"`
	Path string `json:"path"`
	// Computed: the text is not the whole address; more is put into it or
	// behind it at run time.
	Computed bool   `json:"computed"`
	Source   Source `json:"source"`
}
