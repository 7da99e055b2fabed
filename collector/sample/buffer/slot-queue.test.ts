import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { NO_SLOT } from './id-table.ts';
import { SlotQueue } from './slot-queue.ts';

describe('SlotQueue', () => {
  it('knows the oldest as a list would, whatever was taken out', () => {
    const step = fc.record({ act: fc.constantFrom('add', 'delete', 'oldest'), slot: fc.nat(3000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new SlotQueue();
        let slots: number[] = [];
        for (const { act, slot } of steps) {
          const taken = act === 'oldest' ? slots[0] : slots[slot % Math.max(1, slots.length)];
          if (act === 'add' && !slots.includes(slot)) {
            queue.add(slot);
            slots.push(slot);
          } else if (act !== 'add' && taken !== undefined) {
            queue.delete(taken);
            slots = slots.filter((other) => other !== taken);
          }
          assert.equal(queue.oldest, slots[0] ?? NO_SLOT);
        }
      }),
    );
  });
});
