// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"net/netip"
	"path"
	"regexp"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

const (
	maxForwardings   = 200
	maxRsyslogFiles  = 200
	maxRsyslogNested = 10
)

// rsyslogReader walks the files of rsyslog. Settings hold for what follows, across
// files; the driver of TLS may also be a default of the whole program.
type rsyslogReader struct {
	g     *gatherer
	depth int
	files int
	// driver, mode and auth are the legacy settings in force. auth is used up by
	// the first action that takes it (authTaken).
	driver, mode, auth string
	authTaken          bool
	defaultDriver      string
	found              []forwarding
}

// forwarding waits for the default driver, which may be set below it.
type forwarding struct {
	fact               evidence.LogForwarding
	driver, mode, auth string
	authUnknown        bool
}

var (
	rsyslogObject    = regexp.MustCompile(`\b([a-z_]+)\s*\(`)
	rsyslogForward   = regexp.MustCompile(`(?:^|\s)(@@?)(?:\([^)]*\))?(\[[^\]\s]+\]|[^\s:;(\[]+)(?::([^\s;]+))?(?:;\S+)?\s*$`)
	rsyslogParameter = regexp.MustCompile(`([A-Za-z_.]+)\s*=\s*(\[[^\]]*\]|"(?:[^"\\]|\\.)*")`)
	rsyslogString    = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	rsyslogSelector  = regexp.MustCompile(`^[A-Za-z0-9*,]+\.[=!]*[A-Za-z0-9*]+(?:;\s*[A-Za-z0-9*,]+\.[=!]*[A-Za-z0-9*]+)*\s+\S`)
	rsyslogStatement = regexp.MustCompile(`^(?:[&:!+{}~-]|(?:if|else|then|stop|call|call_indirect|set|unset|reset|foreach|continue|and|or|not)\b)`)
)

// rsyslogLocal are the outputs that stay on the host. Modules whose name does not
// begin with "om" change messages and send none.
var rsyslogLocal = map[string]bool{
	"omfile": true, "ompipe": true, "omusrmsg": true, "omprog": true, "omjournal": true, "omstdout": true, "omuxsock": true, "omdiscard": true, "omtesting": true,
}

// read reads one file; false when it does not open.
func (r *rsyslogReader) read(name string, required bool) bool {
	if r.depth++; r.depth > maxRsyslogNested {
		r.g.gap(name+": included too deep", r.g.treeSource(name, 0))
		return false
	}
	defer func() { r.depth-- }()
	if r.files++; r.files > maxRsyslogFiles {
		r.g.gap(fmt.Sprintf("more than %d files of rsyslog; the rest was not read", maxRsyslogFiles), r.g.treeSource(name, 0))
		return false
	}
	x, ok := r.g.open(name, required)
	if !ok {
		return false
	}
	lines := withoutComments(x.lines)
	for i := 0; i < len(lines); i++ {
		first := i
		line := strings.TrimSpace(lines[i])
		for strings.HasSuffix(line, `\`) && i+1 < len(lines) {
			i++
			line = strings.TrimSuffix(line, `\`) + " " + strings.TrimSpace(lines[i])
		}
		if line == "" {
			continue
		}
		if line[0] == '$' {
			r.legacy(x, first+1, line)
			continue
		}
		if m := rsyslogObject.FindStringSubmatchIndex(line); m != nil && !inQuotes(line, m[0]) && !strings.HasPrefix(line, ":") {
			text, last := parenthesis(lines, i, line[m[1]:])
			if text == "" {
				x.bad(first+1, "a statement is not closed: the file may be cut off")
				return true
			}
			r.object(x, first+1, line[m[2]:m[3]], text, selectorOf(line[:m[0]]))
			i = last
			continue
		}
		m := rsyslogForward.FindStringSubmatch(line)
		switch {
		case m != nil:
			r.plain(x, first+1, m, selectorOf(line[:len(line)-len(m[0])]))
		case strings.Contains(line, "@"):
			x.bad(first+1, "may send the log elsewhere, and was not understood")
		case !rsyslogSelector.MatchString(line) && !rsyslogStatement.MatchString(line):
			x.bad(first+1, "is no statement of rsyslog")
		}
	}
	return true
}

// legacy reads a setting of the old form.
func (r *rsyslogReader) legacy(x *text, line int, text string) {
	name, value, _ := strings.Cut(text[1:], " ")
	value = strings.Trim(strings.TrimSpace(value), `"`)
	switch strings.ToLower(name) {
	case "includeconfig":
		r.include(value, x.at(line))
	case "defaultnetstreamdriver":
		r.defaultDriver = value
	case "actionsendstreamdriver":
		r.driver = value
	case "actionsendstreamdrivermode":
		r.mode = value
	case "actionsendstreamdriverauthmode":
		r.auth, r.authTaken = value, false
	}
}

// plain is an action of the form @host or @@host.
func (r *rsyslogReader) plain(x *text, line int, m []string, selector string) {
	f := forwarding{driver: r.driver, mode: r.mode, auth: r.auth, authUnknown: r.authTaken}
	f.fact = evidence.LogForwarding{By: evidence.ForwarderRsyslog, Selector: selector, Host: strings.Trim(m[2], "[]"), Protocol: "udp", Source: x.at(line)}
	f.fact.Port = portOr(m[3], 514)
	if m[1] == "@@" {
		f.fact.Protocol = "tcp"
		r.authTaken = r.auth != ""
	}
	r.keep(f)
}

// object is one statement with parameters.
func (r *rsyslogReader) object(x *text, line int, name, text, selector string) {
	parameters := map[string]string{}
	for _, m := range rsyslogParameter.FindAllStringSubmatch(text, -1) {
		parameters[strings.ToLower(m[1])] = m[2]
	}
	value := func(name string) string {
		if m := rsyslogString.FindStringSubmatch(parameters[name]); m != nil {
			return m[1]
		}
		return ""
	}
	switch name {
	case "global":
		if v := value("defaultnetstreamdriver"); v != "" {
			r.defaultDriver = v
		}
		return
	case "include":
		if v := value("file"); v != "" {
			r.include(v, x.at(line))
		} else {
			x.bad(line, "an include that names no file")
		}
		return
	case "action":
	default:
		return
	}
	f := forwarding{driver: value("streamdriver"), mode: value("streamdrivermode"), auth: value("streamdriverauthmode")}
	f.fact = evidence.LogForwarding{By: evidence.ForwarderRsyslog, Selector: selector, Protocol: strings.ToLower(value("protocol")), Source: x.at(line)}
	f.fact.Port = portOr(value("port"), 514)
	if v := value("streamdriver.name"); v != "" {
		f.driver = v
	}
	switch kind := strings.ToLower(value("type")); {
	case kind == "omfwd":
		if f.fact.Protocol == "" {
			f.fact.Protocol = "udp"
		}
	case kind == "omrelp":
		f.fact.Protocol = "relp"
		if strings.EqualFold(value("tls"), "on") {
			f.driver, f.mode, f.auth = "gtls", "1", relpAuth(value("tls.authmode"))
		}
	case kind == "":
		x.bad(line, "an action without a type")
		return
	case strings.HasPrefix(kind, "om") && !rsyslogLocal[kind]:
		x.bad(line, "an action of the type "+kind+" may send the log elsewhere, and was not read")
		return
	default:
		return
	}
	targets := rsyslogString.FindAllStringSubmatch(parameters["target"], -1)
	if len(targets) == 0 {
		x.bad(line, "an action that forwards names no target that can be read")
	}
	for _, target := range targets {
		f.fact.Host = target[1]
		r.keep(f)
	}
}

func relpAuth(mode string) string {
	if mode == "name" || mode == "fingerprint" {
		return "x509/" + mode
	}
	return ""
}

func (r *rsyslogReader) keep(f forwarding) {
	if len(r.found) == maxForwardings {
		r.g.gap(fmt.Sprintf("more than %d targets of logs; the rest was left out", maxForwardings), f.fact.Source)
		return
	}
	f.fact.Host = strings.ToLower(f.fact.Host)
	f.fact.Loopback = isLoopback(f.fact.Host)
	r.found = append(r.found, f)
}

// include reads the files of a pattern, whose last part may hold wildcards.
func (r *rsyslogReader) include(pattern string, source evidence.Source) {
	if r.files > maxRsyslogFiles {
		return
	}
	name := strings.TrimPrefix(path.Clean(pattern), "/")
	dir, base := path.Split(name)
	if dir = strings.TrimSuffix(dir, "/"); !path.IsAbs(pattern) || strings.ContainsAny(dir, "*?[") || strings.Contains(pattern, "`") {
		r.g.gap(fmt.Sprintf("%s:%d: an include that cannot be followed", source.Artifact, source.Line), source)
		return
	}
	if !strings.ContainsAny(base, "*?[") {
		if strings.HasSuffix(pattern, "/") {
			dir, base = name, "*"
		} else {
			r.read(name, false)
			return
		}
	}
	entries, _ := r.g.folder(dir)
	for _, e := range entries {
		if ok, err := path.Match(base, e.Name()); err == nil && ok && !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			r.read(path.Join(dir, e.Name()), false)
		}
	}
}

// settled is a forwarding with what the default driver makes of it.
func (r *rsyslogReader) settled(f forwarding) evidence.LogForwarding {
	out, driver := f.fact, strings.ToLower(f.driver)
	if driver == "" {
		driver = strings.ToLower(r.defaultDriver)
	}
	checked := strings.ToLower(f.auth) == "x509/name" || strings.ToLower(f.auth) == "x509/fingerprint"
	switch {
	case f.mode == "1" && out.Protocol != "udp" && (driver == "gtls" || driver == "ossl" || driver == "openssl" || driver == "mbedtls"):
		out.TLS = evidence.Known(true, evidence.Explicit)
		if !f.authUnknown {
			out.PeerChecked = evidence.Known(checked, evidence.Explicit)
		}
	case f.mode == "1" && out.Protocol != "udp":
		// Encryption is asked for, and no driver that encrypts is named.
		out.TLS.Origin.Kind, out.PeerChecked.Origin.Kind = evidence.Unresolved, evidence.Unresolved
		r.g.gap(fmt.Sprintf("%s:%d: StreamDriverMode 1 without a driver that encrypts", out.Source.Artifact, out.Source.Line), out.Source)
	default:
		out.TLS, out.PeerChecked = evidence.Known(false, evidence.Explicit), evidence.Known(false, evidence.Explicit)
	}
	return out
}

func portOr(text string, fallback int) evidence.Optional[int] {
	if text == "" {
		return evidence.Known(fallback, evidence.Default)
	}
	n := number(text)
	if n.Value < 1 || n.Value > 65535 {
		return evidence.Optional[int]{}
	}
	return n
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || host == "localhost.localdomain" || err == nil && addr.IsLoopback()
}

// selectorOf is what stands before an action, if it is a selector.
func selectorOf(before string) string {
	before = strings.TrimSpace(before)
	if rsyslogSelector.MatchString(before + " x") {
		return before
	}
	return ""
}

// withoutComments takes comments out, and keeps the number of lines.
func withoutComments(lines []string) []string {
	out := make([]string, len(lines))
	block := false
	for n, line := range lines {
		var b strings.Builder
		quoted := false
		for i := 0; i < len(line); i++ {
			rest := line[i:]
			switch {
			case block:
				if strings.HasPrefix(rest, "*/") {
					block = false
					i++
				}
			case quoted && rest[0] == '\\' && len(rest) > 1:
				b.WriteString(rest[:2])
				i++
			case rest[0] == '"':
				quoted = !quoted
				b.WriteByte('"')
			case !quoted && strings.HasPrefix(rest, "/*") && (i == 0 || line[i-1] == ' '):
				block = true
				i++
			case !quoted && rest[0] == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t' || line[i-1] == ')'):
				i = len(line)
			default:
				b.WriteByte(rest[0])
			}
		}
		out[n] = b.String()
	}
	return out
}

// inQuotes reports whether a place of a line lies inside of quotes.
func inQuotes(line string, at int) bool {
	return strings.Count(strings.ReplaceAll(line[:at], `\"`, ""), `"`)%2 == 1
}

// parenthesis returns what stands up to the closing parenthesis, over lines, and
// the line that holds it. It is empty when there is none.
func parenthesis(lines []string, at int, rest string) (text string, last int) {
	var b strings.Builder
	depth, quoted := 1, false
	for {
		for i := 0; i < len(rest); i++ {
			switch c := rest[i]; {
			case quoted && c == '\\':
				i++
			case c == '"':
				quoted = !quoted
			case !quoted && c == '(':
				depth++
			case !quoted && c == ')':
				if depth--; depth == 0 {
					return b.String() + rest[:i] + " ", at
				}
			}
		}
		b.WriteString(rest + " ")
		if at++; at >= len(lines) || b.Len() > maxOptionBytes {
			return "", at
		}
		rest = lines[at]
	}
}
