import { LIMITS } from '@tracelab/protocol';
import type { Scope, SpanRecord, SpanSink } from '../span/span-record.ts';
import { nextState } from './export-state.ts';
import type { ExportEvent, ExportState } from './export-state.ts';
import { backOffMs } from './retry-delay.ts';
import type { SpanBatch, SpanBuffer } from './span-buffer.ts';
import type { SendOutcome, Transport } from './transport.ts';

export interface ExportLimits {
  scheduleDelayMs: number;
  /** One request. */
  exportAttemptTimeoutMs: number;
  /** A batch whose try fails later than this after its first try is given up. */
  exportTimeoutMs: number;
  queueSpansMax: number;
  batchSpansMax: number;
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

export interface ExportCounts {
  spansExported: number;
  spansDroppedQueueFull: number;
  spansDroppedExportFailed: number;
  spansQueued: number;
}

const BATCH_BYTES_MAX = 4 * 1024 * 1024;
const QUEUE_BYTES_MAX = 64 * 1024 * 1024;

interface FlushWaiter {
  /** The flush is done when so many batches have been settled. */
  batchesSettled: number;
  done: (isComplete: boolean) => void;
}

/**
 * Takes finished spans and gets them to the collector: in batches, one request at a time, tried again by the OTLP rules.
 * It never throws and never makes a caller wait. At its bounds (spans, bytes, time) spans are dropped and counted:
 * accepted = exported + queued + dropped, at every moment.
 */
export class SpanExporter implements SpanSink {
  readonly counts: ExportCounts = {
    spansExported: 0,
    spansDroppedQueueFull: 0,
    spansDroppedExportFailed: 0,
    spansQueued: 0,
  };
  readonly #buffer: SpanBuffer;
  readonly #transport: Transport;
  readonly #limits: ExportLimits;
  readonly #effects: ExportEffects;
  readonly #batches: SpanBatch[] = [];
  #state: ExportState = 'idle';
  #queuedBytes = 0;
  #cancelDelay: (() => void) | undefined;
  #cancelWait: (() => void) | undefined;
  /** The open batch's time has come; it is sealed as soon as the way is free, so that it may fill up meanwhile. */
  #isDue = false;
  #isClosing = false;
  #batchesSealed = 0;
  #batchesSettled = 0;
  #failures = 0;
  /** Of the oldest batch. */
  #firstTryMs: number | undefined;
  #notBeforeMs = -Infinity;
  #waiters: FlushWaiter[] = [];

  constructor(buffer: SpanBuffer, transport: Transport, limits: ExportLimits, effects: ExportEffects) {
    this.#buffer = buffer;
    this.#transport = transport;
    this.#limits = limits;
    this.#effects = effects;
  }

  get state(): ExportState {
    return this.#state;
  }

  accept(scope: Scope, span: SpanRecord): void {
    if (this.#state === 'closed') {
      this.counts.spansDroppedExportFailed++;
      return;
    }
    const queuedBytes = this.#queuedBytes + this.#buffer.byteCount;
    if (this.counts.spansQueued >= this.#limits.queueSpansMax || queuedBytes >= QUEUE_BYTES_MAX) {
      this.#dropAtFullQueue();
      return;
    }
    if (!this.#write(scope, span)) return;
    this.#move('add');
    const isFull = this.#buffer.spanCount >= this.#limits.batchSpansMax || this.#buffer.byteCount >= BATCH_BYTES_MAX;
    if (isFull) this.#sealBatch();
    if (isFull) this.#sendNext();
    else if (this.#buffer.spanCount === 1) this.#startDelay();
  }

  /** Sends what has ended so far. False where the time ran out first; nothing is dropped by that. */
  forceFlush(timeoutMs: number = this.#limits.exportTimeoutMs): Promise<boolean> {
    if (this.#buffer.spanCount > 0) this.#sealBatch();
    if (this.#batches.length === 0) return Promise.resolve(true);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const cancel = this.#effects.startTimer(() => waiter.done(false), timeoutMs, true);
    const waiter: FlushWaiter = {
      batchesSettled: this.#batchesSealed,
      done: (isComplete) => {
        cancel();
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        resolve(isComplete);
      },
    };
    this.#waiters.push(waiter);
    this.#sendNext();
    return promise;
  }

  /** Flushes within the time, counts the rest as lost, and takes no more. A collector that is gone is not waited for. */
  async shutdown(timeoutMs: number): Promise<void> {
    if (this.#state === 'closed' || this.#isClosing) return;
    this.#isClosing = true;
    // One last try at once, whatever pause is running.
    this.#notBeforeMs = -Infinity;
    if (this.#state === 'backingOff') this.#resume();
    await this.forceFlush(timeoutMs);
    this.#move('close');
    this.#cancelDelay?.();
    this.#cancelWait?.();
    this.counts.spansDroppedExportFailed += this.counts.spansQueued;
    this.counts.spansQueued = 0;
    this.#batches.length = 0;
    this.#transport.close();
  }

  #write(scope: Scope, span: SpanRecord): boolean {
    try {
      this.#buffer.add(scope, span);
      this.counts.spansQueued++;
      return true;
    } catch (cause) {
      this.counts.spansDroppedExportFailed++;
      this.#effects.warn(`a span could not be encoded: ${String(cause)}`);
      return false;
    }
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

  #sealBatch(): void {
    this.#cancelDelay?.();
    this.#isDue = false;
    const batch = this.#buffer.seal();
    this.#batches.push(batch);
    this.#queuedBytes += batch.bytes.length;
    this.#batchesSealed++;
  }

  /** Sends the oldest batch if the way is free; else whatever frees the way calls this again. */
  #sendNext(): void {
    if (this.#state !== 'batching') return;
    if (this.#isDue && this.#batches.length === 0) this.#sealBatch();
    const batch = this.#batches[0];
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
    this.#firstTryMs ??= this.#effects.nowMs();
    const outcome = await this.#trySend(batch);
    if (this.#state === 'closed') return;
    this.#judge(batch, outcome);
    this.#move(this.counts.spansQueued === 0 ? 'emptied' : 'settled');
    this.#sendNext();
  }

  async #trySend(batch: SpanBatch): Promise<SendOutcome> {
    if (batch.bytes.length > LIMITS.otlpRequestBytesMax) {
      return {
        kind: 'refused',
        reason: `a batch of ${batch.bytes.length} bytes is over ${LIMITS.otlpRequestBytesMax}`,
      };
    }
    try {
      return await this.#transport.send(batch.bytes, this.#limits.exportAttemptTimeoutMs);
    } catch (cause) {
      return { kind: 'refused', reason: cause instanceof Error ? cause.message : String(cause) };
    }
  }

  #judge(batch: SpanBatch, outcome: SendOutcome): void {
    switch (outcome.kind) {
      case 'delivered':
        this.#failures = 0;
        this.#settle(batch, batch.spanCount - Math.min(batch.spanCount, Math.max(0, outcome.rejectedSpans)));
        if (outcome.message !== '') this.#effects.warn(`${this.#transport.destination} says: ${outcome.message}`);
        break;
      case 'refused':
        this.#failures = 0;
        this.#settle(batch, 0);
        this.#effects.warn(
          `${batch.spanCount} spans were refused by ${this.#transport.destination}: ${outcome.reason}`,
        );
        break;
      case 'retryable':
        this.#postpone(batch, outcome);
    }
  }

  #postpone(batch: SpanBatch, outcome: SendOutcome & { kind: 'retryable' }): void {
    const nowMs = this.#effects.nowMs();
    this.#failures++;
    this.#notBeforeMs = nowMs + (outcome.retryAfterMs ?? backOffMs(this.#failures, this.#effects.random));
    if (this.#failures === 1) {
      this.#effects.warn(`spans cannot be sent to ${this.#transport.destination}, trying again: ${outcome.reason}`);
    }
    const isTooLate = nowMs - (this.#firstTryMs ?? nowMs) >= this.#limits.exportTimeoutMs;
    if (!isTooLate && !(this.#isClosing && outcome.isUnreachable)) return;
    this.#settle(batch, 0);
    if (this.#isClosing) this.#notBeforeMs = -Infinity;
    this.#effects.warn(`${batch.spanCount} spans were given up for ${this.#transport.destination}: ${outcome.reason}`);
  }

  #settle(batch: SpanBatch, exportedCount: number): void {
    this.#batches.shift();
    this.#firstTryMs = undefined;
    this.#queuedBytes -= batch.bytes.length;
    this.counts.spansQueued -= batch.spanCount;
    this.counts.spansExported += exportedCount;
    this.counts.spansDroppedExportFailed += batch.spanCount - exportedCount;
    this.#batchesSettled++;
    for (const waiter of this.#waiters) if (waiter.batchesSettled <= this.#batchesSettled) waiter.done(true);
  }

  #dropAtFullQueue(): void {
    if (this.counts.spansDroppedQueueFull++ === 0) {
      this.#effects.warn(`the queue of ${this.#limits.queueSpansMax} spans is full: spans are dropped and counted`);
    }
  }
}
