# The words of ssl_ciphers, read as OpenSSL reads them: what is added, and what
# is excluded for good.
package policies.lib.cipher_strings

import data.policies.lib.conf_commands
import data.policies.lib.nginx

# Words that stand for broken suites only.
broken_words := {
	"NULL", "eNULL", "aNULL", "ADH", "AECDH", "EXP", "EXPORT", "EXPORT40", "EXPORT56", "LOW", "RC4", "RC2", "DES", "3DES", "MD5",
	"COMPLEMENTOFALL", "COMPLEMENTOFDEFAULT",
}

full_name := `^(TLS_[A-Z0-9_]+|[A-Z0-9]+(-[A-Z0-9]+)+)$`

broken_name := `(^|[-_])(NULL|RC4|RC2|DES|3DES|EXP|EXPORT|ADH|AECDH|MD5|anon)([-_]|$)`

tokens contains {"server": subject, "op": op, "word": word, "source": setting.source} if {
	some subject in nginx.tls_servers
	some setting in nginx.settings[subject].ssl_ciphers
	not setting.has_variables
	some arg in setting.args
	some token in regex.split(`[:, ;]+`, arg)
	token != ""
	op := operation(token)
	word := trim_left(token, "!-+")
}

operation(token) := "kill" if startswith(token, "!")

operation(token) := "remove" if startswith(token, "-")

operation(token) := "move" if startswith(token, "+")

operation(token) := "add" if not regex.match(`^[!+-]`, token)

killed[t.server] contains t.word if {
	some t in tokens
	t.op == "kill"
}

kills := killed

removing contains t.server if {
	some t in tokens
	t.op == "remove"
}

# asks: the broken things that a word adds. The parts of "A+B" must all hold,
# so one broken part is enough.
asks(word) := {part | some part in split(word, "+"); part in broken_words} | {word |
	regex.match(full_name, word)
	regex.match(broken_name, word)
}

# added: the words whose suites the string leaves in and that are not broken;
# servers whose outcome is not derived are left out.
added contains {"server": t.server, "word": t.word, "source": t.source} if {
	some t in tokens
	t.op == "add"
	count(asks(t.word)) == 0
	not excluded(t.server, t.word)
	not t.server in removing
	not conf_commands.overriding.ciphers[t.server]
}

excluded(server, word) if {
	some part in split(word, "+")
	part in kills[server]
}

excluded(server, word) if {
	regex.match(full_name, word)
	some element in regex.split(`[-_]`, word)
	element in kills[server]
}

# untold: the servers whose suites do not follow from the directive.
untold contains {"subject": subject, "reason": "ssl_ciphers: suites are taken away and may come back; the result is not derived"} if {
	some subject in removing
}

untold contains {"subject": subject, "reason": "ssl_ciphers is not known"} if {
	some subject in nginx.tls_servers
	not nginx.settings[subject].ssl_ciphers
}

untold contains {"subject": subject, "reason": "ssl_ciphers is computed or its default is not known"} if {
	some subject in nginx.tls_servers
	some setting in nginx.settings[subject].ssl_ciphers
	unresolved(setting.origin, setting.has_variables)
}

untold contains {"subject": subject, "reason": conf_commands.reason("ssl_ciphers", names)} if {
	some subject in nginx.tls_servers
	names := conf_commands.overriding.ciphers[subject]
}

unresolved("unresolved", _)

unresolved(_, true)
