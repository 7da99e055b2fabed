import { boldOn, ExitCode, type Output } from '@tracelab/command';
import { explainFailure } from '../explain-failure.ts';
import { summarize } from '../report/summary.ts';
import { renderTerminal } from '../report/terminal.ts';
import type { MeasureSettings } from './measure-settings.ts';
import type { OverheadResult } from './result.ts';
import type { Measured } from './run.ts';
import { resultFolder } from '../result-file.ts';
import { readResult, REPORT_FILES, saveResult, writeReports } from './save.ts';

/** Prints the tables of a saved result, and writes its reports anew where a folder is given. */
export async function printSaved(output: Output, file: string, out: string): Promise<ExitCode> {
  const result = await readResult(file);
  if (out !== '') await writeReports(out, result);
  const written = out === '' ? '' : ` Written: ${REPORT_FILES.markdown} and ${REPORT_FILES.page} in ${out}.`;
  print(output, result, file, `Computed from ${file}.${written}`);
  return ExitCode.done;
}

/**
 * Saves what was measured and prints its tables. Throws afterwards where the run failed half-way, and at once where it failed
 * before there was anything to save.
 */
export async function deliver(
  output: Output,
  measured: Measured,
  { out, command }: Pick<MeasureSettings, 'out'> & { command: string },
): Promise<ExitCode> {
  const isEmpty = measured.result.workloads.every(({ blocks }) => blocks.length === 0);
  if (measured.failure !== undefined && isEmpty) throw measured.failure;
  const folder = resultFolder(out, command, measured.result.startedAt);
  const { file, result } = await saveResult(folder, measured.result);
  print(output, result, file, `Saved: ${file}, and ${REPORT_FILES.markdown} and ${REPORT_FILES.page} beside it.`);
  if (measured.failure !== undefined) throw explainFailure(measured.failure, file);
  return result.complete ? ExitCode.done : ExitCode.notHeld;
}

function print(output: Output, result: OverheadResult, file: string, lastLine: string): void {
  const bold = boldOn(output);
  const text = renderTerminal(result, bold);
  output.result(
    {
      file,
      result: { ...result, workloads: undefined },
      summaries: summarize(result),
    },
    `${text}\n${lastLine}`,
  );
}
