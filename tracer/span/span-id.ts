import { hexFromWords, wordFromHex } from './id-words.ts';

/** The 8 bytes of a span id as two words, shared by the span and by its children, whose parent id it is. */
export class SpanId {
  readonly high: number;
  readonly low: number;
  #hex: string | undefined;

  /** Words, big endian, as signed 32-bit integers. */
  constructor(high: number, low: number) {
    this.high = high;
    this.low = low;
  }

  /** From 16 lower-case hex digits that the caller has checked. */
  static parse(hex: string): SpanId {
    const id = new SpanId(wordFromHex(hex, 0), wordFromHex(hex, 8));
    id.#hex = hex;
    return id;
  }

  /** 16 lower-case digits. */
  get hex(): string {
    return (this.#hex ??= hexFromWords(this.high, this.low));
  }
}
