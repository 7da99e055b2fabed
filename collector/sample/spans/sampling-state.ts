import {
  isAtLeast,
  OT_KEY,
  OT_RANDOMNESS,
  OT_THRESHOLD,
  parseOtMember,
  parseRandomness,
  parseThreshold,
  parseTracestate,
  type Bits56,
  type OtMember,
} from '@tracelab/protocol';

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
  const members = parseTracestate(traceState);
  if (members === undefined) return undefined;
  const text = members.find(({ key }) => key === OT_KEY)?.value;
  if (text === undefined) return NOTHING_WRITTEN;
  const ot = parseOtMember(text);
  if (ot === undefined) return undefined;
  const randomness = readIfThere(ot.get(OT_RANDOMNESS), parseRandomness);
  const threshold = readIfThere(ot.get(OT_THRESHOLD), parseThreshold);
  return randomness === UNREADABLE || threshold === UNREADABLE ? undefined : { ot, randomness, threshold };
}

const UNREADABLE = Symbol('unreadable');

function readIfThere(
  text: string | undefined,
  parse: (text: string) => Bits56 | undefined,
): Bits56 | undefined | typeof UNREADABLE {
  return text === undefined ? undefined : (parse(text) ?? UNREADABLE);
}

/** Whether a span can have come where it says that it has come from. */
export function hasPassed(randomness: Bits56, { threshold }: WrittenSampling): boolean {
  return threshold === undefined || isAtLeast(randomness, threshold);
}
