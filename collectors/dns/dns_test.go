// SPDX-License-Identifier: Apache-2.0

package dns_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/postern-audit/postern/collectors/dns"
	"github.com/postern-audit/postern/internal/dial"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

func collect(t *testing.T, files map[string]string, s evidence.Site, dialer evidence.Dialer) ([]evidence.DNSView, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opened := site.OpenFiles(dir, &evidence.Archive{})
	t.Cleanup(func() { _ = opened.Close() })
	got, err := dns.Collector{}.Collect(t.Context(), evidence.Target{
		Kind: evidence.KindSite, Subject: "site", Site: &s, Files: opened, Dial: dialer, Now: time.Now, Vantage: evidence.VantageLAN,
	})
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, g := range got.Gaps {
		reasons = append(reasons, g.Reason)
	}
	return got.Sections.DNS, strings.Join(reasons, "\n")
}

// saved reads one file of answers.
func saved(t *testing.T, text string) (evidence.DNSView, string) {
	t.Helper()
	views, gaps := collect(t, map[string]string{"a.txt": text}, evidence.Site{DNS: []evidence.DNSAnswers{{View: evidence.VantageLAN, Answers: "a.txt"}}}, nil)
	if len(views) == 0 {
		return evidence.DNSView{}, gaps
	}
	return views[0], gaps
}

func show(v evidence.DNSView) string {
	var out []string
	for _, n := range v.Names {
		out = append(out, n.Name+" "+string(n.Status)+" "+strings.Join(n.Addresses, ",")+" "+strings.Join(n.Aliases, ",")+" "+strings.Join(n.Types, ","))
	}
	return strings.Join(out, "\n")
}

const header = ";; ->>HEADER<<- opcode: QUERY, status: STATUS, id: 1\n;; flags: FLAGS; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 1\n\n;; QUESTION SECTION:\n;NAME.\t\tIN\tTYPE\n\n"

func reply(status, flags, name, kind, rest string) string {
	return strings.NewReplacer("STATUS", status, "FLAGS", flags, "NAME", name, "TYPE", kind).Replace(header) + rest
}

func TestTheWholeOutputOfDigTellsWhatDoesNotExist(t *testing.T) {
	v, gaps := saved(t, "; <<>> DiG 9.18.1 <<>> fin-a.corp.example\n"+
		reply("NOERROR", "qr rd ra", "Fin-A.corp.example", "A", ";; ANSWER SECTION:\nfin-a.corp.example. 300 IN CNAME x.corp.example.\nx.corp.example. 300 IN A 10.1.0.11\n\n;; AUTHORITY SECTION:\ncorp.example. 1 IN NS ns.corp.example.\n\n;; ADDITIONAL SECTION:\nns.corp.example. 1 IN A 10.9.0.53\n\n;; SERVER: 10.9.0.53#53(10.9.0.53)\n")+
		reply("NOERROR", "qr rd ra", "fin-a.corp.example", "AAAA", "")+
		reply("NXDOMAIN", "qr aa", "gone.corp.example", "A", "")+
		reply("SERVFAIL", "qr rd ra", "odd.corp.example", "A", "")+
		reply("NOERROR", "qr rd", "referred.example", "A", ";; AUTHORITY SECTION:\nexample. 1 IN NS a.example.\n")+
		reply("NOERROR", "qr rd ra", "mail.example", "MX", ";; ANSWER SECTION:\nmail.example. 1 IN MX 10 a.example.\n")+
		reply("NOERROR", "qr rd ra", "bare.example", "A", "")+
		"; <<>> DiG 9.18.1 <<>> @10.9.0.54 +tries=1 -t A silent.example\n;; connection timed out; no servers could be reached\n")
	want := "fin-a.corp.example answered 10.1.0.11 x.corp.example A,AAAA\ngone.corp.example nxdomain   A\nodd.corp.example failed   A\n" +
		"referred.example failed   A\nbare.example no_address   A\nsilent.example failed   "
	if show(v) != want || gaps != "" || v.Form != evidence.DNSDig || v.Resolver != "10.9.0.53" || v.Subject != "dns/lan" {
		t.Errorf("%s\n%s\n%+v", show(v), gaps, v)
	}
	if s := v.Names[0].Source; s.Artifact != "a.txt" || s.Line != 2 {
		t.Errorf("%+v", s)
	}
}

func TestOutputOfDigWithAnswersAloneTellsWhatIsFound(t *testing.T) {
	v, gaps := saved(t, "desk-a.agents.example.\t300\tIN\tA\t203.0.113.10\ndesk-a.agents.example.\t300\tIN\tA\t203.0.113.11\n"+
		"www.example. 60 IN CNAME lb.example.\nlb.example. 60 IN AAAA 2001:db8::1\nexample. 60 IN TXT \"x\"\ndangling.example. 60 IN CNAME nobody.example.\n")
	want := "desk-a.agents.example answered 203.0.113.10,203.0.113.11  \nwww.example answered 2001:db8::1 lb.example \nlb.example answered 2001:db8::1  "
	if show(v) != want || !strings.Contains(gaps, "dangling.example") {
		t.Errorf("%s\n%s", show(v), gaps)
	}
}

func TestOutputOfGetentIsReadInBothForms(t *testing.T) {
	v, gaps := saved(t, "10.1.0.11       STREAM fin-a.corp.example\n10.1.0.11       DGRAM\n::ffff:10.1.0.12 RAW\n10.1.0.21 cuic-a.corp.example cuic-a\n")
	want := "fin-a.corp.example answered 10.1.0.11,10.1.0.12  \ncuic-a.corp.example answered 10.1.0.21  \ncuic-a answered 10.1.0.21  "
	if show(v) != want || gaps != "" || v.Form != evidence.DNSGetent {
		t.Errorf("%s\n%s", show(v), gaps)
	}
}

func TestAnswersThatCannotBeReadAreAGap(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "another tool": "Server: 10.9.0.53\nName: x\n", "a bad address": "a.example. 1 IN A 10.1.0.256\n", "the wrong family": "a.example. 1 IN AAAA 10.1.0.1\n",
		"no question": ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n", "silence without a name": ";; connection timed out; no servers could be reached\n",
		"an address first": "10.1.0.11 DGRAM\n", "a cut line of getent": "10.1.0.11 STREAM a\n10.1.0\n", "binary": "\x7fELF\x00\x01\x02",
	} {
		if _, gaps := saved(t, text); gaps == "" {
			t.Errorf("%s leaves no gap", name)
		}
	}
	if _, gaps := collect(t, nil, evidence.Site{DNS: []evidence.DNSAnswers{{View: evidence.VantageDMZ, Answers: "gone"}}}, nil); !strings.Contains(gaps, "gone") {
		t.Errorf("%s", gaps)
	}
	if _, gaps := collect(t, nil, evidence.Site{}, nil); !strings.Contains(gaps, "declares no dns") {
		t.Errorf("%s", gaps)
	}
}

// server answers questions over TCP on loopback with what answer makes of them;
// nil ends the connection.
func server(t *testing.T, answer func(*dnsmessage.Message) *dnsmessage.Message) evidence.Dialer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	// Answers are made one at a time, also for connections that follow each other.
	var one sync.Mutex
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for {
					var length [2]byte
					if _, err := io.ReadFull(conn, length[:]); err != nil {
						return
					}
					text := make([]byte, binary.BigEndian.Uint16(length[:]))
					if _, err := io.ReadFull(conn, text); err != nil {
						return
					}
					var m dnsmessage.Message
					if err := m.Unpack(text); err != nil {
						return
					}
					m.Response = true
					one.Lock()
					made := answer(&m)
					one.Unlock()
					if made == nil {
						return
					}
					out, err := made.Pack()
					if err != nil {
						return
					}
					if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...)); err != nil {
						return
					}
				}
			}()
		}
	}()
	d, err := dial.New(dial.Config{Endpoints: []dial.Endpoint{{Host: "10.9.0.53", Port: 53, Address: l.Addr().String()}}, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var asked = evidence.Site{
	Nodes:        []evidence.Node{{Host: "Fin-A.corp.example"}, {Host: "10.1.0.5"}},
	Integrations: []evidence.Integration{{EmbedderOrigin: "https://crm.example:8443"}},
	ProxyMap:     evidence.MapLocation{URL: "https://map.corp.example/x"},
	DNS:          []evidence.DNSAnswers{{View: evidence.VantageLAN, Resolver: "10.9.0.53", Names: []string{"desk-a.agents.example"}}},
}

func record(m *dnsmessage.Message, body dnsmessage.ResourceBody, kind dnsmessage.Type) {
	m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Type: kind, Class: dnsmessage.ClassINET}, Body: body})
}

func TestAResolverIsAskedForTheDeclaredNamesAndNoOthers(t *testing.T) {
	var questions []string
	d := server(t, func(m *dnsmessage.Message) *dnsmessage.Message {
		q := m.Questions[0]
		questions = append(questions, q.Name.String()+" "+q.Type.String())
		m.RecursionAvailable = true
		switch {
		case strings.HasPrefix(q.Name.String(), "map."):
			m.RCode = dnsmessage.RCodeNameError
		case strings.HasPrefix(q.Name.String(), "crm."):
			m.RCode = dnsmessage.RCodeServerFailure
		case q.Type == dnsmessage.TypeA:
			record(m, &dnsmessage.AResource{A: [4]byte{10, 1, 0, 11}}, dnsmessage.TypeA)
		case strings.HasPrefix(q.Name.String(), "desk-a."):
			record(m, &dnsmessage.AAAAResource{AAAA: [16]byte{0x20, 1, 15: 1}}, dnsmessage.TypeAAAA)
		}
		return m
	})
	views, gaps := collect(t, nil, asked, d)
	want := "crm.example failed   A,AAAA\ndesk-a.agents.example answered 10.1.0.11,2001::1  A,AAAA\nfin-a.corp.example answered 10.1.0.11  A,AAAA\nmap.corp.example nxdomain   A,AAAA"
	if len(views) != 1 || show(views[0]) != want || gaps != "" {
		t.Fatalf("%+v\n%s", views, gaps)
	}
	if v := views[0]; v.Form != evidence.DNSLive || v.Resolver != "10.9.0.53" || v.Names[0].Source.Port != 53 || v.Names[0].Source.Vantage != evidence.VantageLAN {
		t.Errorf("%+v", v)
	}
	if cost := (dns.Collector{}).Plan(evidence.Target{Kind: evidence.KindSite, Site: &asked}); len(questions) != cost.Requests || cost.Connections != 1 {
		t.Errorf("%d questions, planned %+v", len(questions), cost)
	}
}

func TestAServerThatHangsUpAfterEachAnswerIsAskedAgain(t *testing.T) {
	answered := false
	d := server(t, func(m *dnsmessage.Message) *dnsmessage.Message {
		if answered = !answered; !answered {
			return nil
		}
		m.Authoritative = true
		record(m, &dnsmessage.AResource{A: [4]byte{10, 1, 0, 11}}, dnsmessage.TypeA)
		return m
	})
	views, gaps := collect(t, nil, asked, d)
	if gaps != "" || len(views) != 1 || views[0].Names[3].Status != evidence.DNSAnswered {
		t.Errorf("%+v %s", views, gaps)
	}
}

func TestAnAnswerToAnotherQuestionProvesNothing(t *testing.T) {
	for name, spoil := range map[string]func(*dnsmessage.Message) *dnsmessage.Message{
		"another name": func(m *dnsmessage.Message) *dnsmessage.Message {
			m.Questions[0].Name = dnsmessage.MustNewName("x.example.")
			return m
		},
		"another number": func(m *dnsmessage.Message) *dnsmessage.Message { m.ID++; return m },
		"a question":     func(m *dnsmessage.Message) *dnsmessage.Message { m.Response = false; return m },
		"a referral":     func(m *dnsmessage.Message) *dnsmessage.Message { return m },
		"many records": func(m *dnsmessage.Message) *dnsmessage.Message {
			for range 300 {
				record(m, &dnsmessage.AResource{A: [4]byte{10, 1, 0, 11}}, dnsmessage.TypeA)
			}
			return m
		},
	} {
		views, _ := collect(t, nil, asked, server(t, spoil))
		if len(views) != 1 || views[0].Names[0].Status != evidence.DNSFailed || views[0].Names[0].Reason == "" {
			t.Errorf("%s: %+v", name, views)
		}
	}
}

type nobody struct{ dials int }

func (n *nobody) DialEndpoint(context.Context, string, int) (net.Conn, error) {
	n.dials++
	return nil, errors.New("connection refused")
}
func (*nobody) Ready(context.Context) error { return nil }
func (*nobody) Heard(int)                   {}

func TestAResolverThatDoesNotAnswerIsLeftAloneAndAGap(t *testing.T) {
	n := &nobody{}
	views, gaps := collect(t, nil, asked, n)
	if len(views) != 1 || len(views[0].Names) != 4 || !strings.Contains(gaps, "connection refused") || n.dials > 3 {
		t.Errorf("%d dials, %+v, %s", n.dials, views, gaps)
	}
	if _, gaps := collect(t, nil, asked, nil); !strings.Contains(gaps, "offline") {
		t.Errorf("%s", gaps)
	}
}

func FuzzSaved(f *testing.F) {
	f.Add("; <<>> DiG 9 <<>> a.b\n" + reply("NOERROR", "qr ra", "a.b", "A", ";; ANSWER SECTION:\na.b. 1 IN CNAME a.b.\n"))
	f.Add("10.1.0.11 STREAM a\n10.1.0.11 RAW\n")
	f.Add("a. 1 IN CNAME b.\nb. 1 IN CNAME a.\n;; communications error to ::1#53: timed out\n")
	f.Fuzz(func(t *testing.T, text string) {
		v, gaps := saved(t, text)
		if len(v.Names) == 0 && gaps == "" && !strings.Contains(text, "HEADER") {
			t.Error("silence")
		}
		for _, n := range v.Names {
			if n.Name == "" || (n.Status == evidence.DNSAnswered) != (len(n.Addresses) > 0) {
				t.Errorf("%+v", n)
			}
		}
	})
}
