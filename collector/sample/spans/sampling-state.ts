import {
  OT_RANDOMNESS,
  OT_THRESHOLD,
  parseRandomness,
  parseThreshold,
  type Bits56,
  type OtMember,
} from '@tracelab/protocol';
import { readOtMember } from '../probability/span-trace-state.ts';

/** What samplers before us have written into a span's trace state. */
export interface WrittenSampling {
  randomness: Bits56 | undefined;
  threshold: Bits56 | undefined;
}

export interface SamplingState extends WrittenSampling {
  /** OpenTelemetry's entry. */
  ot: OtMember;
}

export const NOTHING_WRITTEN: SamplingState = { ot: new Map(), randomness: undefined, threshold: undefined };

/** Undefined where the list, OpenTelemetry's entry in it, or `rv` or `th` in that cannot be read. */
export function readSamplingState(traceState: string): SamplingState | undefined {
  if (traceState === '') return NOTHING_WRITTEN;
  const ot = readOtMember(traceState);
  if (ot === undefined) return undefined;
  const randomness = parseRandomness(ot.get(OT_RANDOMNESS) ?? '');
  const threshold = parseThreshold(ot.get(OT_THRESHOLD) ?? '');
  const isReadable =
    ot.has(OT_RANDOMNESS) === (randomness !== undefined) && ot.has(OT_THRESHOLD) === (threshold !== undefined);
  return isReadable ? { ot, randomness, threshold } : undefined;
}
