import assert from 'node:assert/strict';
import { it } from 'node:test';
import { burnCpu, burnRoute } from './burn.ts';

it('a hop burns at least the CPU that was asked for, of its own process', () => {
  const before = process.cpuUsage();
  for (let request = 0; request < 100; request++) burnCpu(200);
  const { user, system } = process.cpuUsage(before);
  // The rest of 20 ms may hide in the kernel's rounding.
  assert.ok(user + system >= 19_000, `${user + system} µs`);
});

it('what a hop burns can be set while it runs, and nonsense is refused', () => {
  const burn = { us: 0 };
  const { handle } = burnRoute(burn);
  const put = (body: unknown): unknown => handle({ body, params: {}, query: {}, log: console as never });
  assert.deepEqual(put({ us: 50 }), { us: 50 });
  assert.equal(burn.us, 50);
  for (const body of [undefined, {}, { us: -1 }, { us: 1.5 }, { us: '50' }, { us: 10_001 }])
    assert.throws(() => put(body), /"us" should be a whole number from 0 to 10000/);
  assert.equal(burn.us, 50);
});
