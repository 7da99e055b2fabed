import type { SpanContext } from '@opentelemetry/api';
import { SpanBuffer } from '../export/span-buffer.ts';
import { SpanExporter } from '../export/span-exporter.ts';
import type { ExportLimits } from '../export/span-exporter.ts';
import type { SendOutcome } from '../export/transport.ts';
import { AttributeBag } from '../span/attribute-bag.ts';
import type { SpanRecord } from '../span/span-record.ts';

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

const SCOPE = { name: 'test', version: '', schemaUrl: '' };
const CONTEXT: SpanContext = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 };

/** An exporter whose time, timers and collector are moved by hand. */
export class ScriptedExport {
  readonly exporter: SpanExporter;
  readonly warnings: string[] = [];
  readonly sentBytes: number[] = [];
  requestsAtOnceMax = 0;
  isClosed = false;
  #requestsOpen: ((outcome: SendOutcome) => void)[] = [];
  #timers: { atMs: number; run: () => void }[] = [];
  #nowMs = 0;

  constructor(limits: Partial<ExportLimits> = {}) {
    this.exporter = new SpanExporter(
      new SpanBuffer({ attributes: [], droppedAttributesCount: 0 }),
      {
        destination: 'there',
        send: (bytes) => {
          this.sentBytes.push(bytes.length);
          const { promise, resolve } = Promise.withResolvers<SendOutcome>();
          this.#requestsOpen.push(resolve);
          this.requestsAtOnceMax = Math.max(this.requestsAtOnceMax, this.#requestsOpen.length);
          return promise;
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
    return this.exporter.counts;
  }

  get requestCount(): number {
    return this.sentBytes.length;
  }

  add(count = 1, text = 'span'): void {
    for (let index = 0; index < count; index++) this.exporter.accept(SCOPE, spanNamed(text));
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

function spanNamed(name: string): SpanRecord {
  return {
    context: CONTEXT,
    parentSpanId: '',
    isParentRemote: false,
    name,
    kind: 0,
    startTimeUnixNano: 1n,
    endTimeUnixNano: 2n,
    attributes: new AttributeBag({ countMax: 0, valueLengthMax: 0 }),
    events: undefined,
    droppedEventsCount: 0,
    links: undefined,
    droppedLinksCount: 0,
    statusCode: 0,
    statusMessage: '',
  };
}
