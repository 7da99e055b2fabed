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

const registered = await registerVariant(variant);
const tracer = trace.getTracer('bench');
await makeTraces(Number(warmUpTraces), 2 * Number(tracesPerSecond));
await registered.forceFlush();
const before = process.cpuUsage();
await makeTraces(Number(traces), Number(tracesPerSecond));
await registered.forceFlush();
const { user, system } = process.cpuUsage(before);
const report: SpansProcessReport = { cpuUs: user + system };
process.stdout.write(JSON.stringify(report), () => process.exit());

/** As many as are due each millisecond: a service does not make its spans in one burst. */
async function makeTraces(count: number, perSecond: number): Promise<void> {
  const startMs = performance.now();
  for (let made = 0; made < count;) {
    const due = Math.floor(((performance.now() - startMs) * perSecond) / 1000);
    for (; made < Math.min(due, count); made++) makeTrace(tracer);
    await delay(1);
  }
}

function makeTrace(tracer: Tracer): void {
  const root = tracer.startSpan('GET /checkout', ATTRIBUTES);
  const inside = trace.setSpan(ROOT_CONTEXT, root);
  for (let child = 1; child < TRACE_SPANS; child++) tracer.startSpan('GET', ATTRIBUTES, inside).end();
  root.end();
}
