import type { TraceState } from '@opentelemetry/api';
import { TRACE_FLAG_SAMPLED } from '@tracelab/protocol';
import type { TraceId } from '../span/trace-id.ts';
import { alwaysOffSampler, alwaysOnSampler } from './always.ts';
import type { Sampler, SamplingResult } from './sampler.ts';
import { withConsistentThreshold } from './threshold-state.ts';

export interface ParentBasedDelegates {
  root: Sampler;
  /** @default AlwaysOn */
  remoteParentSampled?: Sampler;
  /** @default AlwaysOff */
  remoteParentNotSampled?: Sampler;
  /** @default AlwaysOn */
  localParentSampled?: Sampler;
  /** @default AlwaysOff */
  localParentNotSampled?: Sampler;
}

/** Follows the parent's sampled flag, so that a trace is whole or absent; `root` decides where there is no parent, or one
 * that left the decision to us (B3). */
export function createParentBasedSampler(delegates: ParentBasedDelegates): Sampler {
  const { root } = delegates;
  const remoteParentSampled = delegates.remoteParentSampled ?? alwaysOnSampler;
  const remoteParentNotSampled = delegates.remoteParentNotSampled ?? alwaysOffSampler;
  const localParentSampled = delegates.localParentSampled ?? alwaysOnSampler;
  const localParentNotSampled = delegates.localParentNotSampled ?? alwaysOffSampler;
  const sampleUnderRemote: Sampler['sample'] = (traceId, parent, name, options) => {
    if (parent === undefined || parent.isDeferring === true) return root.sample(traceId, parent, name, options);
    const isSampled = (parent.traceFlags & TRACE_FLAG_SAMPLED) !== 0;
    if (!isSampled) return remoteParentNotSampled.sample(traceId, parent, name, options);
    const decision = remoteParentSampled.sample(traceId, parent, name, options);
    return parent.traceState === undefined ? decision : withCheckedState(decision, traceId, parent.traceState);
  };
  return {
    sample: (traceId, parent, name, options) => {
      if (parent === undefined) return root.sample(traceId, parent, name, options);
      if (parent.isRemote) return sampleUnderRemote(traceId, parent, name, options);
      const isSampled = (parent.traceFlags & TRACE_FLAG_SAMPLED) !== 0;
      return (isSampled ? localParentSampled : localParentNotSampled).sample(traceId, parent, name, options);
    },
    toString: () =>
      `ParentBased{root=${root.toString()}, remoteParentSampled=${remoteParentSampled.toString()}, ` +
      `remoteParentNotSampled=${remoteParentNotSampled.toString()}, localParentSampled=${localParentSampled.toString()}, ` +
      `localParentNotSampled=${localParentNotSampled.toString()}}`,
  };
}

/** A sampled caller's threshold goes on, unless it cannot be what kept the trace (specification: then it is erased). */
function withCheckedState(decision: SamplingResult, traceId: TraceId, state: TraceState): SamplingResult {
  if (decision.traceState !== undefined) return decision;
  const traceState = withConsistentThreshold(traceId, state);
  return traceState === state ? decision : { ...decision, traceState };
}
