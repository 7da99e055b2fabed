import { Column, columnAt, idWordAt } from '../../receive/span-batch.ts';
import type { HeldBatch } from './held-batches.ts';
import { grown } from './id-table.ts';

/** Where an id stands. */
export interface IdPlace {
  bytes: Uint8Array;
  at: number;
}

/** The spans of each trace. */
interface Spans {
  hasSpan: (slot: number, isMatch: (batch: HeldBatch, row: number) => boolean) => boolean;
}

const WORDS = 4;
/** Up to so many spans most ids find their bit free; beyond it a trace has a set of its own. */
const FILTERED_MAX = 48;
/** Of an entry in a set, and its text. */
const SET_ENTRY_BYTES = 72;

/**
 * Which spans of a trace are there. 128 bits a trace, one of them for each id: where the bit is free the span is new, and only where it is taken are
 * the ids of the spans that are there looked at. A list of ids would take more memory than all else of a waiting trace.
 */
export class SpanIdFilter {
  readonly #spans: Spans;
  #bits = new Int32Array(512 * WORDS);
  /** Of large traces, by slot. */
  readonly #sets = new Map<number, Set<string>>();
  #idsInSets = 0;

  constructor(spans: Spans) {
    this.#spans = spans;
  }

  get bytesHeld(): number {
    return this.#idsInSets * SET_ENTRY_BYTES;
  }

  begin(slot: number): void {
    while ((slot + 1) * WORDS > this.#bits.length) this.#bits = grown(this.#bits, this.#bits.length * 2);
    this.#bits.fill(0, slot * WORDS, (slot + 1) * WORDS);
  }

  end(slot: number): void {
    const set = this.#sets.get(slot);
    if (set === undefined) return;
    this.#idsInSets -= set.size;
    this.#sets.delete(slot);
  }

  has(slot: number, id: IdPlace): boolean {
    const set = this.#sets.size === 0 ? undefined : this.#sets.get(slot);
    if (set !== undefined) return set.has(latin1Of(id));
    return this.#isBitTaken(slot, id) && this.#isThere(slot, id);
  }

  /** False where it was there already. Its span is added to the trace, which has `spanCount` so far, by the caller. */
  add(slot: number, spanCount: number, id: IdPlace): boolean {
    if (this.has(slot, id)) return false;
    if (spanCount < FILTERED_MAX) this.#takeBit(slot, id);
    else this.#addToSet(slot, id);
    return true;
  }

  #isBitTaken(slot: number, id: IdPlace): boolean {
    const bit = bitOf(id);
    return ((this.#bits[slot * WORDS + (bit >>> 5)] as number) & (1 << (bit & 31))) !== 0;
  }

  #takeBit(slot: number, id: IdPlace): void {
    const bit = bitOf(id);
    const word = slot * WORDS + (bit >>> 5);
    this.#bits[word] = (this.#bits[word] as number) | (1 << (bit & 31));
  }

  #isThere(slot: number, { bytes, at }: IdPlace): boolean {
    const first = idWordAt(bytes, at);
    const second = idWordAt(bytes, at + 4);
    return this.#spans.hasSpan(slot, (batch, row) => {
      const idAt = columnAt(batch, row, Column.spanIdAt);
      return idWordAt(batch.bytes, idAt) === first && idWordAt(batch.bytes, idAt + 4) === second;
    });
  }

  #addToSet(slot: number, id: IdPlace): void {
    let set = this.#sets.get(slot);
    if (set === undefined) {
      const ids = new Set<string>();
      this.#spans.hasSpan(slot, (batch, row) => {
        ids.add(latin1Of({ bytes: batch.bytes, at: columnAt(batch, row, Column.spanIdAt) }));
        return false;
      });
      this.#idsInSets += ids.size;
      this.#sets.set(slot, ids);
      set = ids;
    }
    set.add(latin1Of(id));
    this.#idsInSets++;
  }
}

/** Ids are random: of those that are not, which differ in a few bits, some of each byte. */
function bitOf({ bytes, at }: IdPlace): number {
  const mixed = Math.imul(idWordAt(bytes, at) ^ Math.imul(idWordAt(bytes, at + 4), 0x9e37_79b1), 0x85eb_ca6b);
  return mixed >>> 25;
}

/** Eight Latin-1 characters: a third of the memory of hex. */
function latin1Of({ bytes, at }: IdPlace): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, 8).toString('latin1');
}
