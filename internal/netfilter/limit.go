// SPDX-License-Identifier: Apache-2.0

package netfilter

import (
	"fmt"
	"strconv"
	"strings"
)

// WholeAddress is the prefix length that stands for single addresses, where a rule
// names none: 32 for IPv4 and 128 for IPv6.
const WholeAddress = -1

// Rate is an amount in so many milliseconds: packets, or bytes.
type Rate struct {
	Amount    uint64
	PerMillis uint64
	Bytes     bool
}

// LimitMatch is the limit match: a bucket that holds Burst packets and is filled at
// Rate. A packet matches while it finds a token; with Above, when it finds none
// (nft's "over"). One bucket serves all packets of the rule.
type LimitMatch struct {
	Rate  Rate
	Burst uint64
	Above bool
}

// Limit returns the parameters of a limit match. The defaults are those of
// iptables: 3/hour, burst 5.
func (m Match) Limit() (LimitMatch, error) {
	l := LimitMatch{Rate: Rate{Amount: 3, PerMillis: 3_600_000}, Burst: 5}
	for _, o := range m.Options {
		var err error
		switch o.Name {
		case "--limit":
			l.Rate, err = parseRate(o.Value)
			l.Above = o.Negated
		case "--limit-burst":
			l.Burst, err = strconv.ParseUint(o.Value, 10, 64)
		}
		if err != nil {
			return l, fmt.Errorf("%s %s: %w", o.Name, o.Value, err)
		}
	}
	return l, nil
}

// ConnLimitMatch is the connlimit match. It counts the connections that conntrack
// knows, the packet's own one included, of the group of addresses that the packet's
// source (or destination) belongs to, and matches when there are more than Count
// (Above), or at most Count.
type ConnLimitMatch struct {
	Above bool
	Count uint64
	// Mask is the prefix length of a group; WholeAddress where none is named. 0 puts
	// all addresses into one group.
	Mask          int
	ByDestination bool
}

// ConnLimit returns the parameters of a connlimit match, by source unless
// --connlimit-daddr is given.
func (m Match) ConnLimit() (ConnLimitMatch, error) {
	l, counted := ConnLimitMatch{Mask: WholeAddress}, false
	for _, o := range m.Options {
		var err error
		switch o.Name {
		case "--connlimit-above", "--connlimit-upto":
			counted = true
			l.Above = (o.Name == "--connlimit-above") != o.Negated
			l.Count, err = strconv.ParseUint(o.Value, 10, 32)
		case "--connlimit-mask":
			l.Mask, err = parsePrefix(o.Value)
		case "--connlimit-daddr":
			l.ByDestination = true
		}
		if err != nil {
			return l, fmt.Errorf("%s %s: %w", o.Name, o.Value, err)
		}
	}
	if !counted {
		return l, fmt.Errorf("connlimit without a count")
	}
	return l, nil
}

func parsePrefix(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil || n > 128 {
		return 0, fmt.Errorf("%q is no length of a prefix", s)
	}
	return int(n), nil
}

// HashLimitMatch is the hashlimit match: a bucket as of LimitMatch for each group of
// packets. Up to the rate packets match, or with Above those beyond it. Two rules
// with one Name share their buckets, and the first one's numbers.
type HashLimitMatch struct {
	Above bool
	Rate  Rate
	// Burst is in packets, or in bytes where the rate is.
	Burst uint64
	Name  string
	// Mode says what makes a group: srcip, srcport, dstip, dstport. Without any, one
	// bucket serves all.
	Mode []string
	// SourceMask and DestMask are the prefix lengths of groups of addresses;
	// WholeAddress where none is named.
	SourceMask, DestMask int
	// ExpireMillis is how long a bucket outlives its last packet; then the burst is
	// full again. The default is 10 seconds.
	ExpireMillis uint64
	// Classify is set for --hashlimit-rate-match, which compares the rate of a flow
	// and takes no tokens.
	Classify bool
}

// HashLimit returns the parameters of a hashlimit match.
func (m Match) HashLimit() (HashLimitMatch, error) {
	l := HashLimitMatch{Burst: 5, SourceMask: WholeAddress, DestMask: WholeAddress, ExpireMillis: 10_000}
	for _, o := range m.Options {
		var err error
		switch o.Name {
		case "--hashlimit", "--hashlimit-upto", "--hashlimit-above":
			l.Above = (o.Name == "--hashlimit-above") != o.Negated
			l.Rate, err = parseRate(o.Value)
		case "--hashlimit-burst":
			l.Burst, err = parseAmount(o.Value)
		case "--hashlimit-mode":
			l.Mode = strings.Split(o.Value, ",")
		case "--hashlimit-name":
			l.Name = o.Value
		case "--hashlimit-srcmask":
			l.SourceMask, err = parsePrefix(o.Value)
		case "--hashlimit-dstmask":
			l.DestMask, err = parsePrefix(o.Value)
		case "--hashlimit-htable-expire":
			l.ExpireMillis, err = strconv.ParseUint(o.Value, 10, 32)
		case "--hashlimit-rate-match":
			l.Classify = true
		}
		if err != nil {
			return l, fmt.Errorf("%s %s: %w", o.Name, o.Value, err)
		}
	}
	if l.Rate.PerMillis == 0 {
		return l, fmt.Errorf("hashlimit without a rate")
	}
	return l, nil
}

// periods are the units of a rate; any beginning of the word will do.
var periods = [...]struct {
	name   string
	millis uint64
}{{"second", 1000}, {"minute", 60_000}, {"hour", 3_600_000}, {"day", 86_400_000}}

// parseRate reads "6/sec", "6" (a second) or "512kb/s".
func parseRate(s string) (Rate, error) {
	amount, unit, ok := strings.Cut(s, "/")
	r := Rate{PerMillis: 1000, Bytes: strings.HasSuffix(strings.ToLower(amount), "b")}
	var err error
	if r.Amount, err = parseAmount(amount); err != nil {
		return Rate{}, err
	}
	if !ok {
		return r, nil
	}
	for _, p := range periods {
		if unit != "" && strings.HasPrefix(p.name, strings.ToLower(unit)) {
			r.PerMillis = p.millis
			return r, nil
		}
	}
	return Rate{}, fmt.Errorf("%q is no unit of time", unit)
}

// parseAmount reads a number of packets, or of bytes as in "512kb".
func parseAmount(s string) (uint64, error) {
	digits, factor := strings.ToLower(s), uint64(1)
	if number, ok := strings.CutSuffix(digits, "b"); ok {
		digits = number
		for suffix, f := range map[string]uint64{"k": 1 << 10, "m": 1 << 20} {
			if number, ok := strings.CutSuffix(digits, suffix); ok {
				digits, factor = number, f
			}
		}
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is no amount", s)
	}
	return n * factor, nil
}

// RecentMatch is the recent match: whether the address is on the list Name. Set and
// Update also put it there, and Remove takes it off.
type RecentMatch struct {
	// Action is set (always matches), rcheck, update or remove.
	Action string
	// Negated turns the answer around.
	Negated bool
	Name    string
	// Seconds and Hits narrow rcheck and update to addresses seen so many times in so
	// many seconds; 0 where they do not.
	Seconds, Hits uint64
	ByDestination bool
}

// Recent returns the parameters of a recent match. The list is DEFAULT unless named.
func (m Match) Recent() (RecentMatch, error) {
	r := RecentMatch{Name: "DEFAULT"}
	for _, o := range m.Options {
		var err error
		switch o.Name {
		case "--set", "--rcheck", "--update", "--remove":
			r.Action, r.Negated = o.Name[2:], o.Negated
		case "--name":
			r.Name = o.Value
		case "--seconds":
			r.Seconds, err = strconv.ParseUint(o.Value, 10, 32)
		case "--hitcount":
			r.Hits, err = strconv.ParseUint(o.Value, 10, 32)
		case "--rdest":
			r.ByDestination = true
		}
		if err != nil {
			return r, fmt.Errorf("%s %s: %w", o.Name, o.Value, err)
		}
	}
	if r.Action == "" {
		return r, fmt.Errorf("recent without an action")
	}
	return r, nil
}

// SetMatch is a look-up in a set. Directions says for each dimension of the set's
// type whether the packet's source (src) or destination (dst) is looked up.
type SetMatch struct {
	Name       string
	Directions []string
	Negated    bool
	// Exceptions is set for --return-nomatch: entries marked nomatch match, and the
	// plain ones do not.
	Exceptions bool
}

// Set returns the parameters of a set match.
func (m Match) Set() (SetMatch, error) {
	s := SetMatch{}
	for _, o := range m.Options {
		switch o.Name {
		case "--match-set":
			name, directions, _ := strings.Cut(o.Value, " ")
			s.Name, s.Negated = name, o.Negated
			s.Directions = strings.Split(directions, ",")
		case "--return-nomatch":
			s.Exceptions = true
		}
	}
	if s.Name == "" {
		return s, fmt.Errorf("set without a name")
	}
	return s, nil
}

// validate reads the parameters of a match that has typed ones.
func (m Match) validate() (err error) {
	switch m.Kind {
	case Limit:
		_, err = m.Limit()
	case ConnLimit:
		_, err = m.ConnLimit()
	case HashLimit:
		_, err = m.HashLimit()
	case Recent:
		_, err = m.Recent()
	case InSet:
		_, err = m.Set()
	}
	return err
}
