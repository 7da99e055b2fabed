import { launchProgram, tracerArguments, type LaunchedProgram, type TracerName } from '@tracelab/command';
import type { SamplerSetting, ServiceUsage } from '@tracelab/protocol';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestJson } from '../request-json.ts';
import type { ProgramPlan } from './program-plan.ts';

/** Where a set delivers its spans and keeps its files, and how long its tracers batch. */
export interface SetSurroundings {
  sinkUrl: string;
  dataFolder: string;
  exportDelayMs: number;
}

/** One set's processes, summed. */
export interface SetUsage {
  cpuUs: number;
  spansDropped: number;
}

/** What copies of our own services tell besides. */
interface CopiesUsage extends SetUsage {
  residentBytes: number;
  spansUndelivered: number;
}

/** The processes of one set, alive together on ports of their own. */
export interface ProcessSet {
  readonly entryUrl: string;
  /** Whether the sampler of its tracer can be set. */
  readonly isSwitchable: boolean;
  usage: () => Promise<SetUsage>;
  setRatio: (ratio: number) => Promise<void>;
  /** What each request burns on purpose from now on. */
  setBurn: (us: number) => Promise<void>;
  /** Waits until the tracers have delivered what they sampled; gives up after a time limit, which shows as traces lost. */
  untilDelivered: () => Promise<void>;
  stop: () => Promise<void>;
}

export interface Copies extends ProcessSet {
  usage: () => Promise<CopiesUsage>;
}

const DELIVERY_LIMIT_MS = 3000;
const DELIVERY_LOOK_MS = 25;

/**
 * Starts all programs of a plan at once, the first of them the entry; where one fails, those already started are stopped
 * and its last lines are in the error.
 */
export async function startCopies(plan: readonly ProgramPlan[], at: SetSurroundings): Promise<Copies> {
  const programs = plan.map((program) => launch(program, at));
  const stop = async (): Promise<void> => {
    await Promise.all(programs.map((program) => program.stop()));
  };
  try {
    await Promise.all(programs.map((program) => program.ready));
  } catch (error) {
    await stop();
    throw error;
  }
  return createSet(plan, { exportDelayMs: at.exportDelayMs, stop });
}

function createSet(
  plan: readonly ProgramPlan[],
  { exportDelayMs, stop }: { exportDelayMs: number; stop: () => Promise<void> },
): Copies {
  const traced = plan.filter(({ tracer }) => isSwitchable(tracer));
  const usage = async (): Promise<CopiesUsage> => sumUsage(await Promise.all(plan.map(readUsageOf)));
  return {
    entryUrl: plan[0]?.url ?? '',
    isSwitchable: traced.length > 0,
    usage,
    setRatio: async (ratio) => {
      const setting: SamplerSetting = { sampler: 'parentbased_traceidratio', arg: ratio };
      await Promise.all(traced.map((program) => requestJson('PUT', `${program.url}/_lab/tracing`, setting)));
    },
    setBurn: async (us) => {
      await requestJson('PUT', `${plan[0]?.url}/_lab/burn`, { us });
    },
    untilDelivered: async () => {
      if ((await usage()).spansUndelivered === 0) return;
      // Nothing is sent before: each look costs the set a request, which is CPU that the block would pay for.
      await sleep(exportDelayMs);
      const deadlineMs = performance.now() + DELIVERY_LIMIT_MS;
      while ((await usage()).spansUndelivered > 0 && performance.now() < deadlineMs) await sleep(DELIVERY_LOOK_MS);
    },
    stop,
  };
}

function isSwitchable(tracer: TracerName): boolean {
  return tracer === 'lab' || tracer === 'otel';
}

function launch(program: ProgramPlan, at: SetSurroundings): LaunchedProgram {
  return launchProgram({
    name: program.name,
    file: program.file,
    nodeArgs: tracerArguments(program.tracer),
    env: {
      ...NEUTRAL_ENVIRONMENT,
      ...program.env,
      LAB_DATA_DIR: at.dataFolder,
      OTEL_SERVICE_NAME: program.name,
      OTEL_EXPORTER_OTLP_ENDPOINT: at.sinkUrl,
      OTEL_BSP_SCHEDULE_DELAY: String(at.exportDelayMs),
    },
  });
}

/** What the caller's shell may have set must not leak into the copies. Empty means unset to every process of ours. */
export const NEUTRAL_ENVIRONMENT: Readonly<Record<string, string>> = {
  LAB_HOST: '127.0.0.1',
  LAB_PORT_BASE: '',
  LAB_CONTROL_TOKEN: '',
  NODE_OPTIONS: '',
  OTEL_SDK_DISABLED: '',
  OTEL_RESOURCE_ATTRIBUTES: '',
  OTEL_TRACES_EXPORTER: '',
  OTEL_TRACES_SAMPLER: '',
  OTEL_TRACES_SAMPLER_ARG: '',
  OTEL_PROPAGATORS: '',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '',
  OTEL_EXPORTER_OTLP_COMPRESSION: '',
  OTEL_EXPORTER_OTLP_HEADERS: '',
  OTEL_BSP_MAX_QUEUE_SIZE: '',
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '',
  TRACELAB_IGNORE_PATHS: '/healthz,/metrics,/_lab',
};

async function readUsageOf(program: ProgramPlan): Promise<ServiceUsage> {
  return (await requestJson('GET', `${program.url}/_lab/usage`)) as ServiceUsage;
}

function sumUsage(usages: readonly ServiceUsage[]): CopiesUsage {
  const sum = { cpuUs: 0, residentBytes: 0, spansUndelivered: 0, spansDropped: 0 };
  for (const usage of usages) {
    sum.cpuUs += usage.cpuUs;
    sum.residentBytes += usage.residentBytes;
    sum.spansUndelivered += usage.spansSampled - usage.spansExported - usage.spansDropped;
    sum.spansDropped += usage.spansDropped;
  }
  return sum;
}
