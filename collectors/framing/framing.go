// SPDX-License-Identifier: Apache-2.0

// Package framing gathers who may embed the desktop, in two sections.
//
// Section framing is the configuration, node by node, from captured transcripts.
// The command has had three names; the one that was used is a fact of its own.
//
// Section framinglive is what the pages of a listener say themselves, in
// Content-Security-Policy and X-Frame-Options. MayEmbed tells what a browser
// makes of that. Only the entry pages are asked for, without credentials: a page
// behind the login may say something else.
package framing

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
func (Collector) Name() string { return "framing" }

// Collect implements evidence.Collector.
func (c Collector) Collect(ctx context.Context, t evidence.Target) (evidence.Collected, error) {
	out := c.configured(t)
	live, gaps := c.live(ctx, t)
	out.Sections.FramingLive = live
	out.Gaps = append(out.Gaps, gaps...)
	return out, nil
}

// configured reads the transcript.
func (c Collector) configured(t evidence.Target) evidence.Collected {
	var out evidence.Collected
	if t.Kind != evidence.KindNode || (t.Node.Role != "finesse" && t.Node.Role != "uccx") {
		return out
	}
	r, gaps := transcript.Open(c.Name(), t)
	if r == nil {
		out.Gaps = gaps
		return out
	}
	record := evidence.Framing{Target: t.Subject, Source: r.At(1)}
	verbs := vos.FrameVerbs()
	record.Verb = verbs[0]
	answered := false
	for _, verb := range verbs {
		// A release refuses the names that it does not have.
		if _, answered = r.Answered("utils finesse " + verb + " list"); answered {
			record.Verb = verb
			break
		}
	}
	_, hasSwitch := r.Answered(vos.XFrame().Commands...)
	switch {
	case answered:
		record.Entries = r.List(vos.FrameList(record.Verb), "entries")
	case hasSwitch:
		// The oldest releases have the switch alone.
		record.Verb = "xframe"
		record.Entries = r.OptionalList(vos.FrameList(verbs[0]), "entries")
	default:
		// Which name the command has is then not known either.
		record.Entries = r.List(vos.FrameList(record.Verb), "entries", "verb")
	}
	record.XFrame = r.OptionalStatus(vos.XFrame(), "xframe")
	out.Sections.Framing = []evidence.Framing{record}
	out.Gaps = r.Gaps()
	return out
}
