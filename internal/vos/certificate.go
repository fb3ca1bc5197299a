// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Store is one of the two certificate stores of a node, as its commands name it.
type Store string

const (
	// OwnStore holds the certificates that the node presents.
	OwnStore Store = "own"
	// TrustStore holds those that it believes.
	TrustStore Store = "trust"
)

// StoredCertificate is one line of a store.
type StoredCertificate struct {
	// Unit is such as "tomcat-trust", File such as "root.pem".
	Unit, File, Description string
	SelfSigned              bool
	// SignedBy is the signer that the description names, "" otherwise.
	SignedBy string
	Line     int
}

// Certificates is the answer of "show cert list".
type Certificates struct {
	Certificates []StoredCertificate
	Format       Format
	Line         int
}

var (
	storedLine = regexp.MustCompile(`^\s*([A-Za-z][A-Za-z0-9_-]{0,60})/([^/:]{1,200}\.(?:pem|der))\s*:\s*(.{0,300}?)\s*$`)
	selfSigned = regexp.MustCompile(`(?i)^self[- ]signed\b`)
	signedBy   = regexp.MustCompile(`(?i)^certificate signed by\s+(\S.*)$`)
)

// ReadCertificates reads one store as listed. What could be read is returned
// also when a line is unknown, together with the error.
func (t Transcript) ReadCertificates(store Store) (Certificates, error) {
	list := "show cert list " + string(store)
	e, err := t.exchange([]string{list}, []string{"set cert ", "delete cert ", "set csr "}, false)
	if err != nil {
		return Certificates{}, err
	}
	out := Certificates{Format: Inferred, Line: e.Line}
	var bad *Line
	tooMany := walkAll(e.Answer, func(text string, line int, h how) reading {
		m := storedLine.FindStringSubmatch(text)
		switch {
		case m != nil && h != broken && len(out.Certificates) < maxItems:
			c := StoredCertificate{Unit: m[1], File: m[2], Description: m[3], SelfSigned: selfSigned.MatchString(m[3]), Line: line}
			if by := signedBy.FindStringSubmatch(m[3]); by != nil {
				c.SignedBy = by[1]
			}
			return func() { out.Certificates = append(out.Certificates, c) }
		case tail.MatchString(text):
			return nothing
		}
		return nil
	}, firstOf(&bad))
	switch {
	case bad != nil || tooMany:
		return out, &UnreadableError{Command: e.Command, Line: bad.Number, Reason: fmt.Sprintf("unknown answer %q", shorten(bad.Text))}
	case len(out.Certificates) == 0:
		return out, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the answer has none of the known forms"}
	}
	return out, nil
}

// CertificateDump is one certificate shown in full.
type CertificateDump struct {
	Store                   Store
	Unit, File              string
	Subject, Issuer, Serial string
	DNSNames                []string
	// NotBefore and NotAfter are certain where ZoneKnown is set. Elsewhere they
	// are the latest beginning and the earliest end that the text can mean.
	NotBefore, NotAfter time.Time
	ZoneKnown           bool
	Format              Format
	Line                int
}

var (
	shownCertificate = regexp.MustCompile(`(?i)^show cert (own|trust) (?:([a-z][a-z0-9_-]*)/)?([^/]*\.(?:pem|der))$`)
	subjectField     = regexp.MustCompile(`(?i)^\s*subject(?: name)?\s*[:=]\s*(\S.*?)\s*$`)
	issuerField      = regexp.MustCompile(`(?i)^\s*issuer(?: name)?\s*[:=]\s*(\S.*?)\s*$`)
	serialField      = regexp.MustCompile(`(?i)^\s*serial(?: number)?\s*[:=]\s*([0-9A-Fa-f: ]{1,120}?)\s*$`)
	fromField        = regexp.MustCompile(`(?i)^\s*(?:validity(?: period)?\s*:?\s*)?(?:from|not before)\s*[:=]\s*(\S.*?)\s*$`)
	toField          = regexp.MustCompile(`(?i)^\s*(?:to|not after)\s*[:=]\s*(\S.*?)\s*$`)
	nameField        = regexp.MustCompile(`(?i)^\s*(?:([a-z0-9*][a-z0-9*._-]{0,252})\s*\(dnsname\)|dnsname\s*[:=]\s*([a-z0-9*][a-z0-9*._-]{0,252}))\s*$`)
	anyName          = regexp.MustCompile(`(?i)\bdns ?name\b`)
)

func showsCertificate(command string) bool { return shownCertificate.MatchString(command) }

// CertificateDumps reads every certificate that is shown in full, each with its
// last answer, and says what could not be read.
func (t Transcript) CertificateDumps() ([]CertificateDump, []error) {
	var out []CertificateDump
	var errs []error
	seen := map[string]bool{}
	for _, e := range slices.Backward(t.Exchanges) {
		m := shownCertificate.FindStringSubmatch(e.Typed)
		if m == nil || seen[e.Typed] || len(out)+len(errs) >= maxItems {
			continue
		}
		seen[e.Typed] = true
		d, err := t.readDump(e, Store(strings.ToLower(m[1])), m[2], m[3])
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, d)
	}
	slices.Reverse(out)
	slices.Reverse(errs)
	return out, errs
}

func (t Transcript) readDump(e Exchange, store Store, unit, file string) (CertificateDump, error) {
	d := CertificateDump{Store: store, Unit: unit, File: file, Format: Inferred, Line: e.Line, ZoneKnown: true}
	if err := t.usable(e, []string{"set cert ", "delete cert ", "set csr "}, false); err != nil {
		return d, err
	}
	var repeated string
	note := func(into *string, name, value string) {
		if *into != "" && *into != value {
			repeated = name
		}
		*into = value
	}
	var from, to string
	lines, broken := unwrapNames(e.Answer)
	if broken != 0 {
		return d, &UnreadableError{Command: e.Command, Line: broken, Reason: "a name goes on in a line that has no known form"}
	}
	for _, l := range lines {
		for _, f := range [...]struct {
			re   *regexp.Regexp
			into *string
			name string
		}{
			{subjectField, &d.Subject, "subject"},
			{issuerField, &d.Issuer, "issuer"},
			{serialField, &d.Serial, "serial number"},
			{fromField, &from, "beginning of validity"},
			{toField, &to, "end of validity"},
		} {
			if m := f.re.FindStringSubmatch(l.Text); m != nil {
				note(f.into, f.name, m[1])
			}
		}
		switch m := nameField.FindStringSubmatch(l.Text); {
		case m != nil && len(d.DNSNames) < maxItems:
			d.DNSNames = append(d.DNSNames, m[1]+m[2])
		case anyName.MatchString(l.Text):
			return d, &UnreadableError{Command: e.Command, Line: l.Number, Reason: fmt.Sprintf("unknown answer %q", shorten(l.Text))}
		}
	}
	begin, known1, ok1 := certificateTime(from, -1)
	end, known2, ok2 := certificateTime(to, 1)
	d.NotBefore, d.NotAfter, d.ZoneKnown = begin, end, known1 && known2
	switch {
	case repeated != "":
		return d, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the answer names two values as the " + repeated}
	case d.Subject == "" || d.Issuer == "" || !ok1 || !ok2:
		return d, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "subject, issuer or validity have none of the known forms"}
	}
	return d, nil
}

// unwrapNames joins names that fill a terminal's line and go on in the next
// one. The number of a line is returned where that is not certain.
func unwrapNames(answer []Line) ([]Line, int) {
	out := make([]Line, 0, len(answer))
	width := 0
	inName := false
	for _, l := range answer {
		if inName && !nameEnd.MatchString(l.Text) {
			if width != terminalWidth {
				return nil, l.Number
			}
			out[len(out)-1].Text += strings.TrimRight(l.Text, " ")
		} else {
			out = append(out, l)
			inName = subjectField.MatchString(l.Text) || issuerField.MatchString(l.Text)
		}
		width = utf8.RuneCountInString(l.Text)
	}
	return out, 0
}

// nameEnd matches what follows the names of a dump.
var nameEnd = regexp.MustCompile(`(?i)^\s*(?:(?:validity|from|to|not before|not after|subject(?: name)?|issuer(?: name)?|key|version|serial(?: number)?|signature ?algorithm|extensions?)\b[^=]*:|[\[\]])`)

// Offsets of zones from UTC reach from -12 to +14 hours.
const (
	westernmost = 12 * time.Hour
	easternmost = 14 * time.Hour
)

var (
	zonedTime = regexp.MustCompile(`^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2} \d{1,2} \d{2}:\d{2}:\d{2}) ([A-Za-z]{1,5}) (\d{4})$`)
	sslTime   = regexp.MustCompile(`^([A-Z][a-z]{2} \d{1,2} \d{2}:\d{2}:\d{2}) (\d{4}) (GMT|UTC)$`)
)

// certificateTime reads an instant as Java and OpenSSL print it. Abbreviations
// of zones are ambiguous (IST is India, Israel and Ireland), so any but UTC
// gives the bound on the given side: -1 the latest instant that the text can
// mean, 1 the earliest.
func certificateTime(text string, side int) (at time.Time, known, ok bool) {
	text = blanks.ReplaceAllString(text, " ")
	const layout = "Jan 2 15:04:05 2006"
	if m := sslTime.FindStringSubmatch(text); m != nil {
		at, err := time.Parse(layout, m[1]+" "+m[2])
		return at, true, err == nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.UTC(), true, true
	}
	m := zonedTime.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, false, false
	}
	at, err := time.Parse(layout, m[1]+" "+m[3])
	switch zone := strings.ToUpper(m[2]); {
	case zone == "UTC" || zone == "GMT" || zone == "Z":
		return at, true, err == nil
	case side < 0:
		return at.Add(westernmost), false, err == nil
	}
	return at.Add(-easternmost), false, err == nil
}
