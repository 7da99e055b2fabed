/** Through the whole collector: receive -> route -> sample -> store -> query. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { buildTraceTree, flattenTracesData, visitInOrder } from '@tracelab/model';
import { encodeTracesData, tracesDataFromJson, type TraceReply, type TracesData } from '@tracelab/protocol';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { api, NodeSDK, resources, tracing } from '@opentelemetry/sdk-node';
import * as fc from 'fast-check';
import { spanIdFor, traceIdFor, tracesOf, type SpanSketch } from './fixtures/make-trace.ts';
import { postTraces, startTestCollector, type TestCollector } from './fixtures/start-test-collector.ts';
import { until } from '../test/until.ts';
import { findImbalance } from './report/ledger.ts';

let collector: TestCollector;
before(async () => {
  collector = await startTestCollector();
});
after(async () => {
  await collector.close();
});

async function readTrace(traceId: string): Promise<{ data: TracesData; pending: boolean } | undefined> {
  const response = await fetch(`${collector.queryUrl}/api/lab/traces/${traceId}`);
  const body = (await response.json()) as TraceReply;
  if (response.status === 404) return undefined;
  const data = tracesDataFromJson(body.trace);
  assert.ok(data.ok);
  return { data: data.value, pending: body.pending };
}

/** The tree in words: depth, span, parent. */
function outlineOf(data: TracesData): string[] {
  const lines: string[] = [];
  visitInOrder(buildTraceTree(flattenTracesData(data)), (node) =>
    lines.push(`${node.depth} ${node.span.spanId} ${node.span.parentSpanId} ${node.span.serviceName}`),
  );
  return lines;
}

/** A tree of spans: each one's parent comes before it. */
const treeArbitrary = fc.array(fc.tuple(fc.nat(), fc.nat(3)), { minLength: 1, maxLength: 14 }).map((nodes) =>
  nodes.map(([parent, service], index): SpanSketch => ({
    spanId: spanIdFor(index),
    ...(index === 0 ? {} : { parentSpanId: spanIdFor(parent % index) }),
    service: `service-${service}`,
    startMs: index,
    endMs: 100 - index,
  })),
);

/** How the spans arrive: in which order, which ones twice, in which request, and when the clock moves on. */
const deliveryArbitrary = treeArbitrary.chain((tree) =>
  fc.record({
    tree: fc.constant(tree),
    order: fc.shuffledSubarray([...tree.keys(), ...tree.keys()], {
      minLength: tree.length * 2,
      maxLength: tree.length * 2,
    }),
    cuts: fc.array(fc.nat(tree.length * 2), { maxLength: 4 }),
    waits: fc.array(fc.constantFrom(0, 500, 1000, 10_000), { minLength: 5, maxLength: 5 }),
  }),
);

describe('the collector', () => {
  it('stores the same tree for any order, repetition and division of the delivery', async () => {
    let traceCount = 1000;
    await fc.assert(
      fc.asyncProperty(deliveryArbitrary, async ({ tree, order, cuts, waits }) => {
        const traceId = traceIdFor(traceCount++);
        const spans = tree.map((span) => ({ ...span, traceId }));
        const bounds = [0, ...cuts.sort((one, other) => one - other), order.length];
        for (const [index, start] of bounds.slice(0, -1).entries()) {
          const request = order.slice(start, bounds[index + 1]).flatMap((at) => spans[at] ?? []);
          assert.equal((await postTraces(collector, encodeTracesData(tracesOf(request)))).status, 200);
          await collector.pass(waits[index] ?? 0);
        }
        await collector.pass(10_000);
        const found = await readTrace(traceId);
        assert.equal(found?.pending, false);
        assert.deepEqual(found === undefined ? [] : outlineOf(found.data), outlineOf(tracesOf(spans)));
        assert.equal(findImbalance(await collector.ledger()), undefined);
      }),
      { numRuns: 60 },
    );
  });

  it('takes what the official OpenTelemetry SDK exports', async () => {
    const exporter = new OTLPTraceExporter({ url: `${collector.otlpUrl}/v1/traces` });
    const sdk = new NodeSDK({
      resource: resources.resourceFromAttributes({ 'service.name': 'official' }),
      spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
      instrumentations: [],
      autoDetectResources: false,
    });
    sdk.start();
    const traceId = api.trace.getTracer('official-test', '1.2').startActiveSpan('order', (parent) => {
      api.trace.getTracer('official-test').startActiveSpan('charge', (child) => {
        child.setStatus({ code: api.SpanStatusCode.ERROR, message: 'declined' });
        child.end();
      });
      parent.setAttribute('cart.lines', 3);
      parent.end();
      return parent.spanContext().traceId;
    });
    await sdk.shutdown();
    const found = await until('the exported trace', () => readTrace(traceId));
    const spans = flattenTracesData(found.data);
    assert.deepEqual(spans.map(({ name }) => name).sort(), ['charge', 'order']);
    assert.deepEqual(spans.find(({ name }) => name === 'order')?.attributes, [{ key: 'cart.lines', value: 3n }]);
    assert.ok(spans.every(({ serviceName }) => serviceName === 'official'));
    assert.equal(spans.find(({ name }) => name === 'charge')?.status.code, api.SpanStatusCode.ERROR);
  });

  it('keeps what its policies choose, and says of the rest that it may have been sampled out', async () => {
    const choosing = await startTestCollector({
      policies: [
        { name: 'errors', type: 'status_code', statusCodes: ['ERROR'] },
        {
          name: 'broken',
          type: 'ottl_condition',
          spanConditions: ['attributes["absent"] + 1 == 2'],
          spanEventConditions: [],
          isErrorPropagated: true,
        },
      ],
    });
    const [failed, fine] = [traceIdFor(1), traceIdFor(2)];
    const request = tracesOf([
      { traceId: failed, spanId: spanIdFor(0) },
      { traceId: failed, spanId: spanIdFor(1), parentSpanId: spanIdFor(0), isError: true },
      { traceId: fine, spanId: spanIdFor(2) },
    ]);
    assert.equal((await postTraces(choosing, encodeTracesData(request))).status, 200);
    await choosing.pass(1000);
    const ledger = await choosing.ledger();
    assert.deepEqual([ledger.kept, ledger.sampledOut, findImbalance(ledger)], [2, 1, undefined]);
    const answers = await Promise.all(
      [failed, fine].map(async (traceId) => (await fetch(`${choosing.queryUrl}/api/lab/traces/${traceId}`)).status),
    );
    assert.deepEqual(answers, [200, 404]);
    const metrics = await (await fetch(`${choosing.queryUrl}/metrics`)).text();
    assert.match(metrics, /^collector_policy_errors_total 2$/m);
    await choosing.close();
  });

  it('fails with one sentence when the thread of a sampler dies, and keeps what the others hold', async () => {
    const threads: Worker[] = [];
    const note = (worker: Worker): void => void threads.push(worker);
    process.on('worker', note);
    const failing = await startTestCollector({ samplerCount: 2 });
    process.off('worker', note);
    const request = tracesOf([0, 1].map((index) => ({ traceId: traceIdFor(index), spanId: spanIdFor(index) })));
    assert.equal((await postTraces(failing, encodeTracesData(request))).status, 200);
    await threads[0]?.terminate();
    await assert.rejects(failing.failed, {
      name: 'NotHeldError',
      message:
        'sampler 1 of 2 died (its thread ended with 1); the undecided traces that it held are lost, since there is no write-ahead log',
    });
    assert.equal((await postTraces(failing, encodeTracesData(request))).status, 503);
    await failing.close();
    const ledger = await failing.ledger();
    assert.deepEqual([ledger.kept, ledger.pending, findImbalance(ledger)], [1, 1, undefined]);
  });
});
