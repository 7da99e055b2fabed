/** Started by the delivered section: makes traces at an even pace and prints what that took, as JSON. */
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { SpanOptions, Tracer } from '@opentelemetry/api';
import { isVariant, registerVariant } from '../registered/variant.ts';
import type { SpansProcessReport } from './report.ts';
import { TRACE_SPANS } from './report.ts';

const [variant, warmUpTraces, traces, tracesPerSecond] = process.argv.slice(2);
if (!isVariant(variant)) throw new RangeError(`unknown variant: ${String(variant)}`);

const ATTRIBUTES: SpanOptions = {
  attributes: {
    'http.request.method': 'GET',
    'http.route': '/products/:sku',
    'http.response.status_code': 200,
    'url.full': 'http://127.0.0.1:4603/products/sku-1',
  },
};

const TURN_MS = 4;
/** Compiled code comes with calls, not with time; what is dropped meanwhile does not matter. */
const WARM_UP_HASTE = 5;

const registered = await registerVariant(variant);
const tracer = trace.getTracer('bench');
await makeTraces(Number(warmUpTraces), WARM_UP_HASTE * Number(tracesPerSecond));
await registered.forceFlush();
await forgetWarmUp(process.env['OTEL_EXPORTER_OTLP_ENDPOINT']);
const before = process.cpuUsage();
await makeTraces(Number(traces), Number(tracesPerSecond));
await registered.forceFlush();
const { user, system } = process.cpuUsage(before);
const report: SpansProcessReport = { cpuUs: user + system };
process.stdout.write(JSON.stringify(report), () => process.exit());

/** While code is cold a tracer may drop spans; the sink counts from here on. */
async function forgetWarmUp(sinkUrl: string | undefined): Promise<void> {
  await fetch(`${sinkUrl}/_sink/period`, { method: 'POST' });
}

/** As many as are due, a few traces at a time: rarer turns would be bursts, more frequent ones would measure timers. */
async function makeTraces(count: number, perSecond: number): Promise<void> {
  const startMs = performance.now();
  for (let made = 0; made < count;) {
    const due = Math.floor(((performance.now() - startMs) * perSecond) / 1000);
    for (; made < Math.min(due, count); made++) makeTrace(tracer);
    await delay(TURN_MS);
  }
}

function makeTrace(tracer: Tracer): void {
  const root = tracer.startSpan('GET /checkout', ATTRIBUTES);
  const inside = trace.setSpan(ROOT_CONTEXT, root);
  for (let child = 1; child < TRACE_SPANS; child++) tracer.startSpan('GET', ATTRIBUTES, inside).end();
  root.end();
}
