interface Entry {
  name: Uint8Array;
  kind: number;
  index: number;
}

const SLOTS_INITIAL = 16;
const FNV_OFFSET_BASIS = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;

/** Finds the number of a name and kind by the name's bytes, without making a text of them for each span: open addressing, at most half full. Its owner bounds it; nothing is deleted. */
export class OperationTable {
  #slots: (Entry | undefined)[] = Array.from({ length: SLOTS_INITIAL }, () => undefined);
  #size = 0;

  /** Of the name that lies from `start` to `end`. */
  find(bytes: Uint8Array, start: number, end: number, kind: number): number | undefined {
    const mask = this.#slots.length - 1;
    for (let slot = hash(bytes, start, end, kind) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot];
      if (entry === undefined) return undefined;
      if (entry.kind === kind && isEqual(entry.name, bytes, start, end)) return entry.index;
    }
  }

  /** One that is not there yet. */
  add(name: Uint8Array, kind: number, index: number): void {
    if ((this.#size + 1) * 2 > this.#slots.length) this.#grow();
    this.#place({ name, kind, index });
    this.#size++;
  }

  #place(entry: Entry): void {
    const mask = this.#slots.length - 1;
    let slot = hash(entry.name, 0, entry.name.length, entry.kind) & mask;
    while (this.#slots[slot] !== undefined) slot = (slot + 1) & mask;
    this.#slots[slot] = entry;
  }

  #grow(): void {
    const entries = this.#slots;
    this.#slots = Array.from({ length: entries.length * 2 }, () => undefined);
    for (const entry of entries) if (entry !== undefined) this.#place(entry);
  }
}

function isEqual(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let index = 0; index < known.length; index++) if (known[index] !== bytes[start + index]) return false;
  return true;
}

/** FNV-1a with 32 bits. */
function hash(bytes: Uint8Array, start: number, end: number, kind: number): number {
  let hashed = FNV_OFFSET_BASIS ^ kind;
  for (let at = start; at < end; at++) hashed = Math.imul(hashed ^ (bytes[at] as number), FNV_PRIME);
  return hashed ^ (hashed >>> 15);
}
