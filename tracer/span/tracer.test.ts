/** The contract of @opentelemetry/api, checked through that API alone and on what arrives at a collector. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  context,
  createTraceState,
  trace,
} from '@opentelemetry/api';
import type { Attributes, Link, SpanContext, SpanStatus } from '@opentelemetry/api';
import { suppressTracing } from '../context/suppress.ts';
import { named, only } from '../test-kit/received-span.ts';
import { startTracing } from '../test-kit/tracing.ts';
import type { Tracing } from '../test-kit/tracing.ts';

const REMOTE: SpanContext = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
};
const RANDOM_FLAG = 0x02;

describe('a tracer', () => {
  let tracing: Tracing;
  before(async () => (tracing = await startTracing({ OTEL_RESOURCE_ATTRIBUTES: 'team=shop,service.name=loser' })));
  afterEach(() => tracing.handle.switch.setSampler({ sampler: 'parentbased_always_on' }));
  after(() => tracing.close());
  const tracer = () => trace.getTracerProvider().getTracer('lib', '1.2.3', { schemaUrl: 'https://example.com/schema' });

  it('exports a span with its ids, kind, name, resource and scope', async () => {
    const span = tracer().startSpan('work', { kind: SpanKind.PRODUCER });
    span.end();
    const received = only(await tracing.spans());
    assert.equal(received.name, 'work');
    assert.equal(received.kind, 4);
    assert.equal(received.traceId, span.spanContext().traceId);
    assert.equal(received.spanId, span.spanContext().spanId);
    assert.equal(received.parentSpanId, '');
    assert.equal(received.resource['service.name'], 'test', 'OTEL_SERVICE_NAME wins');
    assert.equal(received.resource['team'], 'shop');
    assert.equal(received.resource['telemetry.sdk.language'], 'nodejs');
    assert.deepEqual(
      [received.scopeName, received.scopeVersion, received.scopeSchemaUrl],
      ['lib', '1.2.3', 'https://example.com/schema'],
    );
  });

  it('sets the random flag on a new trace and hands it on to children', async () => {
    const root = tracer().startSpan('root');
    const child = tracer().startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, root));
    assert.equal(root.spanContext().traceFlags, TraceFlags.SAMPLED | RANDOM_FLAG);
    child.end();
    root.end();
    const spans = await tracing.spans();
    assert.equal(named(spans, 'child').parentSpanId, root.spanContext().spanId);
    assert.equal(named(spans, 'child').flags, 0x103, 'sampled, random, parent known to be local');
  });

  it('continues a remote trace with its flags and tracestate', async () => {
    const parent = { ...REMOTE, traceState: createTraceState('a=1,b=2') };
    tracer().startSpan('entry', {}, trace.setSpanContext(ROOT_CONTEXT, parent)).end();
    const received = only(await tracing.spans());
    assert.equal(received.traceId, REMOTE.traceId);
    assert.equal(received.parentSpanId, REMOTE.spanId);
    assert.equal(received.flags, 0x301, 'no random flag: the caller sent none');
    assert.equal(received.traceState, 'a=1,b=2');
  });

  it('starts a new trace where the parent is malformed, and where root is asked for', async () => {
    const malformed = { ...REMOTE, spanId: '0000000000000000' };
    const inMalformed = tracer().startSpan('malformed', {}, trace.setSpanContext(ROOT_CONTEXT, malformed));
    const asRoot = tracer().startSpan('root', { root: true }, trace.setSpanContext(ROOT_CONTEXT, REMOTE));
    inMalformed.end();
    asRoot.end();
    for (const span of await tracing.spans()) {
      assert.notEqual(span.traceId, REMOTE.traceId);
      assert.equal(span.parentSpanId, '');
    }
  });

  it('writes integers as int64, other numbers as double, and lists of one type', async () => {
    const span = tracer().startSpan('typed', { attributes: { int: 42, negative: -7, double: 1.5, nan: Number.NaN } });
    span.setAttributes({ flag: true, text: 'ü', ints: [1, 2], doubles: [1, 2.5], texts: ['a', null], none: [] });
    span.end();
    const { nan, ...rest } = only(await tracing.spans()).attributes;
    assert.deepEqual(rest, {
      int: 42n,
      negative: -7n,
      double: 1.5,
      flag: true,
      text: 'ü',
      ints: [1n, 2n],
      doubles: [1, 2.5],
      texts: ['a', null],
      none: [],
    });
    assert(Number.isNaN(nan));
  });

  it('ignores what is not a legal attribute', async () => {
    const illegal = { object: {}, mixed: [1, 'a'], nested: [[1]], nothing: null, missing: undefined, '': 'no key' };
    const span = tracer().startSpan('strict');
    span.setAttributes(illegal as unknown as Attributes).setAttribute('kept', 'yes');
    span.end();
    const received = only(await tracing.spans());
    assert.deepEqual(received.attributes, { kept: 'yes' });
    assert.equal(received.droppedAttributesCount, 0);
  });

  it('keeps the last value of a key, and a copy of a list', async () => {
    const list = ['a'];
    const span = tracer().startSpan('repeated', { attributes: { key: 1, list } });
    span.setAttribute('key', 2);
    list.push('b');
    span.end();
    assert.deepEqual(only(await tracing.spans()).attributes, { key: 2n, list: ['a'] });
  });

  it('records events with the time given or the present one, and exceptions', async () => {
    const span = tracer().startSpan('eventful');
    span.addEvent('plain').addEvent('timed', [1_700_000_000, 5]).addEvent('both', { a: 1 }, 1_700_000_000_123);
    span.recordException(new TypeError('bad'));
    span.recordException('text');
    span.end();
    const received = only(await tracing.spans());
    const [plain, timed, both, thrown, text] = received.events;
    assert(plain && plain.timeUnixNano >= received.startTimeUnixNano && plain.timeUnixNano <= received.endTimeUnixNano);
    assert.equal(timed?.timeUnixNano, 1_700_000_000_000_000_005n);
    assert.equal(both?.timeUnixNano, 1_700_000_000_123_000_000n);
    assert.deepEqual(both.attributes, [{ key: 'a', value: 1n }]);
    assert.equal(thrown?.name, 'exception');
    const exception = Object.fromEntries(thrown.attributes.map(({ key, value }) => [key, value]));
    assert.equal(exception['exception.type'], 'TypeError');
    assert.equal(exception['exception.message'], 'bad');
    const stack = exception['exception.stacktrace'];
    assert.match(typeof stack === 'string' ? stack : '', /tracer\.test\.ts/);
    assert.deepEqual(text?.attributes, [{ key: 'exception.message', value: 'text' }]);
  });

  it('records links, and leaves out those that say nothing', async () => {
    const nothing = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 };
    const span = tracer().startSpan('linked', { links: [{ context: REMOTE, attributes: { cause: 1 } }] });
    span.addLinks([{ context: nothing }, { context: { ...REMOTE, spanId: '00f067aa0ba902b7' } }]);
    span.end();
    const { links } = only(await tracing.spans());
    assert.deepEqual(
      links.map((link) => link.spanId),
      [REMOTE.spanId, '00f067aa0ba902b7'],
    );
    assert.deepEqual(links[0]?.attributes, [{ key: 'cause', value: 1n }]);
    assert.equal(links[0].flags, 0x301);
  });

  it('treats ok as final, never goes back to unset, and keeps a description with errors only', async () => {
    const final = tracer().startSpan('final');
    final.setStatus({ code: SpanStatusCode.OK, message: 'ignored' }).setStatus({ code: SpanStatusCode.ERROR });
    final.end();
    const failed = tracer().startSpan('failed');
    failed.setStatus({ code: SpanStatusCode.ERROR, message: 'why' }).setStatus({ code: SpanStatusCode.UNSET });
    failed.end();
    const spans = await tracing.spans();
    assert.deepEqual(named(spans, 'final').status, { code: 1, message: '' });
    assert.deepEqual(named(spans, 'failed').status, { code: 2, message: 'why' });
  });

  it('ends once and is deaf afterwards', async () => {
    const span = tracer().startSpan('before');
    assert(span.isRecording());
    span.end();
    assert(!span.isRecording());
    span.updateName('after').setAttribute('late', 1).addEvent('late').setStatus({ code: SpanStatusCode.ERROR }).end();
    const received = only(await tracing.spans());
    assert.equal(received.name, 'before');
    assert.deepEqual([received.attributes, received.events, received.status.code], [{}, [], 0]);
  });

  it('takes times as numbers, dates, pairs and performance.now, and never ends before the start', async () => {
    const inputs = [1_700_000_000_000.25, new Date(1_700_000_000_000), [1_700_000_000, 250_000] as [number, number]];
    for (const startTime of inputs) tracer().startSpan('given', { startTime }).end(startTime);
    const early = tracer().startSpan('early', { startTime: 2_000_000_000_000 });
    early.end(1_700_000_000_000);
    tracer().startSpan('relative', { startTime: performance.now() }).end();
    const spans = await tracing.spans();
    const starts = spans.filter((span) => span.name === 'given').map((span) => span.startTimeUnixNano);
    assert.deepEqual(starts, [1_700_000_000_000_250_000n, 1_700_000_000_000_000_000n, 1_700_000_000_000_250_000n]);
    assert.equal(named(spans, 'early').endTimeUnixNano, named(spans, 'early').startTimeUnixNano);
    const relativeMs = Number(named(spans, 'relative').startTimeUnixNano / 1_000_000n);
    assert(Math.abs(relativeMs - Date.now()) < 60_000);
  });

  it('measures start and end finer than a millisecond, near the wall clock', async () => {
    for (let index = 0; index < 20; index++) tracer().startSpan('fine').end();
    const spans = await tracing.spans();
    assert(spans.some((span) => span.startTimeUnixNano % 1_000_000n !== 0n));
    for (const span of spans) {
      assert(span.endTimeUnixNano >= span.startTimeUnixNano);
      assert(Math.abs(Number(span.startTimeUnixNano / 1_000_000n) - Date.now()) < 60_000);
    }
  });

  it('makes the span active inside startActiveSpan and returns what the function returns', async () => {
    const result = tracer().startActiveSpan('outer', (outer) => {
      assert.equal(trace.getActiveSpan(), outer);
      return tracer().startActiveSpan('inner', { attributes: { a: 1 } }, context.active(), (inner) => {
        inner.end();
        outer.end();
        return 'result';
      });
    });
    assert.equal(result, 'result');
    assert.equal(trace.getActiveSpan(), undefined);
    const spans = await tracing.spans();
    assert.equal(named(spans, 'inner').parentSpanId, named(spans, 'outer').spanId);
  });

  it('gives an unsampled span a context of its own and exports nothing', async () => {
    tracing.handle.switch.setSampler({ sampler: 'always_off' });
    const before = tracing.handle.switch.counts();
    const span = tracer().startSpan('dark', {}, trace.setSpanContext(ROOT_CONTEXT, REMOTE));
    span.setAttribute('a', 1).addEvent('e').recordException('x');
    span.end();
    assert(!span.isRecording());
    assert.equal(span.spanContext().traceId, REMOTE.traceId);
    assert.notEqual(span.spanContext().spanId, REMOTE.spanId);
    assert.equal(span.spanContext().traceFlags, TraceFlags.NONE);
    const counts = tracing.handle.switch.counts();
    assert.equal(counts.spansCreated - before.spansCreated, 1);
    assert.equal(counts.spansSampled - before.spansSampled, 0);
    assert.deepEqual(await tracing.spans(), []);
  });

  it('makes no span where tracing is suppressed', () => {
    const span = tracer().startSpan('hidden', {}, suppressTracing(ROOT_CONTEXT));
    assert(!span.isRecording());
    assert(!trace.isSpanContextValid(span.spanContext()));
  });

  it('refuses an unknown sampler, naming the allowed ones, and keeps the old one', () => {
    const unknown = { sampler: 'sometimes' } as unknown as Parameters<typeof tracing.handle.switch.setSampler>[0];
    assert.throws(() => tracing.handle.switch.setSampler(unknown), /always_on.*parentbased_traceidratio.*"sometimes"/);
    assert.throws(() => tracing.handle.switch.setSampler({ sampler: 'traceidratio', arg: 2 }), /between 0 and 1: was 2/);
    assert.deepEqual(tracing.handle.switch.getSampler(), { sampler: 'parentbased_always_on' });
  });

  it('never throws for arguments that plain JavaScript may pass', async () => {
    const careless = trace
      .getTracer(undefined as unknown as string)
      .startSpan(7 as unknown as string, null as unknown as undefined);
    careless.updateName(null as unknown as string).setAttribute(1 as unknown as string, 2);
    careless.addEvent(undefined as unknown as string, null as unknown as Attributes);
    careless.recordException({} as Error);
    careless.recordException(undefined as unknown as Error);
    careless.setAttributes(null as unknown as Attributes).setStatus(undefined as unknown as SpanStatus);
    careless.addLink({ context: {} as SpanContext, attributes: { a: 1 } }).addLink(undefined as unknown as Link);
    careless.end(Number.NaN);
    assert.equal(only(await tracing.spans()).name, '');
  });
});
