import { projectRoot } from '@tracelab/command';
import { join } from 'node:path';
import type { LabProcess } from '../processes.ts';

/** What `--sampling` takes: everything is kept; the collector chooses; the services choose first, then the collector. */
export const SAMPLING_MODES = ['all', 'tail', 'hybrid'] as const;
export type SamplingMode = (typeof SAMPLING_MODES)[number];

interface Mode {
  /** The collector's, below the project's root; its own default where there is none. */
  configFile?: string;
  /** Of the services. */
  headRatio?: number;
}

const MODES: Readonly<Record<SamplingMode, Mode>> = {
  all: {},
  tail: { configFile: 'collector/tail.yaml' },
  hybrid: { configFile: 'collector/hybrid.yaml', headRatio: 1 / 16 },
};

/**
 * The variables that bring a process of the lab to the mode. What the user has set for it stays where the mode says nothing. Our tracer says in `ot=th`
 * how many a kept trace stands for; the others know no such sampler.
 */
export function samplingEnvironment(row: LabProcess, mode: SamplingMode, tracer: string): Record<string, string> {
  const { configFile, headRatio } = MODES[mode];
  if (row.name === 'collector')
    return configFile === undefined ? {} : { COLLECTOR_CONFIG: join(projectRoot, configFile) };
  if (!row.isTraced || headRatio === undefined) return {};
  return {
    OTEL_TRACES_SAMPLER: tracer === 'lab' ? 'parentbased_probability' : 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: String(headRatio),
  };
}
