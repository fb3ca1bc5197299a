// SPDX-License-Identifier: Apache-2.0

package evidence

// HostParameters are the baseline of the operating system of an edge.
type HostParameters struct {
	// Benchmark: what only the CIS benchmark of the operating system asks for is
	// judged too.
	Benchmark bool `json:"benchmark" yaml:"benchmark"`
	// BenchmarkPercent is the least score of an imported benchmark result, and
	// BenchmarkDays its greatest age (S1, P11: hardened by OpenSCAP; the numbers
	// are ours).
	BenchmarkPercent int `json:"benchmark_percent" yaml:"benchmark_percent"`
	BenchmarkDays    int `json:"benchmark_days" yaml:"benchmark_days"`
	// UpdateDays is the greatest age of the newest installed package (S1; the
	// number is ours).
	UpdateDays int `json:"update_days" yaml:"update_days"`
	// BanSeconds is the shortest ban, no shorter than the gate's own block, and
	// BanFailures the most failures before it (P1, P4).
	BanSeconds  int `json:"ban_seconds" yaml:"ban_seconds"`
	BanFailures int `json:"ban_failures" yaml:"ban_failures"`
	// OpenFiles is the least limit of open files of a worker (P6, P7).
	OpenFiles int `json:"open_files" yaml:"open_files"`
	// Processors, MemoryMebibytes and DiskGibibytes are the least size of the host
	// (P6, P7: 4, 8 GB and 100 GB for 2000 users; what the system keeps for
	// itself is taken off).
	Processors      int `json:"processors" yaml:"processors"`
	MemoryMebibytes int `json:"memory_mebibytes" yaml:"memory_mebibytes"`
	DiskGibibytes   int `json:"disk_gibibytes" yaml:"disk_gibibytes"`
	// OwnMount: the server lies on a file system of its own (P1; not where a
	// container holds it).
	OwnMount bool `json:"own_mount" yaml:"own_mount"`
	// NamedPorts may be opened in one range beside those of the map: administration
	// and the plain web. From ManyPorts on, nobody opened each on purpose (the
	// number is ours).
	NamedPorts []int `json:"named_ports" yaml:"named_ports"`
	ManyPorts  int   `json:"many_ports" yaml:"many_ports"`
	// MapPort is the port that hands out the proxy map, for the inside only (P1).
	MapPort int `json:"map_port" yaml:"map_port"`
	// Systems are the operating systems that the release runs on; none: any.
	Systems []SystemRelease `json:"systems" yaml:"systems"`
	// EndedSystems are those that get no security updates any more (P1 and P3 name
	// them; the versions are those before the first dot).
	EndedSystems []SystemRelease `json:"ended_systems" yaml:"ended_systems"`
	// PortTypes are the SELinux types whose ports a web server may bind.
	PortTypes []string `json:"port_types" yaml:"port_types"`
	// MonitorPorts are those of well-known monitoring agents (P7: not public).
	MonitorPorts []int `json:"monitor_ports" yaml:"monitor_ports"`
	// UnneededUnits are services that a reverse proxy has no use for.
	UnneededUnits []string          `json:"unneeded_units" yaml:"unneeded_units"`
	Kernel        []KernelParameter `json:"kernel" yaml:"kernel"`
	SSH           SSHParameters     `json:"ssh" yaml:"ssh"`
}

// SystemRelease is an operating system by os-release(5): ID and VERSION_ID.
type SystemRelease struct {
	ID      string `json:"id" yaml:"id"`
	Version string `json:"version" yaml:"version"`
}

// ParameterBound says how a kernel parameter compares with its value.
type ParameterBound string

// Values lists the members of the enumeration, for the schema.
func (ParameterBound) Values() []string { return []string{"exactly", "least", "most"} }

// KernelTopic is what a kernel parameter is about; each topic is a rule.
type KernelTopic string

// Values lists the members of the enumeration, for the schema.
func (KernelTopic) Values() []string {
	return []string{
		"forwarding", "redirects", "source_routing", "reverse_path", "martians", "icmp", "syn_cookies", "router_advertisements", "address_space", "ptrace",
		"core_dumps", "tuning",
	}
}

// KernelParameter is the wanted value of one parameter (P1, P3, P13; CIS for
// ptrace and core_dumps).
type KernelParameter struct {
	Topic KernelTopic    `json:"topic" yaml:"topic"`
	Key   string         `json:"key" yaml:"key"`
	Value int            `json:"value" yaml:"value"`
	Bound ParameterBound `json:"bound" yaml:"bound"`
	// Interfaces: the same parameter of each declared interface is judged too,
	// since the one for all does not bind it.
	Interfaces bool `json:"interfaces" yaml:"interfaces"`
}

// SSHParameters are the bounds of the SSH server (CIS RHEL 9, section 5.1).
type SSHParameters struct {
	Attempts     int `json:"attempts" yaml:"attempts"`
	Sessions     int `json:"sessions" yaml:"sessions"`
	GraceSeconds int `json:"grace_seconds" yaml:"grace_seconds"`
	// Startups are the three numbers of MaxStartups.
	Startups []int `json:"startups" yaml:"startups"`
	// IdleSeconds bounds ClientAliveInterval times ClientAliveCountMax.
	IdleSeconds int `json:"idle_seconds" yaml:"idle_seconds"`
	// LogLevels are those that show who logged in.
	LogLevels []string `json:"log_levels" yaml:"log_levels"`
	// WeakAlgorithms are patterns of ciphers, MACs and key exchanges (glob, with
	// no delimiter).
	WeakAlgorithms []string `json:"weak_algorithms" yaml:"weak_algorithms"`
}
