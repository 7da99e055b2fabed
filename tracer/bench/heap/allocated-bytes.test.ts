import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allocatedBytes } from './allocated-bytes.ts';

let kept: unknown;

/** Map, properties, elements and four fields of eight bytes each. */
const OBJECT_BYTES = 7 * 8;
/** What reading the figures allocates itself; the bench's blocks are several megabytes. */
const READING_BYTES_MAX = 32 * 1024;

async function makeObjects(count: number): Promise<void> {
  for (let index = 0; index < count; index++) kept = { a: index, b: 1, c: 2, d: 3 };
}

describe('allocatedBytes', () => {
  it('counts objects of known size to within what its own reading takes', async () => {
    const count = 8000;
    // Compiled code, or it allocates for the interpreter as well.
    await makeObjects(100_000);
    const bytes = await allocatedBytes(() => makeObjects(count));
    assert.ok(kept !== undefined);
    assert.ok(bytes >= count * OBJECT_BYTES, `${bytes} B`);
    assert.ok(bytes <= count * OBJECT_BYTES + READING_BYTES_MAX, `${bytes} B`);
  });

  it('refuses work that garbage is collected in, rather than to count too little', async () => {
    await assert.rejects(
      allocatedBytes(() => makeObjects(2_000_000)),
      /should fit into the young generation: garbage was collected in 20 of 20 tries/,
    );
  });
});
