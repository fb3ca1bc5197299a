// SPDX-License-Identifier: Apache-2.0

// Package capture reads an edge where it runs: on the machine itself, or over
// SSH. What it gets looks to the collectors like the files that an administrator
// would have saved, so that there is one reader for all three ways.
//
// The commands are a fixed table (Commands): each only shows something, none
// takes an argument that depends on the site, the configuration or the host, and
// the sudoers file in docs is made from the same table. Files open only inside
// the folders that the site file declares and a fixed list of places in etc, after
// links are resolved; keys are looked at from outside only.
package capture
