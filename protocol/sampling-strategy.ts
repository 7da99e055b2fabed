import { isRecord } from './json-record.ts';
import type { JsonRecord } from './json-record.ts';
import { accept, refuse } from './result.ts';
import type { Result } from './result.ts';

/** What a server of Jaeger's sampling protocol wants a service to do: the non-null field of its reply. */
export type SamplingStrategy =
  | { kind: 'probabilistic'; samplingRate: number }
  | { kind: 'rateLimiting'; tracesPerSecond: number }
  | {
      kind: 'perOperation';
      /** Of operations that are not listed. */
      defaultRate: number;
      /** Each operation of each process is kept at least this often. */
      lowerBoundTracesPerSecond: number;
      rateByOperation: ReadonlyMap<string, number>;
    };

/** As many as Jaeger's own clients keep. */
export const SAMPLING_OPERATIONS_MAX = 2000;
export const SAMPLING_RATE_PER_SECOND_MAX = 1_000_000_000;
const NOTHING: JsonRecord = {};

/**
 * Reads the reply of `GET /sampling?service=NAME`, a union (jaeger, idl sampling.proto):
 *
 *     {"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.1}}
 *     {"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":42}}
 *     {"operationSampling":{"defaultSamplingProbability":0.001,"defaultLowerBoundTracesPerSecond":0.016,
 *       "perOperationStrategies":[{"operation":"GET /x","probabilisticSampling":{"samplingRate":0.5}}]}}
 *
 * `operationSampling` comes first where others stand beside it; strategyType adds nothing. A part that is wrong makes the
 * whole reply wrong: half a strategy would be nobody's.
 */
export function readSamplingStrategy(reply: unknown): Result<SamplingStrategy> {
  if (!isRecord(reply)) return refuse('the reply should be an object');
  const { operationSampling, probabilisticSampling, rateLimitingSampling } = reply;
  if (isRecord(operationSampling)) return readPerOperation(operationSampling);
  if (isRecord(probabilisticSampling)) {
    const samplingRate = readRate(probabilisticSampling['samplingRate']);
    return samplingRate === undefined
      ? refuse('probabilisticSampling.samplingRate should be from 0 to 1')
      : accept({ kind: 'probabilistic', samplingRate });
  }
  if (!isRecord(rateLimitingSampling))
    return refuse('the reply should have operationSampling, probabilisticSampling or rateLimitingSampling');
  const tracesPerSecond = readWithin(rateLimitingSampling['maxTracesPerSecond'], SAMPLING_RATE_PER_SECOND_MAX);
  return tracesPerSecond === undefined
    ? refuse('rateLimitingSampling.maxTracesPerSecond should be 0 or more')
    : accept({ kind: 'rateLimiting', tracesPerSecond });
}

function readPerOperation(given: JsonRecord): Result<SamplingStrategy> {
  const defaultRate = readRate(given['defaultSamplingProbability']);
  if (defaultRate === undefined) return refuse('defaultSamplingProbability should be from 0 to 1');
  const lowerBoundTracesPerSecond = readWithin(
    given['defaultLowerBoundTracesPerSecond'] ?? 0,
    SAMPLING_RATE_PER_SECOND_MAX,
  );
  if (lowerBoundTracesPerSecond === undefined) return refuse('defaultLowerBoundTracesPerSecond should be 0 or more');
  const rateByOperation = readOperations(given['perOperationStrategies'] ?? []);
  return rateByOperation.ok
    ? accept({ kind: 'perOperation', defaultRate, lowerBoundTracesPerSecond, rateByOperation: rateByOperation.value })
    : rateByOperation;
}

function readOperations(listed: unknown): Result<Map<string, number>> {
  if (!Array.isArray(listed) || listed.length > SAMPLING_OPERATIONS_MAX)
    return refuse(`perOperationStrategies should be a list of at most ${SAMPLING_OPERATIONS_MAX}`);
  const rateByOperation = new Map<string, number>();
  for (const entry of listed as readonly unknown[]) {
    const { operation, probabilisticSampling: sampling } = isRecord(entry) ? entry : NOTHING;
    const rate = isRecord(sampling) ? readRate(sampling['samplingRate']) : undefined;
    if (rate === undefined || typeof operation !== 'string')
      return refuse('perOperationStrategies should each have an operation and a samplingRate from 0 to 1');
    rateByOperation.set(operation, rate);
  }
  return accept(rateByOperation);
}

function readRate(value: unknown): number | undefined {
  return readWithin(value, 1);
}

function readWithin(value: unknown, max: number): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= max ? value : undefined;
}
