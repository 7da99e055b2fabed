import { LIMITS, encodeTracesData, type Random, type TracesData } from '@tracelab/protocol';
import { encodeEmptySpans, spanIdFor, tracesOf, type SpanSketch } from '../fixtures/make-trace.ts';
import { drawBelow, drawOne } from './draw.ts';

/** Trace ids of one lane come from one kind of request only, so that no mutated span takes the place of a valid one. */
const LANES = { valid: 1, garbage: 2 } as const;
const TRACES_MAX = 5;
const SPANS_MAX = 8;
const HUGE_BYTES_MIN = 512 * 1024;
const HUGE_BYTES_SPREAD = 3 * 1024 * 1024;
const EMPTY_SPANS_MAX = 490_000;
const ZERO_TRACE_ID = '0'.repeat(32);
const ZERO_SPAN_ID = '0'.repeat(16);

/** Which request of which campaign; its random numbers are its own. */
export interface RequestPlace {
  seed: number;
  index: number;
  random: Random;
}

/** A few well-formed traces. */
export function validSketches(place: RequestPlace, lane: keyof typeof LANES): SpanSketch[] {
  const { random } = place;
  return Array.from({ length: 1 + drawBelow(random, TRACES_MAX) }, (_, trace) => {
    const traceId = traceIdOf(place, lane, trace);
    return Array.from({ length: 1 + drawBelow(random, SPANS_MAX) }, (_, span): SpanSketch => {
      const startMs = drawBelow(random, 1000);
      return {
        traceId,
        spanId: spanIdFor(span),
        name: `${traceId.slice(16)} step ${span}`,
        service: drawOne(random, ['shop', 'bank', 'größe', '']),
        startMs,
        endMs: startMs + drawBelow(random, 1000),
        isError: drawBelow(random, 10) === 0,
        attributes: { text: 'x'.repeat(drawBelow(random, 200)), count: BigInt(drawBelow(random, 1e6)), ok: true },
        ...(span === 0 ? {} : { parentSpanId: spanIdFor(drawBelow(random, span)) }),
      };
    });
  }).flat();
}

/** Valid spans among some that must be rejected one by one. */
export function flawedSpans(place: RequestPlace): TracesData {
  const { random } = place;
  const flaws: readonly [Partial<SpanSketch>, ...Partial<SpanSketch>[]] = [
    { traceId: ZERO_TRACE_ID },
    { spanId: ZERO_SPAN_ID },
    { parentSpanId: ZERO_SPAN_ID },
    { parentSpanId: 'abcd' },
    { traceId: 'ab'.repeat(15) },
    { spanId: 'ab'.repeat(9) },
    { startMs: 10, endMs: 9 },
    { name: 'n'.repeat(LIMITS.spanNameLengthMax) },
    { name: 'n'.repeat(LIMITS.spanNameLengthMax + 1) },
    { name: 'ö'.repeat(LIMITS.spanNameLengthMax - drawBelow(random, 5000)) },
  ];
  return tracesOf(
    validSketches(place, 'valid').map((span) =>
      drawBelow(random, 2) === 0 ? span : { ...span, ...drawOne(random, flaws) },
    ),
  );
}

/** One attribute of up to megabytes, or thousands of small ones. */
export function hugeAttributes(place: RequestPlace): TracesData {
  const { random } = place;
  const [first, ...others] = validSketches(place, 'valid');
  const bytes = HUGE_BYTES_MIN + drawBelow(random, HUGE_BYTES_SPREAD);
  const many = Array.from({ length: 10_000 }, (_, index): [string, string] => [`key.${index}`, 'value']);
  const attributes = drawBelow(random, 2) === 0 ? { text: 'huge '.repeat(bytes / 5) } : Object.fromEntries(many);
  return tracesOf(first === undefined ? others : [{ ...first, attributes }, ...others]);
}

/** Nearly as many spans as protocol's decoder takes, of two bytes each, all without an id. */
export function emptySpans({ random }: RequestPlace): Uint8Array {
  return encodeEmptySpans(drawBelow(random, EMPTY_SPANS_MAX));
}

export function encodeSketches(sketches: readonly SpanSketch[]): Uint8Array {
  return encodeTracesData(tracesOf(sketches));
}

function traceIdOf({ seed, index }: RequestPlace, lane: keyof typeof LANES, trace: number): string {
  const words: [number, number][] = [
    [LANES[lane], 8],
    [seed, 8],
    [index, 8],
    [trace, 8],
  ];
  return words.map(([word, digits]) => word.toString(16).padStart(digits, '0')).join('');
}
