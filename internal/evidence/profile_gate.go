// SPDX-License-Identifier: Apache-2.0

package evidence

// GateParameters are the baseline of authentication, request limits and client addresses at the edge.
type GateParameters struct {
	// LockFailures is the largest number of failed authentications before an
	// address is blocked, LockWindowSeconds the shortest span in which they are
	// counted, and LockBlockSeconds the shortest block (domain AUTH-05).
	LockFailures      int `json:"lock_failures" yaml:"lock_failures"`
	LockWindowSeconds int `json:"lock_window_seconds" yaml:"lock_window_seconds"`
	LockBlockSeconds  int `json:"lock_block_seconds" yaml:"lock_block_seconds"`
	// AuthPaths are the paths that credentials may be tried at (AUTH-06).
	AuthPaths []string `json:"auth_paths" yaml:"auth_paths"`
	// AuthenticationModules are the Lua modules that find out who asks; a handler
	// that uses none of them is not known to ask (AUTH-01).
	AuthenticationModules []string `json:"authentication_modules" yaml:"authentication_modules"`
	// TokenCacheSeconds is the longest time that a token may stay in the cache,
	// KeyPollSeconds the longest time between two fetches of the public key
	// (AUTH-09, AUTH-04).
	TokenCacheSeconds int `json:"token_cache_seconds" yaml:"token_cache_seconds"`
	KeyPollSeconds    int `json:"key_poll_seconds" yaml:"key_poll_seconds"`
	// RequestLimits are the published limits of each product (section 4.5), and
	// LimitSlack the factor up to which a site may exceed them.
	RequestLimits []RequestLimit `json:"request_limits" yaml:"request_limits"`
	LimitSlack    int            `json:"limit_slack" yaml:"limit_slack"`
	// RateStatus and ConnectionStatus answer limited clients (RATE-04).
	RateStatus       int `json:"rate_status" yaml:"rate_status"`
	ConnectionStatus int `json:"connection_status" yaml:"connection_status"`
	// Streams bounds the streams of one HTTP/2 connection, ConnectionRequests
	// the requests of one connection (RATE-09).
	Streams            int `json:"streams" yaml:"streams"`
	ConnectionRequests int `json:"connection_requests" yaml:"connection_requests"`
	// VerifyDepthLeast and VerifyDepthMost bound the length of an upstream's
	// chain (UP-06).
	VerifyDepthLeast int `json:"verify_depth_least" yaml:"verify_depth_least"`
	VerifyDepthMost  int `json:"verify_depth_most" yaml:"verify_depth_most"`
	// EnvBounds bound the numbers of the installer's files, EnvRequired are the
	// properties that each kind of file has to assign (XC-40).
	EnvBounds   []EnvBound    `json:"env_bounds" yaml:"env_bounds"`
	EnvRequired []EnvRequired `json:"env_required" yaml:"env_required"`
	// EnvWords are the words that properties of the installer's files may hold.
	EnvWords []EnvWords `json:"env_words" yaml:"env_words"`
}

// RequestLimit is the published limit of one client's requests to one product.
type RequestLimit struct {
	Role NodeRole `json:"role" yaml:"role"`
	// PerMinute is the rate, Burst the requests above it, and Connections the
	// parallel connections, or the streams of HTTP/2, of one address.
	PerMinute   int `json:"per_minute" yaml:"per_minute"`
	Burst       int `json:"burst" yaml:"burst"`
	Connections int `json:"connections" yaml:"connections"`
	Streams     int `json:"streams" yaml:"streams"`
}

// EnvTopic is what a number of the installer's files is about.
type EnvTopic string

// Values lists the members of the enumeration, for the schema.
func (EnvTopic) Values() []string {
	return []string{"lock", "request_rate", "connections", "packets", "status", "streams", "clients"}
}

// EnvBound is the span that a number of the installer's files has to lie in, in
// the unit of the property.
type EnvBound struct {
	Name string `json:"name" yaml:"name"`
	// Template is the kind of file, without the release in its name; empty for
	// all of them.
	Template string   `json:"template" yaml:"template"`
	Topic    EnvTopic `json:"topic" yaml:"topic"`
	Least    int      `json:"least" yaml:"least"`
	Most     int      `json:"most" yaml:"most"`
}

// EnvRequired are the properties that a kind of the installer's files assigns.
type EnvRequired struct {
	// Template is as in EnvBound; "core" are the files of no component, and
	// "installer" is installer.env.
	Template string   `json:"template" yaml:"template"`
	Names    []string `json:"names" yaml:"names"`
}

// EnvWordsTopic is what a property of the installer's files with fixed words is about.
type EnvWordsTopic string

// Values lists the members of the enumeration, for the schema.
func (EnvWordsTopic) Values() []string {
	return []string{"tls", "disclosure"}
}

// EnvWords are the words that a property of the installer's files may hold.
type EnvWords struct {
	Name  string        `json:"name" yaml:"name"`
	Topic EnvWordsTopic `json:"topic" yaml:"topic"`
	Words []string      `json:"words" yaml:"words"`
}
