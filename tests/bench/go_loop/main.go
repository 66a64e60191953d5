// Go's net/http as a load generator: each sender reads its response to the end, and sends again; or it neither reads nor
// closes it, until so many connections are held.
//
//	go_loop URL CONNECTIONS SECONDS keep|close|hold HELD
//
// Prints requests per second.
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	url, mode := os.Args[1], os.Args[4]
	connections, _ := strconv.Atoi(os.Args[2])
	seconds, _ := strconv.ParseFloat(os.Args[3], 64)
	held, _ := strconv.ParseInt(os.Args[5], 10, 64)
	runtime.GOMAXPROCS(1)
	transport := &http.Transport{
		MaxIdleConnsPerHost: connections,
		DisableKeepAlives:   mode == "close",
		TLSClientConfig:     &tls.Config{InsecureSkipVerify: true},
	}
	client := &http.Client{Transport: transport}
	get := func() *http.Response {
		response, err := client.Get(url)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return response
	}
	var requests, begun atomic.Int64
	var senders sync.WaitGroup
	start := time.Now()
	end := start.Add(time.Duration(seconds * float64(time.Second)))
	for i := 0; i < connections; i++ {
		senders.Add(1)
		go func() {
			defer senders.Done()
			if mode == "hold" {
				for begun.Add(1) <= held {
					get()
					requests.Add(1)
				}
				return
			}
			for time.Now().Before(end) {
				response := get()
				io.Copy(io.Discard, response.Body)
				response.Body.Close()
				requests.Add(1)
			}
		}()
	}
	senders.Wait()
	fmt.Println(float64(requests.Load()) / time.Since(start).Seconds())
}
