// SPDX-License-Identifier: Apache-2.0

// Package vos gathers what the command line of a node shows about the reverse
// proxy: which hosts it trusts, where its map comes from, and whether proxies
// must present a certificate. It reads captured transcripts.
package vos

import (
	"context"

	"github.com/postern-audit/postern/collectors/internal/transcript"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/vos"
)

// Collector reads the transcript that a node declares.
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "vos" }

// Collect implements evidence.Collector.
func (c Collector) Collect(_ context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if t.Kind != evidence.KindNode || !t.Node.Role.TrustsProxies() {
		return out, nil
	}
	r, gaps := transcript.Open(c.Name(), t)
	if r == nil {
		out.Gaps = gaps
		return out, nil
	}
	out.Sections.VOS = []evidence.VOSNode{{
		Target:           t.Subject,
		AllowedHosts:     r.List(vos.AllowedHosts()),
		ConfigURIs:       r.List(vos.ConfigURIs()),
		ClientAuth:       r.Status(vos.ClientAuth()),
		UpdateMinutes:    r.OptionalStatus(vos.UpdateFrequency()),
		Version:          r.OptionalStatus(vos.ActiveVersion()),
		TLSServerMinimum: r.OptionalStatus(vos.TLSMinimum("server")),
		TLSClientMinimum: r.OptionalStatus(vos.TLSMinimum("client")),
		Commands:         r.Commands(),
		Secrets:          r.Secrets,
		Source:           r.At(1),
	}}
	out.Gaps = r.Gaps()
	return out, nil
}
