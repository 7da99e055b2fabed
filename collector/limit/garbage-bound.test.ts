import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GarbageBound } from './garbage-bound.ts';

const MEBIBYTE = 1024 * 1024;

/** In MiB. */
interface Memory {
  known: number;
  inUse: number;
  young: number;
  old: number;
}

/** What was collected at each check, of a thread whose memory is as said before it. */
function createThread(): (state: Partial<Memory>) => Promise<string> {
  const memory: Memory = { known: 1000, inUse: 0, young: 0, old: 0 };
  let collected: string[] = [];
  const bound = new GarbageBound({
    arrayBytes: () => (memory.known + memory.inUse + memory.young + memory.old) * MEBIBYTE,
    knownBytes: () => memory.known * MEBIBYTE,
    collectYoung: () => {
      collected.push('young');
      memory.young = 0;
      return Promise.resolve();
    },
    collectAll: () => {
      collected.push('all');
      memory.young = memory.old = 0;
      return Promise.resolve();
    },
  });
  return async (state) => {
    Object.assign(memory, state);
    collected = [];
    await bound.check();
    return collected.join(', ');
  };
}

describe('GarbageBound', () => {
  it('collects what is new when what is not known has grown by 96 MiB, however much is known', async () => {
    const checkAt = createThread();
    assert.equal(await checkAt({ young: 95 }), '');
    assert.equal(await checkAt({ young: 96 }), 'young');
    assert.equal(await checkAt({ known: 2000, young: 95 }), '');
  });

  it('collects everything where that leaves over half of it', async () => {
    const checkAt = createThread();
    assert.equal(await checkAt({ young: 60, old: 48 }), 'young');
    assert.equal(await checkAt({ young: 60, old: 49 }), 'young, all');
    assert.equal(await checkAt({ young: 60 }), '');
  });

  it('does not repeat a collection in vain, and notices when that memory is let go', async () => {
    const checkAt = createThread();
    assert.equal(await checkAt({ inUse: 300 }), 'young, all');
    assert.equal(await checkAt({ young: 95 }), '');
    assert.equal(await checkAt({ young: 96 }), 'young');
    assert.equal(await checkAt({ inUse: 10 }), '');
    assert.equal(await checkAt({ young: 96 }), 'young');
  });
});
