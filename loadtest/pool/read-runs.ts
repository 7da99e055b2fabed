import { UsageError } from '@tracelab/command';
import type { OverheadResult } from '../overhead/result.ts';
import { isSameRun, readNamedRun, type NamedRun } from '../overhead/save.ts';

/** A class, not a census: every file is in memory at once. */
const FILES_MAX = 200;

/** Reads runs that may stand in one table; a UsageError names the two files that may not. */
export async function readRuns(files: readonly string[]): Promise<NamedRun[]> {
  if (files.length < 2 || files.length > FILES_MAX)
    throw new UsageError(
      `--pool needs 2 to ${FILES_MAX} saved results, one of each machine: was given ${files.length}`,
    );
  const runs: NamedRun[] = [];
  for (const file of files) runs.push(await readNamedRun(file));
  checkTogether(runs);
  return runs;
}

/** Throws a UsageError where a run is there twice, or measured something else than the first. */
export function checkTogether(runs: readonly NamedRun[]): void {
  const [first] = runs;
  if (first === undefined) return;
  for (const [index, run] of runs.entries()) {
    const twin = runs.slice(0, index).find((earlier) => isSameRun(earlier, run));
    if (twin !== undefined)
      throw new UsageError(
        `${twin.file} and ${run.file} are the same run, of ${run.result.startedAt}: give each machine once`,
      );
    const [wanted, was] = [subjectOf(first.result), subjectOf(run.result)];
    if (wanted !== was)
      throw new UsageError(
        `${first.file} measured ${wanted}, but ${run.file} ${was}: pool runs of the same comparison and workloads`,
      );
  }
}

/** "rates of hop and checkout against none" */
function subjectOf({ comparison, workloads, variants }: OverheadResult): string {
  const names = workloads.map(({ workload, path }) => (workload === 'service' ? `service ${path ?? ''}` : workload));
  return `${comparison} of ${names.toSorted().join(' and ') || 'nothing'} against ${variants[0]?.name ?? 'nothing'}`;
}
