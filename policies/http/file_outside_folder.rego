# METADATA
# title: The gate gives away files outside of their folder
# description: |-
#   An alias that ends in a slash behind a prefix that does not lets a client climb one folder up. Requests were followed to
#   the name of the file that is answered.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#alias
# custom:
#   severity: high
#   fix: "End prefix and alias in a slash, both or none."
#   controls: [HTTP-21]
#   bad: "location /theme { alias /srv/theme/; }"
#   good: "location /theme/ { alias /srv/theme/; }"
package policies.http.file_outside_folder

import data.policies.lib.exposed

subjects contains subject if some subject in exposed.servers

findings contains object.union(defect, {"subject": subject}) if {
	some subject in subjects
	some defect in exposed.found.file[subject]
}

unsure contains {"subject": subject, "reason": reason} if {
	some subject in subjects
	some reason in exposed.undecided[subject]
}
