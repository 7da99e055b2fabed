/** Both shapes in which k6 1.8 hands its aggregates to `handleSummary`, as it wrote them, shortened. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { loadScript, standInForK6 } from './load-script.ts';

const BY_METRIC = {
  root_group: { name: '', checks: [] },
  options: { summaryTrendStats: ['med', 'p(95)', 'max'] },
  state: { isStdOutTTY: false, testRunDurationMs: 1000.9 },
  metrics: {
    'http_reqs{phase:steady}': {
      type: 'counter',
      contains: 'default',
      values: { count: 40, rate: 20.1 },
      thresholds: { 'count>0': { ok: true } },
    },
    'http_req_failed{phase:steady}': {
      type: 'rate',
      contains: 'default',
      values: { rate: 0.025, passes: 1, fails: 39 },
      thresholds: { 'rate<0.01': { ok: false } },
    },
    'http_req_duration{phase:steady}': {
      type: 'trend',
      contains: 'time',
      values: { med: 12.25, 'p(95)': 30.5, max: 41 },
    },
    dropped_iterations: { type: 'counter', values: { count: 2, rate: 1 }, thresholds: { 'count==0': { ok: false } } },
  },
};

const LISTED = {
  config: { duration: 1.0007, execution: 'local' },
  metadata: { k6_version: '1.8.1' },
  results: {
    checks: { metrics: [], results: [] },
    metrics: [
      { name: 'http_reqs{phase:steady}', type: 'counter', contains: 'default', values: { count: 40 } },
      { name: 'http_req_failed{phase:steady}', type: 'rate', values: { matches: 1, rate: 0.025, total: 40 } },
      { name: 'http_req_duration{phase:steady}', type: 'trend', values: { avg: null, med: 12.25, p95: 30.5, max: 41 } },
      { name: 'dropped_iterations', type: 'counter', values: { count: 2 } },
    ],
  },
  version: '1.0.0',
};

const PHASE = 'steady: 40 requests, 2.5 % failed, p50 12.3 ms, p95 30.5 ms, max 41.0 ms from the actual send';

before(standInForK6);

async function summarize(data: unknown, environment: Record<string, string> = {}): Promise<Record<string, string>> {
  return (await loadScript(environment)).handleSummary(data);
}

describe('handleSummary', () => {
  it('prints a line for each phase, dropped iterations and the thresholds that failed', async () => {
    const { stdout = '' } = await summarize(BY_METRIC);
    assert.match(stdout, /^k6, scenario steady: steady 30 s at 10\/s\n/);
    assert.ok(stdout.includes(PHASE), stdout);
    assert.match(stdout, /dropped iterations: 2\n/);
    assert.match(stdout, /THRESHOLD FAILED: http_req_failed\{phase:steady\} rate<0\.01\n/);
    assert.match(stdout, /THRESHOLD FAILED: dropped_iterations count==0\n/);
    assert.doesNotMatch(stdout, /FAILED: http_reqs/);
  });

  it('reads the list that k6 2 is to hand over, and says that it holds no thresholds', async () => {
    const { stdout = '' } = await summarize(LISTED);
    assert.ok(stdout.includes(PHASE), stdout);
    assert.match(stdout, /thresholds: k6 does not tell here; its exit code is 99 where one failed/);
  });

  it('writes the same aggregates to SUMMARY_FILE from both, and no file where none is named', async () => {
    const [one, other] = await Promise.all(
      [BY_METRIC, LISTED].map(async (data) => JSON.parse((await summarize(data, { SUMMARY_FILE: 's' }))['s'] ?? '')),
    );
    assert.deepEqual([one.format, one.version, one.scenario], ['tracelab-k6-summary', 1, 'steady']);
    assert.equal(one.durationMs, 1000.9);
    assert.equal(one.thresholds.length, 3);
    assert.equal(other.thresholds, undefined);
    for (const metrics of [one.metrics, other.metrics]) {
      assert.equal(metrics['http_req_failed{phase:steady}'].rate, 0.025);
      assert.equal(metrics['dropped_iterations'].count, 2);
    }
    assert.deepEqual(Object.keys(await summarize(LISTED)), ['stdout']);
  });

  it('tells a phase in which nothing was sent', async () => {
    const { stdout = '' } = await summarize({ metrics: {} });
    assert.match(stdout, /steady: no requests\n/);
  });
});
