# METADATA
# title: Plain HTTP is answered on a TLS port
# description: |-
#   A gate that serves or redirects a plain request tells browsers that clear text is fine, and shows what runs
#   behind it. Only a closed connection or a bare refusal keeps to the guide.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#errors
# custom:
#   severity: medium
#   fix: Answer error 497 with return 444 in the default server, and keep error_page 497 free of redirects.
#   controls: [TLS-09]
#   bad: "GET / HTTP/1.1 without TLS  ->  301"
#   good: "error_page 497 =444 @silence;"
package policies.tls.clear_text_answered

# 0 is a closed connection; 400 is nginx's own refusal of plain HTTP.
refusals := {0, 400}

subjects contains listener.subject if {
	some listener in input.tlsposture
	startswith(listener.target, "edge/")
}

findings contains {
	"subject": listener.subject,
	"key": "plain",
	"message": sprintf("%s:%d answers a plain HTTP request with status %d", [listener.host, listener.port, listener.plain_http.value]),
	"sources": [listener.source],
	"witness": {"kind": "request", "text": sprintf("GET / HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n", [listener.host, listener.port])},
} if {
	some listener in input.tlsposture
	listener.subject in subjects
	listener.plain_http.known
	not listener.plain_http.value in refusals
}

unsure contains {"subject": listener.subject, "reason": "a plain HTTP request got no answer"} if {
	some listener in input.tlsposture
	listener.subject in subjects
	not listener.plain_http.known
}
