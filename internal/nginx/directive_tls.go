// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"maps"
	"strings"
)

// specTables are all tables of directives; no name stands in two of them.
var specTables = [...]map[string]spec{coreSpecs, tlsSpecs, proxySpecs, luaSpecs}

// specs is one table of them.
var specs = func() map[string]spec {
	all := map[string]spec{}
	for _, table := range specTables {
		maps.Copy(all, table)
	}
	return all
}()

// specOf looks a directive up; the zero value means that it is not known.
func specOf(name string) spec {
	if sp, ok := specs[name]; ok {
		return sp
	}
	// Each Lua handler has three spellings that compete for one slot.
	base, ok := strings.CutSuffix(name, "_block")
	if !ok {
		base = strings.TrimSuffix(name, "_file")
	}
	if sp, ok := luaHandlers[base]; ok {
		sp.slot = base
		return sp
	}
	return spec{}
}

var tlsSpecs = map[string]spec{
	"ssl":                       {contexts: hs, defaults: always("off"), gone: Version{1, 25, 1}},
	"ssl_alpn":                  {contexts: Stream | StreamServer},
	"ssl_buffer_size":           {contexts: hs, defaults: always("16k")},
	"ssl_certificate":           {contexts: hs | Stream | StreamServer, merge: array},
	"ssl_certificate_cache":     {contexts: hs, defaults: from(Version{1, 27, 4}, "off")},
	"ssl_certificate_key":       {contexts: hs | Stream | StreamServer, merge: array},
	"ssl_ciphers":               {contexts: hs | Stream | StreamServer, defaults: always("HIGH:!aNULL:!MD5")},
	"ssl_client_certificate":    {contexts: hs | Stream | StreamServer},
	"ssl_conf_command":          {contexts: hs | Stream | StreamServer, merge: array},
	"ssl_crl":                   {contexts: hs | Stream | StreamServer},
	"ssl_dhparam":               {contexts: hs | Stream | StreamServer, defaults: always("none")},
	"ssl_early_data":            {contexts: hs, defaults: always("off")},
	"ssl_ecdh_curve":            {contexts: hs | Stream | StreamServer, defaults: always("auto")},
	"ssl_handshake_timeout":     {contexts: Stream | StreamServer},
	"ssl_ocsp":                  {contexts: hs, defaults: always("off")},
	"ssl_ocsp_cache":            {contexts: hs, defaults: always("off")},
	"ssl_ocsp_responder":        {contexts: hs},
	"ssl_password_file":         {contexts: hs | Stream | StreamServer},
	"ssl_prefer_server_ciphers": {contexts: hs | Stream | StreamServer, defaults: always("off")},
	"ssl_preread":               {contexts: Stream | StreamServer},
	"ssl_protocols":             {contexts: hs | Stream | StreamServer, merge: array, defaults: tlsProtocols()},
	"ssl_reject_handshake":      {contexts: hs, defaults: from(Version{1, 19, 4}, "off")},
	"ssl_session_cache":         {contexts: hs | Stream | StreamServer, merge: array, defaults: always("none")},
	"ssl_session_ticket_key":    {contexts: hs | Stream | StreamServer, merge: array},
	"ssl_session_tickets":       {contexts: hs | Stream | StreamServer, defaults: always("on")},
	"ssl_session_timeout":       {contexts: hs | Stream | StreamServer, defaults: always("5m")},
	"ssl_stapling":              {contexts: hs, defaults: always("off")},
	"ssl_stapling_file":         {contexts: hs},
	"ssl_stapling_responder":    {contexts: hs},
	"ssl_stapling_verify":       {contexts: hs, defaults: always("off")},
	"ssl_trusted_certificate":   {contexts: hs | Stream | StreamServer},
	"ssl_verify_client":         {contexts: hs | Stream | StreamServer, defaults: always("off")},
	"ssl_verify_depth":          {contexts: hs | Stream | StreamServer, defaults: always("1")},
}

// luaHandlers are keyed by the name without _block and _file.
var luaHandlers = map[string]spec{
	"init_by_lua":              {contexts: HTTP},
	"init_worker_by_lua":       {contexts: HTTP},
	"exit_worker_by_lua":       {contexts: HTTP},
	"set_by_lua":               {contexts: inIfs, merge: notInherited},
	"server_rewrite_by_lua":    {contexts: hs},
	"rewrite_by_lua":           {contexts: hsli},
	"access_by_lua":            {contexts: hsli},
	"content_by_lua":           {contexts: InLocation | IfInLocation, merge: handler},
	"header_filter_by_lua":     {contexts: hsli},
	"body_filter_by_lua":       {contexts: hsli},
	"log_by_lua":               {contexts: hsli},
	"balancer_by_lua":          {contexts: InUpstream, merge: notInherited},
	"ssl_client_hello_by_lua":  {contexts: hs},
	"ssl_certificate_by_lua":   {contexts: hs},
	"ssl_session_fetch_by_lua": {contexts: HTTP},
	"ssl_session_store_by_lua": {contexts: HTTP},
	"proxy_ssl_verify_by_lua":  {contexts: hsl},
}

var luaSpecs = map[string]spec{
	"lua_capture_error_log":                         {contexts: HTTP},
	"lua_check_client_abort":                        {contexts: hsli, defaults: always("off")},
	"lua_code_cache":                                {contexts: hsli, defaults: always("on")},
	"lua_http10_buffering":                          {contexts: hsli, defaults: always("on")},
	"lua_load_resty_core":                           {contexts: HTTP},
	"lua_max_pending_timers":                        {contexts: HTTP},
	"lua_max_running_timers":                        {contexts: HTTP},
	"lua_need_request_body":                         {contexts: hsli, defaults: always("off")},
	"lua_package_cpath":                             {contexts: HTTP},
	"lua_package_path":                              {contexts: HTTP},
	"lua_regex_cache_max_entries":                   {contexts: HTTP},
	"lua_regex_match_limit":                         {contexts: HTTP},
	"lua_shared_dict":                               {contexts: HTTP, merge: array},
	"lua_socket_buffer_size":                        {contexts: hsli},
	"lua_socket_connect_timeout":                    {contexts: hsli, defaults: always("60s")},
	"lua_socket_keepalive_timeout":                  {contexts: hsli, defaults: always("60s")},
	"lua_socket_log_errors":                         {contexts: hsli, defaults: always("on")},
	"lua_socket_pool_size":                          {contexts: hsli, defaults: always("30")},
	"lua_socket_read_timeout":                       {contexts: hsli, defaults: always("60s")},
	"lua_socket_send_lowat":                         {contexts: hsli},
	"lua_socket_send_timeout":                       {contexts: hsli, defaults: always("60s")},
	"lua_ssl_ciphers":                               {contexts: hsl},
	"lua_ssl_conf_command":                          {contexts: hsl, merge: array},
	"lua_ssl_crl":                                   {contexts: hsl},
	"lua_ssl_protocols":                             {contexts: hsl, merge: array},
	"lua_ssl_trusted_certificate":                   {contexts: hsl},
	"lua_ssl_verify_depth":                          {contexts: hsl},
	"lua_transform_underscores_in_response_headers": {contexts: hsli, defaults: always("on")},
	"lua_use_default_type":                          {contexts: hsli, defaults: always("on")},
	"rewrite_by_lua_no_postpone":                    {contexts: HTTP},
	"access_by_lua_no_postpone":                     {contexts: HTTP},
}
