# METADATA
# title: Installer's files weaken TLS
# description: |-
#   The next start of the installer writes these words into every listener of the component, whatever the configuration
#   says now. Retired versions and tickets without rotated keys let recorded sign-ons be read.
# custom:
#   severity: high
#   fix: Set NGX_SSL_PROTO=TLSv1.2 and NGX_SSL_SESSION_TICKETS=off.
#   controls: [TLS-01, TLS-03, TLS-06]
#   optional: [env]
#   bad: NGX_SSL_PROTO="TLSv1 TLSv1.2"
#   good: NGX_SSL_PROTO=TLSv1.2
package policies.env.tls_weakened

import data.policies.lib.cipher_strings
import data.policies.lib.env
import data.policies.lib.env_words

subjects contains edge if some edge in env.declared

# foreign[id]: where a file, a property and a word of it that is not wanted stand.
foreign[[f.edge, f.file, f.name, f.word]] contains {"source": f.source, "words": f.words} if some f in env_words.foreign.tls

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

unsure contains u if some u in env_words.untold.tls

findings contains {
	"subject": edge,
	"key": sprintf("%s NGX_SSL_CIPHERS %s", [env.words(p.file), word]),
	"message": sprintf("NGX_SSL_CIPHERS in %s asks for %s", [env.words(p.file), word]),
	"sources": [p.source],
	"fix": sprintf("Remove %s from NGX_SSL_CIPHERS.", [word]),
} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_SSL_CIPHERS
	p.set
	words := {w | some w in regex.split(`[:, ;]+`, p.text)}
	some word in words
	count(cipher_strings.asks(word)) > 0
	not sprintf("!%s", [word]) in words
}
