import { hexFromWords, wordFromHex } from './id-words.ts';

/** The 8 bytes of a span id, shared by the span and by its children, whose parent id it is. Like TraceId, in two writings. */
export class SpanId {
  #high: number;
  #low: number;
  #hasWords = true;
  #hex: string | undefined;

  /** Words, big endian, as signed 32-bit integers. */
  constructor(high: number, low: number) {
    this.#high = high;
    this.#low = low;
  }

  /** From 16 lower-case hex digits that the caller has checked. */
  static parse(hex: string): SpanId {
    const id = new SpanId(0, 0);
    id.#hex = hex;
    id.#hasWords = false;
    return id;
  }

  /** 16 lower-case digits. */
  get hex(): string {
    return (this.#hex ??= hexFromWords(this.#high, this.#low));
  }

  /** The 8 bytes, from an offset on. */
  writeTo(view: DataView, at: number): void {
    if (!this.#hasWords) {
      this.#high = wordFromHex(this.hex, 0);
      this.#low = wordFromHex(this.hex, 8);
      this.#hasWords = true;
    }
    view.setInt32(at, this.#high);
    view.setInt32(at + 4, this.#low);
  }
}
