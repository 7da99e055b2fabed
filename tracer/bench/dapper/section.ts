import { bootstrapMedian, median } from '@tracelab/model';
import type { Interval } from '@tracelab/model';
import type { Random } from '@tracelab/protocol';
import { formatInterval } from '../report/format.ts';
import type { Preset, SectionContext, SectionReport } from '../section.ts';
import { measureOperations } from './measure-operations.ts';
import type { DapperPlan, DapperRounds, OperationRound, Sides } from './measure-operations.ts';
import { DAPPER_OPERATIONS } from './operations.ts';
import type { DapperOperation } from './operations.ts';

const PLANS: Record<Preset, DapperPlan> = {
  quick: { rounds: 10, blockMs: 6, warmUpMs: 40 },
  full: { rounds: 30, blockMs: 20, warmUpMs: 200 },
};

/** Nanoseconds of CPU for one operation. */
export interface DapperRow {
  name: string;
  title: string;
  dapperNs: number | undefined;
  labNs: Interval;
  sdkNs: Interval;
  sdkUnencodedNs: Interval;
  /** What the SDK, measured twice, differs from itself by. */
  controlNs: Interval;
  /** What reading the clock as often as the operation has to costs. */
  floorNs: number;
}

/** Dapper's table of what one span costs (4.1), with ours and the official SDK's beside it. */
export async function runDapper(context: SectionContext): Promise<SectionReport> {
  const plan = PLANS[context.preset];
  const rows = rowsOf(await measureOperations(DAPPER_OPERATIONS, plan, context), context.random);
  return {
    title: 'dapper: what one span and one annotation cost, nanoseconds of CPU',
    table: {
      headings: [
        'operation',
        'Dapper 2010',
        'lab ns [95 %]',
        'SDK ns [95 %]',
        'SDK ns, not encoded [95 %]',
        'SDK again - SDK (control)',
        'clock reads’ floor',
      ],
      rows: rows.map(cellsOf),
    },
    notes: [
      'Dapper 2010, 4.1: theirs, on a 2.2 GHz x86 of 2010, in C++: no ratio of theirs to ours means anything',
      'a sampled span of lab and SDK ends as OTLP bytes: ours in end(), the SDK’s when its batch is full; "not encoded" drops the batch',
      `an annotation: spans with many (${countsOf(DAPPER_OPERATIONS)}) less spans without, for each; of a sampled span with its share of the bytes`,
      `the bench’s own loop is taken off everywhere; ${plan.rounds} rounds of blocks of ${plan.blockMs} ms`,
      'a difference smaller than the control’s interval is no difference',
    ],
    json: { plan: { ...plan }, rows },
  };
}

export function rowsOf({ floor, operations }: DapperRounds, random: Random): DapperRow[] {
  const clockReadNs = median(floor.map(addedBy)) / 2;
  return operations.map(({ operation: { name, title, dapperNs, clockReads, count }, rounds }) => {
    const costOf = (cost: (round: OperationRound) => number): Interval =>
      bootstrapMedian(
        rounds.map((round) => cost(round) / count),
        { random },
      );
    return {
      name,
      title,
      dapperNs,
      labNs: costOf(({ lab }) => addedBy(lab)),
      sdkNs: costOf(({ sdk }) => addedBy(sdk)),
      sdkUnencodedNs: costOf(({ sdkUnencoded }) => addedBy(sdkUnencoded)),
      controlNs: costOf(({ control, sdk }) => addedBy(control) - addedBy(sdk)),
      floorNs: clockReads * clockReadNs,
    };
  });
}

function addedBy(sides: Sides): number {
  return sides.with - sides.without;
}

function cellsOf({ title, dapperNs, labNs, sdkNs, sdkUnencodedNs, controlNs, floorNs }: DapperRow): string[] {
  return [
    title,
    dapperNs === undefined ? '-' : String(dapperNs),
    ...[labNs, sdkNs, sdkUnencodedNs, controlNs].map((interval) => formatInterval(interval, formatNs)),
    floorNs === 0 ? '-' : floorNs.toFixed(0),
  ];
}

/** One decimal below 10 ns, which is where an unsampled span's annotations lie. */
function formatNs(ns: number): string {
  return ns.toFixed(Math.abs(ns) < 9.95 ? 1 : 0);
}

/** "64 or 8" */
function countsOf(operations: readonly DapperOperation[]): string {
  return [...new Set(operations.map(({ count }) => count))].filter((count) => count > 1).join(' or ');
}
