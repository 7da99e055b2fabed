import type { Options, Scenario } from 'k6/options';
import { switchTimes, type Phase } from './scenarios.ts';
import type { Settings } from './settings.ts';

/** The tags that `npm run k6` reads; fewer of them make the stream of samples half as long. */
export const SYSTEM_TAGS: NonNullable<Options['systemTags']> = ['status', 'error_code', 'group', 'scenario'];

/**
 * A dropped iteration fails the run, whatever the scenario: the load was not the one asked for, so its figures mean
 * nothing. A phase is a scenario of k6's, so that its tags are on all samples of it, dropped iterations included.
 */
export function optionsOf(settings: Settings): Options {
  const { phases } = settings;
  return {
    scenarios: {
      ...Object.fromEntries(phases.map((phase) => [phase.name, arrivalOf(phase)])),
      ...(settings.scenario === 'faults' ? switchesOf(phases) : {}),
    },
    thresholds: { dropped_iterations: ['count==0'], ...thresholdsOf(phases) },
    summaryTrendStats: ['min', 'avg', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'],
    systemTags: SYSTEM_TAGS,
  };
}

/**
 * Users for answers of up to 2 s before k6 has to drop an iteration, half of them made beforehand (making one during the run
 * takes so long that k6 drops iterations meanwhile).
 */
export function usersMaxOf(requestsPerSecond: number): number {
  return Math.max(40, requestsPerSecond * 2);
}

function arrivalOf({ name, startMs, stage }: Phase): Scenario {
  const usersMax = usersMaxOf(stage.fromRate);
  return {
    executor: 'constant-arrival-rate',
    rate: stage.fromRate,
    timeUnit: '1s',
    duration: milliseconds(stage.durationMs),
    startTime: milliseconds(startMs),
    preAllocatedVUs: usersMax / 2,
    maxVUs: usersMax,
    tags: { phase: name },
  };
}

function thresholdsOf(phases: readonly Phase[]): Record<string, string[]> {
  return Object.fromEntries(
    phases.flatMap(({ name, thresholds }) =>
      Object.entries(thresholds).map(([metric, conditions]) => [`${metric}{phase:${name}}`, [...conditions]]),
    ),
  );
}

/** One user who switches the faults on, and one who switches them off, between the phases. */
function switchesOf(phases: readonly Phase[]): Record<string, Scenario> {
  const { onMs, offMs } = switchTimes(phases);
  const at = (startMs: number, exec: string): Scenario => ({
    executor: 'per-vu-iterations',
    vus: 1,
    iterations: 1,
    maxDuration: '10s',
    startTime: milliseconds(startMs),
    exec,
  });
  return { faults_on: at(onMs, 'switchFaultsOn'), faults_off: at(offMs, 'switchFaultsOff') };
}

function milliseconds(ms: number): string {
  return `${Math.round(ms)}ms`;
}
