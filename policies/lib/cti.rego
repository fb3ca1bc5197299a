# Indexes over CTI servers: what is declared, what Finesse has, and the certificates
# of their gateways.
package policies.lib.cti

# servers: the declared CTI servers by their subject; the site file may name each
# side of an instance once.
servers[server.subject] := server if {
	some record in input.cti
	some server in record.declared
}

# settings: what Finesse has. Of several nobody knows which one holds.
settings contains setting if {
	some record in input.cti
	some setting in record.settings
}

# peers[side]: the CTI server of each side, as Finesse has it.
peers.a contains {"host": setting.a.host, "port": setting.a.port, "source": setting.a.source} if some setting in settings

peers.b contains {"host": setting.b.host, "port": setting.b.port, "source": setting.b.source} if {
	some setting in settings
	setting.b.host != ""
}

# gateways[server]: the certificates that a gateway has as its own, in a file or on
# its listener.
gateways[subject] contains leaf if {
	some subject, server in servers
	some record in input.certchain
	some chain in record.chains
	belongs(record.target, chain.unit, chain.place, server.subject)
	some i, leaf in chain.certificates
	i == 0
}

belongs(_, unit, "file", subject) if unit == subject

belongs(target, _, "served", subject) if target == subject

# held[server]: every certificate in a gateway's folder.
held[subject] contains certificate.sha256 if {
	some subject, server in servers
	some record in input.certchain
	record.target == "site"
	some certificate in record.certificates
	certificate.unit == server.unit
	server.unit != ""
}

# port is that of an instance by the vendor's numbering.
port(base, instance, side) := (base + ((instance - 1) * input.profile.parameters.trust.cti.instance_step)) + side_step(side)

side_step("a") := 0

side_step("b") := input.profile.parameters.trust.cti.side_step
