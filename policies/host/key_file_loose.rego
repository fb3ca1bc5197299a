# METADATA
# title: Others than root may read a private key of nginx
# description: |-
#   nginx opens its keys as root before its workers start, so nobody else has to read them. A key that another account can
#   read is a key that a taken-over worker, a backup job or a colleague can copy.
# custom:
#   severity: high
#   fix: Give the file to root with mode 0400.
#   controls: [HOST-06, CIS-NGX-4.1.3]
#   bad: 644 root root /usr/local/openresty/nginx/conf/ssl/desk-a.key
#   good: 400 root root /usr/local/openresty/nginx/conf/ssl/desk-a.key
package policies.host.key_file_loose

import data.policies.lib.root_files

subjects contains id[0] if some id, _ in named

key_directives := {"ssl_certificate_key", "proxy_ssl_certificate_key"}

named[id] contains n.source if {
	some id, uses in root_files.names
	some n in uses
	n.directive in key_directives
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s has mode %s and belongs to %s", [id[1], file.mode, file.owner]),
	"fix": root_files.fix(id[1]),
	"sources": array.concat([file.source], [s | some s in places]),
} if {
	some id, places in named
	some file in root_files.open_files[id]
}

unsure contains {"subject": id[0], "reason": sprintf("the list of files does not hold %s", [id[1]])} if {
	some id, _ in named
	not id in root_files.listed
}
