import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RATE_VARIANTS, roundOf, SDK_VARIANTS, TRACER_VARIANTS, type Variant } from './variant.ts';

/** How many blocks each set gets, and each variant. */
function counts(variants: readonly Variant[]): { sets: Record<string, number>; variants: Record<string, number> } {
  const sets: Record<string, number> = {};
  const byName: Record<string, number> = {};
  for (const { set, name } of roundOf(variants)) {
    sets[set] = (sets[set] ?? 0) + 1;
    byName[name] = (byName[name] ?? 0) + 1;
  }
  return { sets, variants: byName };
}

describe('a round', () => {
  const tables = {
    rates: RATE_VARIANTS,
    'rates and the SDK': [...RATE_VARIANTS, ...SDK_VARIANTS],
    tracers: TRACER_VARIANTS,
  };
  for (const [name, variants] of Object.entries(tables)) {
    it(`of ${name} loads every set alike, and every rate once`, () => {
      const { sets, variants: byName } = counts(variants);
      assert.equal(new Set(Object.values(sets)).size, 1, JSON.stringify(sets));
      for (const { name: variant, ratio } of variants) if (ratio !== undefined) assert.equal(byName[variant], 1);
    });
  }

  it('shares a set’s blocks out among its rates where another set has more of them', () => {
    const rates = (set: 'lab' | 'otel', count: number): Variant[] =>
      Array.from({ length: count }, (_, index) => ({ name: `${set} ${index}`, set, ratio: 1 / (index + 1) }));
    const { sets, variants } = counts([{ name: 'none', set: 'none' }, ...rates('lab', 6), ...rates('otel', 2)]);
    assert.deepEqual(sets, { none: 6, lab: 6, otel: 6 });
    assert.equal(variants['otel 0'], 3);
  });
});
