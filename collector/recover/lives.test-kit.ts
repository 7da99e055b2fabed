import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { flattenTracesData } from '@tracelab/model';
import { accept, decodeTracesData, type Ledger } from '@tracelab/protocol';
import { ArrayPool } from '../receive/array-pool.ts';
import { DEFAULT_CONFIG, type TailSamplingConfig } from '../config/collector-config.ts';
import { batchOf } from '../fixtures/decided.ts';
import type { SpanSketch } from '../fixtures/make-trace.ts';
import { allRows } from '../receive/span-batch.ts';
import { LedgerBook } from '../report/ledger-book.ts';
import type { LedgerSnapshot } from '../report/ledger-file.ts';
import type { Sampler } from '../sample/sampler.ts';
import { startSampler, type Recovery } from '../start-sampler.ts';
import { MemoryTable } from '../store/memory-table.ts';
import { QueuedTraceStore } from '../store/queued-store.ts';
import { WRITE_QUEUE_BOUNDS } from '../store/write-queue.ts';

/** So small that segments come and go. */
const RECORDS_PER_SEGMENT = 2;
const CONFIG: TailSamplingConfig = {
  ...DEFAULT_CONFIG.tailSampling,
  policies: [{ name: 'errors', type: 'status_code', statusCodes: ['ERROR'] }],
};

type Recorded = { traceId: Uint8Array; payload: Uint8Array };

/** What survives a kill. */
export class Disk {
  readonly segments = new Map<number, Buffer[]>();
  readonly decisions: Recorded[] = [];
  readonly table = new MemoryTable(1e9);
  ledger: LedgerSnapshot | undefined;

  async storedSpanIds(traceId: string): Promise<string[]> {
    const parts = (await this.table.readParts(traceId)).map((bytes) => decodeTracesData(bytes));
    return parts.flatMap((part) =>
      part.ok ? flattenTracesData(part.value).map(({ spanId }) => spanId) : assert.fail(),
    );
  }
}

/** What a life does to the disk, and what may not come through any more from some point on. */
export const PARTS = ['writes', 'decisions', 'savings', 'deletions'] as const;
export type Part = (typeof PARTS)[number];

interface Hanging {
  part: Part;
  act: () => void;
  resolve: () => void;
}

export interface LifeOptions {
  hasLog: boolean;
  /** Where it is stopped. */
  dropsPendingAtEnd: boolean;
}

/** A collector without its servers: from the write-ahead log to the store, on a disk in memory that a test can stop at any point. */
export class Life {
  readonly #disk: Disk;
  readonly #parts = new Set<Part>();
  #hanging: Hanging[] = [];
  readonly #receive = { spansRejected: 0, spansSampledOut: 0 };
  readonly #recorded: Recorded[] = [];
  #recordsWritten = 0;
  #nowMs = 0;
  readonly #store: QueuedTraceStore;
  readonly #book: LedgerBook;
  #sampler: Sampler | undefined;
  #finish: () => Promise<void> = () => Promise.resolve();

  static async begin(disk: Disk, { hasLog, dropsPendingAtEnd }: LifeOptions): Promise<Life> {
    const life = new Life(disk, hasLog);
    const { sampler, finish } = await startSampler(
      {
        config: { ...CONFIG, dropsPendingAtEnd },
        configHash: '0123456789abcdef',
        store: life.#store,
        decisions: life.#decisions(),
        book: life.#book,
        arrays: new ArrayPool(1e6),
        pendingBytesMax: 1e9,
        samplerCount: 1,
        nowMs: () => life.#nowMs,
      },
      hasLog ? { log: life.#log(), decisions: life.#decisions(), report: assert.fail } : undefined,
    );
    life.#sampler = sampler;
    life.#finish = finish;
    await settle();
    return life;
  }

  private constructor(disk: Disk, hasLog: boolean) {
    this.#disk = disk;
    const nowMs = (): number => this.#nowMs;
    this.#store = new QueuedTraceStore(this.#table(), WRITE_QUEUE_BOUNDS, {
      report: () => {},
      delay: () => setImmediate(),
      nowMs,
    });
    const save = (snapshot: LedgerSnapshot): Promise<void> =>
      this.#through('savings', () => void (disk.ledger = structuredClone(snapshot)));
    const effects = {
      receive: this.#receive,
      store: this.#store,
      save,
      report: assert.fail,
      nowMs,
      nowUnixMs: () => 1,
    };
    this.#book = new LedgerBook({ earlier: disk.ledger, hasLog }, effects);
  }

  /** Whether the spans were acknowledged. */
  async send(sketches: readonly SpanSketch[], rejected = 0): Promise<boolean> {
    const batch = batchOf(sketches);
    const acceptance = await this.sampler.accept(batch, allRows(batch));
    if (acceptance.kind === 'accepted') this.#receive.spansRejected += rejected;
    await settle();
    return acceptance.kind === 'accepted';
  }

  async pass(ms: number): Promise<void> {
    this.#nowMs += ms;
    this.sampler.tick();
    this.#book.tick(this.sampler.ledger());
    await settle();
  }

  hang(part: Part): void {
    this.#parts.add(part);
  }

  /** What hung comes through, but for these parts. */
  async resume(...but: readonly Part[]): Promise<void> {
    for (const part of PARTS) if (!but.includes(part)) this.#parts.delete(part);
    const through = this.#hanging.filter(({ part }) => !but.includes(part));
    this.#hanging = this.#hanging.filter(({ part }) => but.includes(part));
    for (const { act, resolve } of through) {
      act();
      resolve();
    }
    await settle();
  }

  ledger(): Ledger {
    return this.#book.ledger(this.sampler.ledger());
  }

  /** As SIGTERM; where writes hang, the store gives up. */
  async stop(): Promise<void> {
    await this.resume('writes');
    await this.sampler.close();
    await this.#store.close(1);
    await this.#finish();
    await this.#book.close(this.sampler.ledger());
  }

  /** What hung may have come through to the disk, but nobody has heard of it. */
  kill(didComeThrough: boolean): void {
    if (didComeThrough) for (const { act } of this.#hanging) act();
    for (const part of PARTS) this.#parts.add(part);
  }

  private get sampler(): Sampler {
    return this.#sampler ?? assert.fail('it has not begun');
  }

  #through(part: Part, act: () => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#parts.has(part)) this.#hanging.push({ part, act, resolve });
    else {
      act();
      resolve();
    }
    return promise;
  }

  #table(): ConstructorParameters<typeof QueuedTraceStore>[0] {
    const { table } = this.#disk;
    return {
      write: async (batch) => {
        await this.#through('writes', () => void table.write(batch));
        return { kind: 'stored' };
      },
      readParts: (traceId) => table.readParts(traceId),
      search: (query) => table.search(query),
      services: () => table.services(),
      operations: (service) => table.operations(service),
      close: () => Promise.resolve(),
    };
  }

  #log(): Recovery['log'] {
    const { segments, ledger } = this.#disk;
    const earlier = [...segments.keys()];
    let last = Math.max(0, ledger?.segmentLast ?? 0, ...earlier);
    let current: Buffer[] | undefined;
    return {
      append: (parts) => {
        if (current === undefined || current.length === RECORDS_PER_SEGMENT) segments.set(++last, (current = []));
        current.push(Buffer.concat(parts));
        return accept({ segment: last, written: Promise.resolve(0) });
      },
      seal: () => void (current = undefined),
      drop: (segment) => this.#through('deletions', () => void segments.delete(segment)),
      get segments() {
        return [...segments.keys()];
      },
      replay: async function* () {
        for (const segment of earlier)
          for (const payload of segments.get(segment) ?? []) yield { segment, offset: 0, payload };
      },
    };
  }

  #decisions(): Recovery['decisions'] & { record: (id: Uint8Array, payload: Uint8Array) => void } & {
    windowStartUnixMs: undefined;
    find: () => Promise<Uint8Array[]>;
  } {
    const { decisions } = this.#disk;
    const recorded = this.#recorded;
    const recordsWritten = (): number => this.#recordsWritten;
    return {
      record: (traceId, payload) => {
        const record = { traceId: Uint8Array.from(traceId), payload: Uint8Array.from(payload) };
        recorded.push(record);
        void this.#through('decisions', () => void decisions.push(record)).then(() => this.#recordsWritten++);
      },
      find: () => Promise.resolve([]),
      windowStartUnixMs: undefined,
      readRecent: async function* () {
        yield* decisions;
      },
      flush: settle,
      get recordedCount() {
        return recorded.length;
      },
      get durableCount() {
        return recordsWritten();
      },
      droppedCount: 0,
    };
  }
}

/** Whatever does not hang has come through. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await setImmediate();
}
