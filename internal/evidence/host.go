// SPDX-License-Identifier: Apache-2.0

package evidence

// Host is what an edge's operating system shows. A list is empty both when the
// host has nothing to show and when nothing was captured: Parts tells which.
type Host struct {
	// Target is "edge/NAME".
	Target string     `json:"target"`
	Parts  []HostPart `json:"parts"`
	System HostSystem `json:"system"`
	// Sysctls are the kernel's values, SysctlFiles what the files of the tree
	// ask for. The two are never mixed.
	Sysctls     []Sysctl        `json:"sysctls"`
	SysctlFiles []SysctlSetting `json:"sysctl_files"`
	SSHD        HostSSHD        `json:"sshd"`
	Files       []HostFile      `json:"files"`
	Mounts      []HostMount     `json:"mounts"`
	Users       []HostUser      `json:"users"`
	Units       []HostUnit      `json:"units"`
	SELinux     SELinux         `json:"selinux"`
	PortLabels  []PortLabel     `json:"port_labels"`
	Sockets     []HostSocket    `json:"sockets"`
	Interfaces  []HostInterface `json:"interfaces"`
	Routes      []HostRoute     `json:"routes"`
	// Names are the lines of etc/hosts.
	Names        []HostNames   `json:"names"`
	Resolver     HostResolver  `json:"resolver"`
	Packages     []HostPackage `json:"packages"`
	LastInstall  HostInstall   `json:"last_install"`
	Updates      []HostUpdate  `json:"updates"`
	Jails        []BanJail     `json:"jails"`
	LogRotations []LogRotation `json:"log_rotations"`
	// LogForwardings are the targets in the configurations of rsyslog and of the
	// journal's upload.
	LogForwardings []LogForwarding   `json:"log_forwardings"`
	Hardware       HostHardware      `json:"hardware"`
	Benchmarks     []BenchmarkResult `json:"benchmarks"`
	Source         Source            `json:"source"`
}

// HostPartName is one artifact of a host, named like its key in the site file;
// what is found in host.root is named for its content.
type HostPartName string

const (
	PartSysctl        HostPartName = "sysctl"
	PartSSHD          HostPartName = "sshd"
	PartFiles         HostPartName = "files"
	PartMounts        HostPartName = "mounts"
	PartUsers         HostPartName = "users"
	PartUnits         HostPartName = "units"
	PartUnitStates    HostPartName = "unit_states"
	PartSELinux       HostPartName = "selinux"
	PartSELinuxPorts  HostPartName = "selinux_ports"
	PartSockets       HostPartName = "sockets"
	PartAddresses     HostPartName = "addresses"
	PartRoutes        HostPartName = "routes"
	PartPackages      HostPartName = "packages"
	PartUpdates       HostPartName = "updates"
	PartXCCDF         HostPartName = "xccdf"
	PartOSRelease     HostPartName = "os_release"
	PartSysctlFiles   HostPartName = "sysctl_files"
	PartAccounts      HostPartName = "accounts"
	PartSELinuxConfig HostPartName = "selinux_config"
	PartNames         HostPartName = "names"
	PartResolver      HostPartName = "resolver"
	PartNameService   HostPartName = "name_service"
	PartFail2ban      HostPartName = "fail2ban"
	PartLogrotate     HostPartName = "logrotate"
	PartLogForwarding HostPartName = "log_forwarding"
	PartCPU           HostPartName = "cpu"
	PartMemory        HostPartName = "memory"
	PartVolumes       HostPartName = "volumes"
)

// Values lists the members of the enumeration, for the schema.
func (HostPartName) Values() []string {
	return []string{
		string(PartSysctl), string(PartSSHD), string(PartFiles), string(PartMounts), string(PartUsers),
		string(PartUnits), string(PartUnitStates), string(PartSELinux), string(PartSELinuxPorts),
		string(PartSockets), string(PartAddresses), string(PartRoutes), string(PartPackages),
		string(PartUpdates), string(PartXCCDF), string(PartOSRelease), string(PartSysctlFiles),
		string(PartAccounts), string(PartSELinuxConfig), string(PartNames), string(PartResolver),
		string(PartNameService), string(PartFail2ban), string(PartLogrotate),
		string(PartLogForwarding), string(PartCPU), string(PartMemory), string(PartVolumes),
	}
}

// HostPart tells how far one artifact could be read. Every part has one.
type HostPart struct {
	Name HostPartName `json:"name"`
	// Read: the artifact was there and something in it was understood, if only
	// that it lists nothing.
	Read bool `json:"read"`
	// Complete: and there is no gap about it.
	Complete bool   `json:"complete"`
	Source   Source `json:"source"`
}

// HostSystem is the operating system as os-release(5) names it.
type HostSystem struct {
	Known bool `json:"known"`
	// ID is such as "rhel", VersionID such as "9.4".
	ID        string   `json:"id"`
	VersionID string   `json:"version_id"`
	Name      string   `json:"name"`
	Like      []string `json:"like"`
	Source    Source   `json:"source"`
}

// Sysctl is one kernel parameter at run time. Key is written with dots; a slash
// in it stands for a dot in the name of an interface, as sysctl(8) writes it.
type Sysctl struct {
	Key  string `json:"key"`
	Text string `json:"text"`
	// Number is known when the text is one whole number.
	Number Optional[int] `json:"number"`
	Source Source        `json:"source"`
}

// SysctlSetting is what the files ask a kernel parameter to be: the setting that
// is applied last, and those that it overrides, in their order.
type SysctlSetting struct {
	Key    string        `json:"key"`
	Text   string        `json:"text"`
	Number Optional[int] `json:"number"`
	// Pattern is the shell pattern that the setting was written with, empty for
	// a plain key. Of a pattern there is one setting under the pattern itself
	// and one for each parameter of every kernel that it matches.
	Pattern string `json:"pattern"`
	// ErrorsIgnored is set by the prefix "-".
	ErrorsIgnored bool          `json:"errors_ignored"`
	Overrides     []SysctlPlace `json:"overrides"`
	Source        Source        `json:"source"`
}

// SysctlPlace is a setting that a later one overrides.
type SysctlPlace struct {
	Text   string `json:"text"`
	Source Source `json:"source"`
}

// HostSSHD is the configuration of the SSH server.
type HostSSHD struct {
	Known bool `json:"known"`
	// Effective: as the server itself resolves it ("sshd -T"). Otherwise only
	// what sshd_config writes: an absent keyword then has an unknown default.
	Effective bool         `json:"effective"`
	Settings  []SSHSetting `json:"settings"`
	// Listens are the addresses it listens on; empty when not effective and not
	// written.
	Listens []SSHListen `json:"listens"`
	Source  Source      `json:"source"`
}

// SSHSetting is one keyword, in lower case, with what stands behind it. A
// keyword that may repeat has one setting for each line.
type SSHSetting struct {
	Keyword string `json:"keyword"`
	Value   string `json:"value"`
	// Values are the members of a value that is a list: separated by commas or
	// blanks, by colons for maxstartups.
	Values []string `json:"values"`
	// Number is known when the value is a whole number; of a time, in seconds.
	Number Optional[int] `json:"number"`
	Source Source        `json:"source"`
}

// SSHListen is an address of the SSH server. Wildcard: every address.
type SSHListen struct {
	Address  string `json:"address"`
	Port     int    `json:"port"`
	Wildcard bool   `json:"wildcard"`
	Source   Source `json:"source"`
}

// HostFile is a file as stat(1) shows it; whether it is a link is not shown.
type HostFile struct {
	Path string `json:"path"`
	// Exists is false for a file that stat was asked for and did not find.
	Exists bool `json:"exists"`
	// Mode is the permission bits as four octal digits, such as "0400", and Bits
	// the same as a number.
	Mode string `json:"mode"`
	Bits int    `json:"bits"`
	// Owner and Group are names, or numbers where stat was asked for those.
	Owner       string        `json:"owner"`
	Group       string        `json:"group"`
	OwnerID     Optional[int] `json:"owner_id"`
	GroupID     Optional[int] `json:"group_id"`
	OwnedByRoot bool          `json:"owned_by_root"`
	// GroupAccess and WorldAccess: any of read, write, execute.
	GroupAccess   bool   `json:"group_access"`
	WorldAccess   bool   `json:"world_access"`
	GroupWritable bool   `json:"group_writable"`
	WorldWritable bool   `json:"world_writable"`
	Source        Source `json:"source"`
}

// HostMount is a mounted file system.
type HostMount struct {
	Path    string   `json:"path"`
	Device  string   `json:"device"`
	Type    string   `json:"type"`
	Options []string `json:"options"`
	NoExec  bool     `json:"noexec"`
	NoDev   bool     `json:"nodev"`
	NoSUID  bool     `json:"nosuid"`
	// ReadOnly is the option ro.
	ReadOnly bool `json:"read_only"`
	// SizeBytes is the option size of a tmpfs, where it is no percentage.
	SizeBytes Optional[int] `json:"size_bytes"`
	// Covered: a later mount lies on the same path.
	Covered bool   `json:"covered"`
	Source  Source `json:"source"`
}

// PasswordState is whether an account can be entered with a password.
type PasswordState string

const (
	PasswordSet     PasswordState = "set"
	PasswordLocked  PasswordState = "locked"
	PasswordEmpty   PasswordState = "empty"
	PasswordUnknown PasswordState = "unknown"
)

// Values lists the members of the enumeration, for the schema.
func (PasswordState) Values() []string {
	return []string{string(PasswordSet), string(PasswordLocked), string(PasswordEmpty), string(PasswordUnknown)}
}

// HostUser is an account. UID, GID and Shell are known when etc/passwd was
// captured, Password when "passwd -S" was; shadow is never read.
type HostUser struct {
	Name  string           `json:"name"`
	UID   Optional[int]    `json:"uid"`
	GID   Optional[int]    `json:"gid"`
	Shell Optional[string] `json:"shell"`
	Home  string           `json:"home"`
	// LoginShell is false for nologin, false, sync and the like. It means
	// nothing while Shell is not known.
	LoginShell bool          `json:"login_shell"`
	Password   PasswordState `json:"password"`
	// PasswordSource is where Password was read.
	PasswordSource Source `json:"password_source"`
	Source         Source `json:"source"`
}

// HostUnit is a unit of systemd. FileState and Preset are empty where only the
// run-time list names the unit; Load, Active and Sub where only the list of
// files does.
type HostUnit struct {
	// Name has its suffix, such as "firewalld.service".
	Name string `json:"name"`
	// FileState is enabled, disabled, masked, static, indirect ...
	FileState string `json:"file_state"`
	Preset    string `json:"preset"`
	Load      string `json:"load"`
	Active    string `json:"active"`
	Sub       string `json:"sub"`
	// Masked, by either list; Enabled also counts enabled-runtime and alias.
	Masked      bool   `json:"masked"`
	Enabled     bool   `json:"enabled"`
	StateSource Source `json:"state_source"`
	Source      Source `json:"source"`
}

// SELinuxMode is the mode of SELinux.
type SELinuxMode string

const (
	SELinuxEnforcing  SELinuxMode = "enforcing"
	SELinuxPermissive SELinuxMode = "permissive"
	SELinuxDisabled   SELinuxMode = "disabled"
	SELinuxUnknown    SELinuxMode = "unknown"
)

// Values lists the members of the enumeration, for the schema.
func (SELinuxMode) Values() []string {
	return []string{string(SELinuxEnforcing), string(SELinuxPermissive), string(SELinuxDisabled), string(SELinuxUnknown)}
}

// SELinux is its mode at run time and the one of the next boot. Policy is such
// as "targeted".
type SELinux struct {
	Mode             SELinuxMode `json:"mode"`
	Configured       SELinuxMode `json:"configured"`
	Policy           string      `json:"policy"`
	Source           Source      `json:"source"`
	ConfiguredSource Source      `json:"configured_source"`
}

// PortLabel is the SELinux type of an inclusive range of ports.
type PortLabel struct {
	Type string `json:"type"`
	// Protocol is tcp, udp, sctp or dccp.
	Protocol string `json:"protocol"`
	From     int    `json:"from"`
	To       int    `json:"to"`
	Source   Source `json:"source"`
}

// HostSocket is a socket that waits for connections or datagrams.
type HostSocket struct {
	// Protocol is tcp or udp.
	Protocol string `json:"protocol"`
	// Address is as shown, without brackets; "*" is every address of both
	// families, or of the older one where ss does not show families.
	Address string `json:"address"`
	// Interface is set for a socket bound to one.
	Interface string `json:"interface"`
	Port      int    `json:"port"`
	Wildcard  bool   `json:"wildcard"`
	Loopback  bool   `json:"loopback"`
	// Programs are the names of the processes that hold it; not known without
	// the right to see them.
	ProgramsKnown bool     `json:"programs_known"`
	Programs      []string `json:"programs"`
	Source        Source   `json:"source"`
}

// HostInterface is a network interface.
type HostInterface struct {
	Name      string        `json:"name"`
	Up        bool          `json:"up"`
	Loopback  bool          `json:"loopback"`
	Addresses []HostAddress `json:"addresses"`
	Source    Source        `json:"source"`
}

// HostAddress is an address of an interface.
type HostAddress struct {
	Family       Family `json:"family"`
	Address      string `json:"address"`
	PrefixLength int    `json:"prefix_length"`
	// Scope is global, link, host or site.
	Scope string `json:"scope"`
}

// HostRoute is one route, or one of the ways of a route that has several.
type HostRoute struct {
	// Family is "ipv4", "ipv6", or empty where the line does not tell.
	Family string `json:"family"`
	// Destination is "default", an address or a network.
	Destination string `json:"destination"`
	Default     bool   `json:"default"`
	// Gateway is empty for a network that is attached.
	Gateway   string `json:"gateway"`
	Interface string `json:"interface"`
	// Type is unicast, local, broadcast, unreachable, blackhole ...
	Type string `json:"type"`
	// Table is "main" where none is shown.
	Table  string        `json:"table"`
	Metric Optional[int] `json:"metric"`
	Source Source        `json:"source"`
}

// HostNames is a line of etc/hosts.
type HostNames struct {
	Address string   `json:"address"`
	Names   []string `json:"names"`
	Source  Source   `json:"source"`
}

// HostResolver is how names are looked up: resolv.conf(5) and the hosts line of
// nsswitch.conf(5).
type HostResolver struct {
	Nameservers []HostNameserver `json:"nameservers"`
	Search      []string         `json:"search"`
	Options     []string         `json:"options"`
	Databases   []NameDatabase   `json:"databases"`
}

// HostNameserver is a server of resolv.conf. Used is false beyond the third,
// which the resolver does not look at.
type HostNameserver struct {
	Address string `json:"address"`
	Used    bool   `json:"used"`
	Source  Source `json:"source"`
}

// NameDatabase is a source of host names, in the order in which they are asked.
// Action is what stands in brackets behind it.
type NameDatabase struct {
	Name   string `json:"name"`
	Action string `json:"action"`
	Source Source `json:"source"`
}

// HostPackage is an installed package. Version has neither Epoch nor Release;
// it is empty where redaction took it for a password.
type HostPackage struct {
	Name    string `json:"name"`
	Epoch   int    `json:"epoch"`
	Version string `json:"version"`
	Release string `json:"release"`
	Arch    string `json:"arch"`
	Source  Source `json:"source"`
}

// HostInstall is the package that was installed or updated last. Nothing else of
// it means anything while Known is false: the list of packages has no dates.
type HostInstall struct {
	Known bool `json:"known"`
	// Day is YYYY-MM-DD in the host's own time zone.
	Day     string `json:"day"`
	Package string `json:"package"`
	Source  Source `json:"source"`
}

// HostUpdate is an update that waits to be applied.
type HostUpdate struct {
	Package HostPackage `json:"package"`
	// Advisory is such as "RHSA-2026:0001", empty where the list names none.
	Advisory string `json:"advisory"`
	// Security: the list says so. A list that names no advisory says so by the
	// archive that the update comes from.
	Security bool `json:"security"`
	// Severity is in lower case, empty where not given.
	Severity string `json:"severity"`
	Source   Source `json:"source"`
}
