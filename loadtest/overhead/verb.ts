import {
  dataFolder,
  defineVerb,
  ExitCode,
  NotHeldError,
  setting,
  type Output,
  type SettingsOf,
} from '@tracelab/command';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { formatDuration } from '../report/format.ts';
import { summarize } from '../report/summary.ts';
import { renderTerminal } from '../report/terminal.ts';
import { QUICK, type WorkloadPlan } from './plan.ts';
import { WORKLOAD_NAMES, type OverheadResult, type Regime, type WorkloadName } from './result.ts';
import { runOverhead } from './run.ts';
import { folderName, MARKDOWN_FILE, readResult, saveResult } from './save.ts';

const AUTOMATIC = 0;

const settings = {
  quick: setting.toggle({
    default: false,
    flag: 'quick',
    description: 'Both workloads in under four minutes; the only preset today, and what runs without it',
  }),
  workload: setting.choice({
    choices: [...WORKLOAD_NAMES, 'both'],
    default: 'both',
    flag: 'workload',
    description: 'What is measured',
  }),
  out: setting.text({
    default: '',
    flag: 'out',
    description: 'Folder for overhead.json and overhead.md; default .tracelab/overhead/<time>',
  }),
  from: setting.text({
    default: '',
    flag: 'from',
    description: 'Measures nothing: prints the table of a saved overhead.json',
  }),
  restarts: setting.integer({
    default: AUTOMATIC,
    min: 0,
    max: 100,
    flag: 'restarts',
    description: 'Starts of all processes for each workload; 0 takes the preset’s',
  }),
  rounds: setting.integer({
    default: AUTOMATIC,
    min: 0,
    max: 1000,
    flag: 'rounds',
    description: 'Rounds after each start; 0 takes as many as the preset’s time allows',
  }),
  blockMs: setting.integer({
    default: AUTOMATIC,
    min: 0,
    max: 60_000,
    flag: 'block-ms',
    description: 'Load on one variant at a time; 0 takes the preset’s',
  }),
  warmUpMs: setting.integer({
    default: AUTOMATIC,
    min: 0,
    max: 600_000,
    flag: 'warm-up-ms',
    description: 'Load on each set after each start, not measured; 0 takes the preset’s',
  }),
  connections: setting.integer({
    default: 8,
    min: 1,
    max: 256,
    flag: 'connections',
    description: 'Connections of the closed loop',
  }),
  seed: setting.integer({
    default: AUTOMATIC,
    min: 0,
    max: 2 ** 31 - 1,
    flag: 'seed',
    description: 'Of the order of blocks; 0 draws one',
  }),
};

type Settings = SettingsOf<typeof settings>;

/** The services' own setting in the lab (architecture, "Defaults"). */
const EXPORT_DELAY_MS = 200;

export const overhead = defineVerb({
  name: 'overhead',
  summary: "What tracing costs on this machine, after Dapper's Table 2, with 95 % intervals and a control row",
  settings,
  examples: [
    'npm run lab -- overhead --quick',
    'npm run lab -- overhead --quick --workload hop',
    'npm run lab -- overhead --from .tracelab/overhead/2026-11-21T08-03-16/overhead.json',
  ],
  run: async ({ settings, output, shutdown }) => {
    if (settings.from !== '') {
      print(output, await readResult(settings.from), settings.from, `Computed from ${settings.from}.`);
      return ExitCode.done;
    }
    const plans = plansFor(settings);
    output.progress(announcement(plans));
    const measured = await runOverhead({
      plans,
      regime: regimeOf(settings),
      seed: settings.seed === AUTOMATIC ? randomInt(1, 2 ** 31) : settings.seed,
      shutdown,
      say: output.progress,
    });
    const folder =
      settings.out === ''
        ? join(dataFolder(process.env), 'overhead', folderName(measured.result.startedAt))
        : settings.out;
    const { file, result } = await saveResult(folder, measured.result);
    print(output, result, file, `Saved: ${file} and ${MARKDOWN_FILE} beside it.`);
    if (measured.failure !== undefined) throw explainFailure(measured.failure, file);
    return result.complete ? ExitCode.done : ExitCode.notHeld;
  },
});

function plansFor(settings: Settings): Map<WorkloadName, WorkloadPlan> {
  const names = settings.workload === 'both' ? WORKLOAD_NAMES : [settings.workload];
  return new Map(
    names.map((name) => [
      name,
      {
        restarts: settings.restarts === AUTOMATIC ? QUICK[name].restarts : settings.restarts,
        warmUpMs: settings.warmUpMs === AUTOMATIC ? QUICK[name].warmUpMs : settings.warmUpMs,
        blockMs: settings.blockMs === AUTOMATIC ? QUICK[name].blockMs : settings.blockMs,
        budgetMs: QUICK[name].budgetMs,
        ...(settings.rounds === AUTOMATIC ? {} : { rounds: settings.rounds }),
      },
    ]),
  );
}

function regimeOf(settings: Settings): Regime {
  return { connections: settings.connections, exportDelayMs: EXPORT_DELAY_MS };
}

function announcement(plans: ReadonlyMap<WorkloadName, WorkloadPlan>): string {
  const budgetMs = [...plans.values()].reduce((sum, plan) => sum + plan.budgetMs, 0);
  const isFixed = [...plans.values()].some((plan) => plan.rounds !== undefined);
  const time = isFixed ? 'with a fixed number of rounds' : `about ${formatDuration(budgetMs)}`;
  return `Measuring ${[...plans.keys()].join(' and ')}, ${time}. Leave the machine alone; Ctrl-C keeps what is measured.`;
}

function print(output: Output, result: OverheadResult, file: string, lastLine: string): void {
  const bold = (text: string): string => (output.isTerminal ? styleText('bold', text) : text);
  const text = renderTerminal(result, bold);
  output.result(
    { file, result: { ...result, workloads: undefined }, summaries: summarize(result) },
    `${text}\n${lastLine}`,
  );
}

/** The table above is of what was measured until then; this says why there is no more. */
function explainFailure(failure: unknown, file: string): Error {
  if (!(failure instanceof NotHeldError)) return failure instanceof Error ? failure : new Error(String(failure));
  return new NotHeldError(`the run ended early, ${file} has what was measured until then: ${failure.message}`, {
    cause: failure,
  });
}
