import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { totalmem } from 'node:os';
import { arrayBytes, createGarbageCollector, totalMemoryBytes, usedHeapBytes } from './process-memory.ts';

const BYTES = 50_000_000;

async function assertFallsBy(collect: () => Promise<void>, bytesOf: () => number): Promise<void> {
  await collect();
  const before = bytesOf();
  const held: { bytes: Uint8Array | undefined } = { bytes: new Uint8Array(BYTES) };
  assert.ok(bytesOf() - before >= BYTES * 0.9);
  held.bytes = undefined;
  await collect();
  assert.ok(bytesOf() - before < BYTES * 0.5);
}

describe('usedHeapBytes', () => {
  it('counts bytes outside of the heap, and falls when garbage is collected', async () => {
    await assertFallsBy(createGarbageCollector().collectAll, usedHeapBytes);
  });
});

describe('arrayBytes', () => {
  it('falls when what is new is collected', async () => {
    await assertFallsBy(createGarbageCollector().collectYoung, arrayBytes);
  });
});

describe('totalMemoryBytes', () => {
  it('is no more than the machine has', () => {
    const bytes = totalMemoryBytes();
    assert.ok(bytes > 0 && bytes <= totalmem());
  });
});
