// SPDX-License-Identifier: Apache-2.0

package evidence

// OriginKind says how a value came to hold.
type OriginKind string

const (
	// Explicit: written at the place that the source names.
	Explicit OriginKind = "explicit"
	// Inherited: written in an enclosing block, which the source names.
	Inherited OriginKind = "inherited"
	// Default: not written; the program's built-in value. Origin.Version names
	// the releases that it is the default of.
	Default OriginKind = "default"
	// Observed: seen on the wire.
	Observed OriginKind = "observed"
	// Declared: stated by the site file.
	Declared OriginKind = "declared"
	// Unresolved: the value depends on something that is not known. It is
	// never guessed and is always accompanied by a gap.
	Unresolved OriginKind = "unresolved"
)

// Values lists the members of the enumeration, for the schema.
func (OriginKind) Values() []string {
	return []string{string(Explicit), string(Inherited), string(Default), string(Observed), string(Declared), string(Unresolved)}
}

// Origin is how a value came to hold. The zero value means "not recorded".
type Origin struct {
	Kind OriginKind `json:"kind"`
	// Version is the release, or range of releases, whose default this is.
	Version string `json:"version"`
}

// Vantage is the network position that a live fact was observed from.
type Vantage string

const (
	VantageUnknown  Vantage = "unknown"
	VantageInternet Vantage = "internet"
	VantageDMZ      Vantage = "dmz"
	VantageLAN      Vantage = "lan"
)

// Values lists the members of the enumeration, for the schema.
func (Vantage) Values() []string {
	return []string{string(VantageUnknown), string(VantageInternet), string(VantageDMZ), string(VantageLAN)}
}

// Source is the place a fact came from: an artifact with line and column
// (1-based, 0 where unknown), or a host and port with the instant and vantage
// of the observation.
type Source struct {
	Artifact string  `json:"artifact"`
	Line     int     `json:"line"`
	Column   int     `json:"column"`
	Host     string  `json:"host"`
	Port     int     `json:"port"`
	At       string  `json:"at"`
	Vantage  Vantage `json:"vantage"`
	Origin   Origin  `json:"origin"`
}

// Optional is a value that may not be known. When Known is false, Value is the
// zero value and means nothing; a rule must look at Known first.
type Optional[T any] struct {
	Known  bool   `json:"known"`
	Value  T      `json:"value"`
	Origin Origin `json:"origin"`
}

// Known wraps a value together with the way it was learned.
func Known[T any](v T, kind OriginKind) Optional[T] {
	return Optional[T]{Known: true, Value: v, Origin: Origin{Kind: kind}}
}
