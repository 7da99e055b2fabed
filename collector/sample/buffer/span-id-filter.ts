import { Column, columnAt, idWordAt } from '../../receive/span-batch.ts';
import type { HeldBatch } from './held-batches.ts';
import { grown } from './id-table.ts';

/** The spans of each trace. */
interface Spans {
  /** Whether one has this id, given as its two halves. */
  hasSpanIdWords: (slot: number, first: number, second: number) => boolean;
  forEachSpan: (slot: number, look: (batch: HeldBatch, row: number) => void) => void;
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

  /** Whether the span whose id stands at this place is there. */
  has(slot: number, bytes: Uint8Array, at: number): boolean {
    const set = this.#sets.size === 0 ? undefined : this.#sets.get(slot);
    if (set !== undefined) return set.has(latin1At(bytes, at));
    const first = idWordAt(bytes, at);
    const second = idWordAt(bytes, at + 4);
    const bit = bitOf(first, second);
    const word = this.#bits[slot * WORDS + (bit >>> 5)] as number;
    return (word & (1 << (bit & 31))) !== 0 && this.#spans.hasSpanIdWords(slot, first, second);
  }

  /** Of a span that is not there yet, before its caller adds it to the `spanCount` that are. */
  add(slot: number, spanCount: number, bytes: Uint8Array, at: number): void {
    if (spanCount >= FILTERED_MAX) {
      this.#addToSet(slot, bytes, at);
      return;
    }
    const bit = bitOf(idWordAt(bytes, at), idWordAt(bytes, at + 4));
    const word = slot * WORDS + (bit >>> 5);
    this.#bits[word] = (this.#bits[word] as number) | (1 << (bit & 31));
  }

  #addToSet(slot: number, bytes: Uint8Array, at: number): void {
    const set = this.#sets.get(slot) ?? this.#beginSet(slot);
    set.add(latin1At(bytes, at));
    this.#idsInSets++;
  }

  #beginSet(slot: number): Set<string> {
    const set = new Set<string>();
    this.#spans.forEachSpan(slot, (batch, row) =>
      set.add(latin1At(batch.bytes, columnAt(batch, row, Column.spanIdAt))),
    );
    this.#idsInSets += set.size;
    this.#sets.set(slot, set);
    return set;
  }
}

/** Ids are random; of those that are not, every bit counts. */
function bitOf(first: number, second: number): number {
  return Math.imul(first ^ Math.imul(second, 0x9e37_79b1), 0x85eb_ca6b) >>> 25;
}

/** Eight Latin-1 characters: a third of the memory of hex. */
function latin1At(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, 8).toString('latin1');
}
