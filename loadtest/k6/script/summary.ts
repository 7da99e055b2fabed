/**
 * What k6 tells at the end, in one shape. Its data for `handleSummary` has two: by metric, with thresholds (the default of
 * 1.x), and `results.metrics`, a list without them (`--new-machine-readable-summary`, which is to become the default).
 */
export interface K6Summary {
  format: 'tracelab-k6-summary';
  version: 1;
  scenario: string;
  load: string;
  /** Of the whole test, in milliseconds. */
  durationMs: number;
  /** By metric, with `{phase:NAME}` for one phase; statistics as k6 names them, times in milliseconds. */
  metrics: Record<string, Record<string, number>>;
  /** Absent where k6 does not tell; its exit code is 99 where one of them failed. */
  thresholds?: { metric: string; condition: string; holds: boolean }[];
}

export interface Summarized {
  scenario: string;
  load: string;
  phases: readonly { name: string }[];
}

export function summaryOf(data: unknown, about: Summarized): K6Summary {
  const { scenario, load } = about;
  const common = { format: 'tracelab-k6-summary', version: 1, scenario, load } as const;
  // Numbers in k6's list are objects of Go's, until they have been JSON.
  const root = recordOf(JSON.parse(JSON.stringify(data)));
  const listed = recordOf(root['results'])['metrics'];
  if (Array.isArray(listed)) {
    const durationMs = numberOf(recordOf(root['config'])['duration']) * 1000;
    const metrics = listed
      .map(recordOf)
      .map((metric) => [String(metric['name']), numbersOf(metric['values'])] as const);
    return { ...common, durationMs, metrics: Object.fromEntries(metrics) };
  }
  const metrics = Object.entries(recordOf(root['metrics'])).map(([name, metric]) => [name, recordOf(metric)] as const);
  return {
    ...common,
    durationMs: numberOf(recordOf(root['state'])['testRunDurationMs']),
    metrics: Object.fromEntries(metrics.map(([name, metric]) => [name, numbersOf(metric['values'])])),
    thresholds: metrics.flatMap(([name, metric]) =>
      Object.entries(recordOf(metric['thresholds'])).map(([condition, verdict]) => ({
        metric: name,
        condition,
        holds: recordOf(verdict)['ok'] === true,
      })),
    ),
  };
}

/** A line for each phase, then what failed. */
export function renderSummary(summary: K6Summary, { phases }: Summarized): string {
  const failed = (summary.thresholds ?? []).filter((threshold) => !threshold.holds);
  const dropped = summary.metrics['dropped_iterations']?.['count'] ?? 0;
  return [
    `k6, scenario ${summary.scenario}: ${summary.load}`,
    ...phases.map(({ name }) => renderPhase(summary, name)),
    `dropped iterations: ${dropped}`,
    ...(summary.thresholds === undefined
      ? ['thresholds: k6 does not tell here; its exit code is 99 where one failed']
      : []),
    ...failed.map(({ metric, condition }) => `THRESHOLD FAILED: ${metric} ${condition}`),
    '',
  ].join('\n');
}

/** "before: 100 requests, 0.0 % failed, p50 12.3 ms, p95 20.1 ms, max 30.9 ms from the actual send, 1.0 % slow" */
function renderPhase({ metrics }: K6Summary, phase: string): string {
  const stat = (metric: string, ...names: string[]): number | undefined => {
    const values = metrics[`${metric}{phase:${phase}}`] ?? {};
    return names.map((name) => values[name]).find((value) => value !== undefined);
  };
  const percent = (share: number | undefined): string => `${((share ?? 0) * 100).toFixed(1)} %`;
  const ms = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(1)} ms`);
  const times = [
    `p50 ${ms(stat('http_req_duration', 'med'))}`,
    `p95 ${ms(stat('http_req_duration', 'p(95)', 'p95'))}`,
    `max ${ms(stat('http_req_duration', 'max'))} from the actual send`,
  ];
  const slow = stat('slow_checkouts', 'rate');
  const requests = stat('http_reqs', 'count') ?? 0;
  if (requests === 0) return `  ${phase}: no requests`;
  return [
    `  ${phase}: ${requests} requests`,
    `${percent(stat('http_req_failed', 'rate'))} failed`,
    ...times,
    ...(slow === undefined ? [] : [`${percent(slow)} slow`]),
  ].join(', ');
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** Without those that k6 leaves null. */
function numbersOf(values: unknown): Record<string, number> {
  const numbers = Object.entries(recordOf(values)).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return Object.fromEntries(numbers);
}
