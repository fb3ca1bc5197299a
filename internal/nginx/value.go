// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// ParseTime reads the value of a timeout, which nginx keeps in milliseconds:
// "10s", "1m 30s", "500ms". A number without a unit is in seconds; units go from
// large to small, the largest being the week.
func ParseTime(s string) (time.Duration, error) { return parseTime(s, false) }

// ParseSeconds reads a value that nginx keeps in seconds, such as the lifetime of
// a TLS session or of a cached answer. It knows months of 30 days ("1M") and
// years of 365 ("1y"), and no milliseconds.
func ParseSeconds(s string) (time.Duration, error) { return parseTime(s, true) }

func parseTime(s string, seconds bool) (time.Duration, error) {
	bad := func() (time.Duration, error) {
		return 0, fmt.Errorf("time %q: not a value that nginx accepts", clip(s))
	}
	const most = math.MaxInt64 / int64(time.Millisecond) / 2
	var total, value int64 // in milliseconds, and as written
	rank, digits := 0, false
	for i := 0; i < len(s); {
		c := s[i]
		if c >= '0' && c <= '9' {
			value = value*10 + int64(c-'0')
			if value > most/1000 {
				return bad()
			}
			digits = true
			i++
			continue
		}
		i++
		unit, scale := 0, int64(0)
		switch c {
		case 'y':
			unit, scale = 1, 365*24*3600*1000
		case 'M':
			unit, scale = 2, 30*24*3600*1000
		case 'w':
			unit, scale = 3, 7*24*3600*1000
		case 'd':
			unit, scale = 4, 24*3600*1000
		case 'h':
			unit, scale = 5, 3600*1000
		case 'm':
			if i < len(s) && s[i] == 's' {
				i++
				unit, scale = 8, 1
			} else {
				unit, scale = 6, 60*1000
			}
		case 's':
			unit, scale = 7, 1000
		case ' ': // a number before a blank is in seconds and must come last
			if rank >= 7 {
				return bad()
			}
			unit, scale = 9, 1000
		}
		if unit <= rank || value > most/scale || seconds && unit == 8 || !seconds && unit <= 2 {
			return bad()
		}
		rank = unit
		if total += value * scale; total > most {
			return bad()
		}
		value = 0
		for i < len(s) && s[i] == ' ' {
			i++
		}
	}
	if !digits {
		return bad()
	}
	if total += value * 1000; total > most {
		return bad()
	}
	return time.Duration(total) * time.Millisecond, nil
}

// ParseSize reads a size in bytes: "4096", "8k", "15m".
func ParseSize(s string) (int64, error) { return parseBytes(s, "kKmM") }

// ParseOffset reads a size that may also be in gigabytes, as client_max_body_size
// and the other directives about whole bodies and files accept.
func ParseOffset(s string) (int64, error) { return parseBytes(s, "kKmMgG") }

func parseBytes(s, units string) (int64, error) {
	number, scale := s, int64(1)
	if n := len(s) - 1; n >= 0 && strings.IndexByte(units, s[n]) >= 0 {
		number = s[:n]
		switch s[n] {
		case 'k', 'K':
			scale = 1 << 10
		case 'm', 'M':
			scale = 1 << 20
		case 'g', 'G':
			scale = 1 << 30
		}
	}
	var v int64
	for i := range len(number) {
		c := number[i]
		if c < '0' || c > '9' || v > math.MaxInt64/16/scale {
			return 0, fmt.Errorf("size %q: not a value that nginx accepts", clip(s))
		}
		v = v*10 + int64(c-'0')
	}
	if number == "" || v > math.MaxInt64/scale {
		return 0, fmt.Errorf("size %q: not a value that nginx accepts", clip(s))
	}
	return v * scale, nil
}
