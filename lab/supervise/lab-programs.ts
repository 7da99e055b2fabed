import { join } from 'node:path';
import { launchProgram, tracerArguments } from '@tracelab/command';
import type { TracerName } from '@tracelab/command';
import { PORTS, portFor } from '@tracelab/protocol';
import { environmentOf, PROCESSES } from '../processes.ts';
import type { LabProcess } from '../processes.ts';
import type { WantedPort } from './free-port-check.ts';
import type { KeptProgram } from './keep-alive.ts';
import { samplingEnvironment, type SamplingMode } from './sampling-mode.ts';

export interface LabPlan {
  tracer: TracerName;
  hasLoad: boolean;
  sampling: SamplingMode;
  /** Absolute. */
  dataFolder: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/** A young generation of 1 MiB costs an idle service nothing and saves 6 MB a process: docs/decisions/003. */
const SMALL_HEAP = '--max-semi-space-size=1';

const STAGES: readonly LabProcess['stage'][] = ['collect', 'shop', 'load'];

/** What the supervisor runs as children, stage by stage: the whole table but the control, which it serves itself. */
export function programsOf(plan: LabPlan): KeptProgram[][] {
  return STAGES.map((stage) =>
    planned(plan)
      .filter((row) => row.stage === stage)
      .map((row) => ({ name: row.name, launch: () => launch(row, plan) })),
  );
}

/** Every port that the lab will listen on, the control's included. */
export function portsOf(plan: LabPlan): WantedPort[] {
  return planned(plan)
    .flatMap((row) => row.ports)
    .map((name) => ({ port: portFor(name, plan.environment), variable: PORTS[name].variable, what: PORTS[name].what }));
}

function planned(plan: LabPlan): LabProcess[] {
  return PROCESSES.filter((row) => plan.hasLoad || row.stage !== 'load');
}

function launch(row: LabProcess, plan: LabPlan): ReturnType<typeof launchProgram> {
  return launchProgram({
    name: row.name,
    file: row.file,
    args: row.args,
    nodeArgs: [SMALL_HEAP, ...(row.isTraced ? tracerArguments(plan.tracer) : [])],
    env: childEnvironment(row, plan),
    logFile: logFileOf(plan, row.name),
  });
}

/**
 * The variables of a child beside those that it inherits. The more special address, which a user may have set for an
 * application of theirs, would win over ours and send the lab's spans to a stranger: empty means not set.
 */
export function childEnvironment(row: LabProcess, plan: LabPlan): Record<string, string> {
  const own = {
    ...environmentOf(row, plan.environment),
    ...samplingEnvironment(row, plan.sampling, plan.tracer),
    LAB_DATA_DIR: plan.dataFolder,
  };
  return row.isTraced ? { ...own, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '' } : own;
}

export function logFolderOf(plan: Pick<LabPlan, 'dataFolder'>): string {
  return join(plan.dataFolder, 'logs');
}

function logFileOf(plan: LabPlan, name: string): string {
  return join(logFolderOf(plan), `${name}.log`);
}
