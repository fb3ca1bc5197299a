// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// Options are what a run needs beside the configuration.
type Options struct {
	// Program is nginx; empty looks for it in PATH.
	Program string
	// Inside is the command line of a program that calls Inside, such as this one.
	Inside []string
	// Files is the captured tree from its root; nil when there is none.
	Files fs.FS
	// Prefix is nginx's prefix in Files.
	Prefix string
	// Witnesses are sent first, whatever the limit.
	Witnesses []Witness
	// Limit bounds the requests that are generated; 0 is DefaultLimit.
	Limit int
	// Time bounds the run; 0 is DefaultTime. What was not sent then is skipped.
	Time time.Duration
	// RunLua keeps Lua code and runs it in the namespace.
	RunLua bool
}

// Defaults of Options.
const (
	DefaultLimit = 5000
	DefaultTime  = 2 * time.Minute
)

// Witness is a request that a proof gave.
type Witness struct {
	// Name says what it shows.
	Name    string
	Request request.Request
	// Expected is what the proof says; a Kind that is empty asks the model. Peers may be
	// left out where Upstream says which they are.
	Expected request.Outcome
	// CounterExample says that an upstream must not get it.
	CounterExample bool
}

// Render is the configuration that Run would run, and what it leaves out. Names of
// modules' variables that the installed nginx does not know are still in it.
func Render(cfg *nginx.Config, o Options) (text string, removed []Removed) {
	var lua *luaSetting
	if o.RunLua {
		lua = &luaSetting{}
	}
	r := render(cfg, o.Prefix, nil, lua)
	return r.text, r.removed
}

// Run renders cfg, runs nginx on it in namespaces of its own and compares. An
// Unavailable error says that nothing could be run safely. When ctx ends, there is an
// error and no report.
func Run(ctx context.Context, cfg *nginx.Config, o Options) (*Report, error) {
	report, err := confirm(ctx, cfg, o)
	if ctx.Err() != nil {
		return nil, errors.New("interrupted")
	}
	return report, err
}

func confirm(ctx context.Context, cfg *nginx.Config, o Options) (*Report, error) {
	program, version, err := findNginx(ctx, o.Program)
	if err != nil {
		return nil, err
	}
	switch {
	case len(cfg.HTTP) == 0 || len(cfg.Sockets) == 0:
		return nil, errors.New("the configuration has no server that nginx would run")
	case len(cfg.Sockets) > maxSockets:
		return nil, fmt.Errorf("the configuration listens on more than %d addresses", maxSockets)
	}
	folder, err := os.MkdirTemp("", "postern-confirm-")
	if err != nil {
		return nil, fmt.Errorf("confirm: %w", err)
	}
	defer os.RemoveAll(folder)
	r := &runner{cfg: cfg, options: o, folder: folder, program: program, report: &Report{Nginx: version, Results: []Result{}}}
	if o.RunLua {
		if r.lua, err = findLua(ctx, program); err != nil {
			return nil, err
		}
	}
	limit := o.Time
	if limit == 0 {
		limit = DefaultTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return r.report, r.run(ctx)
}

type runner struct {
	cfg     *nginx.Config
	options Options
	folder  string
	program string
	lua     *luaSetting
	report  *Report
	rendered
}

// unknownVariable is nginx's complaint about a variable that no module defines.
var unknownVariable = regexp.MustCompile(`unknown "(\w+)" variable`)

// maxUnknown bounds the variables that are defined one by one.
const maxUnknown = 200

func (r *runner) run(ctx context.Context) error {
	cert, key, err := certificate()
	if err != nil {
		return err
	}
	r.rendered = render(r.cfg, r.options.Prefix, nil, r.lua)
	if len(r.echoes) > maxUpstreams {
		return fmt.Errorf("the configuration has more than %d upstreams", maxUpstreams)
	}
	gate := filepath.Join(r.folder, "gate")
	files, err := r.furnish(gate, cert, key)
	if err != nil {
		return err
	}
	model := newModels(r.cfg, request.Options{Files: files, Prefix: r.options.Prefix})
	cases := r.cases(model)
	var unknown []string
	for {
		if err := os.WriteFile(filepath.Join(gate, "nginx.conf"), []byte(r.text), 0o644); err != nil {
			return fmt.Errorf("confirm: %w", err)
		}
		j := &job{
			Program: r.program, Folder: r.folder, Prefix: r.options.Prefix, Certificate: cert, Key: key,
			Echoes: slices.Sorted(maps.Keys(r.echoes)),
		}
		r.shots(j, cases)
		seen, refused, err := enter(ctx, r.options.Inside, j)
		if err != nil {
			return err
		}
		if refused == "" {
			r.compare(model, cases, seen)
			return nil
		}
		m := unknownVariable.FindStringSubmatch(refused)
		if m == nil || slices.Contains(unknown, m[1]) || len(unknown) == maxUnknown {
			return r.refusal(refused)
		}
		unknown = append(unknown, m[1])
		r.rendered = render(r.cfg, r.options.Prefix, unknown, r.lua)
		r.report.EmptyVariables = unknown
	}
}

// furnish makes the folder that is seen inside, and returns the files of the host as
// they are there; nil where they are not known.
func (r *runner) furnish(gate string, cert, key []byte) (fs.FS, error) {
	files, err := r.furnishFolder(gate, cert, key)
	if err != nil || r.options.Files == nil {
		return nil, err
	}
	whole, left, err := shape(r.options.Files, slices.Clone(r.roots), files, maxShape)
	if err != nil {
		return nil, err
	}
	r.report.Left, r.report.FilesIncomplete = left, !whole
	if r.lua != nil {
		if err := luaFiles(r.options.Files, r.scripts, files); err != nil {
			return nil, err
		}
	}
	if !whole {
		return nil, nil
	}
	return os.DirFS(files), nil
}

// furnishFolder makes what every gate has, and returns the folder that stands for the
// host's root.
func (r *runner) furnishFolder(gate string, cert, key []byte) (files string, err error) {
	files = filepath.Join(gate, "files")
	for _, dir := range []string{filepath.Join(r.folder, "root"), filepath.Join(gate, "run"), filepath.Join(files, r.options.Prefix)} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", fmt.Errorf("confirm: %w", err)
		}
	}
	for name, text := range map[string][]byte{"certificate.pem": cert, "key.pem": key, "passwords": nil} {
		if err := os.WriteFile(filepath.Join(gate, name), text, 0o600); err != nil {
			return "", fmt.Errorf("confirm: %w", err)
		}
	}
	return files, nil
}

// models follow a configuration whose guards let everything in, or nothing.
type models struct{ open, refusing *request.Model }

func newModels(cfg *nginx.Config, o request.Options) models {
	answering := func(status int) *request.Model {
		o.Answer = func(string, string) int { return status }
		return request.New(cfg, o)
	}
	return models{answering(200), answering(401)}
}

// handle is what the model says about a request.
func (m models) handle(q request.Request) request.Outcome {
	if slices.Contains(q.Headers, [2]string{guardHeader, guardRefuses}) {
		return m.refusing.Handle(q)
	}
	return m.open.Handle(q)
}

// renderedModel follows the configuration as it is run.
func (r *runner) renderedModel() models {
	o := request.Options{Prefix: filesDir + r.options.Prefix}
	if !r.report.FilesIncomplete {
		o.Files = os.DirFS(r.folder)
	}
	return newModels(nginx.Effective(nginx.Parse(confFile, r.text), r.cfg.Version), o)
}

// maxSources bounds the addresses of clients.
const maxSources = 64

// shots turns cases into what is sent. A case that cannot be sent has a reason.
func (r *runner) shots(j *job, cases []*probe) {
	for _, c := range cases {
		q := c.request
		to, ok := r.socket(r.cfg, q.Address, q.Port)
		if !ok {
			c.skip = "nothing that is rendered listens there"
			continue
		}
		s := shot{To: to, TLS: q.TLS, SNI: q.SNI, Raw: raw(q), Length: length(q)}
		if ip, err := netip.ParseAddr(q.Client); err == nil && ip.Is4() && !ip.IsLoopback() {
			if !slices.Contains(j.Sources, q.Client) {
				if len(j.Sources) == maxSources {
					c.skip = "too many addresses of clients"
					continue
				}
				j.Sources = append(j.Sources, q.Client)
			}
			s.From = q.Client
		} else if err != nil || !ip.IsLoopback() {
			c.skip = "the address of the client cannot be taken on"
			continue
		}
		c.shot = len(j.Requests)
		j.Requests = append(j.Requests, s)
		if j.Ready == "" {
			j.Ready = to
		}
	}
	if j.Ready == "" {
		for _, s := range r.cfg.Sockets {
			if to, ok := r.socket(r.cfg, s.Address, s.Port); ok {
				j.Ready = to
			}
		}
	}
}

var badLine = regexp.MustCompile(` in ` + regexp.QuoteMeta(confFile) + `:(\d+)`)

// refusal says why nginx does not take the rendered configuration, with the place in
// the files that were read.
func (r *runner) refusal(text string) error {
	text = badLine.ReplaceAllStringFunc(text, func(m string) string {
		n, _ := strconv.Atoi(badLine.FindStringSubmatch(m)[1])
		if at := r.original(n); at != "" {
			return " in " + at
		}
		return m
	})
	return fmt.Errorf("nginx does not take the configuration: %s", strings.TrimSpace(text))
}

// findNginx looks for nginx and asks for its version.
func findNginx(ctx context.Context, name string) (program, version string, err error) {
	if name == "" {
		name = "nginx"
	}
	program, err = exec.LookPath(name)
	if err == nil {
		program, err = filepath.Abs(program)
	}
	if err == nil {
		program, err = filepath.EvalSymlinks(program)
	}
	if err != nil {
		return "", "", &Unavailable{Reason: "nginx is not here: " + err.Error(), Advice: "install nginx, or name it with --nginx PROGRAM"}
	}
	out, err := exec.CommandContext(ctx, program, "-v").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "version") {
		return "", "", &Unavailable{Reason: fmt.Sprintf("%s does not tell its version as nginx does", program), Advice: "name nginx with --nginx PROGRAM"}
	}
	_, version, _ = strings.Cut(strings.TrimSpace(string(out)), "version: ")
	return program, version, nil
}

var modulesPath = regexp.MustCompile(`--modules-path=(\S+)`)

// findLua says what makes this nginx run Lua.
func findLua(ctx context.Context, program string) (*luaSetting, error) {
	out, err := exec.CommandContext(ctx, program, "-V").CombinedOutput()
	if err != nil {
		return nil, &Unavailable{Reason: fmt.Sprintf("%s -V: %v", program, err)}
	}
	if strings.Contains(string(out), "ngx_lua") {
		return &luaSetting{}, nil
	}
	s := &luaSetting{}
	if m := modulesPath.FindStringSubmatch(string(out)); m != nil {
		for _, name := range luaModules {
			file := filepath.Join(m[1], name)
			if _, err := os.Stat(file); err != nil {
				return nil, &Unavailable{Reason: fmt.Sprintf("this nginx has no module for Lua: %v", err), Advice: "leave --run-lua out, or name an OpenResty with --nginx PROGRAM"}
			}
			s.modules += "load_module " + nginx.Quote(file) + ";\n"
		}
		return s, nil
	}
	return nil, &Unavailable{Reason: "this nginx has no module for Lua", Advice: "leave --run-lua out, or name an OpenResty with --nginx PROGRAM"}
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}
