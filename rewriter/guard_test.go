// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

func TestGuardJudgesTheSameHoweverTheBytesArrive(t *testing.T) {
	s := newScene(t, nil)
	stream := get("/desktop/1") +
		"POST /finesse/api/ClientLog/1 HTTP/1.1\r\nHost: " + desk + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n" +
		get("/cfadmin") +
		"POST /finesse/api/ClientLog/2 HTTP/1.1\r\nHost: " + desk + "\r\nContent-Length: 4\r\n\r\n\r\n\r\n" +
		get("/desktop/2") + "GET /desktop/3 HTTP/1.1\nHost: " + desk + "\n\n" + get("/desktop/4")
	const want = "[200 200 403 200 200 400]"
	for _, piece := range []int{1, 2, 7, 64, len(stream)} {
		c, err := s.dial(desk, "desk-a.agents.example")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for i := 0; i < len(stream); i += piece {
				if _, err := io.WriteString(c, stream[i:min(len(stream), i+piece)]); err != nil {
					return // the proxy closed behind its refusal
				}
			}
		}()
		var statuses []int
		for reader := bufio.NewReader(c); ; {
			res, err := http.ReadResponse(reader, nil)
			if err != nil {
				break
			}
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			statuses = append(statuses, res.StatusCode)
		}
		c.Close()
		if got := fmt.Sprint(statuses); got != want {
			t.Errorf("in pieces of %d: %s, want %s", piece, got, want)
		}
		if got := s.arrivals(); len(got) != 4 || got[1].Body+got[2].Body != "hello0123456789\r\n\r\n" {
			t.Errorf("in pieces of %d arrived %+v", piece, got)
		}
	}
}

func TestConnectionThatEndsInsideAHeadReachesNobody(t *testing.T) {
	s := newScene(t, nil)
	head := get("/desktop/")
	for _, cut := range []int{1, 10, len(head) - 4, len(head) - 2, len(head) - 1} {
		c, err := s.dial(desk, "desk-a.agents.example")
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, head[:cut])
		c.CloseWrite()
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		if answer, _ := io.ReadAll(c); len(answer) != 0 {
			t.Errorf("cut at %d: %q", cut, answer)
		}
		c.Close()
	}
	if got := s.arrivals(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
