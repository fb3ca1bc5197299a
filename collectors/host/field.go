// SPDX-License-Identifier: Apache-2.0

package host

import "github.com/postern-audit/postern/internal/evidence"

// lastInstall is a field that the list of packages fills when it has dates.
const lastInstall = "last_install"

// field is the field of the record that an artifact fills, by its JSON name.
// What is unknown for want of an artifact is that field and no other. It is
// empty, so that a gap touches everything, for what is no artifact.
func field(name evidence.HostPartName) string {
	switch name {
	case evidence.PartSysctl:
		return "sysctls"
	case evidence.PartSysctlFiles:
		return "sysctl_files"
	case evidence.PartSSHD:
		return "sshd"
	case evidence.PartFiles:
		return "files"
	case evidence.PartMounts:
		return "mounts"
	case evidence.PartUsers, evidence.PartAccounts:
		return "users"
	case evidence.PartUnits, evidence.PartUnitStates:
		return "units"
	case evidence.PartSELinux, evidence.PartSELinuxConfig:
		return "selinux"
	case evidence.PartSELinuxPorts:
		return "port_labels"
	case evidence.PartSockets:
		return "sockets"
	case evidence.PartAddresses:
		return "interfaces"
	case evidence.PartRoutes:
		return "routes"
	case evidence.PartPackages:
		return "packages"
	case evidence.PartUpdates:
		return "updates"
	case evidence.PartXCCDF:
		return "benchmarks"
	case evidence.PartOSRelease:
		return "system"
	case evidence.PartNames:
		return "names"
	case evidence.PartResolver, evidence.PartNameService:
		return "resolver"
	case evidence.PartFail2ban:
		return "jails"
	case evidence.PartLogrotate:
		return "log_rotations"
	case evidence.PartLogForwarding:
		return "log_forwardings"
	case evidence.PartCPU, evidence.PartMemory, evidence.PartVolumes:
		return "hardware"
	}
	return ""
}

// ofTree lists, for each field that is read from the captured tree, an artifact
// of it. sshd_config stands in for "sshd -T" only, and has a gap of its own.
func ofTree() []evidence.HostPartName {
	return []evidence.HostPartName{
		evidence.PartOSRelease, evidence.PartSysctlFiles, evidence.PartAccounts, evidence.PartSELinuxConfig, evidence.PartNames,
		evidence.PartResolver, evidence.PartFail2ban, evidence.PartLogrotate, evidence.PartLogForwarding,
	}
}
