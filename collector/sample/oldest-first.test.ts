import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { OldestFirst } from './oldest-first.ts';

describe('OldestFirst', () => {
  it('gives what a new iterator would give, whatever is added, deleted and taken', () => {
    const step = fc.record({ act: fc.constantFrom('add', 'delete', 'take'), key: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const map = new Map<number, true>();
        const oldest = new OldestFirst(map);
        for (const { act, key } of steps) {
          if (act === 'delete') map.delete(key);
          else if (act === 'add') map.set(key, true);
          else {
            const [expected] = map.keys();
            const taken = oldest.next();
            assert.equal(taken, expected);
            if (taken !== undefined) map.delete(taken);
          }
        }
      }),
    );
  });
});
