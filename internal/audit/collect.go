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
	// Tool is the version written into the evidence.
	Tool string
	// Now is the clock; nil means the system's.
	Now func() time.Time
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
	archive.Add(file.Site.DeclaredSource.Artifact, file.Text)
	files := site.OpenFiles(file.Dir, archive)
	defer files.Close()
	c := &collection{
		site: file.Site, options: o, files: files, archive: archive, running: map[string]bool{},
		doc: evidence.Document{
			Header: evidence.Header{Schema: evidence.SchemaVersion, SiteDigest: file.Digest, Vantage: o.Vantage, Tool: o.Tool},
			Site:   file.Site,
		},
	}
	if err := c.run(ctx); err != nil {
		return nil, err
	}
	c.doc.Header.At = o.Now().UTC().Format(time.RFC3339)
	return evidence.NewBundle(c.doc, file.Text, archive)
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
}

// heartbeat is how often long work says that it is still at it. At the default
// pace one listener takes minutes.
const heartbeat = 10 * time.Second

// tell reports what is still running until it is stopped.
func (c *collection) tell(live []*dial.Dialer) (stop func()) {
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
			names := slices.Sorted(maps.Keys(c.running))
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
	var mapDialer evidence.Dialer
	if e, ok := mapEndpoint(&c.site); ok && !c.options.Offline {
		d, err := c.dialer([]dial.Endpoint{e})
		if err != nil {
			return err
		}
		mapDialer = d
	}
	targets := c.targets()
	for _, t := range targets {
		t.Dial = mapDialer
		for _, collector := range collectors.Naming() {
			if err := c.one(ctx, collector, t); err != nil {
				return err
			}
		}
	}
	plan := Plan(&c.doc)
	// Two edges may serve one name at two addresses, so each target has a
	// dialer of its own.
	var live []*dial.Dialer
	if !c.options.Offline {
		c.doc.Gaps = append(c.doc.Gaps, unattributed(&c.doc)...)
		for i := range targets {
			d, err := c.dialer(plan.endpoints(targets[i].Subject))
			if err != nil {
				return err
			}
			live = append(live, d)
			targets[i].Dial, targets[i].Endpoints = d, plan.of(targets[i].Subject)
		}
	}
	defer c.tell(live)()
	// Targets are independent hosts; the pace is kept for each listener.
	errs := make([]error, len(targets))
	var group sync.WaitGroup
	for i, t := range targets {
		group.Go(func() {
			for _, collector := range collectors.Remaining() {
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

// targets lists what is collected from: the site itself, its edges and nodes.
func (c *collection) targets() []evidence.Target {
	base := evidence.Target{
		Site: &c.site, Files: c.files, Vantage: c.options.Vantage, Now: c.options.Now, Artifacts: c.archive,
	}
	one := base
	one.Kind, one.Subject = evidence.KindSite, "site"
	all := []evidence.Target{one}
	for i := range c.site.Edges {
		t := base
		t.Kind, t.Edge, t.Subject = evidence.KindEdge, &c.site.Edges[i], c.site.Edges[i].Subject
		all = append(all, t)
	}
	for i := range c.site.Nodes {
		t := base
		t.Kind, t.Node, t.Subject = evidence.KindNode, &c.site.Nodes[i], c.site.Nodes[i].Subject
		all = append(all, t)
	}
	return all
}

// one runs one collector on one target. A collector that breaks on hostile
// input costs its own section of that target and nothing else. When the run is
// over time, connections fail at once and say why; files are still read, which
// is bounded by their size.
func (c *collection) one(ctx context.Context, collector evidence.Collector, t evidence.Target) (err error) {
	name := collector.Name()
	c.mu.Lock()
	c.running[t.Subject+" "+name] = true
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.running, t.Subject+" "+name)
		c.mu.Unlock()
	}()
	var got evidence.Collected
	func() {
		defer func() {
			if p := recover(); p != nil {
				where := panicPlace(debug.Stack())
				got = evidence.Collected{Gaps: []evidence.Gap{t.Gap(name, fmt.Sprintf("the collector broke (%v, %s); please report this", p, where), evidence.Source{})}}
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
