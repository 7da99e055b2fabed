import {
  defineVerb,
  describeMachineAtStart,
  ExitCode,
  NotHeldError,
  setting,
  UsageError,
  type Output,
  type SettingsOf,
  readResultFile,
} from '@tracelab/command';
import { seedSetting, seedOf } from '../../seed-setting.ts';
import { readK6Version, requireNoOverrides } from '../run/run-k6.ts';
import { formatCount, formatDuration } from '../../report/format.ts';
import { makeResultFolder, resultFolder, writeResultFile } from '../../result-file.ts';
import { compareSenders } from './compare.ts';
import { renderComparison } from './report.ts';
import { parseComparison, SENDERS, type ComparisonResult } from './result.ts';
import { runComparison } from './run.ts';

/** Saved one by one. */
const REQUESTS_MAX = 1_000_000;
/** Fewer have no p99. */
const RUN_REQUESTS_MIN = 100;

const settings = {
  binary: setting.text({ default: 'k6', env: 'K6_BIN', description: 'The k6 binary, 1.0 or later' }),
  rate: setting.integer({ default: 200, min: 1, max: 10_000, flag: 'rate', description: 'Requests a second' }),
  durationS: setting.decimal({
    default: 10,
    min: 1,
    max: 3600,
    flag: 'duration-s',
    description: 'Seconds of each run',
  }),
  runs: setting.integer({ default: 5, min: 1, max: 100, flag: 'runs', description: 'Runs of each sender' }),
  delayMs: setting.integer({ default: 20, min: 0, max: 10_000, flag: 'delay-ms', description: 'Of the server' }),
  warmUpS: setting.decimal({
    default: 2,
    min: 0,
    max: 60,
    flag: 'warm-up-s',
    description: 'Seconds at the same rate before each run, not measured',
  }),
  seed: seedSetting('Of the order of the runs'),
  out: setting.text({
    default: '',
    flag: 'out',
    description: 'Folder for the result; default .tracelab/k6-comparison/<time>',
  }),
  from: setting.text({ default: '', flag: 'from', description: 'Sends nothing: prints the report of a saved result' }),
};

export const k6Comparison = defineVerb({
  name: 'k6-comparison',
  summary: 'Our own sender against k6 on a server of fixed delay: the same p50, and a p99 within the spread of repeats',
  settings,
  examples: [
    'K6_BIN=/usr/local/bin/k6 npm run bench:k6',
    'npm run bench:k6 -- --rate 500 --runs 10',
    'npm run bench:k6 -- --from .tracelab/k6-comparison/2026-11-28T08-03-16/comparison.json',
  ],
  run: async ({ settings: given, output, shutdown }) => {
    if (given.from !== '') return deliver(output, await readResultFile(given.from, parseComparison), given.from);
    requireNoOverrides(process.env);
    requireBounded(given);
    const k6 = await readK6Version(given.binary);
    makeResultFolder(given.out);
    const result: ComparisonResult = {
      format: 'tracelab-k6-comparison',
      version: 1,
      startedAt: new Date().toISOString(),
      complete: true,
      seed: seedOf(given.seed),
      machine: describeMachineAtStart(),
      k6,
      delayMs: given.delayMs,
      requestsPerSecond: given.rate,
      durationS: given.durationS,
      runs: [],
    };
    const wholeMs = (given.durationS + given.warmUpS + 1) * 1000 * given.runs * SENDERS.length;
    output.progress(
      `Measuring, about ${formatDuration(wholeMs)}. Leave the machine alone; Ctrl-C keeps what is measured.`,
    );
    const { seed, delayMs, requestsPerSecond, durationS } = result;
    result.runs = await runComparison({
      seed,
      delayMs,
      requestsPerSecond,
      durationS,
      shutdown,
      binary: given.binary,
      rounds: given.runs,
      warmUpS: given.warmUpS,
      say: output.progress,
    });
    result.complete = !shutdown.signal.aborted;
    const folder = resultFolder(given.out, 'k6-comparison', result.startedAt);
    return deliver(output, result, await writeResultFile(folder, 'comparison.json', result));
  },
});

function requireBounded({ rate, durationS, runs }: SettingsOf<typeof settings>): void {
  const requests = rate * durationS;
  if (requests < RUN_REQUESTS_MIN)
    throw new UsageError(
      `--rate and --duration-s should make at least ${RUN_REQUESTS_MIN} requests a run, since fewer have no p99: they make ${formatCount(requests)}`,
    );
  const allRequests = requests * runs * SENDERS.length;
  if (allRequests <= REQUESTS_MAX) return;
  throw new UsageError(
    `--rate, --duration-s and --runs should make at most ${formatCount(REQUESTS_MAX)} requests of both senders, since each is saved: they make ${formatCount(allRequests)}`,
  );
}

function deliver(output: Output, result: ComparisonResult, file: string): ExitCode {
  const comparison = compareSenders(result);
  if (comparison === undefined)
    throw new NotHeldError(`${file} has no round in which both senders ran: there is nothing to compare`);
  const { runs: _runs, ...about } = result;
  output.result({ file, ...about, comparison }, `${renderComparison(result, comparison)}\n\nEvery request: ${file}`);
  return result.complete && comparison.isP50Met && comparison.isP99Met ? ExitCode.done : ExitCode.notHeld;
}
