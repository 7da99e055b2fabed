import { IdTable, NO_SLOT } from './buffer/id-table.ts';
import { SlotQueue } from './buffer/slot-queue.ts';
import type { TraceIdWords } from './buffer/trace-view.ts';
import type { Ruling } from './policies/policy.ts';

/**
 * What was decided, for spans that come late. Bounded: at the bound the decision that was asked for longest ago is
 * forgotten, and a span that comes later still begins a new trace, as in the OpenTelemetry Collector.
 */
export class DecisionCache {
  readonly #decisionsMax: number;
  readonly #table: IdTable;
  /** From the one asked for longest ago to the one asked for last. */
  readonly #queue = new SlotQueue();
  /** By slot. */
  readonly #rulings: Ruling[] = [];

  constructor(decisionsMax: number, tableSeed: number) {
    this.#decisionsMax = decisionsMax;
    this.#table = new IdTable(tableSeed);
  }

  /** Of a trace whose decision is not remembered. */
  record({ idA, idB, idC, idD }: TraceIdWords, ruling: Ruling): void {
    this.#take(this.#table.add(idA, idB, idC, idD), ruling);
  }

  /** The same of the trace whose id stands at this place. */
  recordAt(bytes: Uint8Array, at: number, ruling: Ruling): void {
    this.#take(this.#table.addAt(bytes, at), ruling);
  }

  #take(slot: number, ruling: Ruling): void {
    this.#rulings[slot] = ruling;
    this.#queue.add(slot);
    if (this.#table.size <= this.#decisionsMax) return;
    const { oldest } = this.#queue;
    this.#queue.delete(oldest);
    this.#table.delete(oldest);
  }

  /** The decision on the trace whose id stands at this place. */
  recall(bytes: Uint8Array, at: number): Ruling | undefined {
    const slot = this.#table.find(bytes, at);
    if (slot === NO_SLOT) return undefined;
    this.#queue.delete(slot);
    this.#queue.add(slot);
    return this.#rulings[slot];
  }
}
