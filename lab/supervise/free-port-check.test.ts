import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { freePorts } from '@tracelab/command';
import { requireFreePorts } from './free-port-check.ts';

describe('the ports of the lab', () => {
  const holder = createServer();
  after(() => holder.close());

  it('are all free: then nothing is said, and none is kept', async () => {
    const [first = 0, second = 0] = await freePorts(2);
    const wanted = [first, second].map((port) => ({ port, variable: 'BANK_PORT', what: 'bank' }));
    await requireFreePorts('127.0.0.1', wanted);
    await requireFreePorts('127.0.0.1', wanted);
  });

  it('are named when taken: which, by whom, and a command that works', async () => {
    holder.listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const by = process.platform === 'linux' ? `.*\\(pid ${process.pid}\\)` : '';
    await assert.rejects(
      requireFreePorts('127.0.0.1', [{ port, variable: 'BANK_PORT', what: 'bank' }]),
      new RegExp(`port ${port} \\(bank\\) is held by ${by}.*BANK_PORT.*LAB_PORT_BASE=5600 npm start`),
    );
  });

  it('are refused where two processes have the same one', async () => {
    const wanted = ['bank', 'cache'].map((what) => ({ port: 4600, variable: `${what.toUpperCase()}_PORT`, what }));
    await assert.rejects(
      requireFreePorts('127.0.0.1', wanted),
      /port 4600 is set for both bank \(BANK_PORT\) and cache \(CACHE_PORT\)/,
    );
  });

  it('say so where the host is no address of this machine', async () => {
    await assert.rejects(
      requireFreePorts('192.0.2.1', [{ port: 0, variable: 'BANK_PORT', what: 'bank' }]),
      /192\.0\.2\.1 is no address of this machine: set LAB_HOST/,
    );
  });
});
