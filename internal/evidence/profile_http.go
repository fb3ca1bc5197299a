// SPDX-License-Identifier: Apache-2.0

package evidence

// HTTPParameters are the baseline of what an edge serves: headers, buffers, caches and logs.
type HTTPParameters struct {
	// StrictTLSVersions are the versions that the guide names when read strictly
	// (S1, P5); a release that lists more on purpose says so here.
	StrictTLSVersions []string `json:"strict_tls_versions" yaml:"strict_tls_versions"`
	// HSTSSeconds is the least max-age of Strict-Transport-Security, and
	// PreloadSeconds that of a header which asks for the preload list (CIS NGINX
	// 4.1.8 and 4.1.11).
	HSTSSeconds    int `json:"hsts_seconds" yaml:"hsts_seconds"`
	PreloadSeconds int `json:"preload_seconds" yaml:"preload_seconds"`
	// HeaderBufferBytes bounds the first buffer of a request's head, the other two
	// the number and size of those for long lines (P5).
	HeaderBufferBytes      int64 `json:"header_buffer_bytes" yaml:"header_buffer_bytes"`
	LargeHeaderBuffers     int   `json:"large_header_buffers" yaml:"large_header_buffers"`
	LargeHeaderBufferBytes int64 `json:"large_header_buffer_bytes" yaml:"large_header_buffer_bytes"`
	// Benchmark holds the values of a benchmark that are tighter than the
	// vendor's; without an overlay they are the vendor's.
	Benchmark HTTPBenchmark `json:"benchmark" yaml:"benchmark"`
	// StaticFilesPort is the port of the installer that serves the map, to the
	// internal network only (P5).
	StaticFilesPort int `json:"static_files_port" yaml:"static_files_port"`
	// StaticPaths begin the paths of files that are the same for all agents,
	// PersonalPaths those of answers that belong to one.
	StaticPaths   []string `json:"static_paths" yaml:"static_paths"`
	PersonalPaths []string `json:"personal_paths" yaml:"personal_paths"`
	// CacheSeconds is the longest that an answer may be served from a cache
	// before the upstream is asked again (P5).
	CacheSeconds int `json:"cache_seconds" yaml:"cache_seconds"`
	// ResourceManagers are the Lua modules that fetch the lists of files which need
	// no login (P1).
	ResourceManagers []string `json:"resource_managers" yaml:"resource_managers"`
	// ErrorPages are the statuses for which each server has a page of its own (CIS
	// NGINX 2.5.2).
	ErrorPages []int `json:"error_pages" yaml:"error_pages"`
	// ErrorLogLevels are the accepted levels of error_log (P5; CIS NGINX 3.3 is
	// stricter).
	ErrorLogLevels []string `json:"error_log_levels" yaml:"error_log_levels"`
	// LogFields are what each line of an access log must tell, LogSecrets the
	// variables that it must not hold, "*" standing for any text (P3).
	LogFields  []LogField `json:"log_fields" yaml:"log_fields"`
	LogSecrets []string   `json:"log_secrets" yaml:"log_secrets"`
	// LogAddresses are the variables that hold the query of a request, or of the page
	// that it came from, where codes and tokens of a sign-on may stand.
	LogAddresses []string `json:"log_addresses" yaml:"log_addresses"`
	// UnneededModules are modules and directives of nginx that no gate has a use
	// for (CIS NGINX 2.1.1).
	UnneededModules []UnneededModule `json:"unneeded_modules" yaml:"unneeded_modules"`
	// KeyGroups are the accepted key-exchange groups.
	KeyGroups []string `json:"key_groups" yaml:"key_groups"`
	// NginxMinimum is the oldest nginx core that the vendor tested (P1), and
	// OpenSSLMinimum the oldest branch of OpenSSL that still gets fixes.
	NginxMinimum   []int `json:"nginx_minimum" yaml:"nginx_minimum"`
	OpenSSLMinimum []int `json:"openssl_minimum" yaml:"openssl_minimum"`
	// Advisories are published faults of releases.
	Advisories []Advisory `json:"advisories" yaml:"advisories"`
}

// HTTPBenchmark is what a benchmark asks for where the vendor's baseline is
// looser. Times are in milliseconds.
type HTTPBenchmark struct {
	KeepAlive              int64 `json:"keep_alive" yaml:"keep_alive"`
	BodyBytes              int64 `json:"body_bytes" yaml:"body_bytes"`
	LargeHeaderBuffers     int   `json:"large_header_buffers" yaml:"large_header_buffers"`
	LargeHeaderBufferBytes int64 `json:"large_header_buffer_bytes" yaml:"large_header_buffer_bytes"`
	// Stapling makes a server without stapled OCSP answers a finding.
	Stapling bool `json:"stapling" yaml:"stapling"`
}

// LogField is one thing that an access log tells, by any of the variables.
type LogField struct {
	Field     string   `json:"field" yaml:"field"`
	Variables []string `json:"variables" yaml:"variables"`
}

// UnneededModule is a module by the name in its file, and the directive that puts
// it to use.
type UnneededModule struct {
	Module    string `json:"module" yaml:"module"`
	Directive string `json:"directive" yaml:"directive"`
}

// AdvisoryProduct is the numbering that an advisory's releases belong to.
type AdvisoryProduct string

const (
	ProductNginx     AdvisoryProduct = "nginx"
	ProductOpenResty AdvisoryProduct = "openresty"
)

// Values lists the members of the enumeration, for the schema.
func (AdvisoryProduct) Values() []string {
	return []string{string(ProductNginx), string(ProductOpenResty)}
}

// Advisory is a published fault: releases from From up to and without Before have
// it. Where Directive is set, only a configuration with that directive in use is
// concerned.
type Advisory struct {
	ID        string          `json:"id" yaml:"id"`
	Product   AdvisoryProduct `json:"product" yaml:"product"`
	From      []int           `json:"from" yaml:"from"`
	Before    []int           `json:"before" yaml:"before"`
	Directive string          `json:"directive" yaml:"directive"`
	Title     string          `json:"title" yaml:"title"`
}
