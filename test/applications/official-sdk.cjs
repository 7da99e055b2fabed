// The same application traced by the official OpenTelemetry SDK, which exports to our collector.
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { UndiciInstrumentation } = require('@opentelemetry/instrumentation-undici');

const sdk = new NodeSDK({
  traceExporter: new OTLPTraceExporter(),
  instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()],
});
sdk.start();

const http = require('node:http');
const server = http.createServer(async (request, response) => {
  if (request.url === '/trip') await (await fetch(`http://127.0.0.1:${server.address().port}/weather`)).text();
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
