import { DECISIONS_MAX, type DecisionsMax, type TailSamplingConfig } from './collector-config.ts';
import { configError } from './config-error.ts';
import { readDuration } from './go-duration.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Semantics } from './policy-config.ts';
import { describe, readBoolean, readList, readMapping, readWholeNumber, type ConfigNode } from './yaml-node.ts';

/** contrib's defaults (processor/tailsamplingprocessor): a file means here what it means there. */
const UPSTREAM = { decisionWaitMs: 30_000, decisionWaitAfterRootMs: 0, tracesMax: 50_000 } as const;
const TRACES_MAX = 10_000_000;
const SHARDS_MAX = 256;
/** About half a gigabyte. */
const DECISIONS_REMEMBERED_MAX = 10_000_000;

const KEYS = [
  'decision_wait',
  'decision_wait_after_root_received',
  'num_traces',
  'block_on_overflow',
  'decision_cache',
  'maximum_trace_size_bytes',
  'drop_pending_traces_on_shutdown',
  'sample_on_first_match',
  'policies',
  'sampling_strategy',
  'num_shards',
  'expected_new_traces_per_sec',
  'tail_storage',
] as const;

export function parseTailSampling(node: ConfigNode, semantics: Semantics): TailSamplingConfig {
  const keys = readMapping(node, KEYS);
  checkWhatCannotDiffer(keys);
  const policies =
    keys['policies'] === undefined ? [] : readList(keys['policies']).map((item) => parsePolicy(item, semantics));
  if (policies.length === 0) throw configError(`${node.path}.policies`, 'should have at least one policy: was empty');
  const duplicate = policies.find((policy, index) => policies.findIndex(({ name }) => name === policy.name) !== index);
  if (duplicate !== undefined)
    throw configError(`${node.path}.policies`, `should have different names: "${duplicate.name}" is there twice`);
  const tracesMax =
    keys['num_traces'] === undefined ? UPSTREAM.tracesMax : readWholeNumber(keys['num_traces'], 1, TRACES_MAX);
  return {
    decisionWaitMs: readDuration(keys['decision_wait'], UPSTREAM.decisionWaitMs),
    decisionWaitAfterRootMs: readDuration(keys['decision_wait_after_root_received'], UPSTREAM.decisionWaitAfterRootMs),
    tracesMax,
    blocksOnOverflow: readSwitch(keys['block_on_overflow']),
    traceBytesMax: readTraceSize(keys['maximum_trace_size_bytes']),
    decisionsMax: readDecisionCache(keys['decision_cache'], tracesMax),
    dropsPendingAtEnd: readSwitch(keys['drop_pending_traces_on_shutdown']),
    isFirstMatchEnough: readSwitch(keys['sample_on_first_match']),
    policies,
    semantics,
  };
}

/**
 * A size of 0, the default, does not mean that nothing is remembered: upstream a decided trace keeps its place among the `num_traces`, and
 * its late spans follow the decision until so many others have come (processor.go, releaseSampledTrace, 0.158).
 */
function readDecisionCache(node: ConfigNode | undefined, tracesMax: number): DecisionsMax {
  if (node === undefined) return DECISIONS_MAX;
  const keys = readMapping(node, ['sampled_cache_size', 'non_sampled_cache_size']);
  const read = (size: ConfigNode | undefined): number =>
    (size === undefined ? 0 : readWholeNumber(size, 0, DECISIONS_REMEMBERED_MAX)) || tracesMax;
  return { sampled: read(keys['sampled_cache_size']), notSampled: read(keys['non_sampled_cache_size']) };
}

/** 0 is none, as upstream. */
function readTraceSize(node: ConfigNode | undefined): number | undefined {
  return (node === undefined ? 0 : readWholeNumber(node, 0, Number.MAX_SAFE_INTEGER)) || undefined;
}

/** Keys of which this collector has one value only. */
function checkWhatCannotDiffer(keys: Readonly<Record<string, ConfigNode>>): void {
  const {
    sampling_strategy: strategy,
    num_shards: shards,
    expected_new_traces_per_sec: hint,
    tail_storage: storage,
  } = keys;
  if (strategy !== undefined && strategy.value !== 'trace-complete') {
    const problem = `should be trace-complete: was ${describe(strategy.value)}`;
    throw configError(
      strategy.path,
      strategy.value === 'span-ingest'
        ? `${problem}, which is not built: here a trace is decided once, when its wait is over`
        : problem,
    );
  }
  if (shards !== undefined && readWholeNumber(shards, 1, SHARDS_MAX) > 1)
    throw configError(
      shards.path,
      `should be 1: was ${describe(shards.value)}; remove it and start with --samplers ${describe(shards.value)}`,
    );
  // How large upstream makes its maps at first; ours grow with the traces.
  if (hint !== undefined) readWholeNumber(hint, 0, Number.MAX_SAFE_INTEGER);
  if (storage !== undefined)
    throw configError(
      storage.path,
      'is not built: here undecided traces wait in memory, and --wal keeps them over a crash; remove it',
    );
}

/** Off, unless it says otherwise. */
function readSwitch(node: ConfigNode | undefined): boolean {
  return node !== undefined && readBoolean(node);
}
