// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf8"
)

// What is below looks like a secret, or stands where one would, and is none; or
// looks public and is not.

// maxEncoded bounds the text of one certificate or request, in bytes.
const maxEncoded = 64 << 10

var (
	certificateElement = regexp.MustCompile(`<(?:[A-Za-z_][A-Za-z0-9_.-]*:)?X509Certificate(?:\s[^<>]*)?>`)
	// certificateGaps is what may stand between the parts of a certificate's
	// text: Java writes the carriage returns of its lines as references.
	certificateGaps = strings.NewReplacer("&#13;", "", "&#xD;", "", "&#xd;", "", " ", "", "\t", "", "\r", "", "\n", "")
)

// publicStretches finds the certificates in elements of XML Signature (section
// 4.5.4), as SAML metadata has them. What only claims to be a certificate is
// none: a key could stand there.
func publicStretches(text string) [][]int {
	if !strings.Contains(text, "X509Certificate") {
		return nil
	}
	var stretches [][]int
	for at := 0; ; {
		loc := certificateElement.FindStringIndex(text[at:])
		if loc == nil {
			return stretches
		}
		from := at + loc[1]
		at = from
		length := strings.IndexByte(text[from:], '<')
		if length < 0 || length > maxEncoded || !strings.HasPrefix(text[from+length:], "</") {
			continue
		}
		at += length
		der, err := base64.StdEncoding.DecodeString(certificateGaps.Replace(text[from:at]))
		if err == nil && shapedAsCertificate(der) {
			stretches = append(stretches, []int{from, at})
		}
	}
}

// shapedAsCertificate reports whether bytes are one certificate, or have the
// outer shape of one (RFC 5280, section 4.1), which no form of a private key
// has: the signed part, the algorithm and the signature.
func shapedAsCertificate(der []byte) bool {
	if _, err := x509.ParseCertificate(der); err == nil {
		return true
	}
	var signed struct {
		Content   asn1.RawValue
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	rest, err := asn1.Unmarshal(der, &signed)
	isSequence := func(v asn1.RawValue) bool { return v.Class == 0 && v.Tag == asn1.TagSequence && v.IsCompound }
	return err == nil && len(rest) == 0 && isSequence(signed.Content) && isSequence(signed.Algorithm) && !bytes.Contains(der, challengePassword)
}

// challengePassword is the identifier of that attribute (RFC 2985, section
// 5.4.1) in DER.
var challengePassword = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x07}

// requestBegin begins a certificate request (RFC 7468, section 7).
var requestBegin = regexp.MustCompile(`(?i)-{4,5} ?BEGIN (?:NEW )?CERTIFICATE REQUEST-{4,5}`)

// isPlainRequest reports whether the text after the beginning of a request is
// one without a password in it. A body that was cut or damaged is searched as
// far as it goes, whatever the place of the damage shifted it by: the attribute
// is named before its value.
func isPlainRequest(after string) bool {
	body, _, _ := strings.Cut(after[:min(len(after), maxEncoded)], "----")
	if len(body) == maxEncoded {
		return false
	}
	body = requestGaps.Replace(body)
	body = strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf || base64Class[r]&(base64Both|base64Std) == 0 {
			return -1
		}
		return r
	}, body)
	for shift := range min(4, len(body)) {
		part := body[shift:]
		der, err := base64.RawStdEncoding.DecodeString(part[:len(part)&^3])
		if err != nil || bytes.Contains(der, challengePassword) {
			return false
		}
	}
	return true
}

// requestGaps knows the line breaks of a program's text.
var requestGaps = strings.NewReplacer(`\n`, "", `\r`, "")

// isPlainName reports whether the value of an attribute called key, in a tag of
// XML, is the name of something: one word of everyday use. A key in base64 or
// hex has digits, or letters of both cases in no order.
func isPlainName(text string, match []int) bool {
	value := group(text, match)
	if len(value) > 24 || !plainWord.MatchString(value) {
		return false
	}
	before := text[max(0, match[0]+1-maxTag) : match[0]+1]
	tag := strings.LastIndexByte(before, '<')
	return tag >= 0 && strings.IndexByte(before[tag:], '>') < 0 && tagStart.MatchString(before[tag:])
}

// maxTag is how far before an attribute its tag may begin, in bytes.
const maxTag = 1 << 10

var (
	tagStart  = regexp.MustCompile(`^<[A-Za-z_][A-Za-z0-9_.:-]*\s`)
	plainWord = regexp.MustCompile(`^[A-Za-z]?[a-z]+(?:[A-Z][a-z]+){0,3}$`)
)

// group returns the first group that matched.
func group(text string, match []int) string {
	for g := 2; g+1 < len(match); g += 2 {
		if match[g] >= 0 {
			return text[match[g]:match[g+1]]
		}
	}
	return ""
}

// isPlace reports whether an assignment gives an address without user data, or
// a file, to a name that does not say password, secret or token itself. Such a
// name may say so if it ends with what it is: TOKEN_URL, PASSWORD_FILE.
func isPlace(text string, match []int) bool {
	value := group(text, match)
	name := strings.ToLower(strings.TrimRight(strings.TrimSuffix(text[match[0]:match[1]], value), `"'= `))
	if secretName.MatchString(name) && !placeName.MatchString(name) {
		return false
	}
	if filePath.MatchString(value) {
		return true
	}
	if !plainURL.MatchString(value) {
		return false
	}
	// A long part of an address can be the secret that opens it.
	for part := range strings.SplitSeq(value, "/") {
		if len(part) > 20 && !strings.Contains(part, ".") && strings.ContainsAny(part, "0123456789") {
			return false
		}
	}
	return true
}

// isKeyFile reports whether a name that says private key is given a file.
func isKeyFile(text string, match []int) bool {
	return strings.Contains(strings.ToLower(text[match[0]:match[1]]), "key") && isPlace(text, match)
}

var (
	secretName = regexp.MustCompile(`pass|pw|secret|token|jwt|cred`)
	placeName  = regexp.MustCompile(`_(?:ur[il]|endpoint|host|file|path|dir)$`)
	plainURL   = regexp.MustCompile(`(?i)^(?:https?|wss?|ldaps?|tcp|redis)://[a-z0-9.$\{\}_-]+(?::[0-9$\{\}a-z_]+)?(?:/[a-z0-9._~/$\{\}-]*)?$`)
	filePath   = regexp.MustCompile(`^\.{0,2}/?(?:(?:[A-Za-z0-9._-]|\$\{?[A-Za-z0-9_]+\}?)+/)*[A-Za-z0-9._-]+\.(?:key|pem|crt|cer|der|p12|pfx|jks|keytab|txt|conf|json|env|htpasswd)$`)
)

// isPackageVersion reports whether what follows the word passwd is the version
// of the package of that name, as dpkg and rpm list it.
func isPackageVersion(text string, match []int) bool {
	word := strings.ToLower(text[match[0]:match[2]])
	return strings.HasSuffix(strings.TrimRight(word, " \t"), "passwd") && packageVersion.MatchString(group(text, match))
}

var packageVersion = regexp.MustCompile(`^(?:\d+:)?\d+(?:\.\d+)+(?:[-+~.][0-9A-Za-z.+~-]+)?$`)

// isNoOldHash reports whether 13 characters after a name are something else
// than what the oldest crypt makes: that has letters of both cases, and not as
// words that were put together have them.
func isNoOldHash(text string, match []int) bool {
	value := group(text, match)
	return value == strings.ToLower(value) || value == strings.ToUpper(value) || plainWord.MatchString(value)
}

// endsTag reports whether what would be a prompt is a tag of XML, whose content
// another pattern takes.
func endsTag(text string, match []int) bool {
	head := text[match[0]:match[2+2*firstGroup(match)]]
	if !strings.HasSuffix(strings.TrimRight(head, " \t\"'"), ">") {
		return false
	}
	at := match[0]
	for at > 0 && strings.IndexByte(`<>"' `, text[at]) < 0 {
		at--
	}
	return text[at] == '<'
}

func firstGroup(match []int) int {
	for g := 2; g+1 < len(match); g += 2 {
		if match[g] >= 0 {
			return g/2 - 1
		}
	}
	return 0
}
