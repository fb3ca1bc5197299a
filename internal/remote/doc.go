// SPDX-License-Identifier: Apache-2.0

// Package remote reads a host over SSH: one command at a time, files over SFTP,
// or a terminal for a host that has its own command line.
//
// It takes an open connection and never dials. The host key must stand in the
// declared known_hosts file. Nothing of the user's own SSH set-up takes part: no
// agent, no forwarding, no configuration file. Every operation has a deadline of
// its own; one that hangs ends the connection, and with it all that would follow.
package remote
