import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolder, NotHeldError, readResultFile, UsageError, type Environment } from '@tracelab/command';
import { summarizeCollectorCost, type CollectorCostSummary, type CollectorFigures } from '@tracelab/model';
import { parseCollectorCost, type CollectorCostResult } from '@tracelab/protocol';

const PLANNED = ['tracelab', 'otelcol'] as const;
export type PlannedCollector = (typeof PLANNED)[number];

/** What a plan is computed with, and where that comes from. */
export interface SourcedFigures {
  collector: PlannedCollector;
  figures: CollectorFigures;
  source: string;
}

const TICK_S = { tracelab: 0.1, otelcol: 1 } as const satisfies Record<PlannedCollector, number>;

/** Of 0.158 with one core, loadbalancing by trace id to two samplers, 370 B a span: bench:collector:dapper, a busy 2-core Linux VM, November 2026. */
const ROUTER_CPU_US_PER_SPAN = 5.5;

/**
 * The OpenTelemetry Collector 0.158 with one core (GOMAXPROCS=1), 347 B a span on the wire: tail_sampling at a steady 30,000
 * spans/s with decision_wait 10 s.
 */
const OTELCOL_REFERENCE: CollectorFigures = {
  spanBytes: 347,
  cpuUsPerSpan: 10.1,
  routerCpuUsPerSpan: ROUTER_CPU_US_PER_SPAN,
  idleBytes: 57e6,
  bytesPerBufferedSpan: 3200,
  tickS: TICK_S.otelcol,
};
const REFERENCE_SOURCE =
  'NOT MEASURED HERE: the OpenTelemetry Collector 0.158 on another 2-core Linux VM, November 2026 (OTELCOL_BIN=... npm run bench:collector:dapper measures yours)';

/** Throws a UsageError where it is none of them. */
export function readCollectorName(text: string): PlannedCollector {
  const name = PLANNED.find((candidate) => candidate === text);
  if (name !== undefined) return name;
  throw new UsageError(
    `--collector should be one of ${PLANNED.join(', ')}: was ${text === '' ? 'not given' : `"${text}"`}`,
  );
}

/**
 * The figures of the named file, else of the newest saved measurement that has this collector. Throws a UsageError where
 * the named file has not, and a NotHeldError where nothing was measured and nobody else's figures exist.
 */
export async function chooseFigures(
  collector: PlannedCollector,
  file: string,
  environment: Environment,
): Promise<SourcedFigures> {
  if (file !== '') {
    const named = await readFigures(collector, file);
    if (named !== undefined) return named;
    throw new UsageError(
      `--measured ${file} has no complete figures of ${collector}: measure with npm run bench:collector:dapper`,
    );
  }
  const newest = await newestFigures(collector, environment);
  if (newest !== undefined) return newest;
  if (collector === 'otelcol') return { collector, figures: OTELCOL_REFERENCE, source: REFERENCE_SOURCE };
  throw new NotHeldError(
    `nobody has measured our collector on this machine yet (looked in ${resultsFolder(environment)}): run npm run bench:collector:dapper (-- --quick: two minutes), or name a saved result with --measured`,
  );
}

/** Undefined where no saved measurement has this collector. */
export async function newestFigures(
  collector: PlannedCollector,
  environment: Environment,
): Promise<SourcedFigures | undefined> {
  const folder = resultsFolder(environment);
  // Their names are times, so that the newest comes last.
  const names = (await readdir(folder).catch((): string[] => [])).toSorted().toReversed();
  for (const name of names) {
    const files = await readdir(join(folder, name)).catch((): string[] => []);
    if (!files.includes(RESULT_FILE)) continue;
    const figures = await readFigures(collector, join(folder, name, RESULT_FILE));
    if (figures !== undefined) return figures;
  }
  return undefined;
}

const RESULT_FILE = 'collector-cost.json';

function resultsFolder(environment: Environment): string {
  return join(dataFolder(environment), 'collector-cost');
}

async function readFigures(collector: PlannedCollector, file: string): Promise<SourcedFigures | undefined> {
  const result = await readResultFile(file, parseCollectorCost);
  const figures = figuresOf(collector, result);
  return figures === undefined ? undefined : { collector, figures, source: describeSource(collector, result, file) };
}

/** Undefined where the run has no saturated block or no filled buffer of this collector, or where noise made one of them free. */
export function figuresOf(collector: PlannedCollector, result: CollectorCostResult): CollectorFigures | undefined {
  const summaries = summarizeCollectorCost(result);
  const summary = summaries.find((candidate) => candidate.collector === collector);
  const saturated = saturatedOf(summary);
  if (saturated === undefined || summary?.buffer === undefined || summary.buffer.bytesPerSpan.estimate <= 0)
    return undefined;
  const { warmBytes, idleBytes, bytesPerSpan, countedBytesPerSpan } = summary.buffer;
  const router = saturatedOf(summaries.find((candidate) => candidate.collector === 'otelcol-router'));
  return {
    ...saturated,
    idleBytes: Math.max(warmBytes, idleBytes),
    bytesPerBufferedSpan: bytesPerSpan.estimate,
    ...(countedBytesPerSpan === undefined ? {} : { countedBytesPerSpan }),
    tickS: TICK_S[collector],
    // Ours has no router yet.
    ...(collector === 'otelcol' ? { routerCpuUsPerSpan: router?.cpuUsPerSpan ?? ROUTER_CPU_US_PER_SPAN } : {}),
  };
}

function saturatedOf(
  summary: CollectorCostSummary | undefined,
): Pick<CollectorFigures, 'cpuUsPerSpan' | 'spanBytes'> | undefined {
  const cost = summary?.loads.find(({ load }) => load === 'saturated');
  const cpuUsPerSpan = cost?.cpuUsPerSpan?.estimate ?? 0;
  return cost === undefined || cpuUsPerSpan <= 0 ? undefined : { cpuUsPerSpan, spanBytes: cost.spanBytes };
}

function describeSource(collector: PlannedCollector, result: CollectorCostResult, file: string): string {
  const { machine, startedAt, complete } = result;
  const { version = '' } = result.collectors.find(({ name }) => name === collector) ?? {};
  const early = complete ? '' : ', ENDED EARLY';
  return `measured: ${collector} ${version} on ${machine.cpuModel}, ${machine.cores} cores, ${startedAt.slice(0, 10)}${early} (${file})`;
}
