import { describeEnd, NotHeldError } from '@tracelab/command';
import type { LaunchedProgram, ProgramEnd } from '@tracelab/command';
import type { ProcessReport, ProcessStatus } from '@tracelab/protocol';
import { restartDelayMs } from './restart-policy.ts';

/** Enough for an error with its stack; the whole is in the log. */
const LAST_LINES_MAX = 12;
const LINE_CHARS_MAX = 200;

/** A program that shall run as long as the lab does. */
export interface KeptProgram {
  name: string;
  launch: () => LaunchedProgram;
}

export interface KeeperHost {
  /** Says something to the user, at once. */
  report: (text: string) => void;
  /** A program that died is ready again. */
  onReturn: (name: string) => void;
  nowMs: () => number;
  /** Starts a timer and gives its cancel. Injected, so that tests own the time. */
  after: (ms: number, act: () => void) => () => void;
}

/**
 *   starting --ready--> ready --death--> restarting --timer--> starting
 *      |                                     |
 *      | death before it was ever ready      | too many deaths
 *      v                                     v
 *   stopped <----------- stop() --------- stopped
 */
export interface Keeper {
  readonly name: string;
  /** Rejects with a NotHeldError where the program ends before it was ever ready: such a start would fail again. */
  readonly firstReady: Promise<void>;
  describe: () => ProcessReport;
  /** Ends it, whatever it is doing, and never starts it again. */
  stop: () => Promise<void>;
}

export function keepAlive(program: KeptProgram, host: KeeperHost): Keeper {
  const { promise: firstReady, resolve: markReady, reject: failStart } = Promise.withResolvers<void>();
  const deathTimesMs: number[] = [];
  let status: ProcessStatus = 'starting';
  let restarts = 0;
  let wasReady = false;
  let isStopping = false;
  let cancelRestart: () => void = () => {};
  let current: LaunchedProgram | undefined;

  const start = (): void => {
    const launched = wasReady ? launchAgain(program) : program.launch();
    if (launched instanceof Error) return onEnd({ code: null, signal: null, lastLines: launched.message });
    current = launched;
    launched.ready.then(onReady, () => {});
    void launched.exited.then(onEnd);
  };

  const onReady = (): void => {
    status = 'ready';
    if (wasReady) host.onReturn(program.name);
    wasReady = true;
    markReady();
  };

  const onEnd = (end: ProgramEnd): void => {
    current = undefined;
    if (isStopping) return;
    if (wasReady) return restart(end);
    status = 'stopped';
    failStart(new NotHeldError(`${program.name} ended before it was ready (${describeEnd(end)})${lastLines(end)}`));
  };

  const restart = (end: ProgramEnd): void => {
    deathTimesMs.push(host.nowMs());
    if (deathTimesMs.length > 10) deathTimesMs.shift();
    const delayMs = restartDelayMs(deathTimesMs, host.nowMs());
    const died = `${program.name} died (${describeEnd(end)})`;
    status = delayMs === undefined ? 'stopped' : 'restarting';
    if (delayMs === undefined)
      return host.report(`${died} once too often within a minute: it stays stopped, the rest goes on${lastLines(end)}`);
    host.report(`${died}: it is started again in ${delayMs / 1_000} s, the rest goes on${lastLines(end)}`);
    restarts++;
    cancelRestart = host.after(delayMs, start);
  };

  start();
  // Whoever stops before all are ready need not handle this one.
  firstReady.catch(() => {});
  return {
    name: program.name,
    firstReady,
    describe: () => ({ name: program.name, status, restarts, ...(current === undefined ? {} : { pid: current.pid }) }),
    stop: async () => {
      isStopping = true;
      cancelRestart();
      await current?.stop();
      status = 'stopped';
    },
  };
}

/** A restart that fails before there is a process, as where the log cannot be opened, is a death like any other. */
function launchAgain(program: KeptProgram): LaunchedProgram | Error {
  try {
    return program.launch();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function lastLines(end: ProgramEnd): string {
  if (end.lastLines === '') return '';
  const lines = end.lastLines.split('\n').slice(-LAST_LINES_MAX);
  return `. Its last lines:\n${lines.map((line) => `    ${line.slice(0, LINE_CHARS_MAX)}`).join('\n')}`;
}
