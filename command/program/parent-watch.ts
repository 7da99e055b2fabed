import { execFileSync } from 'node:child_process';
import { isProcessAlive, readProcessStat, type ProcessStat } from '../measure/process-stat.ts';

const POLL_MS = 250;
const SHELLS = /^-?(sh|dash|bash|zsh|ash|busybox)$/;
const ANCESTORS_MAX = 4;

/**
 * Calls back once when the process that started this one is gone. `kill` of npm's own process sends nothing to its
 * child, and npm may have put a shell in between that outlives it, so the shells' parents are watched as well.
 */
export function watchParent(onGone: () => void): () => void {
  if (process.send !== undefined) {
    process.once('disconnect', onGone);
    return () => process.off('disconnect', onGone);
  }
  // Only npm's children watch: a process started by hand may well outlive its shell (nohup).
  if (process.env['npm_lifecycle_event'] === undefined) return () => {};
  const parent = process.ppid;
  const ancestors = ancestorsThroughShells(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && ancestors.every(isProcessAlive)) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function ancestorsThroughShells(parent: number): number[] {
  const pids = [parent];
  for (let pid = parent; pids.length < ANCESTORS_MAX;) {
    const found = describeProcess(pid);
    if (found === undefined || !SHELLS.test(found.command) || found.parentPid <= 1) break;
    pid = found.parentPid;
    pids.push(pid);
  }
  return pids;
}

type ProcessDescription = Pick<ProcessStat, 'command' | 'parentPid'>;

function describeProcess(pid: number): ProcessDescription | undefined {
  return process.platform === 'linux' ? readProcessStat(pid) : describeFromPs(pid);
}

function describeFromPs(pid: number): ProcessDescription | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    const line = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [parentPid = '0', command = ''] = line.split(/\s+/);
    return { command: command.replace(/^.*\//, ''), parentPid: Number(parentPid) };
  } catch {
    return undefined;
  }
}
