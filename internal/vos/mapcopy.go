// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"regexp"
	"strings"
)

// MapCopy is the text of the proxy map as a node shows it, without the comments
// of the map and what the command line says around it. Which facts the lines
// hold is for the reader of maps to say.
type MapCopy struct {
	// Entries are the lines that are an entry, whole again where the terminal
	// broke them.
	Entries []Line
	// Others are the other lines, as shown. One that would be an entry by itself
	// is among them when the line behind it may be its end.
	Others []Line
	Format Format
	Line   int
}

var (
	noMap      = regexp.MustCompile(`(?i)^\s*(?:no config-uri configured|currently no sources? (?:is|are) configured|(?:currently )?no (?:proxy[- ])?(?:config )?(?:map|mapping|proxy map|entry|entries) (?:is |are )?(?:configured|available|found))\.?\s*$`)
	mapHeading = regexp.MustCompile(`(?i)^\s*[a-z][^=#]* [^=#]*:\s*$`)
)

// ReadMap reads the node's own copy of the map. The grammar of maps is the
// caller's: isEntry tells whether a line is an entry, which is needed to put
// together what the terminal broke. An answer without any entry is no map,
// unless it says that there is none.
func (t Transcript) ReadMap(isEntry func(line string) bool) (MapCopy, error) {
	e, err := t.exchange([]string{reverseProxy + "show-proxy-config-map"}, []string{
		reverseProxy + "config-uri add", reverseProxy + "config-uri delete",
	}, false)
	if err != nil {
		return MapCopy{}, err
	}
	out := MapCopy{Format: Documented, Line: e.Line}
	none, comments := false, 0
	read := func(text string, line int, h how) reading {
		switch {
		case h != broken && isEntry(text):
			return func() { out.Entries = append(out.Entries, Line{Number: line, Text: text}) }
		case h.single() && strings.HasPrefix(strings.TrimSpace(text), "#"):
			return func() { comments++ }
		case tail.MatchString(text), h.single() && mapHeading.MatchString(text) && len(out.Entries)+comments == 0:
			return nothing
		case noMap.MatchString(text):
			return func() { none = true }
		}
		return nil
	}
	if tooMany := walkAll(e.Answer, read, func(l Line) { out.Others = append(out.Others, l) }); tooMany {
		return MapCopy{}, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "too many lines are no entry of a map"}
	}
	switch {
	case none && len(out.Entries)+len(out.Others) == 0:
		out.Format = Inferred
	case none:
		return MapCopy{}, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the answer says both that there is no map and what it holds"}
	case len(out.Entries) == 0:
		return MapCopy{}, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the answer holds no entry of a map"}
	}
	return out, nil
}
