// SPDX-License-Identifier: Apache-2.0

// Package confirm asks the real nginx whether the model of a request is right.
//
// The audited files are never run. A new configuration is rendered from what the
// parser read, with a list of the directives that may stand in it: those that decide
// where a request goes. All others are left out and listed. Every name of a file is
// moved below one folder, every address that nginx listens on or connects to is
// replaced by one of loopback, and upstreams are echoes that note what reached them.
//
// That configuration runs without privileges in namespaces of its own: it sees no
// network but loopback, and no file but the programs of this machine, read-only, and
// its own folder. Without namespaces nothing is run at all.
//
// Requests are sent as bytes: witnesses that a proof gave, requests at the boundaries
// of the configuration's own locations and names, and known ways to confuse paths.
// What nginx does is compared with what internal/nginx/request says about the
// configuration as it was read. A difference is an error in Postern.
package confirm
