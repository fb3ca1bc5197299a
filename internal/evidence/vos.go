// SPDX-License-Identifier: Apache-2.0

package evidence

// Format says how an output format came to be known: seen in public documents,
// or inferred from them.
type Format string

const (
	FormatDocumented Format = "documented"
	FormatInferred   Format = "inferred"
	// FormatNone: the command was not found in the transcript.
	FormatNone Format = "none"
)

// Values lists the members of the enumeration, for the schema.
func (Format) Values() []string {
	return []string{string(FormatDocumented), string(FormatInferred), string(FormatNone)}
}

// CLIList is the answer of a list command. Known is false when the command was
// not run or its answer could not be read.
type CLIList struct {
	Known  bool      `json:"known"`
	Format Format    `json:"format"`
	Items  []CLIItem `json:"items"`
	Source Source    `json:"source"`
}

// CLIItem is one item of a list, with the place that shows it.
type CLIItem struct {
	Value  string `json:"value"`
	Source Source `json:"source"`
}

// CLIValue is the answer of a status command.
type CLIValue struct {
	Known  bool   `json:"known"`
	Format Format `json:"format"`
	Value  string `json:"value"`
	Source Source `json:"source"`
}

// VOSNode is what the command line of one node shows.
type VOSNode struct {
	// Target is "node/NAME".
	Target string `json:"target"`
	// AllowedHosts are the reverse-proxy hosts that the node trusts.
	AllowedHosts CLIList `json:"allowed_hosts"`
	ConfigURIs   CLIList `json:"config_uris"`
	// ClientAuth is "enabled" or "disabled".
	ClientAuth CLIValue `json:"client_auth"`
	// UpdateMinutes is the poll interval of the map, as a number.
	UpdateMinutes CLIValue `json:"update_minutes"`
	Version       CLIValue `json:"version"`
	// TLSServerMinimum and TLSClientMinimum are such as "1.2".
	TLSServerMinimum CLIValue     `json:"tls_server_minimum"`
	TLSClientMinimum CLIValue     `json:"tls_client_minimum"`
	Commands         []CLICommand `json:"commands"`
	Secrets          []SecretMark `json:"secrets"`
	Source           Source       `json:"source"`
}

// CLICommand is one command of the transcript and whether its answer was read.
type CLICommand struct {
	Command string `json:"command"`
	Read    bool   `json:"read"`
	Source  Source `json:"source"`
}

// CORSMode is the state of a component's cross-origin filter.
type CORSMode string

const (
	CORSEnabled   CORSMode = "enabled"
	CORSEnableAll CORSMode = "enable_all"
	CORSDisabled  CORSMode = "disabled"
	CORSUnknown   CORSMode = "unknown"
)

// Values lists the members of the enumeration, for the schema.
func (CORSMode) Values() []string {
	return []string{string(CORSEnabled), string(CORSEnableAll), string(CORSDisabled), string(CORSUnknown)}
}

// CORSComponent is the application whose list it is.
type CORSComponent string

const (
	CORSFinesse  CORSComponent = "finesse"
	CORSCUIC     CORSComponent = "cuic"
	CORSLiveData CORSComponent = "livedata"
)

// Values lists the members of the enumeration, for the schema.
func (CORSComponent) Values() []string {
	return []string{string(CORSFinesse), string(CORSCUIC), string(CORSLiveData)}
}

// CORS is the cross-origin configuration of one component on one node.
type CORS struct {
	// Target is "node/NAME".
	Target         string        `json:"target"`
	Component      CORSComponent `json:"component"`
	Mode           CORSMode      `json:"mode"`
	ModeSource     Source        `json:"mode_source"`
	ModeFormat     Format        `json:"mode_format"`
	AllowedOrigins CLIList       `json:"allowed_origins"`
	AllowedHeaders CLIList       `json:"allowed_headers"`
	ExposedHeaders CLIList       `json:"exposed_headers"`
	Source         Source        `json:"source"`
}

// Framing is the list of origins that may embed a node's desktop.
type Framing struct {
	// Target is "node/NAME".
	Target string `json:"target"`
	// Verb is the command that was used: frame_access_allowed_list,
	// frame_access_whitelist or xframe.
	Verb    string   `json:"verb"`
	Entries CLIList  `json:"entries"`
	XFrame  CLIValue `json:"xframe"`
	Source  Source   `json:"source"`
}
