import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  arbitraryAnchor,
  arbitrarySpanId,
  arbitraryText,
  arbitraryTime,
  arbitraryTraceId,
} from '../test-kit/arbitrary-record.ts';
import { OtlpBytes } from './otlp-bytes.ts';

const TAG = 0x0a;
const ENOUGH = 16 * 1024;

type Write = (bytes: OtlpBytes) => void;
const write: fc.Arbitrary<Write> = fc.oneof(
  arbitraryText.map(
    (text): Write =>
      (bytes) =>
        bytes.text(TAG, text),
  ),
  fc.nat(2 ** 31 - 1).map(
    (value): Write =>
      (bytes) =>
        bytes.varint(TAG, value),
  ),
  fc.maxSafeInteger().map(
    (value): Write =>
      (bytes) =>
        bytes.int64(TAG, value),
  ),
  fc.double().map(
    (value): Write =>
      (bytes) =>
        bytes.double(TAG, value),
  ),
  fc.nat(1000).map(
    (value): Write =>
      (bytes) =>
        bytes.fixed32(TAG, value),
  ),
  arbitraryTraceId.map(
    (id): Write =>
      (bytes) =>
        bytes.traceId(TAG, id),
  ),
  arbitrarySpanId.map(
    (id): Write =>
      (bytes) =>
        bytes.spanId(TAG, id),
  ),
  fc.uint8Array({ maxLength: 40 }).map(
    (piece): Write =>
      (bytes) =>
        bytes.raw(piece),
  ),
  fc.tuple(arbitraryTime, arbitraryAnchor).map(
    ([time, anchor]): Write =>
      (bytes) =>
        bytes.time(TAG, time, anchor),
  ),
  fc.tuple(fc.constantFrom(1 as const, 2 as const), arbitraryText).map(([lengthBytes, text]): Write => (bytes) => {
    const mark = bytes.open(TAG, lengthBytes);
    bytes.text(TAG, text);
    bytes.close(mark, lengthBytes);
  }),
);

function written(bytesInitial: number, writes: readonly Write[]): string {
  const bytes = new OtlpBytes(bytesInitial);
  for (const each of writes) each(bytes);
  return Buffer.from(bytes.written()).toString('hex');
}

describe('an array of OTLP bytes', () => {
  it('holds the same whatever it began with, wherever in a field it has to grow', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 8 }), fc.integer({ min: 1, max: 200 }), (writes, bytesInitial) =>
        assert.equal(written(bytesInitial, writes), written(ENOUGH, writes)),
      ),
      { numRuns: 1000 },
    );
  });

  it('keeps for others a copy, which later writes do not change', () => {
    const bytes = new OtlpBytes(16);
    bytes.text(TAG, 'first');
    const copy = bytes.copyFrom(2);
    bytes.length = 0;
    bytes.text(TAG, 'other');
    assert.equal(Buffer.from(copy).toString(), 'first');
  });
});
