/** Started by the memory section: serves made-up requests without a pause and prints what stays in memory, as JSON. */
import { setImmediate as immediate } from 'node:timers/promises';
import {
  ROOT_CONTEXT,
  SpanKind,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  trace,
} from '@opentelemetry/api';
import type { Context, SpanOptions } from '@opentelemetry/api';
import { collectAllGarbage } from '../collect-garbage.ts';
import { isVariant, registerVariant } from '../registered/variant.ts';
import type { MemorySample } from './memory-sample.ts';

const [variant, sink, samplesText, requestsText] = process.argv.slice(2);
if (!isVariant(variant)) throw new RangeError(`unknown variant: ${String(variant)}`);

/** As many as a busy service has under way; each waits once, as a real one does. */
const REQUESTS_AT_ONCE = 50;
const ATTRIBUTES = {
  'http.request.method': 'GET',
  'http.route': '/products/:sku',
  'http.response.status_code': 200,
};
const SERVER: SpanOptions = { kind: SpanKind.SERVER, attributes: ATTRIBUTES };
const CLIENT: SpanOptions = { kind: SpanKind.CLIENT, attributes: ATTRIBUTES };

const registered = await registerVariant(variant);
const tracer = trace.getTracer('bench');
const samples: MemorySample[] = [];
for (let taken = 0; taken < Number(samplesText); taken++) {
  await serve(Number(requestsText));
  // With a sink nothing waits at a sample; without one the queue is full at every sample.
  if (sink === 'up') await registered.forceFlush();
  samples.push(takeSample((taken + 1) * Number(requestsText)));
}
process.stdout.write(JSON.stringify(samples), () => process.exit());

async function serve(requests: number): Promise<void> {
  for (let served = 0; served < requests; served += REQUESTS_AT_ONCE) {
    const underWay: Promise<void>[] = [];
    for (let index = 0; index < REQUESTS_AT_ONCE; index++) underWay.push(serveOne(served + index));
    await Promise.all(underWay);
  }
}

/** What an instrumented service does for one request: extract, server span, context, client span, inject. */
async function serveOne(id: number): Promise<void> {
  const parent = propagation.extract(ROOT_CONTEXT, incomingHeaders(id), defaultTextMapGetter);
  const server = tracer.startSpan('GET /products/:sku', SERVER, parent);
  server.setAttribute('url.path', `/products/${id}`);
  await context.with(trace.setSpan(parent, server), callPeer);
  server.end();
}

async function callPeer(): Promise<void> {
  const inside: Context = context.active();
  const client = tracer.startSpan('GET', CLIENT, inside);
  propagation.inject(trace.setSpan(inside, client), {}, defaultTextMapSetter);
  await immediate();
  client.end();
}

function incomingHeaders(id: number): Record<string, string> {
  return { traceparent: `00-${(id + 1).toString(16).padStart(32, '0')}-00f067aa0ba902b7-01` };
}

function takeSample(requests: number): MemorySample {
  // Twice: what finalizers let go of goes with the second.
  collectAllGarbage();
  collectAllGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { requests, heapBytes: heapUsed, externalBytes: external, residentBytes: rss };
}
