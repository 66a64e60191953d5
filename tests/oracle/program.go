package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

type subjectReport struct {
	Live     int64           `json:"live"`
	Requests []requestReport `json:"requests"`
}

// program is one program on a transport of its own.
type program struct {
	transport *http.Transport
	ports     []int
	live      int64

	mu       sync.Mutex // guards what follows
	ended    bool
	requests map[int]*request
	order    []*request
}

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }

func newProgram(o poolOptions, ports []int) *program {
	p := &program{transport: newTransport(o), ports: ports, requests: map[int]*request{}}
	dialer := &net.Dialer{Timeout: 30 * time.Second}
	p.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		atomic.AddInt64(&p.live, 1)
		return &countedConn{TCPConn: conn.(*net.TCPConn), live: &p.live}, nil
	}
	return p
}

// countedConn says when it is closed.
type countedConn struct {
	*net.TCPConn
	live *int64
	once sync.Once
}

func (c *countedConn) Close() error {
	c.once.Do(func() { atomic.AddInt64(c.live, -1) })
	return c.TCPConn.Close()
}

func (p *program) play(s step) {
	switch s.Op {
	case "start":
		go p.start(s.Request).run()
	case "chain":
		go p.chain(s.Requests)
	case "closeIdle":
		p.transport.CloseIdleConnections()
	case "release", "disturb":
	default:
		if r := p.find(s.ID); r != nil {
			r.play(s)
		}
	}
}

func (p *program) start(spec requestSpec) *request {
	r := newRequest(p, spec)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests[spec.ID] = r
	p.order = append(p.order, r)
	return r
}

func (p *program) chain(specs []requestSpec) {
	for _, spec := range specs {
		p.mu.Lock()
		ended := p.ended
		p.mu.Unlock()
		if ended {
			return
		}
		p.start(spec).run()
	}
}

func (p *program) find(id int) *request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests[id]
}

func (p *program) report() subjectReport {
	p.mu.Lock()
	order := append([]*request(nil), p.order...)
	p.mu.Unlock()
	s := subjectReport{Live: atomic.LoadInt64(&p.live), Requests: []requestReport{}}
	for _, r := range order {
		s.Requests = append(s.Requests, r.report())
	}
	return s
}

func (p *program) end() {
	p.mu.Lock()
	p.ended = true
	order := append([]*request(nil), p.order...)
	p.mu.Unlock()
	for _, r := range order {
		r.cancel()
	}
	p.transport.CloseIdleConnections()
}
