import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { DecisionCache } from './decision-cache.ts';
import type { Decision } from './policies/policy.ts';

const idOf = (index: number): Buffer => {
  const id = Buffer.alloc(16, 7);
  id.writeInt32BE(index, 12);
  return id;
};
const wordsOf = (id: Buffer): { idA: number; idB: number; idC: number; idD: number } => ({
  idA: id.readInt32BE(0),
  idB: id.readInt32BE(4),
  idC: id.readInt32BE(8),
  idD: id.readInt32BE(12),
});

describe('DecisionCache', () => {
  it('remembers what a map of the decisions asked for last would, of each kind its number', () => {
    const size = fc.integer({ min: 1, max: 6 });
    const step = fc.record({
      index: fc.nat(12),
      decision: fc.constantFrom<Decision>('sampled', 'notSampled', 'dropped'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), size, size, (steps, sampled, notSampled) => {
        const cache = new DecisionCache({ sampled, notSampled }, 1);
        const kept = new Map<number, Decision>();
        const others = new Map<number, Decision>();
        for (const { index, decision } of steps) {
          const known = kept.get(index) ?? others.get(index);
          assert.equal(cache.recall(idOf(index), 0), known);
          const expected = (known ?? decision) === 'sampled' ? kept : others;
          expected.delete(index);
          expected.set(index, known ?? decision);
          if (known === undefined) cache.record(wordsOf(idOf(index)), decision);
          const [oldest] = expected.keys();
          const max = expected === kept ? sampled : notSampled;
          if (expected.size > max && oldest !== undefined) expected.delete(oldest);
        }
      }),
    );
  });
});
