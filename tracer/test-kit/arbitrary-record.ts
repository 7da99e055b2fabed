import * as fc from 'fast-check';
import { ClockAnchor } from '../clock/span-clock.ts';
import type { SpanTime } from '../clock/span-time.ts';
import { MemberTraceState } from '../propagate/trace-state.ts';
import { AttributeBag } from '../span/attribute-bag.ts';
import type { StoredValue } from '../span/attribute-bag.ts';
import { SpanId } from '../span/span-id.ts';
import type { EventRecord, LinkRecord, SpanRecord } from '../span/span-record.ts';
import { TraceId } from '../span/trace-id.ts';

/** Where the encoder goes another way: a loop or a call, one byte of length or two or three, in units and in bytes. */
const LENGTHS = [0, 1, 10, 11, 42, 43, 63, 64, 127, 128, 129];
const LENGTHS_LONG = [5461, 5462, 16_383, 16_384];
/** One, two, three and four bytes, and halves of a pair, which have no UTF-8. */
const UNITS = ['a', 'é', '€', '😀', '\ud83d', '\ude00'];
const TWO_TO_64 = 2n ** 64n;

/** Texts of UTF-16 units of any kind, most often of a length at which the encoding changes. */
export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...LENGTHS), fc.constantFrom(...UNITS)).map(repeated) },
  { weight: 2, arbitrary: fc.array(fc.nat(0xffff), { maxLength: 14 }).map((units) => String.fromCharCode(...units)) },
);

export const arbitraryLongText: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...LENGTHS_LONG), fc.constantFrom(...UNITS))
  .map(repeated);

function repeated([unitCount, unit]: readonly [number, string]): string {
  return unit.repeat(unitCount).slice(0, unitCount);
}

const arbitraryNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -(2 ** 31)),
  fc.maxSafeInteger(),
  fc.constantFrom(2 ** 53, 2 ** 53 - 1, -(2 ** 53), 1 - 2 ** 53, 1e300),
  fc.double(),
);

function listOf<T>(item: fc.Arbitrary<T>): fc.Arbitrary<(T | null)[]> {
  return fc.array(fc.option(item, { freq: 5 }), { maxLength: 6 });
}

/** What an AttributeBag may hold. */
export const arbitraryValue: fc.Arbitrary<StoredValue> = fc.oneof(
  arbitraryText,
  arbitraryNumber,
  fc.boolean(),
  listOf(arbitraryText),
  listOf(arbitraryNumber),
  listOf(fc.boolean()),
);

const count: fc.Arbitrary<number> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  fc.nat(300),
  fc.constantFrom(127, 128, 2 ** 31, 2 ** 32 - 1),
);

const entries = fc.array(fc.tuple(arbitraryText, arbitraryValue), { maxLength: 5 });
const bag: fc.Arbitrary<AttributeBag> = fc.tuple(entries, count).map(([attributes, droppedCount]) => {
  const made = new AttributeBag({ countMax: Infinity, valueLengthMax: Infinity });
  for (const [key, value] of attributes) made.set(key, value);
  made.droppedCount = droppedCount;
  return made;
});

const word = fc.integer();
export const arbitraryTraceId: fc.Arbitrary<TraceId> = fc.oneof(
  fc.tuple(word, word, word, word).map((words) => new TraceId(...words)),
  hexOf(32).map((hex) => TraceId.parse(hex)),
);
export const arbitrarySpanId: fc.Arbitrary<SpanId> = fc.oneof(
  fc.tuple(word, word).map((words) => new SpanId(...words)),
  hexOf(16).map((hex) => SpanId.parse(hex)),
);

export function hexOf(digitCount: number): fc.Arbitrary<string> {
  return fc
    .array(fc.nat(15), { minLength: digitCount, maxLength: digitCount })
    .map((digits) => digits.map((digit) => digit.toString(16)).join(''));
}

/** Milliseconds to the nanosecond: of seconds, of a day, and of years, where a double has no room for each nanosecond. */
export const arbitraryOffset: fc.Arbitrary<number> = fc
  .oneof(fc.nat(2 ** 31 - 1), fc.nat({ max: 86_400_000_000_000 }), fc.bigInt({ min: 0n, max: 2n ** 60n }).map(Number))
  .map((nanos) => nanos / 1e6);
export const arbitraryTime: fc.Arbitrary<SpanTime> = fc.oneof(
  arbitraryOffset,
  fc.bigInt({ min: 0n, max: TWO_TO_64 - 1n }),
);
/** Low halves near 2^32 carry over; high ones leave room for the greatest offset. */
export const arbitraryAnchor: fc.Arbitrary<ClockAnchor> = fc
  .tuple(fc.nat(0x7fff_ffff), fc.oneof(fc.nat(0xffff_ffff), fc.integer({ min: 0xffff_fff0, max: 0xffff_ffff })))
  .map(([high, low]) => new ClockAnchor((BigInt(high) << 32n) | BigInt(low)));

const traceStateMembers = fc.uniqueArray(
  fc.tuple(fc.stringMatching(/^[a-z]{1,3}$/), fc.stringMatching(/^[!-+\--<>-~]{1,9}$/)),
  { minLength: 1, maxLength: 3, selector: ([key]) => key },
);
const traceState = traceStateMembers.map(
  (members) => new MemberTraceState(members.map(([key, value]) => ({ key, value }))),
);

const event: fc.Arbitrary<EventRecord> = fc.record({ time: arbitraryTime, name: arbitraryText, attributes: bag });
const link: fc.Arbitrary<LinkRecord> = fc.record({
  traceId: arbitraryTraceId,
  spanId: arbitrarySpanId,
  traceState: fc.oneof(
    fc.constant(''),
    traceState.map((state) => state.serialize()),
  ),
  traceFlags: fc.nat(0xff),
  isRemote: fc.boolean(),
  attributes: bag,
});

function optional<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 2 });
}

/** Any span that a RecordingSpan can be when it ends. */
export const arbitraryRecord: fc.Arbitrary<SpanRecord> = fc.record({
  traceId: arbitraryTraceId,
  spanId: arbitrarySpanId,
  traceFlags: fc.nat(0xff),
  traceState: optional(traceState),
  parentSpanId: optional(arbitrarySpanId),
  isParentRemote: fc.boolean(),
  name: arbitraryText,
  kind: fc.nat(4),
  anchor: arbitraryAnchor,
  startTime: arbitraryTime,
  endTime: arbitraryTime,
  attributes: optional(bag),
  events: optional(fc.record({ items: fc.array(event, { maxLength: 3 }), droppedCount: count })),
  links: optional(fc.record({ items: fc.array(link, { maxLength: 3 }), droppedCount: count })),
  statusCode: fc.nat(2),
  statusMessage: arbitraryText,
});
