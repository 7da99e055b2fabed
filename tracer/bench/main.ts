import { randomInt } from 'node:crypto';
import { ExitCode, runProgram, setting } from '@tracelab/command';
import { createRandom } from '@tracelab/protocol';
import { machineLine, machineOfRun } from './report/machine.ts';
import { runSections } from './run-sections.ts';
import { SECTION_NAMES } from './section.ts';
import type { SectionContext } from './section.ts';
import { SECTIONS, sectionsNamed } from './sections.ts';

const SEED_DRAWN = 0;

await runProgram({
  name: 'bench:tracer',
  summary: 'What our tracer costs, each figure as a ratio to the official SDK in the same run',
  settings: {
    quick: setting.toggle({ default: false, flag: 'quick', description: 'Under a minute instead of under five' }),
    only: setting.list({ flag: 'only', description: `Only these sections, of ${SECTION_NAMES.join(', ')}` }),
    case: setting.list({ flag: 'case', description: 'Only these cases of the sections micro and heap' }),
    seed: setting.integer({
      default: SEED_DRAWN,
      min: 0,
      max: 2 ** 31 - 1,
      flag: 'seed',
      description: 'Of the order of the blocks and of the intervals; 0 draws one',
    }),
  },
  examples: ['npm run bench:tracer -- --quick --only micro,heap', 'npm run -s bench:tracer -- --json > bench.json'],
  run: async ({ settings, output, shutdown }) => {
    const seed = settings.seed === SEED_DRAWN ? randomInt(1, 2 ** 31) : settings.seed;
    const context: SectionContext = {
      preset: settings.quick ? 'quick' : 'full',
      random: createRandom(seed),
      caseNames: settings.case,
      progress: output.progress,
      signal: shutdown.signal,
    };
    const machine = machineOfRun();
    const { sections, failures, texts } = await runSections(sectionsNamed(settings.only), SECTIONS, context);
    output.result(
      { machine, seed, preset: context.preset, sections, failures },
      [...texts, `${machineLine(machine)}, seed ${seed}`].join('\n\n'),
    );
    return Object.keys(failures).length === 0 ? ExitCode.done : ExitCode.notHeld;
  },
});
