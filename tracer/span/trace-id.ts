import { hexFromWords, wordFromHex } from './id-words.ts';

/** The 16 bytes of a trace id as four words: one object for each trace in this process, shared by its spans. */
export class TraceId {
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
  #hex: string | undefined;

  /** Words, big endian, as signed 32-bit integers. */
  constructor(w0: number, w1: number, w2: number, w3: number) {
    this.w0 = w0;
    this.w1 = w1;
    this.w2 = w2;
    this.w3 = w3;
  }

  /** From 32 lower-case hex digits that the caller has checked. */
  static parse(hex: string): TraceId {
    const id = new TraceId(wordFromHex(hex, 0), wordFromHex(hex, 8), wordFromHex(hex, 16), wordFromHex(hex, 24));
    id.#hex = hex;
    return id;
  }

  /** 32 lower-case digits. */
  get hex(): string {
    return (this.#hex ??= hexFromWords(this.w0, this.w1) + hexFromWords(this.w2, this.w3));
  }

  /** The upper 24 of the right-most 56 bits, which W3C level 2 calls random (R of the probability sampler). */
  get randomnessHigh(): number {
    return this.w2 & 0xff_ffff;
  }

  /** The lower 32 of those bits, unsigned. */
  get randomnessLow(): number {
    return this.w3 >>> 0;
  }
}
