import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

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
    if (process.ppid === parent && ancestors.every(isAlive)) return;
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

interface ProcessDescription {
  command: string;
  state: string;
  parentPid: number;
}

function describeProcess(pid: number): ProcessDescription | undefined {
  try {
    return process.platform === 'linux' ? describeFromProc(pid) : describeFromPs(pid);
  } catch {
    return undefined;
  }
}

function describeFromProc(pid: number): ProcessDescription {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The command stands in parentheses and may hold blanks and parentheses itself: proc(5).
  const end = stat.lastIndexOf(')');
  const [state = '', parentPid = '0'] = stat.slice(end + 2).split(' ');
  return { command: stat.slice(stat.indexOf('(') + 1, end), state, parentPid: Number(parentPid) };
}

function describeFromPs(pid: number): ProcessDescription | undefined {
  if (process.platform === 'win32') return undefined;
  const line = execFileSync('ps', ['-o', 'ppid=,state=,comm=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  const [parentPid = '0', state = '', command = ''] = line.split(/\s+/);
  return { command: command.replace(/^.*\//, ''), state, parentPid: Number(parentPid) };
}

function isAlive(pid: number): boolean {
  // A killed process that nobody has reaped still answers signal 0; its state tells (proc(5)).
  if (process.platform === 'linux') {
    const state = describeProcess(pid)?.state;
    return state !== undefined && state !== 'Z' && state !== 'X';
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
