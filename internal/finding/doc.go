// SPDX-License-Identifier: Apache-2.0

// Package finding defines judgement: rules, verdicts and findings.
//
// # Words
//
// One word per idea, everywhere in the code, the reports and the docs.
//
//   - site: one deployment, as one site file describes it.
//   - edge: a reverse-proxy host in the DMZ. node: a server behind it.
//     cluster: nodes that replicate each other.
//   - collector: gathers one kind of evidence. section: what it fills.
//   - source: where a fact was read or observed. origin: how it came to hold.
//   - gap: what could not be learned, about which subject, and why.
//   - vantage: the network position that a live fact was observed from.
//   - live: over the network. probe is the command of that name only.
//   - rule: a judgement in Rego. subject: what it judges.
//   - verdict: one rule about one subject. outcome: fail, pass,
//     not-applicable, unknown, or manual.
//   - finding: one defect. witness: its replayable proof.
//   - control: a requirement of the vendor's guide or of CIS; rules decide it.
//   - waiver: a dated, approved exception. attestation: a person's answer to
//     what no machine can see.
//   - profile: the release and baseline that a site is judged by.
//
// # Three channels
//
// An error means that Postern failed. A gap means that the world did not
// answer. A finding means that the target is wrong. They never mix.
package finding
