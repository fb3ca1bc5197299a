# Who holds the token secret, by its digest.
package policies.lib.secrets

# mark is what redaction leaves of a secret; random keys keep their digest.
mark := `^\[redacted:([a-z-]+):(\d+)(?::([0-9a-f]{64}))?\]$`

# edges: the secrets of gates, in a map of nginx, a script or the installer's files.
edges contains {"subject": record.target, "place": sprintf("the map to %s for %s", [map.variable, entry.key]), "sha256": match[3], "source": entry.source} if {
	input.profile.parameters.jwt_secret_used
	some record in input.nginxrules
	some map in record.maps
	contains(lower(map.variable), "jwt_secret")
	some entry in map.entries
	some match in regex.find_all_string_submatch_n(mark, entry.value, 1)
}

# Or in a script, as a literal that is called so.
edges contains {"subject": record.target, "place": sprintf("%s of the Lua code", [secret.name]), "sha256": secret.mark.sha256, "source": secret.mark.source} if {
	input.profile.parameters.jwt_secret_used
	some record in input.nginxrules
	some handler in record.lua
	some secret in handler.secrets
	names_token_secret(secret.name)
}

names_token_secret(name) if regex.match(`(jwt|token)[a-z0-9_.-]*(secret|key)`, lower(name))

edges contains {"subject": record.target, "place": sprintf("NGX_JWT_SECRET of %s", [p.file]), "sha256": p.mark.sha256, "source": p.source} if {
	input.profile.parameters.jwt_secret_used
	some record in input.env
	some p in record.properties
	p.name == "NGX_JWT_SECRET"
	p.secret
	p.effective
}

# identity: the identity servers, and their secrets where they are known.
identity contains node.subject if {
	some node in input.site.nodes
	node.role in {"ids", "uccx"}
}

nodes contains {"subject": record.target, "sha256": record.ids_secret.sha256, "source": record.ids_secret.source} if {
	some record in input.vos
	record.target in identity
	record.ids_secret.known
}
