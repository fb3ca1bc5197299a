// SPDX-License-Identifier: Apache-2.0

// Package lab builds the loopback contact centre behind "postern demo" and the
// tests: a certificate authority, nodes with real TLS listeners and command lines
// over SSH, a map server, and an edge in front of them, with a complete site on
// disk: whatever an audit can gather about such a site is there to be gathered.
//
// Where nginx is installed, the edge is nginx serving a copy of the audited
// tree in which only the listen ports and the upstream addresses were moved to
// free loopback ports. Elsewhere the reference proxy takes its place, and tree
// and listeners are separate artifacts; Lab.Edge says which it is.
//
// A fault is planted once, and shows wherever the site shows it: in a file, in
// what a command line answers, in what a listener answers.
//
// Nothing listens outside of 127.0.0.1, nothing is written outside the given
// folder, and Close ends everything that Start began. The passwords and keys that
// let an audit into the nodes are made for one run and readable by their owner
// only.
//
// The stand-ins hand out nothing that needs a login, for nobody has an account:
// what an agent sees is not there. Signatures of metadata are not made, and the
// captures of the edge's host are texts, not a host.
package lab
