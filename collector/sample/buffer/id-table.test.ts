import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { IdTable, NO_SLOT } from './id-table.ts';

type Id = readonly [number, number, number, number];

/** Few different words, so that ids are near each other and some are found again. */
const WORD = fc.constantFrom(0, 1, -1, 0x7fff_ffff);
const ID: fc.Arbitrary<Id> = fc.tuple(WORD, WORD, WORD, WORD);

/** Not at the beginning, as ids in a request. */
function bytesOf(id: Id): Uint8Array {
  const bytes = Buffer.alloc(19, 0xee);
  for (const [index, word] of id.entries()) bytes.writeInt32BE(word, 3 + index * 4);
  return bytes;
}

describe('IdTable', () => {
  it('finds what a map would find, whatever was added and deleted, and gives no slot twice', () => {
    const step = fc.record({ act: fc.constantFrom('add', 'add', 'delete'), id: ID });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer(), (steps, seed) => {
        const table = new IdTable(seed);
        const slots = new Map<string, number>();
        for (const { act, id } of steps) {
          const slot = slots.get(id.join()) ?? NO_SLOT;
          assert.equal(table.find(bytesOf(id), 3), slot);
          if (act === 'add' && slot === NO_SLOT) slots.set(id.join(), table.add(...id));
          else if (act === 'delete' && slot !== NO_SLOT) {
            assert.deepEqual(
              [0, 1, 2, 3].map((word) => table.wordAt(slot, word)),
              [...id],
            );
            table.delete(slot);
            slots.delete(id.join());
          }
          assert.equal(table.size, slots.size);
          assert.equal(new Set(slots.values()).size, slots.size);
        }
      }),
    );
  });

  it('finds a hundred thousand after half of them went and others came, in slots below its capacity', () => {
    const table = new IdTable(1);
    const idOf = (index: number): Id => [0, index, index % 7, index];
    const slots = Array.from({ length: 100_000 }, (_, index) => table.add(...idOf(index)));
    for (const [index, slot] of slots.entries()) if (index % 2 === 0) table.delete(slot);
    const { capacity } = table;
    for (let index = 0; index < 100_000; index += 2) slots[index] = table.add(...idOf(index));
    assert.equal(table.capacity, capacity);
    for (const [index, slot] of slots.entries()) {
      assert.ok(slot < capacity);
      assert.equal(table.find(bytesOf(idOf(index)), 3), slot);
    }
  });
});
