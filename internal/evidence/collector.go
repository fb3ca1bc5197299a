// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"io/fs"
	"net"
	"path"
	"slices"
	"strings"
	"time"
)

// Collector gathers one kind of evidence.
type Collector interface {
	// Name is the collector's folder and the section that it fills.
	Name() string
	// Collect returns everything it could learn about the target, plus a gap
	// for what it could not. A target that is none of its concern gives an
	// empty result. An error means misuse of the collector, never a bad input
	// or an unreachable host.
	Collect(ctx context.Context, t Target) (Collected, error)
}

// Collected is what one collector learned about one target.
type Collected struct {
	Sections Sections
	Gaps     []Gap
}

// TargetKind is what a target is.
type TargetKind string

const (
	KindSite TargetKind = "site"
	KindEdge TargetKind = "edge"
	KindNode TargetKind = "node"
	KindCTI  TargetKind = "cti"
)

// Target is one thing to collect from. Of Edge, Node and CTI, at most one is
// set, according to Kind; Site always is.
type Target struct {
	Kind TargetKind
	// Subject is "site", "edge/NAME", "node/NAME" or "cti/INSTANCE-SIDE".
	Subject string
	Site    *Site
	Edge    *Edge
	Node    *Node
	CTI     *CTIServer
	// Files opens what the site file declares. All text that it returns is
	// already redacted.
	Files Files
	// Endpoints are the declared listeners that may be contacted, empty when
	// the target stays off the network.
	Endpoints []Endpoint
	// Dial opens connections to declared endpoints by their declared names;
	// nil when collection is offline.
	Dial Dialer
	// Vantage is where live facts are observed from.
	Vantage Vantage
	// Now is the clock.
	Now func() time.Time
	// Artifacts receives what was captured from the network, such as a served
	// chain, so that it is kept in the bundle, and returns it to the
	// collectors that run later on the same target.
	Artifacts *Archive
}

// Gap returns a gap of this target.
func (t Target) Gap(section, reason string, source Source) Gap {
	return Gap{Section: section, Subject: t.Subject, Reason: reason, Source: source}
}

// PartGap returns a gap of this target that concerns one field of its record
// only; see Gap.Part.
func (t Target) PartGap(section, part, reason string, source Source) Gap {
	return Gap{Section: section, Subject: t.Subject, Part: part, Reason: reason, Source: source}
}

// Declared is the place of the site file that declares the target.
func (t Target) Declared() Source {
	switch t.Kind {
	case KindEdge:
		return t.Edge.Source
	case KindNode:
		return t.Node.Source
	case KindCTI:
		return t.CTI.Source
	}
	return t.Site.DeclaredSource
}

// StandsOff says whether the target is any concern of a collector that contacts
// listeners, and why nothing is contacted where something should be.
func (t Target) StandsOff() (reason string, concerned bool) {
	switch t.Kind {
	case KindEdge:
		if len(t.Edge.Live.Ports) == 0 {
			return "the edge declares no live ports", true
		}
	case KindNode:
		if len(t.Node.Live.Ports) == 0 {
			return "", false
		}
	default:
		return "", false
	}
	return t.silence(), true
}

// StandsOffTLS is StandsOff for a collector that speaks nothing but TLS: the
// secured ports of CTI servers concern it as well.
func (t Target) StandsOffTLS() (reason string, concerned bool) {
	if t.Kind == KindCTI {
		return t.silence(), t.CTI.Live
	}
	return t.StandsOff()
}

// silence is why nothing is contacted, empty where something is.
func (t Target) silence() string {
	switch {
	case t.Dial == nil:
		return "not contacted: this run is offline"
	case len(t.Endpoints) == 0 && t.Kind == KindEdge:
		return "no external name of the map could be attributed to this edge"
	case len(t.Endpoints) == 0 && t.Kind == KindCTI:
		return "the CTI server declares no secured_port that can be contacted"
	case len(t.Endpoints) == 0:
		return "no live port of this node can be contacted"
	}
	return ""
}

// Live returns the source of a fact observed now at an endpoint.
func (t Target) Live(host string, port int) Source {
	return Source{
		Host: host, Port: port, At: t.Now().UTC().Format(time.RFC3339),
		Vantage: t.Vantage, Origin: Origin{Kind: Observed},
	}
}

// Dialer opens a connection to a declared endpoint. Implementations refuse
// everything that is not declared, keep the pace that was asked for, and bound
// each connection by a deadline. One Dialer is one gate: all collectors of a
// target share it, and with it the gate's patience.
type Dialer interface {
	DialEndpoint(ctx context.Context, host string, port int) (net.Conn, error)
	// Ready waits until a request may be sent that the gate could answer with
	// 401, and reserves that answer. An error means that nothing may be sent.
	Ready(ctx context.Context) error
	// Heard follows each Ready that returned nil, exactly once, with the
	// status of the answer: 0 when the request was not sent, or refused
	// without a status; 401 also when no answer came, since it may have been
	// one. After a 418 or 429, every Ready and DialEndpoint fails.
	Heard(status int)
}

// Planner is a collector that contacts listeners and can tell beforehand how
// much it will send.
type Planner interface {
	Collector
	// Plan returns what is sent to each endpoint of the target.
	Plan(t Target) Cost
}

// Cost is what one listener is sent.
type Cost struct {
	// Connections is how many are begun to a listener that keeps a connection
	// open after an answer. One that closes early gets more, but never more
	// than one a request.
	Connections int
	// Requests is how many are sent, less those whose connection is refused. One
	// that meets a connection that has just ended is sent once more.
	Requests int
}

// Files opens the artifacts that a site file names, by the path written there.
type Files interface {
	// Read returns one file, redacted and at most limit bytes long, and
	// records it as an artifact. A missing, oversized or irregular file is an
	// error whose text names the path.
	Read(path string, limit int64) (Artifact, error)
	// Tree returns a directory whose files are redacted and recorded as they
	// are read. Links that lead out of it are refused.
	Tree(path string) (fs.FS, error)
}

// PrivateKeyEndings lists the endings of files that are private keys, or stores
// of them.
func PrivateKeyEndings() []string {
	return []string{".key", ".pk8", ".p8", ".pkcs8", ".ppk", ".p12", ".pfx", ".jks"}
}

// IsPrivateKeyName reports whether a file is a private key by its ending. Such a
// file is never opened, only looked at from outside.
func IsPrivateKeyName(name string) bool {
	return slices.Contains(PrivateKeyEndings(), strings.ToLower(path.Ext(name)))
}
