import { grown, NO_SLOT } from './id-table.ts';

/**
 * Slots in the order in which they were added, each at most once. Not a Map or Set: to find the oldest of one again and again an iterator has to be
 * kept, and V8 keeps every table that the iterator has not walked past, with all that was in it.
 */
export class SlotQueue {
  #older = new Int32Array();
  #newer = new Int32Array();
  #oldest = NO_SLOT;
  #newest = NO_SLOT;

  /** NO_SLOT where it is empty. */
  get oldest(): number {
    return this.#oldest;
  }

  /** As the newest. */
  add(slot: number): void {
    if (slot >= this.#older.length) this.#grow(slot);
    this.#older[slot] = this.#newest;
    this.#newer[slot] = NO_SLOT;
    if (this.#newest === NO_SLOT) this.#oldest = slot;
    else this.#newer[this.#newest] = slot;
    this.#newest = slot;
  }

  /** One that is in it. */
  delete(slot: number): void {
    const older = this.#older[slot] as number;
    const newer = this.#newer[slot] as number;
    if (older === NO_SLOT) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === NO_SLOT) this.#newest = older;
    else this.#older[newer] = older;
  }

  #grow(slot: number): void {
    const length = 2 ** Math.ceil(Math.log2(slot + 2));
    this.#older = grown(this.#older, length);
    this.#newer = grown(this.#newer, length);
  }
}
