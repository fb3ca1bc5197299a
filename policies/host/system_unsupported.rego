# METADATA
# title: Operating system is out of support, or not the one that the release runs on
# description: |-
#   The installer of this release is made and tested for one system. On another one its packet rules, its SELinux set-up or its
#   containers may fail in ways that only show under load.
# custom:
#   severity: medium
#   fix: Move the gate to the system that the release names.
#   controls: [VER-03, HOST-11]
#   bad: 'ID="centos" VERSION_ID="8"'
#   good: 'ID="rhel" VERSION_ID="9.4"'
package policies.host.system_unsupported

subjects contains record.target if some record in input.host

named := concat(" or ", {sprintf("%s %s", [s.id, s.version]) | some s in input.profile.parameters.host.systems})

findings contains {
	"subject": record.target,
	"key": "system",
	"message": sprintf("the host runs %s %s; the release runs on %s", [record.system.id, record.system.version_id, named]),
	"sources": [record.system.source],
} if {
	some record in input.host
	count(input.profile.parameters.host.systems) > 0
	record.system.known
	not supported(record.system.id, record.system.version_id)
}

findings contains {
	"subject": record.target,
	"key": "ended",
	"message": sprintf("the host runs %s %s, which gets no security updates any more", [record.system.id, record.system.version_id]),
	"sources": [record.system.source],
} if {
	some record in input.host
	record.system.known
	some s in input.profile.parameters.host.ended_systems
	s.id == record.system.id
	s.version == split(record.system.version_id, ".")[0]
}

supported(id, version) if {
	some s in input.profile.parameters.host.systems
	s.id == id
	s.version == version
}

unsure contains {"subject": record.target, "reason": "the operating system is not known"} if {
	some record in input.host
	not record.system.known
}
