import type { BatchConfig } from './collector-config.ts';
import { configError } from './config-error.ts';
import { readDuration } from './go-duration.ts';
import { readMapping, readWholeNumber, refuseKeys, type ConfigNode } from './yaml-node.ts';

/** batchprocessor's, 0.158. */
const UPSTREAM = { timeoutMs: 200, spansMin: 8192, spansMax: 0 } as const;
const KEYS = [
  'timeout',
  'send_batch_size',
  'send_batch_max_size',
  'metadata_keys',
  'metadata_cardinality_limit',
] as const;
const SPANS_MAX = 2 ** 32 - 1;

/** What goes to the store together, with upstream's defaults and checks (batchprocessor/config.go, 0.158). */
export function parseBatch(node: ConfigNode): BatchConfig {
  const keys = readMapping(node, KEYS);
  refuseKeys(
    keys,
    ['metadata_keys', 'metadata_cardinality_limit'],
    'is not possible here: what senders say beside their spans does not reach the store; remove it',
  );
  const { send_batch_size: size, send_batch_max_size: max } = keys;
  const spansMin = size === undefined ? UPSTREAM.spansMin : readWholeNumber(size, 0, SPANS_MAX);
  const spansMax = max === undefined ? UPSTREAM.spansMax : readWholeNumber(max, 0, SPANS_MAX);
  if (max !== undefined && spansMax > 0 && spansMax < spansMin)
    throw configError(max.path, `should be 0 or at least send_batch_size, ${spansMin}: was ${spansMax}`);
  return { timeoutMs: readDuration(keys['timeout'], UPSTREAM.timeoutMs), spansMin, spansMax };
}
