// SPDX-License-Identifier: Apache-2.0

// Package lab builds the loopback contact centre behind "postern demo" and the
// tests: a certificate authority, stub upstreams with real TLS listeners, a map
// server, and an edge in front of them, with a complete site on disk.
//
// Where nginx is installed, the edge is nginx serving a copy of the audited
// tree in which only the listen ports and the upstream addresses were moved to
// free loopback ports. Elsewhere the reference proxy takes its place, and tree
// and listeners are separate artifacts; Lab.Edge says which it is.
//
// Nothing listens outside of 127.0.0.1, nothing is written outside the given
// folder, and Close ends everything that Start began.
package lab
