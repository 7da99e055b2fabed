import { defineVerb, ExitCode, readResultFile, setting, type Output, type SettingsOf } from '@tracelab/command';
import { requireCpuOfOthers } from '../collector-process/collector-under-test.ts';
import { otelcolSetting, readOtelcolVersion } from '../collector-process/otelcol-process.ts';
import { explainFailure } from '../explain-failure.ts';
import { formatDuration } from '../report/format.ts';
import { makeResultFolder, resultFolder, writeResultFile } from '../result-file.ts';
import { seedOf, seedSetting } from '../seed-setting.ts';
import { durationOf, PRESETS, SATURATED_WAIT_S_MAX, type TailPlan } from './plan.ts';
import { renderTailCost } from './report.ts';
import { parseTailCost, type TailCostResult } from './result.ts';
import { measureTailCost, type TailRun } from './run.ts';
import { compareWithBaseline, summarizeTailCost } from './summary.ts';
import { TAIL_VARIANTS } from './variants.ts';

const RESULT_FILE = 'tail-cost.json';
const OUR_VERSION = '0.1.0';
/** As the preset has it. */
const PRESET = 0;

const settings = {
  quick: setting.toggle({
    default: false,
    flag: 'quick',
    description: 'About a minute and a half for each collector instead of six',
  }),
  otelcolBinary: otelcolSetting('otlp, tail_sampling and nop'),
  rate: setting.integer({
    default: 30_000,
    min: 512,
    max: 200_000,
    flag: 'rate',
    description: 'Spans a second of the steady load',
  }),
  decisionWaitS: setting.integer({
    default: 10,
    min: 1,
    max: 120,
    flag: 'decision-wait-s',
    description: 'decision_wait under the steady load: rate times this is buffered',
  }),
  restarts: setting.integer({
    default: PRESET,
    min: PRESET,
    max: 100,
    flag: 'restarts',
    description: `Starts of every collector; 0: ${PRESETS.standard.restarts}, with --quick ${PRESETS.quick.restarts}`,
  }),
  blockMs: setting.integer({
    default: PRESET,
    min: PRESET,
    max: 20_000,
    flag: 'block-ms',
    description: `Of a saturated block; 0: ${PRESETS.standard.blockMs}, with --quick ${PRESETS.quick.blockMs}`,
  }),
  steadyMs: setting.integer({
    default: PRESET,
    min: PRESET,
    max: 120_000,
    flag: 'steady-ms',
    description: `Measured of the steady load; 0: ${PRESETS.standard.steadyMs}, with --quick ${PRESETS.quick.steadyMs}`,
  }),
  seed: seedSetting('Of the order of blocks'),
  out: setting.text({
    default: '',
    flag: 'out',
    description: 'Folder for the result; default .tracelab/tail-cost/<time>',
  }),
  from: setting.text({
    default: '',
    flag: 'from',
    description: 'Measures nothing: prints the report of a saved result',
  }),
};

export const tailCost = defineVerb({
  name: 'tail-cost',
  summary: 'What tail sampling costs: CPU, memory and answer time of a collector, saturated and at a steady rate',
  settings,
  examples: [
    'npm run bench:collector -- --quick',
    'OTELCOL_BIN=/usr/local/bin/otelcol npm run bench:collector',
    'npm run bench:collector -- --from .tracelab/tail-cost/2026-11-28T08-03-16/tail-cost.json',
  ],
  run: async ({ settings: given, output, shutdown }) => {
    if (given.from !== '') {
      deliver(output, await readResultFile(given.from, parseTailCost), given.from);
      return ExitCode.done;
    }
    makeResultFolder(given.out);
    requireCpuOfOthers();
    const plan = planOf(given);
    const variants = await variantsOf(given.otelcolBinary);
    const beside = given.otelcolBinary === '' ? ' alone (OTELCOL_BIN names no OpenTelemetry Collector)' : '';
    output.progress(
      `Measuring ${variants.map(({ name }) => name).join(' and ')}${beside}, about ${formatDuration(durationOf(plan, variants.length))}. Leave the machine alone; Ctrl-C keeps what is measured.`,
    );
    const { otelcolBinary } = given;
    const run = { plan, variants, otelcolBinary, seed: seedOf(given.seed), shutdown, say: output.progress };
    const { result, failure } = await measureTailCost(run);
    const folder = resultFolder(given.out, 'tail-cost', result.startedAt);
    const file = await writeResultFile(folder, RESULT_FILE, result);
    deliver(output, await readResultFile(file, parseTailCost), file);
    if (failure !== undefined) throw explainFailure(failure, file);
    return result.complete ? ExitCode.done : ExitCode.notHeld;
  },
});

function planOf(given: SettingsOf<typeof settings>): TailPlan {
  const preset = given.quick ? PRESETS.quick : PRESETS.standard;
  const { rate: spansPerSecond, decisionWaitS } = given;
  return {
    spansPerSecond,
    decisionWaitS,
    saturatedWaitS: Math.min(SATURATED_WAIT_S_MAX, decisionWaitS),
    rounds: preset.rounds,
    restarts: given.restarts || preset.restarts,
    blockMs: given.blockMs || preset.blockMs,
    steadyMs: given.steadyMs || preset.steadyMs,
  };
}

async function variantsOf(otelcolBinary: string): Promise<TailRun['variants']> {
  const ours = TAIL_VARIANTS.filter(({ program }) => program === 'tracelab');
  const mine = ours.map((variant) => ({ ...variant, version: OUR_VERSION }));
  if (otelcolBinary === '') return mine;
  const version = await readOtelcolVersion(otelcolBinary);
  const theirs = TAIL_VARIANTS.filter(({ program }) => program === 'otelcol');
  return [...mine, ...theirs.map((variant) => ({ ...variant, version }))];
}

function deliver(output: Output, result: TailCostResult, file: string): void {
  const { saturated: _saturated, steady: _steady, ...about } = result;
  const summaries = summarizeTailCost(result).map((summary) => ({
    ...summary,
    ratios: compareWithBaseline(result, summary),
  }));
  output.result({ file, ...about, summaries }, `${renderTailCost(result)}\n\nEvery block: ${file}`);
}
