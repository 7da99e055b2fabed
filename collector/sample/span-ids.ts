import { idWordAt } from '../receive/span-batch.ts';

/** Up to so many spans a walk over their ids is quicker than a hash; behind it a set. */
const WALKED_MAX = 32;
/** Of an entry in the set, and its text. */
const SET_ENTRY_BYTES = 72;
const HALF_BYTES = 8;

/** Which spans of one trace are there, by the eight bytes of their ids. */
export class SpanIds {
  /** First and second half of each. */
  #halves: number[] = [];
  #set: Set<string> | undefined;

  has(bytes: Uint8Array, at: number): boolean {
    if (this.#set !== undefined) return this.#set.has(latin1Of(bytes, at));
    const first = idWordAt(bytes, at);
    const second = idWordAt(bytes, at + 4);
    const halves = this.#halves;
    for (let index = 0; index < halves.length; index += 2) {
      if (halves[index] === first && halves[index + 1] === second) return true;
    }
    return false;
  }

  /** False where it was there already. */
  add(bytes: Uint8Array, at: number): boolean {
    if (this.has(bytes, at)) return false;
    if (this.#set === undefined) this.#addHalves(bytes, at);
    else this.#set.add(latin1Of(bytes, at));
    return true;
  }

  /** An estimate on the safe side. */
  get bytesHeld(): number {
    return this.#set === undefined ? this.#halves.length * HALF_BYTES * 2 : this.#set.size * SET_ENTRY_BYTES;
  }

  #beginSet(): void {
    const id = Buffer.allocUnsafe(8);
    this.#set = new Set();
    for (let index = 0; index < this.#halves.length; index += 2) {
      id.writeInt32BE(this.#halves[index] ?? 0, 0);
      id.writeInt32BE(this.#halves[index + 1] ?? 0, 4);
      this.#set.add(latin1Of(id, 0));
    }
    this.#halves = [];
  }

  #addHalves(bytes: Uint8Array, at: number): void {
    this.#halves.push(idWordAt(bytes, at), idWordAt(bytes, at + 4));
    if (this.#halves.length > 2 * WALKED_MAX) this.#beginSet();
  }
}

/** Eight Latin-1 characters: a third of the memory of hex. */
function latin1Of(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, 8).toString('latin1');
}
