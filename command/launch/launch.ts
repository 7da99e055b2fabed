import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { NotHeldError } from '../program/outcome.ts';
import { openLogFile, type LogFile } from './log-file.ts';
import { projectRoot } from './places.ts';

/** How long a program gets between the request to end and the kill. */
const STOP_LIMIT_MS = 5000;
const LAST_LINES_CHARS_MAX = 4000;

export interface Launch {
  name: string;
  /** Relative to the project's root, or absolute. */
  file: string;
  args?: readonly string[];
  /** Arguments of node itself, such as those that load the tracer. */
  nodeArgs?: readonly string[];
  /** Added to this process's environment. */
  env?: Readonly<Record<string, string>>;
  /** Gets what the program prints; without it only the last lines are kept. */
  logFile?: string;
}

export interface ReadyReport {
  url?: string;
}

export interface ProgramEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The end of what it printed, for the message about its death. */
  lastLines: string;
}

/** A program of ours that runs as a child: it says when it is ready, and ends by itself when this process is gone. */
export interface LaunchedProgram {
  readonly name: string;
  readonly pid: number;
  /** Rejects with a NotHeldError and the last lines where the program ends before it is ready. */
  readonly ready: Promise<ReadyReport>;
  readonly exited: Promise<ProgramEnd>;
  /** Asks it to end, kills it after the limit (STOP_LIMIT_MS unless told); resolves when it is gone. */
  stop: (limitMs?: number) => Promise<ProgramEnd>;
}

const READY_MESSAGE = 'tracelab.ready';
/** Children start from V8's cache and never load the type stripper: docs/decisions/003. */
const COMPILE_CACHE = resolve(projectRoot, '.tracelab', 'compile-cache');

export function launchProgram(launch: Launch): LaunchedProgram {
  // First of all: where the log cannot be written, nothing is started.
  const log = launch.logFile === undefined ? undefined : openLogFile(launch.logFile);
  const child = spawn(
    process.execPath,
    [...(launch.nodeArgs ?? []), resolve(projectRoot, launch.file), ...(launch.args ?? [])],
    {
      cwd: projectRoot,
      env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env, ...launch.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C goes to the supervisor alone, which ends its children in order.
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
  const lastLines = collectOutput(child, log);
  const exited = waitForEnd(child, launch.name, { log, lastLines });
  const ready = waitUntilReady(child, launch.name, exited);
  return {
    name: launch.name,
    pid: child.pid ?? -1,
    ready,
    exited,
    stop: (limitMs) => stopChild(child, exited, limitMs),
  };
}

/** Says to the process that launched this one that it is ready to work; a no-op where nobody did. */
export function announceReady(report: ReadyReport = {}): void {
  process.send?.({ type: READY_MESSAGE, ...report });
}

/** Keeps the end of what a child prints, which the returned function gives; all of it goes to the log where there is one. */
export function collectOutput(child: ChildProcess, log?: LogFile): () => string {
  let tail = '';
  const collect = (chunk: Buffer): void => {
    log?.write(chunk);
    tail = (tail + chunk.toString('utf8')).slice(-LAST_LINES_CHARS_MAX);
  };
  for (const stream of [child.stdout, child.stderr] as (Readable | null)[]) stream?.on('data', collect);
  return () => tail.trimEnd();
}

/** Resolves when a child is gone and whoever holds its output has closed it, or where it could not be started. */
export function waitForEnd(
  child: ChildProcess,
  name: string,
  output: { log?: LogFile | undefined; lastLines: () => string },
): Promise<ProgramEnd> {
  const { promise, resolve: settle } = Promise.withResolvers<ProgramEnd>();
  child.once('error', (error) => {
    output.log?.close();
    settle({ code: null, signal: null, lastLines: `${name} could not be started: ${error.message}` });
  });
  // 'close' comes after the streams have ended, so that the last lines are complete.
  child.once('close', (code, signal) => {
    output.log?.close();
    settle({ code, signal, lastLines: output.lastLines() });
  });
  return promise;
}

function waitUntilReady(child: ChildProcess, name: string, exited: Promise<ProgramEnd>): Promise<ReadyReport> {
  const { promise, resolve: settle, reject } = Promise.withResolvers<ReadyReport>();
  child.on('message', (message: unknown) => {
    if (isReadyMessage(message)) settle(message.url === undefined ? {} : { url: message.url });
  });
  void exited.then((end) =>
    reject(new NotHeldError(`${name} ended before it was ready (${describeEnd(end)}):\n${end.lastLines}`)),
  );
  // Whoever only waits for the end need not handle this one.
  promise.catch(() => {});
  return promise;
}

/** "exit code 1" or "signal SIGKILL". */
export function describeEnd(end: Pick<ProgramEnd, 'code' | 'signal'>): string {
  if (end.signal !== null) return `signal ${end.signal}`;
  return end.code === null ? 'not started' : `exit code ${end.code}`;
}

async function stopChild(
  child: ChildProcess,
  exited: Promise<ProgramEnd>,
  limitMs: number = STOP_LIMIT_MS,
): Promise<ProgramEnd> {
  if (child.exitCode !== null || child.signalCode !== null) return exited;
  // Windows has no SIGTERM: there the closed channel is the request, as it is when this process dies.
  if (process.platform === 'win32') child.disconnect();
  else child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  try {
    return await exited;
  } finally {
    clearTimeout(timer);
  }
}

function isReadyMessage(message: unknown): message is { url?: string } {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === READY_MESSAGE;
}
