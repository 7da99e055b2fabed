import type { DecisionsMax } from '../config/collector-config.ts';
import { IdTable, NO_SLOT } from './buffer/id-table.ts';
import { SlotQueue } from './buffer/slot-queue.ts';
import type { TraceIdWords } from './buffer/trace-view.ts';
import type { Ruling } from './policies/policy.ts';

/** Decisions of one kind, from the one asked for longest ago to the one asked for last. */
interface Remembered {
  queue: SlotQueue;
  count: number;
  max: number;
}

/**
 * What was decided, for spans that come late. Bounded for each kind by itself, so that the many traces that are not kept do not push out the
 * few that are: at the bound the decision that was asked for longest ago is forgotten, and a span that comes later still begins a new
 * trace, as in the OpenTelemetry Collector.
 */
export class DecisionCache {
  readonly #table: IdTable;
  readonly #sampled: Remembered;
  readonly #notSampled: Remembered;
  /** By slot. */
  readonly #rulings: Ruling[] = [];

  constructor({ sampled, notSampled }: DecisionsMax, tableSeed: number) {
    this.#sampled = { queue: new SlotQueue(), count: 0, max: sampled };
    this.#notSampled = { queue: new SlotQueue(), count: 0, max: notSampled };
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
    const remembered = this.#kindOf(ruling);
    remembered.queue.add(slot);
    remembered.count++;
    if (remembered.count <= remembered.max) return;
    const { oldest } = remembered.queue;
    remembered.queue.delete(oldest);
    remembered.count--;
    this.#table.delete(oldest);
  }

  /** The decision on the trace whose id stands at this place. */
  recall(bytes: Uint8Array, at: number): Ruling | undefined {
    const slot = this.#table.find(bytes, at);
    if (slot === NO_SLOT) return undefined;
    const ruling = this.#rulings[slot] as Ruling;
    const { queue } = this.#kindOf(ruling);
    queue.delete(slot);
    queue.add(slot);
    return ruling;
  }

  #kindOf({ decision }: Ruling): Remembered {
    return decision === 'sampled' ? this.#sampled : this.#notSampled;
  }
}
