# METADATA
# title: Cipher string counts on DHE without own parameters
# description: |-
#   The string names suites with finite-field Diffie-Hellman, but no parameters are given. nginx then leaves
#   these suites out without a word, or, in other builds, uses parameters that the whole world shares.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_dhparam
# custom:
#   severity: low
#   fix: Generate own parameters of the profile's size and name them in ssl_dhparam, or remove the DHE suites.
#   controls: [TLS-05, CIS-NGX-4.1.6]
#   bad: "ssl_ciphers EDH+AESGCM;   # and no ssl_dhparam"
#   good: "ssl_dhparam ssl/dhparam.pem;"
package policies.tls.default_dh_parameters

import data.policies.lib.conf_commands
import data.policies.lib.nginx

# Only servers whose string names DHE by itself are judged: in wide words such
# as HIGH nobody relies on it.
named contains {"server": subject, "word": word, "source": setting.source} if {
	some subject in nginx.tls_servers
	some setting in nginx.settings[subject].ssl_ciphers
	some arg in setting.args
	some token in regex.split(`[:, ;]+`, arg)
	not regex.match(`^[!+-]`, token)
	some word in split(token, "+")
	regex.match(`^(EDH|DHE|kEDH|kDHE|DHE-[A-Z0-9-]+|EDH-[A-Z0-9-]+|TLS_DHE_[A-Z0-9_]+)$`, word)
}

excluded contains subject if {
	some subject in nginx.tls_servers
	some setting in nginx.settings[subject].ssl_ciphers
	some arg in setting.args
	some token in regex.split(`[:, ;]+`, arg)
	token in {"!EDH", "!DHE", "!kEDH", "!kDHE", "!DH"}
}

subjects contains n.server if {
	some n in named
	not n.server in excluded
}

# A command may name DHE where ssl_ciphers does not.
subjects contains subject if {
	some subject in nginx.tls_servers
	conf_commands.overriding.dh[subject]
}

words[n.server] contains n.word if some n in named

named_words := words

findings contains {
	"subject": subject,
	"key": "ssl_dhparam",
	"message": sprintf("ssl_ciphers names %s, but ssl_dhparam gives no parameters", [concat(", ", named_words[subject])]),
	"sources": [s | some s in {ciphers.source, parameters.source}],
} if {
	some subject in subjects
	not conf_commands.overriding.dh[subject]
	some ciphers in nginx.settings[subject].ssl_ciphers
	some parameters in nginx.settings[subject].ssl_dhparam
	parameters.origin != "unresolved"
	without_parameters(parameters.args)
}

without_parameters(args) if count(args) == 0

without_parameters(args) if args[0] == "none"

unsure contains {"subject": subject, "reason": "ssl_dhparam is not known"} if {
	some subject in subjects
	not nginx.settings[subject].ssl_dhparam
}

unsure contains {"subject": subject, "reason": "ssl_dhparam is not known"} if {
	some subject in subjects
	some parameters in nginx.settings[subject].ssl_dhparam
	parameters.origin == "unresolved"
}

unsure contains {"subject": subject, "reason": conf_commands.reason("ssl_ciphers and ssl_dhparam", names)} if {
	some subject in subjects
	names := conf_commands.overriding.dh[subject]
}
