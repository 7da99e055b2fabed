import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GarbageBound } from './garbage-bound.ts';

const MEBIBYTE = 1024 * 1024;

describe('GarbageBound', () => {
  const memory = { external: 0, known: 0, inUse: 0, collections: 0 };
  const bound = new GarbageBound({
    externalBytes: () => memory.external * MEBIBYTE,
    knownBytes: () => memory.known * MEBIBYTE,
    collectGarbage: () => {
      memory.collections++;
      memory.external = memory.known + memory.inUse;
      return Promise.resolve();
    },
  });
  const checkAt = async (state: Partial<typeof memory>): Promise<number> => {
    Object.assign(memory, state);
    await bound.check();
    return memory.collections;
  };

  it('collects when what is not known has grown by 192 MiB, however much is known', async () => {
    assert.equal(await checkAt({ external: 1191, known: 1000 }), 0);
    assert.equal(await checkAt({ external: 1192, known: 1000 }), 1);
    assert.equal(await checkAt({ external: 1191, known: 1000 }), 1);
  });

  it('does not repeat a collection in vain, and notices when that memory is let go', async () => {
    assert.equal(await checkAt({ external: 1400, known: 1000, inUse: 300 }), 2);
    assert.equal(await checkAt({ external: 1480 }), 2);
    assert.equal(await checkAt({ external: 1492 }), 3);
    assert.equal(await checkAt({ external: 1010, inUse: 0 }), 3);
    assert.equal(await checkAt({ external: 1202 }), 4);
  });
});
