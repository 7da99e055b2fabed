import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BodyBudget } from './body-budget.ts';
import { readBody } from './read-body.ts';

const limits = { bytesMax: 1000, budget: new BodyBudget(1500) };

describe('readBody', () => {
  it('reads plain and gzipped bodies up to the limit', async () => {
    for (const [encoding, wrap] of [
      ['identity', (bytes: Buffer) => bytes],
      ['gzip', gzipSync],
    ] as const) {
      const body = await readBody(Readable.from([wrap(Buffer.alloc(1000, 7))]), encoding, limits);
      assert.ok(body.ok);
      assert.equal(body.value.bytes.length, 1000);
      body.value.release();
      const refused = await readBody(Readable.from([wrap(Buffer.alloc(1001, 7))]), encoding, limits);
      assert.deepEqual(refused, { ok: false, error: { kind: 'tooLarge' } });
    }
    assert.equal(limits.budget.bytesTaken, 0);
  });

  it('refuses while the bodies of others fill the budget, and gives it back', async () => {
    const first = await readBody(Readable.from([Buffer.alloc(900)]), 'identity', limits);
    assert.ok(first.ok);
    assert.deepEqual(await readBody(Readable.from([Buffer.alloc(900)]), 'identity', limits), {
      ok: false,
      error: { kind: 'noBudget' },
    });
    first.value.release();
    const second = await readBody(Readable.from([Buffer.alloc(900)]), 'identity', limits);
    assert.ok(second.ok);
    second.value.release();
    assert.equal(limits.budget.bytesTaken, 0);
  });

  it('refuses a truncated gzip body', async () => {
    const whole = gzipSync(Buffer.alloc(500, 'abc'));
    const body = await readBody(Readable.from([whole.subarray(0, whole.length - 9)]), 'gzip', limits);
    assert.equal(!body.ok && body.error.kind, 'malformed');
  });
});
