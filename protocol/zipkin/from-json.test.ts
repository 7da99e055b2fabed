import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { SpanKind, StatusCode } from '../otlp/trace.ts';
import type { Span } from '../otlp/trace.ts';
import { validateSpan } from '../otlp/validate-span.ts';
import { encodeTracesData } from '../otlp/write-trace.ts';
import { tracesDataFromZipkin } from './from-json.ts';

const TRACE_ID = '5982fe77008310cc80f1da5e10147517';
const PLAIN = { traceId: TRACE_ID, id: 'bd7a977555f6b982', timestamp: 1_502_787_600_000_000, duration: 1500 };

function spansOf(...zipkin: object[]): Span[] {
  const data = tracesDataFromZipkin(zipkin);
  assert.ok(data.ok, data.ok ? '' : data.error);
  return data.value.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

function spanOf(fields: object): Span {
  const [span] = spansOf({ ...PLAIN, ...fields });
  assert.ok(span !== undefined);
  return span;
}

function refusalOf(fields: object): string {
  const data = tracesDataFromZipkin([PLAIN, { ...PLAIN, ...fields }]);
  return data.ok ? 'none' : data.error;
}

describe('tracesDataFromZipkin', () => {
  it('reads a whole span', () => {
    const data = tracesDataFromZipkin([
      {
        ...PLAIN,
        parentId: 'ebf33e1a81dc6f71',
        name: 'get /api',
        kind: 'CLIENT',
        localEndpoint: { serviceName: 'frontend', ipv4: '192.0.2.1', port: 8080 },
        remoteEndpoint: { serviceName: 'backend', ipv6: '2001:db8::1', port: 9000 },
        annotations: [{ timestamp: 1_502_787_600_000_100, value: 'cache miss' }],
        tags: { 'http.path': '/api' },
        debug: true,
        unknown: { to: 'us' },
      },
    ]);
    assert.ok(data.ok);
    const [resourceSpans] = data.value.resourceSpans;
    assert.deepEqual(resourceSpans?.resource.attributes, [{ key: 'service.name', value: 'frontend' }]);
    assert.deepEqual(resourceSpans.scopeSpans[0]?.spans, [
      {
        traceId: TRACE_ID,
        spanId: 'bd7a977555f6b982',
        parentSpanId: 'ebf33e1a81dc6f71',
        traceState: '',
        name: 'get /api',
        kind: SpanKind.client,
        startTimeUnixNano: 1_502_787_600_000_000_000n,
        endTimeUnixNano: 1_502_787_600_001_500_000n,
        attributes: [
          { key: 'http.path', value: '/api' },
          { key: 'network.local.address', value: '192.0.2.1' },
          { key: 'network.local.port', value: 8080n },
          { key: 'peer.service', value: 'backend' },
          { key: 'network.peer.address', value: '2001:db8::1' },
          { key: 'network.peer.port', value: 9000n },
          { key: 'zipkin.debug', value: true },
        ],
        droppedAttributesCount: 0,
        events: [
          {
            timeUnixNano: 1_502_787_600_000_100_000n,
            name: 'cache miss',
            attributes: [],
            droppedAttributesCount: 0,
          },
        ],
        droppedEventsCount: 0,
        links: [],
        droppedLinksCount: 0,
        status: { code: StatusCode.unset, message: '' },
        flags: 0,
      },
    ]);
  });

  it('makes one resource of each service, and one without a name of the rest', () => {
    const of = (serviceName?: string): object => ({ ...PLAIN, localEndpoint: { serviceName } });
    const data = tracesDataFromZipkin([of('a'), of('b'), of('a'), PLAIN, of('')]);
    assert.deepEqual(
      data.ok &&
        data.value.resourceSpans.map(({ resource, scopeSpans }) => [
          resource.attributes[0]?.value,
          scopeSpans[0]?.spans.length,
        ]),
      [
        ['a', 2],
        ['b', 1],
        [undefined, 2],
      ],
    );
  });

  it('reads kinds, and a span without one as internal', () => {
    const kinds = ['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER', undefined].map((kind) => spanOf({ kind }).kind);
    const { client, server, producer, consumer, internal } = SpanKind;
    assert.deepEqual(kinds, [client, server, producer, consumer, internal]);
    for (const kind of ['client', 'constructor', '__proto__'])
      assert.equal(
        refusalOf({ kind }),
        `spans[1].kind should be CLIENT, SERVER, PRODUCER, CONSUMER or absent: was "${kind}"`,
      );
  });

  it('pads ids of 64 bits and short ones with zeros, and makes them lower case', () => {
    const { traceId, spanId, parentSpanId } = spanOf({ traceId: 'BD7A977555F6B982', id: 'A', parentId: '1f' });
    assert.deepEqual(
      [traceId, spanId, parentSpanId],
      ['0000000000000000bd7a977555f6b982', '000000000000000a', '000000000000001f'],
    );
  });

  it('lets the validation of spans reject bad ids, each for itself', () => {
    const rejected = [{ traceId: 'xyz' }, { traceId: `1${TRACE_ID}` }, { id: '-1' }, { id: '' }, { parentId: 'x' }];
    for (const fields of rejected) assert.notEqual(validateSpan(spanOf(fields)), undefined, JSON.stringify(fields));
    assert.equal(validateSpan(spanOf({})), undefined);
  });

  it('is a root where the parent is absent, zero, or the span itself', () => {
    for (const parentId of [undefined, null, '', '0000000000000000', PLAIN.id])
      assert.equal(spanOf({ parentId }).parentSpanId, '');
  });

  it('gives the shared half of a server an id of its own below its client, the same each time', () => {
    const client = { ...PLAIN, kind: 'CLIENT', parentId: '1' };
    const server = { ...PLAIN, kind: 'SERVER', parentId: '1', shared: true };
    const [first, second, again] = spansOf(client, server, server);
    assert.equal(second?.parentSpanId, first?.spanId);
    assert.notEqual(second?.spanId, first?.spanId);
    assert.equal(validateSpan(second as Span), undefined);
    assert.deepEqual(again, second);
    assert.deepEqual(second?.attributes, [{ key: 'zipkin.shared', value: true }]);
  });

  const statuses: [tags: Record<string, string>, status: Span['status'], attributes: string[]][] = [
    [{ error: '' }, { code: StatusCode.error, message: '' }, []],
    [{ error: 'true' }, { code: StatusCode.error, message: '' }, []],
    [{ error: 'out of stock' }, { code: StatusCode.error, message: 'out of stock' }, []],
    [{ error: 'false' }, { code: StatusCode.unset, message: '' }, ['error']],
    [{ 'otel.status_code': 'OK' }, { code: StatusCode.ok, message: '' }, []],
    [{ 'otel.status_code': 'Error', error: 'x' }, { code: StatusCode.error, message: 'x' }, []],
    [{ 'otel.status_code': '?' }, { code: StatusCode.unset, message: '' }, ['otel.status_code']],
  ];
  for (const [tags, status, attributes] of statuses) {
    it(`reads the status of ${JSON.stringify(tags)}`, () => {
      const span = spanOf({ tags });
      assert.deepEqual(span.status, status);
      assert.deepEqual(
        span.attributes.map(({ key }) => key),
        attributes,
      );
    });
  }

  it('lets a tag win over an endpoint', () => {
    const { attributes } = spanOf({ tags: { 'peer.service': 'tag' }, remoteEndpoint: { serviceName: 'endpoint' } });
    assert.deepEqual(attributes, [{ key: 'peer.service', value: 'tag' }]);
  });

  it('says that a start is absent, and takes an absent duration as none', () => {
    const { startTimeUnixNano, endTimeUnixNano, attributes } = spanOf({ timestamp: undefined });
    assert.deepEqual([startTimeUnixNano, endTimeUnixNano], [0n, 1_500_000n]);
    assert.deepEqual(attributes, [{ key: 'otel.zipkin.absentField.startTime', value: true }]);
    assert.equal(spanOf({ duration: undefined }).endTimeUnixNano, spanOf({}).startTimeUnixNano);
  });

  it('reads times as number or text, and fractions of microseconds', () => {
    const start = (timestamp: unknown): bigint => spanOf({ timestamp }).startTimeUnixNano;
    assert.equal(start('1502787600000001'), 1_502_787_600_000_001_000n);
    assert.equal(start(1_502_787_600_000_000.25), 1_502_787_600_000_000_250n);
  });

  it('refuses what has the wrong form with its path', () => {
    assert.equal(refusalOf({ traceId: 7 }), 'spans[1].traceId should be text: was 7');
    assert.equal(refusalOf({ tags: { a: 1 } }), 'spans[1].tags.a should be text: was 1');
    for (const timestamp of [-1, -0.5, 1e300, '9223372036854776'])
      assert.match(refusalOf({ timestamp }), /^spans\[1\]\.timestamp should be .*: was /);
    for (const value of [{}, null, 'x', 7])
      assert.deepEqual(tracesDataFromZipkin(value), { ok: false, error: 'the document should be a list of spans' });
    assert.match(refusalOf({ annotations: {} }), /annotations should be a list: was an object/);
  });

  it('never throws, and what it accepts can be encoded', () => {
    const field = fc.constantFrom(
      ...Object.keys(PLAIN),
      'parentId',
      'kind',
      'tags',
      'shared',
      'localEndpoint',
      'annotations',
    );
    const span = fc.dictionary(field, fc.oneof(fc.jsonValue(), fc.constantFrom('CLIENT', '1', 1.5, true)));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.array(span)), (value) => {
        const data = tracesDataFromZipkin(value);
        if (data.ok) encodeTracesData(data.value);
      }),
      { numRuns: 1000 },
    );
  });
});
