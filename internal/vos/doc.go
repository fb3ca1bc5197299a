// SPDX-License-Identifier: Apache-2.0

// Package vos reads the command line of VOS servers from transcripts.
//
// A transcript is any number of commands with their answers, as a terminal
// shows them after the "admin:" prompt. Only formats that documents show, or
// that can be inferred from them, become facts, and each fact says which of
// the two it rests on. Any other text leaves the fact unknown.
package vos
