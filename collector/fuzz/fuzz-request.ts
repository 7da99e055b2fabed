import { gzipSync } from 'node:zlib';
import { createRandom, encodeTracesData, type Random } from '@tracelab/protocol';
import { damagedGzip, truncatedGzip, zipBomb } from './compressed-bodies.ts';
import { drawBelow, drawBytes, drawOne } from './draw.ts';
import { spoiledJson, validJson } from './json-bodies.ts';
import { MUTATIONS } from './mutations.ts';
import {
  emptySpans,
  encodeSketches,
  flawedSpans,
  hugeAttributes,
  validSketches,
  type RequestPlace,
} from './span-bodies.ts';

/** One request of a campaign: a function of the campaign's seed and its index, so that it can be made again. */
export interface FuzzRequest {
  index: number;
  kind: string;
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** `aborted` ends in the middle of its body, without an answer. */
  pace: 'whole' | 'slow' | 'aborted';
}

type Parts = Partial<Omit<FuzzRequest, 'index' | 'kind' | 'body'>> & { body: Uint8Array };
type Maker = (place: RequestPlace, bodyBytesMax: number) => Parts;

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json' };
const GZIP = { ...PROTOBUF, 'content-encoding': 'gzip' };
/** How far back a request is looked for that is sent again. */
const REPEATED_BACK_MAX = 50;

const validBody = (place: RequestPlace): Uint8Array => encodeSketches(validSketches(place, 'valid'));
const garbageBody = (place: RequestPlace): Uint8Array => encodeSketches(validSketches(place, 'garbage'));

/** Each kind with its weight. */
const KINDS: Readonly<Record<string, { weight: number; make: Maker }>> = {
  valid: { weight: 20, make: (place) => ({ body: validBody(place) }) },
  validJson: { weight: 5, make: (place) => ({ body: validJson(place), headers: JSON_TYPE }) },
  validGzip: { weight: 5, make: (place) => ({ body: gzipSync(validBody(place)), headers: GZIP }) },
  again: { weight: 8, make: (place) => ({ body: validBody(earlierPlace(place)) }) },
  flawed: { weight: 8, make: (place) => ({ body: encodeTracesData(flawedSpans(place)) }) },
  mutated: { weight: 40, make: (place) => ({ body: mutate(place) }) },
  mutatedGzip: { weight: 5, make: (place) => ({ body: gzipSync(mutate(place)), headers: GZIP }) },
  random: { weight: 5, make: ({ random }) => ({ body: drawBytes(random, drawBelow(random, 500)) }) },
  json: { weight: 20, make: (place) => ({ body: spoiledJson(place), headers: JSON_TYPE }) },
  jsonGzip: {
    weight: 3,
    make: (place) => ({ body: gzipSync(spoiledJson(place)), headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } }),
  },
  empty: { weight: 1, make: () => ({ body: new Uint8Array() }) },
  emptySpans: { weight: 0.3, make: (place) => ({ body: emptySpans(place) }) },
  huge: { weight: 1, make: (place) => ({ body: encodeTracesData(hugeAttributes(place)) }) },
  tooLarge: {
    weight: 0.5,
    make: ({ random }, bytesMax) => ({ body: new Uint8Array(bytesMax - 1 + drawBelow(random, 3)) }),
  },
  truncatedGzip: {
    weight: 3,
    make: (place) => ({ body: truncatedGzip(garbageBody(place), place.random), headers: GZIP }),
  },
  damagedGzip: { weight: 4, make: (place) => ({ body: damagedGzip(garbageBody(place), place.random), headers: GZIP }) },
  zipBomb: { weight: 0.7, make: ({ random }) => ({ body: zipBomb(random), headers: GZIP }) },
  wrongType: { weight: 3, make: (place) => ({ body: garbageBody(place), headers: wrongType(place.random) }) },
  wrongEncoding: {
    weight: 2,
    make: (place) => ({
      body: garbageBody(place),
      headers: { ...PROTOBUF, 'content-encoding': wrongEncoding(place.random) },
    }),
  },
  mislabelled: {
    weight: 2,
    make: (place) => ({ body: garbageBody(place), headers: drawOne(place.random, [JSON_TYPE, GZIP]) }),
  },
  wrongMethod: {
    weight: 1,
    make: ({ random }) => ({
      body: new Uint8Array(),
      method: drawOne(random, ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
    }),
  },
  wrongPath: {
    weight: 1,
    make: (place) => ({
      body: garbageBody(place),
      path: drawOne(place.random, ['/', '/v1/logs', '/v1/traces/', '/v1/%zz', '/V1/TRACES']),
    }),
  },
  slow: { weight: 1, make: (place) => ({ body: validBody(place), pace: 'slow' }) },
  aborted: { weight: 2, make: (place) => ({ body: garbageBody(place), pace: 'aborted' }) },
  abortedGzip: { weight: 1, make: (place) => ({ body: gzipSync(garbageBody(place)), headers: GZIP, pace: 'aborted' }) },
};

const KIND_NAMES = Object.keys(KINDS) as [string, ...string[]];
const WEIGHT_SUM = Object.values(KINDS).reduce((sum, { weight }) => sum + weight, 0);

/** @param bodyBytesMax of the collector: bodies of about this size are among the garbage. */
export function makeRequest(seed: number, index: number, bodyBytesMax: number): FuzzRequest {
  const place = placeOf(seed, index);
  const kind = drawKind(place.random);
  const parts = KINDS[kind]?.make(place, bodyBytesMax) ?? { body: new Uint8Array() };
  return { method: 'POST', path: '/v1/traces', headers: PROTOBUF, pace: 'whole', ...parts, index, kind };
}

/** Numbers of neighbouring indexes have nothing to do with each other: the generator mixes its seed. */
function placeOf(seed: number, index: number): RequestPlace {
  return { seed, index, random: createRandom(Math.imul(seed, 0x9e37_79b1) + index) };
}

function drawKind(random: Random): string {
  let left = random.next() * WEIGHT_SUM;
  for (const kind of KIND_NAMES) {
    left -= KINDS[kind]?.weight ?? 0;
    if (left < 0) return kind;
  }
  return KIND_NAMES[0];
}

/** Of an earlier request, whose first number chose its kind. */
function earlierPlace({ seed, index, random }: RequestPlace): RequestPlace {
  const earlier = placeOf(seed, Math.max(0, index - 1 - drawBelow(random, REPEATED_BACK_MAX)));
  earlier.random.next();
  return earlier;
}

function mutate(place: RequestPlace): Uint8Array {
  const { random } = place;
  const names = Object.keys(MUTATIONS) as [string, ...string[]];
  let body = garbageBody(place);
  for (let count = 1 + drawBelow(random, 3); count > 0 && body.length > 0; count--)
    body = MUTATIONS[drawOne(random, names)]?.(body, random) ?? body;
  return body;
}

function wrongType(random: Random): Record<string, string> {
  const type = drawOne(random, [
    '',
    'text/plain',
    'application/protobuf',
    'application/x-protobuffer',
    'application/grpc',
    ';;;',
    'a/b; c=d',
  ]);
  return type === '' ? {} : { 'content-type': type };
}

function wrongEncoding(random: Random): string {
  return drawOne(random, ['zstd', 'br', 'deflate', 'gzip, gzip', 'x'.repeat(5000)]);
}
