# METADATA
# title: Cipher string asks for broken suites
# description: |-
#   The string names suites without encryption or authentication, or with a cipher that can be broken. Whether
#   the installed OpenSSL still has them changes with its build, so the wish alone is a risk at the next update.
# related_resources:
# - ref: https://docs.openssl.org/master/man1/openssl-ciphers/
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_ciphers
# custom:
#   severity: high
#   fix: Remove the named words from ssl_ciphers, or name ECDHE suites with AES-GCM or ChaCha20 only.
#   controls: [TLS-03, CIS-NGX-4.1.5]
#   bad: "ssl_ciphers HIGH:RC4;"
#   good: "ssl_ciphers EECDH+AESGCM:EDH+AESGCM;"
package policies.tls.configured_suite_broken

import data.policies.lib.cipher_strings
import data.policies.lib.conf_commands
import data.policies.lib.nginx

subjects contains subject if some subject in nginx.tls_servers

# What each broken word is killed by, apart from itself.
killers := {
	"NULL": {"eNULL", "COMPLEMENTOFALL"}, "eNULL": {"NULL", "COMPLEMENTOFALL"}, "COMPLEMENTOFALL": {"NULL", "eNULL"},
	"ADH": {"aNULL"}, "AECDH": {"aNULL"}, "EXP": {"EXPORT", "LOW"}, "EXPORT": {"EXP"}, "DES": {"LOW"}, "LOW": {"DES"},
}

# Words that hold suites without authentication unless these are excluded.
open_words := {
	"ALL", "HIGH", "AES", "AES128", "AES256", "AESGCM", "AESCCM", "CHACHA20", "CAMELLIA", "CAMELLIA128", "CAMELLIA256",
	"kEECDH", "kECDHE", "kEDH", "kDHE", "ECDH", "DH", "SHA", "SHA1", "SHA256", "SHA384", "TLSv1", "TLSv1.0", "TLSv1.2", "SSLv3",
}

# Words that bind a group of suites to an authenticated exchange.
bound_words := {"EECDH", "EDH", "ECDHE", "DHE", "kRSA", "RSA", "aRSA", "ECDSA", "aECDSA", "DEFAULT"}

is_killed(server, part) if part in cipher_strings.kills[server]

is_killed(server, part) if {
	some other in killers[part]
	other in cipher_strings.kills[server]
}

is_killed(server, part) if {
	regex.match(cipher_strings.full_name, part)
	some element in regex.split(`[-_]`, part)
	element in cipher_strings.kills[server]
}

# spent: a word none of whose suites is left, since one of its parts is killed.
spent(server, word) if {
	some part in split(word, "+")
	is_killed(server, part)
}

wanted contains {"server": t.server, "word": t.word, "source": t.source} if {
	some t in cipher_strings.tokens
	t.op == "add"
	count(cipher_strings.asks(t.word)) > 0
	not spent(t.server, t.word)
	not t.server in cipher_strings.removing
}

findings contains {
	"subject": w.server,
	"key": w.word,
	"message": sprintf("ssl_ciphers asks for %s", [w.word]),
	"sources": [w.source],
} if {
	some w in wanted
	not conf_commands.overriding.ciphers[w.server]
}

authenticated(server) if "aNULL" in cipher_strings.kills[server]

authenticated(server) if {
	"ADH" in cipher_strings.kills[server]
	"AECDH" in cipher_strings.kills[server]
}

unsure contains {"subject": t.server, "reason": sprintf("ssl_ciphers: whether %s brings suites without authentication depends on the OpenSSL build; add !aNULL", [t.word])} if {
	some t in cipher_strings.tokens
	t.op == "add"
	parts := {p | some p in split(t.word, "+")}
	count(parts - open_words) == 0
	not authenticated(t.server)
}

unsure contains {"subject": t.server, "reason": sprintf("ssl_ciphers: %q is not understood", [t.word])} if {
	some t in cipher_strings.tokens
	t.op == "add"
	not readable(t.word)
}

unsure contains u if some u in cipher_strings.untold

readable("@STRENGTH")

readable(word) if regex.match(`^@SECLEVEL=[1-5]$`, word)

readable(word) if regex.match(cipher_strings.full_name, word)

readable(word) if {
	parts := {p | some p in split(word, "+")}
	count(((parts - cipher_strings.broken_words) - open_words) - bound_words) == 0
}
