import { OTLP_FIELDS, ProtobufReader, WireType, type Random } from '@tracelab/protocol';
import { drawBelow, drawBytes, drawOne } from './draw.ts';

export type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

/** An unknown field number that fits in one tag byte, as the beginning and the end of a group. */
const GROUP_START = (15 << 3) | WireType.groupStart;
const GROUP_END = (15 << 3) | WireType.groupEnd;
/** Deeper than protobuf's own parsers go. */
const GROUP_DEPTH_MAX = 300;
const NEST_DEPTH_MAX = 20_000;
const PATH_TO_SPANS = [
  OTLP_FIELDS.tracesData.resourceSpans,
  OTLP_FIELDS.resourceSpans.scopeSpans,
  OTLP_FIELDS.scopeSpans.spans,
] as const;

/** Ways to spoil a request; some of them leave it valid. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  flipBits: (bytes, random) => {
    const mutated = bytes.slice();
    for (let flips = 1 + drawBelow(random, 8); flips > 0; flips--) {
      const at = drawBelow(random, mutated.length);
      mutated[at] = (mutated[at] ?? 0) ^ (1 << drawBelow(random, 8));
    }
    return mutated;
  },
  setBytes: (bytes, random) => {
    const mutated = bytes.slice();
    for (let changes = 1 + drawBelow(random, 4); changes > 0; changes--)
      mutated[drawBelow(random, mutated.length)] = drawOne(random, [0x00, 0x7f, 0x80, 0xff, drawBelow(random, 256)]);
    return mutated;
  },
  truncate: (bytes, random) => bytes.slice(0, drawBelow(random, bytes.length)),
  splice: (bytes, random) => {
    const from = drawBelow(random, bytes.length);
    const part = bytes.subarray(from, from + drawBelow(random, 200));
    return insertAt(bytes, drawBelow(random, bytes.length), part);
  },
  cutOut: (bytes, random) => {
    const from = drawBelow(random, bytes.length);
    return joined(bytes.subarray(0, from), bytes.subarray(from + 1 + drawBelow(random, 20)));
  },
  lieAboutLength: (bytes, random) => {
    const lie = drawOne(random, [
      Uint8Array.of(0),
      Uint8Array.of(0x7f),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
    ]);
    // Behind the tag of some field, in the place of its length.
    const at = drawOne(random, fieldStarts(bytes)) + 1;
    return joined(bytes.subarray(0, at), lie, bytes.subarray(at + 1));
  },
  stretchVarint: (bytes, random) => {
    const at = drawOne(random, fieldStarts(bytes)) + 1;
    const value = bytes[at] ?? 0;
    if (value > 0x7f) return bytes.slice();
    const stretched = new Uint8Array(1 + drawBelow(random, 12)).fill(0x80);
    stretched[0] = value | 0x80;
    return joined(bytes.subarray(0, at), stretched, Uint8Array.of(0), bytes.subarray(at + 1));
  },
  addGroups: (bytes, random) => {
    const depth = 1 + drawBelow(random, GROUP_DEPTH_MAX);
    const ends = drawBelow(random, 4) === 0 ? drawBelow(random, depth) : depth;
    const groups = joined(new Uint8Array(depth).fill(GROUP_START), new Uint8Array(ends).fill(GROUP_END));
    return insertAt(bytes, drawOne(random, fieldStarts(bytes)), groups);
  },
  nestDeeply: (bytes, random) => {
    const depth = drawBelow(random, NEST_DEPTH_MAX);
    return joined(bytes, new Uint8Array(depth * 2).fill(drawOne(random, [0x0a, 0x12, 0x2a])));
  },
  repeatFields: (bytes, random) => {
    const starts = fieldStarts(bytes);
    const from = drawOne(random, starts);
    const to = starts.find((start) => start > from) ?? bytes.length;
    const repeated = Array.from({ length: 1 + drawBelow(random, 20) }, () => bytes.subarray(from, to));
    return insertAt(bytes, from, joined(...repeated));
  },
  addUnknownField: (bytes, random) =>
    insertAt(bytes, drawOne(random, fieldStarts(bytes)), joined(drawBytes(random, 1), drawBytes(random, 9))),
};

/** Where fields begin, from the outermost down to those of the spans; 0 is always among them. */
function fieldStarts(bytes: Uint8Array): [number, ...number[]] {
  const starts: [number, ...number[]] = [0];
  const reader = new ProtobufReader(bytes);
  const walk = (path: readonly number[]): void => {
    const [field, ...inside] = path;
    while (reader.next()) {
      starts.push(reader.fieldStart);
      if (reader.field !== field || reader.wireType !== WireType.lengthDelimited) continue;
      const end = reader.enter();
      walk(inside);
      reader.leave(end);
    }
  };
  walk(PATH_TO_SPANS);
  return starts;
}

function insertAt(bytes: Uint8Array, at: number, part: Uint8Array): Uint8Array {
  return joined(bytes.subarray(0, at), part, bytes.subarray(at));
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
