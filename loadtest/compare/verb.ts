import { boldOn, defineVerb, ExitCode, setting, UsageError } from '@tracelab/command';
import { isSameRun, readNamedRun, type NamedRun } from '../overhead/save.ts';
import { renderComparison, sentenceOf, warningsOf } from './compare-report.ts';
import { compareRuns, MARGIN_PERCENT, type InBoth, type RunComparison } from './compare-runs.ts';

export const compare = defineVerb({
  name: 'compare',
  summary:
    'Says whether two saved runs of `overhead` or `hop` differ; exit code 1 where they do, or cannot be compared',
  settings: {
    marginPercent: setting.decimal({
      default: MARGIN_PERCENT,
      min: 0.1,
      max: 1000,
      flag: 'margin-percent',
      description: 'A cell agrees only where a difference of this share of the baseline would have been claimed',
    }),
  },
  parameters: [
    { name: 'a', description: 'a saved overhead.json', required: true },
    { name: 'b', description: 'another one; the differences are b minus a', required: true },
  ],
  examples: [
    'npm run lab -- compare .tracelab/overhead/2026-11-21T08-03-16/overhead.json .tracelab/overhead/2026-11-22T08-00-00/overhead.json',
  ],
  run: async ({ settings, parameters, output }) => {
    const [a = '', b = ''] = parameters;
    const runs = { first: await readNamedRun(a), second: await readNamedRun(b) };
    const comparison = compareOrRefuse(runs, settings.marginPercent);
    const bold = boldOn(output);
    output.result(
      { a, b, sentence: sentenceOf(comparison), warnings: warningsOf(comparison, runs), ...comparison },
      renderComparison(comparison, runs, bold),
    );
    return comparison.outcome === 'agree' ? ExitCode.done : ExitCode.notHeld;
  },
});

function compareOrRefuse({ first, second }: InBoth<NamedRun>, marginPercent: number): RunComparison {
  const files = `${first.file} and ${second.file}`;
  if (isSameRun(first, second))
    throw new UsageError(`${files} are the same run, of ${first.result.startedAt}: give two runs`);
  const [one, other] = [first, second].map(({ result }) => result.variants[0]?.name);
  if (one !== other)
    throw new UsageError(`${files} have different baselines, "${one}" and "${other}": give runs with the same one`);
  const comparison = compareRuns(first.result, second.result, marginPercent);
  if (comparison === undefined)
    throw new UsageError(
      `${files} share no row of a workload besides the baseline and its control: give two runs that measured the same`,
    );
  return comparison;
}
