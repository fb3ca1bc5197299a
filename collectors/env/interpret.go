// SPDX-License-Identifier: Apache-2.0

package env

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// interpret fills in what the value of an assignment means, and returns why it
// could not where that is a gap.
func interpret(p *evidence.EnvProperty, a *assignment, marks []evidence.SecretMark, template string) string {
	d, known := find(a.name, template)
	p.Documented, p.Meaning, p.Kind, p.Unit = known, d.meaning, d.kind, evidence.EnvUnitNone
	p.Raw = a.raw
	if a.result.secret {
		p.Secret, p.Kind, p.Raw = true, secret, ""
		for _, m := range marks {
			if m.Source.Line == a.line {
				m.Source = p.Source
				p.Mark = m
				break
			}
		}
		p.Value.Origin.Kind = evidence.Unresolved
		if known && d.kind != secret {
			return "the value was taken for a secret and redacted"
		}
		return ""
	}
	if a.result.why != "" {
		p.Value.Origin.Kind, p.Source.Origin.Kind = evidence.Unresolved, evidence.Unresolved
		if !known {
			p.Kind = evidence.EnvText
		}
		return "the value is not resolved: " + a.result.why
	}
	text := a.result.text
	p.Value = evidence.Known(text, evidence.Explicit)
	p.IsDefault = known && d.documented && text == d.preset
	p.Sample = sampleOf(text)
	if !known {
		d.kind = form(text)
	}
	if !read(p, &d, text) {
		return "the value does not read as a " + string(d.kind)
	}
	return ""
}

// read parses a value by its kind into the fields of a fact. An empty value
// reads as every kind, since that is how a property is left out.
func read(p *evidence.EnvProperty, d *property, text string) bool {
	p.Kind, p.Unit = d.kind, d.unit
	if p.Unit == "" {
		p.Unit = evidence.EnvUnitNone
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return true
	}
	n, ok := 0, true
	switch d.kind {
	case evidence.EnvNumber:
		n, ok = number(text, d.unit)
	case evidence.EnvSize:
		n, ok = size(text)
		p.Unit = evidence.EnvUnitBytes
	case evidence.EnvDuration:
		n, ok = seconds(text)
		p.Unit = evidence.EnvUnitSeconds
	case evidence.EnvRate:
		n, ok = perMinute(text)
		if d.unit == "" || d.unit == evidence.EnvUnitNone {
			p.Unit = evidence.EnvUnitPerMinute
		}
	case evidence.EnvBoolean:
		var on bool
		if on, ok = boolean(text); ok {
			p.Switch = evidence.Known(on, evidence.Explicit)
		}
		return ok
	case evidence.EnvList:
		for _, item := range strings.FieldsFunc(text, func(r rune) bool { return r == '|' }) {
			item = strings.TrimSpace(item)
			p.List = append(p.List, item)
			if e, ok := endpoint(item); ok {
				p.Endpoints = append(p.Endpoints, e)
			}
		}
		return true
	case evidence.EnvHost:
		e, ok := endpoint(text)
		if ok {
			p.Endpoints = []evidence.Endpoint{e}
		}
		return ok
	case evidence.EnvURL:
		u, err := url.Parse(text)
		if err != nil || u.Host == "" {
			return false
		}
		e, ok := endpoint(u.Host)
		if ok {
			p.Scheme, p.Path, p.Endpoints = strings.ToLower(u.Scheme), u.Path, []evidence.Endpoint{e}
		}
		return ok
	default:
		return true
	}
	if ok {
		p.Number = evidence.Known(n, evidence.Explicit)
	}
	return ok
}

var (
	rateForm     = regexp.MustCompile(`(?i)^(\d{1,9})(?:r)?/(s|sec|second|m|min|minute|h|hour|d|day)s?$`)
	sizeForm     = regexp.MustCompile(`(?i)^(\d{1,12})(k|m|g)b?$`)
	durationForm = regexp.MustCompile(`^(?:\d{1,9}(?:ms|[smhdwMy]) ?)+$`)
	durationPart = regexp.MustCompile(`(\d{1,9})(ms|[smhdwMy])`)
	listForm     = regexp.MustCompile(`^[^|~*()^$]+(?:\|[^|~*()^$]+)+$`)
	hostForm     = regexp.MustCompile(`^[A-Za-z0-9*_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$`)
)

// form tells the kind of a value whose name is not documented. Where a value
// could be of several kinds, the one that promises least is taken: "10m" may be
// a size or a duration, and stays a text.
func form(text string) evidence.EnvKind {
	text = strings.TrimSpace(text)
	switch strings.ToLower(text) {
	case "true", "false", "on", "off", "yes", "no":
		return evidence.EnvBoolean
	}
	switch {
	case rateForm.MatchString(text):
		return evidence.EnvRate
	case listForm.MatchString(text):
		return evidence.EnvList
	case strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://"):
		if u, err := url.Parse(text); err == nil && u.Host != "" {
			if _, ok := endpoint(u.Host); ok {
				return evidence.EnvURL
			}
		}
	}
	if _, ok := number(text, ""); ok {
		return evidence.EnvNumber
	}
	return evidence.EnvText
}

func number(text string, unit evidence.EnvUnit) (int, bool) {
	if len(text) > 15 {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && (unit != evidence.EnvUnitPort || n >= 1 && n <= 65535)
}

func boolean(text string) (value, ok bool) {
	switch strings.ToLower(text) {
	case "true", "on", "yes", "1":
		return true, true
	case "false", "off", "no", "0":
		return false, true
	}
	return false, false
}

// size reads bytes, with nginx's units (k, m, g; powers of 1024).
func size(text string) (int, bool) {
	if n, ok := number(text, ""); ok && n >= 0 {
		return n, true
	}
	m := sizeForm.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	shift := map[string]int{"k": 10, "m": 20, "g": 30}[strings.ToLower(m[2])]
	if err != nil || n > 1<<60>>shift {
		return 0, false
	}
	return n << shift, true
}

// secondsOf are nginx's units of time; a month has 30 days, a year 365.
var secondsOf = map[string]int{"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "M": 2_592_000, "y": 31_536_000}

// seconds reads a time of nginx, such as "1h30m". Without a unit it is seconds.
// A part of a second is rounded down.
func seconds(text string) (int, bool) {
	if n, ok := number(text, ""); ok && n >= 0 {
		return n, true
	}
	if len(text) > 100 || !durationForm.MatchString(text) {
		return 0, false
	}
	total := 0
	for _, m := range durationPart.FindAllStringSubmatch(text, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return 0, false
		}
		if m[2] == "ms" {
			total += n / 1000
		} else {
			total += n * secondsOf[m[2]]
		}
	}
	return total, true
}

// perMinute reads a rate. One that is not a whole number a minute does not read.
func perMinute(text string) (int, bool) {
	m := rateForm.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0, false
	}
	switch strings.ToLower(m[2])[0] {
	case 's':
		return n * 60, true
	case 'm':
		return n, true
	case 'h':
		return n / 60, n%60 == 0
	}
	return n / 1440, n%1440 == 0
}

// endpoint reads "host", "host:port", "address/bits" or an address.
func endpoint(text string) (evidence.Endpoint, bool) {
	e := evidence.Endpoint{Text: text, Host: text}
	if prefix, err := netip.ParsePrefix(text); err == nil {
		e.Host, e.IPAddress = prefix.String(), true
		return e, true
	}
	if host, port, ok := strings.Cut(text, ":"); ok && !strings.Contains(port, ":") || strings.HasPrefix(text, "[") {
		if strings.HasPrefix(text, "[") {
			end := strings.LastIndexByte(text, ']')
			if end < 0 {
				return e, false
			}
			host, port = text[1:end], strings.TrimPrefix(text[end+1:], ":")
		}
		if port != "" {
			n, ok := number(port, evidence.EnvUnitPort)
			if !ok {
				return e, false
			}
			e.Port, e.HasPort = n, true
		}
		e.Host = host
	}
	if a, err := netip.ParseAddr(e.Host); err == nil {
		e.Host, e.IPAddress = a.String(), true
		return e, true
	}
	return e, len(e.Host) <= 253 && hostForm.MatchString(e.Host)
}

// samples are the values that the published sample files hold and that have to
// be replaced.
var samples = []struct {
	name string
	re   *regexp.Regexp
}{
	{"sample domain", regexp.MustCompile(`(?i)(?:^|[^a-z0-9-])[a-z0-9*_-]+(?:\[[0-9-]+\])?(?:-sub)?\.host\.domain\b`)},
	{"sample domain", regexp.MustCompile(`(?i)\.autobot\.cvp\b`)},
	{"sample host", regexp.MustCompile(`(?i)\b(?:cloudconnct\.failover\.hostname|search\.domain\.\d|hostname:port)\b`)},
	{"sample certificate name", regexp.MustCompile(`(?i)\*\.cisco\.com\b|O=Cisco/OU=CCBU\b`)},
	{"sample address", regexp.MustCompile(`(?:^|[^0-9.])192\.168\.1\.(?:3|4|5|69|169)(?:$|[^0-9.])`)},
	{"public resolver of the sample", regexp.MustCompile(`(?:^|[^0-9.])(?:1\.1\.1\.1|8\.8\.8\.8)(?:$|[^0-9.])`)},
	{"unset address", regexp.MustCompile(`(?i)\bx\.x\.x\.x\b`)},
	{"marker", regexp.MustCompile(`(?i)must[-\x{2010}\x{2013}\x{2014} ]change`)},
}

func sampleOf(text string) string {
	for _, s := range samples {
		if s.re.MatchString(text) {
			return s.name
		}
	}
	return ""
}
