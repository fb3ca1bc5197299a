// SPDX-License-Identifier: Apache-2.0

package automata

import "testing"

// What PCRE 10.42 says of the boundaries of words in the way of POSIX, and of brackets
// inside of brackets.
func TestWordsEndWherePCREEndsThem(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		is            bool
	}{
		{`/[[:<:]]urls[[:>:]]`, "/urls", true},
		{`/[[:<:]]urls[[:>:]]`, "/urls-", true},
		{`/[[:<:]]urls[[:>:]]`, "/urlsx", false},
		{`x[[:<:]]urls`, "xurls", false},
		{`(?x)[[:<:]] a`, "a", true},
		{`(?x)[[:<:]] a`, "ba", false},
		{`-[[:>:]]`, "a-", false},
		{`^[[.a]]`, ".]", true},
	} {
		p, err := ParsePattern(c.pattern, false)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		if _, is, err := p.Match([]byte(c.text)); err != nil || is != c.is {
			t.Errorf("%s matches %q: %t %v", c.pattern, c.text, is, err)
		}
		a := New(0)
		b := p.Language(a)
		if in, err := a.Contains(b.Upper, []byte(c.text)); err != nil || c.is && !in || !c.is && in && b.Exact() {
			t.Errorf("the language of %s has %q: %t %v", c.pattern, c.text, in, err)
		}
	}
	// The first three are wrong for PCRE as well; what it makes of the others is not read.
	for _, pattern := range []string{`[a[:<:]]`, `[[:Foo:]]`, `[^[:<:]]`, `[[:<:]]*a`, `[[:>:]]{2}-`} {
		if _, err := ParsePattern(pattern, false); err == nil {
			t.Errorf("%s is read", pattern)
		}
	}
}
