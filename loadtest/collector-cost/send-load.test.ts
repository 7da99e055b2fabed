import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBatch } from '../otlp-load/batch.ts';
import { startReceiver } from '../otlp-load/receiver.test-kit.ts';
import { describeProcess, FIVE_SERVICES } from '../otlp-load/trace-shape.ts';
import { sendAtRate, sendSaturating, SATURATING_PROCESSES, tracesForBytes } from './send-load.ts';

const signal = new AbortController().signal;

describe('sendAtRate', () => {
  it('sends what its processes make in that time, every span of its own, and counts what arrived', async () => {
    const receiver = await startReceiver();
    const load = { processes: 10, bytesPerSecond: 20_000, durationMs: 500 };
    const sent = await sendAtRate(load, { url: receiver.url, signal, generation: 65_536 });
    assert.deepEqual([sent.spans, sent.bytes, sent.refusals], [receiver.spanKeys.length, receiver.bytes, 0]);
    assert.equal(new Set(receiver.spanKeys).size, receiver.spanKeys.length);
    // 10 x 20 KB/s for half a second, give or take the batch that falls on either end.
    assert.ok(Math.abs(sent.bytes - 100_000) <= 25_000, `${sent.bytes} B`);
    assert.equal(sent.loadMs, 500);
  });
});

describe('sendSaturating', () => {
  it('sends until there are so many spans, and counts a refusal as nothing that arrived', async () => {
    const receiver = await startReceiver(3);
    const until = { durationMs: 20_000, spansMax: 3000 };
    const sent = await sendSaturating(until, { url: receiver.url, signal, generation: 65_536 });
    assert.deepEqual([sent.spans, sent.bytes, sent.refusals], [receiver.spanKeys.length, receiver.bytes, 3]);
    assert.equal(new Set(receiver.spanKeys).size, receiver.spanKeys.length);
    assert.ok(sent.spans >= 3000 && sent.spans < 3000 + SATURATING_PROCESSES * 512);
  });
});

describe('tracesForBytes', () => {
  it('comes within a trace of the size that is asked for', () => {
    const nowUnixMs = 1_780_000_000_000;
    const bytesOf = (traces: number): number =>
      createBatch(describeProcess(FIVE_SERVICES, { process: 0, traces, nowUnixMs })).bytes;
    for (const bytes of [2000, 10_000, 200_000]) {
      const got = bytesOf(tracesForBytes(bytes, nowUnixMs));
      assert.ok(Math.abs(got - bytes) < bytesOf(2) - bytesOf(1), `${got} for ${bytes}`);
    }
    assert.equal(tracesForBytes(1, nowUnixMs), 1);
  });
});
