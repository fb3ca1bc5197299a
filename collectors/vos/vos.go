// SPDX-License-Identifier: Apache-2.0

// Package vos gathers what the command line of a node shows: which hosts it
// trusts as reverse proxies, where its map comes from and what its copy of the
// map says, whether proxies must present a certificate, and what runs on it in
// which version, with which certificates and settings.
//
// It reads one transcript, captured by a person or over SSH. Every fact says
// whether the format of its answer is documented or inferred. What the four
// questions about the reverse proxy do not answer is a gap; any other question
// may be absent, or unknown to the node's release, and its fact is then not
// known. An answer in an unknown form is always a gap.
package vos

import (
	"context"

	"github.com/postern-audit/postern/collectors/internal/mapgrammar"
	"github.com/postern-audit/postern/collectors/internal/transcript"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/vos"
)

// Collector reads the transcript of a node.
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
	n := evidence.VOSNode{
		Target:             t.Subject,
		AllowedHosts:       r.List(vos.AllowedHosts()),
		ConfigURIs:         r.List(vos.ConfigURIs()),
		ClientAuth:         r.Status(vos.ClientAuth()),
		UpdateMinutes:      r.OptionalStatus(vos.UpdateFrequency()),
		Version:            r.OptionalStatus(vos.ActiveVersion()),
		TLSServerMinimum:   r.OptionalStatus(vos.TLSMinimum("server")),
		TLSClientMinimum:   r.OptionalStatus(vos.TLSMinimum("client")),
		TLSCertificateType: r.OptionalStatus(vos.TLSCertificateType()),
		GadgetSourceCheck:  r.OptionalStatus(vos.GadgetSourceCheck()),
		GadgetSources:      r.OptionalList(vos.GadgetSources()),
		ConnectedUsers:     count(r, vos.ConnectedUsers("total")),
		ProxyUsers:         count(r, vos.ConnectedUsers("proxy")),
		NotificationHosts:  r.OptionalList(vos.NotificationHosts()),
		AccessLogLevel:     r.OptionalStatus(vos.WebProxy("access-log-level")),
		LogSeverity:        r.OptionalStatus(vos.WebProxy("log-severity")),
		HostName:           r.OptionalStatus(vos.HostName()),
		Commands:           r.Commands(),
		Secrets:            r.Secrets,
		Source:             r.At(1),
	}
	proxyMap(r, &n)
	release(r, &n)
	network(r, &n)
	services(r, &n)
	stores(r, &n)
	properties(r, &n)
	people(r, &n)
	out.Sections.VOS = []evidence.VOSNode{n}
	out.Gaps = r.Gaps()
	return out, nil
}

func count(r *transcript.Reader, c vos.StatusCommand) evidence.CLICount {
	n, err := r.Transcript().ReadCount(c)
	return asCount(r, n, err)
}

func asCount(r *transcript.Reader, n vos.Count, err error) evidence.CLICount {
	if err != nil {
		r.Miss(err)
		return evidence.CLICount{Format: evidence.FormatNone}
	}
	return evidence.CLICount{Known: true, Format: evidence.Format(n.Format), Value: n.Number, Source: r.At(n.Line)}
}

func proxyMap(r *transcript.Reader, n *evidence.VOSNode) {
	for _, x := range r.Transcript().Rejections() {
		n.Rejections = append(n.Rejections, evidence.CLIRejection{List: x.List, Value: x.Value, Source: r.At(x.Line)})
	}
	m, err := r.Transcript().ReadMap(mapgrammar.IsEntry)
	if err != nil {
		r.Miss(err)
		n.ProxyMap.Format = evidence.FormatNone
		return
	}
	n.ProxyMap = evidence.CLIProxyMap{Known: true, Format: evidence.Format(m.Format), Source: r.At(m.Line)}
	for _, l := range m.Entries {
		if entry, _ := mapgrammar.Line(l.Text, r.At(l.Number)); entry != nil {
			n.ProxyMap.Entries = append(n.ProxyMap.Entries, *entry)
		}
	}
	for _, l := range m.Others {
		item := evidence.CLIItem{Value: l.Text, Source: r.At(l.Number)}
		// A line without a problem is one that the terminal may have broken.
		if _, problem := mapgrammar.Line(l.Text, item.Source); problem != nil {
			item = evidence.CLIItem{Value: problem.Text, Source: problem.Source}
		}
		n.ProxyMap.Malformed = append(n.ProxyMap.Malformed, item)
	}
}

func release(r *transcript.Reader, n *evidence.VOSNode) {
	n.InstalledOptions.Format, n.EngineeringSpecial.Format = evidence.FormatNone, evidence.FormatNone
	v, err := r.Transcript().ReadRelease()
	if err != nil {
		r.Miss(err)
		return
	}
	format, at := evidence.Format(v.Format), r.At(v.Line)
	n.InstalledOptions = evidence.CLIList{Known: true, Format: format, Items: r.Items(v.Options), Source: at}
	n.EngineeringSpecial = evidence.CLICount{Known: true, Format: format, Value: v.Special, Source: at}
}

func network(r *transcript.Reader, n *evidence.VOSNode) {
	n.Addresses.Format, n.DNSServers.Format, n.Domain.Format = evidence.FormatNone, evidence.FormatNone, evidence.FormatNone
	v, err := r.Transcript().ReadNetwork()
	if err != nil {
		r.Miss(err)
		return
	}
	format, at := evidence.Format(v.Format), r.At(v.Line)
	n.Addresses = evidence.CLIList{Known: true, Format: format, Items: r.Items(v.Addresses), Source: at}
	if v.Resolver {
		n.DNSServers = evidence.CLIList{Known: true, Format: format, Items: r.Items(v.DNSServers), Source: at}
	}
	if v.Domain.Line != 0 {
		n.Domain = evidence.CLIValue{Known: true, Format: format, Value: v.Domain.Value, Source: r.At(v.Domain.Line)}
	}
}

func services(r *transcript.Reader, n *evidence.VOSNode) {
	s, err := r.Transcript().ReadServices()
	n.Services.Format = evidence.FormatNone
	if err != nil {
		r.Miss(err)
	}
	if s.Line != 0 {
		n.Services = evidence.CLIServices{Known: err == nil, Format: evidence.Format(s.Format), Source: r.At(s.Line)}
	}
	for _, x := range s.Services {
		n.Services.Services = append(n.Services.Services, evidence.CLIService{
			Name: x.Name, State: evidence.ServiceState(x.State), Activated: x.Activated, Remark: x.Remark, Source: r.At(x.Line),
		})
	}
	restarts, errs := r.Transcript().Restarts()
	for _, x := range restarts {
		n.ServiceRestarts = append(n.ServiceRestarts, evidence.CLIServiceRestart{
			Service: x.Name, State: evidence.ServiceState(x.State), Source: r.At(x.Line),
		})
	}
	for _, err := range errs {
		r.Miss(err)
	}
}

func people(r *transcript.Reader, n *evidence.VOSNode) {
	locked, err := r.Transcript().LockedOutUsers()
	n.LockedOutUsers = asCount(r, locked, err)
	n.IDSSecret.Format = evidence.FormatNone
	key, err := r.Transcript().IDSSecret()
	if err != nil {
		r.Miss(err)
		return
	}
	n.IDSSecret = evidence.CLISecret{
		Known: true, Format: evidence.Format(key.Format), Length: key.Length, SHA256: key.SHA256, Source: r.At(key.Line),
	}
}
