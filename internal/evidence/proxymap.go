// SPDX-License-Identifier: Apache-2.0

package evidence

// ProxyMap is one copy of the map that translates internal names and ports
// into external ones: the master, or the copy that a node shows.
type ProxyMap struct {
	// Target is "site" for the master, "node/NAME" for a node's copy.
	Target string `json:"target"`
	// ByteOrderMark and CRLF are notes on the file's form, not defects.
	ByteOrderMark bool         `json:"byte_order_mark"`
	CRLF          bool         `json:"crlf"`
	Entries       []MapEntry   `json:"entries"`
	Problems      []MapProblem `json:"problems"`
	Source        Source       `json:"source"`
}

// MapEntry is one line "internal=external" that could be read. Hosts keep
// their case as written.
type MapEntry struct {
	// Subject is "map/" and the internal side as written.
	Subject  string   `json:"subject"`
	Internal Endpoint `json:"internal"`
	External Endpoint `json:"external"`
	Source   Source   `json:"source"`
}

// Endpoint is a host and a port. HasPort tells a written port from an absent
// one, whose meaning differs between releases; Port is then 0.
type Endpoint struct {
	Text    string `json:"text"`
	Host    string `json:"host"`
	Port    int    `json:"port"`
	HasPort bool   `json:"has_port"`
	// IPAddress is set when the host is an IPv4 address: certificates and
	// single sign-on need names.
	IPAddress bool `json:"ip_address"`
}

// MapProblemKind classifies a line of the map that breaks its grammar.
type MapProblemKind string

const (
	MapNoSeparator      MapProblemKind = "no_separator"
	MapSecondSeparator  MapProblemKind = "second_separator"
	MapWrongSeparator   MapProblemKind = "wrong_separator"
	MapScheme           MapProblemKind = "scheme"
	MapPath             MapProblemKind = "path"
	MapTrailingDot      MapProblemKind = "trailing_dot"
	MapTrailingComment  MapProblemKind = "trailing_comment"
	MapBangComment      MapProblemKind = "bang_comment"
	MapContinuation     MapProblemKind = "continuation"
	MapBadHost          MapProblemKind = "bad_host"
	MapBadPort          MapProblemKind = "bad_port"
	MapEmptySide        MapProblemKind = "empty_side"
	MapControlCharacter MapProblemKind = "control_character"
	MapLineTooLong      MapProblemKind = "line_too_long"
	MapNotText          MapProblemKind = "not_text"
	MapTooManyEntries   MapProblemKind = "too_many_entries"
	// MapBrokenLine is a line of a terminal that reads as an entry, and that may
	// go on in the next line.
	MapBrokenLine MapProblemKind = "broken_line"
)

// Values lists the members of the enumeration, for the schema.
func (MapProblemKind) Values() []string {
	return []string{
		string(MapNoSeparator), string(MapSecondSeparator), string(MapWrongSeparator), string(MapScheme),
		string(MapPath), string(MapTrailingDot), string(MapTrailingComment), string(MapBangComment),
		string(MapContinuation), string(MapBadHost), string(MapBadPort), string(MapEmptySide),
		string(MapControlCharacter), string(MapLineTooLong), string(MapNotText), string(MapTooManyEntries),
		string(MapBrokenLine),
	}
}

// MapProblem is a line of the map that is not an entry and should be.
type MapProblem struct {
	Kind    MapProblemKind `json:"kind"`
	Message string         `json:"message"`
	Text    string         `json:"text"`
	Source  Source         `json:"source"`
}
