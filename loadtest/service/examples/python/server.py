"""A service of the standard library: GET / answers with a line of JSON.

PORT          where it listens
INJECTED_US   CPU that each request burns on purpose: the table must find it
TRACING=1     a span for each request by the OpenTelemetry SDK, if it is installed, set up by OTEL_*
"""

import contextlib
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

INJECTED_NS = int(os.environ.get("INJECTED_US", "0")) * 1000
# A step of the clock longer than this is time in which the thread did not run: another one had the interpreter.
STEP_NS_MAX = 50_000
BODY = b'{"hello":"world"}\n'


def burn_cpu(amount_ns):
    burnt_ns = 0
    last = time.perf_counter_ns()
    while burnt_ns < amount_ns:
        now = time.perf_counter_ns()
        if now - last < STEP_NS_MAX:
            burnt_ns += now - last
        last = now


def spans_of():
    """What opens a span around a request, and what delivers those that wait."""
    if os.environ.get("TRACING") != "1":
        return lambda name: contextlib.nullcontext(), lambda: None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        sys.exit(f"TRACING=1 needs pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http: {error}")
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider.get_tracer("example").start_as_current_span, provider.shutdown


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body go out together, with one system call: at each, another thread may take the interpreter.
    wbufsize = -1

    def do_GET(self):
        with start_span("GET /"):
            burn_cpu(INJECTED_NS)
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(BODY)))
            self.end_headers()
            self.wfile.write(BODY)

    def log_message(self, *args):
        pass


start_span, shut_down = spans_of()
server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
server.daemon_threads = True
print(f"listening on {server.server_port}", flush=True)
try:
    server.serve_forever()
finally:
    shut_down()
