import * as fc from 'fast-check';
import { hexFromBytes } from '../ids.ts';
import type { AnyValue, KeyValue, Span, TracesData } from '../otlp/trace.ts';
import { SpanKind, StatusCode } from '../otlp/trace.ts';

/** Generators of every valid OTLP trace message. Text has no lone surrogates: UTF-8 cannot carry them. */
const text = fc.string({ unit: 'binary', maxLength: 40 });
const uint32 = fc.oneof(fc.constant(0), fc.nat(300), fc.integer({ min: 0, max: 0xffff_ffff }));
const uint64 = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
const int64 = fc.oneof(fc.bigInt({ min: -3n, max: 300n }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
/** Minus zero is left out: JSON cannot tell it from zero. */
const double = fc.double().map((value) => (value === 0 ? 0 : value));

/** Ordinary objects: deepEqual compares prototypes too. */
function record<Fields>(model: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> }): fc.Arbitrary<Fields> {
  return fc.record(model, { noNullPrototype: true });
}

export function arbitraryId(byteCount: number): fc.Arbitrary<string> {
  return fc
    .uint8Array({ minLength: byteCount, maxLength: byteCount })
    .filter((bytes) => bytes.some((byte) => byte !== 0))
    .map(hexFromBytes);
}

const { value: anyValue } = fc.letrec<{ value: AnyValue; keyValue: KeyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    text,
    fc.boolean(),
    int64,
    double,
    fc.constant(null),
    fc.uint8Array({ maxLength: 9 }),
    fc.array(tie('value'), { maxLength: 3 }),
    record({ keyValues: fc.array(tie('keyValue'), { maxLength: 3 }) }),
  ),
  keyValue: record({ key: text, value: tie('value') }),
}));

const attributes: fc.Arbitrary<KeyValue[]> = fc.array(record({ key: text, value: anyValue }), { maxLength: 4 });
const owner = { attributes, droppedAttributesCount: uint32 };

export const arbitrarySpan: fc.Arbitrary<Span> = record({
  traceId: arbitraryId(16),
  spanId: arbitraryId(8),
  traceState: text,
  parentSpanId: fc.oneof(fc.constant(''), arbitraryId(8)),
  name: text,
  kind: fc.constantFrom(...Object.values(SpanKind)),
  startTimeUnixNano: uint64,
  endTimeUnixNano: uint64,
  ...owner,
  events: fc.array(record({ timeUnixNano: uint64, name: text, ...owner }), { maxLength: 2 }),
  droppedEventsCount: uint32,
  links: fc.array(
    record({ traceId: arbitraryId(16), spanId: arbitraryId(8), traceState: text, ...owner, flags: uint32 }),
    { maxLength: 2 },
  ),
  droppedLinksCount: uint32,
  status: record({ code: fc.constantFrom(...Object.values(StatusCode)), message: text }),
  flags: uint32,
});

export const arbitraryTracesData: fc.Arbitrary<TracesData> = record({
  resourceSpans: fc.array(
    record({
      resource: record(owner),
      scopeSpans: fc.array(
        record({
          scope: record({ name: text, version: text, ...owner }),
          spans: fc.array(arbitrarySpan, { maxLength: 3 }),
          schemaUrl: text,
        }),
        { maxLength: 2 },
      ),
      schemaUrl: text,
    }),
    { maxLength: 2 },
  ),
});
