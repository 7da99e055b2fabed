import type { DecisionLog } from './explain.ts';

/** Of the entry, its key and the list. */
const ENTRY_BYTES = 160;
const RECORD_BYTES = 96;

interface Entry {
  payloads: Uint8Array[];
  bytesHeld: number;
  firstAtUnixMs: number;
}

/** Records in memory: the twin of the log on disk, for tests and for whoever has no disk. At its bound the oldest trace is forgotten. */
export class MemoryDecisionLog implements DecisionLog {
  readonly #bytesMax: number;
  readonly #nowUnixMs: () => number;
  readonly #entries = new Map<string, Entry>();
  #bytesHeld = 0;
  #hasForgotten = false;

  constructor(bytesMax: number, nowUnixMs: () => number) {
    this.#bytesMax = bytesMax;
    this.#nowUnixMs = nowUnixMs;
  }

  /** Undefined while nothing was forgotten. */
  get windowStartUnixMs(): number | undefined {
    if (!this.#hasForgotten) return undefined;
    const [oldest] = this.#entries.values();
    return oldest?.firstAtUnixMs;
  }

  record(traceId: Uint8Array, payload: Uint8Array): void {
    const key = Buffer.from(traceId).toString('latin1');
    const entry = this.#entries.get(key) ?? this.#addEntry(key);
    entry.payloads.push(payload.slice());
    this.#grow(entry, payload.length + RECORD_BYTES);
    while (this.#bytesHeld > this.#bytesMax) this.#forgetOldest();
  }

  find(traceId: Uint8Array): Promise<Uint8Array[]> {
    return Promise.resolve(this.#entries.get(Buffer.from(traceId).toString('latin1'))?.payloads ?? []);
  }

  #addEntry(key: string): Entry {
    const entry: Entry = { payloads: [], bytesHeld: 0, firstAtUnixMs: this.#nowUnixMs() };
    this.#entries.set(key, entry);
    this.#grow(entry, ENTRY_BYTES);
    return entry;
  }

  #grow(entry: Entry, bytes: number): void {
    entry.bytesHeld += bytes;
    this.#bytesHeld += bytes;
  }

  #forgetOldest(): void {
    const [oldest] = this.#entries;
    if (oldest === undefined) return;
    const [key, { bytesHeld }] = oldest;
    this.#entries.delete(key);
    this.#bytesHeld -= bytesHeld;
    this.#hasForgotten = true;
  }
}
