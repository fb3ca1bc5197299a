# METADATA
# title: Certificate or parameter file of nginx is not root's alone
# description: |-
#   A certificate and the parameters of a key exchange are public, and yet the vendor asks for mode 0400: nginx opens them as
#   root, and whoever owns the file may replace it.
# custom:
#   severity: low
#   fix: Give the file to root with mode 0400.
#   controls: [HOST-06]
#   bad: 644 root root /usr/local/openresty/nginx/conf/ssl/desk-a.crt
#   good: 400 root root /usr/local/openresty/nginx/conf/ssl/desk-a.crt
package policies.host.certificate_file_loose

import data.policies.lib.root_files

subjects contains id[0] if some id, _ in named

public_directives := {"ssl_certificate", "ssl_dhparam", "proxy_ssl_certificate"}

named[id] contains n.source if {
	some id, uses in root_files.names
	some n in uses
	n.directive in public_directives
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
