import { createCpuMeter, freePorts, NotHeldError } from '@tracelab/command';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { discardConfig, otelcolConfig, routerConfig } from './collector-configs.ts';
import type { CollectorStart, CollectorUnderTest } from './collector-process.ts';

const READY_LIMIT_MS = 20_000;
const READY_LOOK_MS = 100;
const STOP_LIMIT_MS = 5000;

/** An OpenTelemetry Collector that samples and sends on what it keeps. */
export async function startOtelcol({ decisionWaitS, sinkUrl, ...start }: CollectorStart): Promise<CollectorUnderTest> {
  const [port = 0] = await freePorts(1);
  const config = otelcolConfig({ port, decisionWaitS, sinkUrl });
  return startBinary({ name: 'otelcol', port, config, ...start });
}

/** One that only sends every span to the sampler of its trace: two of them, which throw away what they get, in a process of their own. */
export async function startOtelcolRouter(start: CollectorStart): Promise<CollectorUnderTest> {
  const [port = 0, discardPort = 0, ...samplerPorts] = await freePorts(4);
  const discard = await startBinary({
    name: 'otelcol-router',
    port: discardPort,
    config: discardConfig({ port: discardPort, samplerPorts }),
    file: 'discard.yaml',
    ...start,
  });
  try {
    const config = routerConfig({ port, samplerPorts });
    const router = await startBinary({ name: 'otelcol-router', port, config, ...start });
    const stop = async (limitMs?: number): Promise<void> => {
      await router.stop(limitMs);
      await discard.stop(limitMs);
    };
    return { ...router, stop };
  } catch (error) {
    await discard.stop(0);
    throw error;
  }
}

interface BinaryStart {
  name: CollectorUnderTest['name'];
  otelcolBinary: string;
  folder: string;
  config: string;
  /** @default otelcol.yaml */
  file?: string;
  /** Of its OTLP over HTTP. */
  port: number;
}

async function startBinary(start: BinaryStart): Promise<CollectorUnderTest> {
  const config = join(start.folder, start.file ?? 'otelcol.yaml');
  await writeFile(config, start.config);
  // One core, as ours has one thread that decides: what a second one adds costs more a span.
  const child = spawn(start.otelcolBinary, ['--config', config], {
    env: { ...process.env, GOMAXPROCS: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, as programs of ours have: Ctrl-C is this process's to pass on.
    detached: process.platform !== 'win32',
  });
  const url = `http://127.0.0.1:${start.port}`;
  const stop = stopperOf(child);
  try {
    await untilAnswering(child, url);
  } catch (error) {
    await stop(0);
    throw error;
  }
  const pid = child.pid ?? -1;
  // It bounds traces, not bytes.
  const readCountedBytes = (): Promise<undefined> => Promise.resolve(undefined);
  return { name: start.name, pid, cpu: createCpuMeter(pid), url, readCountedBytes, stop };
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
