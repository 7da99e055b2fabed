import { ProtobufReader, THRESHOLD_ALWAYS, WireType, type Bits56 } from '@tracelab/protocol';
import type { TooLarge } from '../sample/decision-tap.ts';
import type { Decision, Observed } from '../sample/policies/policy.ts';
import type { Threshold } from '../sample/probability/threshold.ts';
import {
  BITS,
  DECISIONS,
  OBSERVED,
  RECORD,
  TRIGGERS,
  VOTES,
  type DecisionRecord,
  type LateRecord,
  type VoteRecord,
} from './decision-record.ts';

/** Undefined where it is neither: a record of a later version, or broken bytes. */
export function readRecord(bytes: Uint8Array): DecisionRecord | LateRecord | undefined {
  const reader = new ProtobufReader(bytes);
  const draft = emptyDraft();
  while (reader.next()) readField(reader, draft);
  const { record } = draft;
  if (reader.malformed !== undefined) return undefined;
  if (record.lateAtUnixMs > 0) return { lateAtUnixMs: record.lateAtUnixMs, lateSpanCount: record.lateSpanCount };
  if (record.decidedAtUnixMs === 0) return undefined;
  const { lateAtUnixMs: _at, lateSpanCount: _count, ...decision } = record;
  const votes = record.votes.map(({ vote }, line): VoteRecord => ({
    vote,
    threshold: draft.voteThresholds.get(line),
    observed: draft.observed.get(line),
  }));
  return { ...decision, votes, ruling: { ...draft.ruling } };
}

/** What is read so far; lines are put together at the end. */
interface Draft {
  record: Omit<DecisionRecord, 'ruling'> & LateRecord;
  ruling: { decision: Decision; threshold: Threshold; isShed: boolean };
  observed: Map<number, Observed>;
  voteThresholds: Map<number, Bits56>;
}

function emptyDraft(): Draft {
  return {
    record: {
      decidedAtUnixMs: 0,
      trigger: 'wait',
      lagMs: 0,
      configHash: '',
      spanCount: 0,
      errorCount: 0,
      durationNano: 0n,
      root: undefined,
      missingParents: 0,
      arrivalThreshold: THRESHOLD_ALWAYS,
      explicitRandomness: undefined,
      votes: [],
      lateAtUnixMs: 0,
      lateSpanCount: 0,
    },
    ruling: { decision: 'notSampled', threshold: undefined, isShed: false },
    observed: new Map(),
    voteThresholds: new Map(),
  };
}

type FieldReader = (reader: ProtobufReader, draft: Draft) => void;

const VARINTS: Readonly<Record<number, FieldReader>> = {
  [RECORD.decision]: (reader, { ruling }) => (ruling.decision = DECISIONS[reader.varintNumber] ?? 'notSampled'),
  [RECORD.trigger]: (reader, { record }) => (record.trigger = TRIGGERS[reader.varintNumber] ?? 'wait'),
  [RECORD.lagUs]: (reader, { record }) => (record.lagMs = reader.varintNumber / 1000),
  [RECORD.spanCount]: (reader, { record }) => (record.spanCount = reader.varintNumber),
  [RECORD.errorCount]: (reader, { record }) => (record.errorCount = reader.varintNumber),
  [RECORD.missingParents]: (reader, { record }) => (record.missingParents = reader.varintNumber),
  [RECORD.lateSpanCount]: (reader, { record }) => (record.lateSpanCount = reader.varintNumber),
  [RECORD.isArrivalUnknown]: (_reader, { record }) => (record.arrivalThreshold = undefined),
  [RECORD.isShed]: (reader, { ruling }) => (ruling.isShed = reader.isTrue),
};

const NO_SIZE: TooLarge = { sizeBytes: 0, sizeBytesMax: 0 };

const DOUBLES: Readonly<Record<number, FieldReader>> = {
  [RECORD.decidedAtUnixMs]: (reader, { record }) => (record.decidedAtUnixMs = reader.double),
  [RECORD.durationNano]: (reader, { record }) => (record.durationNano = wholeOf(reader.double)),
  [RECORD.lateAtUnixMs]: (reader, { record }) => (record.lateAtUnixMs = reader.double),
  [RECORD.sizeBytes]: (reader, { record }) =>
    (record.tooLarge = { ...NO_SIZE, ...record.tooLarge, sizeBytes: reader.double }),
  [RECORD.sizeBytesMax]: (reader, { record }) =>
    (record.tooLarge = { ...NO_SIZE, ...record.tooLarge, sizeBytesMax: reader.double }),
};

const DELIMITED: Readonly<Record<number, FieldReader>> = {
  [RECORD.configHash]: (reader, { record }) => (record.configHash = Buffer.from(reader.bytes).toString('hex')),
  [RECORD.rootService]: (reader, { record }) => (record.root = { service: reader.text, name: record.root?.name ?? '' }),
  [RECORD.rootName]: (reader, { record }) => (record.root = { service: record.root?.service ?? '', name: reader.text }),
  [RECORD.votes]: (reader, { record }) =>
    (record.votes = Array.from(reader.bytes, (code) => ({
      vote: VOTES[code] ?? 'notAsked',
      threshold: undefined,
      observed: undefined,
    }))),
  [RECORD.observed]: readObserved,
  [RECORD.threshold]: (reader, { ruling }) => (ruling.threshold = readBits(reader).bits),
  [RECORD.arrivalThreshold]: (reader, { record }) => (record.arrivalThreshold = readBits(reader).bits),
  [RECORD.explicitRandomness]: (reader, { record }) => (record.explicitRandomness = readBits(reader).bits),
  [RECORD.voteThreshold]: (reader, { voteThresholds }) => {
    const { line, bits } = readBits(reader);
    voteThresholds.set(line, bits);
  },
};

function readField(reader: ProtobufReader, draft: Draft): void {
  if (reader.wireType === WireType.varint) VARINTS[reader.field]?.(reader, draft);
  else if (reader.wireType === WireType.fixed64) DOUBLES[reader.field]?.(reader, draft);
  else if (reader.wireType === WireType.lengthDelimited) DELIMITED[reader.field]?.(reader, draft);
}

function wholeOf(number: number): bigint {
  return Number.isInteger(number) ? BigInt(number) : 0n;
}

function readBits(reader: ProtobufReader): { line: number; bits: Bits56 } {
  const end = reader.enter();
  let [high, low, line] = [0, 0, 0];
  while (reader.next()) {
    if (reader.field === BITS.high) high = reader.varintNumber;
    else if (reader.field === BITS.low) low = reader.varintNumber;
    else if (reader.field === BITS.line) line = reader.varintNumber;
  }
  reader.leave(end);
  return { line, bits: { high, low } };
}

function readObserved(reader: ProtobufReader, { observed }: Draft): void {
  const end = reader.enter();
  let line = 0;
  while (reader.next()) {
    if (reader.field === OBSERVED.line) line = reader.varintNumber;
    else if (reader.field === OBSERVED.number && reader.wireType === WireType.fixed64)
      observed.set(line, reader.double);
    else if (reader.field === OBSERVED.int) observed.set(line, reader.varintSigned);
    else if (reader.field === OBSERVED.bool) observed.set(line, reader.isTrue);
    else if (reader.field === OBSERVED.text) observed.set(line, reader.text);
  }
  reader.leave(end);
}
