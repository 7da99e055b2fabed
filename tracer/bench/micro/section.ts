import { bootstrapMedian, median } from '@tracelab/model';
import type { Interval } from '@tracelab/model';
import { formatInterval, formatRatio, formatTarget } from '../report/format.ts';
import type { Preset, SectionContext, SectionReport } from '../section.ts';
import { measureMicro } from './measure-micro.ts';
import type { MicroPlan, MicroRound } from './measure-micro.ts';
import type { SpanCase } from './span-case.ts';
import { casesNamed } from './span-cases.ts';

const PLANS: Record<Preset, Omit<MicroPlan, 'cases'>> = {
  quick: { rounds: 12, blockMs: 12, warmUpMs: 120 },
  full: { rounds: 40, blockMs: 30, warmUpMs: 600 },
};

/** Nanoseconds of CPU for each operation, and its ratio to the official SDK's. */
export interface MicroRow {
  name: string;
  title: string;
  labNs: number;
  sdkNs: number;
  ratio: Interval;
  controlRatio: Interval;
  floorRatio: number;
  ratioMax: number | undefined;
}

export async function runMicro(context: SectionContext): Promise<SectionReport> {
  const plan = { ...PLANS[context.preset], cases: casesNamed(context.caseNames) };
  const { floorNs, cases } = await measureMicro(plan, context);
  const floor = median(floorNs);
  const rows = cases.map(({ case: spanCase, rounds }) => rowOf(spanCase, rounds, { floor, context }));
  return {
    title: 'micro: CPU of one operation, spans to OTLP bytes',
    table: {
      headings: ['case', 'lab ns', 'SDK ns', 'lab / SDK [95 %]', 'SDK / SDK (control)', 'x floor', 'target'],
      rows: rows.map(cellsOf),
    },
    notes: [
      `floor: two clock reads, ${floor.toFixed(0)} ns; ${plan.rounds} rounds of blocks of ${plan.blockMs} ms`,
      'a difference smaller than the control’s interval is no difference',
    ],
    json: { floorNs: floor, plan: { ...PLANS[context.preset] }, rows },
  };
}

function rowOf(
  { name, title, ratioMax }: SpanCase,
  rounds: readonly MicroRound[],
  { floor, context: { random } }: { floor: number; context: SectionContext },
): MicroRow {
  const labNs = median(rounds.map(({ lab }) => lab));
  return {
    name,
    title,
    labNs,
    sdkNs: median(rounds.map(({ sdk }) => sdk)),
    ratio: bootstrapMedian(
      rounds.map(({ lab, sdk }) => lab / sdk),
      { random },
    ),
    controlRatio: bootstrapMedian(
      rounds.map(({ control, sdk }) => control / sdk),
      { random },
    ),
    floorRatio: labNs / floor,
    ratioMax,
  };
}

function cellsOf({ title, labNs, sdkNs, ratio, controlRatio, floorRatio, ratioMax }: MicroRow): string[] {
  return [
    title,
    labNs.toFixed(0),
    sdkNs.toFixed(0),
    formatInterval(ratio, formatRatio),
    formatInterval(controlRatio, formatRatio),
    floorRatio.toFixed(1),
    formatTarget(ratio, ratioMax),
  ];
}
