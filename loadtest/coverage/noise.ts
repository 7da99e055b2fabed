/**
 * How the CPU of a request strays between two sets of processes that are equal: what a run's intervals have to cope with.
 * Standard deviations, in µs a request.
 */
export interface Noise {
  baselineUs: number;
  /** From start to start: where memory came to lie, what the compiler guessed. One value for a set as long as it lives. */
  restartUs: number;
  /** From round to round: the machine is faster now and slower then, for all sets alike. */
  roundUs: number;
  /** From block to block. */
  blockUs: number;
  /** Of a block: the machine did something else meanwhile. */
  stallChance: number;
  /** What a stall adds on average; exponential. */
  stallUs: number;
}
