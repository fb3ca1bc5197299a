// SPDX-License-Identifier: Apache-2.0

package nginx

import "strings"

// mergeRule is how a block takes over the settings of the block around it.
type mergeRule uint8

const (
	override     mergeRule = iota // the innermost block that sets it wins
	array                         // a list, taken over whole when the inner block sets none
	cumulate                      // the outer list followed by the inner one
	notInherited                  // belongs to its own block alone
	handler                       // belongs to its location and to the if and limit_except blocks in it
)

// The releases whose defaults were compared. Outside of them a default is
// unresolved.
var (
	firstVersion = Version{1, 19, 0}
	endVersion   = Version{1, 31, 0}
)

const lastRelease = "1.30"

// spec is what is known about one directive. The zero value is an unknown one.
type spec struct {
	contexts  Context
	merge     mergeRule
	slot      string // directives of one slot override each other; empty: the name itself
	inheritBy string // directive that changes merge
	defaults  []since
	once      bool    // refused twice in one block, where merge does not say so
	gone      Version // first version without the directive; zero while it is there
}

// since is a default and the first version in which it holds.
type since struct {
	since Version
	args  []string
}

// span names the versions of the i-th default.
func (sp spec) span(i int) string {
	from := sp.defaults[i].since.String()
	if i+1 == len(sp.defaults) {
		if !sp.gone.IsZero() {
			return from + " to before " + sp.gone.String()
		}
		return from + " to " + lastRelease
	}
	return from + " to before " + sp.defaults[i+1].since.String()
}

// slotOf names what the directive competes for.
func slotOf(name string) string {
	if sp := specOf(name); sp.slot != "" {
		return sp.slot
	}
	return name
}

// always is a default that has not changed since the first version covered.
func always(args string) []since { return []since{{firstVersion, fields(args)}} }

// from is a default of a directive that appeared in that version.
func from(v Version, args string) []since { return []since{{v, fields(args)}} }

// changed is a default that changed once.
func changed(before string, v Version, after string) []since {
	return []since{{firstVersion, fields(before)}, {v, fields(after)}}
}

// fields is never nil: an empty default is a value too.
func fields(s string) []string { return append([]string{}, strings.Fields(s)...) }

// Common sets of contexts.
const (
	hsl   = HTTP | InServer | InLocation
	hsli  = hsl | IfInLocation
	hs    = HTTP | InServer
	inIfs = InServer | InLocation | IfInServer | IfInLocation
	locs  = InLocation | IfInLocation | LimitExcept
)

// TLS protocol defaults: TLSv1.3 was added in 1.23.4, TLSv1 and TLSv1.1 were
// dropped in 1.27.3.
func tlsProtocols() []since {
	return []since{
		{firstVersion, fields("TLSv1 TLSv1.1 TLSv1.2")},
		{Version{1, 23, 4}, fields("TLSv1 TLSv1.1 TLSv1.2 TLSv1.3")},
		{Version{1, 27, 3}, fields("TLSv1.2 TLSv1.3")},
	}
}

// coreSpecs holds the directives of the core and of the small modules. Contexts, merge rules and defaults
// are from the reference documentation of each module (nginx.org/en/docs) and,
// for Lua and headers-more, from their README files.
var coreSpecs = map[string]spec{
	// core
	"user":                      {contexts: Main},
	"worker_processes":          {contexts: Main, defaults: always("1")},
	"worker_rlimit_nofile":      {contexts: Main},
	"worker_shutdown_timeout":   {contexts: Main},
	"worker_cpu_affinity":       {contexts: Main},
	"worker_priority":           {contexts: Main},
	"daemon":                    {contexts: Main, defaults: always("on")},
	"master_process":            {contexts: Main, defaults: always("on")},
	"pid":                       {contexts: Main},
	"env":                       {contexts: Main, merge: array},
	"load_module":               {contexts: Main, merge: array},
	"pcre_jit":                  {contexts: Main, defaults: always("off")},
	"thread_pool":               {contexts: Main, merge: array},
	"ssl_engine":                {contexts: Main},
	"error_log":                 {contexts: Main | hsl | Stream | StreamServer, merge: array},
	"events":                    {contexts: Main, merge: notInherited},
	"worker_connections":        {contexts: Events, defaults: always("512")},
	"multi_accept":              {contexts: Events, defaults: always("off")},
	"accept_mutex":              {contexts: Events, defaults: always("off")},
	"use":                       {contexts: Events},
	"timer_resolution":          {contexts: Main},
	"working_directory":         {contexts: Main},
	"google_perftools_profiles": {contexts: Main},

	// http core: structure
	"http":         {contexts: Main, merge: notInherited},
	"server":       {contexts: HTTP | Stream | InUpstream, merge: notInherited},
	"location":     {contexts: InServer | InLocation, merge: notInherited},
	"limit_except": {contexts: InLocation, merge: notInherited},
	"listen":       {contexts: InServer | StreamServer, merge: notInherited},
	"server_name":  {contexts: InServer | StreamServer, merge: notInherited},
	"types":        {contexts: hsl, merge: array},
	"try_files":    {contexts: InServer | InLocation, merge: notInherited, once: true},
	"internal":     {contexts: InLocation},

	// http core: settings
	"root":                          {contexts: hsli, slot: "root", defaults: always("html")},
	"alias":                         {contexts: InLocation, slot: "root"},
	"absolute_redirect":             {contexts: hsl, defaults: always("on")},
	"aio":                           {contexts: hsl, defaults: always("off")},
	"auth_delay":                    {contexts: hsl, defaults: always("0s")},
	"chunked_transfer_encoding":     {contexts: hsl, defaults: always("on")},
	"client_body_buffer_size":       {contexts: hsl},
	"client_body_in_file_only":      {contexts: hsl, defaults: always("off")},
	"client_body_temp_path":         {contexts: hsl},
	"client_body_timeout":           {contexts: hsl, defaults: always("60s")},
	"client_header_buffer_size":     {contexts: hs, defaults: always("1k")},
	"client_header_timeout":         {contexts: hs, defaults: always("60s")},
	"client_max_body_size":          {contexts: hsl, defaults: always("1m")},
	"connection_pool_size":          {contexts: hs},
	"default_type":                  {contexts: hsl, defaults: always("text/plain")},
	"directio":                      {contexts: hsl, defaults: always("off")},
	"disable_symlinks":              {contexts: hsl, defaults: always("off")},
	"early_hints":                   {contexts: hsl},
	"error_page":                    {contexts: hsli, merge: array},
	"etag":                          {contexts: hsl, defaults: always("on")},
	"if_modified_since":             {contexts: hsl, defaults: always("exact")},
	"ignore_invalid_headers":        {contexts: hs, defaults: always("on")},
	"keepalive_disable":             {contexts: hsl, merge: array, defaults: always("msie6")},
	"keepalive_min_timeout":         {contexts: hsl, defaults: from(Version{1, 27, 4}, "0")},
	"keepalive_requests":            {contexts: hsl | InUpstream, defaults: changed("100", Version{1, 19, 10}, "1000")},
	"keepalive_time":                {contexts: hsl | InUpstream, defaults: from(Version{1, 19, 10}, "1h")},
	"keepalive_timeout":             {contexts: hsl | InUpstream, defaults: always("75s")},
	"large_client_header_buffers":   {contexts: hs, defaults: always("4 8k")},
	"limit_rate":                    {contexts: hsli, defaults: always("0")},
	"limit_rate_after":              {contexts: hsli, defaults: always("0")},
	"lingering_close":               {contexts: hsl, defaults: always("on")},
	"lingering_time":                {contexts: hsl, defaults: always("30s")},
	"lingering_timeout":             {contexts: hsl, defaults: always("5s")},
	"log_not_found":                 {contexts: hsl, defaults: always("on")},
	"log_subrequest":                {contexts: hsl, defaults: always("off")},
	"max_headers":                   {contexts: hs},
	"max_ranges":                    {contexts: hsl},
	"merge_slashes":                 {contexts: hs, defaults: always("on")},
	"msie_padding":                  {contexts: hsl, defaults: always("on")},
	"open_file_cache":               {contexts: hsl, defaults: always("off")},
	"open_file_cache_errors":        {contexts: hsl, defaults: always("off")},
	"open_file_cache_min_uses":      {contexts: hsl, defaults: always("1")},
	"open_file_cache_valid":         {contexts: hsl, defaults: always("60s")},
	"output_buffers":                {contexts: hsl},
	"port_in_redirect":              {contexts: hsl, defaults: always("on")},
	"postpone_output":               {contexts: hsl, defaults: always("1460")},
	"recursive_error_pages":         {contexts: hsl, defaults: always("off")},
	"request_pool_size":             {contexts: hs, defaults: always("4k")},
	"reset_timedout_connection":     {contexts: hsl, defaults: always("off")},
	"resolver":                      {contexts: hsl},
	"resolver_timeout":              {contexts: hsl, defaults: always("30s")},
	"satisfy":                       {contexts: hsl, defaults: always("all")},
	"send_lowat":                    {contexts: hsl, defaults: always("0")},
	"send_timeout":                  {contexts: hsl, defaults: always("60s")},
	"sendfile":                      {contexts: hsli, defaults: always("off")},
	"sendfile_max_chunk":            {contexts: hsl, defaults: changed("0", Version{1, 21, 4}, "2m")},
	"server_name_in_redirect":       {contexts: hsl, defaults: always("off")},
	"server_names_hash_bucket_size": {contexts: HTTP},
	"server_names_hash_max_size":    {contexts: HTTP, defaults: always("512")},
	"server_tokens":                 {contexts: hsl, defaults: always("on")},
	"subrequest_output_buffer_size": {contexts: hsl},
	"tcp_nodelay":                   {contexts: hsl, defaults: always("on")},
	"tcp_nopush":                    {contexts: hsl, defaults: always("off")},
	"types_hash_bucket_size":        {contexts: hsl, defaults: always("64")},
	"types_hash_max_size":           {contexts: hsl, defaults: always("1024")},
	"underscores_in_headers":        {contexts: hs, defaults: always("off")},
	"variables_hash_bucket_size":    {contexts: HTTP, defaults: always("64")},
	"variables_hash_max_size":       {contexts: HTTP, defaults: always("1024")},

	// rewrite
	"break":                       {contexts: inIfs, merge: notInherited},
	"if":                          {contexts: InServer | InLocation, merge: notInherited},
	"return":                      {contexts: inIfs, merge: notInherited},
	"rewrite":                     {contexts: inIfs, merge: notInherited},
	"set":                         {contexts: inIfs, merge: notInherited},
	"rewrite_log":                 {contexts: hsl | IfInServer | IfInLocation, defaults: always("off")},
	"uninitialized_variable_warn": {contexts: hsl | IfInServer | IfInLocation, defaults: always("on")},

	// access, authentication, real address
	"allow":                {contexts: hsl | LimitExcept, merge: array, slot: "access"},
	"deny":                 {contexts: hsl | LimitExcept, merge: array, slot: "access"},
	"auth_basic":           {contexts: hsl | LimitExcept, defaults: always("off")},
	"auth_basic_user_file": {contexts: hsl | LimitExcept},
	"auth_request":         {contexts: hsl, defaults: always("off")},
	"auth_request_set":     {contexts: hsl, merge: array},
	"auth_jwt":             {contexts: hsl | LimitExcept, defaults: always("off")},
	"set_real_ip_from":     {contexts: hsl, merge: array},
	"real_ip_header":       {contexts: hsl, defaults: always("X-Real-IP")},
	"real_ip_recursive":    {contexts: hsl, defaults: always("off")},
	"valid_referers":       {contexts: InServer | InLocation, merge: array},
	"secure_link":          {contexts: hsl},
	"secure_link_md5":      {contexts: hsl},

	// limits
	"limit_req_zone":       {contexts: HTTP, merge: array},
	"limit_req":            {contexts: hsl, merge: array},
	"limit_req_dry_run":    {contexts: hsl, defaults: always("off")},
	"limit_req_log_level":  {contexts: hsl, defaults: always("error")},
	"limit_req_status":     {contexts: hsl, defaults: always("503")},
	"limit_conn_zone":      {contexts: HTTP, merge: array},
	"limit_conn":           {contexts: hsl, merge: array},
	"limit_conn_dry_run":   {contexts: hsl, defaults: always("off")},
	"limit_conn_log_level": {contexts: hsl, defaults: always("error")},
	"limit_conn_status":    {contexts: hsl, defaults: always("503")},

	// headers, content, compression, logs
	"add_header":          {contexts: hsli, merge: array, inheritBy: "add_header_inherit"},
	"add_header_inherit":  {contexts: hsli, defaults: from(Version{1, 29, 3}, "on")},
	"add_trailer":         {contexts: hsli, merge: array, inheritBy: "add_trailer_inherit"},
	"add_trailer_inherit": {contexts: hsli, defaults: from(Version{1, 29, 3}, "on")},
	"expires":             {contexts: hsli, defaults: always("off")},
	"more_set_headers":    {contexts: hsli, merge: cumulate, slot: "more_headers"},
	"more_clear_headers":  {contexts: hsli, merge: cumulate, slot: "more_headers"},

	"more_set_input_headers":   {contexts: hsli, merge: cumulate, slot: "more_headers"},
	"more_clear_input_headers": {contexts: hsli, merge: cumulate, slot: "more_headers"},

	"autoindex":            {contexts: hsl, defaults: always("off")},
	"autoindex_exact_size": {contexts: hsl, defaults: always("on")},
	"autoindex_format":     {contexts: hsl, defaults: always("html")},
	"autoindex_localtime":  {contexts: hsl, defaults: always("off")},
	"index":                {contexts: hsl, merge: array, defaults: always("index.html")},
	"dav_methods":          {contexts: hsl, merge: array, defaults: always("off")},
	"dav_access":           {contexts: hsl, defaults: always("user:rw")},
	"create_full_put_path": {contexts: hsl, defaults: always("off")},
	"min_delete_depth":     {contexts: hsl, defaults: always("0")},
	"stub_status":          {contexts: InServer | InLocation, merge: handler},
	"empty_gif":            {contexts: InLocation, merge: handler},
	"flv":                  {contexts: InLocation, merge: handler},
	"mp4":                  {contexts: InLocation, merge: handler},
	"perl":                 {contexts: InLocation | LimitExcept, merge: handler},
	"js_content":           {contexts: locs, merge: handler},
	"mirror":               {contexts: hsl, merge: array, defaults: always("off")},
	"mirror_request_body":  {contexts: hsl, defaults: always("on")},
	"charset":              {contexts: hsli, defaults: always("off")},
	"sub_filter":           {contexts: hsl, merge: array},
	"sub_filter_once":      {contexts: hsl, defaults: always("on")},
	"sub_filter_types":     {contexts: hsl, merge: array, defaults: always("text/html")},
	"gzip":                 {contexts: hsli, defaults: always("off")},
	"gzip_comp_level":      {contexts: hsl, defaults: always("1")},
	"gzip_disable":         {contexts: hsl},
	"gzip_http_version":    {contexts: hsl, defaults: always("1.1")},
	"gzip_min_length":      {contexts: hsl, defaults: always("20")},
	"gzip_proxied":         {contexts: hsl, merge: array, defaults: always("off")},
	"gzip_static":          {contexts: hsl, defaults: always("off")},
	"gzip_types":           {contexts: hsl, merge: array, defaults: always("text/html")},
	"gzip_vary":            {contexts: hsl, defaults: always("off")},
	"gunzip":               {contexts: hsl, defaults: always("off")},
	"gzip_buffers":         {contexts: hsl},
	"log_format":           {contexts: HTTP | Stream, merge: array},
	"access_log":           {contexts: hsli | LimitExcept | Stream | StreamServer, merge: array},
	"open_log_file_cache":  {contexts: hsl, defaults: always("off")},

	// upstream, map and the like: structure
	"upstream":                {contexts: HTTP | Stream, merge: notInherited},
	"map":                     {contexts: HTTP | Stream, merge: notInherited},
	"geo":                     {contexts: HTTP | Stream, merge: notInherited},
	"split_clients":           {contexts: HTTP | Stream, merge: notInherited},
	"map_hash_bucket_size":    {contexts: HTTP | Stream},
	"map_hash_max_size":       {contexts: HTTP | Stream, defaults: always("2048")},
	"stream":                  {contexts: Main, merge: notInherited},
	"mail":                    {contexts: Main, merge: notInherited},
	"proxy_cache_path":        {contexts: HTTP, merge: array},
	"keepalive":               {contexts: InUpstream, merge: notInherited, defaults: changed("", Version{1, 29, 7}, "32 local")},
	"zone":                    {contexts: InUpstream, merge: notInherited},
	"least_conn":              {contexts: InUpstream, merge: notInherited},
	"ip_hash":                 {contexts: InUpstream, merge: notInherited},
	"hash":                    {contexts: InUpstream, merge: notInherited},
	"random":                  {contexts: InUpstream, merge: notInherited},
	"sticky":                  {contexts: InUpstream, merge: notInherited},
	"http2":                   {contexts: hs, defaults: from(Version{1, 25, 1}, "off")},
	"http2_push":              {contexts: hsl, merge: array, defaults: always("off"), gone: Version{1, 25, 1}},
	"http2_push_preload":      {contexts: hsl, defaults: always("off"), gone: Version{1, 25, 1}},
	"http2_body_preread_size": {contexts: hs, defaults: always("64k")},
	"http2_chunk_size":        {contexts: hsl, defaults: always("8k")},

	"http2_max_concurrent_streams": {contexts: hs, defaults: always("128")},
	"http2_recv_buffer_size":       {contexts: HTTP, defaults: always("256k")},
	"http3":                        {contexts: hs, defaults: from(Version{1, 25, 0}, "on")},
	"quic_retry":                   {contexts: hs, defaults: from(Version{1, 25, 0}, "off")},
}
