// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"errors"
	"fmt"
	"time"
)

// Limits bounds what one client may cost. A zero field takes its default; a negative
// one is an error.
type Limits struct {
	HeadBytes            int           `yaml:"head_bytes"`             // request head, default 16384
	TargetBytes          int           `yaml:"target_bytes"`           // request target, default 8192
	Fields               int           `yaml:"fields"`                 // header lines, default 100
	BodyBytes            int64         `yaml:"body_bytes"`             // request body, default 15 MiB
	Handshake            time.Duration `yaml:"handshake"`              // TLS handshake, default 10s
	Header               time.Duration `yaml:"header"`                 // reading a head, default 10s
	Body                 time.Duration `yaml:"body"`                   // reading head and body, default 60s
	Send                 time.Duration `yaml:"send"`                   // one write to the client, default 10s
	Idle                 time.Duration `yaml:"idle"`                   // between requests, default 10s
	Connect              time.Duration `yaml:"connect"`                // dialling and handshake upstream, default 10s
	Answer               time.Duration `yaml:"answer"`                 // until the upstream's header, default 60s
	WebSocketIdle        time.Duration `yaml:"websocket_idle"`         // silence on an upgraded connection, default 5m
	Grace                time.Duration `yaml:"grace"`                  // for requests in flight at the end, default 5s
	Connections          int           `yaml:"connections"`            // open at once per listener, default 1024
	ConnectionsPerPeer   int           `yaml:"connections_per_peer"`   // open at once per client address, default 64
	WebSocketsPerPeer    int           `yaml:"websockets_per_peer"`    // open at once per client address, default 16
	StreamsPerConnection int           `yaml:"streams_per_connection"` // concurrent HTTP/2 streams, default 100
	RequestsPerSecond    float64       `yaml:"requests_per_second"`    // per client address; 0 means unlimited
	Burst                int           `yaml:"burst"`                  // for RequestsPerSecond, default 20
}

// withDefaults fills the zero fields.
func (l Limits) withDefaults() Limits {
	standard(&l.HeadBytes, 16<<10)
	standard(&l.TargetBytes, 8<<10)
	standard(&l.Fields, 100)
	standard(&l.BodyBytes, 15<<20)
	standard(&l.Handshake, 10*time.Second)
	standard(&l.Header, 10*time.Second)
	standard(&l.Body, time.Minute)
	standard(&l.Send, 10*time.Second)
	standard(&l.Idle, 10*time.Second)
	standard(&l.Connect, 10*time.Second)
	standard(&l.Answer, time.Minute)
	standard(&l.WebSocketIdle, 5*time.Minute)
	standard(&l.Grace, 5*time.Second)
	standard(&l.Connections, 1024)
	standard(&l.ConnectionsPerPeer, 64)
	standard(&l.WebSocketsPerPeer, 16)
	standard(&l.StreamsPerConnection, 100)
	standard(&l.Burst, 20)
	return l
}

func standard[T int | int64 | time.Duration](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

// validate reports negative limits and a head too small for a target.
func (l Limits) validate() error {
	for _, field := range []struct {
		name  string
		value float64
	}{
		{"head_bytes", float64(l.HeadBytes)},
		{"target_bytes", float64(l.TargetBytes)},
		{"fields", float64(l.Fields)},
		{"body_bytes", float64(l.BodyBytes)},
		{"handshake", float64(l.Handshake)},
		{"header", float64(l.Header)},
		{"body", float64(l.Body)},
		{"send", float64(l.Send)},
		{"idle", float64(l.Idle)},
		{"connect", float64(l.Connect)},
		{"answer", float64(l.Answer)},
		{"websocket_idle", float64(l.WebSocketIdle)},
		{"grace", float64(l.Grace)},
		{"connections", float64(l.Connections)},
		{"connections_per_peer", float64(l.ConnectionsPerPeer)},
		{"websockets_per_peer", float64(l.WebSocketsPerPeer)},
		{"streams_per_connection", float64(l.StreamsPerConnection)},
		{"requests_per_second", l.RequestsPerSecond},
		{"burst", float64(l.Burst)},
	} {
		if field.value < 0 {
			return fmt.Errorf("limits: %s is negative", field.name)
		}
	}
	if full := l.withDefaults(); full.TargetBytes >= full.HeadBytes {
		return errors.New("limits: target_bytes leaves no room in head_bytes")
	}
	return nil
}
