import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SamplerPlan } from '../create-sampler.ts';
import type { DecisionLog } from '../explain/explain.ts';
import { recordsOfBlock } from '../explain/record-block.ts';
import { usedHeapBytes } from '../limit/process-memory.ts';
import { selectRows } from '../receive/select-rows.ts';
import type { SpanBatch } from '../receive/span-batch.ts';
import type { DecidedTraceSink } from '../sample/decided-trace.ts';
import type { Ruling } from '../sample/policies/policy.ts';
import { EMPTY_SAMPLER_LEDGER, type Acceptance, type Sampler, type SamplerLedger } from '../sample/sampler.ts';
import { noFates, type SpanFates } from '../sample/span-fates.ts';
import type { TapReadings } from '../tap/tap-readings.ts';
import type { SamplerDelivery, SamplerMessage, SamplerRequest } from './sampler-messages.ts';

export interface WorkerSamplerEffects {
  /** Of the main thread, shared by all samplers. */
  sink: DecidedTraceSink;
  log: Pick<DecisionLog, 'record'>;
  /** Once, when the thread has ended by itself: the undecided traces that it held are gone. */
  onDied: (error: Error) => void;
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** Resolves when the thread runs; rejects where it cannot. */
export async function startWorkerSampler(plan: SamplerPlan, effects: WorkerSamplerEffects): Promise<WorkerSampler> {
  const worker = new Worker(new URL('./sampler-worker.ts', import.meta.url), { workerData: plan });
  await once(worker, 'online');
  return new WorkerSampler(worker, effects);
}

/**
 * A sampler in a worker thread, as the main thread sees it. The spans of each request that are its own are copied once and handed over;
 * what it decides comes back by handing over as well. When the store is full, each worker may still deliver what outbox.ts bounds.
 */
export class WorkerSampler implements Sampler {
  readonly #worker: Worker;
  readonly #effects: WorkerSamplerEffects;
  readonly #waiting = new Map<number, Waiting>();
  readonly #releases = new Map<number, (fates: SpanFates) => void>();
  #lastId = 0;
  #ledger: SamplerLedger = { ...EMPTY_SAMPLER_LEDGER };
  #msUntilRoom = 0;
  #isTicking = false;
  /** Why nothing more can be asked. */
  #ended: Error | undefined;

  constructor(worker: Worker, effects: WorkerSamplerEffects) {
    this.#worker = worker;
    this.#effects = effects;
    worker.on('message', (delivery: SamplerDelivery) => this.#take(delivery));
    worker.on('error', (error) => this.#die(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => this.#die(new Error(`its thread ended with ${code}`)));
  }

  /** All samplers of a router ask the same store in the same instant: all refuse, or none. */
  async accept(batch: SpanBatch, rows: Uint32Array, onReleased?: (fates: SpanFates) => void): Promise<Acceptance> {
    if (this.#ended !== undefined || !this.#effects.sink.hasRoom()) return { kind: 'refused' };
    if (rows.length === 0) {
      onReleased?.(noFates());
      return { kind: 'accepted' };
    }
    const own = selectRows(batch, rows);
    const id = ++this.#lastId;
    if (onReleased !== undefined) this.#releases.set(id, onReleased);
    try {
      await this.#ask(id, { method: 'accept', batch: own }, [own.bytes.buffer, own.numbers.buffer] as ArrayBuffer[]);
      return { kind: 'accepted' };
    } catch {
      return { kind: 'refused' };
    }
  }

  /** One at a time: a worker that is busy is not sent more of them. */
  tick(): void {
    if (this.#isTicking || this.#ended !== undefined) return;
    void this.#tickOnce();
  }

  remember(rulings: ReadonlyMap<string, Ruling>): void {
    this.#post({ kind: 'remember', rulings });
  }

  async readPending(traceId: string): Promise<Uint8Array | undefined> {
    return (await this.#ask(++this.#lastId, { method: 'readPending', traceId })) as Uint8Array | undefined;
  }

  async readTaps(): Promise<TapReadings> {
    return (await this.#ask(++this.#lastId, { method: 'readTaps' })) as TapReadings;
  }

  /** As of the last delivery, with which the store's counts have changed. */
  ledger(): SamplerLedger {
    return { ...this.#ledger };
  }

  /** Of its thread; one that has ended has none. */
  async heapBytes(): Promise<number> {
    if (this.#ended !== undefined) return 0;
    return this.#worker.getHeapStatistics().then(usedHeapBytes, () => 0);
  }

  /** As of the last delivery: what is on its way to the worker may overshoot its bounds. */
  msUntilRoom(): number {
    return this.#msUntilRoom;
  }

  /** One that has died has nothing left to decide. */
  async close(): Promise<void> {
    if (this.#ended === undefined) await this.#ask(++this.#lastId, { method: 'close' }).catch(() => {});
    this.#end(new Error('the sampler is closed'));
    await this.#worker.terminate();
  }

  async #tickOnce(): Promise<void> {
    this.#isTicking = true;
    await this.#ask(++this.#lastId, { method: 'tick' }).catch(() => {});
    this.#isTicking = false;
  }

  #ask(id: number, request: SamplerRequest, transferred: ArrayBuffer[] = []): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#post({ kind: 'ask', id, request }, transferred);
    return promise;
  }

  #post(message: SamplerMessage, transferred: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transferred);
  }

  #take({ traces, traceBytes, records, ledger, msUntilRoom, released, answers }: SamplerDelivery): void {
    for (const trace of traces) this.#effects.sink.accept(trace);
    for (const block of records) this.#record(block);
    this.#ledger = ledger;
    this.#msUntilRoom = msUntilRoom;
    for (const { id, fates } of released) this.#release(id, fates);
    for (const { id, value } of answers) this.#settle(id, value);
    if (traceBytes > 0) void this.#giveRoom(traceBytes);
  }

  #record({ buffer, byteOffset, byteLength }: Uint8Array): void {
    const { log } = this.#effects;
    for (const { traceId, payload } of recordsOfBlock(Buffer.from(buffer, byteOffset, byteLength)))
      log.record(traceId, payload);
  }

  #release(id: number, fates: SpanFates): void {
    this.#releases.get(id)?.(fates);
    this.#releases.delete(id);
  }

  #settle(id: number, value: unknown): void {
    this.#waiting.get(id)?.resolve(value);
    this.#waiting.delete(id);
  }

  async #giveRoom(bytes: number): Promise<void> {
    const { sink } = this.#effects;
    if (!sink.hasRoom()) await sink.untilRoom();
    this.#post({ kind: 'taken', bytes, storeFullness: sink.fullness() });
  }

  #die(error: Error): void {
    if (this.#ended !== undefined) return;
    this.#end(error);
    this.#effects.onDied(error);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    // Nobody is told that they are released: the write-ahead log keeps them.
    this.#releases.clear();
  }
}
