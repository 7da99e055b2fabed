import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { it } from 'node:test';
import { isSpanId, isTraceId } from '@tracelab/protocol';
import { createIdPool } from './id-pool.ts';

it('ids are valid and different, across refills of the pool', () => {
  const pool = createIdPool(randomFillSync);
  const ids = Array.from({ length: 2000 }, () => [pool.traceId(), pool.spanId()]).flat();
  assert(ids.every((id) => isTraceId(id) || isSpanId(id)));
  assert.equal(new Set(ids).size, ids.length);
});

it('an id of zeros only is drawn again', () => {
  let fills = 0;
  const pool = createIdPool((bytes) => bytes.fill(fills++ === 0 ? 0 : 0xab));
  assert.equal(pool.spanId(), 'ab'.repeat(8));
  assert.equal(fills, 2);
});
