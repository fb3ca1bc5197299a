// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"slices"
	"strings"
)

// Kind is what a command does, as far as its words tell.
type Kind string

const (
	// Shows: it only shows.
	Shows Kind = "show"
	// Alters: it changes, restarts or deletes something.
	Alters Kind = "change"
	// Undecided: neither for certain.
	Undecided Kind = "other"
)

// alterations are the words that stand for a change wherever they are in a
// command.
func alterations() []string {
	return []string{
		"add", "delete", "enable", "enable_all", "disable", "set", "set_property", "set-config-update-frequency", "restart", "start",
		"stop", "clear", "unlock", "reset", "activate", "deactivate", "import", "upload", "regen", "regenerate", "upgrade", "shutdown", "unset",
	}
}

// Kind tells what the command does.
func (e Exchange) Kind() Kind {
	words := strings.Fields(e.Command)
	switch {
	case e.Command == pagination || known(e.Command):
		return Shows
	case slices.ContainsFunc(words, func(w string) bool { return slices.Contains(alterations(), w) }):
		return Alters
	case words[0] == "show" || slices.Contains([]string{"list", "status", "show_property", "summary"}, words[len(words)-1]),
		strings.HasPrefix(e.Command, showProperty):
		return Shows
	}
	return Undecided
}

// known reports whether a command in canonical form is one that a node is
// asked, so that no further text belongs to it.
func known(command string) bool {
	for _, list := range [...][]string{platform(), finesse(), cuic(), crossOrigin("live-data"), {idsSecret, pagination}} {
		for _, c := range list {
			if strings.EqualFold(c, command) {
				return true
			}
		}
	}
	return false
}
