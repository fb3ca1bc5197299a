// SPDX-License-Identifier: Apache-2.0

package evidence

// BanJail is an enabled jail of fail2ban.
type BanJail struct {
	Name  string      `json:"name"`
	Ports []PortRange `json:"ports"`
	// UnknownPorts are service names without a number that is known.
	UnknownPorts []string `json:"unknown_ports"`
	Protocol     string   `json:"protocol"`
	LogPaths     []string `json:"log_paths"`
	Backend      string   `json:"backend"`
	Filter       string   `json:"filter"`
	// FailRegexes are after interpolation; tags in angle brackets stand as
	// written.
	FailRegexes   []BanRegex    `json:"fail_regexes"`
	IgnoreRegexes []BanRegex    `json:"ignore_regexes"`
	MaxRetry      Optional[int] `json:"max_retry"`
	FindSeconds   Optional[int] `json:"find_seconds"`
	// BanSeconds is negative for a ban without end.
	BanSeconds  Optional[int] `json:"ban_seconds"`
	BanAction   string        `json:"ban_action"`
	IgnoredNets []string      `json:"ignored_nets"`
	Source      Source        `json:"source"`
}

// BanRegex is one expression of a filter. Anchored: it starts with "^".
type BanRegex struct {
	Text     string `json:"text"`
	Anchored bool   `json:"anchored"`
	Source   Source `json:"source"`
}

// LogRotation is a stanza of logrotate with what it inherits.
type LogRotation struct {
	Patterns []string `json:"patterns"`
	// Frequency is hourly, daily, weekly, monthly, yearly or empty.
	Frequency string `json:"frequency"`
	// Count is how many old files stay; -1 is all of them.
	Count int `json:"count"`
	// SizeBytes is the size at which it rotates whatever the time, MaxSizeBytes
	// the one at which it does before its time; 0 where not set.
	SizeBytes    int    `json:"size_bytes"`
	MaxSizeBytes int    `json:"max_size_bytes"`
	MaxAgeDays   int    `json:"max_age_days"`
	Compress     bool   `json:"compress"`
	CopyTruncate bool   `json:"copy_truncate"`
	Create       bool   `json:"create"`
	CreateMode   string `json:"create_mode"`
	CreateOwner  string `json:"create_owner"`
	// NginxLogs are those of nginx's usual logs that a pattern matches: access,
	// error and blocking log in the logs folder of the edge's prefix.
	NginxLogs []string `json:"nginx_logs"`
	Source    Source   `json:"source"`
}

// BenchmarkResult is one test result of an XCCDF or ARF document.
type BenchmarkResult struct {
	Benchmark        string `json:"benchmark"`
	BenchmarkVersion string `json:"benchmark_version"`
	Profile          string `json:"profile"`
	// Host is the system that was evaluated, as the result names it.
	Host string `json:"host"`
	// StartedAt and EndedAt are RFC 3339 in UTC; a time without a zone is taken
	// as UTC, ZoneKnown is then false.
	StartedAt string `json:"started_at"`
	EndedAt   string `json:"ended_at"`
	ZoneKnown bool   `json:"zone_known"`
	// ScorePercent is rounded down; ScoreText is as written.
	ScorePercent Optional[int]  `json:"score_percent"`
	ScoreText    string         `json:"score_text"`
	Counts       []ResultCount  `json:"counts"`
	Failed       []FailedResult `json:"failed"`
	Source       Source         `json:"source"`
}

// ResultCount is how many rules had a result: pass, fail, error, unknown,
// notapplicable, notchecked, notselected, informational or fixed.
type ResultCount struct {
	Result string `json:"result"`
	Count  int    `json:"count"`
}

// FailedResult is a rule whose result is fail.
type FailedResult struct {
	ID       string `json:"id"`
	Severity string `json:"severity"`
	Source   Source `json:"source"`
}
