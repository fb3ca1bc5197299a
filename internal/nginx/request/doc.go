// SPDX-License-Identifier: Apache-2.0

// Package request says what nginx does with one request: it takes a
// configuration and a raw request and follows nginx step by step, from the bytes
// of the request line to the upstream and the path that this upstream gets.
//
// The model follows nginx 1.22.1, against which it is tested with random
// configurations and random requests. What it does not follow ends as Unknown
// with the directive that decides; it never guesses. It sees one request alone:
// caches are cold, rate limits are not reached, upstreams answer, a body is as
// long as Content-Length says, and a client has no certificate.
package request
