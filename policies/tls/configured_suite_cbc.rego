# METADATA
# title: Cipher string asks for CBC suites
# description: |-
#   The way these suites combine encryption and integrity has leaked plaintext through timing again and again. Every
#   browser of an agent desktop knows an authenticated cipher instead.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9325
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_ciphers
# custom:
#   severity: low
#   fix: Keep only AES-GCM and ChaCha20-Poly1305 suites in ssl_ciphers.
#   controls: [TLS-03]
#   bad: "ssl_ciphers AES256+EECDH;"
#   good: "ssl_ciphers EECDH+AESGCM;"
package policies.tls.configured_suite_cbc

import data.policies.lib.cipher_strings
import data.policies.lib.nginx

subjects contains subject if some subject in nginx.tls_servers

# Words that name an authenticated cipher; a group with one of them holds no other.
sealed := {"AESGCM", "AESCCM", "AESCCM8", "CHACHA20", "ARIAGCM"}

# Words whose group holds CBC suites in every build of OpenSSL.
mixed := {
	"ALL", "DEFAULT", "HIGH", "AES", "AES128", "AES256", "CAMELLIA", "CAMELLIA128", "CAMELLIA256", "SHA", "SHA1", "SHA256", "SHA384", "kRSA", "RSA",
	"aRSA", "ECDSA", "aECDSA", "EECDH", "ECDHE", "kEECDH", "kECDHE", "ECDH", "EDH", "DHE", "kEDH", "kDHE", "DH", "TLSv1", "TLSv1.0", "TLSv1.2", "SSLv3",
}

cbc(word) if {
	regex.match(cipher_strings.full_name, word)
	not regex.match(`(GCM|CCM|CCM8|CHACHA20|POLY1305)`, word)
}

cbc(word) if {
	parts := {part | some part in split(word, "+")}
	count(parts - mixed) == 0
	count(parts & sealed) == 0
}

# Every CBC suite takes one of these for its integrity.
without_macs(server) if {
	kills := cipher_strings.kills[server]
	count({"SHA1", "SHA"} & kills) > 0
	"SHA256" in kills
	"SHA384" in kills
}

findings contains {
	"subject": a.server,
	"key": a.word,
	"message": sprintf("ssl_ciphers asks for CBC suites by %s", [a.word]),
	"sources": [a.source],
} if {
	some a in cipher_strings.added
	cbc(a.word)
	not without_macs(a.server)
}

unsure contains u if some u in cipher_strings.untold
