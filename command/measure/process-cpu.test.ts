import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createCpuMeter } from './process-cpu.ts';
import { readResidentBytes } from './usage.ts';

const onLinux = { skip: process.platform === 'linux' ? false : 'only Linux tells' };
/** Not a process: above the largest pid_max. */
const NOBODY = 2 ** 23;

function workMs(cpuMs: number): void {
  const before = process.cpuUsage();
  while (process.cpuUsage(before).user < cpuMs * 1000);
}

describe('createCpuMeter', onLinux, () => {
  it('sees the work of a process as the process does', () => {
    const meter = createCpuMeter(process.pid);
    const [before, own] = [meter.readUs() ?? Number.NaN, process.cpuUsage()];
    workMs(60);
    const { user, system } = process.cpuUsage(own);
    const seen = (meter.readUs() ?? Number.NaN) - before;
    assert.ok(Math.abs(seen - (user + system)) < 20_000, `${seen} us, and ${user + system} by its own account`);
  });

  it('never goes back when a thread ends', async () => {
    const meter = createCpuMeter(process.pid);
    const worker = new Worker('const end = Date.now() + 50; while (Date.now() < end);', { eval: true });
    await once(worker, 'online');
    workMs(20);
    const before = meter.readUs() ?? Number.NaN;
    await once(worker, 'exit');
    assert.ok((meter.readUs() ?? 0) >= before);
  });

  it('knows nothing of a process that is not there', () => {
    assert.equal(createCpuMeter(NOBODY).readUs(), undefined);
    assert.equal(readResidentBytes(NOBODY), undefined);
  });
});

describe('readResidentBytes', onLinux, () => {
  it('agrees with what the process says of itself', () => {
    const bytes = readResidentBytes(process.pid) ?? Number.NaN;
    assert.ok(Math.abs(bytes / process.memoryUsage.rss() - 1) < 0.2, `${bytes}`);
  });
});
