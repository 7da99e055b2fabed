import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readLocalUsage } from './local-usage.ts';

describe(
  'the usage of a process of this machine',
  { skip: process.platform === 'linux' ? false : 'read from /proc, Linux only' },
  () => {
    it('is near to what the process says of itself', () => {
      const usage = readLocalUsage(process.pid);
      const cpu = process.cpuUsage();
      assert.ok(usage !== undefined);
      assert.ok(Math.abs(usage.residentBytes / process.memoryUsage.rss() - 1) < 0.2);
      assert.ok(Math.abs(usage.cpuUs - cpu.user - cpu.system) <= 100_000);
    });

    it('is not known of a process that is gone', () => {
      assert.equal(readLocalUsage(2 ** 30), undefined);
    });
  },
);
