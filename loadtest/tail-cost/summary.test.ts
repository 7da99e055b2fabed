import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OURS, resultOf, saturatedBlocks, THEIRS } from './result.test-kit.ts';
import { compareWithBaseline, summarizeTailCost, type TailCostSummary } from './summary.ts';

function near(got: number | undefined, wanted: number): void {
  assert.ok(got !== undefined && Math.abs(got - wanted) < 1e-9 * Math.abs(wanted), `${got} should be ${wanted}`);
}

function ours(result: Parameters<typeof summarizeTailCost>[0]): TailCostSummary {
  return summarizeTailCost(result)[0] ?? assert.fail('ours was measured');
}

describe('summarizeTailCost', () => {
  it('gives the CPU of a span over starts, and what a core alone would take by it', () => {
    const { saturated, restarts } = ours(resultOf({ tracelab: OURS }));
    const [plain] = saturated;
    assert.ok(plain !== undefined);
    near(plain.cpuUsPerSpan.estimate, 2.1);
    near(plain.spansPerSecondPerCore, 1e6 / 2.1);
    near(plain.spansPerSecond, 200_000);
    assert.ok(plain.cpuUsPerSpan.low < 2.1 && plain.cpuUsPerSpan.high > 2.1);
    assert.deepEqual([restarts, saturated.map(({ wireBytes }) => wireBytes)], [2, [350, 50]]);
  });

  it('divides what is resident beyond rest by the spans of one window', () => {
    const { steady } = ours(resultOf({ tracelab: OURS }));
    near(steady?.bytesPerSpan.estimate, 710);
    near(steady?.cpuUsPerSpan.estimate, 2.1);
    near(steady?.answerP99Ms.estimate, 4.2);
    assert.deepEqual([steady?.restBytes, steady?.decisionLagP99S], [60e6, 0.15]);
  });

  it('counts every start once, however many blocks it has', () => {
    const result = resultOf({ tracelab: OURS });
    const [first = OURS[0]] = OURS;
    assert.ok(first !== undefined);
    result.saturated.push(...[1, 2, 3].flatMap(() => saturatedBlocks('tracelab', 0, first)));
    near(ours(result).saturated[0]?.cpuUsPerSpan.estimate, 2.1);
  });

  it('says nothing of what was not measured, and has no p99 of too few answers', () => {
    const result = resultOf({ tracelab: OURS });
    for (const { shots } of result.steady) shots.status.fill(503, 50);
    const few = ours({ ...result, saturated: [] });
    assert.deepEqual(few.saturated, []);
    assert.ok(few.steady !== undefined);
    assert.equal(ours({ ...result, steady: [] }).steady, undefined);
    for (const { shots } of result.steady) for (const column of Object.values(shots)) column.splice(50);
    assert.ok(Number.isNaN(ours(result).steady?.answerP99Ms.estimate));
  });
});

describe('compareWithBaseline', () => {
  it('compares every figure over the same starts, with the targets of what has one', () => {
    const result = resultOf({ tracelab: OURS, otelcol: THEIRS });
    const ratios = compareWithBaseline(result, ours(result));
    assert.deepEqual(
      ratios.map(({ figure, target }) => [figure, target]),
      [
        ['CPU of a span, saturated, plain', 1 / 4],
        ['CPU of a span, saturated, gzip', undefined],
        ['CPU of a span, steady', undefined],
        ['bytes of a buffered span', 1 / 4],
        ['answer time p99', 1 / 2],
      ],
    );
    near(ratios[0]?.ratio.estimate, 0.25);
    near(ratios[3]?.ratio.estimate, 1420 / 6500);
    near(ratios[4]?.ratio.estimate, 0.2);
  });

  it('leaves out starts that only one was measured in, and compares nothing with nothing', () => {
    const result = resultOf({ tracelab: OURS, otelcol: THEIRS.slice(0, 1) });
    near(compareWithBaseline(result, ours(result))[0]?.ratio.estimate, 2 / 8);
    const alone = resultOf({ tracelab: OURS });
    assert.deepEqual(compareWithBaseline(alone, ours(alone)), []);
    const [, theirs] = summarizeTailCost(result);
    assert.deepEqual(theirs === undefined ? undefined : compareWithBaseline(result, theirs), []);
  });

  it('asks less of a write-ahead log', () => {
    const result = resultOf({ tracelab: OURS, otelcol: THEIRS });
    const [first] = compareWithBaseline(result, { ...ours(result), wal: 'on' });
    assert.equal(first?.target, 1 / 2.5);
  });
});
