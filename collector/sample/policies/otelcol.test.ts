/** The same against the real OpenTelemetry Collector, where OTELCOL_BIN names one: one process, a pipeline for each set of policies. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { flattenTracesData } from '@tracelab/model';
import type { TracesData } from '@tracelab/protocol';
import { runOtelcol, skipWithoutOtelcol } from '../../fixtures/otelcol.ts';
import { LIMIT_CASES, POLICY_CASES } from './cases.test-kit.ts';
import { decideAll, scanAll } from './decide-all.test-kit.ts';
import { createTraffic } from './traffic.test-kit.ts';

const TRACES = 20_000;
const CASES = Object.entries({ ...POLICY_CASES, ...LIMIT_CASES });

it('policies decide 20,000 traces as the OpenTelemetry Collector does', { skip: skipWithoutOtelcol }, async () => {
  const requests = createTraffic(TRACES, 7);
  const batches = scanAll(requests);
  const delivered = await runOtelcol(
    CASES.map(([, policies]) => tailSampling(policies)),
    requests,
  );
  for (const [index, [name, policies]] of CASES.entries()) {
    const theirs = countByTrace(delivered[index] ?? []);
    const ours = await decideAll(batches, policies);
    if (name in POLICY_CASES) assert.deepEqual(new Set(theirs.keys()), new Set(ours.keys()), name);
    else assertSimilar(spansOf(theirs), spansOf(ours), name);
  }
});

function tailSampling(policies: string): { name: string; settings: string } {
  return {
    name: 'tail_sampling',
    settings: `{ decision_wait: 600s, num_traces: 1000000, policies: ${policies} }`,
  };
}

function countByTrace(delivered: readonly TracesData[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { traceId } of delivered.flatMap(flattenTracesData)) counts.set(traceId, (counts.get(traceId) ?? 0) + 1);
  return counts;
}

/** Which traces a budget chooses depends on the order of decisions, which is random there. */
function assertSimilar(theirs: number, ours: number, name: string): void {
  assert.ok(Math.abs(theirs - ours) < 0.15 * ours, `${name}: ${theirs} spans there, ${ours} here`);
}

function spansOf(kept: ReadonlyMap<string, number>): number {
  return [...kept.values()].reduce((sum, spans) => sum + spans, 0);
}
