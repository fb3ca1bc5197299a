// SPDX-License-Identifier: Apache-2.0

package confirm

import "time"

// Places inside of the namespace.
const (
	gateDir  = "/gate"
	confFile = gateDir + "/nginx.conf"
	certFile = gateDir + "/certificate.pem"
	keyFile  = gateDir + "/key.pem"
	// filesDir stands for the root of the audited host.
	filesDir = gateDir + "/files"
	// runDir is all that nginx may write to; it is in memory and ends with the namespace.
	runDir = gateDir + "/run"
)

// Bounds of what happens inside.
const (
	runBytes     = 64 << 20 // of files that nginx writes
	memoryBytes  = 4 << 30  // of addresses that nginx may map
	answerBytes  = 1 << 20  // of one answer that are read
	bodyBytes    = 4 << 20  // of one request's body
	messageBytes = 64 << 10 // of nginx's messages
	startTime    = 20 * time.Second
	requestTime  = 10 * time.Second
	senders      = 4
	maxSockets   = 1000 // that nginx listens on
	maxUpstreams = 2000
)

// job is what the process outside hands to the one inside, as JSON.
type job struct {
	Program string // nginx
	// Folder holds root, an empty folder, and gate, which is seen as gateDir.
	Folder string
	// Prefix is nginx's prefix below filesDir.
	Prefix  string
	Sources []string // addresses of clients, which loopback gets
	Ready   string   // an address that nginx listens on
	Echoes  []string // addresses of the echoes
	// Certificate and Key are those of the echoes and of nginx, PEM.
	Certificate, Key []byte
	Requests         []shot
}

// shot is one request as it is sent.
type shot struct {
	To     string // the address that nginx listens on
	From   string // the client's address; empty for the usual one
	TLS    bool
	SNI    string
	Raw    []byte
	Length int // of the body that follows
}

// reply is one line of what the process inside answers, as JSON.
type reply struct {
	// Refused is why nginx does not run; the last reply then.
	Refused string
	// Index is the number of the request; the rest is as in Observed.
	Index           int
	Status, Page    int
	Refusal         bool // of the TLS handshake
	Upstream, Error string
	Path            []byte // which JSON could not hold as a string
	// Done ends the replies.
	Done bool
}
