import { idWordAt } from '../receive/span-batch.ts';

/** The 16 bytes of a trace id as four whole numbers. */
export interface TraceIdWords {
  readonly idA: number;
  readonly idB: number;
  readonly idC: number;
  readonly idD: number;
}

const SLOTS_INITIAL = 1024;

/**
 * Finds what is gathered of a trace by the bytes of its id, without making a string of them for each span: open addressing with linear
 * probing, at most half full. It grows with the traces, which its owner bounds, and does not shrink. The seed makes it harder
 * to send ids that collide.
 */
export class TraceTable<Trace extends TraceIdWords> {
  readonly #seed: number;
  #slots: (Trace | undefined)[] = emptySlots(SLOTS_INITIAL);
  #size = 0;

  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  get size(): number {
    return this.#size;
  }

  /** The trace whose id stands at this place. */
  find(bytes: Uint8Array, at: number): Trace | undefined {
    const a = idWordAt(bytes, at);
    const b = idWordAt(bytes, at + 4);
    const c = idWordAt(bytes, at + 8);
    const d = idWordAt(bytes, at + 12);
    const mask = this.#slots.length - 1;
    for (let slot = hash(a ^ this.#seed, b, c, d) & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot];
      if (found === undefined) return undefined;
      if (found.idD === d && found.idC === c && found.idB === b && found.idA === a) return found;
    }
  }

  /** One whose id is not there yet. */
  add(trace: Trace): void {
    if ((this.#size + 1) * 2 > this.#slots.length) this.#grow();
    this.#place(trace);
    this.#size++;
  }

  /** Those behind it in its run move up, so that no search ends at the gap. */
  delete(trace: Trace): boolean {
    const mask = this.#slots.length - 1;
    let gap = this.#homeOf(trace);
    while (this.#slots[gap] !== trace) {
      if (this.#slots[gap] === undefined) return false;
      gap = (gap + 1) & mask;
    }
    for (let slot = (gap + 1) & mask; ; slot = (slot + 1) & mask) {
      const next = this.#slots[slot];
      if (next === undefined) break;
      const wayFromHome = (slot - this.#homeOf(next)) & mask;
      if (wayFromHome < ((slot - gap) & mask)) continue;
      this.#slots[gap] = next;
      gap = slot;
    }
    this.#slots[gap] = undefined;
    this.#size--;
    return true;
  }

  #place(trace: Trace): void {
    const mask = this.#slots.length - 1;
    let slot = this.#homeOf(trace);
    while (this.#slots[slot] !== undefined) slot = (slot + 1) & mask;
    this.#slots[slot] = trace;
  }

  #homeOf({ idA, idB, idC, idD }: Trace): number {
    return hash(idA ^ this.#seed, idB, idC, idD) & (this.#slots.length - 1);
  }

  #grow(): void {
    const traces = this.#slots;
    this.#slots = emptySlots(traces.length * 2);
    for (const trace of traces) if (trace !== undefined) this.#place(trace);
  }
}

function emptySlots<Trace>(count: number): (Trace | undefined)[] {
  return Array.from({ length: count }, () => undefined);
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
