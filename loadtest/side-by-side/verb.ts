import { defineVerb, ExitCode, setting, type Output, type SettingsOf, type Shutdown } from '@tracelab/command';
import { deliver, printSaved } from '../overhead/deliver.ts';
import { measureSettings, planFor, regimeOf } from '../overhead/measure-settings.ts';
import { seedOf } from '../seed-setting.ts';
import { runOverhead } from '../overhead/run.ts';
import { TRACER_VARIANTS } from '../overhead/variant.ts';
import { WORKLOADS } from '../overhead/workload.ts';
import { formatDuration } from '../report/format.ts';
import { makeResultFolder, resultFolder, writeResultFile } from '../result-file.ts';
import { measureMemory } from './memory.ts';
import { renderMemory, summarizeMemory } from './memory-report.ts';
import { PRESETS, QUICK_VARIANTS } from './plan.ts';

const hopSettings = {
  quick: setting.toggle({
    default: false,
    flag: 'quick',
    description: 'About three minutes instead of eight: at 1/1 and 1/1024 only, and without the bare API',
  }),
  memory: setting.toggle({
    default: false,
    flag: 'memory',
    description: 'Instead: resident memory while a million requests pass, with the sink up and with the sink down',
  }),
  requests: setting.integer({
    default: 1_000_000,
    min: 100,
    max: 1_000_000_000,
    flag: 'requests',
    description: 'Of --memory, for each of its three pairs of hops',
  }),
  ...measureSettings,
};

export const hop = defineVerb({
  name: 'hop',
  summary: 'Two Fastify hops with no tracer, the bare API, the lab’s tracer and the official SDK, side by side',
  settings: hopSettings,
  examples: [
    'npm run bench:hop -- --quick',
    'npm run bench:hop -- --memory',
    'npm run bench:hop -- --from .tracelab/hop/2026-11-21T08-03-16/overhead.json',
  ],
  run: async ({ settings, output, shutdown }) => {
    if (settings.from !== '') return printSaved(output, settings.from, settings.out);
    makeResultFolder(settings.out);
    if (settings.memory) return runMemory(settings, output, shutdown);
    const plan = planFor(settings, settings.quick ? PRESETS.quick : PRESETS.whole);
    output.progress(
      `Measuring, about ${formatDuration(plan.budgetMs)}. Leave the machine alone; Ctrl-C keeps what is measured.`,
    );
    const measured = await runOverhead({
      comparison: 'tracers',
      variants: settings.quick ? QUICK_VARIANTS : TRACER_VARIANTS,
      workloads: [{ workload: WORKLOADS.hop, plan }],
      regime: regimeOf(settings),
      seed: seedOf(settings.seed),
      shutdown,
      say: output.progress,
    });
    return deliver(output, measured, { out: settings.out, command: 'hop' });
  },
});

async function runMemory(
  settings: SettingsOf<typeof hopSettings>,
  output: Output,
  shutdown: Shutdown,
): Promise<ExitCode> {
  const startedAt = new Date().toISOString();
  const { requests, out } = settings;
  output.progress('Measuring memory. Ctrl-C keeps what is measured.');
  const series = await measureMemory({ requests, regime: regimeOf(settings), shutdown, say: output.progress });
  const folder = resultFolder(out, 'hop-memory', startedAt);
  const file = await writeResultFile(folder, 'memory.json', { startedAt, series });
  output.result({ file, series, summaries: series.map(summarizeMemory) }, `${renderMemory(series)}\nSaved: ${file}`);
  return shutdown.signal.aborted ? ExitCode.notHeld : ExitCode.done;
}
