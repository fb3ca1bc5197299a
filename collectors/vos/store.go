// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"strings"
	"time"

	"github.com/postern-audit/postern/collectors/internal/transcript"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/vos"
)

func stores(r *transcript.Reader, n *evidence.VOSNode) {
	n.OwnCertificates = store(r, vos.OwnStore, "own_certificates")
	n.TrustCertificates = store(r, vos.TrustStore, "trust_certificates")
	dumps, errs := r.Transcript().CertificateDumps()
	for _, err := range errs {
		r.Miss(err, "certificate_dumps")
	}
	for _, d := range dumps {
		n.CertificateDumps = append(n.CertificateDumps, evidence.CLICertificateDump{
			Unit: d.Unit, File: d.File, Trust: d.Store == vos.TrustStore,
			SubjectName: d.Subject, IssuerName: d.Issuer, Serial: d.Serial, SelfIssued: d.Subject == d.Issuer, DNSNames: d.DNSNames,
			NotBefore: d.NotBefore.Format(time.RFC3339), NotAfter: d.NotAfter.Format(time.RFC3339), ZoneKnown: d.ZoneKnown,
			Format: evidence.Format(d.Format), Source: r.At(d.Line),
		})
	}
}

func store(r *transcript.Reader, which vos.Store, field string) evidence.CLICertificates {
	got, err := r.Transcript().ReadCertificates(which)
	out := evidence.CLICertificates{Format: evidence.FormatNone}
	if err != nil {
		r.Miss(err, field)
	}
	if got.Line != 0 {
		out = evidence.CLICertificates{Known: err == nil, Format: evidence.Format(got.Format), Source: r.At(got.Line)}
	}
	for _, c := range got.Certificates {
		kind := evidence.CLICertificateOther
		switch {
		case c.SelfSigned:
			kind = evidence.CLICertificateSelfSigned
		case c.SignedBy != "":
			kind = evidence.CLICertificateSigned
		}
		out.Certificates = append(out.Certificates, evidence.CLICertificate{
			Unit: c.Unit, File: c.File, Description: c.Description, Kind: kind, SignedBy: c.SignedBy, Source: r.At(c.Line),
		})
	}
	return out
}

func properties(r *transcript.Reader, n *evidence.VOSNode) {
	all, errs := r.Transcript().Properties()
	for _, err := range errs {
		// Any of the settings by name may stand in the group that was not read.
		r.Miss(err, "properties", "trust_all_certificates", "log_call_variables", "proxy_custom_reports", "user_auth_mode", "notification_connection")
	}
	for _, p := range all {
		fact := evidence.CLIProperty{Group: p.Group, Name: p.Name, Value: p.Value, Format: evidence.Format(p.Format), Source: r.At(p.Line)}
		if p.Bytes >= 0 {
			fact.Bytes = evidence.Known(p.Bytes, evidence.Explicit)
		}
		n.Properties = append(n.Properties, fact)
	}
	n.TrustAllCertificates = property(r, all, "trustAllCertificates", "trust_all_certificates")
	n.LogCallVariables = property(r, all, "logCallVariables", "log_call_variables")
	n.ProxyCustomReports = property(r, all, "allow-proxy-custom-report", "proxy_custom_reports")
	n.UserAuthMode = property(r, all, "enableUserAuthMode", "user_auth_mode")
	n.NotificationConnection = property(r, all, "notificationConnectionType", "notification_connection")
}

// property finds a setting by its name. Where groups hold different values of
// it, it is not known.
func property(r *transcript.Reader, all []vos.Property, name, field string) evidence.CLIValue {
	out := evidence.CLIValue{Format: evidence.FormatNone}
	for _, p := range all {
		switch {
		case !strings.EqualFold(p.Name, name):
		case out.Known && out.Value != p.Value:
			r.Miss(&vos.UnreadableError{Command: p.Group + " " + p.Name, Line: p.Line, Reason: "groups hold different values of it"}, field)
			return evidence.CLIValue{Format: evidence.FormatNone}
		default:
			out = r.Value(vos.Value{Text: p.Value, Format: p.Format, Line: p.Line})
		}
	}
	return out
}
