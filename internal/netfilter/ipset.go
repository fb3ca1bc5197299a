// SPDX-License-Identifier: Apache-2.0

package netfilter

import (
	"fmt"
	"strconv"
	"strings"
)

// Limits of the sets of one text.
const (
	maxSets       = 10_000
	maxSetEntries = 1_000_000
)

// IPSets are the sets of one "ipset save" or "ipset list".
type IPSets struct {
	Sets     []Set
	Problems []Problem
}

// Set is a named set: an ipset, or a set or map of nft.
type Set struct {
	// Table and TableFamily are those of nft, empty for an ipset.
	Table, TableFamily string
	Name               string
	// Type is as the program writes it, such as hash:net or ipv4_addr. The dimensions
	// of an ipset follow its colon.
	Type string
	// Family is ipv4 or ipv6, and empty for a set that holds no addresses, or ipset's
	// list:set.
	Family string
	// TimeoutSeconds is how long a new entry stays by default, 0 for ever.
	TimeoutSeconds int64
	// Map is set for a map of nft, whose entries have data.
	Map bool
	// Dynamic is set for a set of nft that packets add to.
	Dynamic bool
	Entries []SetEntry
	// Complete is set when all entries of the moment are among Entries.
	Complete     bool
	Line, Column int
}

// SetEntry is one entry, or with several dimensions a comma-separated tuple.
type SetEntry struct {
	Value string
	// Data is what a map gives for Value.
	Data string
	// NoMatch marks an exception from wider entries.
	NoMatch bool
	// TimeoutSeconds is the time left, 0 for ever.
	TimeoutSeconds int64
	Line           int
}

// ParseIPSets reads what "ipset save" or "ipset list" prints, in plain text. It
// never fails: what it cannot read is among the problems.
func ParseIPSets(text []byte) *IPSets { return parseIPSets(text, maxSetEntries) }

func parseIPSets(text []byte, most int) *IPSets {
	p := &setParser{maxEntries: most, byName: map[string]int{}, current: -1}
	for rest, more := string(text), true; more && rest != ""; {
		var line string
		line, rest, more = strings.Cut(rest, "\n")
		p.lineNumber++
		if len(line) > maxLineBytes {
			p.problem(line, "line is %d bytes long, more than %d", len(line), maxLineBytes)
			continue
		}
		p.line(strings.TrimRight(line, " \t\r"))
	}
	p.endList()
	return &IPSets{Sets: p.sets, Problems: p.problems}
}

type setParser struct {
	sets       []Set
	byName     map[string]int
	problems   problems
	lineNumber int
	entries    int
	maxEntries int
	// current is the set of a listing that lines belong to, -1 before the first one.
	current int
	members bool
	// announced is the number of entries that the listing tells, -1 if it does not.
	announced int
}

func (p *setParser) problem(text, format string, args ...any) {
	p.problems.add(Problem{Line: p.lineNumber, Column: 1, Message: fmt.Sprintf(format, args...), Text: text})
}

func (p *setParser) line(line string) {
	if name, ok := strings.CutPrefix(line, "Name: "); ok {
		p.endList()
		p.current, p.members, p.announced = p.create(Set{Name: name}), false, -1
		return
	}
	if p.current >= 0 {
		p.listed(line)
		return
	}
	words, err := splitWords(nil, line)
	switch {
	case err != nil:
		p.problem(line, "%v", err)
	case len(words) == 0 || line[0] == '#':
	case words[0].text == "create" && len(words) >= 3:
		s := Set{Name: words[1].text, Type: words[2].text, Complete: true}
		header(&s, words[3:])
		p.create(s)
	case words[0].text == "add" && len(words) >= 3:
		i, ok := p.byName[words[1].text]
		if !ok {
			p.problem(line, "set %q was not created before", words[1].text)
			return
		}
		p.entry(i, words[2].text, words[3:])
	default:
		p.problem(line, "neither \"create SET TYPE\" nor \"add SET ENTRY\", nor a listing that starts with \"Name:\"")
	}
}

// create adds a set, and returns -1 where there is no room or it is there already.
func (p *setParser) create(s Set) int {
	s.Line, s.Column = p.lineNumber, 1
	if i, ok := p.byName[s.Name]; ok {
		p.problem(s.Name, "set %q stands twice, first at line %d", s.Name, p.sets[i].Line)
		return -1
	}
	if len(p.sets) == maxSets {
		p.problem(s.Name, "more than %d sets; this one is left out", maxSets)
		return -1
	}
	p.byName[s.Name] = len(p.sets)
	p.sets = append(p.sets, s)
	return len(p.sets) - 1
}

// header reads the parameters of a set: "family inet timeout 600 ...".
func header(s *Set, words []word) {
	for i := 0; i+1 < len(words); i++ {
		switch value := words[i+1].text; words[i].text {
		case "family":
			switch value {
			case "inet":
				s.Family = "ipv4"
			case "inet6":
				s.Family = "ipv6"
			}
		case "timeout":
			s.TimeoutSeconds, _ = strconv.ParseInt(value, 10, 64)
		}
	}
	if strings.HasPrefix(s.Type, "bitmap:ip") {
		s.Family = "ipv4" // bitmaps of addresses know no other
	}
}

// entry adds an entry with its extensions: timeout N, nomatch, comment, counters.
func (p *setParser) entry(i int, value string, extensions []word) {
	s := &p.sets[i]
	if p.entries == p.maxEntries {
		if s.Complete {
			p.problem("", "more than %d entries; the rest of set %q is left out", p.maxEntries, s.Name)
		}
		s.Complete = false
		return
	}
	p.entries++
	e := SetEntry{Value: value, Line: p.lineNumber}
	for j := 0; j < len(extensions); j++ {
		switch extensions[j].text {
		case "nomatch":
			e.NoMatch = true
		case "timeout":
			if j++; j < len(extensions) {
				e.TimeoutSeconds, _ = strconv.ParseInt(extensions[j].text, 10, 64)
			}
		case "comment", "packets", "bytes", "skbmark", "skbprio", "skbqueue", "before", "after":
			j++
		}
	}
	s.Entries = append(s.Entries, e)
}

// listed reads a line of "ipset list" behind "Name:".
func (p *setParser) listed(line string) {
	s := &p.sets[p.current]
	if p.members {
		words, err := splitWords(nil, line)
		switch {
		case err != nil:
			p.problem(line, "%v", err)
		case len(words) > 0:
			p.entry(p.current, words[0].text, words[1:])
		}
		return
	}
	key, value, _ := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	switch key {
	case "Type":
		s.Type = value
	case "Header":
		words, err := splitWords(nil, value)
		if err != nil {
			p.problem(line, "%v", err)
		}
		header(s, words)
	case "Number of entries":
		if n, err := strconv.Atoi(value); err == nil {
			p.announced = n
		}
	case "Members":
		p.members, s.Complete = true, true
	case "Revision", "Size in memory", "References", "":
	default:
		p.problem(line, "line of a set's listing that is not known")
	}
}

// endList makes sure that a listing holds what it announced.
func (p *setParser) endList() {
	if p.current < 0 {
		return
	}
	s := &p.sets[p.current]
	switch {
	case !p.members:
		p.problem(s.Name, "set %q is listed without its members", s.Name)
	case s.Complete && p.announced >= 0 && p.announced != len(s.Entries):
		s.Complete = false
		p.problem(s.Name, "set %q announces %d entries, %d could be read", s.Name, p.announced, len(s.Entries))
	}
	p.current = -1
}
