# The numbers of the installer's files against the bounds of the profile.
package policies.lib.env_bounds

import data.policies.lib.env

# subjects[topic]: the edges whose files have a number of the topic, or cannot be read.
subjects[bound.topic] contains edge if {
	some bound in input.profile.parameters.gate.env_bounds
	some edge in env.declared
}

# beyond[topic]: the numbers that lie outside.
beyond[bound.topic] contains {
	"edge": edge, "name": bound.name, "file": p.file, "number": p.number.value, "text": p.text, "least": bound.least, "most": bound.most,
	"about": about(bound.template, p.family), "source": p.source,
} if {
	some bound in input.profile.parameters.gate.env_bounds
	some edge, by_name in env.properties
	some p in by_name[bound.name]
	concerns(bound.template, p.family)
	installed(edge, bound.template)
	p.number.known
	not within(p.number.value, bound.least, bound.most)
}

# about names the product whose bound a value of all products is beyond: that of
# another one may differ.
about("", _) := ""

about(template, family) := "" if template == family

about(template, "") := sprintf(" for %s", [template]) if template != ""

# concerns holds for a property of the component, and for one that all of them share.
concerns("", _)

concerns(_, "")

concerns(template, family) if {
	template != ""
	template == family
}

# installed holds for a component that the edge has a file of.
installed(_, "")

installed(edge, template) if {
	some file in env.files[edge]
	file.family == template
}

within(number, least, most) if {
	number >= least
	number <= most
}

# untold[topic]: the numbers that are not known.
untold[bound.topic] contains {"subject": edge, "reason": reason} if {
	some bound in input.profile.parameters.gate.env_bounds
	some edge, by_name in env.untold
	some reason in by_name[bound.name]
	installed(edge, bound.template)
}

untold[bound.topic] contains u if {
	some bound in input.profile.parameters.gate.env_bounds
	some u in env.unread
}

# span names the bounds in a message.
span(least, most) := sprintf("%d", [least]) if least == most

span(least, most) := sprintf("%d to %d", [least, most]) if least != most
