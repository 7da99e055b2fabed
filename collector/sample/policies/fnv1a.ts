const WORD = 2 ** 32;
const OFFSET_BASIS_HIGH = 0xcbf2_9ce4;
const OFFSET_BASIS_LOW = 0x8422_2325;
/** The prime is 2^40 + this. */
const PRIME_LOW = 0x1b3;

/**
 * FNV-1a with 64 bits (Fowler, Noll and Vo; draft-eastlake-fnv) in two halves: as one BigInt the hash of a trace id takes two
 * microseconds.
 */
export class Fnv1a {
  /** Unsigned, 32 bits each. */
  high = OFFSET_BASIS_HIGH;
  low = OFFSET_BASIS_LOW;

  copyFrom({ high, low }: Fnv1a): void {
    this.high = high;
    this.low = low;
  }

  addByte(byte: number): void {
    const low = (this.low ^ byte) >>> 0;
    const product = low * PRIME_LOW;
    // 2^40 times the hash moves its low half up by 40 bits: 8 within the high one.
    this.high = (this.high * PRIME_LOW + Math.floor(product / WORD) + ((low << 8) >>> 0)) >>> 0;
    this.low = product >>> 0;
  }

  /** Four bytes, the first the most significant. */
  addWord(word: number): void {
    this.addByte(word >>> 24);
    this.addByte((word >>> 16) & 0xff);
    this.addByte((word >>> 8) & 0xff);
    this.addByte(word & 0xff);
  }
}
