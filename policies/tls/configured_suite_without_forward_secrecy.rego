# METADATA
# title: Cipher string asks for suites without forward secrecy
# description: |-
#   With such a suite, everything ever recorded can be read once the server's key leaks. The gate sees the passwords of
#   every agent, so its recordings are worth keeping for an attacker.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9325
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_ciphers
# custom:
#   severity: medium
#   fix: Name suites with ECDHE or DHE only, or add !kRSA to ssl_ciphers.
#   controls: [TLS-03, CIS-NGX-4.1.14]
#   bad: "ssl_ciphers AES128-SHA:HIGH:!aNULL;"
#   good: "ssl_ciphers EECDH+AESGCM;"
package policies.tls.configured_suite_without_forward_secrecy

import data.policies.lib.cipher_strings
import data.policies.lib.nginx

subjects contains subject if some subject in nginx.tls_servers

# A name without a key exchange in front means RSA.
fixed(word) if {
	regex.match(cipher_strings.full_name, word)
	regex.match(`^(AES|CAMELLIA|SEED|IDEA|ARIA|RSA-PSK|TLS_RSA_|TLS_ECDH_|ECDH-|DH-)`, word)
}

# Groups that hold suites with RSA key exchange, unless a part of them binds the
# exchange to an ephemeral key.
open_words := {
	"ALL", "DEFAULT", "HIGH", "AES", "AES128", "AES256", "AESGCM", "AESCCM", "CAMELLIA", "CAMELLIA128", "CAMELLIA256", "SHA", "SHA1", "SHA256",
	"SHA384", "kRSA", "RSA", "aRSA", "TLSv1", "TLSv1.0", "TLSv1.2", "SSLv3",
}

fixed(word) if {
	parts := {part | some part in split(word, "+")}
	count(parts - open_words) == 0
}

findings contains {
	"subject": a.server,
	"key": a.word,
	"message": sprintf("ssl_ciphers asks for suites without forward secrecy by %s", [a.word]),
	"sources": [a.source],
} if {
	some a in cipher_strings.added
	fixed(a.word)
	count({"kRSA", "RSA"} & object.get(cipher_strings.kills, a.server, set())) == 0
}

unsure contains u if some u in cipher_strings.untold
