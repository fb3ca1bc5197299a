// SPDX-License-Identifier: Apache-2.0

package host

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// cpuCount reads "lscpu". Processors that are switched off do not count.
func cpuCount(g *gatherer, x *text) bool {
	for i, line := range x.lines {
		key, value, ok := strings.Cut(line, ":")
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, " "):
		case !ok:
			x.bad(i+1, "is no line of lscpu")
		case strings.TrimSpace(key) == "CPU(s)":
			if n := number(value); n.Known && n.Value > 0 {
				g.record.Hardware.CPUs, g.record.Hardware.CPUSource = n, x.at(i+1)
			}
		case strings.HasPrefix(key, "Off-line CPU(s) list") && g.record.Hardware.CPUs.Known:
			g.record.Hardware.CPUs.Value -= processors(strings.TrimSpace(value))
		}
	}
	return g.record.Hardware.CPUs.Known && g.record.Hardware.CPUs.Value > 0
}

// processors counts a list such as 2,4-7.
func processors(list string) int {
	n := 0
	for part := range strings.SplitSeq(list, ",") {
		from, to, ranged := strings.Cut(part, "-")
		if !ranged {
			to = from
		}
		a, b := number(from), number(to)
		if a.Known && b.Known && b.Value >= a.Value && b.Value < 1<<16 {
			n += b.Value - a.Value + 1
		}
	}
	return n
}

// memorySize reads /proc/meminfo (proc_meminfo(5)).
func memorySize(g *gatherer, x *text) bool {
	for i, line := range x.lines {
		key, value, ok := strings.Cut(line, ":")
		if !ok && strings.TrimSpace(line) != "" {
			x.bad(i+1, "is no line of /proc/meminfo")
		}
		if size, isKiB := strings.CutSuffix(strings.TrimSpace(value), " kB"); key == "MemTotal" && isKiB {
			if n := number(size); n.Known && n.Value > 0 && n.Value < math.MaxInt>>10 {
				g.record.Hardware.MemoryBytes, g.record.Hardware.MemorySource = evidence.Known(n.Value<<10, evidence.Explicit), x.at(i+1)
			}
		}
	}
	return g.record.Hardware.MemoryBytes.Known
}

var (
	// diskHeader tells the unit of the sizes in the table of df.
	diskHeader = regexp.MustCompile(`^Filesystem\s+(?:Type\s+)?(1024-blocks|512-blocks|1K-blocks|1M-blocks|1B-blocks|Size)\s+Used\s+Avail(?:able)?\s`)
	diskLine   = regexp.MustCompile(`^(\S.*?)\s+(?:[a-z][a-z0-9.]*\s+)?([\d.]+[KMGTPEi]*)\s+[\d.]+[KMGTPEi]*\s+(-?[\d.]+[KMGTPEi]*)\s+(?:\d+%|-)\s+(/.*)$`)
	diskSize   = regexp.MustCompile(`^([\d.]+)([KMGTPE]?)i?$`)
)

// diskUnits are those of the header; sizes with a letter bring their own.
var diskUnits = map[string]float64{"1024-blocks": 1 << 10, "1K-blocks": 1 << 10, "512-blocks": 512, "1M-blocks": 1 << 20, "1B-blocks": 1, "Size": 1}

// volumes reads "df -P" or "df -h".
func volumes(g *gatherer, x *text) bool {
	unit := 0.0
	for i, line := range x.lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if m := diskHeader.FindStringSubmatch(line); m != nil {
			unit = diskUnits[m[1]]
			continue
		}
		m := diskLine.FindStringSubmatch(line)
		if m == nil || unit == 0 {
			x.bad(i+1, "is no file system of df")
			continue
		}
		size, ok := bytesOf(m[2], unit)
		free, ok2 := bytesOf(strings.TrimPrefix(m[3], "-"), unit)
		if !ok || !ok2 {
			x.bad(i+1, "a size that is none")
			continue
		}
		if !g.room(len(g.record.Hardware.Volumes), "file systems", x.at(i+1)) {
			break
		}
		if strings.HasPrefix(m[3], "-") {
			free = 0
		}
		g.record.Hardware.Volumes = append(g.record.Hardware.Volumes, evidence.HostVolume{
			Device: m[1], Path: m[4], SizeBytes: size, AvailableBytes: free, Source: x.at(i + 1),
		})
	}
	return len(g.record.Hardware.Volumes) > 0
}

func bytesOf(text string, unit float64) (int, bool) {
	m := diskSize.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if m[2] != "" {
		unit = float64(int64(1) << (10 * (1 + strings.Index("KMGTPE", m[2]))))
	}
	if n *= unit; err != nil || n < 0 || n > 1<<62 {
		return 0, false
	}
	return int(n), true
}
