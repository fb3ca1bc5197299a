// SPDX-License-Identifier: Apache-2.0

// Package vos knows the command line of VOS servers: it reads transcripts, says
// which commands only read, and runs those in an open terminal.
//
// A transcript is any number of commands with their answers, as a terminal
// shows them after the "admin:" prompt. Session writes the same form that a
// person copies from a window, so that one reader serves both.
//
// Only formats that documents show, or that can be inferred from them, become
// facts, and each fact says which of the two it rests on. Any other text leaves
// the fact unknown: an answer is read strictly, line by line, and one line that
// has no known form spoils a value or a list, since it may be the word that
// turns its meaning. A command that was run again counts with its last answer,
// and an answer before a change of the same setting counts no more.
//
// A list is known by its header. Some may have none: their items must then be
// numbered from 1 without a hole, and be of a shape that nothing else has. Text
// without numbers is no list, but for origins with commas between them.
//
// Text that a terminal of 80 columns broke is joined again only where the
// result is a whole known sentence, or where an item or a command fills the
// line and goes on without a number of its own.
//
// The package opens nothing. It never sees a secret that was not redacted
// before, except in a Session, whose answers belong into an archive that
// redacts.
package vos
