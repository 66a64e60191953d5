// Go's net/http as a load generator: each sender reads its response to the end, and sends again.
//
//	go_loop URL CONNECTIONS SECONDS keep|close
//
// Prints requests per second.
package main

import (
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
	runtime.GOMAXPROCS(1)
	transport := &http.Transport{
		MaxIdleConnsPerHost: connections,
		MaxConnsPerHost:     connections,
		DisableKeepAlives:   mode == "close",
	}
	client := &http.Client{Transport: transport}
	var requests atomic.Int64
	var senders sync.WaitGroup
	start := time.Now()
	end := start.Add(time.Duration(seconds * float64(time.Second)))
	for i := 0; i < connections; i++ {
		senders.Add(1)
		go func() {
			defer senders.Done()
			for time.Now().Before(end) {
				response, err := client.Get(url)
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				io.Copy(io.Discard, response.Body)
				response.Body.Close()
				requests.Add(1)
			}
		}()
	}
	senders.Wait()
	fmt.Println(float64(requests.Load()) / time.Since(start).Seconds())
}
