// SPDX-License-Identifier: Apache-2.0

// Package surface reads the allowed surface of a gate: which paths a client may ask
// each component for, with which methods, and who has to vouch for him. What is not
// listed is refused.
//
// # Meaning
//
// For one component and one method the allowed paths are
//
//	plain paths, in a template of "paths" that lists the method,
//	minus every template of the component's "closed" and of the surface's
//
// Closed wins, whatever the order. Where several templates of "paths" list the method,
// the first gives the class. Methods are exact; nothing is implied by another.
//
// A path is the raw path of the request line, up to "?", compared byte for byte: what
// differs in case is another path. It is plain when it has one spelling and one meaning
// for every server: see PlainPath, which is the language as a regular expression.
// Whoever judges a path that was normalised before asks about the path that came out.
//
// # Templates
//
//	/desktop/api      these bytes
//	{name}            one non-empty segment of unreserved bytes (RFC 3986, 2.3);
//	                  in a closed template one non-empty segment of any bytes, so that
//	                  an encoded byte does not slip past it into a wider allowed path
//	/**               only at the end: nothing, or a slash and anything
//
// A template without /** does not hold the same path with a slash behind it. Segments
// are whole: there is no wildcard for a part of one.
//
// # Classes
//
// Public paths are static or anonymous by design; those of class flow are part of
// logging in; those of class auth want the credentials of an agent or a supervisor;
// those of class source have no login and are limited by the client's address. OPTIONS
// is the question that a browser asks before it sends credentials (CORS), so that it
// never wants them: see Path.WantsCredentials.
//
// # Extending
//
// A file with "extends" changes the surface of that name; one without is the whole
// surface. Changes are made in this order: "remove" takes allowed templates away,
// "open" takes closed ones away and says why, then "paths" and "closed" are added.
// "ports" and "shared_ports" stand for those of the base. Components are merged by
// name. Taking away what the base does not have is an error, so that a file does not
// go on meaning less than it says after its base has changed.
//
// Reading is strict: any mistake is an Error with its place and a hint.
package surface
