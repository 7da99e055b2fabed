import { createCpuMeter, NotHeldError, setting, type Setting } from '@tracelab/command';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { CollectorUnderTest } from './collector-under-test.ts';

/** No port of its own for metrics: several run side by side. */
export const OTELCOL_TELEMETRY = 'service: { telemetry: { metrics: { level: none }, logs: { level: error } } }';

/** The binary to measure beside ours; empty where none is. */
export function otelcolSetting(components: string): Setting<string> {
  return setting.text({
    default: '',
    env: 'OTELCOL_BIN',
    allowed: `the path of a binary with ${components}`,
    description: 'An OpenTelemetry Collector, measured beside ours in the same run',
  });
}

const READY_LIMIT_MS = 20_000;
const READY_LOOK_MS = 100;
const STOP_LIMIT_MS = 5000;

export interface OtelcolStart {
  binary: string;
  /** Empty, or shared with others of the same collector. */
  folder: string;
  /** YAML files that it merges, the first first, by their names in the folder. */
  configs: Readonly<Record<string, string>>;
  /** Of its OTLP over HTTP. */
  port: number;
}

/** Starts an OpenTelemetry Collector; resolves when it answers. */
export async function startOtelcol({ binary, folder, configs, port }: OtelcolStart): Promise<CollectorUnderTest> {
  await mkdir(folder, { recursive: true });
  for (const [name, config] of Object.entries(configs)) await writeFile(join(folder, name), config);
  // One core, as ours has one thread that decides: what a second one adds costs more a span.
  const child = spawn(
    binary,
    Object.keys(configs).flatMap((name) => ['--config', join(folder, name)]),
    {
      env: { ...process.env, GOMAXPROCS: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
      // A group of its own, as programs of ours have: Ctrl-C is this process's to pass on.
      detached: process.platform !== 'win32',
    },
  );
  const url = `http://127.0.0.1:${port}`;
  const stop = stopperOf(child);
  try {
    await untilAnswering(child, url);
  } catch (error) {
    await stop(0);
    throw error;
  }
  const pid = child.pid ?? -1;
  // Switched off by the configurations here: several run side by side.
  const readMetrics = (): Promise<undefined> => Promise.resolve(undefined);
  return { pid, cpu: createCpuMeter(pid), url, readMetrics, stop };
}

function stopperOf(child: ChildProcess): CollectorUnderTest['stop'] {
  return async (limitMs = STOP_LIMIT_MS) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    await ended;
    clearTimeout(timer);
  };
}

async function untilAnswering(child: ChildProcess, url: string): Promise<void> {
  let lastLines = '';
  let hasEnded = false;
  child.stderr?.on('data', (chunk: Buffer) => (lastLines = (lastLines + chunk.toString('utf8')).slice(-2000)));
  child.once('error', (error) => {
    lastLines = error.message;
    hasEnded = true;
  });
  child.once('exit', () => (hasEnded = true));
  const isOver = (): boolean => hasEnded;
  const deadlineMs = performance.now() + READY_LIMIT_MS;
  while (performance.now() < deadlineMs && !isOver()) {
    const answer = await fetch(`${url}/v1/traces`, { method: 'POST' }).catch(() => undefined);
    if (answer !== undefined) return;
    await sleep(READY_LOOK_MS);
  }
  throw new NotHeldError(`OTELCOL_BIN does not run: ${lastLines.trim() || 'nobody listened'}`);
}

/** "0.158.0": its OTLP receiver's, since a collector that somebody built has no version of its own. Throws a NotHeldError where it does not run. */
export async function readOtelcolVersion(binary: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['components'], { timeout: READY_LIMIT_MS });
    return /otlpreceiver v(\S+)/.exec(stdout)?.[1] ?? 'of an unknown version';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NotHeldError(`OTELCOL_BIN=${binary} cannot be started: ${reason}`, { cause: error });
  }
}
