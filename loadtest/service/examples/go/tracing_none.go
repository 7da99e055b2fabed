//go:build !otel

package main

import (
	"context"
	"errors"
	"net/http"
)

func traced(http.Handler) (http.Handler, func(context.Context) error, error) {
	return nil, nil, errors.New("TRACING=1 needs the SDK: build with -tags otel")
}
