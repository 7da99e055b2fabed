import type { Noise } from './noise.ts';

/**
 * Of the bare hop on a 2-core VM (AMD EPYC, Node 24.21, 28 November 2026), as `bench:coverage -- --fit .tracelab/hop` printed it
 * for four saved runs: what the simulation takes where no runs of this machine are given.
 */
export const FITTED_NOISE: Noise = {
  baselineUs: 268.2,
  restartUs: 11.7,
  roundUs: 26.7,
  blockUs: 27.4,
  stallChance: 0.0188,
  stallUs: 165.4,
};
