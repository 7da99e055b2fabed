import { NotHeldError, UsageError } from '@tracelab/command';
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readSamples, type Sampled } from './samples.ts';

/** What k6 reads from its environment and then drops the scenarios of the script for, without a word. */
const OVERRIDES = ['K6_VUS', 'K6_DURATION', 'K6_ITERATIONS', 'K6_STAGES'];
/** k6's own code for a failed threshold. */
const THRESHOLDS_FAILED = 99;

export interface K6Run {
  binary: string;
  script: string;
  /** The script's own, given with `-e`. */
  variables: Readonly<Record<string, string>>;
  /** Whether what k6 prints goes to stdout; else to stderr, where nobody parses it. */
  printsToStdout: boolean;
  /** Whether it also shows how far it is, every second. */
  showsProgress: boolean;
  signal: AbortSignal;
}

/** Throws a UsageError where a variable of this shell would make k6 send another load than the one asked for. */
export function requireNoOverrides(environment: NodeJS.ProcessEnv): void {
  const present = OVERRIDES.filter((name) => environment[name] !== undefined);
  if (present.length === 0) return;
  throw new UsageError(
    `${present.join(', ')} should not be set: k6 drops the scenarios of a script for it. Use --scenario, --rate and --duration`,
  );
}

/** "k6 v1.8.1"; throws a NotHeldError that says what to do where there is no such binary. */
export async function readK6Version(binary: string): Promise<string> {
  const child = spawn(binary, ['version'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const code = await endOf(child, binary);
  if (code !== 0) throw new NotHeldError(`${binary} version ended with ${code}: name a k6 of 1.0 or later with K6_BIN`);
  return /^k6 v\S+/.exec(text)?.[0] ?? 'k6';
}

/** Runs a script and returns the requests of these scenarios; k6's samples, about 1 kB a request, lie in a temporary folder meanwhile. */
export async function sampleK6(run: K6Run, scenarios: readonly string[]): Promise<Sampled & { code: number | null }> {
  const folder = await mkdtemp(join(tmpdir(), 'tracelab-k6-'));
  try {
    const file = join(folder, 'samples.csv');
    const code = await runK6(run, file);
    const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
    return { ...(await readSamples(lines, scenarios)), code };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * k6's exit code, null for a signal. A request to end this process is passed on once: k6 then stops early, but still tears
 * down (switches its faults off) and sums up, which a second signal would cut short. So it has a group of its own, where
 * Ctrl-C does not reach it by itself.
 */
export async function runK6(run: K6Run, samplesFile?: string): Promise<number | null> {
  const { binary, script, variables, printsToStdout, showsProgress, signal } = run;
  const args = [
    'run',
    ...(showsProgress ? [] : ['--quiet']),
    ...Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    ...(samplesFile === undefined ? [] : ['--out', `csv=${samplesFile}`]),
    script,
  ];
  const child = spawn(binary, args, {
    stdio: ['ignore', printsToStdout ? 'inherit' : 2, 'inherit'],
    env: { ...process.env, K6_CSV_TIME_FORMAT: 'unix_micro' },
    detached: process.platform !== 'win32',
  });
  const passOn = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', passOn);
  try {
    return await endOf(child, binary);
  } finally {
    signal.removeEventListener('abort', passOn);
  }
}

/** Throws a NotHeldError that says how k6 ended, unless every threshold held. */
export function requireHeld(code: number | null): void {
  if (code === 0) return;
  if (code === THRESHOLDS_FAILED) throw new NotHeldError('a threshold failed: k6 says which above');
  throw new NotHeldError(`k6 ended with ${code === null ? 'a signal' : `exit code ${code}`}: it says why above`);
}

function endOf(child: ReturnType<typeof spawn>, binary: string): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', (cause) =>
    reject(
      new NotHeldError(`${binary} cannot be started (${cause.message}): install k6 and name it with K6_BIN`, { cause }),
    ),
  );
  child.once('close', resolve);
  return promise;
}
