import { RecordBlock } from '../explain/record-block.ts';
import type { DecisionLog } from '../explain/explain.ts';
import type { DecidedTrace, DecidedTraceSink } from '../sample/decided-trace.ts';
import type { SamplerLedger } from '../sample/sampler.ts';
import type { SpanFates } from '../sample/span-fates.ts';
import type { ReleasedRequest, SamplerDelivery } from './sampler-messages.ts';

export interface OutboxEffects {
  post: (delivery: SamplerDelivery, transferred: ArrayBuffer[]) => void;
  ledger: () => SamplerLedger;
  msUntilRoom: () => number;
}

/** Decided and not yet taken by the store, of one worker: its sampler waits at this bound as at a full store. */
export const UNTAKEN_BYTES_MAX = 4 * 1024 * 1024;
/** Of one delivery; the trace that reaches it is in it. */
const DELIVERY_BYTES_MAX = 1024 * 1024;
const RECORD_BLOCK_BYTES = 16 * 1024;
/** The row's numbers and texts: an estimate. */
const ROW_BYTES = 512;

/**
 * Where a sampler in a worker puts all that it does: the store and the log of decisions as it sees them. It is posted as one delivery when
 * the work at hand is done.
 */
export class Outbox implements DecidedTraceSink, Pick<DecisionLog, 'record'> {
  readonly #effects: OutboxEffects;
  #traces: DecidedTrace[] = [];
  #traceBytes = 0;
  #blocks: RecordBlock[] = [];
  #released: ReleasedRequest[] = [];
  #answers: SamplerDelivery['answers'] = [];
  #isScheduled = false;
  #untakenBytes = 0;
  #waitingForRoom: (() => void)[] = [];
  #storeFullness = 0;

  constructor(effects: OutboxEffects) {
    this.#effects = effects;
  }

  hasRoom(): boolean {
    return this.#untakenBytes < UNTAKEN_BYTES_MAX;
  }

  untilRoom(): Promise<void> {
    if (this.hasRoom()) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waitingForRoom.push(resolve);
    return promise;
  }

  /** As the store was when it took something last. */
  fullness(): number {
    return Math.max(this.#storeFullness, this.#untakenBytes / UNTAKEN_BYTES_MAX);
  }

  accept(trace: DecidedTrace): void {
    this.#traces.push(trace);
    this.#traceBytes += trace.bytes.length + ROW_BYTES;
    this.#untakenBytes += trace.bytes.length + ROW_BYTES;
    if (this.#traceBytes >= DELIVERY_BYTES_MAX) this.#deliver();
    else this.#schedule();
  }

  record(traceId: Uint8Array, payload: Uint8Array): void {
    let block = this.#blocks.at(-1);
    if (block?.hasRoomFor(payload.length) !== true) {
      block = new RecordBlock(Date.now(), RECORD_BLOCK_BYTES, payload.length);
      this.#blocks.push(block);
    }
    block.add(traceId, payload);
    this.#schedule();
  }

  release(id: number, fates: SpanFates): void {
    this.#released.push({ id, fates });
    this.#schedule();
  }

  answer(id: number, value: unknown): void {
    this.#answers.push({ id, value });
    this.#schedule();
  }

  /** The store has taken so much of it, and is so full. */
  taken(bytes: number, storeFullness: number): void {
    this.#untakenBytes -= bytes;
    this.#storeFullness = storeFullness;
    if (!this.hasRoom()) return;
    const waiting = this.#waitingForRoom;
    this.#waitingForRoom = [];
    for (const resolve of waiting) resolve();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    const delivery: SamplerDelivery = {
      traces: this.#traces,
      traceBytes: this.#traceBytes,
      records: this.#blocks.map(({ bytes }) => bytes),
      ledger: this.#effects.ledger(),
      msUntilRoom: this.#effects.msUntilRoom(),
      released: this.#released,
      answers: this.#answers,
    };
    this.#traces = [];
    this.#traceBytes = 0;
    this.#blocks = [];
    this.#released = [];
    this.#answers = [];
    const owned = [...delivery.traces.map(({ bytes }) => bytes), ...delivery.records];
    this.#effects.post(
      delivery,
      owned.map(({ buffer }) => buffer as ArrayBuffer),
    );
  }
}
