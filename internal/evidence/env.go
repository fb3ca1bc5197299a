// SPDX-License-Identifier: Apache-2.0

package evidence

// EnvFiles are the installer's environment files of one edge. The installer
// generates the proxy's configuration from them at every start, so what they say
// outlives an edit of what it generated.
type EnvFiles struct {
	// Target is "edge/NAME".
	Target string    `json:"target"`
	Files  []EnvFile `json:"files"`
	// Properties holds every assignment in the order of the files, and what is
	// documented for a file or the whole edge and assigned nowhere (Set is false).
	Properties []EnvProperty `json:"properties"`
	// Secrets are the marks that redaction left in the files.
	Secrets []SecretMark `json:"secrets"`
	Source  Source       `json:"source"`
}

// EnvScope is what an environment file is read for.
type EnvScope string

const (
	// EnvInstaller: installer.env, which configures the container.
	EnvInstaller EnvScope = "installer"
	// EnvCommon: no TEMPLATE_TYPE, so the file belongs to no single component.
	EnvCommon EnvScope = "common"
	// EnvComponent: the file has a TEMPLATE_TYPE and configures one upstream.
	EnvComponent EnvScope = "component"
)

// Values lists the members of the enumeration, for the schema.
func (EnvScope) Values() []string {
	return []string{string(EnvInstaller), string(EnvCommon), string(EnvComponent)}
}

// EnvFile is one environment file.
type EnvFile struct {
	// Subject is Target and "/env/NAME".
	Subject string   `json:"subject"`
	Name    string   `json:"name"`
	Scope   EnvScope `json:"scope"`
	// TemplateType is the value of TEMPLATE_TYPE, which names the component.
	TemplateType Optional[string] `json:"template_type"`
	// ComponentDir is the value of NGX_COMP_DIR_NAME, the folder that the
	// component's configuration is generated in.
	ComponentDir Optional[string] `json:"component_dir"`
	// Assignments is how many there are, repeated ones included.
	Assignments int `json:"assignments"`
	// CRLF is set when lines end in CR LF. A shell makes the CR a part of the
	// value; the values here are without it.
	CRLF          bool   `json:"crlf"`
	ByteOrderMark bool   `json:"byte_order_mark"`
	Source        Source `json:"source"`
}

// EnvKind is how the value of a property is read.
type EnvKind string

const (
	EnvNumber   EnvKind = "number"
	EnvRate     EnvKind = "rate"
	EnvDuration EnvKind = "duration"
	EnvSize     EnvKind = "size"
	EnvBoolean  EnvKind = "boolean"
	EnvList     EnvKind = "list"
	EnvHost     EnvKind = "host"
	EnvURL      EnvKind = "url"
	EnvPath     EnvKind = "path"
	EnvSecret   EnvKind = "secret"
	EnvText     EnvKind = "text"
)

// Values lists the members of the enumeration, for the schema.
func (EnvKind) Values() []string {
	return []string{
		string(EnvNumber), string(EnvRate), string(EnvDuration), string(EnvSize), string(EnvBoolean), string(EnvList),
		string(EnvHost), string(EnvURL), string(EnvPath), string(EnvSecret), string(EnvText),
	}
}

// EnvUnit is what the Number of a property counts.
type EnvUnit string

const (
	EnvUnitNone                 EnvUnit = "none"
	EnvUnitBits                 EnvUnit = "bits"
	EnvUnitBytes                EnvUnit = "bytes"
	EnvUnitConnections          EnvUnit = "connections"
	EnvUnitConnectionsPerMinute EnvUnit = "connections_per_minute"
	EnvUnitDays                 EnvUnit = "days"
	EnvUnitFailures             EnvUnit = "failures"
	EnvUnitMilliseconds         EnvUnit = "milliseconds"
	EnvUnitPort                 EnvUnit = "port"
	EnvUnitRequests             EnvUnit = "requests"
	EnvUnitRequestsPerMinute    EnvUnit = "requests_per_minute"
	EnvUnitPerMinute            EnvUnit = "per_minute"
	EnvUnitSeconds              EnvUnit = "seconds"
	EnvUnitStatus               EnvUnit = "status"
)

// Values lists the members of the enumeration, for the schema.
func (EnvUnit) Values() []string {
	return []string{
		string(EnvUnitNone), string(EnvUnitBits), string(EnvUnitBytes), string(EnvUnitConnections), string(EnvUnitConnectionsPerMinute), string(EnvUnitDays),
		string(EnvUnitFailures), string(EnvUnitMilliseconds), string(EnvUnitPort), string(EnvUnitRequests), string(EnvUnitRequestsPerMinute),
		string(EnvUnitPerMinute), string(EnvUnitSeconds), string(EnvUnitStatus),
	}
}

// EnvProperty is one assignment, or a documented property without one.
type EnvProperty struct {
	// Subject is the file's subject and "/property/NAME"; where no file assigns
	// the property and none is its place, Target and "/property/NAME".
	Subject string `json:"subject"`
	// File is the name of the file, empty where none is the property's place.
	File string `json:"file"`
	// TemplateType is that of the file, empty where it has none.
	TemplateType string `json:"template_type"`
	Name         string `json:"name"`
	// Documented is set when the collector's table of properties has the name.
	// The kind of any other one is told from the form of its value.
	Documented bool    `json:"documented"`
	Kind       EnvKind `json:"kind"`
	// Meaning says in a few words what the property does.
	Meaning string `json:"meaning"`
	// Set is true for an assignment, false for a property that has none. The
	// value of the latter is the documented default, and the Origin of Value and
	// Source names the release that it is the default of.
	Set bool `json:"set"`
	// Effective is set on the last assignment of the name in its file, and on a
	// property without one.
	Effective bool `json:"effective"`
	// Occurrence counts the assignments of the name in its file from 1; 0 for a
	// property without one.
	Occurrence int `json:"occurrence"`
	// Raw is the value as written, quotes included; empty for a secret.
	Raw string `json:"raw"`
	// Value is the value after quotes and variables. It is not known for a
	// secret, for what needs a shell to be told, and where no default is
	// documented.
	Value Optional[string] `json:"value"`
	// Number is the value of the kinds number, rate, duration and size in Unit.
	Number Optional[int] `json:"number"`
	Unit   EnvUnit       `json:"unit"`
	// Switch is the value of a boolean.
	Switch Optional[bool] `json:"switch"`
	// List holds the parts of a list in their order.
	List []string `json:"list"`
	// Endpoints are the hosts of the kinds host and url, and of a list of them.
	Endpoints []Endpoint `json:"endpoints"`
	// Scheme and Path are those of a url.
	Scheme string `json:"scheme"`
	Path   string `json:"path"`
	// Secret is set when the value was redacted, and Mark is what is known of it.
	Secret bool       `json:"secret"`
	Mark   SecretMark `json:"mark"`
	// IsDefault is set on an assignment that equals the documented default.
	IsDefault bool `json:"is_default"`
	// Sample names the kind of published sample value that still stands in the
	// value, such as "sample domain"; empty for none.
	Sample string `json:"sample"`
	Source Source `json:"source"`
}
