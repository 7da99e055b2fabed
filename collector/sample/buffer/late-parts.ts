import { Column, columnAt } from '../../receive/span-batch.ts';
import type { Ruling } from '../policies/policy.ts';
import { GatheredTraces } from './gathered-traces.ts';
import type { HeldBatch, HeldBatches } from './held-batches.ts';
import { NO_SLOT } from './id-table.ts';
import { SlotQueue } from './slot-queue.ts';
import { TraceView } from './trace-view.ts';

/** What a request brings for traces that are decided already, until its end: a part of each. */
export class LateParts {
  readonly #parts: GatheredTraces;
  readonly #part: TraceView;
  readonly #queue = new SlotQueue();
  /** By slot: the cache of decisions may forget one before the request ends. */
  readonly #rulings: Ruling[] = [];

  constructor(held: HeldBatches, tableSeed: number) {
    this.#parts = new GatheredTraces(held, tableSeed);
    this.#part = new TraceView(this.#parts);
  }

  /** False where its span is there already. */
  addRow(ruling: Ruling, batch: HeldBatch, row: number): boolean {
    let slot = this.#parts.find(batch.bytes, columnAt(batch, row, Column.traceIdAt));
    if (slot === NO_SLOT) {
      slot = this.#parts.add(batch, row, 0);
      this.#queue.add(slot);
      this.#rulings[slot] = ruling;
    }
    return this.#parts.addRow(slot, batch, row);
  }

  /** In the order of arrival; each is forgotten behind it. */
  takeAll(take: (part: TraceView, ruling: Ruling) => void): void {
    for (let slot = this.#queue.oldest; slot !== NO_SLOT; slot = this.#queue.oldest) {
      take(this.#part.on(slot), this.#rulings[slot] as Ruling);
      this.#queue.delete(slot);
      this.#parts.delete(slot);
    }
  }
}
