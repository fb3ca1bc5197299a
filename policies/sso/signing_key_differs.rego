# METADATA
# title: The two metadata files of the identity service have other signing certificates
# description: |-
#   One identity service signs for both of its identities. When its certificate is made again, both files have to be
#   taken to the identity provider again; the older one makes logins on its side fail.
# custom:
#   severity: high
#   fix: Download both metadata files of the identity service again and import them at the identity provider.
#   controls: [SSO-07, SSO-04]
#   bad: "sp-lan.xml with a certificate of this year, sp-proxy.xml with that of the year before"
#   good: "the same signing certificate in sp-lan.xml and sp-proxy.xml"
package policies.sso.signing_key_differs

import data.policies.lib.saml

subject := "saml/sp_proxy"

subjects contains subject if {
	saml.documents[subject]
	saml.documents["saml/sp_lan"]
}

digests[role] contains key.sha256 if {
	some role, keys in saml.signing
	some key in keys
}

findings contains {
	"subject": subject,
	"key": "signing",
	"message": "the metadata for the gate and for the local network name different signing certificates",
	"sources": [s | some s in {key.source | some role in {"sp_lan", "sp_proxy"}; some key in saml.signing[role]}],
} if {
	subject in subjects
	digests.sp_lan != digests.sp_proxy
}

unsure contains {"subject": subject, "reason": sprintf("the metadata %s names no signing certificate", [role])} if {
	subject in subjects
	some role in {"sp_lan", "sp_proxy"}
	not digests[role]
}
