import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { monotonicMs } from '../../attack/monotonic-clock.ts';
import { startReceiver } from '../../otlp-load/receiver.test-kit.ts';
import { saturate, sendSteadily } from './loads.ts';
import { createTraffic, ENCODINGS, SPANS_PER_REQUEST } from './traffic.ts';

const waitUntil = (timeMs: number): Promise<void> => sleep(Math.max(0, timeMs - monotonicMs()));

describe('the load process', async () => {
  // More rounds than a test sends: no id comes back.
  const traffic = await createTraffic(1_780_000_000_000, 40);

  for (const encoding of ENCODINGS)
    it(`saturates: what it says it sent arrived, each span once, and a refusal is nothing that arrived, ${encoding}`, async () => {
      const receiver = await startReceiver(3);
      const sent = await saturate(traffic, { url: receiver.url, encoding, durationMs: 200 });
      assert.deepEqual([sent.spans, sent.wireBytes, sent.refusals], [receiver.spanKeys.length, receiver.bytes, 3]);
      assert.equal(new Set(receiver.spanKeys).size, receiver.spanKeys.length);
      assert.ok(sent.spans > 0 && sent.loadMs >= 200);
      assert.equal(sent.bytes > sent.wireBytes, encoding === 'gzip');
    });

  it('sends at a rate: as many requests as are due, each with its answer', async () => {
    const receiver = await startReceiver(1);
    const load = { url: receiver.url, spansPerSecond: 20 * SPANS_PER_REQUEST, durationMs: 500 };
    const sent = await sendSteadily(traffic, load, waitUntil);
    assert.deepEqual(
      sent.shots.dueUs,
      Array.from({ length: 10 }, (_, index) => index * 50_000),
    );
    assert.deepEqual([sent.spans, sent.refusals], [9 * SPANS_PER_REQUEST, 1]);
    assert.equal(sent.shots.status.filter((status) => status === 503).length, 1);
    assert.equal(receiver.spanKeys.length, sent.spans);
  });
});
