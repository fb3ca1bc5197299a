// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"
)

// state is what the last line of the screen is.
type state int

const (
	// pending: text is still coming.
	pending state = iota
	atPrompt
	atPager
	atPassword
	atQuestion
)

// screen is the text of one answer as it grows.
type screen struct {
	text []byte
	// most bounds the text in bytes; 0 stands for 1 MiB.
	most int
	// from is where the tail begins at the earliest: what is in front of it was
	// answered.
	from int
}

// tail is the unfinished last line.
func (s *screen) tail() string {
	at := max(bytes.LastIndexByte(s.text, '\n')+1, s.from)
	tail := s.text[at:]
	// A line of that length is none that waits for a key.
	if len(tail) > 4<<10 {
		tail = tail[len(tail)-4<<10:]
	}
	return clean(string(tail))
}

// dropTail takes the last line away: a prompt, or a pager's line.
func (s *screen) dropTail() {
	s.text = s.text[:max(bytes.LastIndexByte(s.text, '\n')+1, 0)]
	s.from = len(s.text)
}

// skip makes the tail begin behind what is there.
func (s *screen) skip() {
	s.from = len(s.text)
}

// state tells what the tail is; quiet is how long nothing came.
func (s *screen) state(quiet time.Duration, l Limits) state {
	tail := s.tail()
	switch {
	case quiet < l.Settle || strings.TrimSpace(tail) == "":
		return pending
	case lonePrompt.MatchString(tail):
		return atPrompt
	case pager.MatchString(tail):
		return atPager
	case password.MatchString(tail):
		return atPassword
	case quiet >= l.Question && strings.ContainsAny(tail[len(strings.TrimRight(tail, " "))-1:], "?:>)]"):
		return atQuestion
	}
	return pending
}

// next waits until the last line is something to react to.
func (c *conversation) next(ctx context.Context, s *screen) (state, error) {
	most := s.most
	if most == 0 {
		most = 1 << 20
	}
	last := time.Now()
	tick := time.NewTimer(c.limits.Settle)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return pending, why(ctx)
		case chunk, ok := <-c.bytes:
			if !ok {
				return pending, fmt.Errorf("the connection was lost: %w", c.lost)
			}
			s.text = append(s.text, chunk...)
			if len(s.text) > most {
				return pending, errTooLong
			}
			last = time.Now()
			tick.Reset(c.limits.Settle)
		case <-tick.C:
			if now := s.state(time.Since(last), c.limits); now != pending {
				return now, nil
			}
			tick.Reset(max(c.limits.Settle, c.limits.Question/4))
		}
	}
}

// pageKey is what turns a pager's page. The one with options shows its last
// page until it is left.
func pageKey(line string) string {
	if !strings.Contains(strings.ToLower(line), "options:") {
		return " "
	}
	if hasMore(line) {
		return "n"
	}
	return "q"
}

// declineKey is what leaves a question undone.
func declineKey(line string) string {
	switch {
	case menuPrompt.MatchString(line):
		return "q" + newline
	case yesOrNo.MatchString(line):
		return "n" + newline
	}
	return interrupt
}
