import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { LIMITS } from '../limits.ts';
import { ProtobufWriter } from '../protobuf/writer.ts';
import { arbitrarySpan, arbitraryTracesData } from '../test-kit/arbitrary-trace.ts';
import { emptyLink, emptyResourceSpans, emptyScopeSpans, emptySpan } from './empty.ts';
import { decodeSpan, decodeTracesData } from './read-trace.ts';
import type { AnyValue, Span, TracesData } from './trace.ts';
import { validateSpan } from './validate-span.ts';
import { encodeTracesData, writeSpan } from './write-trace.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

function dataOf(...spans: Span[]): TracesData {
  return { resourceSpans: [{ ...emptyResourceSpans(), scopeSpans: [{ ...emptyScopeSpans(), spans }] }] };
}

function nested(depth: number): AnyValue {
  let value: AnyValue = 'core';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { keyValues: [{ key: 'k', value }] };
  return value;
}

/** A span's bytes without tag and length, written field by field. */
function fields(write: (writer: ProtobufWriter) => void): Span {
  const writer = new ProtobufWriter();
  write(writer);
  const result = decodeSpan(writer.finish());
  assert.ok(result.ok, 'the span should be readable');
  return result.value;
}

describe('encodeTracesData and decodeTracesData', () => {
  it('give back exactly what was put in', () => {
    fc.assert(
      fc.property(arbitraryTracesData, (data) =>
        assert.deepEqual(decodeTracesData(encodeTracesData(data)), { ok: true, value: data }),
      ),
    );
  });

  it('write nothing for a request without spans', () => {
    assert.equal(encodeTracesData({ resourceSpans: [] }).length, 0);
    assert.deepEqual(decodeTracesData(new Uint8Array()), { ok: true, value: { resourceSpans: [] } });
  });

  it('write no zero values', () => {
    const writer = new ProtobufWriter();
    writeSpan(writer, 2, emptySpan());
    assert.deepEqual([...writer.finish()], [0x12, 0]);
  });

  it('carry values nested up to the bound and refuse deeper ones', () => {
    const max = LIMITS.anyValueDepthMax;
    const data = dataOf({ ...emptySpan(), attributes: [{ key: 'a', value: nested(max) }] });
    assert.deepEqual(decodeTracesData(encodeTracesData(data)), { ok: true, value: data });
    const tooDeep = dataOf({ ...emptySpan(), attributes: [{ key: 'a', value: nested(max + 1) }] });
    assert.throws(() => encodeTracesData(tooDeep), { name: 'RangeError', message: /at most 32 deep/ });
  });
});

describe('decodeTracesData', () => {
  it('refuses a request that is cut off at any byte, and says why', () => {
    const [data] = fc.sample(
      arbitrarySpan.map((span) => dataOf(span)),
      { numRuns: 1, seed: 4 },
    );
    const bytes = encodeTracesData(data ?? dataOf());
    for (let length = 1; length < bytes.length; length++) {
      const result = decodeTracesData(bytes.subarray(0, length));
      assert.ok(!result.ok && /^malformed protobuf: truncated: .* \(at byte \d+\)$/.test(result.error));
    }
  });

  it('never throws, whatever the bytes are', () => {
    const damaged = fc.tuple(arbitraryTracesData, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }));
    fc.assert(
      fc.property(damaged, fc.uint8Array(), ([data, changes], noise) => {
        const bytes = encodeTracesData(data);
        for (const [at, byte] of changes) bytes[at % Math.max(1, bytes.length)] = byte;
        decodeTracesData(bytes);
        decodeTracesData(noise);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses lists nested deeper than the bound without exhausting the stack', () => {
    let body = new Uint8Array();
    for (let level = 0; level < 10_000; level++) {
      const writer = new ProtobufWriter(body.length + 16);
      writer.message(1, () => writer.bytes(5, body));
      body = Uint8Array.from(writer.finish());
    }
    const writer = new ProtobufWriter();
    writer.message(9, () => writer.message(2, () => writer.bytes(5, body)));
    const result = decodeSpan(writer.finish());
    assert.ok(!result.ok && /nested at most 32 deep/.test(result.error));
  });
});

describe('encodeTracesData with ids that are none', () => {
  it('writes what is no hex as an id that a receiver refuses', () => {
    const valid = { ...emptySpan(), traceId: TRACE_ID, spanId: '00f067aa0ba902b7' };
    for (const flaw of [{ traceId: `${TRACE_ID}0` }, { spanId: 'z'.repeat(16) }, { parentSpanId: '-'.repeat(16) }]) {
      const result = decodeTracesData(encodeTracesData(dataOf({ ...valid, ...flaw })));
      const span = result.ok ? result.value.resourceSpans[0]?.scopeSpans[0]?.spans[0] : undefined;
      assert.ok(span !== undefined && validateSpan(span) !== undefined);
    }
  });
});

describe('decodeTracesData with a bomb', () => {
  it('refuses millions of empty spans before it builds them all', () => {
    const spans = new Uint8Array(2_000_000).map((_, index) => (index % 2 === 0 ? 0x12 : 0));
    const writer = new ProtobufWriter();
    writer.message(1, () => writer.bytes(2, spans));
    const result = decodeTracesData(writer.finish());
    assert.ok(!result.ok && /too many parts in one request/.test(result.error));
  });
});

describe('decodeSpan', () => {
  it('skips unknown fields of every wire type, and known fields of another type', () => {
    const span = fields((writer) => {
      writer.varint(1000, 2n ** 64n - 1n);
      writer.fixed64(1001, 1n);
      writer.fixed32(1002, 1);
      writer.string(1003, 'unknown');
      writer.raw(Uint8Array.of(0xa3, 0x06, 0x08, 1, 0xa4, 0x06)); // a group of field 100
      writer.varint(5, 7); // the name as a number
      writer.string(6, 'server'); // the kind as text
      writer.string(5, 'GET /');
    });
    assert.deepEqual(span, { ...emptySpan(), name: 'GET /' });
  });

  it('merges a sub-message that comes twice, and lets the last scalar win', () => {
    const span = fields((writer) => {
      writer.message(15, () => writer.string(2, 'first'));
      writer.message(15, () => writer.varint(3, 2));
      writer.string(5, 'old');
      writer.string(5, 'new');
    });
    assert.deepEqual([span.status, span.name], [{ code: 2, message: 'first' }, 'new']);
  });

  it('merges the lists of a value that comes twice, and lets another kind of value replace it', () => {
    const attribute = (write: (writer: ProtobufWriter) => void): AnyValue | undefined =>
      fields((writer) => writer.message(9, () => write(writer))).attributes[0]?.value;
    const listOf = (writer: ProtobufWriter, text: string): void =>
      writer.message(2, () => writer.message(5, () => writer.message(1, () => writer.string(1, text))));
    const twice = attribute((writer) => {
      listOf(writer, 'a');
      listOf(writer, 'b');
    });
    assert.deepEqual(twice, ['a', 'b']);
    const replaced = attribute((writer) => {
      listOf(writer, 'a');
      writer.message(2, () => writer.varint(2, 1));
    });
    assert.equal(replaced, true);
  });

  it('reads enum values that OTLP does not define as unspecified', () => {
    const span = fields((writer) => {
      writer.varint(6, 17);
      writer.message(15, () => writer.varint(3, -1));
    });
    assert.deepEqual([span.kind, span.status.code], [0, 0]);
  });

  it('keeps ids of a wrong length wrong, but short', () => {
    const span = fields((writer) => {
      writer.bytes(1, new Uint8Array(1_000_000));
      writer.bytes(2, Uint8Array.of(1, 2, 3));
    });
    assert.deepEqual([span.traceId.length, span.spanId], [34, '010203']);
  });

  it('reads 10,000 attributes', () => {
    const attributes = Array.from({ length: 10_000 }, (_, index) => ({ key: `k${index}`, value: BigInt(index) }));
    const span = { ...emptySpan(), attributes, links: [{ ...emptyLink(), traceId: TRACE_ID }] };
    const result = decodeTracesData(encodeTracesData(dataOf(span)));
    assert.deepEqual(result.ok && result.value.resourceSpans[0]?.scopeSpans[0]?.spans[0], span);
  });
});
