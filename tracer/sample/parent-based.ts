import { TRACE_FLAG_SAMPLED } from '@tracelab/protocol';
import { alwaysOffSampler, alwaysOnSampler } from './always.ts';
import type { Sampler } from './sampler.ts';

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

/** Follows the parent's sampled flag, so that a trace is whole or absent; `root` decides where there is no parent. */
export function createParentBasedSampler(delegates: ParentBasedDelegates): Sampler {
  const { root } = delegates;
  const remoteParentSampled = delegates.remoteParentSampled ?? alwaysOnSampler;
  const remoteParentNotSampled = delegates.remoteParentNotSampled ?? alwaysOffSampler;
  const localParentSampled = delegates.localParentSampled ?? alwaysOnSampler;
  const localParentNotSampled = delegates.localParentNotSampled ?? alwaysOffSampler;
  return {
    sample: (traceId, parent, name, options) => {
      if (parent === undefined) return root.sample(traceId, parent, name, options);
      const isSampled = (parent.traceFlags & TRACE_FLAG_SAMPLED) !== 0;
      const local = isSampled ? localParentSampled : localParentNotSampled;
      const remote = isSampled ? remoteParentSampled : remoteParentNotSampled;
      return (parent.isRemote ? remote : local).sample(traceId, parent, name, options);
    },
    toString: () =>
      `ParentBased{root=${root.toString()}, remoteParentSampled=${remoteParentSampled.toString()}, ` +
      `remoteParentNotSampled=${remoteParentNotSampled.toString()}, localParentSampled=${localParentSampled.toString()}, ` +
      `localParentNotSampled=${localParentNotSampled.toString()}}`,
  };
}
