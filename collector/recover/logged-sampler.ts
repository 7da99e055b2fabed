import type { Ruling } from '../sample/policies/policy.ts';
import type { LedgerBook } from '../report/ledger-book.ts';
import { addFates, noFates, type SpanFates } from '../sample/span-fates.ts';
import type { Acceptance, Sampler, SamplerLedger } from '../sample/sampler.ts';
import type { SpanBatch } from '../receive/span-batch.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import { encodeRequestHeader } from './request-record.ts';

/** What is on disk of what was decided. A segment goes when all that was decided before its last trace was is there. */
export interface DurableCounts {
  decisionsRecorded: number;
  /** Written, or given up by the disk. */
  decisionsSettled: number;
  spansKept: number;
  /** Written by the store, or given up. */
  spansSettled: number;
}

export interface LoggedSamplerEffects {
  log: Pick<SegmentLog, 'append' | 'drop' | 'seal' | 'segments'>;
  /** Told of a segment before it goes. */
  book: Pick<LedgerBook, 'settle' | 'forget'>;
  durable: () => DurableCounts;
  hasRoom: () => boolean;
  nowUnixMs: () => number;
  report: (message: string) => void;
}

interface Segment {
  startedUnixMs: number;
  /** Of which some trace is not yet decided. */
  requestsHeld: number;
  /** What had been decided when the last of them was. */
  mark: DurableCounts | undefined;
  /** Of the requests that are no longer held. */
  fates: SpanFates;
}

/** A segment that is not full is sealed after this time: a restart replays no more than what came since. */
const SEGMENT_AGE_MS = 10_000;

/**
 * A sampler that acknowledges nothing before it is in the write-ahead log. A segment of the log goes when all its traces are decided, their
 * decisions are written down and their kept spans are written by the store: until then a crash loses none of it.
 */
export class LoggedSampler implements Sampler {
  readonly #inner: Sampler;
  readonly #effects: LoggedSamplerEffects;
  readonly #segments = new Map<number, Segment>();
  readonly #departures = new Set<Promise<void>>();

  constructor(inner: Sampler, effects: LoggedSamplerEffects) {
    this.#inner = inner;
    this.#effects = effects;
    for (const segment of effects.log.segments) this.#addSegment(segment);
  }

  async accept(batch: SpanBatch, rows: Uint32Array, onReleased?: (fates: SpanFates) => void): Promise<Acceptance> {
    const { hasRoom, log, nowUnixMs, report } = this.#effects;
    if (!hasRoom()) return { kind: 'refused' };
    const appended = log.append([encodeRequestHeader(nowUnixMs()), batch.bytes]);
    if (!appended.ok) return { kind: 'refused' };
    const { segment, written } = appended.value;
    const release = this.hold(segment);
    try {
      await written;
    } catch (error) {
      release();
      report(`a request was refused, since it could not be logged: ${String(error)}`);
      return { kind: 'refused' };
    }
    const acceptance = await this.#inner.accept(batch, rows, (fates) => {
      release(fates);
      onReleased?.(fates);
    });
    // Its sender sends it again: what the log has of it is then a duplicate, in a later life.
    if (acceptance.kind === 'refused') release();
    return acceptance;
  }

  /** Keeps the segment until what is returned is called, for a request of it, with what became of its spans if they were received. */
  hold(segment: number): (fates?: SpanFates) => void {
    const held = this.#segments.get(segment) ?? this.#addSegment(segment);
    held.requestsHeld++;
    held.mark = undefined;
    return (fates = noFates()) => {
      held.requestsHeld--;
      addFates(held.fates, fates);
    };
  }

  tick(): void {
    this.#inner.tick();
    const newest = Math.max(...this.#segments.keys());
    for (const [number, segment] of this.#segments) {
      if (number === newest && !this.#isOld(segment)) return;
      if (number === newest) this.#effects.log.seal();
      if (segment.requestsHeld === 0 && this.#isSettled(segment)) this.#letGo(number, segment);
    }
  }

  remember(rulings: ReadonlyMap<string, Ruling>): void {
    this.#inner.remember(rulings);
  }

  readPending(traceId: string): Promise<Uint8Array | undefined> {
    return this.#inner.readPending(traceId);
  }

  ledger(): SamplerLedger {
    return this.#inner.ledger();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  /** After all is decided and everybody has written: nothing of the log is needed any more. Resolves when it is gone. */
  async dropAll(): Promise<void> {
    this.#effects.log.seal();
    for (const [number, segment] of this.#segments)
      if (segment.requestsHeld === 0 && this.#isSettled(segment)) this.#letGo(number, segment);
    await this.untilGone();
  }

  /** Resolves when the segments that were let go are deleted. */
  async untilGone(): Promise<void> {
    await Promise.all(this.#departures);
  }

  #addSegment(number: number): Segment {
    const startedUnixMs = this.#effects.nowUnixMs();
    const segment: Segment = { startedUnixMs, requestsHeld: 0, mark: undefined, fates: noFates() };
    this.#segments.set(number, segment);
    return segment;
  }

  #isOld({ startedUnixMs }: Segment): boolean {
    return this.#effects.nowUnixMs() - startedUnixMs >= SEGMENT_AGE_MS;
  }

  #isSettled(segment: Segment): boolean {
    const now = this.#effects.durable();
    segment.mark ??= now;
    const { decisionsRecorded, spansKept } = segment.mark;
    return now.decisionsSettled >= decisionsRecorded && now.spansSettled >= spansKept;
  }

  #letGo(number: number, { fates }: Segment): void {
    this.#segments.delete(number);
    const departure = this.#settleAndDelete(number, fates);
    this.#departures.add(departure);
    void departure.finally(() => this.#departures.delete(departure));
  }

  /** In this order: a crash between them leaves a segment of which the ledger knows that it counts already. */
  async #settleAndDelete(number: number, fates: SpanFates): Promise<void> {
    const { book, log, report } = this.#effects;
    await book.settle(number, fates);
    try {
      await log.drop(number);
      book.forget(number);
    } catch (error) {
      report(`segment ${number} of the write-ahead log cannot be deleted: ${String(error)}`);
    }
  }
}
