# METADATA
# title: Finesse and a gateway do not trust each other's certificate
# description: |-
#   Both ends of a secured CTI link verify the other. The root goes into tomcat-trust of each Finesse and into the store of
#   each gateway; where one lacks it, the link stays down on that side.
# custom:
#   severity: high
#   fix: Upload the root as tomcat-trust on each Finesse, and install it on the gateway with CiscoCertUtil /install.
#   controls: [XC-37, CTI-06]
#   bad: "pg-a signed by Corp Root, tomcat-trust of fin-b without it"
#   good: "pg-a signed by Corp Root, which is in tomcat-trust of fin-a and fin-b"
package policies.xc.cti_issuer_not_trusted

import data.policies.lib.certificates
import data.policies.lib.cti

desktops contains subject if {
	some subject, node in certificates.nodes
	node.role == "finesse"
}

subjects contains subject if some subject, _ in cti.servers

findings contains {
	"subject": subject,
	"key": sprintf("%s %s", [desktop, leaf]),
	"message": sprintf("the trust list of %s has neither %s nor a CA above it", [desktop, certificates.found[leaf].subject_name]),
	"fix": sprintf("Upload the certificate of %s as tomcat-trust on %s.", [certificates.found[leaf].issuer_name, certificates.nodes[desktop].name]),
	"sources": array.concat([certificates.lists[desktop].source], certificates.sources[leaf]),
} if {
	some subject, leaves in cti.gateways
	some leaf in leaves
	certificates.found[leaf]
	some desktop in desktops
	certificates.lists[desktop].complete
	not certificates.trusts(desktop, leaf)
}

accepted(subject, leaf) if {
	some above in certificates.line[leaf]
	above in cti.held[subject]
}

findings contains {
	"subject": subject,
	"key": sprintf("gateway %s %s", [desktop, leaf.sha]),
	"message": sprintf("the gateway has no CA above the certificate of %s (%s)", [desktop, certificates.found[leaf.sha].issuer_name]),
	"fix": sprintf("Install the certificate of %s on the gateway with CiscoCertUtil /install.", [certificates.found[leaf.sha].issuer_name]),
	"sources": array.concat(certificates.sources[leaf.sha], [cti.servers[subject].source]),
} if {
	some subject, _ in cti.held
	some desktop in desktops
	some leaf in certificates.own[desktop]
	leaf.place == "file"
	certificates.found[leaf.sha]
	not accepted(subject, leaf.sha)
}

unsure contains {"subject": subject, "reason": "no certificate of the gateway is known"} if {
	some subject, _ in cti.servers
	not cti.gateways[subject]
}

unsure contains {"subject": subject, "reason": sprintf("the trust list of %s is not known", [desktop])} if {
	some subject, _ in cti.servers
	some desktop in desktops
	not listed(desktop)
}

listed(desktop) if certificates.lists[desktop].complete

unsure contains {"subject": subject, "reason": "no Finesse is declared"} if {
	some subject, _ in cti.servers
	count(desktops) == 0
}
