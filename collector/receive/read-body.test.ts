import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ArrayPool } from './array-pool.ts';
import { BodyBudget } from './body-budget.ts';
import { readBody } from './read-body.ts';

const limits = { bytesMax: 1000, budget: new BodyBudget(1500), arrays: new ArrayPool(1e6) };

function* breakOffAfter(start: Buffer): Generator<Buffer> {
  yield start;
  throw new Error('aborted');
}

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

  it('gives the budget back when the sender goes away in the middle', async () => {
    for (const encoding of ['identity', 'gzip'] as const) {
      const start = encoding === 'gzip' ? gzipSync(Buffer.alloc(500)).subarray(0, 20) : Buffer.alloc(500);
      const raw = Readable.from(breakOffAfter(start));
      const body = await readBody(raw, encoding, limits);
      assert.equal(!body.ok && body.error.kind, 'malformed', encoding);
      assert.equal(limits.budget.bytesTaken, 0, encoding);
    }
  });

  it('reads what is left of a body that it refused, so that its sender sees the answer', async () => {
    for (const [encoding, whole] of [
      ['identity', Buffer.alloc(100_000)],
      ['gzip', Buffer.concat([gzipSync(Buffer.alloc(2000)), Buffer.alloc(100_000)])],
    ] as const) {
      const raw = Readable.from([whole.subarray(0, 2000), whole.subarray(2000)]);
      const ended = once(raw, 'end');
      assert.equal((await readBody(raw, encoding, limits)).ok, false);
      await ended;
    }
  });
});
