// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Property is one setting as printed.
type Property struct {
	// Group is desktop, webservices or fippa, or cuic. Name is in the spelling
	// of the answer, or else of the command.
	Group, Name, Value string
	// Bytes is the value as a size, -1 where it prints no unit.
	Bytes  int
	Format Format
	Line   int
}

const (
	showProperty = "utils finesse show_property "
	showCUIC     = "show cuic properties"
)

var (
	propertyLine = regexp.MustCompile(`^\s*(?i:the )?(?i:value of )?(?i:property )?["']?([A-Za-z][A-Za-z0-9._-]{1,80})["']?\s*(?:=|:|(?i:is(?: set to)?|has (?:the )?value))\s*["']?([A-Za-z0-9][\w.,:%/@-]{0,150}(?: ?(?i:[kmg]i?b|bytes?))?)["']?\.?\s*$`)
	columns      = regexp.MustCompile(`^\s*([A-Za-z][A-Za-z0-9._-]{1,80})(?:\s{2,})(\S{1,150})\s*$`)
	bareValue    = regexp.MustCompile(`(?i)^\s*(?:(?:property )?value\s*[:=]\s*)?(true|false|on|off|enabled?|disabled?|websockets?|bosh|\d{1,12}(?: ?(?:[kmg]i?b|bytes?))?)\s*$`)
	sizeValue    = regexp.MustCompile(`(?i)^(\d{1,12}) ?(?:([kmg])i?b|bytes?)$`)
)

// Properties reads every property that the transcript shows, each with its last
// answer, and says what could not be read.
func (t Transcript) Properties() ([]Property, []error) {
	var out []Property
	var errs []error
	for i, e := range t.Exchanges {
		group, name, ok := shownProperty(e.Command)
		if !ok || shownLater(t.Exchanges[i+1:], e.Command) || len(out) >= maxItems || len(errs) >= maxItems {
			continue
		}
		read, err := t.readProperties(e, group, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		for _, p := range read {
			out = withProperty(out, p)
		}
	}
	return out, errs
}

// shownProperty splits a command. CUIC can show all of its properties at once,
// whose name is then empty.
func shownProperty(command string) (group, name string, ok bool) {
	if rest, found := strings.CutPrefix(command, showProperty); found {
		group, name, ok = strings.Cut(rest, " ")
		return group, name, ok
	}
	rest, found := strings.CutPrefix(command, showCUIC)
	return "cuic", strings.TrimSpace(rest), found && (rest == "" || rest[0] == ' ')
}

func shownLater(rest []Exchange, command string) bool {
	for _, e := range rest {
		if e.Command == command {
			return true
		}
	}
	return false
}

// withProperty adds a property, or replaces an earlier answer to it.
func withProperty(all []Property, p Property) []Property {
	for i, q := range all {
		if q.Group == p.Group && strings.EqualFold(q.Name, p.Name) {
			all[i] = p
			return all
		}
	}
	return append(all, p)
}

func (t Transcript) readProperties(e Exchange, group, name string) ([]Property, error) {
	change := "utils finesse set_property " + group + " " + name
	if group == "cuic" {
		change = strings.TrimSpace("set cuic properties " + name)
	}
	if err := t.usable(e, []string{change}, false); err != nil {
		return nil, err
	}
	var out []Property
	format := Inferred
	bad := walk(e.Answer, func(text string, line int, h how) reading {
		m := propertyLine.FindStringSubmatch(text)
		if m == nil && name == "" {
			m = columns.FindStringSubmatch(text)
		}
		switch b := bareValue.FindStringSubmatch(text); {
		case len(out) >= maxItems:
			return nil
		case h != broken && b != nil && name != "":
			typed := e.Typed[strings.LastIndexByte(e.Typed, ' ')+1:]
			return func() { out = append(out, newProperty(group, typed, b[1], format, line)) }
		case h != broken && m != nil && (name == "" || strings.EqualFold(m[1], name)):
			return func() { out = append(out, newProperty(group, m[1], m[2], format, line)) }
		case tail.MatchString(text):
			return nothing
		}
		return nil
	})
	switch {
	case bad != nil:
		return nil, &UnreadableError{Command: e.Command, Line: bad.Number, Reason: fmt.Sprintf("unknown answer %q", shorten(bad.Text))}
	case len(out) == 0:
		return nil, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the answer has none of the known forms"}
	}
	for i, p := range out {
		for _, q := range out[:i] {
			if strings.EqualFold(p.Name, q.Name) && p.Value != q.Value {
				return nil, &UnreadableError{Command: e.Command, Line: p.Line, Reason: "the answer gives two values of " + p.Name}
			}
		}
	}
	return out, nil
}

func newProperty(group, name, value string, format Format, line int) Property {
	value = strings.TrimSuffix(value, ".")
	p := Property{Group: group, Name: name, Value: value, Bytes: -1, Format: format, Line: line}
	m := sizeValue.FindStringSubmatch(value)
	if m == nil {
		return p
	}
	shift := map[string]uint{"": 0, "k": 10, "m": 20, "g": 30}[strings.ToLower(m[2])]
	if n, err := strconv.Atoi(m[1]); err == nil && n <= math.MaxInt>>31 {
		p.Bytes = n << shift
	}
	return p
}

// GadgetSourceCheck is the guard that lets gadgets come from listed hosts only:
// "enabled" or "disabled".
func GadgetSourceCheck() StatusCommand {
	const prefix = "utils finesse gadget_source_check "
	word := func(words string) *regexp.Regexp {
		return switchLine("(?:cisco )?(?:finesse )?gadget[ _-]source[ _-]check", words)
	}
	return StatusCommand{
		Commands: []string{prefix + "status"},
		Changes:  []string{prefix + "enable", prefix + "disable"},
		Patterns: []StatusPattern{
			{word(`enabled|true`), "enabled", Inferred},
			{word(`disabled|false`), "disabled", Inferred},
		},
	}
}

var (
	gadgetSource = regexp.MustCompile(`^(?:[A-Za-z][A-Za-z0-9+.-]*://)?[A-Za-z0-9*_.\[\]:-]*[A-Za-z0-9*\]](?:/\S*)?$`)
	listHeading  = regexp.MustCompile(`(?i)^\s*(?:the )?(?:following )?(?:(?:allowed|configured|external) )*(?:sources?|source\(s\)|ips?|ip address(?:es)?|hosts?|addresses|gadget sources?)(?: \w+){0,3}(?: (?:configured|allowed))(?: (?:in|for|to|as)(?: the)?(?: [\w-]+){0,6})?\s*:?\s*$`)
	bareHost     = regexp.MustCompile(`^(?:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+|[0-9A-Fa-f]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)$`)
	emptyList    = regexp.MustCompile(`(?i)^\s*(?:currently )?no (?:\w+ )?(?:sources?|source\(s\)|ips?|ip address(?:es)?|hosts?|addresses) (?:is|are) (?:configured|allowed)(?: (?:in|for|to)(?: the)?(?: [\w-]+){0,6})?\.?\s*$`)
)

// GadgetSources lists the hosts that gadgets may be loaded from.
func GadgetSources() ListCommand {
	const prefix = "utils finesse gadget_source_check allowed_list "
	return ListCommand{
		Commands: []string{prefix + "list"}, Changes: []string{prefix + "add", prefix + "delete"},
		Headers: []Form{{listHeading, Inferred}, {shortHeading, Inferred}}, Empties: []Form{{emptyList, Inferred}, {noSources, Inferred}},
		Item: gadgetSource, Bare: bareOrigin,
	}
}

// NotificationHosts lists who may reach the external port of the notification
// service.
func NotificationHosts() ListCommand {
	const prefix = "utils finesse notification external_port_access "
	return ListCommand{
		Commands: []string{prefix + "list"},
		Changes:  []string{prefix + "add", prefix + "delete", prefix + "enable", prefix + "disable"},
		Headers:  []Form{{listHeading, Inferred}, {shortHeading, Inferred}}, Empties: []Form{{emptyList, Inferred}, {noSources, Inferred}},
		Item: hostItem, Bare: bareHost,
	}
}
