import { constantStage, spikeStages, type RateStage } from '../../pace/rate-profile.ts';

// What each scenario is: plain data for k6, for `npm run k6` and for tests. Runs inside k6, which knows no packages.

export const SCENARIO_NAMES = ['smoke', 'steady', 'spike', 'soak', 'faults'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** k6's threshold expressions by metric; they hold for the requests of one phase. */
export type Thresholds = Readonly<Record<string, readonly string[]>>;

/** A stretch of a scenario. Every sample of it carries the tag `phase` with its name. */
export interface Phase {
  name: string;
  /** After the start of the load. */
  startMs: number;
  stage: RateStage;
  thresholds: Thresholds;
}

/** What is asked for, in the scenario's own defaults where nothing is said. */
export interface Load {
  requestsPerSecond: number;
  durationMs: number;
  /** Of `spike` alone. */
  spikeRate: number;
}

interface ScenarioDefinition {
  summary: string;
  requestsPerSecond: number;
  durationMs: number;
  phasesOf: (load: Load) => Phase[];
}

/** An answer of at least this counts as slow: what the slow fault adds. */
export const SLOW_MS = 400;
/** Between two phases of `faults`, without load: the faults are switched in its middle, so that no request is in two phases. */
export const SWITCH_PAUSE_MS = 2000;

const HEALTHY = within({ failedShareMax: 0.01, p95Ms: 1000 });
/** A spike may make the shop slow, and may make it refuse a few. */
const STRAINED = within({ failedShareMax: 0.05, p95Ms: 3000 });
/** Many hours hold rare failures that thirty seconds do not. */
const ENDURING = within({ failedShareMax: 0.001, p95Ms: 1000 });
/** One request decides: it is there to say whether anything works at all. */
const FLAWLESS: Thresholds = {
  ...within({ failedShareMax: 0, p95Ms: 2000 }),
  http_req_failed: ['rate==0'],
  checks: ['rate==1'],
};
const UNFAULTED: Thresholds = { ...HEALTHY, slow_checkouts: ['rate<0.1'] };
/**
 * A quarter of the orders fails and, of the others, half are slow (faults.ts): 0.25 and 0.375. The bounds are more than
 * four standard deviations away from 100 requests on, so chance alone does not fail a run; a fault that does nothing does.
 */
const FAULTED: Thresholds = {
  http_reqs: ['count>0'],
  http_req_duration: ['max<10000'],
  http_req_failed: ['rate>0.05', 'rate<0.5'],
  slow_checkouts: ['rate>0.1', 'rate<0.75'],
};
export const FAULTED_REQUESTS_MIN = 100;

const MINUTE_MS = 60_000;

export const SCENARIOS: Readonly<Record<ScenarioName, ScenarioDefinition>> = {
  smoke: {
    summary: 'a few checkouts, not one of which may fail',
    requestsPerSecond: 2,
    durationMs: 10_000,
    phasesOf: (load) => [wholePhase('smoke', load, FLAWLESS)],
  },
  steady: {
    summary: 'a constant rate',
    requestsPerSecond: 10,
    durationMs: 30_000,
    phasesOf: (load) => [wholePhase('steady', load, HEALTHY)],
  },
  spike: {
    summary: 'a constant rate, a fifth of the time at the spike’s, and whether the shop is healthy again after it',
    requestsPerSecond: 10,
    durationMs: 30_000,
    phasesOf: spikePhases,
  },
  soak: {
    summary: 'a constant rate for long, with the first and the last tenth told apart: what grows shows between them',
    requestsPerSecond: 10,
    durationMs: 30 * MINUTE_MS,
    phasesOf: (load) =>
      inSequence([
        ['early', constantStage(load.requestsPerSecond, load.durationMs * 0.1), ENDURING],
        ['middle', constantStage(load.requestsPerSecond, load.durationMs * 0.8), ENDURING],
        ['late', constantStage(load.requestsPerSecond, load.durationMs * 0.1), ENDURING],
      ]),
  },
  faults: {
    summary: 'a constant rate before, while and after a slow and an error fault are in force; they have to show',
    requestsPerSecond: 10,
    durationMs: 30_000,
    phasesOf: (load) => {
      const third = constantStage(load.requestsPerSecond, load.durationMs / 3);
      const named: [string, RateStage, Thresholds][] = [
        ['before', third, UNFAULTED],
        ['during', third, FAULTED],
        ['after', third, UNFAULTED],
      ];
      return inSequence(named, SWITCH_PAUSE_MS);
    },
  },
};

/** When `faults` switches: in the middle of the pauses around `during`. */
export function switchTimes(phases: readonly Phase[]): { onMs: number; offMs: number } {
  const during = phases.find((phase) => phase.name === 'during');
  if (during === undefined) throw new RangeError('a scenario without a phase "during" switches no faults');
  const middle = SWITCH_PAUSE_MS / 2;
  return { onMs: during.startMs - middle, offMs: endOf(during) + middle };
}

export function endOf(phase: Phase): number {
  return phase.startMs + phase.stage.durationMs;
}

/** Requests that are due in a whole scenario, the area under the rate. */
export function requestsIn(phases: readonly Phase[]): number {
  const areas = phases.map(({ stage }) => ((stage.fromRate + stage.toRate) / 2) * (stage.durationMs / 1000));
  return Math.ceil(areas.reduce((sum, area) => sum + area, 0));
}

/** "before 12 s at 10/s, spike 6 s at 50/s, after 12 s at 10/s" */
export function describePhases(phases: readonly Phase[]): string {
  return phases
    .map(({ name, stage }) => `${name} ${Number((stage.durationMs / 1000).toFixed(1))} s at ${stage.fromRate}/s`)
    .join(', ');
}

function within({ failedShareMax, p95Ms }: { failedShareMax: number; p95Ms: number }): Thresholds {
  return {
    http_reqs: ['count>0'],
    http_req_failed: [`rate<${failedShareMax}`],
    http_req_duration: [`p(95)<${p95Ms}`],
    checks: [`rate>${1 - failedShareMax}`],
  };
}

function wholePhase(name: string, load: Load, thresholds: Thresholds): Phase {
  return { name, startMs: 0, stage: constantStage(load.requestsPerSecond, load.durationMs), thresholds };
}

/** The stages of `attack --spike-rate`, so that both generators can send the same spike. */
function spikePhases({ requestsPerSecond, spikeRate, durationMs }: Load): Phase[] {
  const [afterMs, spikeMs] = [durationMs * 0.4, durationMs * 0.2];
  const [calm, spike] = spikeStages(requestsPerSecond, { rate: spikeRate, afterMs, durationMs: spikeMs });
  return inSequence([
    ['before', calm, HEALTHY],
    ['spike', spike, STRAINED],
    ['after', constantStage(requestsPerSecond, durationMs - afterMs - spikeMs), HEALTHY],
  ]);
}

function inSequence(
  parts: readonly (readonly [name: string, stage: RateStage, thresholds: Thresholds])[],
  pauseMs = 0,
): Phase[] {
  let startMs = 0;
  return parts.map(([name, stage, thresholds]) => {
    const phase = { name, startMs, stage, thresholds };
    startMs += stage.durationMs + pauseMs;
    return phase;
  });
}
