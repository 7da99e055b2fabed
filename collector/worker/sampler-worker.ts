import { parentPort, workerData } from 'node:worker_threads';
import { createSampler, type SamplerPlan } from '../create-sampler.ts';
import { watchGarbage } from '../limit/watch-garbage.ts';
import { ArrayPool } from '../receive/array-pool.ts';
import { allRows, type SpanBatch } from '../receive/span-batch.ts';
import { Outbox } from './outbox.ts';
import type { SamplerMessage, SamplerRequest } from './sampler-messages.ts';

/** A sampler in a thread of its own, with its own clock. What goes wrong in it ends the thread: half a decision helps nobody. */
const port = parentPort;
if (port === null) throw new Error('this file runs in a worker thread');

const plan = workerData as SamplerPlan;
const arrays = new ArrayPool(plan.pendingBytesMax);
watchGarbage(arrays);
const outbox = new Outbox({
  post: (delivery, transferred) => port.postMessage(delivery, transferred),
  ledger: () => sampler.ledger(),
  msUntilRoom: () => sampler.msUntilRoom(),
});
const { sampler, readTaps } = createSampler(plan, {
  sink: outbox,
  log: outbox,
  arrays,
  nowMs: () => performance.now(),
});

async function accept(id: number, { bytes, ...batch }: SpanBatch): Promise<void> {
  // The main thread has asked the store before: what is on its way is not refused here, it waits.
  while (!outbox.hasRoom()) await outbox.untilRoom();
  const readable = { ...batch, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  await sampler.accept(readable, allRows(readable), (fates) => outbox.release(id, fates));
}

function perform(id: number, request: SamplerRequest): unknown {
  switch (request.method) {
    case 'accept':
      return accept(id, request.batch);
    case 'tick':
      return sampler.tick();
    case 'readPending':
      return sampler.readPending(request.traceId);
    case 'readTaps':
      return readTaps();
    case 'close':
      return sampler.close();
  }
}

async function handle(message: SamplerMessage): Promise<void> {
  switch (message.kind) {
    case 'ask':
      return outbox.answer(message.id, await perform(message.id, message.request));
    case 'remember':
      return sampler.remember(message.rulings);
    case 'taken':
      outbox.taken(message.bytes, message.storeFullness);
      return sampler.tick();
  }
}

port.on('message', (message: SamplerMessage) => void handle(message));
