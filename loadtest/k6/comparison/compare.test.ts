import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_ANSWER, type Shots } from '../../attack/shots.ts';
import { compareSenders, type Comparison } from './compare.ts';
import { renderComparison } from './report.ts';
import { parseComparison, type ComparisonResult, type Sender, type SenderRun } from './result.ts';

/** 200 requests that took `p50Us`, the last three `p99Us`; sent `latenessUs` late, which must not count. */
function shotsOf(p50Us: number, p99Us: number, latenessUs = 0): Shots {
  const indexes = Array.from({ length: 200 }, (_, index) => index);
  return {
    dueUs: indexes.map((index) => index * 5000),
    latenessUs: indexes.map(() => latenessUs),
    latencyUs: indexes.map((index) => (index < 197 ? p50Us : p99Us) + latenessUs),
    status: indexes.map(() => 200),
  };
}

function resultOf(runs: readonly [round: number, sender: Sender, shots: Shots][]): ComparisonResult {
  return {
    format: 'tracelab-k6-comparison',
    version: 1,
    startedAt: '2026-11-28T08:00:00.000Z',
    complete: true,
    seed: 1,
    machine: { cpuModel: 'x', cores: 2, memoryBytes: 1, platform: 'linux x64', node: 'v24', loadAverageBefore: 0 },
    k6: 'k6 v1.8.1',
    delayMs: 20,
    requestsPerSecond: 200,
    durationS: 1,
    runs: runs.map(([round, sender, shots]): SenderRun => ({ round, sender, shots })),
  };
}

function comparisonOf(result: ComparisonResult): Comparison {
  const comparison = compareSenders(result);
  assert.ok(comparison !== undefined);
  return comparison;
}

const ALIKE = resultOf([
  [1, 'k6', shotsOf(20_000, 25_000)],
  [1, 'attack', shotsOf(20_400, 24_000, 7000)],
  [2, 'attack', shotsOf(20_600, 27_000)],
  [2, 'k6', shotsOf(20_200, 26_000)],
]);

describe('our sender against k6', () => {
  it('is met where p50 is within 5 % and p99 within the spread of its repeats, counted from the send', () => {
    const comparison = comparisonOf(ALIKE);
    assert.ok(Math.abs(comparison.p50Ratio.estimate - 20_500 / 20_100) < 1e-9);
    assert.deepEqual(comparison.p99.attack, { medianUs: 25_500, minUs: 24_000, maxUs: 27_000 });
    assert.deepEqual([comparison.p99DifferenceUs, comparison.p99SpreadUs], [0, 3000]);
    assert.ok(comparison.isP50Met && comparison.isP99Met);
    const report = renderComparison(ALIKE, comparison);
    assert.match(report, /^ +1 {2}attack +200 +20\.40 +24\.00$/m);
    assert.match(report, /p50, attack over k6: 1\.020 \[1\.019\.\.1\.021\]; target 0\.95\.\.1\.05: met$/m);
    assert.match(report, /they are 0\.00 ms apart, attack's own runs 3\.00 ms; .*: met$/m);
  });

  it('is not met where p50 is 6 % higher, nor where p99 is farther away than its own runs are from each other', () => {
    const slower = comparisonOf(
      resultOf([
        [1, 'k6', shotsOf(20_000, 25_000)],
        [1, 'attack', shotsOf(21_200, 25_000)],
      ]),
    );
    assert.deepEqual([slower.isP50Met, slower.isP99Met], [false, true]);
    const tailed = resultOf([
      [1, 'k6', shotsOf(20_000, 25_000)],
      [1, 'attack', shotsOf(20_000, 28_000)],
      [2, 'k6', shotsOf(20_000, 25_000)],
      [2, 'attack', shotsOf(20_000, 29_000)],
    ]);
    const comparison = comparisonOf(tailed);
    assert.deepEqual([comparison.isP50Met, comparison.isP99Met], [true, false]);
    assert.match(renderComparison(tailed, comparison), /3\.50 ms apart, attack's own runs 1\.00 ms; .*: NOT MET/);
  });

  it('is met by nothing where a request failed, and says whose', () => {
    const shots = shotsOf(20_000, 25_000);
    shots.status[7] = NO_ANSWER;
    const result = resultOf([
      [1, 'k6', shots],
      [1, 'attack', shotsOf(20_000, 25_000)],
    ]);
    const comparison = comparisonOf(result);
    assert.deepEqual([comparison.isP50Met, comparison.isP99Met], [false, false]);
    assert.match(renderComparison(result, comparison), /k6 in round 1: 1 requests were not sent .*, so nothing is met/);
  });

  it('says that it is not sure where the interval leaves the target', () => {
    const result = resultOf([
      [1, 'k6', shotsOf(20_000, 25_000)],
      [1, 'attack', shotsOf(19_000, 25_000)],
      [2, 'k6', shotsOf(20_000, 25_000)],
      [2, 'attack', shotsOf(22_000, 26_000)],
    ]);
    assert.match(renderComparison(result, comparisonOf(result)), /target 0\.95\.\.1\.05: met, but not surely/);
  });

  it('leaves out a round in which one sender is missing, and has nothing to say without one', () => {
    const [first, second, third] = ALIKE.runs;
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const comparison = comparisonOf({ ...ALIKE, runs: [first, second, third] });
    assert.equal(comparison.p99.attack.maxUs, 24_000);
    assert.equal(compareSenders({ ...ALIKE, runs: [first] }), undefined);
  });
});

describe('a saved comparison', () => {
  it('is read as it was written', () => {
    assert.deepEqual(parseComparison(JSON.stringify(ALIKE)), { ok: true, value: ALIKE });
  });

  const wrong: [what: string, change: object, refusal: RegExp][] = [
    ['another format', { format: 'tracelab-attack' }, /"format" should be "tracelab-k6-comparison"/],
    ['a missing field', { delayMs: undefined }, /"delayMs" should be a number/],
    ['no runs', { runs: {} }, /"runs" should be a list/],
    ['a run of nothing', { runs: [null] }, /"runs\[0\]" should be an object/],
    [
      'an unknown sender',
      { runs: [{ ...ALIKE.runs[0], sender: 'wrk' }] },
      /"runs\[0\]\.sender" should be one of attack, k6/,
    ],
    ['a run without shots', { runs: [{ round: 1, sender: 'k6' }] }, /"runs\[0\]\.shots" should be an object/],
    [
      'shots without a column',
      { runs: [{ round: 1, sender: 'k6', shots: {} }] },
      /"runs\[0\]\.shots\.dueUs" should be/,
    ],
  ];
  for (const [what, change, refusal] of wrong) {
    it(`is refused with ${what}`, () => {
      const parsed = parseComparison(JSON.stringify({ ...ALIKE, ...change }));
      assert.ok(!parsed.ok);
      assert.match(parsed.error, refusal);
    });
  }
});
