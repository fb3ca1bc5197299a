// SPDX-License-Identifier: Apache-2.0

package request

import "testing"

// What nginx 1.22 makes of $cookie_v.
func TestCookiesAreFoundAsNginxFindsThem(t *testing.T) {
	for header, want := range map[string]string{
		"v=1":              "1",
		"a=b,v=c,d;e":      "c,d",
		"v;v=1":            "",
		"v ;v=1;V = 2;":    "2",
		"v;x;v = 3 ;":      "3 ",
		"vv=1;xv=2; v=3":   "3",
		"a=v=1":            "",
		"v==1":             "=1",
		"a; b,  v=\"1;2\"": "\"1",
	} {
		if got, _ := findCookie(header, "v"); got != want {
			t.Errorf("%q: %q, and nginx says %q", header, got, want)
		}
	}
}
