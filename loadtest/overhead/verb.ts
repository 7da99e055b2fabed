import { defineVerb, setting, UsageError } from '@tracelab/command';
import { formatDuration } from '../report/format.ts';
import { deliver, printSaved } from './deliver.ts';
import { measureSettings, planFor, regimeOf, seedOf } from './measure-settings.ts';
import { PRESETS, type PresetName, type WorkloadPlan } from './plan.ts';
import { WORKLOAD_NAMES, type WorkloadName } from './result.ts';
import { runOverhead } from './run.ts';

const settings = {
  quick: setting.toggle({
    default: false,
    flag: 'quick',
    description: 'Both workloads in under 4 minutes instead of 15',
  }),
  thorough: setting.toggle({
    default: false,
    flag: 'thorough',
    description: 'Both workloads in 45 minutes',
  }),
  workload: setting.choice({
    choices: [...WORKLOAD_NAMES, 'both'],
    default: 'both',
    flag: 'workload',
    description: 'What is measured',
  }),
  ...measureSettings,
};

export const overhead = defineVerb({
  name: 'overhead',
  summary: "What tracing costs on this machine, after Dapper's Table 2, with 95 % intervals and a control row",
  settings,
  examples: [
    'npm run lab -- overhead',
    'npm run lab -- overhead --quick',
    'npm run lab -- overhead --quick --workload hop',
    'npm run lab -- overhead --from .tracelab/overhead/2026-11-21T08-03-16/overhead.json',
  ],
  run: async ({ settings, output, shutdown }) => {
    if (settings.from !== '') return printSaved(output, settings.from);
    const names = settings.workload === 'both' ? WORKLOAD_NAMES : [settings.workload];
    const { plans: preset } = PRESETS[presetOf(settings)];
    const plans = new Map(names.map((name) => [name, planFor(settings, preset[name])] as const));
    output.progress(announcement(plans));
    const measured = await runOverhead({
      comparison: 'rates',
      plans,
      regime: regimeOf(settings),
      seed: seedOf(settings),
      shutdown,
      say: output.progress,
    });
    return deliver(output, measured, { out: settings.out, command: 'overhead' });
  },
});

function presetOf({ quick, thorough }: { quick: boolean; thorough: boolean }): PresetName {
  if (quick && thorough) throw new UsageError('--quick and --thorough should not be given together');
  return quick ? 'quick' : thorough ? 'thorough' : 'standard';
}

export function announcement(plans: ReadonlyMap<WorkloadName, WorkloadPlan>): string {
  const budgetMs = [...plans.values()].reduce((sum, plan) => sum + plan.budgetMs, 0);
  const isFixed = [...plans.values()].some((plan) => plan.rounds !== undefined);
  const time = isFixed ? 'with a fixed number of rounds' : `about ${formatDuration(budgetMs)}`;
  return `Measuring ${[...plans.keys()].join(' and ')}, ${time}. Leave the machine alone; Ctrl-C keeps what is measured.`;
}
