import { formatCounted, formatNumber } from '../report/format.ts';
import { describeRegime } from '../report/notes.ts';
import type { NamedRun } from '../overhead/save.ts';
import type { Pool, WorkloadPool } from './pool-runs.ts';

export function poolTitle({ workload, path }: WorkloadPool): string {
  return `What tracing costs on many machines: ${workload} (${path})`;
}

/** The machines by number, as the tables name them. */
export function machineLines({ machines, workloads }: Pool): string[] {
  return machines.map(({ file, startedAt, machine }, index) => {
    const noise = workloads.map(({ workload, noise, baseline }) => {
      const own = noise[index] ?? null;
      if (own === null) return `${workload}: no complete round`;
      const { widthPercent, baselineUs } = own;
      const width = widthPercent === null ? 'no interval' : `${formatNumber(widthPercent)} % wide`;
      return `${workload}: ${formatNumber(baselineUs)} µs ${baseline}, control row ${width}`;
    });
    const about = `${machine.cpuModel}, ${machine.cores} cores, governor ${machine.governor ?? 'not told'}, Node ${machine.node}`;
    return `${index + 1} ${about}; ${startedAt}; ${[...noise, file].join('; ')}`;
  });
}

/** What should be known before the figures. */
export function poolWarnings(pool: Pool, runs: readonly NamedRun[]): string[] {
  const warnings = [...sameMachines(pool), ...loads(runs)];
  const incomplete = runs.filter(({ result }) => !result.complete).map(({ file }) => file);
  if (incomplete.length > 0) warnings.push(`INCOMPLETE: ${incomplete.join(', ')} ended early.`);
  for (const { workload, noise, alone, rows } of pool.workloads) {
    const noisy = noise.flatMap((own, index) => (own?.isTooNoisy === true ? [index + 1] : []));
    if (noisy.length > 0)
      warnings.push(
        `TOO NOISY for a verdict of ${noisy.length === 1 ? 'its' : 'their'} own on ${workload}: machine ${noisy.join(', ')}. With an interval as wide as that noise they count for little, and are not left out.`,
      );
    if (noise.some((own) => own === null || own.widthPercent === null))
      warnings.push(`NOT POOLED on ${workload}: machines with less than two restarts have no interval.`);
    if (alone.length > 0)
      warnings.push(`NOT POOLED on ${workload}, since less than two machines have it: ${alone.join(', ')}.`);
    if (rows.length === 0) warnings.push(`NOTHING TO POOL on ${workload}.`);
  }
  return warnings;
}

/** Cannot be told from two laptops of one model, so it is said and not refused. */
function sameMachines({ machines }: Pool): string[] {
  const alike = Map.groupBy(machines.entries(), ([, { machine }]) =>
    JSON.stringify([machine.cpuModel, machine.cores, machine.memoryBytes, machine.platform]),
  );
  return [...alike.values()]
    .filter((group) => group.length > 1)
    .map(
      (group) =>
        `ONE MACHINE? ${group.map(([index]) => index + 1).join(', ')} describe the same processor and memory: two runs of one machine are not two machines, and make the interval too narrow.`,
    );
}

function loads(runs: readonly NamedRun[]): string[] {
  const regimes = new Set(runs.map(({ result }) => describeRegime(result.regime)));
  return regimes.size > 1 ? [`DIFFERENT LOADS: ${[...regimes].join(' against ')}.`] : [];
}

export function poolNotes({ machines }: Pool): string[] {
  return [
    `Pooled: random effects over ${formatCounted(machines.length, 'machine')}, each weighted by its own noise and by how much machines differ (tau² of Paule and Mandel, interval of Hartung and Knapp, t of machines - 1). Intervals of single rows: 95 % each, not corrected for their number.`,
    'Per cent is the figure to quote: a slow machine takes more microseconds for everything, for the baseline too. It is pooled as the logarithm of the ratio to the baseline; microseconds as they are.',
    'Tau: by how much true values differ from machine to machine (a standard deviation). I²: the share of the seen differences that the machines’ own noise does not explain; with few machines it is hardly known itself.',
    'A further machine: where 95 % of machines like these would be. The interval of the mean says less: only where their mean is.',
    'Each machine: mean over its restarts, t interval. What two equal sets differ by for a whole run (its control row) is part of tau.',
  ];
}
