// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"fmt"
	"regexp"
	"strings"
)

// Service is one service of a node. State is "started", "stopped", "starting"
// or "stopping"; Remark is what stands behind it.
type Service struct {
	Name, State, Remark string
	Activated           bool
	Line                int
}

// Services is the answer of "utils service list".
type Services struct {
	Services []Service
	Format   Format
	Line     int
}

var (
	serviceLine  = regexp.MustCompile(`(?i)^\s*([A-Za-z][^\[\]]{0,118}?)\s*\[\s*(started|stopped|starting|stopping)\s*\](?:\s+([^\[\]]{1,80}?))?\s*$`)
	serviceNoise = regexp.MustCompile(`(?i)^\s*(?:requesting service status, please wait.*|service manager is running|getting list of all services|primary node\s*=\s*\w+|>>\s*return code\s*=\s*\d+|a hyphenated service .*|do(?:n't| not) press ctrl-c .*)\s*$`)
	inactive     = regexp.MustCompile(`(?i)\bnot activated\b`)
)

// ReadServices reads the list of services. What could be read is returned also
// when a line is unknown, together with the error.
func (t Transcript) ReadServices() (Services, error) {
	e, err := t.exchange([]string{"utils service list", "utils service list page"}, []string{
		"utils service restart", "utils service start", "utils service stop", "utils service activate", "utils service deactivate",
	}, false)
	if err != nil {
		return Services{}, err
	}
	out := Services{Format: Documented, Line: e.Line}
	var bad *Line
	tooMany := walkAll(e.Answer, func(text string, line int, h how) reading {
		if s, ok := parseService(text, line); ok && h != broken && len(out.Services) < maxItems {
			return func() { out.Services = append(out.Services, s) }
		}
		if serviceNoise.MatchString(text) || tail.MatchString(text) {
			return nothing
		}
		return nil
	}, firstOf(&bad))
	switch {
	case bad != nil || tooMany:
		return out, &UnreadableError{Command: e.Command, Line: bad.Number, Reason: fmt.Sprintf("unknown answer %q", shorten(bad.Text))}
	case len(out.Services) == 0:
		return out, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the answer has none of the known forms"}
	}
	return out, nil
}

func parseService(text string, line int) (Service, bool) {
	m := serviceLine.FindStringSubmatch(text)
	if m == nil {
		return Service{}, false
	}
	return Service{Name: m[1], State: strings.ToLower(m[2]), Remark: m[3], Activated: !inactive.MatchString(m[3]), Line: line}, true
}

const restart = "utils service restart "

// Restarts lists the restarts of services in order, each with the last state
// that was shown, and what could not be read of them.
func (t Transcript) Restarts() ([]Service, []error) {
	var out []Service
	var errs []error
	for _, e := range t.Exchanges {
		if !strings.HasPrefix(e.Command, restart) || len(out) == maxItems || len(errs) == maxItems {
			continue
		}
		if err := t.usable(e, nil, false); err != nil {
			errs = append(errs, err)
			continue
		}
		name := e.Typed[len(restart):]
		last := Service{Line: e.Line}
		for _, l := range e.Answer {
			// The server may shorten or complete the name that was typed.
			if s, ok := parseService(l.Text, l.Number); ok {
				last = s
			}
		}
		if last.State == "" {
			errs = append(errs, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the answer shows no state of the service"})
			continue
		}
		last.Name, last.Line = name, e.Line
		out = append(out, last)
	}
	return out, errs
}
