// SPDX-License-Identifier: Apache-2.0

package host

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// noLogin are programs that end at once when they are somebody's shell.
var noLogin = [...]string{"nologin", "false", "true", "sync", "shutdown", "halt"}

// user finds an account's record, or makes one.
func (g *gatherer) user(name string, source evidence.Source) *evidence.HostUser {
	if g.users == nil {
		g.users = map[string]int{}
	}
	if i, ok := g.users[name]; ok {
		return &g.record.Users[i]
	}
	if !g.room(len(g.record.Users), "accounts", source) {
		return nil
	}
	g.users[name] = len(g.record.Users)
	g.record.Users = append(g.record.Users, evidence.HostUser{Name: name, Password: evidence.PasswordUnknown, Source: source})
	return &g.record.Users[len(g.record.Users)-1]
}

// passwordStatus is a line of "passwd -S": name, state, the day of the last
// change (in one of two forms), four numbers, and on some systems words in
// parentheses (passwd(1)).
var passwordStatus = regexp.MustCompile(`^(\S+) (P|PS|L|LK|NP) (?:\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}|never)(?: -?\d+){4}(?: \(.*\))?$`)

// passwordStates reads "passwd -S".
func passwordStates(g *gatherer, x *text) bool {
	states := map[string]evidence.PasswordState{
		"P": evidence.PasswordSet, "PS": evidence.PasswordSet, "L": evidence.PasswordLocked, "LK": evidence.PasswordLocked,
		"NP": evidence.PasswordEmpty,
	}
	read := 0
	for i, line := range x.lines {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		m := passwordStatus.FindStringSubmatch(line)
		if m == nil {
			x.bad(i+1, "is no status of an account's password")
			continue
		}
		read++
		if u := g.user(m[1], x.at(i+1)); u != nil {
			u.Password, u.PasswordSource = states[m[2]], x.at(i+1)
		}
	}
	return read > 0
}

// accounts reads etc/passwd of the tree. Its second field is looked at only for
// being empty: a hash that stands there is never a fact.
func accounts(g *gatherer) {
	g.treePart(evidence.PartAccounts, "etc/passwd", func() bool {
		x, ok := g.open("etc/passwd", true)
		if !ok {
			return false
		}
		read := 0
		for i, line := range x.lines {
			if line == "" || line[0] == '#' || line[0] == '+' || line[0] == '-' {
				continue // the last two are entries of NIS
			}
			f := strings.Split(line, ":")
			if len(f) != 7 || f[0] == "" || !number(f[2]).Known || !number(f[3]).Known {
				x.bad(i+1, "is no account with seven fields")
				continue
			}
			read++
			u := g.user(f[0], x.at(i+1))
			if u == nil || u.UID.Known {
				continue // the first line of a name is the one that counts
			}
			u.UID, u.GID, u.Home, u.Source = number(f[2]), number(f[3]), f[5], x.at(i+1)
			shell := f[6]
			if shell == "" {
				shell = "/bin/sh" // passwd(5)
			}
			u.Shell = evidence.Known(shell, evidence.Explicit)
			u.LoginShell = !slices.Contains(noLogin[:], path.Base(shell))
			if f[1] == "" {
				u.Password, u.PasswordSource = evidence.PasswordEmpty, x.at(i+1)
			}
		}
		if read == 0 && x.unread == 0 {
			g.gap(x.path+": holds no account", x.at(1))
		}
		return read > 0
	})
}
