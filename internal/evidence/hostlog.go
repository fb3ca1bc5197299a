// SPDX-License-Identifier: Apache-2.0

package evidence

// LogForwarder is the program that sends log lines to another host.
type LogForwarder string

const (
	ForwarderRsyslog LogForwarder = "rsyslog"
	ForwarderJournal LogForwarder = "journal-upload"
)

// Values lists the members of the enumeration, for the schema.
func (LogForwarder) Values() []string {
	return []string{string(ForwarderRsyslog), string(ForwarderJournal)}
}

// LogForwarding is one place that the log of a host is sent to. A file that
// names none has none; the part log_forwarding tells what was read.
type LogForwarding struct {
	By LogForwarder `json:"by"`
	// Selector is what is sent, as written before the target ("*.*"); empty where
	// the form has none.
	Selector string `json:"selector"`
	// Host is the target as written, in lower case, and Port the one in effect; not
	// known for a name of a service.
	Host string        `json:"host"`
	Port Optional[int] `json:"port"`
	// Protocol is tcp, udp, relp, https or http.
	Protocol string `json:"protocol"`
	// TLS is whether the connection is encrypted, PeerChecked whether the name or
	// the fingerprint of the target is verified. Not known where the
	// configuration leaves it to what was not read.
	TLS         Optional[bool] `json:"tls"`
	PeerChecked Optional[bool] `json:"peer_checked"`
	// Loopback is set for a target on the host itself: nothing leaves it.
	Loopback bool   `json:"loopback"`
	Source   Source `json:"source"`
}

// HostHardware is the size of a host.
type HostHardware struct {
	// CPUs is the number of processors in use.
	CPUs         Optional[int] `json:"cpus"`
	MemoryBytes  Optional[int] `json:"memory_bytes"`
	Volumes      []HostVolume  `json:"volumes"`
	CPUSource    Source        `json:"cpu_source"`
	MemorySource Source        `json:"memory_source"`
}

// HostVolume is a mounted file system with its size.
type HostVolume struct {
	Device         string `json:"device"`
	Path           string `json:"path"`
	SizeBytes      int    `json:"size_bytes"`
	AvailableBytes int    `json:"available_bytes"`
	Source         Source `json:"source"`
}
