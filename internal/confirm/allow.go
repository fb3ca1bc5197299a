// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// copied are the directives that are rendered as they stand: they decide about
// requests by words alone, and name no file, no address and no code.
var copied = words(`
	absolute_redirect allow auth_basic auth_request auth_request_set autoindex break
	client_header_buffer_size client_max_body_size deny empty_gif error_page
	ignore_invalid_headers index internal large_client_header_buffers merge_slashes
	port_in_redirect proxy_method real_ip_header real_ip_recursive
	recursive_error_pages return rewrite satisfy server_name server_name_in_redirect set
	set_real_ip_from ssl_reject_handshake ssl_verify_client ssl_verify_depth stub_status
	try_files underscores_in_headers valid_referers`)

// passes are the directives that hand a request to an upstream.
var passes = words(`proxy_pass grpc_pass fastcgi_pass uwsgi_pass scgi_pass`)

// Reasons to leave a directive out.
const (
	runsCode    = "runs code"
	writes      = "writes a file"
	reads       = "reads a file"
	contacts    = "contacts another host"
	ofHost      = "belongs to the host"
	counts      = "counts requests, which the model does not"
	withoutWeb  = "is about other protocols"
	notRendered = "is not in the list of what is rendered"
	noEffect    = "does not decide where a request goes"
)

// leftOut says why directives are left out; the reason of all others that are known
// is noEffect.
var leftOut = func() map[string]string {
	table := map[string]string{}
	for reason, names := range map[string]string{
		runsCode: "load_module perl perl_modules perl_require perl_set js_content js_set js_include js_import js_path",
		writes: `access_log error_log pid lock_file client_body_temp_path proxy_temp_path fastcgi_temp_path uwsgi_temp_path scgi_temp_path
			proxy_store proxy_store_access fastcgi_store uwsgi_store scgi_store dav_methods create_full_put_path client_body_in_file_only
			proxy_cache_path fastcgi_cache_path uwsgi_cache_path scgi_cache_path open_log_file_cache google_perftools_profiles`,
		contacts: "resolver ssl_stapling ssl_stapling_file ssl_ocsp ssl_ocsp_responder mirror",
		ofHost: `user env working_directory worker_processes worker_rlimit_nofile worker_rlimit_core worker_cpu_affinity worker_priority
			worker_shutdown_timeout daemon master_process debug_points ssl_engine thread_pool timer_resolution pcre_jit events`,
		counts:      "limit_req limit_conn limit_req_zone limit_conn_zone limit_req_status limit_conn_status limit_req_dry_run limit_conn_dry_run limit_req_log_level limit_conn_log_level",
		withoutWeb:  "stream mail",
		notRendered: "memcached_pass flv mp4 auth_jwt secure_link secure_link_md5 random_index gzip_static",
	} {
		for name := range words(names) {
			table[name] = reason
		}
	}
	return table
}()

// matters are the reasons for which what is left out may decide about a request. The
// model follows none of these, and ends as unknown where they are in effect.
var matters = map[string]bool{runsCode: true, notRendered: true, withoutWeb: true}

// reasonFor is why a directive is left out.
func reasonFor(d *nginx.Directive, known bool) string {
	switch reason, listed := leftOut[d.Name]; {
	case listed:
		return reason
	case d.Kind == nginx.Lua || strings.Contains(d.Name, "_by_lua") || strings.HasPrefix(d.Name, "lua_"):
		return runsCode
	case known || quietFamily(d.Name):
		return noEffect
	}
	return notRendered
}

// quietFamily tells directives that the parser has no entry for, but whose module
// does not decide where requests go.
func quietFamily(name string) bool {
	for _, p := range []string{"brotli", "proxy_", "fastcgi_", "uwsgi_", "scgi_", "grpc_", "memcached_", "ssl_", "http2_", "http3_", "gzip_", "more_set_headers", "more_clear_headers", "sub_filter", "vhost_traffic_status"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(text) {
		set[w] = true
	}
	return set
}
