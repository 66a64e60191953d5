// Command oracle plays client programs on Go's http.Transport. It is told of them, and answers, in the JSON lines that
// subject.ts reads and writes; the types of both are in program.ts and report.ts.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"sync"
)

type poolOptions struct {
	MaxIdleConns            int
	MaxIdleConnsPerHost     int
	MaxConnsPerHost         int
	DisableKeepAlives       bool
	IdleConnTimeoutMs       int
	ResponseHeaderTimeoutMs int
	ExpectContinueTimeoutMs int
	MaxResponseHeaderBytes  int64
	DisableCompression      bool
}

type requestSpec struct {
	ID             int
	Method         string
	Host           int
	Body           json.RawMessage
	IdempotencyKey bool
	Close          string
	ExpectContinue bool
	Upgrade        bool
	Then           string
}

type step struct {
	Op       string
	ID       int
	Request  requestSpec
	Requests []requestSpec
	Count    json.RawMessage
	Length   int
	Fail     bool
	Text     string
	End      string
}

type command struct {
	Op      string
	Run     int
	Options poolOptions
	Ports   []int
	Step    step
}

type answer struct {
	Run    int           `json:"run"`
	Report subjectReport `json:"report"`
}

// out writes one line per answer, whole.
type out struct {
	mu      sync.Mutex
	encoder *json.Encoder
}

func (o *out) write(a answer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.encoder.Encode(a)
}

func main() {
	log.SetOutput(io.Discard) // net/http logs each unsolicited response
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	output := &out{encoder: encoder}
	programs := map[int]*program{}
	decoder := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<16))
	for {
		var c command
		if err := decoder.Decode(&c); err != nil {
			if err != io.EOF {
				os.Stderr.WriteString(err.Error() + "\n")
			}
			return
		}
		switch c.Op {
		case "open":
			programs[c.Run] = newProgram(c.Options, c.Ports)
		case "step":
			programs[c.Run].play(c.Step)
		case "report":
			run, p := c.Run, programs[c.Run]
			go func() { output.write(answer{run, p.report()}) }()
		case "end":
			programs[c.Run].end()
		case "forget":
			delete(programs, c.Run)
		}
	}
}

// newTransport gives a bare transport these options; what Go's own transport does not know stays out.
func newTransport(o poolOptions) *http.Transport {
	return &http.Transport{
		MaxIdleConns:           o.MaxIdleConns,
		MaxIdleConnsPerHost:    o.MaxIdleConnsPerHost,
		MaxConnsPerHost:        o.MaxConnsPerHost,
		DisableKeepAlives:      o.DisableKeepAlives,
		IdleConnTimeout:        milliseconds(o.IdleConnTimeoutMs),
		ResponseHeaderTimeout:  milliseconds(o.ResponseHeaderTimeoutMs),
		ExpectContinueTimeout:  milliseconds(o.ExpectContinueTimeoutMs),
		MaxResponseHeaderBytes: o.MaxResponseHeaderBytes,
		DisableCompression:     o.DisableCompression,
	}
}
