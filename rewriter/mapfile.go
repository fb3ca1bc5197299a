// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Bounds of a proxy map: far above any real one, low enough for a hostile one.
const (
	maxMapBytes   = 1 << 20
	maxMapLine    = 1 << 10
	maxMapEntries = 4096
)

// Entry is one line of a proxy map: Internal answers in the network, External is
// what the browser must see instead. Line counts from 1.
type Entry struct {
	Internal Endpoint
	External Endpoint
	Line     int
}

// Map is an unambiguous proxy map: each internal endpoint has one external
// endpoint and the reverse, and no endpoint is on both sides. The zero value is an
// empty map. Build it with ParseMap or NewMap; it does not change afterwards.
type Map struct {
	entries  []Entry
	internal map[Endpoint]Endpoint // external -> internal
	external map[Endpoint]Endpoint // internal -> external
}

// Entries gives the entries in file order; the slice is the caller's.
func (m Map) Entries() []Entry { return slices.Clone(m.entries) }

// Internal gives the upstream that stands behind an external endpoint.
func (m Map) Internal(external Endpoint) (Endpoint, bool) {
	e, ok := m.internal[external]
	return e, ok
}

// External gives the public name of an internal endpoint.
func (m Map) External(internal Endpoint) (Endpoint, bool) {
	e, ok := m.external[internal]
	return e, ok
}

// ParseMap reads a proxy map: lines of `internal-host:port = external-host:port`,
// blank lines, and comments whose first visible byte is '#'. It guesses nothing: a
// missing port, an address, a scheme, a path, a comment behind an entry, a byte
// order mark, and every ambiguity (see Map) are errors. All faults are reported
// together, each with its line.
func ParseMap(r io.Reader) (Map, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxMapBytes+1))
	if err != nil {
		return Map{}, fmt.Errorf("proxy map: %w", err)
	}
	if len(data) > maxMapBytes {
		return Map{}, fmt.Errorf("proxy map: larger than %d bytes", maxMapBytes)
	}
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
		return Map{}, errors.New("proxy map: line 1: byte order mark before the first line")
	}
	var entries []Entry
	var faults []error
	for number, line := range bytes.Split(data, []byte("\n")) {
		entry, present, err := parseMapLine(string(bytes.TrimSuffix(line, []byte("\r"))))
		if err != nil {
			faults = append(faults, fmt.Errorf("proxy map: line %d: %w", number+1, err))
			continue
		}
		if present {
			entry.Line = number + 1
			entries = append(entries, entry)
		}
		if len(entries) > maxMapEntries || len(faults) > maxMapEntries {
			return Map{}, fmt.Errorf("proxy map: line %d: more than %d entries", number+1, maxMapEntries)
		}
	}
	m, err := NewMap(entries)
	if err != nil {
		faults = append(faults, err)
	}
	if len(faults) > 0 {
		return Map{}, errors.Join(faults...)
	}
	return m, nil
}

func parseMapLine(line string) (entry Entry, present bool, err error) {
	if len(line) > maxMapLine {
		return Entry{}, false, fmt.Errorf("longer than %d bytes", maxMapLine)
	}
	line = strings.Trim(line, " \t")
	if line == "" || line[0] == '#' {
		return Entry{}, false, nil
	}
	left, right, found := strings.Cut(line, "=")
	if !found {
		return Entry{}, false, errors.New("no '=' between internal and external endpoint")
	}
	for _, odd := range []struct{ text, fault string }{
		{"=", "second '='"},
		{"#", "comment behind an entry"},
		{"//", "scheme or path; only host:port is meant"},
		{"\\", "backslash; lines do not continue"},
		{"\r", "carriage return inside the line"},
	} {
		if strings.Contains(right, odd.text) || (odd.text != "=" && strings.Contains(left, odd.text)) {
			return Entry{}, false, errors.New(odd.fault)
		}
	}
	if entry.Internal, err = ParseEndpoint(strings.TrimRight(left, " \t")); err != nil {
		return Entry{}, false, fmt.Errorf("internal endpoint %w", err)
	}
	if entry.External, err = ParseEndpoint(strings.TrimLeft(right, " \t")); err != nil {
		return Entry{}, false, fmt.Errorf("external endpoint %w", err)
	}
	return entry, true, nil
}

// NewMap builds a Map from entries made in memory, with the same demands as
// ParseMap. Entries without a Line are numbered in order.
func NewMap(entries []Entry) (Map, error) {
	m := Map{
		entries:  slices.Clone(entries),
		internal: make(map[Endpoint]Endpoint, len(entries)),
		external: make(map[Endpoint]Endpoint, len(entries)),
	}
	line := make(map[Endpoint]int, 2*len(entries))
	var faults []error
	fault := func(at int, format string, args ...any) {
		faults = append(faults, fmt.Errorf("proxy map: line %d: "+format, append([]any{at}, args...)...))
	}
	for i := range m.entries {
		e := &m.entries[i]
		if e.Line == 0 {
			e.Line = i + 1
		}
		for _, side := range []Endpoint{e.Internal, e.External} {
			if canonical, err := ParseEndpoint(side.String()); err != nil || canonical != side {
				fault(e.Line, "%s is not a lower-case host:port", clip(side.String()))
			}
		}
		if _, twice := m.external[e.Internal]; twice {
			fault(e.Line, "internal endpoint %s is already mapped on line %d", e.Internal, line[e.Internal])
			continue
		}
		if _, twice := m.internal[e.External]; twice {
			fault(e.Line, "external endpoint %s is already used on line %d", e.External, line[e.External])
			continue
		}
		m.external[e.Internal], m.internal[e.External] = e.External, e.Internal
		line[e.Internal], line[e.External] = e.Line, e.Line
	}
	// Rewriting must be one step: an endpoint on both sides would be rewritten or
	// not depending on which line is read first.
	for _, e := range m.entries {
		if _, both := m.external[e.External]; both {
			fault(e.Line, "%s is external here and internal on line %d", e.External, line[e.External])
		}
	}
	if len(faults) > 0 {
		return Map{}, errors.Join(faults...)
	}
	return m, nil
}
