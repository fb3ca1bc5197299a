// SPDX-License-Identifier: Apache-2.0

// Package audit wires the verbs of an audit: collect, derive, decide, settle,
// report. It is the only package that knows them all.
package audit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/postern-audit/postern/collectors"
	"github.com/postern-audit/postern/internal/capture"
	"github.com/postern-audit/postern/internal/dial"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

// CollectOptions say how evidence is gathered.
type CollectOptions struct {
	// Offline keeps the collection off the network.
	Offline bool
	// Rate is new connections a second for each listener; 0 is unlimited,
	// negative means the default pace.
	Rate    float64
	Vantage evidence.Vantage
	// Settle is how long a prompt of a node's command line must stand as the last
	// text to be believed; 0 is 150 ms, which real servers need.
	Settle time.Duration
	// Tool is the version written into the evidence.
	Tool string
	// Now is the clock; nil means the system's.
	Now func() time.Time
	// Known is evidence of the same site that was gathered before, such as on an
	// edge. Which edge serves which name is then known from it as well.
	Known []*evidence.Document
	// Progress, when set, is told what is being done, one call at a time.
	Progress func(string)
}

// DefaultRate asks for the default pace.
const DefaultRate = -1

func (o *CollectOptions) defaults() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	var one sync.Mutex
	report := o.Progress
	o.Progress = func(text string) {
		one.Lock()
		defer one.Unlock()
		report(text)
	}
	if o.Vantage == "" {
		o.Vantage = evidence.VantageUnknown
	}
}

// Collect gathers the evidence of a site. When the context ends early, what
// was gathered until then is kept and the rest is a gap: the error is only for
// a site that cannot be collected from at all.
func Collect(ctx context.Context, file *site.File, o CollectOptions) (*evidence.Bundle, error) {
	o.defaults()
	archive := &evidence.Archive{}
	files := site.OpenFiles(file.Dir, archive)
	defer files.Close()
	c := newCollection(file, o, files, archive)
	if err := errors.Join(c.attest(), c.surface()); err != nil {
		return nil, err
	}
	if err := c.run(ctx); err != nil {
		return nil, err
	}
	return c.bundle(file)
}

// CollectHost gathers the evidence of one edge on the machine that the program
// runs on. Nothing is contacted, and no other target is collected from.
func CollectHost(ctx context.Context, file *site.File, edge string, o CollectOptions) (*evidence.Bundle, error) {
	o.Offline = true
	o.defaults()
	archive := &evidence.Archive{}
	files := site.OpenFiles(file.Dir, archive)
	defer files.Close()
	c := newCollection(file, o, files, archive)
	for i, e := range c.site.Edges {
		if e.Name != edge {
			continue
		}
		got := capture.ReadEdge(ctx, capture.Local{}, e, files, archive)
		c.doc.Gaps = append(c.doc.Gaps, got.Gaps...)
		t := c.base()
		t.Kind, t.Edge, t.Subject, t.Files = evidence.KindEdge, &got.Declared, c.site.Edges[i].Subject, got.Files
		for _, collector := range collectors.All() {
			if err := c.one(ctx, collector, t); err != nil {
				return nil, err
			}
		}
		return c.bundle(file)
	}
	return nil, fmt.Errorf("the site declares no edge %q", edge)
}

func newCollection(file *site.File, o CollectOptions, files *site.Files, archive *evidence.Archive) *collection {
	archive.Add(file.Site.DeclaredSource.Artifact, file.Text)
	return &collection{
		site: file.Site, options: o, files: files, archive: archive, running: map[string]bool{},
		doc: evidence.Document{
			Header: evidence.Header{Schema: evidence.SchemaVersion, SiteDigest: file.Digest, Vantage: o.Vantage, Tool: o.Tool},
			Site:   file.Site,
		},
	}
}

func (c *collection) bundle(file *site.File) (*evidence.Bundle, error) {
	c.doc.Header.At = c.options.Now().UTC().Format(time.RFC3339)
	return evidence.NewBundle(c.doc, file.Text, c.archive)
}

// collection is one run over one site.
type collection struct {
	site    evidence.Site
	options CollectOptions
	files   *site.Files
	archive *evidence.Archive

	mu      sync.Mutex
	doc     evidence.Document
	running map[string]bool
	live    []*dial.Dialer
}

// heartbeat is how often long work says that it is still at it. At the default
// pace one listener takes minutes.
const heartbeat = 10 * time.Second

// tell reports what is still running until it is stopped.
func (c *collection) tell() (stop func()) {
	ticker, done := time.NewTicker(heartbeat), make(chan struct{})
	var over sync.WaitGroup
	over.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			c.mu.Lock()
			names, live := slices.Sorted(maps.Keys(c.running)), slices.Clone(c.live)
			c.mu.Unlock()
			connections := 0
			for _, d := range live {
				for _, count := range d.Counts() {
					connections += count.Connections
				}
			}
			c.options.Progress(fmt.Sprintf("still collecting %s (%d connections so far)", strings.Join(names, ", "), connections))
		}
	})
	return func() {
		ticker.Stop()
		close(done)
		over.Wait()
	}
}

func (c *collection) run(ctx context.Context) error {
	defer c.tell()()
	var mapDialer evidence.Dialer
	if e, ok := mapEndpoint(&c.site); ok && !c.options.Offline {
		d, err := c.dialer([]dial.Endpoint{e})
		if err != nil {
			return err
		}
		mapDialer = d
	}
	captured := c.capture(ctx)
	defer captured.close()
	targets := c.targets(captured)
	for i := range targets {
		targets[i].Dial = mapDialer
	}
	// Targets are independent hosts, and one that hangs must not hold up the
	// others. The site itself comes first: the map is its own.
	if err := c.each(ctx, targets[:1], collectors.Naming()); err != nil {
		return err
	}
	if err := c.each(ctx, targets[1:], collectors.Naming()); err != nil {
		return err
	}
	known := c.withKnown()
	plan := Plan(known)
	// Two edges may serve one name at two addresses, so each target has a
	// dialer of its own.
	if !c.options.Offline {
		c.doc.Gaps = append(c.doc.Gaps, unattributed(known, plan)...)
		for i := range targets {
			d, err := c.dialer(plan.endpoints(targets[i].Subject))
			if err != nil {
				return err
			}
			c.mu.Lock()
			c.live = append(c.live, d)
			c.mu.Unlock()
			targets[i].Dial, targets[i].Endpoints = d, plan.of(targets[i].Subject)
		}
	}
	// The pace is kept for each listener.
	return c.each(ctx, targets, collectors.Remaining())
}

// withKnown is what was gathered so far, with the configurations that other
// evidence holds of edges that have none yet.
func (c *collection) withKnown() *evidence.Document {
	doc := c.doc
	have := map[string]bool{}
	for _, n := range doc.NginxRules {
		have[n.Target] = true
	}
	for _, known := range c.options.Known {
		for _, n := range known.NginxRules {
			if !have[n.Target] {
				doc.NginxRules = append(doc.NginxRules[:len(doc.NginxRules):len(doc.NginxRules)], n)
			}
		}
	}
	return &doc
}

// each runs collectors on targets: one after another on one target, and all
// targets at once.
func (c *collection) each(ctx context.Context, targets []evidence.Target, run []evidence.Collector) error {
	errs := make([]error, len(targets))
	var group sync.WaitGroup
	for i, t := range targets {
		group.Go(func() {
			for _, collector := range run {
				errs[i] = errors.Join(errs[i], c.one(ctx, collector, t))
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

func (c *collection) dialer(endpoints []dial.Endpoint) (*dial.Dialer, error) {
	config := dial.Config{
		Endpoints: endpoints, Rate: c.options.Rate, Parallel: dial.DefaultParallel,
		Timeout: dial.DefaultTimeout, Lifetime: dial.DefaultLifetime,
	}
	if c.options.Rate < 0 {
		config.Rate = dial.DefaultRate
	}
	if c.options.Rate == 0 {
		config.Parallel = 16
	}
	return dial.New(config)
}

// base is what all targets share.
func (c *collection) base() evidence.Target {
	return evidence.Target{
		Site: &c.site, Files: c.files, Vantage: c.options.Vantage, Now: c.options.Now, Artifacts: c.archive,
	}
}

// targets lists what is collected from: the site itself, its edges and nodes. A
// host that was read over SSH comes with what was captured of it.
func (c *collection) targets(captured *captures) []evidence.Target {
	all := bareTargets(&c.site)
	for i := range all {
		t, base := &all[i], c.base()
		base.Kind, base.Subject, base.Edge, base.Node, base.CTI = t.Kind, t.Subject, t.Edge, t.Node, t.CTI
		*t = base
		if got, ok := captured.edges[t.Subject]; ok {
			t.Edge, t.Files = &got.Declared, got.Files
			c.doc.Gaps = append(c.doc.Gaps, got.Gaps...)
		}
		if got, ok := captured.nodes[t.Subject]; ok {
			t.Node, t.Files = &got.Declared, got.Files
			c.doc.Gaps = append(c.doc.Gaps, got.Gaps...)
		}
	}
	return all
}

// bareTargets lists the targets of a site, with nothing but what it declares.
func bareTargets(site *evidence.Site) []evidence.Target {
	all := []evidence.Target{{Kind: evidence.KindSite, Subject: "site", Site: site}}
	for i := range site.Edges {
		all = append(all, evidence.Target{Kind: evidence.KindEdge, Subject: site.Edges[i].Subject, Site: site, Edge: &site.Edges[i]})
	}
	for i := range site.Nodes {
		all = append(all, evidence.Target{Kind: evidence.KindNode, Subject: site.Nodes[i].Subject, Site: site, Node: &site.Nodes[i]})
	}
	for i := range site.CTI {
		// One that is not contacted is known by what the site declares of it.
		if site.CTI[i].Live {
			all = append(all, evidence.Target{Kind: evidence.KindCTI, Subject: site.CTI[i].Subject(), Site: site, CTI: &site.CTI[i]})
		}
	}
	return all
}

// busy notes what is being done, for those who wait, until it is over.
func (c *collection) busy(what string) (done func()) {
	c.mu.Lock()
	c.running[what] = true
	c.mu.Unlock()
	return func() {
		c.mu.Lock()
		delete(c.running, what)
		c.mu.Unlock()
	}
}

// one runs one collector on one target. A collector that breaks on hostile
// input costs its own section of that target and nothing else. When the run is
// over time, connections fail at once and say why; files are still read, which
// is bounded by their size.
func (c *collection) one(ctx context.Context, collector evidence.Collector, t evidence.Target) (err error) {
	name := collector.Name()
	defer c.busy(t.Subject + " " + name)()
	var got evidence.Collected
	func() {
		defer func() {
			if p := recover(); p != nil {
				where := panicPlace(debug.Stack())
				got = evidence.Collected{}
				for _, section := range collectors.Sections(name) {
					got.Gaps = append(got.Gaps, t.Gap(section, fmt.Sprintf("the collector broke (%v, %s); please report this", p, where), evidence.Source{}))
				}
			}
		}()
		got, err = collector.Collect(ctx, t)
	}()
	if err != nil {
		return fmt.Errorf("collect %s of %s: %w", name, t.Subject, err)
	}
	if len(got.Gaps) > 0 || got.Sections.Records(name) > 0 {
		c.options.Progress(fmt.Sprintf("%s %s", t.Subject, name))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.doc.Sections.Append(got.Sections)
	c.doc.Gaps = append(c.doc.Gaps, got.Gaps...)
	return nil
}

// panicPlace finds the line of our own code that broke.
func panicPlace(stack []byte) string {
	lines := strings.Split(string(stack), "\n")
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if i := strings.Index(line, "/collectors/"); i >= 0 {
			place, _, _ := strings.Cut(line[i+1:], " ")
			return place
		}
	}
	return "unknown place"
}
