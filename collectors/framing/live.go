// SPDX-License-Identifier: Apache-2.0

package framing

import (
	"context"
	"slices"
	"strings"

	"github.com/postern-audit/postern/collectors/internal/exchange"
	"github.com/postern-audit/postern/internal/evidence"
)

// paths are the entry pages that a frame would show.
var paths = []string{"/desktop/", "/"}

const (
	// maxEmbedders is how many declared embedders are considered.
	maxEmbedders  = 40
	foreignOrigin = "https://foreign.postern.invalid"
)

// Plan implements evidence.Planner.
func (Collector) Plan(t evidence.Target) evidence.Cost {
	if _, concerned := t.StandsOff(); !concerned {
		return evidence.Cost{}
	}
	return evidence.Cost{Connections: 1, Requests: len(paths)}
}

// live asks the listeners of a target. Nodes other than those with pages of the
// desktop are of no interest.
func (c Collector) live(ctx context.Context, t evidence.Target) ([]evidence.FramingListener, []evidence.Gap) {
	if t.Kind == evidence.KindNode && !slices.Contains([]evidence.NodeRole{"finesse", "uccx", "cuic"}, t.Node.Role) {
		return nil, nil
	}
	return exchange.Listeners(ctx, t, "framinglive", c.Timeout, func(ctx context.Context, client *exchange.Client) exchange.Result[evidence.FramingListener] {
		return listen(ctx, t, client)
	})
}

// listen asks one listener.
func listen(ctx context.Context, t evidence.Target, client *exchange.Client) exchange.Result[evidence.FramingListener] {
	e := client.Endpoint()
	record := evidence.FramingListener{
		Target: t.Subject, Subject: exchange.Subject(t, e), Host: e.Host, Port: e.Port, Source: t.Live(e.Host, e.Port),
	}
	var open []string
	for _, path := range paths {
		r := exchange.Request{Method: "GET", Path: path, Fields: exchange.Browse(e.Host, e.Port)}
		a := client.Ask(ctx, exchange.Via{SNI: exchange.ServerName(e.Host)}, r)
		page, cut := describe(t, e, path, a)
		record.Pages = append(record.Pages, page)
		if a.Outcome == evidence.HTTPUnknown {
			open = append(open, exchange.Describe(r, a))
		}
		if a.Outcome == evidence.HTTPAnswered && a.OddHead {
			open = append(open, path+": the head has lines that are no fields")
		}
		if cut {
			open = append(open, path+": more policies or sources than are read")
		}
	}
	record.Connections, record.Sent = client.Sent()
	return exchange.Result[evidence.FramingListener]{Record: record, Open: open}
}

// describe makes a fact of an answer. cut is set when a cap was reached; then,
// as after an odd head, no embedder is judged.
func describe(t evidence.Target, e evidence.Endpoint, path string, a exchange.Answer) (page evidence.FramePage, cut bool) {
	contentType, _ := a.Get("Content-Type")
	contentType, _, _ = strings.Cut(contentType, ";")
	options, _ := a.Get("X-Frame-Options")
	said := Page{
		Origin: exchange.Origin(e.Host, e.Port),
		CSP:    a.Values("Content-Security-Policy"), FrameOptions: a.Values("X-Frame-Options"),
	}
	lists, cut := ancestorLists(said.CSP)
	reported, _ := ancestorLists(a.Values("Content-Security-Policy-Report-Only"))
	page = evidence.FramePage{
		Path: path, Outcome: a.Outcome, Refusal: a.Refusal, Reason: exchange.Text(a.Reason), Status: a.Status,
		HTML:       a.Status >= 200 && a.Status < 300 && slices.Contains([]string{"text/html", "application/xhtml+xml"}, strings.ToLower(strings.TrimSpace(contentType))),
		Restricted: len(lists) > 0, ReportOnly: len(lists) == 0 && len(reported) > 0,
		FrameOptions: frameOptions(said.FrameOptions), FrameOptionsText: exchange.Text(options),
		OddHead: a.OddHead, Source: a.Source,
	}
	for _, a := range slices.Concat(lists...) {
		a.Text, a.Host, a.Scheme, a.Path = exchange.Text(a.Text), exchange.Text(a.Host), exchange.Text(a.Scheme), exchange.Text(a.Path)
		page.Ancestors = append(page.Ancestors, a)
	}
	if a.Outcome != evidence.HTTPAnswered || a.OddHead || cut {
		return page, cut
	}
	for _, embedder := range embedders(t, e) {
		embedder.MayEmbed = MayEmbed(said, []string{embedder.Origin})
		page.Embedders = append(page.Embedders, embedder)
	}
	return page, false
}

// embedders lists who is considered.
func embedders(t evidence.Target, e evidence.Endpoint) []evidence.FrameEmbedder {
	own := exchange.Origin(e.Host, e.Port)
	all := []evidence.FrameEmbedder{
		{Origin: own, Kind: evidence.EmbedderSelf},
		{Origin: foreignOrigin, Kind: evidence.EmbedderForeign},
		{Origin: "http://" + strings.TrimPrefix(own, "https://"), Kind: evidence.EmbedderClearText},
	}
	add := func(origin string, kind evidence.EmbedderKind) {
		known := slices.ContainsFunc(all, func(f evidence.FrameEmbedder) bool { return f.Origin == origin })
		if origin != "" && !known && len(all) < maxEmbedders {
			all = append(all, evidence.FrameEmbedder{Origin: origin, Kind: kind})
		}
	}
	for _, i := range t.Site.Integrations {
		add(strings.TrimSuffix(i.EmbedderOrigin, "/"), evidence.EmbedderIntegration)
	}
	for _, other := range t.Endpoints {
		add(exchange.Origin(other.Host, other.Port), evidence.EmbedderListener)
	}
	return all
}
