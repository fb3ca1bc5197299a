// SPDX-License-Identifier: Apache-2.0

package dns

import (
	"net/netip"
	"regexp"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// read takes a saved file apart.
func (v *view) read(d evidence.DNSAnswers) {
	art, err := v.target.Files.Read(d.Answers, maxFileBytes)
	if err != nil {
		v.record.Form = evidence.DNSDig
		v.gap(err.Error(), d.Source)
		return
	}
	lines := strings.Split(strings.ReplaceAll(string(art.Text), "\r\n", "\n"), "\n")
	v.record.Source = place(art.Path, 1)
	if isGetent(lines) {
		v.record.Form = evidence.DNSGetent
		v.getent(art.Path, lines)
	} else {
		v.record.Form = evidence.DNSDig
		v.dig(art.Path, lines)
	}
	if len(v.record.Names) == 0 && len(v.gaps) == 0 {
		v.gap(art.Path+": nothing in it reads like the output of dig or of getent ahosts", v.record.Source)
	}
}

func place(artifact string, line int) evidence.Source {
	return evidence.Source{Artifact: artifact, Line: line, Column: 1, Origin: evidence.Origin{Kind: evidence.Explicit}}
}

// isGetent tells the forms apart: a line of getent begins with the address.
func isGetent(lines []string) bool {
	for _, line := range lines {
		if f := strings.Fields(line); len(f) > 0 && !strings.HasPrefix(f[0], ";") && !strings.HasPrefix(f[0], "#") {
			_, err := netip.ParseAddr(f[0])
			return err == nil && len(f) > 1
		}
	}
	return false
}

// getent reads "getent ahosts", which shows a name on the first line of its
// addresses only, and "getent hosts", which shows it and its aliases on each.
func (v *view) getent(artifact string, lines []string) {
	name := ""
	for i, line := range lines {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		addr, err := netip.ParseAddr(f[0])
		if err != nil || len(f) < 2 {
			v.gap(artifact+": a line is no address with a name", place(artifact, i+1))
			name = ""
			continue
		}
		names := f[1:]
		if f[1] == "STREAM" || f[1] == "DGRAM" || f[1] == "RAW" {
			if len(f) > 2 {
				name = f[2]
			}
			names = []string{name}
		}
		if names[0] == "" {
			v.gap(artifact+": an address before the first name", place(artifact, i+1))
		}
		for _, n := range names {
			v.add(answer{name: n, status: evidence.DNSAnswered, addresses: []string{addr.Unmap().String()}, source: place(artifact, i+1)})
		}
	}
}

var (
	digHeader   = regexp.MustCompile(`^;; ->>HEADER<<- .*\bstatus: ([A-Z0-9]+),`)
	digFlags    = regexp.MustCompile(`^;; flags: ([a-z ]*);`)
	digSection  = regexp.MustCompile(`^;; ([A-Z]+(?: [A-Z]+)?) (?:SECTION|PSEUDOSECTION):`)
	digQuestion = regexp.MustCompile(`^;(\S+)\s+IN\s+([A-Z0-9]+)\s*$`)
	digRecord   = regexp.MustCompile(`^(\S+)\s+(?:\d+\s+)?(?:IN\s+)?(A|AAAA|CNAME)\s+(\S+)\s*$`)
	digAny      = regexp.MustCompile(`^\S+\s+(?:\d+\s+)?IN\s+[A-Z0-9]+\s+\S`)
	digServer   = regexp.MustCompile(`^;; SERVER: ([^#\s]+)#(\d+)`)
	digCommand  = regexp.MustCompile(`^; <<>> DiG \S+ <<>> (.*)$`)
	digSilence  = regexp.MustCompile(`^;; (?:connection timed out|communications error|no servers could be reached|.*: (?:timed out|connection refused))`)
)

// records are those of one answer, or of all answers without a header.
type records struct {
	addresses map[string][]string
	aliases   map[string]string
	// owners keeps the order of the names, and lines where each begins.
	owners []string
	lines  map[string]int
}

func newRecords() *records {
	return &records{addresses: map[string][]string{}, aliases: map[string]string{}, lines: map[string]int{}}
}

func (r *records) add(owner, kind, value string, line int) bool {
	owner = plain(owner)
	if _, ok := r.lines[owner]; !ok {
		r.lines[owner] = line
		r.owners = append(r.owners, owner)
	}
	if kind == "CNAME" {
		r.aliases[owner] = plain(value)
		return true
	}
	addr, err := netip.ParseAddr(value)
	if err != nil || addr.Is4() != (kind == "A") {
		return false
	}
	r.addresses[owner] = append(r.addresses[owner], addr.String())
	return true
}

// follow returns where a name leads to, through its aliases.
func (r *records) follow(name string) (addresses, aliases []string) {
	for name = plain(name); len(aliases) <= maxAliases; {
		if found := r.addresses[name]; len(found) > 0 {
			return found, aliases
		}
		next, ok := r.aliases[name]
		if !ok {
			break
		}
		aliases = append(aliases, next)
		name = next
	}
	return nil, aliases
}

// reply is one answer of dig with its header.
type reply struct {
	status, flags, name, kind string
	line                      int
	answers                   *records
}

// digReader reads the outputs of dig that stand one after another.
type digReader struct {
	view     *view
	artifact string
	current  *reply
	section  string
	loose    *records
	asked    []string // by the command line that stands above
	line     int
}

func (v *view) dig(artifact string, lines []string) {
	r := &digReader{view: v, artifact: artifact, loose: newRecords()}
	for i, line := range lines {
		r.line = i + 1
		r.read(strings.TrimRight(line, " \t\r"))
	}
	r.end()
	for _, owner := range r.loose.owners {
		source := place(artifact, r.loose.lines[owner])
		if addresses, aliases := r.loose.follow(owner); len(addresses) > 0 {
			v.add(answer{name: owner, status: evidence.DNSAnswered, addresses: addresses, aliases: aliases, source: source})
		} else {
			v.gap(artifact+": "+owner+" is an alias, and what it stands for has no address here", source)
		}
	}
}

func (r *digReader) read(line string) {
	if line == "" {
		return
	}
	if m := digCommand.FindStringSubmatch(line); m != nil {
		r.end()
		r.asked, r.section = namesOfCommand(m[1]), ""
		return
	}
	if m := digHeader.FindStringSubmatch(line); m != nil {
		r.end()
		r.current, r.section, r.asked = &reply{status: m[1], line: r.line, answers: newRecords()}, "", nil
		return
	}
	switch {
	case digSilence.MatchString(line):
		r.silence()
		return
	case strings.HasPrefix(line, ";"):
		r.comment(line)
		return
	case r.current != nil && r.section != "ANSWER":
		return
	}
	into := r.loose
	if r.current != nil {
		into = r.current.answers
	}
	m := digRecord.FindStringSubmatch(line)
	switch {
	case m != nil && into.add(m[1], m[2], m[3], r.line):
	case m == nil && digAny.MatchString(line):
		// A record of another type says nothing about addresses.
	default:
		r.view.gap(r.artifact+": a line is no record of dig", place(r.artifact, r.line))
	}
}

func (r *digReader) comment(line string) {
	if m := digServer.FindStringSubmatch(line); m != nil && r.view.record.Resolver == "" {
		r.view.record.Resolver = m[1]
	}
	if r.current == nil {
		return
	}
	if m := digFlags.FindStringSubmatch(line); m != nil {
		r.current.flags = " " + m[1] + " "
	}
	if m := digSection.FindStringSubmatch(line); m != nil {
		r.section = m[1]
		return
	}
	if m := digQuestion.FindStringSubmatch(line); m != nil && r.section == "QUESTION" {
		r.current.name, r.current.kind = m[1], m[2]
	}
}

// silence records names that no server answered for.
func (r *digReader) silence() {
	r.end()
	for _, name := range r.asked {
		r.view.add(answer{name: name, status: evidence.DNSFailed, reason: "no server answered", source: place(r.artifact, r.line)})
	}
	if len(r.asked) == 0 {
		r.view.gap(r.artifact+": no server answered a question that is not shown", place(r.artifact, r.line))
	}
}

// end is done with the reply at hand.
func (r *digReader) end() {
	c := r.current
	r.current, r.section = nil, ""
	if c == nil {
		return
	}
	source := place(r.artifact, c.line)
	switch c.kind {
	case "A", "AAAA":
	case "":
		r.view.gap(r.artifact+": an answer does not show its question", source)
		return
	default:
		return
	}
	a := answer{name: c.name, kind: c.kind, source: source}
	a.addresses, a.aliases = c.answers.follow(c.name)
	a.status, a.reason = judge(c.status, a.addresses, strings.Contains(c.flags, " aa "), strings.Contains(c.flags, " ra "))
	r.view.add(a)
}

// judge is what an answer says about addresses. A server that neither owns the
// name nor asks others has not said that there is none.
func judge(status string, addresses []string, owns, recurses bool) (evidence.DNSStatus, string) {
	switch {
	case status == "NOERROR" && len(addresses) > 0:
		return evidence.DNSAnswered, ""
	case status == "NOERROR" && !owns && !recurses:
		return evidence.DNSFailed, "the server referred to another one"
	case status == "NOERROR":
		return evidence.DNSNoAddress, ""
	case status == "NXDOMAIN":
		return evidence.DNSNoName, ""
	}
	return evidence.DNSFailed, "the server answered " + status
}

// namesOfCommand are the names in a command line of dig.
func namesOfCommand(line string) []string {
	var out []string
	words := strings.Fields(line)
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case w == "-t" || w == "-p" || w == "-b" || w == "-c" || w == "-f" || w == "-k" || w == "-y":
			i++
		case w == "-q" && i+1 < len(words):
			i++
			out = append(out, words[i])
		case strings.HasPrefix(w, "-"), strings.HasPrefix(w, "+"), strings.HasPrefix(w, "@"):
		case !strings.Contains(w, "."):
			// A type or class, or a name in the search list, which nobody can tell.
		default:
			out = append(out, w)
		}
	}
	return out
}
