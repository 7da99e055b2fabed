import { hasInEnvironment, readProcesses, type ProcessRow } from './process-table.ts';

/** A process and all that descend from it. */
export interface ProcessTree {
  /** User and system time of all of them since they started, of those that ended too. Never falls. */
  cpuUs: () => number;
  /** Those that run now, the first process included. */
  running: () => ProcessRow[];
}

export interface TreeSource {
  read: () => readonly ProcessRow[];
  /** Whether a process has the mark that the first one was started with in its environment: a daemon that left everything else behind. */
  isMarked: (pid: number) => boolean;
}

/** Of this machine; every process that has the text in the environment that it was started with belongs to the tree. */
export function machineSource(mark: string): TreeSource {
  return { read: readProcesses, isMarked: (pid) => hasInEnvironment(pid, mark) };
}

/**
 * Finds the descendants anew at each look: children of children, whatever is in the session of the first process or has its
 * mark, and whoever was found before. CPU of a process that ended is in the books of the parent that waited for it; of one
 * whose parent had gone before, what it had used at the last look is kept.
 */
export function watchTree(rootPid: number, { read, isMarked }: TreeSource): ProcessTree {
  let members: readonly ProcessRow[] = [];
  let departedUs = 0;
  const look = (): readonly ProcessRow[] => {
    const rows = read();
    const known = new Set(members.map(keyOf));
    const isSeed = (row: ProcessRow): boolean =>
      row.pid === rootPid || row.sessionId === rootPid || known.has(keyOf(row)) || isMarked(row.pid);
    const found = withDescendants(rows, rows.filter(isSeed));
    departedUs += cpuOfOrphansGone(members, found);
    members = found;
    return members;
  };
  return {
    cpuUs: () => look().reduce((sum, row) => sum + row.cpuUs + row.reapedCpuUs, departedUs),
    running: () => look().filter(({ isRunning }) => isRunning),
  };
}

function withDescendants(rows: readonly ProcessRow[], first: readonly ProcessRow[]): ProcessRow[] {
  const children = Map.groupBy(rows, (row) => row.parentPid);
  const found = new Map<number, ProcessRow>();
  const open = [...first];
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    if (found.has(row.pid)) continue;
    found.set(row.pid, row);
    open.push(...(children.get(row.pid) ?? []));
  }
  return [...found.values()];
}

/** Whoever had no parent among the members was waited for by nobody of them. */
function cpuOfOrphansGone(before: readonly ProcessRow[], now: readonly ProcessRow[]): number {
  const keys = new Set(now.map(keyOf));
  const parents = new Set(before.map(({ pid }) => pid));
  return before
    .filter((row) => !keys.has(keyOf(row)) && !parents.has(row.parentPid))
    .reduce((sum, row) => sum + row.cpuUs + row.reapedCpuUs, 0);
}

/** Ids are used again: the start tells two processes of one id apart. */
function keyOf({ pid, startedAt }: ProcessRow): string {
  return `${pid} ${startedAt}`;
}
