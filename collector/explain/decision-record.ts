import { ProtobufReader, ProtobufWriter, WireType } from '@tracelab/protocol';
import { Column, columnAt, nameEndAt, scopeAt } from '../receive/span-batch.ts';
import type { Outcome, TooLarge, Trigger } from '../sample/decision-tap.ts';
import type { Ballot, BallotVote } from '../sample/policies/ballot.ts';
import type { TraceView } from '../sample/buffer/trace-view.ts';
import type { Decision, Observed } from '../sample/policies/policy.ts';

/** What is written of a decision. Texts and numbers that the configuration knows are not in it: they are found by its hash. */
export interface DecisionRecord {
  decidedAtUnixMs: number;
  decision: Decision;
  trigger: Trigger;
  lagMs: number;
  configHash: string;
  spanCount: number;
  errorCount: number;
  durationNano: bigint;
  root: { service: string; name: string } | undefined;
  missingParents: number;
  /** Absent where its size did not matter. */
  tooLarge?: TooLarge;
  /** A line for each policy, those inside others behind them. */
  votes: { vote: BallotVote; observed: Observed | undefined }[];
}

/** What is written of spans that came after the decision. */
export interface LateRecord {
  lateAtUnixMs: number;
  lateSpanCount: number;
}

/** Field numbers of the record, a protobuf message: what a later version adds is skipped by an earlier one. */
const RECORD = {
  decidedAtUnixMs: 1,
  decision: 2,
  trigger: 3,
  lagUs: 4,
  configHash: 5,
  spanCount: 6,
  errorCount: 7,
  durationNano: 8,
  rootService: 9,
  rootName: 10,
  missingParents: 11,
  /** A byte for each line of the ballot. */
  votes: 12,
  observed: 13,
  lateAtUnixMs: 14,
  lateSpanCount: 15,
  sizeBytes: 30,
  sizeBytesMax: 31,
} as const;
const OBSERVED = { line: 1, number: 2, int: 3, bool: 4, text: 5 } as const;

const DECISIONS: readonly Decision[] = ['notSampled', 'sampled', 'dropped'];
const TRIGGERS: readonly Trigger[] = ['root', 'wait', 'early', 'end', 'size'];
const VOTES: readonly BallotVote[] = ['notAsked', 'notSampled', 'sampled', 'dropped', 'error'];
/** Of a text that a policy observed: an attribute may have megabytes. */
const TEXT_LENGTH_MAX = 200;
const TWO_TO_32 = 2 ** 32;

/** Writes records one after the other; what it returns is valid until the next one. */
export class DecisionRecordWriter {
  readonly #writer = new ProtobufWriter(512);
  readonly #configHash: string;
  #votes = new Uint8Array();

  /** 16 hex digits. */
  constructor(configHash: string) {
    this.#configHash = configHash;
  }

  decided(trace: TraceView, outcome: Outcome, of: { ballot: Ballot; nowUnixMs: number }): Uint8Array {
    const writer = this.#writer;
    const { facts } = outcome;
    writer.reset();
    writer.double(RECORD.decidedAtUnixMs, of.nowUnixMs);
    writer.varint(RECORD.decision, DECISIONS.indexOf(outcome.decision));
    writer.varint(RECORD.trigger, TRIGGERS.indexOf(outcome.trigger));
    writer.varint(RECORD.lagUs, Math.min(TWO_TO_32 - 1, Math.round(outcome.lagMs * 1000)));
    writer.hex(RECORD.configHash, this.#configHash);
    writer.varint(RECORD.spanCount, trace.spanCount);
    writer.varint(RECORD.errorCount, facts.errorCount);
    writer.double(RECORD.durationNano, facts.extent.durationNano);
    writer.varint(RECORD.missingParents, facts.missingParents);
    if (facts.root !== undefined) {
      const { batch, row } = facts.root;
      writer.string(RECORD.rootService, scopeAt(batch, row).resource.serviceName);
      const start = columnAt(batch, row, Column.nameStart);
      writer.bytesOf(RECORD.rootName, batch.bytes, start, nameEndAt(batch, row));
    }
    if (outcome.tooLarge === undefined) this.#writeBallot(of.ballot);
    else this.#writeTooLarge(outcome.tooLarge);
    return writer.view();
  }

  late(part: TraceView, nowUnixMs: number): Uint8Array {
    this.#writer.reset();
    this.#writer.double(RECORD.lateAtUnixMs, nowUnixMs);
    this.#writer.varint(RECORD.lateSpanCount, part.spanCount);
    return this.#writer.view();
  }

  /** No policy was asked: the ballot still has the votes on another trace. */
  #writeTooLarge({ sizeBytes, sizeBytesMax }: TooLarge): void {
    this.#writer.double(RECORD.sizeBytes, sizeBytes);
    this.#writer.double(RECORD.sizeBytesMax, sizeBytesMax);
  }

  #writeBallot({ votes, observed }: Ballot): void {
    if (this.#votes.length !== votes.length) this.#votes = new Uint8Array(votes.length);
    for (let line = 0; line < votes.length; line++) {
      this.#votes[line] = VOTES.indexOf(votes[line] ?? 'notAsked');
      const value = observed[line];
      if (value !== undefined) this.#writeObserved(line, value);
    }
    this.#writer.bytes(RECORD.votes, this.#votes);
  }

  #writeObserved(line: number, value: Observed): void {
    const writer = this.#writer;
    const mark = writer.open(RECORD.observed);
    writer.varint(OBSERVED.line, line);
    if (typeof value === 'number') writer.double(OBSERVED.number, value);
    else if (typeof value === 'bigint') writer.varint(OBSERVED.int, value);
    else if (typeof value === 'boolean') writer.varint(OBSERVED.bool, value ? 1 : 0);
    else writer.string(OBSERVED.text, value.length > TEXT_LENGTH_MAX ? `${value.slice(0, TEXT_LENGTH_MAX)}…` : value);
    writer.close(mark);
  }
}

/** Undefined where it is neither: a record of a later version, or broken bytes. */
export function readRecord(bytes: Uint8Array): DecisionRecord | LateRecord | undefined {
  const reader = new ProtobufReader(bytes);
  const record: DecisionRecord & LateRecord = { ...emptyRecord(), votes: [] };
  const observed = new Map<number, Observed>();
  while (reader.next()) readField(reader, record, observed);
  if (reader.malformed !== undefined) return undefined;
  if (record.lateAtUnixMs > 0) return { lateAtUnixMs: record.lateAtUnixMs, lateSpanCount: record.lateSpanCount };
  if (record.decidedAtUnixMs === 0) return undefined;
  for (const [line, value] of observed) if (record.votes[line] !== undefined) record.votes[line].observed = value;
  const { lateAtUnixMs: _at, lateSpanCount: _count, ...decision } = record;
  return decision;
}

function emptyRecord(): Omit<DecisionRecord & LateRecord, 'votes'> {
  return {
    decidedAtUnixMs: 0,
    decision: 'notSampled',
    trigger: 'wait',
    lagMs: 0,
    configHash: '',
    spanCount: 0,
    errorCount: 0,
    durationNano: 0n,
    root: undefined,
    missingParents: 0,
    lateAtUnixMs: 0,
    lateSpanCount: 0,
  };
}

type FieldReader = (reader: ProtobufReader, record: DecisionRecord & LateRecord) => void;

const VARINTS: Readonly<Record<number, FieldReader>> = {
  [RECORD.decision]: (reader, record) => (record.decision = DECISIONS[reader.varintNumber] ?? 'notSampled'),
  [RECORD.trigger]: (reader, record) => (record.trigger = TRIGGERS[reader.varintNumber] ?? 'wait'),
  [RECORD.lagUs]: (reader, record) => (record.lagMs = reader.varintNumber / 1000),
  [RECORD.spanCount]: (reader, record) => (record.spanCount = reader.varintNumber),
  [RECORD.errorCount]: (reader, record) => (record.errorCount = reader.varintNumber),
  [RECORD.missingParents]: (reader, record) => (record.missingParents = reader.varintNumber),
  [RECORD.lateSpanCount]: (reader, record) => (record.lateSpanCount = reader.varintNumber),
};

const NO_SIZE: TooLarge = { sizeBytes: 0, sizeBytesMax: 0 };

const DOUBLES: Readonly<Record<number, FieldReader>> = {
  [RECORD.decidedAtUnixMs]: (reader, record) => (record.decidedAtUnixMs = reader.double),
  [RECORD.durationNano]: (reader, record) => (record.durationNano = wholeOf(reader.double)),
  [RECORD.lateAtUnixMs]: (reader, record) => (record.lateAtUnixMs = reader.double),
  [RECORD.sizeBytes]: (reader, record) =>
    (record.tooLarge = { ...NO_SIZE, ...record.tooLarge, sizeBytes: reader.double }),
  [RECORD.sizeBytesMax]: (reader, record) =>
    (record.tooLarge = { ...NO_SIZE, ...record.tooLarge, sizeBytesMax: reader.double }),
};

const DELIMITED: Readonly<Record<number, FieldReader>> = {
  [RECORD.configHash]: (reader, record) => (record.configHash = Buffer.from(reader.bytes).toString('hex')),
  [RECORD.rootService]: (reader, record) => (record.root = { service: reader.text, name: record.root?.name ?? '' }),
  [RECORD.rootName]: (reader, record) => (record.root = { service: record.root?.service ?? '', name: reader.text }),
  [RECORD.votes]: (reader, record) =>
    (record.votes = Array.from(reader.bytes, (code) => ({ vote: VOTES[code] ?? 'notAsked', observed: undefined }))),
};

function readField(reader: ProtobufReader, record: DecisionRecord & LateRecord, observed: Map<number, Observed>): void {
  if (reader.wireType === WireType.varint) VARINTS[reader.field]?.(reader, record);
  else if (reader.wireType === WireType.fixed64) DOUBLES[reader.field]?.(reader, record);
  else if (reader.wireType !== WireType.lengthDelimited) return;
  else if (reader.field === RECORD.observed) readObserved(reader, observed);
  else DELIMITED[reader.field]?.(reader, record);
}

function wholeOf(number: number): bigint {
  return Number.isInteger(number) ? BigInt(number) : 0n;
}

function readObserved(reader: ProtobufReader, observed: Map<number, Observed>): void {
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
