import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { TraceTable, type TraceIdWords } from './trace-table.ts';

/** Few different words, so that ids are near each other and some are found again. */
const ID = fc.tuple(...[0, 1, 2, 3].map(() => fc.constantFrom(0, 1, -1, 0x7fff_ffff)));

function traceOf([idA = 0, idB = 0, idC = 0, idD = 0]: readonly number[]): TraceIdWords {
  return { idA, idB, idC, idD };
}

/** Not at the beginning, as ids in a request. */
function bytesOf({ idA, idB, idC, idD }: TraceIdWords): Uint8Array {
  const bytes = Buffer.alloc(19, 0xee);
  for (const [index, word] of [idA, idB, idC, idD].entries()) bytes.writeInt32BE(word, 3 + index * 4);
  return bytes;
}

describe('TraceTable', () => {
  it('finds what a map would find, whatever was added and deleted', () => {
    const step = fc.record({ act: fc.constantFrom('add', 'add', 'delete'), id: ID });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer(), (steps, seed) => {
        const table = new TraceTable(seed);
        const known = new Map<string, TraceIdWords>();
        for (const { act, id } of steps) {
          const key = id.join();
          const there = known.get(key);
          assert.equal(table.find(bytesOf(traceOf(id)), 3), there);
          if (act === 'add' && there === undefined) {
            const trace = traceOf(id);
            table.add(trace);
            known.set(key, trace);
          } else if (act === 'delete') {
            assert.equal(table.delete(there ?? traceOf(id)), there !== undefined);
            known.delete(key);
          }
          assert.equal(table.size, known.size);
        }
      }),
    );
  });

  it('finds a hundred thousand after they came and half of them went', () => {
    const table = new TraceTable(1);
    const traces = Array.from({ length: 100_000 }, (_, index) => traceOf([0, index, index % 7, index]));
    for (const trace of traces) table.add(trace);
    for (const [index, trace] of traces.entries()) if (index % 2 === 0) table.delete(trace);
    assert.equal(table.size, 50_000);
    for (const [index, trace] of traces.entries())
      assert.equal(table.find(bytesOf(trace), 3), index % 2 === 0 ? undefined : trace);
  });
});
