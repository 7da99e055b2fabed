import type { TailSamplingConfig } from './collector-config.ts';
import { configError } from './config-error.ts';
import { parseGoDuration } from './go-duration.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Semantics } from './policy-config.ts';
import { describe, readBoolean, readList, readMapping, readWholeNumber, type ConfigNode } from './yaml-node.ts';

/** contrib's defaults (processor/tailsamplingprocessor): a file means here what it means there. */
const UPSTREAM = { decisionWaitMs: 30_000, decisionWaitAfterRootMs: 0, tracesMax: 50_000 } as const;
const TRACES_MAX = 10_000_000;

const KEYS = [
  'decision_wait',
  'decision_wait_after_root_received',
  'num_traces',
  'sample_on_first_match',
  'policies',
] as const;

export function parseTailSampling(node: ConfigNode, semantics: Semantics): TailSamplingConfig {
  const keys = readMapping(node, KEYS);
  const firstMatch = keys['sample_on_first_match'];
  const policies =
    keys['policies'] === undefined ? [] : readList(keys['policies']).map((item) => parsePolicy(item, semantics));
  if (policies.length === 0) throw configError(`${node.path}.policies`, 'should have at least one policy: was empty');
  const duplicate = policies.find((policy, index) => policies.findIndex(({ name }) => name === policy.name) !== index);
  if (duplicate !== undefined)
    throw configError(`${node.path}.policies`, `should have different names: "${duplicate.name}" is there twice`);
  return {
    decisionWaitMs: readDuration(keys['decision_wait'], UPSTREAM.decisionWaitMs),
    decisionWaitAfterRootMs: readDuration(keys['decision_wait_after_root_received'], UPSTREAM.decisionWaitAfterRootMs),
    tracesMax:
      keys['num_traces'] === undefined ? UPSTREAM.tracesMax : readWholeNumber(keys['num_traces'], 1, TRACES_MAX),
    isFirstMatchEnough: firstMatch === undefined ? false : readBoolean(firstMatch),
    policies,
    semantics,
  };
}

function readDuration(node: ConfigNode | undefined, fallbackMs: number): number {
  if (node === undefined) return fallbackMs;
  const ms = typeof node.value === 'string' || node.value === 0 ? parseGoDuration(String(node.value)) : undefined;
  if (ms === undefined)
    throw configError(node.path, `should be a duration such as 10s or 500ms: was ${describe(node.value)}`);
  return ms;
}
