/**
 * Goal: what the shop does, and what is done to it, shows in its traces. Method: real processes with the lab's tracer (none
 * for the bank), their spans taken by a sink; each test drives the gateway with a traceparent of its own.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { LaunchedProgram } from '@tracelab/command';
import { launchProgram, tracerArguments } from '@tracelab/command';
import type { AnyValue, InjectionsReply, ServiceName } from '@tracelab/protocol';
import { SERVICES, SpanKind, urlVariable } from '@tracelab/protocol';
import { shopEnvironment } from './kit/shop/shop-environment.test-kit.ts';
import { sendTo } from './kit/shop/start-shop.test-kit.ts';
import type { ReceivedSpan, SpanSink } from './kit/span-sink.test-kit.ts';
import { startSpanSink } from './kit/span-sink.test-kit.ts';
import { until } from '../test/until.ts';

const CLIENT_SPAN_ID = 'c'.repeat(16);
/** Far above what a bank call takes on a busy machine. */
const DELAY_MS = 1000;
const DELAY_NANO = BigInt(DELAY_MS) * 1_000_000n;

let sink: SpanSink;
let environment: Record<string, string>;
const programs: LaunchedProgram[] = [];
let tracesStarted = 0;

before(async () => {
  sink = await startSpanSink();
  environment = await shopEnvironment();
  const tracing = {
    LAB_LOG_LEVEL: 'warn',
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_BSP_SCHEDULE_DELAY: '20',
    TRACELAB_IGNORE_PATHS: '/healthz,/metrics,/_lab',
  };
  for (const name of SERVICES) {
    const env = { ...environment, ...tracing, OTEL_SERVICE_NAME: name };
    const nodeArgs = name === 'bank' ? [] : tracerArguments('lab');
    programs.push(launchProgram({ name, file: `services/${name}/main.ts`, nodeArgs, env }));
  }
  await Promise.all(programs.map((program) => program.ready));
});
after(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  sink.close();
});

function urlOf(service: ServiceName): string {
  return environment[urlVariable(service)] ?? assert.fail(service);
}

/** Orders one mug, or more, and gives the trace once its server span at the gateway has arrived with all below it. */
async function checkout(sku: string, tier = 'free'): Promise<ReceivedSpan[]> {
  tracesStarted++;
  const traceId = String(tracesStarted).padStart(32, 'ab');
  const body = { cart: [{ sku, quantity: 1 }], user: { id: 'ada', tier } };
  await sendTo(urlOf('gateway'), 'POST /checkout', body, { traceparent: `00-${traceId}-${CLIENT_SPAN_ID}-03` });
  const ofTrace = (): ReceivedSpan[] => sink.spans.filter((span) => span.traceId === traceId);
  await until('all parents have arrived', () => isComplete(ofTrace()));
  return ofTrace();
}

/** Every span but the gateway's has its parent, and every client span of a traced peer has its child. */
function isComplete(spans: readonly ReceivedSpan[]): boolean {
  const ids = new Set([CLIENT_SPAN_ID, ...spans.map((span) => span.spanId)]);
  const parents = new Set(spans.map((span) => span.parentSpanId));
  const isWhole = (span: ReceivedSpan): boolean =>
    ids.has(span.parentSpanId) &&
    (span.kind !== SpanKind.client || !isHttp(span) || isToBank(span) || parents.has(span.spanId));
  return parents.has(CLIENT_SPAN_ID) && spans.every(isWhole);
}

function isHttp(span: ReceivedSpan): boolean {
  return attribute(span, 'http.request.method') !== undefined;
}

function isToBank(span: ReceivedSpan): boolean {
  const url = attribute(span, 'url.full');
  return typeof url === 'string' && url.startsWith(urlOf('bank'));
}

function attribute(span: ReceivedSpan | undefined, key: string): AnyValue | undefined {
  return span?.attributes.find((attribute) => attribute.key === key)?.value;
}

function durationNano(span: ReceivedSpan | undefined): bigint {
  return span === undefined ? -1n : span.endTimeUnixNano - span.startTimeUnixNano;
}

/** The services from a span up to the gateway. */
function pathUp(span: ReceivedSpan | undefined, spans: readonly ReceivedSpan[]): unknown[] {
  const path: unknown[] = [];
  for (let at = span; at !== undefined; at = spans.find((parent) => parent.spanId === at?.parentSpanId)) {
    if (path.at(-1) !== at.service) path.push(at.service);
  }
  return path;
}

async function withFault(service: ServiceName, effect: object, act: () => Promise<void>): Promise<void> {
  const put = await sendTo(urlOf(service), 'PUT /_lab/faults/f', { service, ...effect });
  assert.equal(put.status, 200, put.text);
  await act();
  await sendTo(urlOf(service), 'DELETE /_lab/faults');
}

describe('the traces of the shop', () => {
  it('show the way of a checkout: pricing and inventory before payment, the bank at the end', async () => {
    const spans = await checkout('mug');
    const bankCall = spans.find(isToBank);
    assert.deepEqual(pathUp(bankCall, spans), ['payments', 'checkout', 'gateway']);
    const reserved = spans.find((span) => attribute(span, 'http.route') === '/reservations');
    const quoted = spans.find((span) => attribute(span, 'http.route') === '/quotes');
    for (const span of [reserved, quoted])
      assert.ok((span?.endTimeUnixNano ?? 0n) < (bankCall?.startTimeUnixNano ?? 0n));
    assert.ok(spans.every((span) => span.service !== 'bank'));
  });

  it('show the work inside: a miss and a computed price first, a hit and no computation then', async () => {
    const named = (spans: ReceivedSpan[], name: string): ReceivedSpan[] => spans.filter((span) => span.name === name);
    const first = await checkout('umbrella', 'plus');
    assert.equal(attribute(named(first, 'cache.get')[0], 'cache.hit'), false);
    assert.equal(named(first, 'compute price').length, 1);
    const second = await checkout('umbrella', 'plus');
    assert.equal(attribute(named(second, 'cache.get')[0], 'cache.hit'), true);
    assert.deepEqual(named(second, 'compute price'), []);
  });

  it('show the SQL of a reservation', async () => {
    const spans = await checkout('mug');
    const sql = spans.filter((span) => attribute(span, 'db.query.text') !== undefined);
    assert.deepEqual(new Set(sql.map((span) => span.service)), new Set(['inventory']));
    for (const name of ['BEGIN', 'UPDATE product', 'INSERT reservation', 'COMMIT']) {
      assert.ok(
        sql.some((span) => span.name === name),
        name,
      );
    }
  });

  it('show a restock as an event', async () => {
    const events: string[] = [];
    for (let sold = 0; sold < 12; sold++) {
      events.push(...(await checkout('moon-rock')).flatMap((span) => span.events.map((event) => event.name)));
    }
    assert.deepEqual(events, ['restocked']);
  });

  it('show a slow bank in the call of payments, and nowhere once it is mended', async () => {
    await withFault('bank', { route: '/charge', delay: { kind: 'fixed', ms: DELAY_MS } }, async () => {
      const spans = await checkout('mug');
      const bankCall = spans.find(isToBank);
      assert.ok(durationNano(bankCall) >= DELAY_NANO, String(durationNano(bankCall)));
      const { injections } = (await sendTo(urlOf('bank'), 'GET /_lab/injections')).body as InjectionsReply;
      assert.deepEqual([injections.at(-1)?.traceId, injections.at(-1)?.spanId], [bankCall?.traceId, bankCall?.spanId]);
    });
    // Not by the clock: a busy machine is slow without any fault.
    const mended = (await checkout('mug')).find(isToBank);
    const { injections } = (await sendTo(urlOf('bank'), 'GET /_lab/injections')).body as InjectionsReply;
    assert.ok(mended !== undefined && injections.every((injection) => injection.traceId !== mended.traceId));
  });

  it('show a slow service in its own server span, which the ground truth names', async () => {
    await withFault('pricing', { delay: { kind: 'fixed', ms: DELAY_MS } }, async () => {
      const quoted = (await checkout('mug')).find((span) => attribute(span, 'http.route') === '/quotes');
      assert.ok(durationNano(quoted) >= DELAY_NANO, String(durationNano(quoted)));
      const { injections } = (await sendTo(urlOf('pricing'), 'GET /_lab/injections')).body as InjectionsReply;
      assert.deepEqual([injections.at(-1)?.traceId, injections.at(-1)?.spanId], [quoted?.traceId, quoted?.spanId]);
    });
  });

  it('show the way of an error from the bank to the gateway', async () => {
    await withFault('bank', { abort: { kind: 'status', status: 500 } }, async () => {
      const spans = await checkout('mug');
      const failed = spans.filter((span) => span.status.code === 2);
      assert.deepEqual(new Set(failed.map((span) => span.service)), new Set(['gateway', 'checkout', 'payments']));
      assert.ok(
        spans.some((span) => attribute(span, 'http.route') === '/reservations/:orderId'),
        'the stock went back',
      );
    });
  });

  it('are counted in the metrics of the service that made them', async () => {
    await checkout('mug');
    const exported = await until('the export to be counted', async () => {
      const text = await (await fetch(`${urlOf('pricing')}/metrics`)).text();
      return Number(/^otel_sdk_exporter_span_exported_total (\d+)$/m.exec(text)?.[1]) || undefined;
    });
    const sent = sink.spans.filter((span) => span.service === 'pricing').length;
    assert(exported > 0 && exported <= sent, `${exported} counted, ${sent} arrived`);
    assert.doesNotMatch(await (await fetch(`${urlOf('bank')}/metrics`)).text(), /otel_sdk/);
  });
});
