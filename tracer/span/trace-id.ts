import { hexFromWords, wordFromHex } from './id-words.ts';

/**
 * The 16 bytes of a trace id: one object for each trace in this process, shared by its spans. Made from random words or
 * from a header's digits; the other writing is made when first asked for, which for most traces is never.
 */
export class TraceId {
  #w0: number;
  #w1: number;
  #w2: number;
  #w3: number;
  #hasWords = true;
  #hex: string | undefined;

  /** Words, big endian, as signed 32-bit integers. */
  constructor(w0: number, w1: number, w2: number, w3: number) {
    this.#w0 = w0;
    this.#w1 = w1;
    this.#w2 = w2;
    this.#w3 = w3;
  }

  /** From 32 lower-case hex digits that the caller has checked. */
  static parse(hex: string): TraceId {
    const id = new TraceId(0, 0, 0, 0);
    id.#hex = hex;
    id.#hasWords = false;
    return id;
  }

  /** 32 lower-case digits. */
  get hex(): string {
    return (this.#hex ??= hexFromWords(this.#w0, this.#w1) + hexFromWords(this.#w2, this.#w3));
  }

  /** The upper 24 of the right-most 56 bits, which W3C level 2 calls random (R of the probability sampler). */
  get randomnessHigh(): number {
    this.#readWords();
    return this.#w2 & 0xff_ffff;
  }

  /** The lower 32 of those bits, unsigned. */
  get randomnessLow(): number {
    this.#readWords();
    return this.#w3 >>> 0;
  }

  /** R >= T, with T cut in the same way; its lower part may be a fraction. */
  isRandomnessAtLeast(high: number, low: number): boolean {
    const own = this.randomnessHigh;
    return own === high ? this.randomnessLow >= low : own > high;
  }

  /** The 16 bytes, from an offset on. */
  writeTo(view: DataView, at: number): void {
    this.#readWords();
    view.setInt32(at, this.#w0);
    view.setInt32(at + 4, this.#w1);
    view.setInt32(at + 8, this.#w2);
    view.setInt32(at + 12, this.#w3);
  }

  #readWords(): void {
    if (this.#hasWords) return;
    const { hex } = this;
    this.#w0 = wordFromHex(hex, 0);
    this.#w1 = wordFromHex(hex, 8);
    this.#w2 = wordFromHex(hex, 16);
    this.#w3 = wordFromHex(hex, 24);
    this.#hasWords = true;
  }
}
