import { PROBABILITY_MIN } from '@tracelab/protocol';
import { SPAN_SAMPLER_MODES, type ProbabilisticSamplerConfig, type SpanSamplerMode } from './collector-config.ts';
import { configError } from './config-error.ts';
import {
  describe,
  readBoolean,
  readChoice,
  readMapping,
  readNumber,
  readWholeNumber,
  refuseKeys,
  type ConfigNode,
} from './yaml-node.ts';

const KEYS = ['mode', 'sampling_percentage', 'hash_seed', 'fail_closed', 'sampling_precision'] as const;
/** Read upstream, and without a meaning for spans. */
const KEYS_OF_LOGS = ['attribute_source', 'from_attribute', 'sampling_priority'] as const;
const HASH_SEED_MAX = 2 ** 32 - 1;
const PRECISION_DIGITS_MAX = 14;
const PRECISION_DIGITS_DEFAULT = 4;

/** With upstream's defaults and checks (probabilisticsamplerprocessor/config.go and factory.go, 0.158). */
export function parseProbabilisticSampler(node: ConfigNode): ProbabilisticSamplerConfig {
  const keys = readMapping(node, [...KEYS, ...KEYS_OF_LOGS]);
  refuseKeys(keys, KEYS_OF_LOGS, 'is for logs, which are not built yet here: remove it');
  const { hash_seed: seed, fail_closed: closed, sampling_precision: precision } = keys;
  return {
    mode: readMode(keys['mode']),
    samplingPercentage: readPercentage(keys['sampling_percentage']),
    hashSeed: seed === undefined ? 0 : readWholeNumber(seed, 0, HASH_SEED_MAX),
    failsClosed: closed === undefined || readBoolean(closed),
    precisionDigits:
      precision === undefined ? PRECISION_DIGITS_DEFAULT : readWholeNumber(precision, 1, PRECISION_DIGITS_MAX),
  };
}

function readMode(node: ConfigNode | undefined): SpanSamplerMode {
  if (node === undefined || node.value === '') return 'hash_seed';
  return readChoice(node, SPAN_SAMPLER_MODES);
}

/** As a float of 32 bits, which decides about spans near the bound; over 100 is 100. */
function readPercentage(node: ConfigNode | undefined): number {
  if (node === undefined) return 0;
  const percentage = Math.fround(readNumber(node, 0, Number.MAX_VALUE));
  if (percentage > 0 && percentage / 100 < PROBABILITY_MIN)
    throw configError(node.path, `should be 0 or at least 100 / 2^56: was ${describe(node.value)}`);
  return Math.min(percentage, 100);
}
