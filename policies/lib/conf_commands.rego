# What ssl_conf_command sets. nginx hands it to OpenSSL after its own directives,
# so that it wins over them (SSL_CONF_cmd).
package policies.lib.conf_commands

# commands: every command in effect at the level of a server block. OpenSSL
# takes its names in any case.
commands contains {"server": server.subject, "name": lower(setting.args[0]), "value": concat(" ", array.slice(setting.args, 1, count(setting.args)))} if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.name == "ssl_conf_command"
}

# What cannot be read may set anything.
commands contains {"server": server.subject, "name": "", "value": ""} if {
	some record in input.nginxrules
	some server in record.servers
	some setting in server.settings
	setting.name == "ssl_conf_command"
	is_unread(setting.has_variables, count(setting.args))
}

is_unread(true, _)

is_unread(_, 0)

# The commands that bear on each subject of a rule. CipherString may hold
# @SECLEVEL, which takes versions away.
bearing := {
	"protocols": {"protocol", "minprotocol", "maxprotocol", "cipherstring"},
	"ciphers": {"cipherstring", "ciphersuites"},
	"dh": {"cipherstring", "dhparameters"},
	"tickets": set(),
	"preference": set(),
}

# The words of Options that bear on none of these subjects; a word that is not
# here may bear on any of them.
unconcerned := {
	"bugs", "compression", "norenegotiation", "noresumptiononrenegotiation", "unsaferenegotiation", "unsafelegacyrenegotiation",
	"unsafelegacyserverconnect", "clientrenegotiation", "encryptthenmac", "extendedmastersecret", "ecdhsingle", "dhsingle",
	"emptyfragments", "allownodhekex", "middleboxcompat", "antireplay", "canames", "ktls", "strictcertcheck",
}

concerned := {"sessionticket": {"tickets"}, "serverpreference": {"preference"}, "prioritizechacha": {"preference"}}

subjects := {subject | some subject, _ in bearing}

# overriding[subject][server]: the commands that overrule the directives.
overriding := groups

groups[subject][command.server] contains command.name if {
	some command in commands
	some subject, names in bearing
	command.name in names
}

groups[subject][command.server] contains "options" if {
	some command in commands
	command.name == "options"
	some subject in subjects
	some option in split(lower(command.value), ",")
	word := trim_left(trim_space(option), "+-")
	bears(word, subject)
}

groups[subject][command.server] contains "a computed command" if {
	some command in commands
	command.name == ""
	some subject in subjects
}

bears(word, subject) if subject in concerned[word]

bears(word, _) if {
	not word in unconcerned
	not concerned[word]
}

# reason says why the directive alone decides nothing.
reason(directive, names) := sprintf("ssl_conf_command overrules %s (%s); the result is not derived", [directive, concat(", ", names)])
