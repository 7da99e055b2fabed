import { Column, columnAt } from '../../receive/span-batch.ts';
import type { HeldBatch } from './held-batches.ts';
import { grown } from './id-table.ts';

/** The spans of each trace. */
interface Spans {
  /** Whether one of them has this id. */
  hasSpanIdByWalk: (slot: number, high: number, low: number) => boolean;
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

  /** Whether the span with this id, of which these are the halves, is there. */
  has(slot: number, high: number, low: number): boolean {
    const set = this.#sets.size === 0 ? undefined : this.#sets.get(slot);
    if (set !== undefined) return set.has(textOf(high, low));
    const bit = bitOf(high, low);
    const word = this.#bits[slot * WORDS + (bit >>> 5)] as number;
    return (word & (1 << (bit & 31))) !== 0 && this.#spans.hasSpanIdByWalk(slot, high, low);
  }

  /** Of a span that is not there yet, before its caller adds it to the `spanCount` that are. */
  add(slot: number, spanCount: number, high: number, low: number): void {
    if (spanCount >= FILTERED_MAX) {
      this.#addToSet(slot, high, low);
      return;
    }
    const bit = bitOf(high, low);
    const word = slot * WORDS + (bit >>> 5);
    this.#bits[word] = (this.#bits[word] as number) | (1 << (bit & 31));
  }

  #addToSet(slot: number, high: number, low: number): void {
    const set = this.#sets.get(slot) ?? this.#beginSet(slot);
    set.add(textOf(high, low));
    this.#idsInSets++;
  }

  #beginSet(slot: number): Set<string> {
    const set = new Set<string>();
    this.#spans.forEachSpan(slot, (batch, row) =>
      set.add(textOf(columnAt(batch, row, Column.spanIdHigh), columnAt(batch, row, Column.spanIdLow))),
    );
    this.#idsInSets += set.size;
    this.#sets.set(slot, set);
    return set;
  }
}

/** Ids are random; of those that are not, every bit counts. */
function bitOf(high: number, low: number): number {
  return Math.imul(high ^ Math.imul(low, 0x9e37_79b1), 0x85eb_ca6b) >>> 25;
}

/** Four characters of 16 bits: half of the memory of hex. */
function textOf(high: number, low: number): string {
  return String.fromCharCode(high >>> 16, high & 0xffff, low >>> 16, low & 0xffff);
}
