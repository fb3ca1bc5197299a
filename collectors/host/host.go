// SPDX-License-Identifier: Apache-2.0

// Package host gathers what the operating system of an edge shows: kernel
// parameters, the SSH server, file modes, mounts, accounts, units, SELinux,
// sockets, interfaces, routes, name lookup, packages, fail2ban, logrotate, where
// the log is sent to, the size of the machine and the results of OpenSCAP.
//
// It reads the output of well-known tools and the files of a captured tree, and
// runs nothing. Both are read the same way whether they were saved long ago or
// taken a moment before. Whatever is not declared, missing, too large, cut off
// or not understood is a gap that names it and the field of the record that it
// fills, so that nothing else is in doubt; what was understood is kept. No
// password hash is read, and kernel parameters that are keys are left out.
//
// Its limits: messages of tools are known in English; a file's last line without
// an end is taken for a cut; defaults of sshd are only known from "sshd -T".
package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of one edge.
const (
	maxCaptureBytes = 16 << 20
	maxResultBytes  = 48 << 20
	maxConfigBytes  = 1 << 20
	maxItems        = 5000
	maxFolderFiles  = 1000
)

// Collector reads what an edge declares under "host".
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "host" }

// Collect implements evidence.Collector.
func (c Collector) Collect(ctx context.Context, t evidence.Target) (evidence.Collected, error) {
	if t.Kind != evidence.KindEdge {
		return evidence.Collected{}, nil
	}
	if t.Edge == nil || t.Files == nil {
		return evidence.Collected{}, errors.New("host: the target has no edge or no files")
	}
	if t.Edge.Host == (evidence.HostFiles{}) {
		reason := "the edge declares no host key: nothing is known of its operating system"
		return evidence.Collected{Gaps: []evidence.Gap{t.Gap(c.Name(), reason, t.Edge.Source)}}, nil
	}
	g := &gatherer{target: t, record: evidence.Host{Target: t.Subject, Source: t.Edge.Source}}
	g.record.SELinux.Mode, g.record.SELinux.Configured = evidence.SELinuxUnknown, evidence.SELinuxUnknown
	g.openTree()
	for _, read := range []func(*gatherer){
		captures, installDays, systemRelease, sysctlFiles, accounts, selinuxConfig, hostNames, resolverFile, nameService, bans, rotations, forwardings,
	} {
		if ctx.Err() != nil {
			g.gap("the time for collecting was over before everything was read", t.Edge.Source)
			break
		}
		read(g)
	}
	g.fit()
	return evidence.Collected{Sections: evidence.Sections{Host: []evidence.Host{g.record}}, Gaps: g.gaps}, nil
}

// gatherer is the work on one edge.
type gatherer struct {
	target evidence.Target
	record evidence.Host
	gaps   []evidence.Gap
	// reading is the artifact at hand, which gaps are about; empty between two.
	reading evidence.HostPartName
	// tree is nil when none is declared, or none opens.
	tree fs.FS
	// units and users find a record by name.
	units, users map[string]int
	// undated: a package has something behind it that is no date.
	undated bool
}

// gap leaves a gap of what the artifact at hand fills.
func (g *gatherer) gap(reason string, source evidence.Source) { g.gapOf(g.reading, reason, source) }

func (g *gatherer) gapOf(name evidence.HostPartName, reason string, source evidence.Source) {
	g.gaps = append(g.gaps, g.target.PartGap("host", field(name), valid(reason), source))
}

// part records how far the artifact at hand was read, and is done with it. Gaps
// since the mark are its own.
func (g *gatherer) part(name evidence.HostPartName, read bool, mark int, source evidence.Source) {
	g.reading = ""
	g.record.Parts = append(g.record.Parts, evidence.HostPart{
		Name: name, Read: read, Complete: read && len(g.gaps) == mark, Source: source,
	})
}

// captures reads the outputs of tools. A parser returns false when it could make
// nothing of the text.
func captures(g *gatherer) {
	h := g.target.Edge.Host
	for _, c := range [...]struct {
		name  evidence.HostPartName
		path  string
		tool  string
		limit int64
		parse func(*gatherer, *text) bool
	}{
		{evidence.PartSysctl, h.Sysctl, "sysctl -a", maxCaptureBytes, sysctlDump},
		{evidence.PartSSHD, h.SSHD, "sshd -T", maxCaptureBytes, sshdDump},
		{evidence.PartFiles, h.Files, "stat -c '%a %U %G %n'", maxCaptureBytes, fileModes},
		{evidence.PartMounts, h.Mounts, "findmnt", maxCaptureBytes, mounts},
		{evidence.PartUsers, h.Users, "passwd -S -a", maxCaptureBytes, passwordStates},
		{evidence.PartUnits, h.Units, "systemctl list-unit-files", maxCaptureBytes, unitFiles},
		{evidence.PartUnitStates, h.UnitStates, "systemctl list-units --all", maxCaptureBytes, unitStates},
		{evidence.PartSELinux, h.SELinux, "sestatus", maxCaptureBytes, selinuxStatus},
		{evidence.PartSELinuxPorts, h.SELinuxPorts, "semanage port -l", maxCaptureBytes, portLabels},
		{evidence.PartSockets, h.Sockets, "ss -lntup", maxCaptureBytes, sockets},
		{evidence.PartAddresses, h.Addresses, "ip -j address", maxCaptureBytes, addresses},
		{evidence.PartRoutes, h.Routes, "ip -j route show table all", maxCaptureBytes, routes},
		{evidence.PartPackages, h.Packages, "rpm -qa", maxCaptureBytes, packages},
		{evidence.PartUpdates, h.Updates, "dnf -C updateinfo list", maxCaptureBytes, updates},
		{evidence.PartCPU, h.CPU, "lscpu", maxCaptureBytes, cpuCount},
		{evidence.PartMemory, h.Memory, "cat /proc/meminfo", maxCaptureBytes, memorySize},
		{evidence.PartVolumes, h.Volumes, "df -P", maxCaptureBytes, volumes},
		{evidence.PartXCCDF, h.XCCDF, "oscap xccdf eval --results", maxResultBytes, benchmarkResults},
	} {
		mark := len(g.gaps)
		g.reading = c.name
		switch {
		case c.path != "":
			x, ok := g.capture(c.path, c.limit)
			source := g.target.Edge.Source
			if ok {
				source = x.at(1)
				if ok = c.parse(g, x); !ok && len(g.gaps) == mark {
					g.gap(fmt.Sprintf("%s: nothing in it reads like the output of %s", c.path, c.tool), source)
				}
			}
			g.part(c.name, ok, mark, source)
		case c.name == evidence.PartSSHD && g.tree != nil:
			sshdFiles(g)
		default:
			g.gap(fmt.Sprintf("the edge declares no host.%s (output of %s)", c.name, c.tool), g.target.Edge.Source)
			g.part(c.name, false, mark, g.target.Edge.Source)
		}
	}
}

// capture reads a declared file and looks for signs that it is not whole.
func (g *gatherer) capture(name string, limit int64) (*text, bool) {
	art, err := g.target.Files.Read(name, limit)
	if err != nil {
		g.gap(err.Error(), g.target.Edge.Source)
		return nil, false
	}
	x := g.newText(art.Path, art.Text)
	if reason := x.unfit(); reason != "" {
		g.gap(art.Path+": "+reason, x.at(1))
		return nil, false
	}
	if !strings.HasSuffix(string(art.Text), "\n") {
		g.gap(art.Path+": its last line has no end: it may be cut off", x.at(len(x.lines)))
	}
	return x, true
}

func (g *gatherer) openTree() {
	root := g.target.Edge.Host.Root
	if root == "" {
		g.noTree("the edge declares no host.root: what its etc folder holds is not known")
		return
	}
	tree, err := g.target.Files.Tree(root)
	if err == nil {
		_, err = fs.Stat(tree, ".")
	}
	if err != nil {
		g.noTree(err.Error())
		return
	}
	g.tree = tree
}

func (g *gatherer) noTree(reason string) {
	for _, name := range ofTree() {
		g.gapOf(name, reason, g.target.Edge.Source)
	}
}

// treePart runs a reader of the tree and records its part. Without a tree the
// part stays unread: the missing root is a gap already.
func (g *gatherer) treePart(name evidence.HostPartName, place string, read func() bool) {
	mark, source := len(g.gaps), g.target.Edge.Source
	g.reading = name
	ok := false
	if g.tree != nil {
		source = g.treeSource(place, 0)
		ok = read()
	}
	g.part(name, ok, mark, source)
}

func (g *gatherer) treeSource(name string, line int) evidence.Source {
	column := min(line, 1)
	return evidence.Source{
		Artifact: valid(path.Join(g.target.Edge.Host.Root, name)), Line: line, Column: column,
		Origin: evidence.Origin{Kind: evidence.Explicit},
	}
}

// open reads a file of the tree. What is missing gives false and, when it is
// required, a gap; what is there and does not open is a gap always.
func (g *gatherer) open(name string, required bool) (*text, bool) {
	content, err := g.readTree(name)
	full := path.Join(g.target.Edge.Host.Root, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if required {
			g.gap(fmt.Sprintf("%s: is not in the captured tree", full), g.treeSource(name, 0))
		}
		return nil, false
	case err != nil:
		g.gap(fmt.Sprintf("%q: %v", full, treeError(err)), g.treeSource(name, 0))
		return nil, false
	}
	x := g.newText(full, content)
	if len(content) == 0 {
		return x, true
	}
	if reason := x.unfit(); reason != "" {
		g.gap(full+": "+reason, x.at(1))
		return nil, false
	}
	return x, true
}

// readTree reads one regular file. The size is asked first, so that nothing
// large is opened.
func (g *gatherer) readTree(name string) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, errors.New("the name is not valid UTF-8")
	}
	info, err := fs.Stat(g.tree, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("is no regular file")
	case info.Size() > maxConfigBytes:
		return nil, fmt.Errorf("is %d bytes long, more than %d", info.Size(), maxConfigBytes)
	}
	content, err := fs.ReadFile(g.tree, name)
	if err == nil && len(content) > maxConfigBytes {
		return nil, fmt.Errorf("is longer than %d bytes", maxConfigBytes)
	}
	return content, err
}

func treeError(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// folder lists what a folder of the tree holds, by name; false when it is not
// there. A folder that cannot be listed is a gap.
func (g *gatherer) folder(name string) ([]fs.DirEntry, bool) {
	full := path.Join(g.target.Edge.Host.Root, name)
	entries, err := fs.ReadDir(g.tree, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false
	case err != nil:
		g.gap(fmt.Sprintf("%s: %v", full, treeError(err)), g.treeSource(name, 0))
		return nil, false
	case len(entries) > maxFolderFiles:
		g.gap(fmt.Sprintf("%s: holds %d files; only the first %d were read", full, len(entries), maxFolderFiles), g.treeSource(name, 0))
		entries = entries[:maxFolderFiles]
	}
	return entries, true
}

// fit shortens the long lists of a record that would take more than its share of
// the section, of which a larger one would lose everything.
func (g *gatherer) fit() {
	edges := 1
	if g.target.Site != nil {
		edges = max(1, len(g.target.Site.Edges))
	}
	share := evidence.MaxSectionFacts / edges
	r := &g.record
	for _, list := range [...]struct {
		of     evidence.HostPartName
		name   string
		length func() int
		cut    func(int)
	}{
		{evidence.PartPackages, "packages", func() int { return len(r.Packages) }, func(n int) { r.Packages = r.Packages[:n] }},
		{evidence.PartSELinuxPorts, "port labels", func() int { return len(r.PortLabels) }, func(n int) { r.PortLabels = r.PortLabels[:n] }},
		{evidence.PartUpdates, "updates", func() int { return len(r.Updates) }, func(n int) { r.Updates = r.Updates[:n] }},
		{evidence.PartFiles, "files", func() int { return len(r.Files) }, func(n int) { r.Files = r.Files[:n] }},
		{evidence.PartSysctl, "kernel parameters", func() int { return len(r.Sysctls) }, func(n int) { r.Sysctls = r.Sysctls[:n] }},
		{evidence.PartRoutes, "routes", func() int { return len(r.Routes) }, func(n int) { r.Routes = r.Routes[:n] }},
		{evidence.PartUnits, "units", func() int { return len(r.Units) }, func(n int) { r.Units = r.Units[:n] }},
		{evidence.PartNames, "names", func() int { return len(r.Names) }, func(n int) { r.Names = r.Names[:n] }},
		{evidence.PartSysctlFiles, "settings of kernel parameters", func() int { return len(r.SysctlFiles) }, func(n int) { r.SysctlFiles = r.SysctlFiles[:n] }},
		{evidence.PartMounts, "mounts", func() int { return len(r.Mounts) }, func(n int) { r.Mounts = r.Mounts[:n] }},
		{evidence.PartSockets, "sockets", func() int { return len(r.Sockets) }, func(n int) { r.Sockets = r.Sockets[:n] }},
		{evidence.PartAccounts, "accounts", func() int { return len(r.Users) }, func(n int) { r.Users = r.Users[:n] }},
		{evidence.PartAddresses, "interfaces", func() int { return len(r.Interfaces) }, func(n int) { r.Interfaces = r.Interfaces[:n] }},
		{evidence.PartFail2ban, "jails", func() int { return len(r.Jails) }, func(n int) { r.Jails = r.Jails[:n] }},
		{evidence.PartLogrotate, "log rotations", func() int { return len(r.LogRotations) }, func(n int) { r.LogRotations = r.LogRotations[:n] }},
		{evidence.PartLogForwarding, "targets of logs", func() int { return len(r.LogForwardings) }, func(n int) { r.LogForwardings = r.LogForwardings[:n] }},
		{evidence.PartVolumes, "file systems", func() int { return len(r.Hardware.Volumes) }, func(n int) { r.Hardware.Volumes = r.Hardware.Volumes[:n] }},
		{evidence.PartSSHD, "SSH settings", func() int { return len(r.SSHD.Settings) }, func(n int) { r.SSHD.Settings = r.SSHD.Settings[:n] }},
		{evidence.PartXCCDF, "benchmark results", func() int { return len(r.Benchmarks) }, func(n int) { r.Benchmarks = r.Benchmarks[:n] }},
	} {
		over := g.facts() - share
		if over <= 0 {
			return
		}
		before := list.length()
		list.cut(max(0, before-over))
		if now := list.length(); now < before {
			for i := range r.Parts {
				if p := &r.Parts[i]; field(p.Name) == field(list.of) {
					p.Complete = false
				}
			}
			g.gapOf(list.of, fmt.Sprintf("only %d of %d %s were kept: a section of %d edges holds at most %d facts of each", now, before, list.name, edges, share), g.record.Source)
		}
	}
}

func (g *gatherer) facts() int {
	n, _ := (&evidence.Sections{Host: []evidence.Host{g.record}}).Count("host")
	return n
}

// room reports whether a list may grow, and leaves one gap when it first may not.
func (g *gatherer) room(length int, what string, source evidence.Source) bool {
	if length < maxItems {
		return true
	}
	reason := fmt.Sprintf("more than %d %s: the rest was left out", maxItems, what)
	if !slices.ContainsFunc(g.gaps, func(gap evidence.Gap) bool { return gap.Reason == reason }) {
		g.gap(reason, source)
	}
	return false
}

// valid makes a text fit for JSON.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
