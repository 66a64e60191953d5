package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"sort"
	"strings"
	"sync"
)

type headReport struct {
	Status        int      `json:"status"`
	Proto         string   `json:"proto"`
	ContentLength int64    `json:"contentLength"`
	Uncompressed  bool     `json:"uncompressed"`
	Headers       []string `json:"headers"`
}

type requestReport struct {
	ID            int         `json:"id"`
	Head          *headReport `json:"head"`
	Error         string      `json:"error"`
	Connections   []string    `json:"connections"`
	Returns       []string    `json:"returns"`
	Body          string      `json:"body"`
	Bytes         int64       `json:"bytes"`
	Hash          uint32      `json:"hash"`
	Trailers      []string    `json:"trailers"`
	Informational []int       `json:"informational"`
	Detail        string      `json:"detail"`
}

// pattern is what bodies are made of, repeated.
const pattern = "abcdefghijklmnopqrstuvwxyz0123456789-"

func patternBytes(from, length int) []byte {
	start := from % len(pattern)
	return bytes.Repeat([]byte(pattern), (start+length)/len(pattern)+1)[start : start+length]
}

// request is one request of a program, and what its caller knows of it.
type request struct {
	program *program
	spec    requestSpec
	ctx     context.Context
	cancel  context.CancelFunc

	// A streamed body is written here by goroutines that take turns.
	pipe    *io.PipeWriter
	pieces  chan func()
	fed     int
	endOnce sync.Once

	mu       sync.Mutex // guards what follows
	response *http.Response
	state    requestReport
}

func newRequest(p *program, spec requestSpec) *request {
	ctx, cancel := context.WithCancel(context.Background())
	r := &request{program: p, spec: spec, ctx: ctx, cancel: cancel}
	r.state = requestReport{
		ID: spec.ID, Connections: []string{}, Returns: []string{}, Trailers: []string{}, Informational: []int{},
		Hash: 0x811c9dc5,
	}
	return r
}

func (r *request) play(s step) {
	switch s.Op {
	case "read":
		count := int64(-1)
		json.Unmarshal(s.Count, &count) // "all" is no number and leaves it
		go r.read(count)
	case "close":
		if response := r.head(); response != nil {
			go response.Body.Close()
		}
	case "cancel":
		r.cancel()
	case "feed":
		from := r.fed
		r.fed += s.Length
		r.queue(func() { r.pipe.Write(patternBytes(from, s.Length)) })
	case "finish":
		r.queue(func() {
			if s.Fail {
				r.pipe.CloseWithError(errSource)
			} else {
				r.pipe.Close()
			}
		})
	case "send":
		r.send(s.Text, s.End)
	}
}

// errSource is how a streamed request body fails when the program says so.
var errSource = errors.New("the body's source failed")

// queue does things to the streamed body one after the other, without holding up the program.
func (r *request) queue(do func()) {
	if r.pieces == nil {
		return
	}
	r.pieces <- do
}

// send writes into an upgraded connection.
func (r *request) send(text, end string) {
	response := r.head()
	if response == nil {
		return
	}
	conn, ok := response.Body.(io.ReadWriteCloser)
	if !ok {
		return
	}
	io.WriteString(conn, text)
	if half, ok := response.Body.(interface{ CloseWrite() error }); ok && end == "fin" {
		half.CloseWrite()
	}
}

func (r *request) head() *http.Response {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.response
}

// run returns when the request has come as far as it does on its own.
func (r *request) run() {
	response, err := r.program.transport.RoundTrip(r.build())
	r.mu.Lock()
	if err != nil {
		r.state.Error = r.note(err, "head")
		r.mu.Unlock()
		return
	}
	r.response = response
	r.state.Head = &headReport{
		Status: response.StatusCode, Proto: response.Proto, ContentLength: response.ContentLength,
		Uncompressed: response.Uncompressed, Headers: lines(response.Header),
	}
	r.mu.Unlock()
	switch r.spec.Then {
	case "read":
		r.read(-1)
	case "close":
		response.Body.Close()
	}
}

func (r *request) build() *http.Request {
	var body io.Reader
	length := -1
	if json.Unmarshal(r.spec.Body, &length) != nil {
		pipe, writer := io.Pipe()
		body, r.pipe, r.pieces = pipe, writer, make(chan func(), 64)
		go func() {
			for do := range r.pieces {
				do()
			}
		}()
	} else if length >= 0 {
		body = bytes.NewReader(patternBytes(0, length))
	}
	trace := &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			how := "new"
			if info.WasIdle {
				how = "idle"
			} else if info.Reused {
				how = "late"
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			r.state.Connections = append(r.state.Connections, how)
		},
		PutIdleConn: func(err error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.state.Returns = append(r.state.Returns, refusal(err))
		},
	}
	if r.spec.ExpectContinue {
		trace.Got1xxResponse = func(code int, _ textproto.MIMEHeader) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.state.Informational = append(r.state.Informational, code)
			return nil
		}
	}
	url := fmt.Sprintf("http://127.0.0.1:%d/%d", r.program.ports[r.spec.Host], r.spec.ID)
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(r.ctx, trace), r.spec.Method, url, body)
	if err != nil {
		panic(err)
	}
	if r.spec.IdempotencyKey {
		req.Header.Set("Idempotency-Key", "k")
	}
	switch r.spec.Close {
	case "flag":
		req.Close = true
	case "header":
		req.Header.Set("Connection", "close")
	}
	if r.spec.ExpectContinue {
		req.Header.Set("Expect", "100-continue")
	}
	if r.spec.Upgrade {
		req.Header.Set("Connection", "Upgrade")
		req.Header.Set("Upgrade", "echo")
	}
	return req
}

// read reads count bytes, or to the end where count is -1.
func (r *request) read(count int64) {
	r.mu.Lock()
	response := r.response
	if response == nil || r.state.Body == "reading" {
		r.mu.Unlock()
		return
	}
	r.state.Body = "reading"
	r.mu.Unlock()
	buffer := make([]byte, 32*1024)
	for left := count; left != 0; {
		view := buffer
		if left > 0 && left < int64(len(view)) {
			view = view[:left]
		}
		n, err := response.Body.Read(view)
		r.mu.Lock()
		r.state.Bytes += int64(n)
		for _, b := range view[:n] {
			r.state.Hash = (r.state.Hash ^ uint32(b)) * 0x01000193
		}
		if err == io.EOF {
			r.state.Body = "eof"
			r.state.Trailers = lines(response.Trailer)
		} else if err != nil {
			r.state.Body = r.note(err, "body")
		}
		r.mu.Unlock()
		if err != nil {
			return
		}
		if left > 0 {
			left -= int64(n)
		}
	}
	r.mu.Lock()
	r.state.Body = "read"
	r.mu.Unlock()
}

// note keeps the text of an error and gives its class. The caller holds mu.
func (r *request) note(err error, phase string) string {
	if r.state.Detail != "" {
		r.state.Detail += "; "
	}
	r.state.Detail += err.Error()
	return classOf(err, phase)
}

func (r *request) report() requestReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.state
	s.Connections = append([]string{}, s.Connections...)
	s.Returns = append([]string{}, s.Returns...)
	s.Informational = append([]int{}, s.Informational...)
	return s
}

// lines writes fields as "name: value", names in lower case, sorted; one character for each byte of a value.
func lines(header http.Header) []string {
	all := []string{}
	for name, values := range header {
		text := strings.Join(values, ", ")
		runes := make([]rune, len(text))
		for i := range runes {
			runes[i] = rune(text[i])
		}
		all = append(all, strings.ToLower(name)+": "+string(runes))
	}
	sort.Strings(all)
	return all
}
