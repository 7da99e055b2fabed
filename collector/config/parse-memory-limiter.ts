import type { GarbagePacing, MemoryLimiterConfig } from './collector-config.ts';
import { configError } from './config-error.ts';
import { readDuration } from './go-duration.ts';
import { describe, readMapping, readWholeNumber, type ConfigNode } from './yaml-node.ts';

const KEYS = [
  'check_interval',
  'limit_mib',
  'spike_limit_mib',
  'limit_percentage',
  'spike_limit_percentage',
  'min_gc_interval_when_soft_limited',
  'min_gc_interval_when_hard_limited',
  'max_gc_interval_when_soft_limited',
  'max_gc_interval_when_hard_limited',
] as const;
type Keys = Readonly<Record<string, ConfigNode>>;

const MEBIBYTES_MAX = 2 ** 32 - 1;
/** What a timer of Node can wait. */
const CHECK_INTERVAL_MS_MAX = 2 ** 31 - 1;

/** With upstream's defaults and its checks (internal/memorylimiter/config.go, 0.158). */
export function parseMemoryLimiter(node: ConfigNode): MemoryLimiterConfig {
  const keys = readMapping(node, KEYS);
  const limits = readLimits(node.path, keys);
  const soft = readPacing(keys, 'soft', { intervalMsMin: 10_000, intervalMsMax: 30_000 });
  const hard = readPacing(keys, 'hard', { intervalMsMin: 0, intervalMsMax: 30_000 });
  for (const [bound, lower, higher] of [
    ['min', hard.intervalMsMin, soft.intervalMsMin],
    ['max', hard.intervalMsMax, soft.intervalMsMax],
  ] as const) {
    if (lower > higher && !(bound === 'max' && higher === 0))
      throw configError(
        `${node.path}.${bound}_gc_interval_when_soft_limited`,
        `should be at least ${bound}_gc_interval_when_hard_limited, ${lower} ms: was ${higher} ms`,
      );
  }
  return { checkIntervalMs: readCheckInterval(node.path, keys), ...limits, collections: { soft, hard } };
}

function readCheckInterval(path: string, { check_interval: node }: Keys): number {
  const ms = readDuration(node, 0);
  if (ms > 0 && ms <= CHECK_INTERVAL_MS_MAX) return ms;
  const was = describe(node?.value);
  throw configError(`${path}.check_interval`, `should be a duration above 0, such as 1s, up to 24 days: was ${was}`);
}

/** MiB win over percentages, as upstream. */
function readLimits(path: string, keys: Keys): Pick<MemoryLimiterConfig, 'unit' | 'limit' | 'spike'> {
  const mebibytes = readLimit(keys, 'mib', MEBIBYTES_MAX);
  const percent = readLimit(keys, 'percentage', 100);
  for (const [unit, { limit, spike }] of [
    ['mib', mebibytes],
    ['percentage', percent],
  ] as const) {
    if (limit > 0 && spike >= limit)
      throw configError(`${path}.spike_limit_${unit}`, `should be below limit_${unit}, ${limit}: was ${spike}`);
  }
  if (mebibytes.limit > 0) return { unit: 'mebibytes', ...mebibytes };
  if (percent.limit > 0) return { unit: 'percent', ...percent };
  throw configError(path, 'should have limit_mib or limit_percentage above 0: has neither');
}

function readLimit(keys: Keys, unit: 'mib' | 'percentage', max: number): { limit: number; spike: number } {
  const read = (node: ConfigNode | undefined): number => (node === undefined ? 0 : readWholeNumber(node, 0, max));
  return { limit: read(keys[`limit_${unit}`]), spike: read(keys[`spike_limit_${unit}`]) };
}

function readPacing(keys: Keys, limit: 'soft' | 'hard', fallback: GarbagePacing): GarbagePacing {
  const max = keys[`max_gc_interval_when_${limit}_limited`];
  const intervalMsMin = readDuration(keys[`min_gc_interval_when_${limit}_limited`], fallback.intervalMsMin);
  const intervalMsMax = readDuration(max, fallback.intervalMsMax);
  if (intervalMsMax > 0 && intervalMsMax < intervalMsMin)
    throw configError(
      max?.path ?? `processors.memory_limiter.max_gc_interval_when_${limit}_limited`,
      `should be 0 or at least min_gc_interval_when_${limit}_limited, ${intervalMsMin} ms: was ${intervalMsMax} ms`,
    );
  return { intervalMsMin, intervalMsMax };
}
