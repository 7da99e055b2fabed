import { SpanId } from './span-id.ts';
import { TraceId } from './trace-id.ts';

const POOL_WORDS = 2048;

/**
 * Random ids, drawn 8 KiB at a time: a crypto call for each id would cost 2 microseconds, this 10 nanoseconds. Every bit
 * is random, which is what the W3C level 2 random flag promises. An id of zeros only is drawn again.
 */
export class IdPool {
  readonly #words = new Int32Array(POOL_WORDS);
  readonly #fillRandom: (words: Int32Array) => unknown;
  #position = POOL_WORDS;

  constructor(fillRandom: (words: Int32Array) => unknown) {
    this.#fillRandom = fillRandom;
  }

  traceId(): TraceId {
    const w0 = this.#word();
    const w1 = this.#word();
    const w2 = this.#word();
    const w3 = this.#word();
    return (w0 | w1 | w2 | w3) === 0 ? this.traceId() : new TraceId(w0, w1, w2, w3);
  }

  spanId(): SpanId {
    const high = this.#word();
    const low = this.#word();
    return (high | low) === 0 ? this.spanId() : new SpanId(high, low);
  }

  #word(): number {
    if (this.#position === POOL_WORDS) {
      this.#fillRandom(this.#words);
      this.#position = 0;
    }
    return this.#words[this.#position++] ?? 0;
  }
}
