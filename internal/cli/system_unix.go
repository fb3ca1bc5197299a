// SPDX-License-Identifier: Apache-2.0

//go:build unix

package cli

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// lock keeps two runs from auditing one site at the same time: their combined
// pace could lock agents out. It locks the site file itself, so that nothing is
// written, and is gone with the process.
func lock(path string) (release func(), err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, pathCause(err))
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		closeErr := f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, withHint(fmt.Errorf("%s: another run is busy with this site", path), "wait for it, or give this run its own copy of the site file")
		}
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), closeErr)
	}
	return func() { _ = f.Close() }, nil
}

// columnsOf asks a terminal for its width; 0 when it does not say.
func columnsOf(f *os.File) int {
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0
	}
	return int(size.Col)
}
