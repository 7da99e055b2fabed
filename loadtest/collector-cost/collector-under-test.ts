import {
  createCpuMeter,
  freePorts,
  launchProgram,
  NotHeldError,
  type CpuMeter,
  type LaunchedProgram,
} from '@tracelab/command';
import type { CollectorName } from '@tracelab/protocol';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { otelcolConfig, tracelabConfig } from './collector-configs.ts';

/** A real process with a configuration and a data folder of its own, listening on free ports of loopback. */
export interface CollectorUnderTest {
  readonly name: CollectorName;
  readonly pid: number;
  readonly cpu: CpuMeter;
  /** Of OTLP over HTTP. */
  readonly url: string;
  /** What it counts of its undecided spans, in bytes; undefined where it counts none. */
  readCountedBytes: () => Promise<number | undefined>;
  /** Asks it to end and kills it after the limit; resolves when it is gone. */
  stop: (limitMs?: number) => Promise<void>;
}

export interface CollectorStart {
  /** Empty and of its own. */
  folder: string;
  decisionWaitS: number;
  /** Where the OpenTelemetry Collector delivers what it keeps. */
  sinkUrl: string;
  /** The OpenTelemetry Collector's binary; of no use to ours. */
  otelcolBinary: string;
}

const READY_LIMIT_MS = 20_000;
const READY_LOOK_MS = 100;
const STOP_LIMIT_MS = 5000;
/** No bound of memory that a measurement could meet. */
const PENDING_MEBIBYTES_MAX = '8192';

export async function startCollector(name: CollectorName, start: CollectorStart): Promise<CollectorUnderTest> {
  await mkdir(start.folder, { recursive: true });
  return name === 'tracelab' ? startTracelab(start) : startOtelcol(start);
}

async function startTracelab({ folder, decisionWaitS }: CollectorStart): Promise<CollectorUnderTest> {
  const [otlpPort, queryPort] = await freePorts(2);
  const config = join(folder, 'collector.yaml');
  await writeFile(config, tracelabConfig(decisionWaitS));
  const program = launchProgram({
    name: 'collector',
    file: 'collector/main.ts',
    args: ['--config', config, '--data', folder, '--pending-mebibytes-max', PENDING_MEBIBYTES_MAX],
    env: {
      LAB_HOST: '127.0.0.1',
      LAB_PORT_BASE: '',
      NODE_OPTIONS: '',
      COLLECTOR_HTTP_PORT: String(otlpPort),
      COLLECTOR_QUERY_PORT: String(queryPort),
      COLLECTOR_LOG_LEVEL: 'warn',
    },
  });
  return whenReady(program, { otlp: `http://127.0.0.1:${otlpPort}`, query: `http://127.0.0.1:${queryPort}` });
}

async function whenReady(program: LaunchedProgram, urls: { otlp: string; query: string }): Promise<CollectorUnderTest> {
  try {
    await program.ready;
  } catch (error) {
    await program.stop();
    throw error;
  }
  const { pid } = program;
  const stop = async (limitMs?: number): Promise<void> => void (await program.stop(limitMs));
  const readCountedBytes = (): Promise<number | undefined> => readPendingBytes(urls.query);
  return { name: 'tracelab', pid, cpu: createCpuMeter(pid), url: urls.otlp, readCountedBytes, stop };
}

async function readPendingBytes(queryUrl: string): Promise<number | undefined> {
  const metrics = await (await fetch(`${queryUrl}/metrics`)).text();
  const value = /^collector_pending_bytes (\S+)$/m.exec(metrics)?.[1];
  return value === undefined ? undefined : Number(value);
}

async function startOtelcol(start: CollectorStart): Promise<CollectorUnderTest> {
  const [port = 0] = await freePorts(1);
  const config = join(start.folder, 'otelcol.yaml');
  await writeFile(config, otelcolConfig({ port, decisionWaitS: start.decisionWaitS, sinkUrl: start.sinkUrl }));
  // One core, as ours has one thread that decides: what a second one adds costs more a span.
  const child = spawn(start.otelcolBinary, ['--config', config], {
    env: { ...process.env, GOMAXPROCS: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, as programs of ours have: Ctrl-C is this process's to pass on.
    detached: process.platform !== 'win32',
  });
  const url = `http://127.0.0.1:${port}`;
  const pid = child.pid ?? -1;
  const collector: CollectorUnderTest = {
    name: 'otelcol',
    pid,
    cpu: createCpuMeter(pid),
    url,
    // It bounds traces, not bytes.
    readCountedBytes: async () => undefined,
    stop: stopperOf(child),
  };
  try {
    await untilAnswering(child, url);
  } catch (error) {
    await collector.stop(0);
    throw error;
  }
  return collector;
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
