import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OTLP_FIELDS, ProtobufWriter, writeSpan } from '@tracelab/protocol';
import type { Span } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { ClockAnchor } from '../clock/span-clock.ts';
import { AttributeBag } from '../span/attribute-bag.ts';
import { SpanId } from '../span/span-id.ts';
import type { SpanRecord } from '../span/span-record.ts';
import { TraceId } from '../span/trace-id.ts';
import { arbitraryLongText, arbitraryRecord } from '../test-kit/arbitrary-record.ts';
import { expectedSpan, spansIn } from '../test-kit/expected-span.ts';
import { encodeSpan } from './encode-span.ts';
import { ScopeBytes } from './scope-bytes.ts';

const SCOPE = { name: 'test', version: '1', schemaUrl: '' };
const NO_LIMITS = { countMax: Infinity, valueLengthMax: Infinity };

const PLAIN: SpanRecord = {
  traceId: new TraceId(1, -2, 3, -4),
  spanId: new SpanId(-5, 6),
  traceFlags: 3,
  traceState: undefined,
  parentSpanId: undefined,
  isParentRemote: false,
  name: 'plain',
  kind: 0,
  anchor: new ClockAnchor(1_795_000_000_000_000_000n),
  startTime: 1,
  endTime: 2,
  attributes: undefined,
  events: undefined,
  links: undefined,
  statusCode: 0,
  statusMessage: '',
};

function bagOf(attributes: Readonly<Record<string, unknown>>): AttributeBag {
  const bag = new AttributeBag(NO_LIMITS);
  bag.setAll(attributes);
  return bag;
}

function encoded(records: readonly SpanRecord[]): ScopeBytes {
  const bytes = new ScopeBytes(SCOPE);
  for (const record of records) encodeSpan(bytes, record);
  return bytes;
}

function assertKept(records: readonly SpanRecord[]): void {
  assert.deepEqual(spansIn(encoded(records)), records.map(expectedSpan));
}

/** What protocol's writer, which is for any message, takes for the same span. */
function plainLength(record: SpanRecord): number {
  const writer = new ProtobufWriter();
  writeSpan(writer, OTLP_FIELDS.scopeSpans.spans, expectedSpan(record));
  return writer.finish().length;
}

describe('an encoded span', () => {
  it('says all that the record says, whatever was written before it', () => {
    fc.assert(fc.property(fc.array(arbitraryRecord, { maxLength: 4 }), assertKept), { numRuns: 200 });
  });

  it('is never longer than it has to be', () => {
    const hasTimes = ({ startTimeUnixNano, endTimeUnixNano, events }: Span): boolean =>
      startTimeUnixNano !== 0n && endTimeUnixNano !== 0n && events.every((event) => event.timeUnixNano !== 0n);
    fc.assert(
      fc.property(arbitraryRecord, (record) => {
        // A time of zero, which no span has, is written out.
        fc.pre(hasTimes(expectedSpan(record)));
        assert.equal(encoded([record]).length, plainLength(record));
      }),
    );
  });

  it('holds texts so long that their length takes two or three bytes', () => {
    fc.assert(
      fc.property(arbitraryLongText, arbitraryLongText, (text, other) =>
        assertKept([
          { ...PLAIN, name: text, statusCode: 2, statusMessage: other },
          { ...PLAIN, attributes: bagOf({ text, [other]: [text, null, other] }) },
          PLAIN,
        ]),
      ),
      { numRuns: 30 },
    );
  });

  it('has a length of one, two or three bytes, with and without attributes', () => {
    const bodyLength = (record: SpanRecord): number => encoded([record]).length;
    for (const lengthWanted of [127, 128, 16_383, 16_384]) {
      for (const attributes of [undefined, bagOf({}), bagOf({ a: 1 })]) {
        const record = { ...PLAIN, attributes };
        const lengthBytes = lengthWanted < 128 ? 1 : lengthWanted < 16_384 ? 2 : 3;
        const padding = lengthWanted + 1 + lengthBytes - bodyLength(record);
        // The length of a longer name takes more bytes as well.
        const sizes = [0, 1, 2, 3].map((less) => ({ ...record, name: `plain${'x'.repeat(padding - less)}` }));
        const exact = sizes.find((each) => bodyLength(each) === lengthWanted + 1 + lengthBytes);
        assert(exact !== undefined, `a span of ${lengthWanted} bytes`);
        assertKept([PLAIN, exact, PLAIN]);
      }
    }
  });

  it('has the time that anchor and offset add up to, where the lower half carries over too', () => {
    const anchor = new ClockAnchor(0x18e9_0000_ffff_ffffn);
    for (const nanos of [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 50 + 2]) {
      const [span] = spansIn(encoded([{ ...PLAIN, anchor, startTime: nanos / 1e6 }]));
      assert.equal(span?.startTimeUnixNano, 0x18e9_0000_ffff_ffffn + BigInt(nanos));
    }
  });

  it('keeps a count that has no room in 32 bits at the greatest there is', () => {
    const attributes = bagOf({});
    attributes.droppedCount = 2 ** 32;
    const record = {
      ...PLAIN,
      attributes,
      events: { items: [], droppedCount: 2 ** 32 + 5 },
      links: { items: [], droppedCount: 2 ** 53 },
    };
    const [span] = spansIn(encoded([record]));
    const { droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span ?? {};
    assert.deepEqual(
      [droppedAttributesCount, droppedEventsCount, droppedLinksCount],
      [0xffff_ffff, 0xffff_ffff, 0xffff_ffff],
    );
  });

  it('has no tracestate where a foreign one gives no text', () => {
    const serialize = (): string => 7 as unknown as string;
    const traceState = { serialize } as unknown as NonNullable<SpanRecord['traceState']>;
    const [first, second] = spansIn(encoded([{ ...PLAIN, traceState }, PLAIN]));
    assert.deepEqual([first?.traceState, second], ['7', expectedSpan(PLAIN)]);
  });
});
