import { defineVerb, setting } from '@tracelab/command';
import { deliver, printSaved } from '../overhead/deliver.ts';
import { measureSettings, planFor, regimeOf, seedOf } from '../overhead/measure-settings.ts';
import { runOverhead } from '../overhead/run.ts';
import { formatDuration } from '../report/format.ts';
import { PRESETS, QUICK_VARIANTS } from './plan.ts';

const settings = {
  quick: setting.toggle({
    default: false,
    flag: 'quick',
    description: 'About three minutes instead of eight: at 1/1 and 1/1024 only, and without the bare API',
  }),
  ...measureSettings,
};

export const hop = defineVerb({
  name: 'hop',
  summary: 'Two Fastify hops with no tracer, the bare API, the lab’s tracer and the official SDK, side by side',
  settings,
  examples: [
    'npm run bench:hop -- --quick',
    'npm run bench:hop -- --from .tracelab/hop/2026-11-21T08-03-16/overhead.json',
  ],
  run: async ({ settings, output, shutdown }) => {
    if (settings.from !== '') return printSaved(output, settings.from);
    const plan = planFor(settings, settings.quick ? PRESETS.quick : PRESETS.whole);
    output.progress(
      `Measuring, about ${formatDuration(plan.budgetMs)}. Leave the machine alone; Ctrl-C keeps what is measured.`,
    );
    const measured = await runOverhead({
      comparison: 'tracers',
      ...(settings.quick ? { only: QUICK_VARIANTS } : {}),
      plans: new Map([['hop', plan]]),
      regime: regimeOf(settings),
      seed: seedOf(settings),
      shutdown,
      say: output.progress,
    });
    return deliver(output, measured, { out: settings.out, command: 'hop' });
  },
});
