import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createRandom } from '@tracelab/model';
import { switchedVariants, UNTRACED_VARIANTS } from '../overhead/variant.ts';
import { parseOverheadResult, type OverheadResult } from '../overhead/result.ts';
import { holdsInSimulation, holdsOnMachine } from './coverage-report.ts';
import { coverageOf, simulateCoverage, truthsOf } from './coverage.ts';
import { fitNoise } from './fit-noise.ts';
import { FITTED_NOISE } from './fitted-noise.ts';
import type { Noise } from './noise.ts';
import { simulatedVariants, simulateRun, type Design } from './simulate-run.ts';

const QUICK: Design = { restarts: 4, rounds: 4, blocks: 7 };

const fixture = parseOverheadResult(readFileSync(new URL('../report/fixture/overhead.json', import.meta.url), 'utf8'));
assert.ok(fixture.ok);
const saved = fixture.value;

/** A saved run with simulated blocks. */
function resultOf(
  noise: Noise,
  design: Design,
  { injectedUs, seed }: { injectedUs: number; seed: number },
): OverheadResult {
  const blocks = simulateRun(noise, design, injectedUs, createRandom(seed));
  const workload = { workload: 'hop' as const, processesPerSet: 2, warmUpMs: 1, blockMs: 1, blocks };
  return { ...saved, variants: simulatedVariants(injectedUs), workloads: [workload] };
}

/** One whose burn was switched on and off, at a cost of its own. */
function switchedResultOf(of: { burntUs: number; costUs: number; seed: number }): OverheadResult {
  const [off, on] = switchedVariants(of.burntUs);
  const result = resultOf(FITTED_NOISE, QUICK, { injectedUs: of.costUs, seed: of.seed });
  const names = new Map([
    ['none', off?.name],
    [`none + ${of.costUs} µs`, on?.name],
  ]);
  const workloads = result.workloads.map((workload) => ({
    ...workload,
    blocks: workload.blocks.flatMap((block) => {
      const variant = names.get(block.variant);
      return variant === undefined ? [] : [{ ...block, variant }];
    }),
  }));
  return { ...result, variants: [...UNTRACED_VARIANTS, ...switchedVariants(of.burntUs)], workloads };
}

describe('the 95 % interval', () => {
  for (const injectedUs of [0, 3, 10, 50]) {
    it(`holds a known cost of ${injectedUs} µs in 92 to 98 % of 1,000 simulated quick runs`, () => {
      const covered = simulateCoverage({ noise: FITTED_NOISE, design: QUICK, injectedUs, runs: 1000, seed: 1 });
      assert.ok(holdsInSimulation(covered), `${covered.held} of ${covered.runs}`);
    });
  }

  it('is refused where it holds the truth too rarely, and where it is so wide that it nearly always does', () => {
    const row = { row: '', truthUs: 10, reachUs: 1, runs: 1000 };
    const verdicts = [919, 920, 980, 981].map((held) => holdsInSimulation({ ...row, held }));
    assert.deepEqual(verdicts, [false, true, true, false]);
  });
});

describe('the fit of the noise', () => {
  it('finds the levels that a run was made with', () => {
    const noise: Noise = { baselineUs: 250, restartUs: 12, roundUs: 25, blockUs: 20, stallChance: 0.02, stallUs: 300 };
    const fitted = fitNoise(
      [resultOf(noise, { restarts: 200, rounds: 6, blocks: 7 }, { injectedUs: 0, seed: 5 })],
      'hop',
    );
    for (const level of ['baselineUs', 'restartUs', 'roundUs', 'blockUs'] as const) {
      const share = fitted[level] / noise[level];
      assert.ok(share > 0.85 && share < 1.15, `${level}: ${fitted[level]}`);
    }
    // A stall shorter than five standard deviations passes for noise, so fewer and longer ones are found.
    assert.ok(fitted.stallChance > 0.01 && fitted.stallChance < 0.02, String(fitted.stallChance));
    assert.ok(fitted.stallUs > 300 && fitted.stallUs < 500, String(fitted.stallUs));
  });

  it('finds none where there is none, and never a negative one', () => {
    const quiet: Noise = { baselineUs: 100, restartUs: 0, roundUs: 0, blockUs: 0, stallChance: 0, stallUs: 0 };
    const fitted = fitNoise([resultOf(quiet, QUICK, { injectedUs: 0, seed: 5 })], 'hop');
    for (const [level, value] of Object.entries(quiet))
      assert.ok(Math.abs(fitted[level as keyof Noise] - value) < 1e-6, `${level}: ${fitted[level as keyof Noise]}`);
  });

  it('refuses fewer than four restarts', () => {
    const short = resultOf(FITTED_NOISE, { ...QUICK, restarts: 3 }, { injectedUs: 0, seed: 5 });
    assert.throws(() => fitNoise([short], 'hop'), /4 restarts or more of hop: were 3/);
  });
});

describe('the count over real runs', () => {
  it('takes the rows whose truth is known, the control row among them', () => {
    const runs = Array.from({ length: 10 }, (_, seed) => resultOf(FITTED_NOISE, QUICK, { injectedUs: 50, seed }));
    const rows = coverageOf(runs, truthsOf(runs));
    assert.deepEqual(
      rows.map(({ row, truthUs, runs: count }) => [row, truthUs, count]),
      [
        ['none (again)', 0, 10],
        ['none + 50 µs', 50, 10],
      ],
    );
    assert.ok(rows.every(holdsOnMachine), JSON.stringify(rows));
  });

  it('holds a burn against what switching it costs the same processes, where that was measured', () => {
    const costly = Array.from({ length: 10 }, (_, seed) => switchedResultOf({ burntUs: 50, costUs: 60, seed }));
    const [truth] = truthsOf(costly);
    assert.ok(truth !== undefined && truth.burntUs === 50 && truth.restarts === 40);
    assert.ok(Math.abs(truth.costUs.estimate - 60) < 5, JSON.stringify(truth));
    const injected = costly.map((result, seed) => ({
      ...result,
      variants: [...simulatedVariants(50), ...switchedVariants(50)],
      workloads: result.workloads.map((workload) => ({
        ...workload,
        blocks: [
          ...workload.blocks,
          ...simulateRun(FITTED_NOISE, QUICK, 60, createRandom(100 + seed)).map((block) => ({
            ...block,
            variant: block.variant === 'none + 60 µs' ? 'none + 50 µs' : block.variant,
          })),
        ],
      })),
    }));
    const row = coverageOf(injected, truthsOf(injected)).find(({ row: name }) => name === 'none + 50 µs');
    assert.equal(row?.truthUs, truth.costUs.estimate);
    assert.ok(row !== undefined && holdsOnMachine(row), JSON.stringify(row));
  });

  it('asks for seven of ten, and for one at least', () => {
    const row = { row: '', truthUs: 0, reachUs: 1 };
    assert.equal(holdsOnMachine({ ...row, runs: 10, held: 7 }), true);
    assert.equal(holdsOnMachine({ ...row, runs: 10, held: 6 }), false);
    assert.equal(holdsOnMachine({ ...row, runs: 0, held: 0 }), false);
  });
});
