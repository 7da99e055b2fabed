import { LIMITS } from '@tracelab/protocol';
import type { SpanDropReason } from '@tracelab/protocol';
import type { Scope, SpanRecord } from '../span/span-record.ts';
import { BatchQueue } from './batch-queue.ts';
import type { OpenBatch, QueueLimits } from './batch-queue.ts';
import { nextState } from './export-state.ts';
import type { ExportEvent, ExportState } from './export-state.ts';
import { FlushWaiters } from './flush-waiters.ts';
import { retryPauseMs } from './retry-delay.ts';
import type { SpanBatch } from './span-buffer.ts';
import { noDrops } from './span-outlet.ts';
import type { ExportCounts, SpanOutlet } from './span-outlet.ts';
import type { SendOutcome, Transport } from './transport.ts';

export interface ExportLimits extends QueueLimits {
  scheduleDelayMs: number;
  /** One request. */
  exportAttemptTimeoutMs: number;
  /** A batch whose try fails later than this after its first try is given up. */
  exportTimeoutMs: number;
}

/** Everything impure, injected. Timers do not keep the process alive unless `isHolding`. */
export interface ExportEffects {
  nowMs: () => number;
  random: () => number;
  startTimer: (run: () => void, delayMs: number, isHolding?: boolean) => () => void;
  /** Runs outside of any request's context, with tracing suppressed. */
  isolate: (run: () => void) => void;
  warn: (sentence: string) => void;
}

/**
 * Takes finished spans and gets them to the collector: in batches, one request at a time, tried again by the OTLP rules.
 * It never throws and never makes a caller wait. At its bounds (spans, bytes, time) spans are dropped and counted by reason.
 */
export class SpanExporter implements SpanOutlet {
  readonly #queue: BatchQueue;
  readonly #transport: Transport;
  readonly #limits: ExportLimits;
  readonly #effects: ExportEffects;
  readonly #waiters: FlushWaiters;
  readonly #spansDropped = noDrops();
  #spansExported = 0;
  #requestsSent = 0;
  #requestsRetried = 0;
  #state: ExportState = 'idle';
  #cancelDelay: (() => void) | undefined;
  #cancelWait: (() => void) | undefined;
  /** The open batch's time has come; it is sealed as soon as the way is free, so that it may fill up meanwhile. */
  #isDue = false;
  #closing: Promise<void> | undefined;
  /** One after the other, of whichever batches: the pause grows with them. */
  #failures = 0;
  /** Of the oldest batch. */
  #firstTryMs: number | undefined;
  #notBeforeMs = -Infinity;

  constructor(open: OpenBatch, transport: Transport, limits: ExportLimits, effects: ExportEffects) {
    this.#queue = new BatchQueue(open, limits);
    this.#transport = transport;
    this.#limits = limits;
    this.#effects = effects;
    this.#waiters = new FlushWaiters(effects.startTimer);
  }

  get state(): ExportState {
    return this.#state;
  }

  /** What waits, in bytes. */
  get queuedBytes(): number {
    return this.#queue.byteCount;
  }

  counts(): ExportCounts {
    return {
      spansExported: this.#spansExported,
      spansQueued: this.#queue.spanCount,
      spansDropped: { ...this.#spansDropped },
      requestsSent: this.#requestsSent,
      requestsRetried: this.#requestsRetried,
    };
  }

  accept(scope: Scope, span: SpanRecord): void {
    if (this.#state === 'closed') this.#spansDropped.closed++;
    else if (this.#queue.isFull) this.#dropAtFullQueue();
    else if (this.#write(scope, span)) this.#noteAdded();
  }

  forceFlush(timeoutMs: number = this.#limits.exportTimeoutMs): Promise<boolean> {
    if (this.#state === 'closed') return Promise.resolve(true);
    if (this.#queue.openSpanCount > 0) this.#seal();
    if (this.#queue.oldest === undefined) return Promise.resolve(true);
    const flushed = this.#waiters.wait(this.#queue.batchesSealed, timeoutMs);
    this.#sendNext();
    return flushed;
  }

  /** A collector that is gone is not waited for. Asked twice, it is the same shutdown. */
  shutdown(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    // One last try at once, whatever pause is running.
    this.#notBeforeMs = -Infinity;
    if (this.#state === 'backingOff') this.#resume();
    await this.forceFlush(timeoutMs);
    this.#spansDropped.closed += this.#queue.clear();
    this.#move('close');
    this.#cancelDelay?.();
    this.#cancelWait?.();
    this.#waiters.close();
    this.#transport.close();
  }

  #write(scope: Scope, span: SpanRecord): boolean {
    try {
      this.#queue.add(scope, span);
      return true;
    } catch (cause) {
      this.#spansDropped.not_encodable++;
      this.#effects.warn(`a span could not be encoded: ${String(cause)}`);
      return false;
    }
  }

  #noteAdded(): void {
    if (this.#state === 'idle') this.#move('add');
    if (this.#queue.isOpenBatchFull) {
      this.#seal();
      this.#sendNext();
    } else if (this.#queue.openSpanCount === 1) this.#startDelay();
  }

  #move(event: ExportEvent): void {
    this.#state = nextState(this.#state, event);
  }

  #startDelay(): void {
    this.#effects.isolate(() => {
      this.#cancelDelay = this.#effects.startTimer(() => {
        this.#isDue = true;
        this.#sendNext();
      }, this.#limits.scheduleDelayMs);
    });
  }

  #seal(): void {
    this.#cancelDelay?.();
    this.#isDue = false;
    this.#queue.seal();
  }

  /** Sends the oldest batch if the way is free; else whatever frees the way calls this again. */
  #sendNext(): void {
    if (this.#state !== 'batching') return;
    if (this.#isDue && this.#queue.oldest === undefined) this.#seal();
    const batch = this.#queue.oldest;
    if (batch === undefined) return;
    const waitMs = this.#notBeforeMs - this.#effects.nowMs();
    if (waitMs > 0) {
      this.#move('wait');
      this.#effects.isolate(() => {
        this.#cancelWait = this.#effects.startTimer(() => this.#resume(), waitMs);
      });
      return;
    }
    this.#move('due');
    this.#effects.isolate(() => void this.#send(batch));
  }

  #resume(): void {
    this.#cancelWait?.();
    this.#move('resume');
    this.#sendNext();
  }

  async #send(batch: SpanBatch): Promise<void> {
    const outcome = await this.#trySend(batch);
    if (this.#state === 'closed') return;
    this.#judge(batch, outcome);
    this.#move(this.#queue.spanCount === 0 ? 'emptied' : 'settled');
    this.#sendNext();
  }

  async #trySend({ bytes }: SpanBatch): Promise<SendOutcome> {
    if (bytes.length > LIMITS.otlpRequestBytesMax) {
      return { kind: 'refused', reason: `a batch of ${bytes.length} bytes is over ${LIMITS.otlpRequestBytesMax}` };
    }
    this.#requestsSent++;
    if (this.#firstTryMs === undefined) this.#firstTryMs = this.#effects.nowMs();
    else this.#requestsRetried++;
    const { exportAttemptTimeoutMs, exportTimeoutMs } = this.#limits;
    try {
      return await this.#transport.send(bytes, Math.min(exportAttemptTimeoutMs, exportTimeoutMs));
    } catch (cause) {
      return { kind: 'refused', reason: cause instanceof Error ? cause.message : String(cause) };
    }
  }

  #judge(batch: SpanBatch, outcome: SendOutcome): void {
    switch (outcome.kind) {
      case 'delivered':
        this.#failures = 0;
        this.#settle(batch, Math.min(batch.spanCount, Math.max(0, outcome.rejectedSpans)), 'rejected');
        batch.release();
        if (outcome.message !== '') this.#effects.warn(`${this.#transport.destination} says: ${outcome.message}`);
        break;
      case 'refused':
        this.#failures = 0;
        this.#giveUp(batch, 'refused', `were refused by ${this.#transport.destination}: ${outcome.reason}`);
        break;
      case 'retryable':
        this.#postpone(batch, outcome);
    }
  }

  #postpone(batch: SpanBatch, outcome: SendOutcome & { kind: 'retryable' }): void {
    const nowMs = this.#effects.nowMs();
    this.#failures++;
    this.#notBeforeMs = nowMs + retryPauseMs(outcome.retryAfterMs, this.#failures, this.#effects.random);
    const { destination } = this.#transport;
    if (this.#failures === 1) {
      this.#effects.warn(`spans cannot be sent to ${destination}, trying again: ${outcome.reason}`);
    }
    const isClosing = this.#closing !== undefined;
    if (isClosing && outcome.isUnreachable) {
      // The next batch gets its last try at once as well.
      this.#notBeforeMs = -Infinity;
      this.#giveUp(batch, 'closed', `were given up at the end for ${destination}: ${outcome.reason}`);
    } else if (nowMs - (this.#firstTryMs ?? nowMs) >= this.#limits.exportTimeoutMs) {
      this.#giveUp(batch, 'timeout', `were given up for ${destination}: ${outcome.reason}`);
    }
  }

  #giveUp(batch: SpanBatch, reason: SpanDropReason, why: string): void {
    this.#settle(batch, batch.spanCount, reason);
    this.#effects.warn(`${batch.spanCount} spans ${why}`);
  }

  #settle(batch: SpanBatch, droppedCount: number, reason: SpanDropReason): void {
    this.#queue.settle();
    this.#firstTryMs = undefined;
    this.#spansExported += batch.spanCount - droppedCount;
    this.#spansDropped[reason] += droppedCount;
    this.#waiters.settled(this.#queue.batchesSettled);
  }

  #dropAtFullQueue(): void {
    if (this.#spansDropped.queue_full++ > 0) return;
    this.#effects.warn(`the queue of ${this.#limits.queueSpansMax} spans is full: spans are dropped and counted`);
  }
}
