import {
  describePhases,
  FAULTED_REQUESTS_MIN,
  requestsIn,
  SCENARIO_NAMES,
  SCENARIOS,
  type Load,
  type Phase,
  type ScenarioName,
} from './scenarios.ts';
import { NO_TRACEPARENT } from './traceparents.ts';

type Environment = Readonly<Record<string, string>>;

/** All that a run is told, decided: the scenario's defaults where nothing was said. */
export interface Settings {
  scenario: ScenarioName;
  phases: Phase[];
  /** "steady 30 s at 10/s" */
  load: string;
  gatewayUrl: string;
  controlUrl: string;
  /** Shown to a control on another machine; empty for none. */
  controlToken: string;
  /** Share of the requests that begin a sampled trace here, or NO_TRACEPARENT. */
  clientRate: number;
  /** Where the aggregates go, as JSON; empty for nowhere. */
  summaryFile: string;
}

const RATE_MAX = 10_000;
const PHASE_MS_MIN = 1000;
const DURATION_MS_MAX = 7 * 24 * 3_600_000;
/** Of the base rate, where SPIKE_RATE does not say. */
const SPIKE_FACTOR = 5;

const DEFAULTS = {
  SCENARIO: 'steady',
  GATEWAY_URL: 'http://127.0.0.1:4600',
  LAB_CONTROL_URL: 'http://127.0.0.1:4690',
  LAB_CONTROL_TOKEN: '',
  CLIENT_RATE: '1',
  SUMMARY_FILE: '',
};

/** Reads the variables of `k6 run -e`; throws a RangeError that says what was got and what is allowed. */
export function readSettings(environment: Environment): Settings {
  const given = { ...DEFAULTS, ...environment };
  const scenario = readScenario(given.SCENARIO);
  const phases = SCENARIOS[scenario].phasesOf(readLoad(scenario, environment));
  requireLasting(phases);
  if (scenario === 'faults') requireEnough(phases);
  return {
    scenario,
    phases,
    load: describePhases(phases),
    gatewayUrl: withoutSlash(given.GATEWAY_URL),
    controlUrl: withoutSlash(given.LAB_CONTROL_URL),
    controlToken: given.LAB_CONTROL_TOKEN,
    clientRate: readClientRate(given.CLIENT_RATE),
    summaryFile: given.SUMMARY_FILE,
  };
}

function readLoad(scenario: ScenarioName, environment: Environment): Load {
  const defaults = SCENARIOS[scenario];
  const requestsPerSecond = readRate('RATE', environment['RATE'] ?? String(defaults.requestsPerSecond));
  const spikeDefault = String(Math.min(RATE_MAX, requestsPerSecond * SPIKE_FACTOR));
  return {
    requestsPerSecond,
    spikeRate: readRate('SPIKE_RATE', environment['SPIKE_RATE'] ?? spikeDefault),
    durationMs: readDuration(environment['DURATION'] ?? `${defaults.durationMs}ms`),
  };
}

function readScenario(text: string): ScenarioName {
  const scenario = SCENARIO_NAMES.find((name) => name === text);
  if (scenario !== undefined) return scenario;
  throw new RangeError(`SCENARIO should be one of ${SCENARIO_NAMES.join(', ')}: was "${text}"`);
}

/** k6's executors take whole numbers only. */
export function readRate(variable: string, text: string): number {
  const rate = Number(text);
  if (Number.isInteger(rate) && rate >= 1 && rate <= RATE_MAX) return rate;
  throw new RangeError(
    `${variable} should be a whole number of requests a second from 1 to ${RATE_MAX}: was "${text}"`,
  );
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** In k6's notation: 30s, 2m, 1m30s. */
export function readDuration(text: string): number {
  const isDuration = /^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text);
  const parts = isDuration ? [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)] : [];
  const durationMs = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? 0), 0);
  if (durationMs >= PHASE_MS_MIN && durationMs <= DURATION_MS_MAX) return durationMs;
  throw new RangeError(`DURATION should be like 30s or 2m, from 1s to 168h: was "${text}"`);
}

function readClientRate(text: string): number {
  const rate = text.trim() === '' ? Number.NaN : Number(text);
  if (rate === NO_TRACEPARENT || (rate >= 0 && rate <= 1)) return rate;
  throw new RangeError(`CLIENT_RATE should be a number from 0 to 1, or -1 for no traceparent: was "${text}"`);
}

function withoutSlash(text: string): string {
  return text.replace(/\/+$/, '');
}

/** k6 takes no shorter scenario, and each phase is one of k6's. */
function requireLasting(phases: readonly Phase[]): void {
  const brief = phases.find((phase) => phase.stage.durationMs < PHASE_MS_MIN);
  if (brief === undefined) return;
  throw new RangeError(
    `DURATION should be longer, since every phase of a scenario lasts at least 1 s in k6: ${brief.name} would last ${Math.round(brief.stage.durationMs)} ms`,
  );
}

/** Each pod of several judges its own share of the requests. Throws a RangeError. */
export function requireEnough(phases: readonly Phase[], pods = 1): void {
  const requests = requestsIn(phases.filter((phase) => phase.name === 'during')) / pods;
  if (requests >= FAULTED_REQUESTS_MIN) return;
  const whose = pods === 1 ? '' : ' from each pod';
  throw new RangeError(
    `the scenario faults should send at least ${FAULTED_REQUESTS_MIN} requests${whose} while its faults are in force, to tell them from chance: RATE and DURATION make ${Math.floor(requests)}`,
  );
}
