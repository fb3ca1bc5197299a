// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"strconv"
	"strings"
)

// Gap is something that could not be learned, about whom, and why.
type Gap struct {
	// Section is the collector's name, such as "nginxrules".
	Section string `json:"section"`
	// Subject is the path of what stays unknown; see Subject.
	Subject string `json:"subject"`
	// Part is the field of the section's record that stays unknown, by its JSON
	// name, such as "sysctls"; empty when it may be any of them. A rule that
	// does not read the field is not concerned.
	Part string `json:"part"`
	// Reason is one sentence for a person.
	Reason string `json:"reason"`
	Source Source `json:"source"`
}

// Subject joins path elements into a subject such as
// "edge/rp-a/listener/desk-a.example:8445". Slashes and percent signs inside
// an element are escaped, so that elements never run into each other.
func Subject(elements ...string) string {
	escaped := make([]string, len(elements))
	for i, e := range elements {
		e = strings.ReplaceAll(e, "%", "%25")
		escaped[i] = strings.ReplaceAll(e, "/", "%2F")
	}
	return strings.Join(escaped, "/")
}

// ListenerSubject is the subject of a listener of an edge or node.
func ListenerSubject(target, host string, port int) string {
	return target + "/" + Subject("listener", host+":"+strconv.Itoa(port))
}

// Touches reports whether a gap about one subject leaves a verdict about
// another one open. It does unless both name different objects of one kind:
// a gap of edge/rp-b says nothing about edge/rp-a, but a gap of node/fin-a
// touches edge/rp-a, since a rule that reads both joins them.
func Touches(gap, subject string) bool {
	a, b := objects(gap), objects(subject)
	for kind, name := range a {
		if other, ok := b[kind]; ok && other != name {
			return false
		}
	}
	return true
}

func objects(subject string) map[string]string {
	parts := strings.Split(subject, "/")
	m := make(map[string]string, 2)
	for i := 0; i+1 < len(parts); i += 2 {
		m[parts[i]] = parts[i+1]
	}
	return m
}
