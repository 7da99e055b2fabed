import assert from 'node:assert/strict';
import { it } from 'node:test';
import { burnCpu } from './hop.ts';

it('a hop burns at least the CPU that was asked for, of its own process', () => {
  const before = process.cpuUsage();
  for (let request = 0; request < 100; request++) burnCpu(200);
  const { user, system } = process.cpuUsage(before);
  // The rest of 20 ms may hide in the kernel's rounding.
  assert.ok(user + system >= 19_000, `${user + system} µs`);
});
