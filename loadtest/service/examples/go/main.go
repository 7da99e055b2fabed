// A service of net/http: GET / answers with a line of JSON.
//
//	PORT          where it listens
//	INJECTED_US   CPU that each request burns on purpose: the table must find it
//	TRACING=1     a span for each request by the OpenTelemetry SDK, set up by OTEL_*; only where built with -tags otel
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// A step of the clock longer than this is time in which the thread did not run.
const stepMax = 50 * time.Microsecond

func burnCPU(amount time.Duration) {
	var burnt time.Duration
	last := time.Now()
	for burnt < amount {
		now := time.Now()
		if step := now.Sub(last); step < stepMax {
			burnt += step
		}
		last = now
	}
}

func main() {
	injectedUs, _ := strconv.Atoi(os.Getenv("INJECTED_US"))
	injected := time.Duration(injectedUs) * time.Microsecond
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		burnCPU(injected)
		w.Header().Set("content-type", "application/json")
		fmt.Fprintln(w, `{"hello":"world"}`)
	})
	shutDown := func(context.Context) error { return nil }
	if os.Getenv("TRACING") == "1" {
		var err error
		if handler, shutDown, err = traced(handler); err != nil {
			log.Fatal(err)
		}
	}
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: handler}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		if err := server.ListenAndServe(); err != http.ErrServerClosed {
			log.Fatal(err)
		}
	}()
	<-ended
	limit, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = server.Shutdown(limit)
	_ = shutDown(limit)
}
