// SPDX-License-Identifier: Apache-2.0

package surface

import "regexp"

// PlainPath is the language of plain paths as a regular expression for a whole path,
// without anchors, in what RE2 and PCRE have in common. A plain path
//
//   - begins with a slash and has no empty segment but the last;
//   - holds unreserved bytes and ! $ & ' ( ) * + , = : @ as they are, and no ";";
//   - has other printable bytes of ASCII percent-encoded, once, but none of those that
//     a server may give a meaning to after decoding ("/" "\" "%" ";" "?" "#") or that
//     need no encoding;
//   - has no segment that ends in a dot, and none that begins or ends with a blank.
//
// Each of these is what some server reads as another path than its neighbour does.
const PlainPath = `/(?:` + segment + `/)*(?:` + segment + `)?`

const (
	// A byte or an escape that may stand everywhere, and the two that may not.
	unit    = `(?:[A-Za-z0-9_~!$&'()*+,=:@-]|%(?:2[1246-9A-Ca-c]|3[AaC-Ec-e]|40|5[BDEbde]|60|7[B-Db-d]))`
	dot     = `[.]`
	blank   = `%20`
	segment = `(?:(?:` + unit + `|` + dot + `)(?:` + unit + `|` + dot + `|` + blank + `)*` + unit + `|` + unit + `)`
)

var plainPath = regexp.MustCompile(`^(?:` + PlainPath + `)$`)

// Plain reports whether a path is a plain one.
func Plain(path string) bool { return plainPath.MatchString(path) }
