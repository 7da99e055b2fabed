/** The scanner against the decoder: both must accept the same requests and see the same spans in them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flattenTracesData } from '@tracelab/model';
import {
  LIMITS,
  ProtobufWriter,
  bytesFromHex,
  decodeTracesData,
  encodeTracesData,
  validateSpan,
} from '@tracelab/protocol';
import * as fc from 'fast-check';
import { spanIdFor, traceIdFor, tracesOf } from '../fixtures/make-trace.ts';
import { REJECTIONS, totalRejected } from './rejections.ts';
import { scanRequest } from './scan-request.ts';
import {
  endTimeAt,
  hasParentAt,
  kindAt,
  nameAt,
  scopeAt,
  spanIdAt,
  startTimeAt,
  statusCodeAt,
  traceIdAt,
  type SpanBatch,
} from './span-batch.ts';

const SAMPLE = encodeTracesData(
  tracesOf([
    { spanId: spanIdFor(0), name: 'GET /', service: 'gateway', attributes: { a: 'b', n: 5n } },
    { spanId: spanIdFor(1), parentSpanId: spanIdFor(0), name: 'charge', service: 'bank', isError: true, startMs: 3 },
    { traceId: traceIdFor(3), spanId: spanIdFor(2), service: '', name: 'x' },
  ]),
);

function rowsOf(batch: SpanBatch): unknown[] {
  return Array.from({ length: batch.spanCount }, (_, row) => ({
    traceId: traceIdAt(batch, row),
    spanId: spanIdAt(batch, row),
    name: nameAt(batch, row),
    service: scopeAt(batch, row).resource.serviceName,
    hasParent: hasParentAt(batch, row),
    kind: kindAt(batch, row),
    status: statusCodeAt(batch, row),
    start: startTimeAt(batch, row),
    end: endTimeAt(batch, row),
  }));
}

function rowsByDecoder(bytes: Uint8Array): { rows: unknown[]; rejected: number } | undefined {
  const data = decodeTracesData(bytes);
  if (!data.ok) return undefined;
  const spans = flattenTracesData(data.value);
  const valid = spans.filter((span) => validateSpan(span) === undefined);
  const rows = valid.map((span) => ({
    traceId: span.traceId,
    spanId: span.spanId,
    name: span.name,
    service: span.serviceName,
    hasParent: span.parentSpanId !== '',
    kind: span.kind,
    status: span.status.code,
    start: span.startTimeUnixNano,
    end: span.endTimeUnixNano,
  }));
  return { rows, rejected: spans.length - valid.length };
}

function assertSameAsDecoder(bytes: Uint8Array): void {
  const scanned = scanRequest(bytes);
  const expected = rowsByDecoder(bytes);
  assert.equal(scanned.ok, expected !== undefined);
  if (!scanned.ok || expected === undefined) return;
  assert.deepEqual(rowsOf(scanned.value.batch), expected.rows);
  assert.equal(totalRejected(scanned.value.rejections), expected.rejected);
}

describe('scanRequest', () => {
  it('sees what the decoder sees', () => {
    assertSameAsDecoder(SAMPLE);
    assert.equal(rowsByDecoder(SAMPLE)?.rows.length, 3);
  });

  it('agrees with the decoder on every truncation', () => {
    for (let length = 0; length <= SAMPLE.length; length++) assertSameAsDecoder(SAMPLE.subarray(0, length));
  });

  it('agrees with the decoder on mutated requests', () => {
    const mutation = fc.array(fc.tuple(fc.nat(SAMPLE.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(mutation, (changes) => {
        const bytes = SAMPLE.slice();
        for (const [at, value] of changes) bytes[at] = value;
        assertSameAsDecoder(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('agrees with the decoder on random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), assertSameAsDecoder), { numRuns: 2000 });
  });

  it('accepts an empty request', () => {
    assertSameAsDecoder(new Uint8Array());
  });

  it('takes the fields of an envelope in any order, behind the spans too', () => {
    const writer = new ProtobufWriter();
    writer.message(1, () => {
      writer.message(2, () => {
        writer.message(2, () => {
          writer.hex(1, traceIdFor(1));
          writer.hex(2, spanIdFor(1));
        });
        writer.message(1, () => writer.string(1, 'scope'));
      });
      writer.message(1, () =>
        writer.message(1, () => {
          writer.string(1, 'service.name');
          writer.message(2, () => writer.string(1, 'last'));
        }),
      );
    });
    assertSameAsDecoder(writer.finish());
    const scanned = scanRequest(writer.finish());
    assert.equal(scanned.ok && scopeAt(scanned.value.batch, 0).resource.serviceName, 'last');
  });

  it('names the reason of each rejected span and takes the others', () => {
    const request = tracesOf([
      { spanId: spanIdFor(0) },
      { traceId: '0'.repeat(32), spanId: spanIdFor(1) },
      { spanId: '0'.repeat(16) },
      { spanId: spanIdFor(3), startMs: 10, endMs: 9 },
      { spanId: spanIdFor(4), name: 'x'.repeat(LIMITS.spanNameLengthMax + 1) },
      { spanId: spanIdFor(5), parentSpanId: 'abcd' },
    ]);
    const scanned = scanRequest(encodeTracesData(request));
    assert.ok(scanned.ok);
    assert.equal(scanned.value.batch.spanCount, 1);
    assert.deepEqual(scanned.value.rejections, {
      traceId: 1,
      spanId: 1,
      parentSpanId: 1,
      name: 1,
      traceState: 0,
      endBeforeStart: 1,
    });
    assert.deepEqual(Object.keys(REJECTIONS), Object.keys(scanned.value.rejections));
  });

  it('counts the characters of a name, as the decoder does, and not its bytes', () => {
    const { spanNameLengthMax } = LIMITS;
    for (const [length, isTaken] of [
      [spanNameLengthMax, true],
      [spanNameLengthMax + 1, false],
    ] as const) {
      for (const letter of ['x', 'ö', '好']) {
        const bytes = encodeTracesData(tracesOf([{ spanId: spanIdFor(0), name: letter.repeat(length) }]));
        assertSameAsDecoder(bytes);
        const scanned = scanRequest(bytes);
        assert.equal(scanned.ok && scanned.value.rejections.name === 0, isTaken);
      }
    }
  });

  it('refuses values that are nested without end', () => {
    const depth = LIMITS.anyValueDepthMax + 1;
    const writer = new ProtobufWriter();
    const nest = (left: number): void =>
      writer.message(2, () => writer.message(5, () => (left === 0 ? undefined : nestItem(left))));
    const nestItem = (left: number): void =>
      writer.message(1, () => writer.message(5, () => (left === 0 ? undefined : nestItem(left - 1))));
    writer.message(1, () =>
      writer.message(2, () =>
        writer.message(2, () => {
          writer.bytes(1, bytesFromHex(traceIdFor(1)) ?? new Uint8Array());
          writer.hex(2, spanIdFor(1));
          writer.message(9, () => nest(depth));
        }),
      ),
    );
    assertSameAsDecoder(writer.finish());
    assert.equal(scanRequest(writer.finish()).ok, false);
  });
});
