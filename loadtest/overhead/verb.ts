import { defineVerb, setting, UsageError, type SettingsOf, type Shutdown } from '@tracelab/command';
import { formatDuration } from '../report/format.ts';
import { deliverPool } from '../pool/deliver-pool.ts';
import { SERVICE_PRESETS } from '../service/presets.ts';
import { readService, type Service } from '../service/read-service.ts';
import { serviceSettings } from '../service/settings.ts';
import { rowsOf } from '../service/variants-file.ts';
import { serviceWorkload } from '../service/workload.ts';
import { makeResultFolder } from '../result-file.ts';
import { deliver, printSaved } from './deliver.ts';
import { measureSettings, planFor, regimeOf } from './measure-settings.ts';
import { seedOf } from '../seed-setting.ts';
import { PRESETS, withTimeFor, type PresetName } from './plan.ts';
import { SHOP_WORKLOAD_NAMES } from './result.ts';
import { runOverhead, type OverheadRun, type PlannedWorkload } from './run.ts';
import { RATE_VARIANTS, injectedVariant, SDK_VARIANTS, slowedBy, type Variant } from './variant.ts';
import { WORKLOADS } from './workload.ts';

const INJECTED_US_MAX = 10_000;
/** Each is a set of processes more. */
const INJECTED_COUNT_MAX = 3;

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
    choices: [...SHOP_WORKLOAD_NAMES, 'both'],
    default: 'both',
    flag: 'workload',
    description: 'What is measured',
  }),
  tracer: setting.choice({
    choices: ['lab', 'otel'],
    default: 'lab',
    flag: 'tracer',
    description: 'otel measures the official SDK at the same rates beside the lab’s tracer, a quarter longer',
  }),
  injectedUs: setting.text({
    default: '',
    allowed: 'microseconds, with commas between',
    flag: 'injected-us',
    description: 'For each of these costs a row without a tracer whose requests burn it: does the table find it?',
  }),
  tracerInjectedUs: setting.integer({
    default: 0,
    min: 0,
    max: INJECTED_US_MAX,
    flag: 'tracer-injected-us',
    description: 'Makes each request of the lab’s tracer burn this too: a run that `compare` should tell from others',
  }),
  pool: setting.toggle({
    default: false,
    flag: 'pool',
    description: 'Measures nothing: one table of the saved results that follow, each of another machine',
  }),
  ...serviceSettings,
  ...measureSettings,
};

type OverheadSettings = SettingsOf<typeof settings>;

export const overhead = defineVerb({
  name: 'overhead',
  summary: "What tracing costs on this machine, after Dapper's Table 2, with 95 % intervals and a control row",
  settings,
  parameters: [{ name: 'files', description: 'saved results, for --pool', variadic: true }],
  examples: [
    'npm run lab -- overhead',
    'npm run lab -- overhead --quick',
    'npm run lab -- overhead --quick --workload hop',
    'npm run lab -- overhead --tracer otel',
    'npm run lab -- overhead --quick --workload hop --injected-us 0,50',
    "npm run lab -- overhead --command 'python3 server.py' --url 'http://127.0.0.1:$PORT/' --variants variants.yaml",
    'npm run lab -- overhead --from .tracelab/overhead/2026-11-21T08-03-16/overhead.json',
    'npm run lab -- overhead --pool class/*.json --out class',
  ],
  run: async ({ settings, parameters, output, shutdown }) => {
    if (settings.pool) return deliverPool(output, parameters, settings.out);
    if (parameters.length > 0) throw new UsageError(`files are taken with --pool only: was given ${parameters[0]}`);
    if (settings.from !== '') return printSaved(output, settings.from, settings.out);
    const service = await readService(settings);
    makeResultFolder(settings.out);
    const compared = service === undefined ? shopComparison(settings) : serviceComparison(settings, service, shutdown);
    output.progress(announcement(compared.workloads));
    const measured = await runOverhead({
      ...compared,
      regime: regimeOf(settings),
      seed: seedOf(settings.seed),
      shutdown,
      say: output.progress,
    });
    return deliver(output, measured, { out: settings.out, command: 'overhead' });
  },
});

type Compared = Pick<OverheadRun, 'comparison' | 'variants' | 'workloads'>;

function shopComparison(settings: OverheadSettings): Compared {
  const names = settings.workload === 'both' ? SHOP_WORKLOAD_NAMES : [settings.workload];
  const variants = variantsFor(settings);
  const { plans } = PRESETS[presetOf(settings)];
  const workloads = names.map((name) => ({
    workload: WORKLOADS[name],
    plan: planFor(settings, withTimeFor(variants, plans[name])),
  }));
  return { comparison: 'rates', variants, workloads };
}

function serviceComparison(settings: OverheadSettings, service: Service, shutdown: Shutdown): Compared {
  const { workload, tracer, injectedUs, tracerInjectedUs } = settings;
  if (workload !== 'both' || tracer !== 'lab' || injectedUs !== '' || tracerInjectedUs > 0)
    throw new UsageError(
      '--workload, --tracer, --injected-us and --tracer-injected-us are of the copies of our own services: with --command, name what is compared in --variants',
    );
  const variants = rowsOf(service.variants);
  const plan = planFor(settings, withTimeFor(variants, SERVICE_PRESETS[presetOf(settings)]));
  return {
    comparison: 'service',
    variants,
    workloads: [{ workload: serviceWorkload(service, shutdown), plan }],
  };
}

function presetOf({ quick, thorough }: { quick: boolean; thorough: boolean }): PresetName {
  if (quick && thorough) throw new UsageError('--quick and --thorough should not be given together');
  return quick ? 'quick' : thorough ? 'thorough' : 'standard';
}

function variantsFor({ tracer, injectedUs, tracerInjectedUs, workload }: OverheadSettings): readonly Variant[] {
  const injected = readInjected(injectedUs);
  if ((injected.length > 0 || tracerInjectedUs > 0) && workload !== 'hop')
    throw new UsageError(
      '--injected-us and --tracer-injected-us burn CPU in the bare hop: give --workload hop with it',
    );
  const rates = tracerInjectedUs > 0 ? slowedBy(tracerInjectedUs, RATE_VARIANTS) : RATE_VARIANTS;
  return [...rates, ...(tracer === 'otel' ? SDK_VARIANTS : []), ...injected.map(injectedVariant)];
}

/** "0,50": each makes a row. */
function readInjected(text: string): number[] {
  if (text === '') return [];
  const costs = text.split(',').map(Number);
  const isWrong = costs.length > INJECTED_COUNT_MAX || costs.some((us) => !(us >= 0 && us <= INJECTED_US_MAX));
  if (isWrong || new Set(costs).size < costs.length)
    throw new UsageError(
      `--injected-us should be at most ${INJECTED_COUNT_MAX} different numbers of microseconds from 0 to ${INJECTED_US_MAX}, such as 0,50: was "${text}"`,
    );
  return costs;
}

export function announcement(workloads: readonly PlannedWorkload[]): string {
  const budgetMs = workloads.reduce((sum, { plan }) => sum + plan.budgetMs, 0);
  const isFixed = workloads.some(({ plan }) => plan.rounds !== undefined);
  const time = isFixed ? 'with a fixed number of rounds' : `about ${formatDuration(budgetMs)}`;
  const names = workloads.map(({ workload }) => workload.name).join(' and ');
  return `Measuring ${names}, ${time}. Leave the machine alone; Ctrl-C keeps what is measured.`;
}
