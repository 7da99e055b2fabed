import { idWordAt } from '../../receive/span-batch.ts';

export const NO_SLOT = -1;

const SLOTS_INITIAL = 512;
const WORDS = 4;

/**
 * Gives each trace id a slot, a small number under which others keep columns about it, and finds the slot again by the bytes of the id:
 * no object and no text for a trace, so that neither its spans' search nor garbage collection costs more where a million traces wait.
 * Open addressing with linear probing, at most half full. It grows with the ids, which its owner bounds, and does not shrink. The seed makes it
 * harder to send ids that collide.
 */
export class IdTable {
  readonly #seed: number;
  /** Four words a slot; of a free slot the first is the next free one. */
  #ids = new Int32Array(SLOTS_INITIAL * WORDS);
  /** Slot by hash, or NO_SLOT. */
  #places = emptyPlaces(SLOTS_INITIAL * 2);
  #firstFree = NO_SLOT;
  /** Slots that were ever used. */
  #used = 0;
  #size = 0;

  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  get size(): number {
    return this.#size;
  }

  /** Slots are below it. */
  get capacity(): number {
    return this.#ids.length / WORDS;
  }

  /** One of the four words of an id, from -2^31. */
  wordAt(slot: number, word: number): number {
    return this.#ids[slot * WORDS + word] as number;
  }

  /** The slot of the id that stands at this place, or NO_SLOT. */
  find(bytes: Uint8Array, at: number): number {
    const a = idWordAt(bytes, at);
    const b = idWordAt(bytes, at + 4);
    const c = idWordAt(bytes, at + 8);
    const d = idWordAt(bytes, at + 12);
    const mask = this.#places.length - 1;
    for (let place = hash(a ^ this.#seed, b, c, d) & mask; ; place = (place + 1) & mask) {
      const slot = this.#places[place] as number;
      if (slot === NO_SLOT) return NO_SLOT;
      const at0 = slot * WORDS;
      const ids = this.#ids;
      if (ids[at0 + 3] === d && ids[at0 + 2] === c && ids[at0 + 1] === b && ids[at0] === a) return slot;
    }
  }

  /** A slot for an id that is not there yet. */
  add(a: number, b: number, c: number, d: number): number {
    const slot = this.#takeSlot();
    this.#ids[slot * WORDS] = a;
    this.#ids[slot * WORDS + 1] = b;
    this.#ids[slot * WORDS + 2] = c;
    this.#ids[slot * WORDS + 3] = d;
    this.#size++;
    this.#place(slot);
    return slot;
  }

  /** The same for the id that stands at this place. */
  addAt(bytes: Uint8Array, at: number): number {
    return this.add(idWordAt(bytes, at), idWordAt(bytes, at + 4), idWordAt(bytes, at + 8), idWordAt(bytes, at + 12));
  }

  /** Those behind it in its run of places move up, so that no search ends at the gap. */
  delete(slot: number): void {
    const places = this.#places;
    const mask = places.length - 1;
    let gap = this.#homeOf(slot);
    while (places[gap] !== slot) gap = (gap + 1) & mask;
    for (let place = (gap + 1) & mask; places[place] !== NO_SLOT; place = (place + 1) & mask) {
      const moved = places[place] as number;
      const wayFromHome = (place - this.#homeOf(moved)) & mask;
      if (wayFromHome < ((place - gap) & mask)) continue;
      places[gap] = moved;
      gap = place;
    }
    places[gap] = NO_SLOT;
    this.#ids[slot * WORDS] = this.#firstFree;
    this.#firstFree = slot;
    this.#size--;
  }

  #takeSlot(): number {
    if (this.#firstFree !== NO_SLOT) {
      const slot = this.#firstFree;
      this.#firstFree = this.wordAt(slot, 0);
      return slot;
    }
    if (this.#used === this.capacity) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    this.#ids = grown(this.#ids, this.#ids.length * 2);
    this.#places = emptyPlaces(this.#places.length * 2);
    // Only where none is free does it grow: all slots so far are of ids.
    for (let slot = 0; slot < this.#used; slot++) this.#place(slot);
  }

  #place(slot: number): void {
    const mask = this.#places.length - 1;
    let place = this.#homeOf(slot);
    while (this.#places[place] !== NO_SLOT) place = (place + 1) & mask;
    this.#places[place] = slot;
  }

  #homeOf(slot: number): number {
    const ids = this.#ids;
    const at = slot * WORDS;
    const a = (ids[at] as number) ^ this.#seed;
    return hash(a, ids[at + 1] as number, ids[at + 2] as number, ids[at + 3] as number) & (this.#places.length - 1);
  }
}

/** The same numbers in a longer array. */
export function grown<Column extends Int32Array | Float64Array>(column: Column, length: number): Column {
  const longer = new (column.constructor as new (length: number) => Column)(length);
  longer.set(column);
  return longer;
}

function emptyPlaces(count: number): Int32Array {
  return new Int32Array(count).fill(NO_SLOT);
}

/** murmur3's round over the four words, and its finish. */
function hash(a: number, b: number, c: number, d: number): number {
  let mixed = mix(mix(mix(mix(0, a), b), c), d);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
}

function mix(hashed: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e_2d51);
  const turned = hashed ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b87_3593);
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe654_6b64) | 0;
}
