import { diag } from '@opentelemetry/api';
import type { TraceState } from '@opentelemetry/api';
import {
  OT_KEY,
  OT_RANDOMNESS,
  OT_THRESHOLD,
  formatOtMember,
  isAtLeast,
  parseOtMember,
  parseRandomness,
  parseThreshold,
} from '@tracelab/protocol';
import type { Bits56, OtMember } from '@tracelab/protocol';
import type { TraceId } from '../span/trace-id.ts';

const NOTHING: OtMember = new Map();

/** R: the explicit randomness that travels with the trace, else the right-most 56 bits of its id. */
export function randomnessOf(traceId: TraceId, state: TraceState): Bits56 {
  const explicit = parseRandomness(otOf(state).get(OT_RANDOMNESS) ?? '');
  return explicit ?? { high: traceId.randomnessHigh, low: traceId.randomnessLow };
}

/** The state with `th` replaced; rv, sub-keys that we do not know and the members of others stay as they are. */
export function withThreshold(state: TraceState, threshold: string): TraceState {
  return changed(state, new Map([...otOf(state), [OT_THRESHOLD, threshold]]));
}

/** What a decision of unknown probability passes on. The same object where there was no threshold. */
export function withoutThreshold(state: TraceState): TraceState {
  const ot = otOf(state);
  return ot.has(OT_THRESHOLD) ? changed(state, new Map([...ot].filter(([key]) => key !== OT_THRESHOLD))) : state;
}

/** For a sampled parent: R < T shows that it was not this threshold that kept the trace. The same object where all is well. */
export function withConsistentThreshold(traceId: TraceId, state: TraceState): TraceState {
  const text = otOf(state).get(OT_THRESHOLD);
  if (text === undefined) return state;
  const threshold = parseThreshold(text);
  const isConsistent = threshold !== undefined && isAtLeast(randomnessOf(traceId, state), threshold);
  return isConsistent ? state : withoutThreshold(state);
}

/** A member that cannot be read says nothing, and is replaced by the next threshold. */
function otOf(state: TraceState): OtMember {
  return parseOtMember(state.get(OT_KEY) ?? '') ?? NOTHING;
}

function changed(state: TraceState, ot: OtMember): TraceState {
  const text = formatOtMember(ot);
  if (text === undefined) {
    // Specification: then the change is given up and reported. The probability is unknown to the next one.
    diag.debug('the ot member of a tracestate is full, so that its sampling threshold is left out');
    return withoutThreshold(state);
  }
  return text === '' ? state.unset(OT_KEY) : state.set(OT_KEY, text);
}
