// SPDX-License-Identifier: Apache-2.0

// Package cors gathers who may read what across origins, in two sections.
//
// Section cors is the configuration of Finesse, CUIC and Live Data, node by
// node, from captured transcripts.
//
// Section corslive is what listeners answer: to preflights from every declared
// origin, from a foreign one and from ones made to deceive a loose comparison,
// and to a few GETs. MayRead and MaySend tell what a browser makes of an answer.
// Most of these paths need credentials, and each GET without them costs one of
// the few 401 that a gate forgives, so only the listener's own origin, a foreign
// one and null are tried with GET.
//
// A hostile page can leave the Referer out, so requests from origins that are
// not declared have none; those from declared ones have the one that a browser
// sends. Answers to credentials are not seen: none are sent. Which path of a
// listener answers across origins is not known; a few well-known ones are asked
// and one is used.
package cors

import (
	"context"
	"time"

	"github.com/postern-audit/postern/collectors/internal/transcript"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/vos"
)

// Collector reads the transcript that a node declares, and asks the listeners
// that an edge or a node does. The zero value is ready for use.
type Collector struct {
	// Timeout bounds one exchange; 0 is 10 seconds.
	Timeout time.Duration
}

// Name implements evidence.Collector.
func (Collector) Name() string { return "cors" }

// application is one program that keeps its own cross-origin lists.
type application struct {
	component evidence.CORSComponent
	// word is the application's name on the command line.
	word string
}

var (
	finesse  = application{evidence.CORSFinesse, "finesse"}
	cuic     = application{evidence.CORSCUIC, "cuic"}
	livedata = application{evidence.CORSLiveData, "live-data"}
)

// applications lists what runs on a node. A Unified CCX server runs all three.
func applications(role evidence.NodeRole) []application {
	switch role {
	case "finesse":
		return []application{finesse}
	case "cuic":
		return []application{cuic}
	case "livedata":
		return []application{livedata}
	case "uccx":
		return []application{finesse, cuic, livedata}
	}
	return nil
}

// Collect implements evidence.Collector.
func (c Collector) Collect(ctx context.Context, t evidence.Target) (evidence.Collected, error) {
	out := c.configured(t)
	live, gaps := c.live(ctx, t)
	out.Sections.CORSLive = live
	out.Gaps = append(out.Gaps, gaps...)
	return out, nil
}

// configured reads the transcript.
func (c Collector) configured(t evidence.Target) evidence.Collected {
	var out evidence.Collected
	if t.Kind != evidence.KindNode {
		return out
	}
	apps := applications(t.Node.Role)
	if len(apps) == 0 {
		return out
	}
	r, gaps := transcript.Open(c.Name(), t)
	if r == nil {
		out.Gaps = gaps
		return out
	}
	for _, app := range apps {
		status := r.Status(vos.CORSStatus(app.word), "mode")
		mode := evidence.CORSUnknown
		if status.Known {
			mode = evidence.CORSMode(status.Value)
		}
		out.Sections.CORS = append(out.Sections.CORS, evidence.CORS{
			Target: t.Subject, Component: app.component, Mode: mode,
			ModeSource: status.Source, ModeFormat: status.Format,
			AllowedOrigins:       r.List(vos.CORSList(app.word, "allowed_origin"), "allowed_origins"),
			AllowedHeaders:       r.OptionalList(vos.CORSList(app.word, "allowed_headers"), "allowed_headers"),
			ExposedHeaders:       r.OptionalList(vos.CORSList(app.word, "exposed_headers"), "exposed_headers"),
			PrivateNetworkAccess: r.OptionalStatus(vos.PrivateNetworkAccess(app.word), "private_network_access"),
			Source:               r.At(1),
		})
	}
	out.Gaps = r.Gaps()
	return out
}
