import { bootstrapMedian, median } from '@tracelab/model';
import type { Interval } from '@tracelab/model';
import { shuffle } from '@tracelab/protocol';
import type { Random } from '@tracelab/protocol';
import { collectRounds } from '../collect-rounds.ts';
import { formatInterval } from '../report/format.ts';
import { COMPILE_CACHE, runChild } from '../run-child.ts';
import type { SectionContext, SectionReport } from '../section.ts';
import type { ContextCosts, ContextMode } from './context-costs.ts';

const ROUNDS = { quick: 3, full: 15 };
const MODES: readonly ContextMode[] = ['without', 'with'];

/** The row that each is compared with: a plain call, or an await where nothing carries a context. */
const BASELINES: Readonly<Record<string, 'call' | 'await'>> = {
  run: 'call',
  'run beside another storage': 'call',
  enterWith: 'call',
  getStore: 'call',
  'await, storage made': 'await',
  'await, inside run': 'await',
};

export interface ContextRow {
  name: string;
  ns: number;
  addedNs: Interval | undefined;
}

/** What the ways of carrying a context cost on this Node: the figures behind docs/decisions. */
export async function runContext(context: SectionContext): Promise<SectionReport> {
  const rounds = await collectRounds({ name: 'context', count: ROUNDS[context.preset] }, context, async () => {
    const costs: ContextCosts = {};
    for (const mode of shuffle(MODES, context.random)) Object.assign(costs, await measure(mode, context.signal));
    return costs;
  });
  const rows = rowsOf(rounds, context.random);
  return {
    title: 'context: what carries it, and the tax on every await',
    table: {
      headings: ['AsyncLocalStorage', 'ns', 'added ns [95 %]', 'over'],
      rows: rows.map(({ name, ns, addedNs }) => [
        name,
        ns.toFixed(1),
        addedNs === undefined ? '-' : formatInterval(addedNs, (value) => value.toFixed(1)),
        BASELINES[name] ?? '-',
      ]),
    },
    notes: [`${rounds.length} rounds, two processes each: one without any AsyncLocalStorage (call, await), one with`],
    json: { rows },
  };
}

export function rowsOf(rounds: readonly ContextCosts[], random: Random): ContextRow[] {
  return ['call', 'await', ...Object.keys(BASELINES)].map((name) => {
    const baseline = BASELINES[name];
    const added = rounds.map((costs) => (costs[name] ?? Number.NaN) - (costs[baseline ?? name] ?? Number.NaN));
    return {
      name,
      ns: median(rounds.map((costs) => costs[name] ?? Number.NaN)),
      addedNs: baseline === undefined ? undefined : bootstrapMedian(added, { random }),
    };
  });
}

async function measure(mode: ContextMode, signal: AbortSignal): Promise<ContextCosts> {
  const child = { file: 'context/context-process.ts', args: [mode], env: { NODE_COMPILE_CACHE: COMPILE_CACHE } };
  return (await runChild(child, signal)) as ContextCosts;
}
