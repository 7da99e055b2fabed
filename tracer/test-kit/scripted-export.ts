import { spansDroppedTotal } from '@tracelab/protocol';
import type { OpenBatch } from '../export/batch-queue.ts';
import type { SpanBatch } from '../export/span-buffer.ts';
import { SpanExporter } from '../export/span-exporter.ts';
import type { ExportLimits } from '../export/span-exporter.ts';
import type { SendOutcome } from '../export/transport.ts';
import type { Scope, SpanRecord } from '../span/span-record.ts';

export const DELIVERED = { kind: 'delivered' as const, rejectedSpans: 0, message: '' } satisfies SendOutcome;
export const REFUSED = { kind: 'refused' as const, reason: 'the answer was 400' } satisfies SendOutcome;
export const BUSY = {
  kind: 'retryable' as const,
  reason: '503',
  isUnreachable: false,
  retryAfterMs: undefined as number | undefined,
} satisfies SendOutcome;
export const DOWN = {
  kind: 'retryable' as const,
  reason: 'refused',
  isUnreachable: true,
  retryAfterMs: undefined as number | undefined,
} satisfies SendOutcome;

/** Stands for the encoded spans: what counts here is how many there are and how long. */
class PlainBatch implements OpenBatch {
  spanCount = 0;
  byteCount = 0;

  add(_scope: Scope, span: SpanRecord): void {
    if (span.name === NOT_ENCODABLE) throw new Error('foreign code');
    this.spanCount++;
    this.byteCount += span.name.length;
  }

  seal(): SpanBatch {
    const bytes = new Uint8Array(this.byteCount);
    // Who reads on after the release sees it.
    const batch = { bytes, spanCount: this.spanCount, release: () => void bytes.fill(0xff) };
    this.spanCount = 0;
    this.byteCount = 0;
    return batch;
  }
}

const SCOPE = { name: 'test', version: '', schemaUrl: '' };
/** A span of this name throws while it is written. */
export const NOT_ENCODABLE = 'not encodable';

/** An exporter whose time, timers and collector are moved by hand. */
export class ScriptedExport {
  readonly exporter: SpanExporter;
  readonly warnings: string[] = [];
  readonly sentBytes: number[] = [];
  readonly timeoutsMs: number[] = [];
  requestsAtOnceMax = 0;
  isClosed = false;
  #requestsOpen: ((outcome: SendOutcome) => void)[] = [];
  #timers: { atMs: number; run: () => void }[] = [];
  #nowMs = 0;

  constructor(limits: Partial<ExportLimits> = {}) {
    this.exporter = new SpanExporter(
      new PlainBatch(),
      {
        destination: 'there',
        send: (bytes, timeoutMs) => {
          this.timeoutsMs.push(timeoutMs);
          this.sentBytes.push(bytes.length);
          return new Promise((resolve) => {
            this.#requestsOpen.push(resolve);
            this.requestsAtOnceMax = Math.max(this.requestsAtOnceMax, this.#requestsOpen.length);
          });
        },
        close: () => (this.isClosed = true),
      },
      {
        scheduleDelayMs: 5000,
        exportAttemptTimeoutMs: 10_000,
        exportTimeoutMs: 30_000,
        queueSpansMax: 2048,
        batchSpansMax: 512,
        ...limits,
      },
      {
        nowMs: () => this.#nowMs,
        random: () => 0.5,
        isolate: (run) => run(),
        warn: (sentence) => this.warnings.push(sentence),
        startTimer: (run, delayMs) => {
          const timer = { atMs: this.#nowMs + delayMs, run };
          this.#timers.push(timer);
          return () => (this.#timers = this.#timers.filter((other) => other !== timer));
        },
      },
    );
  }

  get counts() {
    return this.exporter.counts();
  }

  /** accepted = exported + queued + dropped. */
  get spansAccountedFor(): number {
    const { counts } = this;
    return counts.spansExported + counts.spansQueued + spansDroppedTotal(counts);
  }

  get requestCount(): number {
    return this.sentBytes.length;
  }

  get hasRequest(): boolean {
    return this.#requestsOpen.length > 0;
  }

  add(count = 1, text = 'span'): void {
    for (let index = 0; index < count; index++) this.exporter.accept(SCOPE, { name: text } as SpanRecord);
  }

  /** Answers the request under way, and lets the exporter act on it. */
  async answer(outcome: SendOutcome): Promise<void> {
    const request = this.#requestsOpen.shift();
    if (request === undefined) throw new Error('no request is under way');
    request(outcome);
    await letPromisesRun();
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
      await letPromisesRun();
    }
    this.#nowMs = untilMs;
  }
}

function letPromisesRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
