// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// Session runs read-only commands in an open terminal of a VOS server, whose
// login has been done. It sends nothing but commands that its options allow, the
// keys that turn a pager's page, the answer that leaves a question undone, and
// the key that interrupts.
//
// The terminal should be wide, so that nothing is wrapped, and must not be used
// by others meanwhile. Its owner closes it after Run: what waits for the next
// byte ends with that.
type Session struct {
	Terminal io.ReadWriter
	// Options say what may be asked; see Options.Allows.
	Options Options
	// Limits bound the run. The zero value stands for the defaults.
	Limits Limits
}

// Limits bound one run in time and size.
type Limits struct {
	// Login is how long the first prompt may take: 2 minutes by default, since
	// the command line starts slowly. Command is for each answer, 1 minute.
	Login, Command time.Duration
	// Settle is how long a prompt must stand as the last text, 150 ms.
	Settle time.Duration
	// Question is how long an unfinished line must stand to be taken for a
	// question, 3 s.
	Question time.Duration
	// AnswerBytes bound one answer, 4 MiB, and TotalBytes all of them, 12 MiB.
	AnswerBytes, TotalBytes int
}

func (l Limits) filled() Limits {
	fill := func(d *time.Duration, by time.Duration) {
		if *d <= 0 {
			*d = by
		}
	}
	fill(&l.Login, 2*time.Minute)
	fill(&l.Command, time.Minute)
	fill(&l.Settle, 150*time.Millisecond)
	fill(&l.Question, 3*time.Second)
	if l.AnswerBytes <= 0 {
		l.AnswerBytes = 4 << 20
	}
	if l.TotalBytes <= 0 {
		l.TotalBytes = 12 << 20
	}
	return l
}

// Captured is what a session brought back.
type Captured struct {
	// Transcript has the form in which a person copies a window: prompt,
	// command, answer. An answer that was cut off stands at its end, without a
	// prompt after it. It is not redacted.
	Transcript []byte
	// Failures are the commands without a full answer, in order.
	Failures []Failure
}

// Failure is a command without a full answer. Command is empty where the
// session ended before the first one.
type Failure struct {
	Command string
	Reason  string
}

// Reasons that end a session, or one command of it.
var (
	errDeadline = errors.New("no prompt came in time")
	errTooLong  = errors.New("the answer does not end")
	errQuestion = errors.New("the command asks a question, which was declined")
	errPassword = errors.New("the server asks for a password")
	errEcho     = errors.New("the terminal shows another command than was sent")
	errNested   = errors.New("the answer holds a prompt, so its end is not certain")
)

const (
	newline   = "\r"
	interrupt = "\x03"
)

// Run runs the commands one after the other and returns everything that was
// gathered, also when the context ends or the connection is lost. A command
// that the options do not allow is a failure and is not sent.
func (s Session) Run(ctx context.Context, commands []string) Captured {
	c := conversation{limits: s.Limits.filled(), terminal: s.Terminal, bytes: make(chan []byte, 16), done: make(chan struct{})}
	defer close(c.done)
	go c.receive()
	if err := c.login(ctx); err != nil {
		c.captured.Failures = []Failure{{Reason: err.Error()}}
		for _, command := range commands {
			c.captured.Failures = append(c.captured.Failures, Failure{command, "not run: the session ended before the first prompt"})
		}
		return c.captured
	}
	var ended error
	for i, command := range append([]string{pagination}, commands...) {
		if ended != nil {
			c.fail(command, fmt.Errorf("not run: the session ended: %w", ended))
			continue
		}
		if !s.Options.Allows(command) {
			c.fail(command, errors.New("not sent: it is none of the commands that only show, or one that was not asked for"))
			continue
		}
		err := c.exchange(ctx, command)
		if err == nil {
			continue
		}
		if i > 0 {
			c.fail(command, err)
		}
		if !errors.Is(err, errQuestion) && !errors.Is(err, errRecovered) && !errors.Is(err, errNested) {
			ended = err
		}
	}
	if ended == nil {
		c.captured.Transcript = append(c.captured.Transcript, "admin:\n"...)
	}
	return c.captured
}

// errRecovered: the command was interrupted, and the prompt is back.
var errRecovered = errors.New("no prompt came in time; the command was interrupted")

type conversation struct {
	limits   Limits
	terminal io.ReadWriter
	bytes    chan []byte
	done     chan struct{}
	// lost says why nothing more comes; it is set before bytes is closed.
	lost     error
	captured Captured
	// echoes is set once the terminal has shown what was typed.
	echoes bool
}

func (c *conversation) fail(command string, err error) {
	c.captured.Failures = append(c.captured.Failures, Failure{command, err.Error()})
}

// receive reads until the terminal ends or the run is over.
func (c *conversation) receive() {
	defer close(c.bytes)
	for {
		buf := make([]byte, 8<<10)
		n, err := c.terminal.Read(buf)
		if n > 0 {
			select {
			case c.bytes <- buf[:n]:
			case <-c.done:
				return
			}
		}
		if err != nil {
			c.lost = err
			return
		}
	}
}

// send writes, and gives up with the context: a peer that reads nothing blocks.
func (c *conversation) send(ctx context.Context, text string) error {
	written := make(chan error, 1)
	go func() {
		_, err := io.WriteString(c.terminal, text)
		written <- err
	}()
	select {
	case err := <-written:
		if err != nil {
			return fmt.Errorf("the connection was lost: %w", err)
		}
		return nil
	case <-ctx.Done():
		return why(ctx)
	}
}

func why(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), errDeadline) {
		return errDeadline
	}
	return fmt.Errorf("the run was ended: %w", context.Cause(ctx))
}

// login waits for the first prompt. Nothing is answered before it: neither a
// password nor a question belongs to a login that has been done.
func (c *conversation) login(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.limits.Login, errDeadline)
	defer cancel()
	var banner screen
	for {
		state, err := c.next(ctx, &banner)
		switch {
		case err != nil:
			return fmt.Errorf("before the first prompt: %w", err)
		case state == atPrompt:
			return nil
		case state == atPassword:
			return errPassword
		case state == atQuestion, state == atPager:
			return errors.New("the server asks a question before the first prompt")
		}
	}
}

// exchange runs one command and writes the transcript.
func (c *conversation) exchange(parent context.Context, command string) error {
	ctx, cancel := context.WithTimeoutCause(parent, c.limits.Command, errDeadline)
	defer cancel()
	room := c.limits.TotalBytes - len(c.captured.Transcript)
	if room <= 0 {
		return errTooLong
	}
	s := &screen{most: min(c.limits.AnswerBytes, room)}
	err := c.send(ctx, command+newline)
	if err == nil {
		err = c.answer(ctx, s, command)
	}
	answer, echoErr := c.withoutEcho(bytes.ReplaceAll(s.text, []byte("\r\n"), []byte("\n")), command)
	switch {
	case echoErr != nil && err == nil:
		return echoErr
	case errors.Is(err, errQuestion):
		return err
	case errors.Is(err, errDeadline) && parent.Err() == nil:
		// What was half said is not kept: the session goes on behind it.
		if c.resume(parent) == nil {
			return errRecovered
		}
	case err == nil && prompts(answer):
		return errNested
	}
	t := append(c.captured.Transcript, "admin:"+command+"\n"...)
	if !prompts(answer) && echoErr == nil {
		t = append(t, answer...)
		if len(answer) > 0 && answer[len(answer)-1] != '\n' {
			t = append(t, '\n')
		}
	}
	c.captured.Transcript = t
	return err
}

// answer reads up to the next prompt, turning pages on the way.
func (c *conversation) answer(ctx context.Context, s *screen, command string) error {
	declined := false
	for {
		state, err := c.next(ctx, s)
		if err != nil {
			return err
		}
		switch state {
		case atPrompt:
			if c.echoes && afterEcho(s.text, command) < 0 {
				// A prompt of before, which came late.
				s.skip()
				continue
			}
			s.dropTail()
			if declined {
				return errQuestion
			}
			return nil
		case atPager:
			key := pageKey(s.tail())
			s.dropTail()
			if err := c.send(ctx, key); err != nil {
				return err
			}
		case atPassword:
			return errPassword
		case atQuestion:
			if declined {
				// It insists, or this is no question: the key that always ends.
				if err := c.send(ctx, interrupt); err != nil {
					return err
				}
				s.skip()
				continue
			}
			declined = true
			if err := c.send(ctx, declineKey(s.tail())); err != nil {
				return err
			}
			s.skip()
		}
	}
}

// resume interrupts a command that hangs and waits for the prompt.
func (c *conversation) resume(parent context.Context) error {
	ctx, cancel := context.WithTimeoutCause(parent, min(c.limits.Command, 10*time.Second), errDeadline)
	defer cancel()
	if err := c.send(ctx, interrupt); err != nil {
		return err
	}
	s := &screen{most: c.limits.AnswerBytes}
	for {
		switch state, err := c.next(ctx, s); {
		case err != nil:
			return err
		case state == atPrompt:
			return nil
		case state != pending:
			return errDeadline
		}
	}
}

// withoutEcho cuts the line in which the terminal shows what was typed.
func (c *conversation) withoutEcho(text []byte, command string) ([]byte, error) {
	if at := afterEcho(text, command); at >= 0 {
		c.echoes = true
		return text[at:], nil
	}
	if c.echoes {
		return nil, errEcho
	}
	return text, nil
}

// afterEcho is where the answer begins behind the echo of its command, which
// may stand after blank lines and prompts that came late. It is -1 when the
// first text is another.
func afterEcho(text []byte, command string) int {
	at := 0
	for line := range bytes.SplitAfterSeq(text, []byte{'\n'}) {
		shown := strings.TrimSpace(clean(strings.TrimSuffix(string(line), "\n")))
		at += len(line)
		switch {
		case shown == command || shown == "admin:"+command:
			return at
		case shown != "" && !lonePrompt.MatchString(shown):
			return -1
		}
	}
	return -1
}

// prompts reports whether an answer would read as another exchange.
func prompts(answer []byte) bool {
	for line := range bytes.SplitSeq(answer, []byte{'\n'}) {
		if prompt.MatchString(clean(string(line))) {
			return true
		}
	}
	return false
}

var (
	lonePrompt = regexp.MustCompile(`(?i)^\s*admin:\s*$`)
	password   = regexp.MustCompile(`(?i)(?:pass(?:word|phrase|code)|\bpin)[^:?]{0,40}[:?]\s*$`)
	menuPrompt = regexp.MustCompile(`(?i)["'(\[,/ ]q["')\],/ ].*[:?]\s*$`)
	yesOrNo    = regexp.MustCompile(`(?i)\by(?:es)?\s*[/|]\s*no?\b`)
)
