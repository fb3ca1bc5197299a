# METADATA
# title: Private key can be read by others
# description: |-
#   Every account of the host, and every program that an attacker gets to run there, can then copy the key and pose as
#   the gate. Only its owner has to read it, and nobody has to run it.
# custom:
#   severity: high
#   fix: Set the mode of the file to 0400.
#   controls: [HOST-06, CIS-NGX-4.1.3]
#   bad: "-rw-r--r-- desk-a.key"
#   good: "-r-------- desk-a.key"
package policies.cert.key_file_readable

subjects contains record.target if {
	some record in input.certchain
	count(record.keys) > 0
}

is_mode(mode) if regex.match(`^[0-7]{3,5}$`, mode)

is_tight(mode) if regex.match(`^0*[0246]00$`, mode)

loose[[record.target, key.path, key.mode]] contains key.source if {
	some record in input.certchain
	some key in record.keys
	is_mode(key.mode)
	not is_tight(key.mode)
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s has mode %s", [id[1], id[2]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in loose
}

unsure contains {"subject": record.target, "reason": sprintf("the mode of %s is not known", [key.path])} if {
	some record in input.certchain
	some key in record.keys
	not is_mode(key.mode)
}
