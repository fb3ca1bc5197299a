// SPDX-License-Identifier: Apache-2.0

// Package framing gathers which origins may embed the desktop, node by node,
// from captured transcripts. The command has had three names; the one that was
// used is a fact of its own.
package framing

import (
	"context"

	"github.com/postern-audit/postern/collectors/internal/transcript"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/vos"
)

// Collector reads the transcript that a node declares.
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "framing" }

// Collect implements evidence.Collector.
func (c Collector) Collect(_ context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if t.Kind != evidence.KindNode || (t.Node.Role != "finesse" && t.Node.Role != "uccx") {
		return out, nil
	}
	r, gaps := transcript.Open(c.Name(), t)
	if r == nil {
		out.Gaps = gaps
		return out, nil
	}
	record := evidence.Framing{Target: t.Subject, Source: r.At(1)}
	verbs := vos.FrameVerbs()
	record.Verb = verbs[0]
	for _, verb := range verbs {
		if r.Has("utils finesse " + verb + " list") {
			record.Verb = verb
			break
		}
	}
	record.Entries = r.List(vos.FrameList(record.Verb))
	record.XFrame = r.OptionalStatus(vos.XFrame())
	out.Sections.Framing = []evidence.Framing{record}
	out.Gaps = r.Gaps()
	return out, nil
}
