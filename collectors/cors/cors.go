// SPDX-License-Identifier: Apache-2.0

// Package cors gathers the cross-origin configuration of Finesse, CUIC and
// Live Data, node by node, from captured transcripts.
package cors

import (
	"context"

	"github.com/postern-audit/postern/collectors/internal/transcript"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/vos"
)

// Collector reads the transcript that a node declares.
type Collector struct{}

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
func (c Collector) Collect(_ context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if t.Kind != evidence.KindNode {
		return out, nil
	}
	apps := applications(t.Node.Role)
	if len(apps) == 0 {
		return out, nil
	}
	r, gaps := transcript.Open(c.Name(), t)
	if r == nil {
		out.Gaps = gaps
		return out, nil
	}
	for _, app := range apps {
		status := r.Status(vos.CORSStatus(app.word))
		mode := evidence.CORSUnknown
		if status.Known {
			mode = evidence.CORSMode(status.Value)
		}
		out.Sections.CORS = append(out.Sections.CORS, evidence.CORS{
			Target: t.Subject, Component: app.component, Mode: mode,
			ModeSource: status.Source, ModeFormat: status.Format,
			AllowedOrigins: r.List(vos.CORSList(app.word, "allowed_origin")),
			AllowedHeaders: r.OptionalList(vos.CORSList(app.word, "allowed_headers")),
			ExposedHeaders: r.OptionalList(vos.CORSList(app.word, "exposed_headers")),
			Source:         r.At(1),
		})
	}
	out.Gaps = r.Gaps()
	return out, nil
}
