import { ExitCode, type Output } from '@tracelab/command';
import { summarizeShots, type ShotsSummary } from '../measure/shots-summary.ts';
import { renderAttack } from '../report/attack-report.ts';
import type { AttackResult } from './result.ts';

/** Prints the report of a load, computed from its requests; 1 where it was ended early, the sender did not keep up, or nothing succeeded. */
export function deliverAttack(output: Output, result: AttackResult, file: string): ExitCode {
  const summary = summarizeShots(result.shots);
  const { shots: _shots, ...about } = result;
  output.result(
    { file, ...about, summary: knownOf(result, summary) },
    `${renderAttack(result, summary)}\n\nEvery request: ${file}`,
  );
  return result.complete && summary.isKeptUp && summary.succeeded > 0 ? ExitCode.done : ExitCode.notHeld;
}

/** Where no intended start is known, nothing is told that would be counted from it. */
function knownOf({ latencyFrom }: AttackResult, summary: ShotsSummary): Partial<ShotsSummary> {
  if (latencyFrom === undefined) return summary;
  const { lateness: _lateness, latenessP99UsMax: _max, latency: _latency, ...known } = summary;
  return known;
}
