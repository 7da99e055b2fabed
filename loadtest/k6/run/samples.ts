import { NotHeldError } from '@tracelab/command';
import { emptyShots, NO_ANSWER, NOT_SENT, type Shots } from '../../attack/shots.ts';

/** The requests of k6's stream of samples, and why some got no answer. */
export interface Sampled {
  /** From the actual send, since k6 does not tell when a request was due: lateness is 0. */
  shots: Shots;
  failures: Record<string, number>;
}

interface Columns {
  metric: number;
  timestamp: number;
  value: number;
  status: number;
  errorCode: number;
  scenario: number;
}

const COLUMN_NAMES: Readonly<Record<keyof Columns, string>> = {
  metric: 'metric_name',
  timestamp: 'timestamp',
  value: 'metric_value',
  status: 'status',
  errorCode: 'error_code',
  scenario: 'scenario',
};

/**
 * Reads k6's CSV (`--out csv` with K6_CSV_TIME_FORMAT=unix_micro), of which each line is one sample and a request about
 * thirteen. A sample of http_req_duration has the time at which the answer was complete. Requests of other scenarios than
 * those named, so of `setup`, are not counted. Throws a NotHeldError where a column is absent or a number is none.
 */
export async function readSamples(lines: AsyncIterable<string>, scenarios: readonly string[]): Promise<Sampled> {
  const requests: SampledRequest[] = [];
  const failures = new Map<string, number>();
  let columns: Columns | undefined;
  for await (const line of lines) {
    const cells = line.split(',');
    if (columns === undefined) columns = readHeader(cells);
    else if (scenarios.includes(cells[columns.scenario] ?? '')) readSample(cells, columns, { requests, failures });
  }
  return { shots: inOrder(requests), failures: Object.fromEntries(failures) };
}

interface SampledRequest {
  startUs: number;
  latencyUs: number;
  status: number;
}

interface Collected {
  requests: SampledRequest[];
  failures: Map<string, number>;
}

function readSample(cells: readonly string[], columns: Columns, { requests, failures }: Collected): void {
  const metric = cells[columns.metric];
  if (metric === 'http_req_duration') {
    const latencyUs = Math.round(numberAt(cells, columns.value) * 1000);
    const status = numberAt(cells, columns.status);
    requests.push({ startUs: numberAt(cells, columns.timestamp) - latencyUs, latencyUs, status });
    if (status === NO_ANSWER) count(failures, `k6 error ${cells[columns.errorCode] || 'unknown'}`);
  }
  if (metric !== 'dropped_iterations') return;
  for (let dropped = numberAt(cells, columns.value); dropped > 0; dropped--)
    requests.push({ startUs: numberAt(cells, columns.timestamp), latencyUs: 0, status: NOT_SENT });
}

function readHeader(cells: readonly string[]): Columns {
  const entries = Object.entries(COLUMN_NAMES).map(([key, name]) => [key, cells.indexOf(name)] as const);
  const absent = entries.find(([, index]) => index < 0);
  if (absent === undefined) return Object.fromEntries(entries) as unknown as Columns;
  const name = COLUMN_NAMES[absent[0] as keyof Columns];
  throw new NotHeldError(`k6's samples should have the column ${name}: they have ${cells.join(', ')}`);
}

function numberAt(cells: readonly string[], index: number): number {
  const number = Number(cells[index] || Number.NaN);
  if (Number.isFinite(number)) return number;
  throw new NotHeldError(`k6's samples should have numbers: a line was "${cells.join(',').slice(0, 200)}"`);
}

function count(counts: Map<string, number>, reason: string): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}

/** k6 writes a request down when it is answered; shots stand in the order of their starts, from the first one on. */
function inOrder(requests: readonly SampledRequest[]): Shots {
  const shots = emptyShots();
  const sorted = requests.toSorted((one, other) => one.startUs - other.startUs);
  for (const { startUs, latencyUs, status } of sorted) {
    shots.dueUs.push(startUs - (sorted[0]?.startUs ?? 0));
    shots.latenessUs.push(0);
    shots.latencyUs.push(latencyUs);
    shots.status.push(status);
  }
  return shots;
}
