import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decidedOf } from '../fixtures/decided.ts';
import { spanIdFor, TRACE_ID } from '../fixtures/make-trace.ts';
import { recordsOfBlock } from '../explain/record-block.ts';
import type { DecidedTrace } from '../sample/decided-trace.ts';
import { EMPTY_SAMPLER_LEDGER } from '../sample/sampler.ts';
import { Outbox, UNTAKEN_BYTES_MAX } from './outbox.ts';
import type { SamplerDelivery } from './sampler-messages.ts';

function createLab(): { outbox: Outbox; deliveries: SamplerDelivery[] } {
  const deliveries: SamplerDelivery[] = [];
  const post = (delivery: SamplerDelivery): void => void deliveries.push(delivery);
  return { outbox: new Outbox({ post, ledger: () => EMPTY_SAMPLER_LEDGER, msUntilRoom: () => 0 }), deliveries };
}

function traceOf(byteCount: number): DecidedTrace {
  return { ...decidedOf([{ spanId: spanIdFor(0) }]), bytes: new Uint8Array(byteCount) };
}

describe('Outbox', () => {
  it('delivers at once what one piece of work has done', async () => {
    const { outbox, deliveries } = createLab();
    const traceId = Buffer.from(TRACE_ID, 'hex');
    const payloads = [Uint8Array.of(1), new Uint8Array(40_000), Uint8Array.of(2, 3)];
    for (const payload of payloads) outbox.record(traceId, payload);
    outbox.accept(traceOf(100));
    const fates = { received: 3, droppedDuplicate: 1, droppedAtEnd: 0, kept: 2 };
    outbox.release(7, fates);
    outbox.answer(8, 'done');
    await Promise.resolve();
    const [delivery] = deliveries;
    assert.equal(deliveries.length, 1);
    assert.deepEqual([delivery?.released, delivery?.answers], [[{ id: 7, fates }], [{ id: 8, value: 'done' }]]);
    const records = delivery?.records.flatMap((block) => [...recordsOfBlock(Buffer.from(block))]) ?? [];
    assert.deepEqual(
      records.map(({ payload }) => payload.length),
      [1, 40_000, 2],
    );
    assert.ok(records.every((record) => Buffer.from(record.traceId).toString('hex') === TRACE_ID));
  });

  it('has no room for more than its bound until the store has taken it, however it is cut into deliveries', async () => {
    const { outbox, deliveries } = createLab();
    const bytes = 300_000;
    let count = 0;
    for (; outbox.hasRoom(); count++) outbox.accept(traceOf(bytes));
    assert.ok(count * bytes <= UNTAKEN_BYTES_MAX + bytes, `${count} traces`);
    assert.ok(deliveries.length > 1);
    await Promise.resolve();
    assert.equal(deliveries.flatMap(({ traces }) => traces).length, count);
    let hasWaited = false;
    const waiting = outbox.untilRoom().then(() => (hasWaited = true));
    await Promise.resolve();
    assert.equal(hasWaited, false);
    for (const { traceBytes } of deliveries) outbox.taken(traceBytes, 0);
    await waiting;
    assert.ok(outbox.hasRoom());
  });
});
