# The properties of the installer's files that hold fixed words, against the
# words of the profile. What no file assigns is judged in the configuration.
package policies.lib.env_words

import data.policies.lib.env

# foreign[topic]: the assignments with a word that is not wanted.
foreign[wanted.topic] contains {"edge": edge, "name": p.name, "file": p.file, "word": word, "words": wanted.words, "source": p.source} if {
	some wanted in input.profile.parameters.gate.env_words
	some edge, by_name in assigned
	some p in by_name[wanted.name]
	p.known
	some word in regex.split(`[\s,]+`, trim_space(p.text))
	not lower(word) in {lower(w) | some w in wanted.words}
}

# untold[topic]: the assignments whose value is not known.
untold[wanted.topic] contains {"subject": edge, "reason": sprintf("%s in %s has no value that is known", [p.name, p.file])} if {
	some wanted in input.profile.parameters.gate.env_words
	some edge, by_name in assigned
	some p in by_name[wanted.name]
	not p.known
}

untold[wanted.topic] contains u if {
	some wanted in input.profile.parameters.gate.env_words
	some u in env.unread
}

assigned[record.target][p.name] contains {"name": p.name, "file": p.file, "known": p.value.known, "text": p.value.value, "source": p.source} if {
	some record in env.records
	some p in record.properties
	p.set
	p.effective
}
