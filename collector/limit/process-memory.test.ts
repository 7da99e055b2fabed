import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { totalmem } from 'node:os';
import { arrayBytes, createGarbageCollector, totalMemoryBytes, usedHeapBytes } from './process-memory.ts';

const BYTES = 50_000_000;

describe('usedHeapBytes', () => {
  it('counts bytes outside of the heap, and falls when garbage is collected', async () => {
    const { collectAll } = createGarbageCollector();
    await collectAll();
    const before = usedHeapBytes();
    const held: { bytes: Uint8Array | undefined } = { bytes: new Uint8Array(BYTES) };
    assert.ok(usedHeapBytes() - before >= BYTES * 0.9);
    held.bytes = undefined;
    await collectAll();
    assert.ok(usedHeapBytes() - before < BYTES * 0.5);
  });
});

describe('arrayBytes', () => {
  it('falls when what is new is collected', async () => {
    const { collectYoung } = createGarbageCollector();
    const before = arrayBytes();
    const held: { bytes: Uint8Array | undefined } = { bytes: new Uint8Array(BYTES) };
    assert.ok(arrayBytes() - before >= BYTES * 0.9);
    held.bytes = undefined;
    await collectYoung();
    assert.ok(arrayBytes() - before < BYTES * 0.5);
  });
});

describe('totalMemoryBytes', () => {
  it('is no more than the machine has', () => {
    const bytes = totalMemoryBytes();
    assert.ok(bytes > 0 && bytes <= totalmem());
  });
});
