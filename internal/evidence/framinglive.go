// SPDX-License-Identifier: Apache-2.0

package evidence

// FrameOptions is what a browser makes of X-Frame-Options.
type FrameOptions string

const (
	// FrameOptionsAbsent: no such header.
	FrameOptionsAbsent FrameOptions = "absent"
	// FrameOptionsDeny: nobody may embed the page. Several different values, one
	// of which a browser knows, mean the same.
	FrameOptionsDeny FrameOptions = "deny"
	// FrameOptionsSameOrigin: only pages of the same origin, all the way up.
	FrameOptionsSameOrigin FrameOptions = "same_origin"
	// FrameOptionsIgnored: a value that browsers do not know, such as
	// ALLOW-FROM: the page is not protected by it.
	FrameOptionsIgnored FrameOptions = "ignored"
)

// Values lists the members of the enumeration, for the schema.
func (FrameOptions) Values() []string {
	return []string{string(FrameOptionsAbsent), string(FrameOptionsDeny), string(FrameOptionsSameOrigin), string(FrameOptionsIgnored)}
}

// AncestorKind is the form of one frame-ancestors source.
type AncestorKind string

const (
	AncestorNone   AncestorKind = "none"
	AncestorSelf   AncestorKind = "self"
	AncestorScheme AncestorKind = "scheme"
	AncestorHost   AncestorKind = "host"
	// AncestorAny is "*".
	AncestorAny AncestorKind = "any"
	// AncestorInvalid is what browsers skip.
	AncestorInvalid AncestorKind = "invalid"
)

// Values lists the members of the enumeration, for the schema.
func (AncestorKind) Values() []string {
	return []string{
		string(AncestorNone), string(AncestorSelf), string(AncestorScheme), string(AncestorHost),
		string(AncestorAny), string(AncestorInvalid),
	}
}

// EmbedderKind says why an embedder was considered.
type EmbedderKind string

const (
	// EmbedderSelf is the page's own origin.
	EmbedderSelf EmbedderKind = "self"
	// EmbedderListener is the origin of another declared listener.
	EmbedderListener EmbedderKind = "listener"
	// EmbedderIntegration is a declared embedder.
	EmbedderIntegration EmbedderKind = "integration"
	// EmbedderForeign has nothing to do with the site.
	EmbedderForeign EmbedderKind = "foreign"
	// EmbedderClearText is the page's own host over http.
	EmbedderClearText EmbedderKind = "clear_text"
)

// Values lists the members of the enumeration, for the schema.
func (EmbedderKind) Values() []string {
	return []string{
		string(EmbedderSelf), string(EmbedderListener), string(EmbedderIntegration),
		string(EmbedderForeign), string(EmbedderClearText),
	}
}

// FramingListener is what one listener's pages say about who may embed them.
type FramingListener struct {
	// Target is "edge/NAME" or "node/NAME".
	Target string `json:"target"`
	// Subject is the listener: TARGET/listener/HOST:PORT.
	Subject string `json:"subject"`
	// Host and Port are as declared.
	Host  string      `json:"host"`
	Port  int         `json:"port"`
	Pages []FramePage `json:"pages"`
	// Connections and Sent count what the listener was troubled with.
	Connections int    `json:"connections"`
	Sent        int    `json:"sent"`
	Source      Source `json:"source"`
}

// FramePage is one page and who may embed it.
type FramePage struct {
	Path    string      `json:"path"`
	Outcome HTTPOutcome `json:"outcome"`
	Refusal HTTPRefusal `json:"refusal"`
	Reason  string      `json:"reason"`
	Status  int         `json:"status"`
	// HTML is set when the answer is a page that a frame would show.
	HTML bool `json:"html"`
	// Restricted is set when some policy has frame-ancestors. Each policy has
	// its own list, and an embedder must stand in all of them.
	Restricted bool            `json:"restricted"`
	Ancestors  []FrameAncestor `json:"ancestors"`
	// ReportOnly is set when a frame-ancestors list stands only in
	// Content-Security-Policy-Report-Only, where it stops nobody.
	ReportOnly bool `json:"report_only"`
	// FrameOptions counts only where Restricted is not set.
	FrameOptions     FrameOptions `json:"frame_options"`
	FrameOptionsText string       `json:"frame_options_text"`
	// OddHead is set when the head had lines that are no fields. A browser may
	// read them as such: no policy is known to be absent then.
	OddHead bool `json:"odd_head"`
	// Embedders are what a browser decides; none when the outcome is unknown, the
	// head is odd, or more policies came than are read.
	Embedders []FrameEmbedder `json:"embedders"`
	Source    Source          `json:"source"`
}

// FrameAncestor is one source of a frame-ancestors list.
type FrameAncestor struct {
	// Policy counts the policies of the answer from 1, in the order sent.
	Policy int `json:"policy"`
	// Text is the source as written; an empty list is one of kind none.
	Text string       `json:"text"`
	Kind AncestorKind `json:"kind"`
	// Scheme and Host are lower-cased; Scheme is empty where the page's own
	// applies. Host may begin with "*.", or be "*".
	Scheme string `json:"scheme"`
	Host   string `json:"host"`
	// Port is 0 where the scheme's own applies, or where AnyPort is set.
	Port    int  `json:"port"`
	AnyPort bool `json:"any_port"`
	// Path is empty where none is written. One other than "/" makes the source
	// match nobody.
	Path string `json:"path"`
}

// FrameEmbedder is whether pages of an origin may embed the page directly,
// with nothing above them.
type FrameEmbedder struct {
	Origin   string       `json:"origin"`
	Kind     EmbedderKind `json:"kind"`
	MayEmbed bool         `json:"may_embed"`
}
