// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/remote"
)

// maxOutputBytes bounds the answer of one command.
const maxOutputBytes = 32 << 20

// Host is a way to an edge.
type Host interface {
	System
	// Run runs one form of a command of the table. An error of a command that
	// printed something all the same comes with what it printed.
	Run(ctx context.Context, c Command, form int) ([]byte, error)
}

// Edge is a captured edge: Declared names the artifacts by paths that Files
// opens. What could not be captured is an error when it is opened, so that the
// collector that wants it leaves the gap.
type Edge struct {
	Declared evidence.Edge
	Files    evidence.Files
	// Gaps are what no collector can say, since it concerns a part of a file.
	Gaps []evidence.Gap
}

// Prefix is where the artifacts of a captured target are kept.
func Prefix(name string) string { return "captured/" + name }

// ReadEdge runs the commands and opens the files of an edge, as far as its entry
// of the site file declares them. Paths of the entry are paths on the host.
// Other files are opened by base.
func ReadEdge(ctx context.Context, host Host, edge evidence.Edge, base evidence.Files, archive *evidence.Archive) *Edge {
	files := &captured{prefix: Prefix(edge.Name), base: base, archive: archive, results: map[string]result{}}
	out := &Edge{Declared: edge, Files: files}
	here := map[string]string{} // artifact name -> path, where there is something to open
	for _, c := range Commands() {
		if c.Asked && !edge.Nginx.RunDump {
			continue
		}
		text, err, found := run(ctx, host, c)
		if !found && c.Optional {
			continue
		}
		if err != nil && c.Partial && len(text) > 0 {
			out.Gaps = append(out.Gaps, partial(edge, c, err)...)
			err = nil
		}
		name := path.Join("commands", c.Name)
		files.results[name] = result{text, err}
		here[c.Name] = path.Join(files.prefix, name)
	}
	root := path.Join(files.prefix, rootName)
	prefix, conf := builtIn(files.results[path.Join("commands", NginxVersion)].text)
	for _, p := range []struct{ key, path string }{{"prefix", prefix}, {"conf", conf}} {
		if p.path != "" && !nginxPlace.MatchString(p.path) {
			out.Gaps = append(out.Gaps, evidence.Gap{
				Section: "nginxrules", Subject: edge.Subject, Source: edge.Source,
				Reason: fmt.Sprintf("nginx -V names %q, which is no usual place of nginx and was not opened; declare nginx.%s if it is right", p.path, p.key),
			})
		}
	}
	declare(&out.Declared, here, root, usual(prefix), usual(conf))
	n := out.Declared.Nginx
	main := absolute(n.Prefix, n.Conf)
	if dir := path.Dir(main); strings.Count(dir, "/") > 1 {
		main = dir // what stands beside it belongs to it, but not in a folder such as /etc
	}
	declared := []string{n.Prefix, main, edge.Env, edge.Certificates}
	files.root = newScope(host, declared)
	text, problems := modesBelow(files.root, declared)
	if r, ok := files.results[path.Join("commands", Modes)]; ok && r.err == nil {
		r.text = append(bytes.TrimRight(r.text, "\n"), "\n"+text...)
		files.results[path.Join("commands", Modes)] = r
	}
	for _, p := range problems {
		out.Gaps = append(out.Gaps, evidence.Gap{Section: "host", Part: partOf[Modes], Subject: edge.Subject, Source: edge.Source, Reason: "a part is missing: " + p})
	}
	return out
}

// nginxPlace are the places that nginx may name by itself: the host must not
// widen what is declared.
var nginxPlace = regexp.MustCompile(`^(?:/[A-Za-z0-9._-]+)*/(?:nginx|openresty|tengine|angie)(?:/[A-Za-z0-9._-]+)*/?$`)

// usual drops a place that was not opened.
func usual(place string) string {
	if !nginxPlace.MatchString(place) {
		return ""
	}
	return place
}

// rootName is where the files of a host are kept below its prefix.
const rootName = "root"

// Kept is the entry of an edge with the artifacts that were captured of it, as the
// archive of a bundle has them; ok is false for an edge that was not captured.
func Kept(edge evidence.Edge, archive *evidence.Archive) (out evidence.Edge, ok bool) {
	prefix := Prefix(edge.Name)
	here := map[string]string{}
	var version []byte
	for _, c := range Commands() {
		name := path.Join(prefix, "commands", c.Name)
		art, kept := archive.Get(name)
		if !kept {
			continue
		}
		here[c.Name] = name
		if c.Name == NginxVersion {
			version = art.Text
		}
	}
	if len(here) == 0 {
		return edge, false
	}
	place, conf := builtIn(version)
	declare(&edge, here, path.Join(prefix, rootName), usual(place), usual(conf))
	return edge, true
}

// FailedEdge is an edge that could not be reached: whatever a collector opens of it
// answers with the reason.
func FailedEdge(edge evidence.Edge, base evidence.Files, reason error) *Edge {
	files := &captured{prefix: Prefix(edge.Name), base: base, failed: reason}
	out := &Edge{Declared: edge, Files: files}
	here := map[string]string{}
	for _, c := range Commands() {
		if !c.Asked {
			here[c.Name] = path.Join(files.prefix, "commands", c.Name)
		}
	}
	declare(&out.Declared, here, path.Join(files.prefix, rootName), "", "")
	return out
}

func run(ctx context.Context, host Host, c Command) (text []byte, err error, found bool) {
	for form, argv := range c.Argv {
		if _, err := host.Stat(strings.TrimPrefix(argv[0], "/")); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		found = true
		if text, err = host.Run(ctx, c, form); err != nil {
			err = fmt.Errorf("%s: %w", strings.Join(argv[:min(len(argv), 3)], " "), quiet(err))
		}
		// Another form is for a host that does not know this one, or has nothing to
		// say by it, such as rpm where packages are Debian's.
		if len(text) > 0 {
			break
		}
	}
	if !found {
		err = fmt.Errorf("%s is not installed", c.Argv[0][0])
	}
	return text, err, found
}

// quiet takes secrets out of what a command complains of: it becomes the reason
// of a gap.
func quiet(err error) error {
	var failed *remote.CommandError
	if !errors.As(err, &failed) {
		return err
	}
	clean, _ := evidence.Redact([]byte(failed.Complaint))
	return &remote.CommandError{Status: failed.Status, Complaint: string(clean)}
}

// partOf are the fields of a host's record that partial commands fill.
var partOf = map[string]string{Sysctl: "sysctls", Modes: "files"}

// absent is what find says of a folder that does not exist.
const absent = "No such file or directory"

// unreadableKey is what sysctl says of a key that nobody can read. It leaves the
// key out, which is noticed where one is wanted.
var unreadableKey = regexp.MustCompile(`(?i)^sysctl: (?:permission denied on key|reading key|cannot stat|unable to open directory)\b`)

// partial leaves a gap for each complaint of a command that got only a part.
func partial(edge evidence.Edge, c Command, err error) []evidence.Gap {
	var failed *remote.CommandError
	if !errors.As(err, &failed) {
		return []evidence.Gap{{Section: "host", Part: partOf[c.Name], Subject: edge.Subject, Source: edge.Source, Reason: "a part is missing: " + err.Error()}}
	}
	var gaps []evidence.Gap
	for _, line := range strings.Split(failed.Complaint, "\n") {
		if line = strings.TrimSpace(line); line == "" || c.Name == Sysctl && unreadableKey.MatchString(line) || c.Name == Modes && strings.HasSuffix(line, absent) {
			continue
		}
		gaps = append(gaps, evidence.Gap{Section: "host", Part: partOf[c.Name], Subject: edge.Subject, Source: edge.Source, Reason: "a part is missing: " + line})
	}
	if len(gaps) == 0 && failed.Complaint == "" {
		gaps = append(gaps, evidence.Gap{Section: "host", Part: partOf[c.Name], Subject: edge.Subject, Source: edge.Source, Reason: fmt.Sprintf("a part may be missing: %s: %v", c.Argv[0][0], failed)})
	}
	return gaps
}

// declare fills the entry of the site file with the captured artifacts. What
// the entry names is on the host.
func declare(e *evidence.Edge, here map[string]string, root, prefix, conf string) {
	e.IPTables = evidence.RuleSetFiles{
		V4: here[IPTables], V6: here[IP6Tables], LegacyV4: here[IPTablesLegacy], LegacyV6: here[IP6TablesOld], NFT: here[NFT], IPSets: here[IPSets],
	}
	e.Host = evidence.HostFiles{
		Root: root, Sysctl: here[Sysctl], SSHD: here[SSHD], Files: here[Modes], Mounts: here[Mounts], Users: here[Users],
		Units: here[Units], UnitStates: here[UnitStates], SELinux: here[SELinux], SELinuxPorts: here[SELinuxPorts],
		Sockets: here[Sockets], Addresses: here[Addresses], Routes: here[Routes], Packages: here[Packages], Updates: here[Updates],
		CPU: here[CPU], Memory: here[Memory], Volumes: here[Volumes], XCCDF: e.Host.XCCDF,
	}
	n := &e.Nginx
	n.Version = here[NginxVersion]
	if n.Dump = here[NginxDump]; n.Dump == "" {
		n.Root = root
		if n.Prefix == "" {
			n.Prefix = prefix
		}
		if n.Conf == "" {
			n.Conf = conf
		}
		if n.Prefix == "" {
			n.Prefix = "/usr/local/openresty/nginx"
		}
		if n.Conf == "" {
			n.Conf = "conf/nginx.conf"
		}
		n.Prefix = strings.TrimPrefix(n.Prefix, "/")
	} else {
		n.Root = ""
	}
	if e.Env != "" {
		e.Env = path.Join(root, e.Env)
	}
	if e.Certificates != "" {
		e.Certificates = path.Join(root, e.Certificates)
	}
}

var builtInPath = regexp.MustCompile(`--(prefix|conf-path)=(\S+)`)

// builtIn reads the prefix and the main file out of the answer of nginx -V.
func builtIn(version []byte) (prefix, conf string) {
	for _, m := range builtInPath.FindAllSubmatch(version, -1) {
		switch string(m[1]) {
		case "prefix":
			prefix = string(m[2])
		case "conf-path":
			conf = string(m[2])
		}
	}
	return prefix, conf
}

func absolute(prefix, conf string) string {
	if path.IsAbs(conf) {
		return conf
	}
	return path.Join("/", prefix, conf)
}

type result struct {
	text []byte
	err  error
}

// captured opens what was captured, and everything else as before.
type captured struct {
	prefix  string
	base    evidence.Files
	archive *evidence.Archive
	results map[string]result
	root    *scope
	failed  error
}

// own cuts a path that belongs to the captured host.
func (f *captured) own(name string) (string, bool) {
	return strings.CutPrefix(path.Clean(name), f.prefix+"/")
}

// Read implements evidence.Files.
func (f *captured) Read(name string, limit int64) (evidence.Artifact, error) {
	inside, ok := f.own(name)
	if !ok {
		return f.base.Read(name, limit)
	}
	if f.failed != nil {
		return evidence.Artifact{}, f.failed
	}
	var text []byte
	if r, ok := f.results[inside]; ok {
		if r.err != nil {
			return evidence.Artifact{}, r.err
		}
		text = r.text
	} else {
		below, _ := strings.CutPrefix(inside, "root/")
		var err error
		if text, err = evidence.ReadRegular(f.root, below, limit); err != nil {
			return evidence.Artifact{}, err
		}
	}
	if int64(len(text)) > limit {
		return evidence.Artifact{}, fmt.Errorf("%s: is %d bytes long, more than %d", name, len(text), limit)
	}
	return f.archive.Add(path.Clean(name), text), nil
}

// Tree implements evidence.Files.
func (f *captured) Tree(name string) (fs.FS, error) {
	inside, ok := f.own(name)
	if !ok {
		return f.base.Tree(name)
	}
	if f.failed != nil {
		return nil, f.failed
	}
	var inner fs.FS = f.root
	if below, ok := strings.CutPrefix(inside, "root/"); ok {
		info, err := f.root.Stat(below)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("%s: is no folder", name)
		}
		if inner, err = fs.Sub(f.root, below); err != nil {
			return nil, err
		}
	}
	return evidence.Tree(inner, path.Clean(name), f.archive), nil
}
