import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePortBase, projectRoot } from '@tracelab/command';
import { PORTS, type PortName } from '@tracelab/protocol';
import { until } from './until.ts';

/** A whole lab on ports of its own with a data folder of its own, as `npm start` runs it. */
export interface RunningLab {
  readonly process: ChildProcess;
  readonly environment: Record<string, string>;
  url: (name: PortName) => string;
  /** Everything it has printed so far. */
  printed: () => string;
  /** Ends it with Ctrl-C's signal and gives the exit code. */
  stop: () => Promise<number | null>;
}

const READY_LIMIT_MS = 60_000;

/** `through: 'npm'` runs the documented command itself, with npm's process in between. */
export async function startLab(
  options: { args?: readonly string[]; through?: 'node' | 'npm'; env?: Record<string, string> } = {},
): Promise<RunningLab> {
  const base = await freePortBase();
  const data = await mkdtemp(join(tmpdir(), 'tracelab-system-'));
  const environment = { ...outerEnvironment(), LAB_PORT_BASE: String(base), LAB_DATA_DIR: data, ...options.env };
  const args = options.args ?? ['--no-load'];
  const [command, ...rest] =
    options.through === 'npm'
      ? ['npm', 'start', '--', ...args]
      : [process.execPath, 'scripts/run.mjs', 'lab/main.ts', 'up', ...args];
  const child = spawn(command ?? '', rest, { cwd: projectRoot, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, 'close');
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
    await ended;
    await rm(data, { recursive: true, force: true });
    return child.exitCode;
  };
  try {
    await until('the lab prints ready', () => /\bready\b/.test(printed) || child.exitCode !== null, READY_LIMIT_MS);
    if (child.exitCode !== null) throw new Error('it ended');
  } catch (error) {
    await stop();
    throw new Error(`the lab did not come up: ${printed}`, { cause: error });
  }
  return {
    process: child,
    environment,
    url: (name) => `http://127.0.0.1:${base + PORTS[name].offset}`,
    printed: () => printed,
    stop,
  };
}

export interface CommandEnd {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program of the project, such as `lab/main.ts` with `fault add …`, against a running lab. */
export async function runCommand(
  args: readonly string[],
  environment: Record<string, string> = outerEnvironment(),
  cwd: string = projectRoot,
): Promise<CommandEnd> {
  const child = spawn(process.execPath, [resolve(projectRoot, 'scripts/run.mjs'), ...args], {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

/** The environment without what npm and the test runner put there: a lab under test is configured by the test alone. */
export function outerEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => !/^(npm_|NODE_TEST|LAB_|OTEL_|[A-Z]+_(PORT|URL)$)/.test(name)));
}
