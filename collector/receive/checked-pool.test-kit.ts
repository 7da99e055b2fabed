import assert from 'node:assert/strict';
import { ArrayPool } from './array-pool.ts';

/** Takes back only what it has lent, once, and overwrites it: whoever reads it after that reads nonsense. */
export class CheckedPool extends ArrayPool {
  readonly #lent = new Set<ArrayBuffer>();

  get lentCount(): number {
    return this.#lent.size;
  }

  override take(byteLength: number): ArrayBuffer {
    const array = super.take(byteLength);
    this.#lent.add(array);
    return array;
  }

  override giveBack(array: ArrayBuffer): void {
    assert.ok(this.#lent.delete(array), 'an array came back that was not lent');
    new Uint8Array(array).fill(0xff);
    super.giveBack(array);
  }
}
