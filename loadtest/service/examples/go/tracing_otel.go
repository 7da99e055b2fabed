//go:build otel

package main

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/trace"
)

func traced(next http.Handler) (http.Handler, func(context.Context) error, error) {
	exporter, err := otlptracehttp.New(context.Background())
	if err != nil {
		return nil, nil, err
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter))
	tracer := provider.Tracer("example")
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, span := tracer.Start(r.Context(), "GET /")
		defer span.End()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
	return handler, provider.Shutdown, nil
}
