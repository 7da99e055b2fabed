import { collectOutput, describeEnd, NotHeldError, waitForEnd } from '@tracelab/command';
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { machineSource, watchTree, type ProcessTree } from './process-tree.ts';

/** Somebody else's service, run by a shell, with all the processes that it starts. */
export interface ServiceProcess {
  readonly tree: ProcessTree;
  /** Why it is gone, with its last lines; undefined while it runs. */
  deathOf: () => Promise<string | undefined>;
  /** What it printed last, indented, on lines of its own; empty where that is nothing. */
  lastLines: () => string;
  /** Asks every process of it to end and kills after the limit (STOP_LIMIT_MS unless told) what did not. Throws a NotHeldError where one survives that. */
  stop: (limitMs?: number) => Promise<void>;
}

/** Between the request to end and the kill. */
const STOP_LIMIT_MS = 3000;
/** A killed process is gone as soon as the kernel lets it: later than this it hangs in a device. */
const KILL_LIMIT_MS = 2000;
const LOOK_MS = 20;
/** For output that a process which nobody can find keeps open. */
const OUTPUT_LIMIT_MS = 1000;
/** Of the output of a service that went wrong. */
const LINES_MAX = 20;
/** In the environment of every process of a service, to find those that leave their session and their parent. */
const MARK_VARIABLE = 'TRACELAB_SERVICE';

/** In a session of its own, so that Ctrl-C does not reach it and its descendants are known by it. */
export function startService(command: string, env: NodeJS.ProcessEnv): ServiceProcess {
  const mark = randomUUID();
  const child = spawn('sh', ['-c', command], {
    env: { ...env, [MARK_VARIABLE]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const tail = collectOutput(child);
  const ended = waitForEnd(child, 'sh', { lastLines: tail });
  const { pid } = child;
  if (pid === undefined) throw new NotHeldError('sh could not be started: --command needs a POSIX shell');
  const guard = guardAgainstOurEnd(pid, mark);
  const tree = watchTree(pid, machineSource(mark));
  const lastLines = (): string => indent(tail());
  const stop = async (limitMs = STOP_LIMIT_MS): Promise<void> => {
    await endTree(tree, limitMs);
    guard.kill('SIGKILL');
    await Promise.race([ended, sleep(OUTPUT_LIMIT_MS, undefined, { ref: false })]);
  };
  return {
    tree,
    lastLines,
    deathOf: async () => {
      if (child.exitCode === null && child.signalCode === null) return undefined;
      // What it left behind may hold its output open: only without it are the last lines complete.
      await stop();
      return `ended (${describeEnd({ code: child.exitCode, signal: child.signalCode })})${lastLines()}`;
    },
    stop,
  };
}

function indent(text: string): string {
  if (text === '') return '';
  const lines = text.split('\n').slice(-LINES_MAX);
  return lines.map((line) => `\n  ${line}`).join('');
}

/** Waits until this process is gone, however it went, and kills what it started then: nobody else would. */
function guardAgainstOurEnd(groupId: number, mark: string): ChildProcess {
  const script = `read -r line
    kill -s KILL -- -${groupId}
    for file in $(grep -lsF ${mark} /proc/[0-9]*/environ); do pid=\${file#/proc/}; kill -s KILL "\${pid%/environ}"; done`;
  const guard = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.on('error', () => {});
  guard.unref();
  return guard;
}

async function endTree(tree: ProcessTree, limitMs: number): Promise<void> {
  if (await isGoneAfter(tree, 'SIGTERM', limitMs)) return;
  if (await isGoneAfter(tree, 'SIGKILL', KILL_LIMIT_MS)) return;
  const pids = tree.running().map(({ pid }) => pid);
  if (pids.length > 0) throw new NotHeldError(`these processes of the service survived SIGKILL: ${pids.join(', ')}`);
}

/** Sends the signal once to every process, those that are started meanwhile included. */
async function isGoneAfter(tree: ProcessTree, signal: NodeJS.Signals, limitMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + limitMs;
  const asked = new Set<number>();
  for (;;) {
    const running = tree.running();
    if (running.length === 0) return true;
    if (performance.now() > deadlineMs) return false;
    for (const { pid } of running) {
      if (!asked.has(pid)) sendSignal(pid, signal);
      asked.add(pid);
    }
    await sleep(LOOK_MS);
  }
}

/** A process that ended since the look is what is wanted. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
