import { tracesDataToJson, type Random } from '@tracelab/protocol';
import { tracesOf } from '../fixtures/make-trace.ts';
import { drawBelow, drawBytes, drawOne } from './draw.ts';
import { validSketches, type RequestPlace } from './span-bodies.ts';

export function validJson(place: RequestPlace): Uint8Array {
  return Buffer.from(JSON.stringify(tracesDataToJson(tracesOf(validSketches(place, 'valid')))));
}

/** JSON that is none, JSON that is no OTLP, and OTLP whose values are of the wrong kind. */
export function spoiledJson(place: RequestPlace): Uint8Array {
  const { random } = place;
  const text = JSON.stringify(tracesDataToJson(tracesOf(validSketches(place, 'garbage'))));
  return Buffer.from(drawOne(random, SPOILERS)(text, random));
}

type Spoiler = (text: string, random: Random) => string | Uint8Array;

const NEST_DEPTH_MAX = 200_000;

const SPOILERS: readonly [Spoiler, ...Spoiler[]] = [
  (text, random) => text.slice(0, drawBelow(random, text.length)),
  (text, random) => {
    const at = drawBelow(random, text.length);
    return text.slice(0, at) + drawOne(random, ['"', '{', ']', ',', '0', '\\', '\u0000']) + text.slice(at + 1);
  },
  (_text, random) => drawBytes(random, drawBelow(random, 2000)),
  (text) => `\uFEFF${text}`,
  (_text, random) => '['.repeat(drawBelow(random, NEST_DEPTH_MAX)),
  (_text, random) => `{"resourceSpans":${nestedLists(drawBelow(random, 5000))}}`,
  (text, random) => withValue(text, deepValue(drawBelow(random, 200))),
  (text) => withValue(text, '{"stringValue":"a","intValue":"1"}'),
  (text, random) => withValue(text, `{"intValue":${drawOne(random, ODD_INTEGERS)}}`),
  (text) => withValue(text, '{"doubleValue":"NaN"}'),
  (text) => withValue(text, String.raw`{"stringValue":"\ud800 alone"}`),
  (text) => withValue(text, '{"bytesValue":"no base64!"}'),
  (text) => text.replaceAll('"kind":2', '"kind":"SPAN_KIND_SERVER"'),
  (text, random) => text.replaceAll(/"kind":\d/g, `"kind":${drawOne(random, ['99', '-1', '1.5', '1e400', 'null'])}`),
  (text, random) =>
    text.replaceAll(/"startTimeUnixNano":"\d+"/g, `"startTimeUnixNano":${drawOne(random, ODD_INTEGERS)}`),
  (text, random) => text.replaceAll(/"spanId":"\w+"/g, `"spanId":"${drawOne(random, ODD_IDS)}"`),
  (text, random) => text.replaceAll(/"traceId":"\w+"/g, `"traceId":"${drawOne(random, ODD_IDS)}"`),
  (text) => text.replaceAll('"spans":[', '"spans":{},"spans":['),
  (text) => text.replaceAll('"resourceSpans"', '"resource_spans"'),
  (_text, random) =>
    drawOne(random, ['', 'null', '[]', '"text"', '{}', '{"resourceSpans":null}', '{"resourceSpans":[null]}']),
];

const ODD_INTEGERS: readonly [string, ...string[]] = [
  '"18446744073709551615"',
  '"18446744073709551616"',
  '"-1"',
  '"1e3"',
  '""',
  '9007199254740993',
  '1.5',
  '1e400',
  '[]',
];

const ODD_IDS: readonly [string, ...string[]] = [
  '',
  '0'.repeat(16),
  'AB'.repeat(8),
  'AB'.repeat(16),
  'a'.repeat(31),
  'z'.repeat(32),
  'z'.repeat(16),
  'a'.repeat(33),
  'EjRWeJCrze8=',
];

/** Every attribute's value replaced. */
function withValue(text: string, value: string): string {
  return text.replaceAll(/"value":\{"stringValue":"x*"\}/g, () => `"value":${value}`);
}

function deepValue(depth: number): string {
  return `${'{"arrayValue":{"values":['.repeat(depth)}{"boolValue":true}${']}}'.repeat(depth)}`;
}

function nestedLists(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}
