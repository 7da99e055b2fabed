import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OverheadResult } from '../overhead/result.ts';
import { drawRun } from '../report/fixture/draw-run.ts';
import { describeVerdict, renderComparison, sentenceOf, warningsOf } from './compare-report.ts';
import { compareRuns, type RunComparison } from './compare-runs.ts';

/** Of two runs of the quiet hop alone. */
function compareHops(first: OverheadResult, second: OverheadResult): RunComparison {
  const comparison = compareRuns(hopOf(first), hopOf(second));
  assert.ok(comparison !== undefined);
  return comparison;
}

function hopOf(result: OverheadResult): OverheadResult {
  return { ...result, workloads: result.workloads.slice(0, 1) };
}

function render(comparison: RunComparison, first: OverheadResult, second: OverheadResult): string {
  const runs = { first: { file: 'a.json', result: first }, second: { file: 'b.json', result: second } };
  return renderComparison(comparison, runs, (text) => text);
}

describe('two saved runs of the same machine', () => {
  it('agree in all of twelve pairs of equal runs', () => {
    const runs = Array.from({ length: 13 }, (_, seed) => drawRun(seed + 1));
    const outcomes = runs.slice(1).map((run, index) => compareHops(runs[index] ?? run, run).outcome);
    assert.deepEqual(new Set(outcomes), new Set(['agree']));
  });

  it('differ where each traced request costs 50 µs more, in every traced cell and in no other', () => {
    const comparison = compareHops(drawRun(1), drawRun(2, { moreUs: 50 }));
    assert.equal(comparison.outcome, 'differ');
    const differing = comparison.workloads[0]?.cells.filter(({ verdict }) => verdict === 'differs') ?? [];
    assert.deepEqual(
      differing.map(({ variant }) => variant),
      ['unsampled', '1/1024', '1/16', '1/8', '1/4', '1/2', '1/1'],
    );
    for (const { differenceUs } of differing) assert.ok(differenceUs.low < 50 && differenceUs.high > 50);
    assert.equal(sentenceOf(comparison), 'The runs differ in 7 of 9 cells.');
  });

  it('are the other way round with the sign turned', () => {
    const [one, other] = [drawRun(3), drawRun(4, { moreUs: 5 })];
    const there = compareHops(one, other).workloads[0]?.cells ?? [];
    const back = compareHops(other, one).workloads[0]?.cells ?? [];
    there.forEach((cell, index) => {
      assert.ok(Math.abs(cell.differenceUs.estimate + (back[index]?.differenceUs.estimate ?? 0)) < 1e-9);
      assert.equal(cell.verdict, back[index]?.verdict);
    });
  });

  it('cannot be said to agree where a control row is too wide, but can still be seen to differ', () => {
    const [one, other] = [drawRun(1), drawRun(2)];
    const equal = compareRuns(one, other);
    assert.equal(equal?.outcome, 'cannot be compared');
    assert.match(sentenceOf(equal), /too noisy\. No difference is seen in 18 cells/);
    const checkout = compareRuns(one, drawRun(2, { moreUs: 5000 }))?.workloads[1];
    assert.deepEqual(checkout?.isTooNoisy, { first: true, second: true });
    assert.equal(checkout?.cells.at(-1)?.verdict, 'differs');
  });

  it('are corrected for all cells of all workloads', () => {
    const [one, other] = [drawRun(1), drawRun(2)];
    const [alone, together] = [compareHops(one, other), compareRuns(one, other)];
    assert.deepEqual([alone.cellCount, together?.cellCount], [9, 18]);
    const width = (comparison: RunComparison | undefined): number => {
      const { low, high } = comparison?.workloads[0]?.cells[3]?.differenceUs ?? { low: 0, high: 0 };
      return high - low;
    };
    assert.ok(width(together) > width(alone));
  });

  it('are not said to differ by less than what the control rows show between equal sets', () => {
    const shifted = drawRun(2);
    // The second set of the second run is 60 µs dearer for the whole of it, and so is the tracer's.
    const dearer = shifted.workloads[0]?.blocks.map((block) =>
      block.variant === 'none' ? block : { ...block, cpuUs: block.cpuUs + 60 * block.requests },
    );
    const [hop] = shifted.workloads;
    assert.ok(hop !== undefined && dearer !== undefined);
    const comparison = compareHops(drawRun(1), { ...shifted, workloads: [{ ...hop, blocks: dearer }] });
    assert.ok((comparison.workloads[0]?.noiseUs ?? 0) > 60);
    assert.deepEqual(
      comparison.workloads[0]?.cells.filter(({ verdict }) => verdict === 'differs'),
      [],
    );
  });

  it('are not said to agree where a difference worth seeing would have been missed', () => {
    const [one, other] = [hopOf(drawRun(1)), hopOf(drawRun(2))];
    assert.equal(compareRuns(one, other, 25)?.outcome, 'agree');
    const strict = compareRuns(one, other, 1);
    assert.equal(strict?.outcome, 'cannot be compared');
    assert.ok(
      strict?.workloads[0]?.cells.every(({ verdict, seenFromUs }) => verdict === 'too noisy' && seenFromUs > 1),
    );
  });

  it('give no verdict with one restart', () => {
    const cut = (result: OverheadResult): OverheadResult => ({
      ...result,
      workloads: hopOf(result).workloads.map((hop) => ({
        ...hop,
        blocks: hop.blocks.filter(({ restart }) => restart === 0),
      })),
    });
    const comparison = compareHops(cut(drawRun(1)), drawRun(2));
    assert.equal(comparison.outcome, 'cannot be compared');
    assert.match(sentenceOf(comparison), /one restart has no interval/);
    assert.doesNotMatch(render(comparison, drawRun(1), drawRun(2)), /NaN|Infinity/);
  });

  it('have nothing to compare where they share no row', () => {
    const renamed = hopOf(drawRun(1)).workloads.map((hop) => ({
      ...hop,
      blocks: hop.blocks.filter(({ variant }) => variant.startsWith('none')),
    }));
    assert.equal(compareRuns({ ...drawRun(1), workloads: renamed }, drawRun(2)), undefined);
  });
});

describe('the comparison as it is read', () => {
  it('warns of another machine, another load and an unfinished run, and lists what only one run has', () => {
    const one = hopOf(drawRun(1));
    const other: OverheadResult = {
      ...hopOf(drawRun(2)),
      complete: false,
      machine: { ...one.machine, node: 'v25.0.0', governor: 'powersave' },
      regime: { ...one.regime, connections: 64 },
    };
    const blocks = one.workloads[0]?.blocks.filter(({ variant }) => variant !== '1/8') ?? [];
    const [hop] = one.workloads;
    assert.ok(hop !== undefined);
    const first = { ...one, workloads: [{ ...hop, blocks }] };
    const comparison = compareHops(first, other);
    const runs = { first: { file: 'a.json', result: first }, second: { file: 'b.json', result: other } };
    assert.deepEqual(
      warningsOf(comparison, runs).map((warning) => warning.split(/[ :](?=[^A-Z])/)[0]),
      ['DIFFERENT MACHINES', 'DIFFERENT LOADS', 'INCOMPLETE'],
    );
    const page = render(comparison, first, other);
    assert.match(page, /node: v24\.0\.0 against v25\.0\.0; governor: not told against powersave/);
    assert.match(page, /In one run only, so not compared: 1\/8 \(b\)/);
  });

  it('says of a cell how large a difference would have been seen', () => {
    const comparison = compareHops(drawRun(1), drawRun(2));
    for (const cell of comparison.workloads[0]?.cells ?? [])
      assert.match(describeVerdict(cell), /^agrees within ±[\d.]+ µs \(seen from [\d.]+ µs\)$/);
    assert.match(sentenceOf(comparison), /^The runs agree in all 9 cells that both measured/);
  });
});
