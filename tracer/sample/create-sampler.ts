import { SAMPLER_NAMES } from '@tracelab/protocol';
import type { SamplerName, SamplerSetting } from '@tracelab/protocol';
import { alwaysOffSampler, alwaysOnSampler } from './always.ts';
import { createParentBasedSampler } from './parent-based.ts';
import type { Sampler } from './sampler.ts';
import { createTraceIdRatioSampler } from './trace-id-ratio.ts';

const SAMPLERS: Record<SamplerName, (ratio: number) => Sampler> = {
  always_on: () => alwaysOnSampler,
  always_off: () => alwaysOffSampler,
  traceidratio: createTraceIdRatioSampler,
  parentbased_always_on: () => createParentBasedSampler({ root: alwaysOnSampler }),
  parentbased_always_off: () => createParentBasedSampler({ root: alwaysOffSampler }),
  parentbased_traceidratio: (ratio) => createParentBasedSampler({ root: createTraceIdRatioSampler(ratio) }),
};

/** Throws a RangeError that names the allowed samplers, or the allowed ratios. No ratio means 1, as the specification says. */
export function createSampler(setting: SamplerSetting): Sampler {
  if (!Object.hasOwn(SAMPLERS, setting.sampler)) {
    throw new RangeError(`the sampler should be one of ${SAMPLER_NAMES.join(', ')}: was "${setting.sampler}"`);
  }
  return SAMPLERS[setting.sampler](setting.arg ?? 1);
}
