# METADATA
# title: Token secret is too short
# description: |-
#   IdS makes secrets of 32 random bytes, which are 44 characters. Anything shorter was typed by a person, and can be
#   found by trying tokens against it.
# custom:
#   severity: high
#   fix: Copy the secret that show ids secret prints, whole and unchanged.
#   controls: [AUTH-03]
#   optional: [env]
#   bad: map $host $jwt_secret { default "agent-desk"; }
#   good: map $host $jwt_secret { default "<the 44 characters of show ids secret>"; }
package policies.auth.short_secret

import data.policies.lib.secrets

# The length of 32 bytes in base64.
full_length := 44

mark := `^\[redacted:([a-z-]+):(\d+)(?::[0-9a-f]{64})?\]$`

# values: what the maps that hold the token secret give, as redaction left it.
values contains {"edge": record.target, "map": map.variable, "key": entry.key, "value": entry.value, "source": entry.source} if {
	input.profile.parameters.jwt_secret_used
	some record in input.nginxrules
	some map in record.maps
	contains(lower(map.variable), "jwt_secret")
	some entry in map.entries
}

# What a "set" gives is the same as the default of a map.
values contains {"edge": record.target, "map": setting.args[0], "key": "set", "value": setting.args[1], "source": setting.source} if {
	input.profile.parameters.jwt_secret_used
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.name == "set"
	count(setting.args) == 2
	contains(lower(setting.args[0]), "jwt_secret")
}

values contains {"edge": record.target, "map": setting.args[0], "key": "set", "value": setting.args[1], "source": setting.source} if {
	input.profile.parameters.jwt_secret_used
	some record in input.nginxrules
	some server in record.servers
	some location in server.locations
	some setting in location.settings
	setting.name == "set"
	count(setting.args) == 2
	contains(lower(setting.args[0]), "jwt_secret")
}

# So is a literal of a script that is called so.
values contains {
	"edge": record.target, "map": "Lua code", "key": secret.name, "source": secret.mark.source,
	"value": sprintf("[redacted:%s:%d]", [secret.mark.kind, secret.mark.length]),
} if {
	input.profile.parameters.jwt_secret_used
	some record in input.nginxrules
	some handler in record.lua
	some secret in handler.secrets
	secrets.names_token_secret(secret.name)
}

subjects contains v.edge if some v in values

subjects contains edge if some edge in asking

# asking: the edges with scripts that find out who comes, and so open tokens.
asking contains record.target if {
	input.profile.parameters.jwt_secret_used
	some record in input.nginxrules
	some handler in record.lua
	some name in handler.requires
	opens_tokens(name)
}

# Where there is an identity server, agents come with its tokens.
opens_tokens(name) if {
	count(secrets.identity) > 0
	name in input.profile.parameters.gate.authentication_modules
}

opens_tokens(name) if contains(lower(name), "jwt")

telling contains v.edge if some v in values

telling contains s.subject if some s in secrets.edges

# Redaction keeps the length of random keys only: length 0 means that the value
# is not even 128 bit of randomness.
short[[v.edge, v.map, v.key]] contains v.source if {
	some v in values
	some match in regex.find_all_string_submatch_n(mark, v.value, 1)
	match[1] != "private-key"
	to_number(match[2]) < full_length
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("the secret for %s of %s has fewer than %d characters, or is no random key", [id[2], id[1], full_length]),
	"sources": [s | some s in sources],
} if {
	some id, sources in short
}

unsure contains {"subject": edge, "reason": "scripts ask who comes, and no secret for their tokens was found in a map, a variable or a script"} if {
	some edge in asking
	not edge in telling
}

unsure contains {"subject": v.edge, "reason": sprintf("the value for %s of %s is no secret that was recognised", [v.key, v.map])} if {
	some v in values
	not regex.match(mark, v.value)
}
