// SPDX-License-Identifier: Apache-2.0

package evidence

// Format says how an output format came to be known: seen in public documents,
// or inferred from them.
type Format string

const (
	FormatDocumented Format = "documented"
	FormatInferred   Format = "inferred"
	// FormatNone: the transcript does not hold the command, or no known form
	// of its answer.
	FormatNone Format = "none"
)

// Values lists the members of the enumeration, for the schema.
func (Format) Values() []string {
	return []string{string(FormatDocumented), string(FormatInferred), string(FormatNone)}
}

// CLIList is the answer of a list command. Known is false when the command was
// not run or its answer could not be read.
type CLIList struct {
	Known  bool      `json:"known"`
	Format Format    `json:"format"`
	Items  []CLIItem `json:"items"`
	Source Source    `json:"source"`
}

// CLIItem is one item of a list, with the place that shows it.
type CLIItem struct {
	Value  string `json:"value"`
	Source Source `json:"source"`
}

// CLIValue is the answer of a status command.
type CLIValue struct {
	Known  bool   `json:"known"`
	Format Format `json:"format"`
	Value  string `json:"value"`
	Source Source `json:"source"`
}

// CLICount is a number that the command line printed. Value is 0 and means
// nothing while Known is false.
type CLICount struct {
	Known  bool   `json:"known"`
	Format Format `json:"format"`
	Value  int    `json:"value"`
	Source Source `json:"source"`
}

// VOSNode is what the command line of one node shows. Facts whose command the
// transcript does not hold, or which the node's release or product does not know,
// have Known false and Format none. Which product a node runs, and so whether it
// keeps a list of proxies at all, is the role that the site file declares.
type VOSNode struct {
	// Target is "node/NAME".
	Target string `json:"target"`
	// AllowedHosts are the reverse-proxy hosts that the node trusts.
	AllowedHosts CLIList `json:"allowed_hosts"`
	ConfigURIs   CLIList `json:"config_uris"`
	// Rejections are hosts and map URLs that the node refused to add, such as
	// names that it cannot resolve.
	Rejections []CLIRejection `json:"rejections"`
	// ClientAuth is "enabled" or "disabled".
	ClientAuth CLIValue `json:"client_auth"`
	// UpdateMinutes is the poll interval of the map in minutes, as a number;
	// "none" while no map is configured.
	UpdateMinutes CLIValue `json:"update_minutes"`
	// ProxyMap is the node's own copy of the map.
	ProxyMap CLIProxyMap `json:"proxy_map"`
	// Version is such as "12.6.1.10000-23".
	Version CLIValue `json:"version"`
	// InstalledOptions are the names of the installed COP files.
	InstalledOptions CLIList `json:"installed_options"`
	// EngineeringSpecial is the highest ES level among them, 0 when the answer
	// was read completely and names none.
	EngineeringSpecial CLICount `json:"engineering_special"`
	// TLSServerMinimum and TLSClientMinimum are such as "1.2".
	TLSServerMinimum CLIValue `json:"tls_server_minimum"`
	TLSClientMinimum CLIValue `json:"tls_client_minimum"`
	// TLSCertificateType is "RSA" or "ECDSA": what the node's listeners serve.
	TLSCertificateType CLIValue `json:"tls_certificate_type"`
	// Services are the node's services with their states.
	Services CLIServices `json:"services"`
	// ServiceRestarts are the restarts that the transcript shows, in order.
	ServiceRestarts []CLIServiceRestart `json:"service_restarts"`
	// OwnCertificates and TrustCertificates are the node's stores as listed.
	OwnCertificates   CLICertificates `json:"own_certificates"`
	TrustCertificates CLICertificates `json:"trust_certificates"`
	// CertificateDumps are certificates that were shown in full.
	CertificateDumps []CLICertificateDump `json:"certificate_dumps"`
	// Properties are the settings that the transcript shows, one record for
	// each group and name.
	Properties []CLIProperty `json:"properties"`
	// TrustAllCertificates is the property of that name as printed. "true" turns
	// the validation of certificates off (Finesse Administration Guide, Manage
	// Security); one chapter of the guide labels the values the other way round.
	TrustAllCertificates CLIValue `json:"trust_all_certificates"`
	// LogCallVariables is the property of that name as printed: "true" writes
	// the call variables of customers into logs.
	LogCallVariables CLIValue `json:"log_call_variables"`
	// ProxyCustomReports is the CUIC property allow-proxy-custom-report, "on"
	// or "off".
	ProxyCustomReports CLIValue `json:"proxy_custom_reports"`
	// UserAuthMode is the property enableUserAuthMode as printed: "true" lets
	// anybody ask how a user signs in (Finesse Administration Guide, Service
	// Properties).
	UserAuthMode CLIValue `json:"user_auth_mode"`
	// NotificationConnection is how the desktop gets its events: the property
	// notificationConnectionType, "websocket" or "bosh", as printed.
	NotificationConnection CLIValue `json:"notification_connection"`
	// GadgetSourceCheck is "enabled" or "disabled".
	GadgetSourceCheck CLIValue `json:"gadget_source_check"`
	// GadgetSources are the hosts that gadgets may be loaded from.
	GadgetSources CLIList `json:"gadget_sources"`
	// ConnectedUsers and ProxyUsers count the users who are signed in, all and
	// those who came through a reverse proxy.
	ConnectedUsers CLICount `json:"connected_users"`
	ProxyUsers     CLICount `json:"proxy_users"`
	// LockedOutUsers counts the accounts that are locked. Their names are no
	// evidence.
	LockedOutUsers CLICount `json:"locked_out_users"`
	// NotificationHosts may reach the notification service's external port.
	NotificationHosts CLIList `json:"notification_hosts"`
	// AccessLogLevel and LogSeverity are those of the Web Proxy Service.
	AccessLogLevel CLIValue `json:"access_log_level"`
	LogSeverity    CLIValue `json:"log_severity"`
	// HostName is the short name; Domain its DNS domain, "" where the node
	// prints that it has none.
	HostName   CLIValue `json:"host_name"`
	Domain     CLIValue `json:"domain"`
	Addresses  CLIList  `json:"addresses"`
	DNSServers CLIList  `json:"dns_servers"`
	// IDSSecret is the digest of the secret that an identity server shares with
	// its gates.
	IDSSecret CLISecret    `json:"ids_secret"`
	Commands  []CLICommand `json:"commands"`
	Secrets   []SecretMark `json:"secrets"`
	Source    Source       `json:"source"`
}

// GapsOfNode turns gaps of the whole record of a node that trusts no proxies into
// gaps of the facts that such a node can have; other gaps stay as they are. What
// decides about trusted proxies then does not wait for a node that has none.
func GapsOfNode(role NodeRole, gaps []Gap) []Gap {
	if role.TrustsProxies() {
		return gaps
	}
	var out []Gap
	for _, g := range gaps {
		if g.Part != "" {
			out = append(out, g)
			continue
		}
		for _, part := range [...]string{
			"version", "installed_options", "engineering_special", "tls_server_minimum", "tls_client_minimum", "tls_certificate_type",
			"services", "service_restarts", "own_certificates", "trust_certificates", "certificate_dumps", "host_name", "domain",
			"addresses", "dns_servers", "commands", "secrets",
		} {
			g.Part = part
			out = append(out, g)
		}
	}
	return out
}

// CLIRejection is a value that the node refused to take into one of its lists.
type CLIRejection struct {
	// List is "allowed-hosts" or "config-uri".
	List   string `json:"list"`
	Value  string `json:"value"`
	Source Source `json:"source"`
}

// CLIProxyMap is a node's own copy of the map. It is local to the node and may
// be older than the master.
type CLIProxyMap struct {
	Known   bool       `json:"known"`
	Format  Format     `json:"format"`
	Entries []MapEntry `json:"entries"`
	// Malformed are the lines that are no entry, as shown.
	Malformed []CLIItem `json:"malformed"`
	// Problems say of the same lines, in the same order, what is wrong with each.
	Problems []MapProblem `json:"problems"`
	Source   Source       `json:"source"`
}

// ServiceState is the state of a service.
type ServiceState string

const (
	ServiceStarted  ServiceState = "started"
	ServiceStopped  ServiceState = "stopped"
	ServiceStarting ServiceState = "starting"
	ServiceStopping ServiceState = "stopping"
)

// Values lists the members of the enumeration, for the schema.
func (ServiceState) Values() []string {
	return []string{string(ServiceStarted), string(ServiceStopped), string(ServiceStarting), string(ServiceStopping)}
}

// CLIServices is the list of services. Known is set only when every line was
// read; Services holds what could be read in any case.
type CLIServices struct {
	Known    bool         `json:"known"`
	Format   Format       `json:"format"`
	Services []CLIService `json:"services"`
	Source   Source       `json:"source"`
}

// CLIService is one service of a node.
type CLIService struct {
	Name  string       `json:"name"`
	State ServiceState `json:"state"`
	// Activated is false when the node says "Service Not Activated".
	Activated bool `json:"activated"`
	// Remark is what stands behind the state, as printed.
	Remark string `json:"remark"`
	Source Source `json:"source"`
}

// CLIServiceRestart is a restart that was seen to its end. Which commands came
// before it shows in the lines of the sources.
type CLIServiceRestart struct {
	Service string `json:"service"`
	// State is the last one shown.
	State  ServiceState `json:"state"`
	Source Source       `json:"source"`
}

// CLICertificateKind says what the description of a certificate says of it.
type CLICertificateKind string

const (
	CLICertificateSelfSigned CLICertificateKind = "self_signed"
	// CLICertificateSigned names its signer.
	CLICertificateSigned CLICertificateKind = "signed"
	// CLICertificateOther has a description that says neither, or none.
	CLICertificateOther CLICertificateKind = "other"
)

// Values lists the members of the enumeration, for the schema.
func (CLICertificateKind) Values() []string {
	return []string{string(CLICertificateSelfSigned), string(CLICertificateSigned), string(CLICertificateOther)}
}

// CLICertificates is one store of certificates as listed. Known is set only
// when every line was read, so that an absent certificate is absent;
// Certificates holds what could be read in any case.
type CLICertificates struct {
	Known        bool             `json:"known"`
	Format       Format           `json:"format"`
	Certificates []CLICertificate `json:"certificates"`
	Source       Source           `json:"source"`
}

// CLICertificate is one line of a store: "tomcat/tomcat.pem: description".
type CLICertificate struct {
	// Unit is such as "tomcat" or "tomcat-trust", File such as "tomcat.pem".
	Unit        string             `json:"unit"`
	File        string             `json:"file"`
	Description string             `json:"description"`
	Kind        CLICertificateKind `json:"kind"`
	// SignedBy is the signer that the description names, "" otherwise.
	SignedBy string `json:"signed_by"`
	Source   Source `json:"source"`
}

// CLICertificateDump is one certificate shown in full.
type CLICertificateDump struct {
	// Unit and File are as in the list. Trust is set for a trust store.
	Unit  string `json:"unit"`
	File  string `json:"file"`
	Trust bool   `json:"trust"`
	// SubjectName, IssuerName and Serial are as printed.
	SubjectName string `json:"subject_name"`
	IssuerName  string `json:"issuer_name"`
	Serial      string `json:"serial"`
	// SelfIssued is set when subject and issuer are the same text.
	SelfIssued bool     `json:"self_issued"`
	DNSNames   []string `json:"dns_names"`
	// NotBefore and NotAfter are RFC 3339 in UTC. Where ZoneKnown is false the
	// printed zone's abbreviation means several offsets: NotBefore is then the
	// latest and NotAfter the earliest instant that the text can mean.
	NotBefore string `json:"not_before"`
	NotAfter  string `json:"not_after"`
	ZoneKnown bool   `json:"zone_known"`
	Format    Format `json:"format"`
	Source    Source `json:"source"`
}

// CLIProperty is one setting as printed.
type CLIProperty struct {
	// Group is desktop, webservices, fippa, or cuic.
	Group string `json:"group"`
	Name  string `json:"name"`
	Value string `json:"value"`
	// Bytes is the value as a size, known where the text prints a unit.
	Bytes  Optional[int] `json:"bytes"`
	Format Format        `json:"format"`
	Source Source        `json:"source"`
}

// CLISecret is a secret that the node printed, of which only a digest is kept.
// Known is false unless it is a random key, whose digest cannot be searched.
type CLISecret struct {
	Known  bool   `json:"known"`
	Format Format `json:"format"`
	// Length is in characters, SHA256 in hex.
	Length int    `json:"length"`
	SHA256 string `json:"sha256"`
	Source Source `json:"source"`
}

// CommandKind is what a command of a transcript does.
type CommandKind string

const (
	// CommandShow only shows: it is one that Postern itself would run.
	CommandShow CommandKind = "show"
	// CommandChange adds, deletes, sets, switches or restarts something.
	CommandChange CommandKind = "change"
	// CommandOther is neither for certain.
	CommandOther CommandKind = "other"
)

// Values lists the members of the enumeration, for the schema.
func (CommandKind) Values() []string {
	return []string{string(CommandShow), string(CommandChange), string(CommandOther)}
}

// CLICommand is one command of the transcript. Read is set when its answer was
// seen to the end, Refused when the node did not know or run it.
type CLICommand struct {
	Command string      `json:"command"`
	Kind    CommandKind `json:"kind"`
	Read    bool        `json:"read"`
	Refused bool        `json:"refused"`
	Source  Source      `json:"source"`
}

// CORSMode is the state of a component's cross-origin filter.
type CORSMode string

const (
	CORSEnabled   CORSMode = "enabled"
	CORSEnableAll CORSMode = "enable_all"
	CORSDisabled  CORSMode = "disabled"
	CORSUnknown   CORSMode = "unknown"
)

// Values lists the members of the enumeration, for the schema.
func (CORSMode) Values() []string {
	return []string{string(CORSEnabled), string(CORSEnableAll), string(CORSDisabled), string(CORSUnknown)}
}

// CORSComponent is the application whose list it is.
type CORSComponent string

const (
	CORSFinesse  CORSComponent = "finesse"
	CORSCUIC     CORSComponent = "cuic"
	CORSLiveData CORSComponent = "livedata"
)

// Values lists the members of the enumeration, for the schema.
func (CORSComponent) Values() []string {
	return []string{string(CORSFinesse), string(CORSCUIC), string(CORSLiveData)}
}

// CORS is the cross-origin configuration of one component on one node.
type CORS struct {
	// Target is "node/NAME".
	Target         string        `json:"target"`
	Component      CORSComponent `json:"component"`
	Mode           CORSMode      `json:"mode"`
	ModeSource     Source        `json:"mode_source"`
	ModeFormat     Format        `json:"mode_format"`
	AllowedOrigins CLIList       `json:"allowed_origins"`
	AllowedHeaders CLIList       `json:"allowed_headers"`
	ExposedHeaders CLIList       `json:"exposed_headers"`
	// PrivateNetworkAccess is "enabled" or "disabled": whether the component
	// answers the browser's question before a request into a private network.
	PrivateNetworkAccess CLIValue `json:"private_network_access"`
	Source               Source   `json:"source"`
}

// Framing is the list of origins that may embed a node's desktop.
type Framing struct {
	// Target is "node/NAME".
	Target string `json:"target"`
	// Verb is the command that was used: frame_access_allowed_list,
	// frame_access_whitelist or xframe.
	Verb    string   `json:"verb"`
	Entries CLIList  `json:"entries"`
	XFrame  CLIValue `json:"xframe"`
	Source  Source   `json:"source"`
}
