import { NOT_SAMPLED, SAMPLED } from './sampler.ts';
import type { Sampler } from './sampler.ts';

export const alwaysOnSampler: Sampler = { sample: () => SAMPLED, toString: () => 'AlwaysOnSampler' };

export const alwaysOffSampler: Sampler = { sample: () => NOT_SAMPLED, toString: () => 'AlwaysOffSampler' };
