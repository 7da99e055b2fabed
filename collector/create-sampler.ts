import { randomInt } from 'node:crypto';
import type { TailSamplingConfig } from './config/collector-config.ts';
import { DecisionRecorder } from './explain/decision-recorder.ts';
import type { DecisionLog } from './explain/explain.ts';
import type { ArrayPool } from './receive/array-pool.ts';
import type { DecidedTraceSink } from './sample/decided-trace.ts';
import { OperationIndex } from './sample/operation-index.ts';
import { Ballot } from './sample/policies/ballot.ts';
import { decideBy } from './sample/policies/decide-by.ts';
import { TailSampler } from './sample/tail-sampler.ts';
import { DecisionLag } from './tap/decision-lag.ts';
import { Population } from './tap/population.ts';
import type { TapReadings } from './tap/tap-readings.ts';

/** What a sampler decides by: data alone, so that it can be posted to a worker thread. */
export interface SamplerPlan {
  config: TailSamplingConfig;
  /** Of its policies, as the policy book has it. */
  configHash: string;
  pendingBytesMax: number;
}

export interface SamplerPeers {
  sink: DecidedTraceSink;
  log: Pick<DecisionLog, 'record'>;
  arrays: ArrayPool;
  /** Monotonic. */
  nowMs: () => number;
}

/** A sampler with its policies and all that sees its decisions. */
export function createSampler(
  { config, configHash, pendingBytesMax }: SamplerPlan,
  { sink, log, arrays, nowMs }: SamplerPeers,
): { sampler: TailSampler; readTaps: () => TapReadings } {
  const ballot = new Ballot();
  const operations = new OperationIndex();
  const population = new Population(operations);
  const lag = new DecisionLag();
  const recorder = new DecisionRecorder({ log, configHash, ballot, nowUnixMs: Date.now });
  const sampler = new TailSampler(
    {
      decide: decideBy(config, { ballot, sink, nowMs }),
      decisionWaitMs: config.decisionWaitMs,
      decisionWaitAfterRootMs: config.decisionWaitAfterRootMs,
      pendingTracesMax: config.tracesMax,
      pendingBytesMax,
      blocksOnOverflow: config.blocksOnOverflow,
      dropsPendingAtEnd: config.dropsPendingAtEnd,
      decisionsMax: config.decisionsMax,
      ...(config.traceBytesMax === undefined ? {} : { traceBytesMax: config.traceBytesMax }),
    },
    { sink, taps: [recorder, population, lag], operations, arrays, nowMs, tableSeed: randomInt(2 ** 32) },
  );
  return { sampler, readTaps: () => ({ operations: population.stats(), lag }) };
}
