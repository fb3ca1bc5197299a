// SPDX-License-Identifier: Apache-2.0

package request_test

import (
	"encoding/hex"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/postern-audit/postern/internal/nginx/request"
)

// secret is what stands in the file that no gate gives away.
const (
	secret     = "a secret of the edge"
	secretFile = "html/keys/desk-a.key"
)

const exposures = "../../../fixtures/exposure/"

// exposureList is expected.yaml, whose head explains it.
type exposureList struct {
	Names     []string
	Upstreams []struct{ Name, Component string }
	Classes   []struct{ Class, Breaks, Meaning string }
	Faulty    []faultyGate
	Proved    []struct {
		Name, Style, File, Unknown string
		Opens                      []struct {
			Witness witness
			Reaches reached
		}
	}
}

type faultyGate struct {
	Name, Story, Class, Component, File string

	Witness       witness
	Answers       answer
	Reaches       reached
	Facts, Mended []string
	Unknown       string
}

type witness struct {
	Address      string
	Port         int
	TLS          bool
	SNI, Version string
	Client       string
	Host         *string
	Method       string
	Target       string
	Headers      [][2]string
}

var credentials = [2]string{"Authorization", "Bearer agent"}

func (w witness) withCredentials() witness {
	if !slices.Contains(w.Headers, credentials) {
		w.Headers = append(slices.Clone(w.Headers), credentials)
	}
	return w
}

// answer is what an upstream answers instead of 200.
type answer struct {
	Upstream string
	Status   int
	Redirect string
}

// reached is where a request ended; zero when it reached nothing.
type reached struct{ Upstream, Path, File string }

func readExposures(t *testing.T) (l exposureList) {
	t.Helper()
	f, err := os.Open(exposures + "expected.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := yaml.NewDecoder(f)
	d.KnownFields(true)
	if err := d.Decode(&l); err != nil {
		t.Fatal(err)
	}
	return l
}

// surface is what may reach the upstreams of each component, read from the data
// that users have.
type surface struct {
	Schema, Name string
	Closed       []template
	Components   []struct {
		Name          string
		Ports         []int
		Paths, Closed []template
	}
}

type template struct {
	Path, Auth, Why string
	Methods         []string
	Websocket       bool
	pattern         *regexp.Regexp
}

// parameters stand for one segment each.
var parameters = regexp.MustCompile(`\\\{[a-z]+\\\}`)

// compile makes the pattern of a template.
func (p *template) compile() {
	body, rest := strings.CutSuffix(p.Path, "/**")
	text := parameters.ReplaceAllString(regexp.QuoteMeta(body), `[A-Za-z0-9._~-]+`)
	if rest {
		text += `(/.*)?`
	}
	p.pattern = regexp.MustCompile(`\A` + text + `\z`)
}

// plainPath is the language of paths that every reader understands in one way.
var plainPath = regexp.MustCompile(`\A(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?\z`)

// allows says whether a path is open, and which credentials it needs.
func (s surface) allows(component, method, target string) (auth string, ok bool) {
	path, _, _ := strings.Cut(target, "?")
	takes := func(p template) bool { return p.pattern.MatchString(path) }
	for _, c := range s.Components {
		if c.Name != component || !plainPath.MatchString(path) || slices.ContainsFunc(s.Closed, takes) || slices.ContainsFunc(c.Closed, takes) {
			continue
		}
		for _, p := range c.Paths {
			if takes(p) && slices.Contains(p.Methods, method) {
				return p.Auth, true
			}
		}
	}
	return "", false
}

func readSurface(t *testing.T) (s surface) {
	t.Helper()
	text, err := os.ReadFile("../../../policies/paths/finesse-12.6.1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	lists := [][]template{s.Closed}
	for _, c := range s.Components {
		lists = append(lists, c.Paths, c.Closed)
	}
	for _, l := range lists {
		for i := range l {
			l[i].compile()
		}
	}
	return s
}

func TestTheListOfExposureFixturesIsComplete(t *testing.T) {
	list := readExposures(t)
	listed := map[string]bool{}
	add := func(folder, name, file string) {
		if listed[folder+file] || strings.TrimSuffix(strings.TrimSuffix(file, ".conf"), "/nginx") != name {
			t.Errorf("%s: %s is listed twice or has another name", name, file)
		}
		listed[folder+file] = true
	}
	used := map[string]bool{}
	for _, f := range list.Faulty {
		add("faulty/", f.Name, f.File)
		used[f.Class] = true
		if f.Story == "" || list.broken(f) == "" {
			t.Errorf("%s has no story, or a class that is not explained", f.Name)
		}
	}
	for _, p := range list.Proved {
		add("proved/", p.Name, p.File)
		if p.Style == "" || len(p.Opens) == 0 {
			t.Errorf("%s says nothing, or opens nothing", p.Name)
		}
	}
	for _, c := range list.Classes {
		if !used[c.Class] || c.Meaning == "" {
			t.Errorf("the class %s has no gate, or no meaning", c.Class)
		}
	}
	for _, folder := range []string{"faulty/", "proved/"} {
		entries, err := os.ReadDir(exposures + folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if file := folder + e.Name(); !listed[file] && !listed[file+"/nginx.conf"] {
				t.Errorf("%s is not in the list", file)
			}
		}
	}
}

func TestEveryFaultyExposureFixtureShowsItsWitness(t *testing.T) {
	t.Parallel()
	requireNginx(t)
	list, open := readExposures(t), readSurface(t)
	e := newEchoes(t, list)
	for _, f := range list.Faulty {
		t.Run(f.Name, func(t *testing.T) {
			g := e.openGate(t, "faulty", f.File, nil)
			e.set(f.Answers)
			at, text := g.ask(t, f.Witness)
			if strings.HasSuffix(text, secret) {
				at.File = secretFile
			}
			if at != f.Reaches {
				t.Errorf("the witness reaches %+v, want %+v; %.60q", at, f.Reaches, text)
			}
			switch want, out := g.predict(f.Witness); {
			case f.Unknown != "" && (out.Kind == request.Unknown || f.Answers.Upstream != ""):
			case out.Kind == request.Unknown:
				t.Errorf("the model does not know: %s", out.Reason)
			case f.Reaches.File != "":
				if out.Kind != request.Answered || out.Status != 200 {
					t.Errorf("the model says %s %d", out.Kind, out.Status)
				}
			case want != f.Reaches:
				t.Errorf("the model says %s %d %+v", out.Kind, out.Status, want)
			}
			list.breaks(t, f, open)

			if len(f.Facts) == 0 || len(f.Mended) != len(f.Facts) {
				t.Fatal("each line at fault needs what it has to say")
			}
			mended := map[string]string{}
			for i, place := range f.Facts {
				mended[place] = f.Mended[i]
			}
			g = e.openGate(t, "faulty", f.File, mended)
			g.holds(t, list, open, f.Witness)
			e.set(answer{})
			for i, w := range attacks([]witness{f.Witness}, 1) {
				switch i % 4 { // half of them are enough where so many gates are attacked
				case 0:
					g.holds(t, list, open, w)
				case 2:
					g.holds(t, list, open, w.withCredentials())
				}
			}
		})
	}
}

func (l exposureList) component(upstream string) string {
	for _, u := range l.Upstreams {
		if u.Name == upstream {
			return u.Component
		}
	}
	return ""
}

func (l exposureList) broken(f faultyGate) string {
	for _, c := range l.Classes {
		if c.Class == f.Class {
			return c.Breaks
		}
	}
	return ""
}

// breaks demands that the witness of a gate breaks what its class says.
func (l exposureList) breaks(t *testing.T, f faultyGate, open surface) {
	t.Helper()
	auth, ok := open.allows(l.component(f.Reaches.Upstream), f.Witness.Method, f.Reaches.Path)
	switch what := l.broken(f); what {
	case "surface":
		if ok {
			t.Errorf("%s %s is open", f.Witness.Method, f.Reaches.Path)
		}
	case "guard":
		if !ok || auth != "auth" || slices.Contains(f.Witness.Headers, credentials) {
			t.Errorf("%s %s is %q: it shows no missing guard", f.Witness.Method, f.Reaches.Path, auth)
		}
	case "host":
		if h := f.Witness.Host; h != nil && slices.Contains(l.Names, *h) {
			t.Errorf("%s is a name of the edge", *h)
		}
	default:
		t.Errorf("the class %q breaks %q", f.Class, what)
	}
}

func TestNoAttackPassesAProvedExposureFixture(t *testing.T) {
	t.Parallel()
	requireNginx(t)
	list, open := readExposures(t), readSurface(t)
	e := newEchoes(t, list)
	for _, p := range list.Proved {
		t.Run(p.Name, func(t *testing.T) {
			g := e.openGate(t, "proved", p.File, nil)
			if g.scripted != (p.Unknown != "") {
				t.Error("what a script decides is unknown to the model, and nothing else")
			}
			var opens []witness
			for _, o := range p.Opens {
				opens = append(opens, o.Witness)
				g.holds(t, list, open, o.Witness)
				if at := g.holds(t, list, open, o.Witness.withCredentials()); at != o.Reaches {
					t.Errorf("%s %s reaches %+v, want %+v", o.Witness.Method, o.Witness.Target, at, o.Reaches)
				}
			}
			for _, w := range attacks(opens, 2) {
				g.holds(t, list, open, w.withCredentials())
			}
		})
	}
}

// holds sends a request and demands that what arrives at the upstreams is open to
// it, and that the model says the same as the real nginx.
func (g *gate) holds(t *testing.T, list exposureList, open surface, w witness) reached {
	t.Helper()
	w.Client = "127.0.0.1"
	g.take()
	at, text := g.ask(t, w)
	for _, a := range g.take() {
		if a == (arrival{"authenticator", "GET", "/verify"}) && at.Upstream != a.upstream {
			continue // the guard asks
		}
		auth, ok := open.allows(list.component(a.upstream), a.method, a.path)
		switch {
		case !ok:
			t.Errorf("%s %q brings %s %q to %s, which is not open", w.Method, w.Target, a.method, a.path, a.upstream)
		case auth == "auth" && a.method != "OPTIONS" && !slices.Contains(w.Headers, credentials):
			t.Errorf("%s %q brings %s %q to %s without credentials", w.Method, w.Target, a.method, a.path, a.upstream)
		case w.Host == nil || !slices.Contains(list.Names, *w.Host):
			t.Errorf("%s %q of a stranger brings %s %q to %s", w.Method, w.Target, a.method, a.path, a.upstream)
		}
	}
	if strings.HasSuffix(text, secret) {
		t.Errorf("%s %q brings the secret file", w.Method, w.Target)
	}
	switch want, out := g.predict(w); {
	case g.answer.Upstream != "": // the model sees one upstream answer, and with 200
	case out.Kind == request.Unknown && g.scripted:
	case out.Kind == request.Unknown || want != at:
		t.Errorf("%s %q of %v reaches %+v (%.20q), and the model says %s %d %+v %s", w.Method, w.Target, w.Headers, at, text, out.Kind, out.Status, want, out.Reason)
	}
	return at
}

// closedPaths are what attacks are after.
var closedPaths = []string{
	"/cfadmin/home", "/finesse/api/Users", "/cmplatform/showHome.do", "/desktop/api/urls", "/http-bind/", "/finesse/api/SystemConfig", "/oamp/Main", "/idsadmin/",
}

// attacks are variations of what is open, and spellings of what is closed beside
// it: each spelling of so many closed paths.
func attacks(opens []witness, closed int) (list []witness) {
	path := func(w witness) string { p, _, _ := strings.Cut(w.Target, "?"); return p }
	for i := range spellings("/x", "/y") {
		for j := range closed {
			w := opens[i%len(opens)]
			w.Target = spellings(closedPaths[(i+3*j)%len(closedPaths)], path(w))[i]
			list = append(list, w)
		}
	}
	for _, open := range opens {
		for _, target := range variations(path(open)) {
			w := open
			w.Target = target
			list = append(list, w)
		}
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "TRACE", "TARGET", "get"} {
			w := open
			w.Method = method
			list = append(list, w)
		}
		for _, host := range []string{"gate.attacker.example", "desk-a.agents.example.attacker.example", "x.agents.example", "198.51.100.7", "localhost", "_", ""} {
			w := open
			w.Host = &host
			list = append(list, w)
		}
	}
	return list
}

// spellings are the targets that lead to a closed path where somebody is careless,
// by themselves or through an open path.
func spellings(closed, open string) []string {
	open = strings.TrimSuffix(open, "/")
	name := closed[1:]
	up := func(step string) string { return strings.Repeat(step, strings.Count(open, "/")) }
	return []string{
		closed, closed + "/", closed + "?" + open, closed + ".", closed + "%20", closed + ";x=1", closed + "%0a", closed + "%00", closed + "%09", closed + "%3f", closed + "%23",
		closed + "/.", "/" + closed, "//" + closed, "/." + closed, "/./" + closed, "/;x" + closed, "/x/.." + closed, "/x/%2e%2e" + closed, "/x/%2E." + closed, "/..;" + closed,
		"/%2e" + closed, "/%2f" + closed, "/%5c" + closed, `\` + closed, `\` + name, strings.ToUpper(closed), "/%" + hexOf(name[0]) + name[1:], "/%25" + hexOf(name[0]) + name[1:],
		strings.ReplaceAll(closed, "/", "%2f"), "/" + strings.ReplaceAll(name, "/", "%2F"), strings.ReplaceAll(closed, "/", "//"),
		"http://desk-a.agents.example" + closed, "HTTP://x@desk-a.agents.example:8445" + closed, "http://other.example" + open + closed,
		open + closed, open + up("/..") + closed, open + up("/%2e%2e") + closed, open + up("/..;") + closed, open + up("/..;x=1") + closed, open + up("%2f..") + closed,
		open + up("/%252e%252e") + closed, open + up("/.%2e") + closed, open + up(`\..`) + closed, open + up("%5c..") + closed, open + "/" + up("..%2f") + name,
		open + ".." + closed, open + "..%2f" + name, open + "%2f" + name, open + ";" + closed, open + "/" + up("..//") + name, open + up("/..%00") + closed,
		open + "%0a" + closed, open + "%0d%0a" + closed, open + "?" + closed, open + "%3f" + closed, open + "#" + closed, open + "%23" + up("/..") + closed,
	}
}

// variations are the targets next to an open path.
func variations(open string) []string {
	last := len(open) - 1
	return []string{
		open, open + "/", open + "//", open + "x", open + "s", open + "%0a", open + "%00", open + ";x", open + ".", open + "/..", open + "%2f", open + "%20", open + "?x=1",
		"/" + open, "/." + open, "/x" + open, open + open, open[:last], open[:last] + "%" + hexOf(open[last]), "/%" + hexOf(open[1]) + open[2:],
		strings.ToUpper(open), strings.Replace(open, ".", "x", 1), strings.Replace(open, "/", "//", 2),
	}
}

func hexOf(b byte) string { return hex.EncodeToString([]byte{b}) }
