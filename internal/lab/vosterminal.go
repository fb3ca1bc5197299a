// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"
)

// vosTerminal is one shell: a line discipline, a pager and the command loop.
type vosTerminal struct {
	server  *VOSServer
	channel ssh.Channel
	drop    func()
	paged   bool

	mu            sync.Mutex
	width, height int
}

func (t *vosTerminal) resize(width, height int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if width > 0 && width < 10_000 {
		t.width = width
	}
	if height > 0 && height < 10_000 {
		t.height = height
	}
}

func (t *vosTerminal) size() (width, height int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.width, t.height
}

const (
	interruptKey = 0x03
	// endlessBytes is where even an endless answer ends, should nobody leave.
	endlessBytes = 64 << 20
)

func (t *vosTerminal) run() {
	defer t.channel.Close()
	o := t.server.options
	if t.write("Command Line Interface is starting up, please wait ...\n\n   Welcome to the Platform Command Line Interface\n\n"+o.Notice) != nil {
		return
	}
	for {
		if t.write("admin:") != nil {
			return
		}
		line, err := t.line()
		if err != nil {
			return
		}
		if line == "" {
			continue
		}
		t.server.note(&t.server.commands, line)
		if line == "exit" || line == "quit" {
			return
		}
		if t.command(line) != nil {
			return
		}
	}
}

// command answers one line.
func (t *vosTerminal) command(line string) error {
	command := strings.ToLower(strings.Join(strings.Fields(line), " "))
	for _, f := range t.server.options.Faults {
		if f.Command == command {
			if done, err := t.misbehave(f.Kind); done || err != nil {
				return err
			}
		}
	}
	if command == "set cli pagination off" && !t.server.options.NoPagination {
		t.paged = false
		return t.write("Automatic pagination has been turned off.\n")
	}
	// Names of properties and certificates keep their case.
	for known, answer := range t.server.answers {
		if strings.EqualFold(known, command) {
			return t.print(answer)
		}
	}
	return t.write("Executed command unsuccessfully\nNo valid command entered\n")
}

// misbehave plays a fault; it returns true when no answer follows.
func (t *vosTerminal) misbehave(kind VOSFaultKind) (bool, error) {
	switch kind {
	case VOSHang, VOSDeaf:
		if err := t.write("The following source(s) are conf"); err != nil {
			return true, err
		}
		for {
			key, err := t.key()
			if err != nil {
				return true, err
			}
			t.server.note(&t.server.keys, string(key))
			if key == interruptKey && kind == VOSHang {
				return true, t.write("^C\n")
			}
		}
	case VOSDrop:
		err := t.write("The following source(s) are configured:\n1. 192.0.2.1\n2. 192.0")
		t.drop()
		return true, err
	case VOSEndless:
		line := strings.Repeat("and so on ", 100) + "\n"
		for sent := 0; sent < endlessBytes; sent += len(line) {
			if err := t.write(line); err != nil {
				return true, err
			}
		}
		return true, nil
	case VOSAsk:
		return t.ask("This may take a while.\nContinue (y/n)? ", "y")
	case VOSMenu:
		return t.ask("Select one:\n 1) this\n 2) that\n 3) quit\nPlease select an option (1 - 3 or \"q\" ): ", "1")
	case VOSPassword:
		return t.ask("Enter password: ", "")
	}
	return false, nil
}

func (t *vosTerminal) ask(question, yes string) (bool, error) {
	if err := t.write(question); err != nil {
		return true, err
	}
	answer, err := t.line()
	if err != nil {
		return true, err
	}
	t.server.note(&t.server.keys, answer)
	if answer == yes {
		return false, nil
	}
	return true, t.write("Operation cancelled.\n")
}

// print writes an answer, page by page while the pager is on.
func (t *vosTerminal) print(answer string) error {
	width, height := t.size()
	lines := strings.SplitAfter(wrap(answer, width), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	page := max(height-1, 1)
	if !t.paged || len(lines) <= page {
		return t.write(answer)
	}
	for at := 0; at < len(lines); {
		end := min(at+page, len(lines))
		if err := t.raw(strings.Join(lines[at:end], "")); err != nil {
			return err
		}
		step, err := t.turn(at+1, end, len(lines), page)
		if err != nil || step < 0 {
			return err
		}
		page, at = step, end
	}
	return nil
}

// turn shows the pager's line and waits for a key. It returns how many lines
// come next, -1 when the reader leaves.
func (t *vosTerminal) turn(from, to, all, page int) (int, error) {
	text := "Press <enter> for 1 line, <space> for one page, or <q> to quit"
	switch t.server.options.Pager {
	case "options":
		text = fmt.Sprintf("options: q=quit, n=next, p=prev, b=begin, e=end (lines %d - %d of %d) : ", from, to, all)
	case "more":
		text = "-- More --"
	}
	if to == all && t.server.options.Pager != "options" {
		return page, nil
	}
	if err := t.raw(text); err != nil {
		return -1, err
	}
	for {
		key, err := t.key()
		if err != nil {
			return -1, err
		}
		t.server.note(&t.server.keys, string(key))
		erase := "\r" + strings.Repeat(" ", len(text)) + "\r"
		if t.server.options.Pager == "options" {
			erase = "\n"
		}
		switch {
		case key == 'q' || key == interruptKey:
			return -1, t.raw(erase)
		case key == '\r' && t.server.options.Pager != "options":
			return 1, t.raw(erase)
		case key == ' ', key == 'n' && to < all:
			_, height := t.size()
			return max(height-1, 1), t.raw(erase)
		}
	}
}

// write sends text as a terminal shows it.
func (t *vosTerminal) write(text string) error {
	width, _ := t.size()
	return t.raw(wrap(text, width))
}

func (t *vosTerminal) raw(text string) error {
	_, err := io.WriteString(t.channel, strings.ReplaceAll(text, "\n", "\r\n"))
	return err
}

// wrap breaks lines at the width of the terminal.
func wrap(text string, width int) string {
	var b strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		body := strings.TrimSuffix(line, "\n")
		for len(body) > width {
			b.WriteString(body[:width] + "\n")
			body = body[width:]
		}
		b.WriteString(body + line[len(strings.TrimSuffix(line, "\n")):])
	}
	return b.String()
}

func (t *vosTerminal) key() (byte, error) {
	var one [1]byte
	_, err := io.ReadFull(t.channel, one[:])
	return one[0], err
}

// line reads what is typed up to the return key and shows it.
func (t *vosTerminal) line() (string, error) {
	var typed []byte
	for {
		key, err := t.key()
		if err != nil {
			return "", err
		}
		shown := string(key)
		switch {
		case key == '\r' || key == '\n':
			return string(typed), t.raw("\n")
		case key == interruptKey:
			return "", t.raw("^C\n")
		case key == 0x7f || key == '\b':
			if len(typed) == 0 {
				continue
			}
			typed, shown = typed[:len(typed)-1], "\b \b"
		case key < ' ':
			shown = ""
			typed = append(typed, key)
		default:
			typed = append(typed, key)
		}
		if !t.server.options.NoEcho {
			if err := t.raw(shown); err != nil {
				return "", err
			}
		}
	}
}
