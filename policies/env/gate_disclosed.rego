# METADATA
# title: Installer's files open the status page or name the version
# description: |-
#   The next start of the installer binds the status page to this address, or adds the version to every answer. Both tell
#   strangers how the gate is built and how busy it is.
# custom:
#   severity: medium
#   fix: Set NGX_PRXY_STATUS_IP=127.0.0.1 and NGX_SERVER_TOKENS=off.
#   controls: [HTTP-16, HTTP-23]
#   optional: [env]
#   bad: NGX_PRXY_STATUS_IP=0.0.0.0
#   good: NGX_PRXY_STATUS_IP=127.0.0.1
package policies.env.gate_disclosed

import data.policies.lib.env
import data.policies.lib.env_words

subjects contains edge if some edge in env.declared

# foreign[id]: where a file, a property and a word of it that is not wanted stand.
foreign[[f.edge, f.file, f.name, f.word]] contains {"source": f.source, "words": f.words} if some f in env_words.foreign.disclosure

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s %s", [env.words(id[1]), id[2], id[3]]),
	"message": sprintf("%s in %s holds %q; %s is wanted", [id[2], env.words(id[1]), id[3], concat(" or ", wanted)]),
	"sources": [s | some s in {f.source | some f in list}],
	"fix": sprintf("%s=%s", [id[2], wanted[0]]),
} if {
	some id, list in foreign
	wanted := sort({w | some f in list; some w in f.words})
}

unsure contains u if some u in env_words.untold.disclosure
