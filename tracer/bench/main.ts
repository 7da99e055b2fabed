import { randomInt } from 'node:crypto';
import { runProgram, setting, UsageError } from '@tracelab/command';
import { createRandom } from '@tracelab/protocol';
import { runDelivered } from './delivered/section.ts';
import { runHeap } from './heap/section.ts';
import { runMicro } from './micro/section.ts';
import { describeMachine, machineLine } from './report/machine.ts';
import { drawTable } from './report/text-table.ts';
import { SECTION_NAMES } from './section.ts';
import { runStartUp } from './start-up/section.ts';
import type { Section, SectionName, SectionReport } from './section.ts';

const SECTIONS: Record<SectionName, Section> = {
  micro: runMicro,
  heap: runHeap,
  delivered: runDelivered,
  startup: runStartUp,
};
const SEED_DRAWN = 0;

await runProgram({
  name: 'bench:tracer',
  summary: 'What our tracer costs, each figure as a ratio to the official SDK in the same run',
  settings: {
    quick: setting.toggle({ default: false, flag: 'quick', description: 'Under a minute instead of under five' }),
    only: setting.list({ flag: 'only', description: `Only these sections, of ${SECTION_NAMES.join(', ')}` }),
    case: setting.list({ flag: 'case', description: 'Only these cases of the micro section' }),
    seed: setting.integer({
      default: SEED_DRAWN,
      min: 0,
      max: 2 ** 31 - 1,
      flag: 'seed',
      description: 'Of the order of the blocks and of the intervals; 0 draws one',
    }),
  },
  examples: ['npm run bench:tracer -- --quick --only micro'],
  run: async ({ settings, output, shutdown }) => {
    const seed = settings.seed === SEED_DRAWN ? randomInt(1, 2 ** 31) : settings.seed;
    const context = {
      preset: settings.quick ? ('quick' as const) : ('full' as const),
      random: createRandom(seed),
      caseNames: settings.case,
      progress: output.progress,
      signal: shutdown.signal,
    };
    const machine = describeMachine();
    const reports: Partial<Record<SectionName, SectionReport>> = {};
    for (const name of sectionsNamed(settings.only)) {
      if (shutdown.signal.aborted) break;
      reports[name] = await SECTIONS[name](context);
    }
    const json = Object.fromEntries(Object.entries(reports).map(([name, report]) => [name, report.json]));
    const texts = Object.values(reports).map(textOf);
    output.result(
      { machine, seed, preset: context.preset, ...json },
      [...texts, `${machineLine(machine)}, seed ${seed}`].join('\n\n'),
    );
  },
});

function sectionsNamed(names: readonly string[]): readonly SectionName[] {
  const asked = names.flatMap((name) => name.split(','));
  for (const name of asked) {
    if (!SECTION_NAMES.some((known) => known === name))
      throw new UsageError(`--only should be one of ${SECTION_NAMES.join(', ')}: was "${name}"`);
  }
  return asked.length === 0 ? SECTION_NAMES : SECTION_NAMES.filter((name) => asked.includes(name));
}

function textOf({ title, table, notes }: SectionReport): string {
  return [title, '', drawTable(table), '', ...notes.map((note) => `  ${note}`)].join('\n');
}
