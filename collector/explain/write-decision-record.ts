import { ProtobufWriter, type Bits56 } from '@tracelab/protocol';
import { Column, columnAt, nameEndAt, scopeAt } from '../receive/span-batch.ts';
import type { TraceView } from '../sample/buffer/trace-view.ts';
import type { Outcome, TooLarge } from '../sample/decision-tap.ts';
import type { Ballot } from '../sample/policies/ballot.ts';
import type { Observed, Ruling } from '../sample/policies/policy.ts';
import { isAlways, isDefinite } from '../sample/probability/threshold.ts';
import { BITS, DECISIONS, OBSERVED, RECORD, TRIGGERS, VOTES } from './decision-record.ts';

/** Of a text that a policy observed: an attribute may have megabytes. */
const TEXT_LENGTH_MAX = 200;
const TWO_TO_32 = 2 ** 32;

/** Writes records one after the other; what it returns is valid until the next one. */
export class DecisionRecordWriter {
  readonly #writer = new ProtobufWriter(512);
  readonly #configHash: Uint8Array;
  #votes = new Uint8Array();

  /** 16 hex digits. */
  constructor(configHash: string) {
    this.#configHash = Buffer.from(configHash, 'hex');
  }

  decided(trace: TraceView, outcome: Outcome, of: { ballot: Ballot; nowUnixMs: number }): Uint8Array {
    const writer = this.#writer;
    const { facts } = outcome;
    writer.reset();
    writer.double(RECORD.decidedAtUnixMs, of.nowUnixMs);
    writer.varint(RECORD.decision, DECISIONS.indexOf(outcome.ruling.decision));
    writer.varint(RECORD.trigger, TRIGGERS.indexOf(outcome.trigger));
    writer.varint(RECORD.lagUs, Math.min(TWO_TO_32 - 1, Math.round(outcome.lagMs * 1000)));
    writer.bytes(RECORD.configHash, this.#configHash);
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
    this.#writeProbability(trace, outcome.ruling);
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

  #writeProbability({ explicitRandomness, arrivalThreshold }: TraceView, { threshold, isShed = false }: Ruling): void {
    if (threshold !== undefined) this.#writeBits(RECORD.threshold, threshold);
    if (arrivalThreshold === undefined) this.#writer.varint(RECORD.isArrivalUnknown, 1);
    else if (!isAlways(arrivalThreshold)) this.#writeBits(RECORD.arrivalThreshold, arrivalThreshold);
    if (explicitRandomness !== undefined) this.#writeBits(RECORD.explicitRandomness, explicitRandomness);
    if (isShed) this.#writer.varint(RECORD.isShed, 1);
  }

  #writeBits(field: number, { high, low }: Bits56, line = 0): void {
    const mark = this.#writer.open(field);
    this.#writer.varint(BITS.high, high);
    this.#writer.varint(BITS.low, low);
    if (line > 0) this.#writer.varint(BITS.line, line);
    this.#writer.close(mark);
  }

  #writeBallot({ votes, thresholds, observed }: Ballot): void {
    if (this.#votes.length !== votes.length) this.#votes = new Uint8Array(votes.length);
    for (let line = 0; line < votes.length; line++) {
      this.#votes[line] = VOTES.indexOf(votes[line] ?? 'notAsked');
      const value = observed[line];
      if (value !== undefined) this.#writeObserved(line, value);
      const threshold = thresholds[line];
      if (threshold !== undefined && !isDefinite(threshold)) this.#writeBits(RECORD.voteThreshold, threshold, line);
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
