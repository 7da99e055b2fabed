/**
 * Two samplers in real worker threads behind the router against one in this thread, over the same requests: they decide alike, and what is
 * asked of all is the sum.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { until } from '../../test/until.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { TailSamplingConfig } from '../config/collector-config.ts';
import { createSampler, type SamplerPlan } from '../create-sampler.ts';
import { Explain } from '../explain/explain.ts';
import { MemoryDecisionLog } from '../explain/memory-log.ts';
import { createPolicyBook } from '../explain/policy-book.ts';
import { batchOf } from '../fixtures/decided.ts';
import { spanIdFor, traceIdFor } from '../fixtures/make-trace.ts';
import { ArrayPool } from '../receive/array-pool.ts';
import { selectRows } from '../receive/select-rows.ts';
import { allRows, traceIdAt, type SpanBatch } from '../receive/span-batch.ts';
import { createSamplerRouter, type SamplerRouter } from '../route/sampler-router.ts';
import type { DecidedTrace, DecidedTraceSink } from '../sample/decided-trace.ts';
import { scanAll } from '../sample/policies/decide-all.test-kit.ts';
import { createTraffic } from '../sample/policies/traffic.test-kit.ts';
import type { SamplerLedger } from '../sample/sampler.ts';
import { sumReadings, type TapReadings } from '../tap/tap-readings.ts';
import { UNTAKEN_BYTES_MAX } from './outbox.ts';
import { startWorkerSampler, type WorkerSampler } from './worker-sampler.ts';

const TRACES = 20_000;
const file = await readFile(new URL('../tail.yaml', import.meta.url), 'utf8');
const { tailSampling } = parseConfig(file);
/** Nothing is decided before the end. */
const PATIENT = { ...tailSampling, decisionWaitMs: 600_000, decisionWaitAfterRootMs: 0, tracesMax: 2 * TRACES };
const batches = scanAll(createTraffic(TRACES, 7));

interface Lab {
  router: SamplerRouter;
  kept: DecidedTrace[];
  explain: Explain;
  readTaps: () => Promise<TapReadings>;
  workers: WorkerSampler[];
  deaths: Error[];
  setRoom: (hasRoom: boolean) => void;
}

async function createLab(samplerCount: number, config: TailSamplingConfig): Promise<Lab> {
  const kept: DecidedTrace[] = [];
  const deaths: Error[] = [];
  let room = Promise.withResolvers<void>();
  let hasRoom = true;
  const sink: DecidedTraceSink = {
    hasRoom: () => hasRoom,
    fullness: () => 0,
    untilRoom: () => room.promise,
    accept: (trace) => void kept.push(trace),
  };
  const setRoom = (value: boolean): void => {
    hasRoom = value;
    if (hasRoom) room.resolve();
    else room = Promise.withResolvers<void>();
  };
  const log = new MemoryDecisionLog(1e9, Date.now);
  const book = createPolicyBook(config);
  const plan: SamplerPlan = { config, configHash: book.configHash, pendingBytesMax: 1e9 };
  const common = { kept, explain: new Explain({ log, book }), deaths, setRoom };
  if (samplerCount === 1) {
    const { sampler, readTaps } = createSampler(plan, {
      sink,
      log,
      arrays: new ArrayPool(1e6),
      nowMs: () => performance.now(),
    });
    const router = createSamplerRouter([sampler]);
    return { ...common, router, readTaps: () => Promise.resolve(readTaps()), workers: [] };
  }
  const effects = { sink, log, onDied: (error: Error): void => void deaths.push(error) };
  const workers = await Promise.all(Array.from({ length: samplerCount }, () => startWorkerSampler(plan, effects)));
  const readTaps = async (): Promise<TapReadings> =>
    sumReadings(await Promise.all(workers.map((worker) => worker.readTaps())));
  return { ...common, router: createSamplerRouter(workers), readTaps, workers };
}

function evenRows(batch: SpanBatch): Uint32Array {
  return allRows(batch).filter((row) => row % 2 === 0);
}

function spansByTrace(kept: readonly DecidedTrace[]): Map<string, number> {
  const spans = new Map<string, number>();
  for (const { traceId, spanCount } of kept) spans.set(traceId, (spans.get(traceId) ?? 0) + spanCount);
  return spans;
}

/** What the samplers hold of memory depends on how they share it. */
function counted({ bytesPending: _bytes, ...ledger }: SamplerLedger): Omit<SamplerLedger, 'bytesPending'> {
  return ledger;
}

function operationsOf({ operations }: TapReadings): Map<string, number[]> {
  return new Map(
    operations.map(({ service, name, kind, calls, errors, durationNanoSum }) => [
      `${service} ${name} ${kind}`,
      [calls, errors, durationNanoSum],
    ]),
  );
}

describe('two samplers in worker threads', () => {
  let one: Lab;
  let two: Lab;
  before(async () => {
    one = await createLab(1, PATIENT);
    two = await createLab(2, PATIENT);
    for (const batch of batches) {
      const share = selectRows(batch, allRows(batch));
      assert.equal((await two.router.accept(batch)).kind, 'accepted');
      await one.router.accept(share);
    }
  });

  // Where a test has failed the threads would keep the process.
  after(() => Promise.all([one.router.close(), two.router.close()]));

  it('hold together what one holds, and read what is pending of either', async () => {
    assert.deepEqual(counted(two.router.ledger()), counted(one.router.ledger()));
    const [batch] = batches as [SpanBatch];
    const ids = new Set(Array.from({ length: 40 }, (_, row) => traceIdAt(batch, row)));
    assert.equal(new Set([...ids].map((id) => Number.parseInt(id.slice(-1), 16) % 2)).size, 2);
    for (const id of ids) assert.deepEqual(await two.router.readPending(id), await one.router.readPending(id));
  });

  it('have heaps of their own, of which the spans that wait are a part', async () => {
    const held = two.router.ledger().bytesPending / two.workers.length;
    for (const worker of two.workers) assert.ok((await worker.heapBytes()) > held / 2);
  });

  it('decide at the end as one does, add up to its ledger, and explain every decision', async () => {
    const released: boolean[] = [];
    const last = batchOf([0, 1].map((index) => ({ traceId: traceIdFor(index), spanId: spanIdFor(0), isError: true })));
    for (const { router } of [one, two])
      await router.accept(selectRows(last, allRows(last)), undefined, () => void released.push(true));
    assert.deepEqual(released, []);
    await Promise.all([one.router.close(), two.router.close()]);
    assert.deepEqual(released, [true, true]);
    const keptByOne = spansByTrace(one.kept);
    assert.ok(keptByOne.size > 1000 && keptByOne.size < TRACES, `${keptByOne.size} kept`);
    assert.deepEqual(spansByTrace(two.kept), keptByOne);
    const ledger = two.router.ledger();
    assert.deepEqual(counted(ledger), counted(one.router.ledger()));
    assert.equal(ledger.pending, 0);
    assert.equal(ledger.received, ledger.sampledOut + ledger.droppedDuplicate + ledger.kept);
    const ids = new Set(
      batches.slice(0, 20).flatMap((batch) => Array.from(allRows(batch), (row) => traceIdAt(batch, row))),
    );
    for (const id of ids) {
      const { decidedAtUnixMs: _one, ...expected } = (await one.explain.explain(id)) ?? assert.fail(id);
      const { decidedAtUnixMs: _two, ...explained } = (await two.explain.explain(id)) ?? assert.fail(id);
      assert.deepEqual(explained, expected);
    }
  });
});

describe('a sampler in a worker thread', () => {
  const labs: Lab[] = [];
  const open = async (samplerCount: number): Promise<Lab> => {
    const lab = await createLab(samplerCount, { ...PATIENT, decisionWaitMs: 1 });
    labs.push(lab);
    return lab;
  };
  after(() => Promise.all(labs.map(({ router }) => router.close())));

  async function untilDecided({ router }: Lab): Promise<void> {
    await until('all to be decided', async () => {
      router.tick();
      return router.ledger().pending === 0;
    });
  }

  it('decides what is due, lets late spans follow, and counts the population as one does', async () => {
    const [one, two] = [await open(1), await open(2)];
    for (const { router } of [one, two]) {
      for (const batch of batches.slice(0, 40)) await router.accept(selectRows(batch, evenRows(batch)));
      await untilDecided(router === one.router ? one : two);
      const first = router.ledger();
      assert.ok(first.kept > 0 && first.sampledOut > 0 && first.tracesDecidedByWait > 100);
      for (const batch of batches.slice(0, 40)) await router.accept(selectRows(batch, allRows(batch)));
      await untilDecided(router === one.router ? one : two);
      assert.ok(router.ledger().late > 1000);
    }
    const [expected, sum] = [await one.readTaps(), await two.readTaps()];
    assert.deepEqual(operationsOf(sum), operationsOf(expected));
    const calls = sum.operations.reduce((total, operation) => total + operation.calls, 0);
    const ledger = two.router.ledger();
    assert.equal(calls, ledger.kept + ledger.sampledOut);
    assert.equal(
      two.kept.reduce((total, { spanCount }) => total + spanCount, 0),
      ledger.kept,
    );
  });

  it('delivers no more than its bound to a full store, refuses meanwhile, and goes on when there is room', async () => {
    const lab = await open(2);
    const bytes = 500_000;
    const errors = Array.from({ length: 40 }, (_, index) =>
      batchOf([
        { traceId: traceIdFor(index), spanId: spanIdFor(0), isError: true, attributes: { text: 'x'.repeat(bytes) } },
      ]),
    );
    await Promise.all(errors.map((batch) => lab.router.accept(batch)));
    lab.setRoom(false);
    assert.equal((await lab.router.accept(errors[0] as SpanBatch)).kind, 'refused');
    const bound = 2 * Math.ceil(UNTAKEN_BYTES_MAX / bytes);
    await until('the bound', async () => {
      lab.router.tick();
      return lab.router.ledger().tracesPending <= errors.length - bound;
    });
    for (let turn = 0; turn < 3; turn++) {
      lab.router.tick();
      await lab.readTaps();
    }
    assert.equal(lab.kept.length, bound);
    lab.setRoom(true);
    await untilDecided(lab);
    assert.equal(lab.kept.length, errors.length);
  });

  it('tells that its thread has died, keeps its last ledger, takes nothing more, and releases nothing', async () => {
    const threads: Worker[] = [];
    const note = (worker: Worker): void => void threads.push(worker);
    process.on('worker', note);
    const lab = await createLab(2, PATIENT);
    process.off('worker', note);
    labs.push(lab);
    let isReleased = false;
    const batch = batchOf([0, 1].map((index) => ({ traceId: traceIdFor(index), spanId: spanIdFor(0) })));
    await lab.router.accept(batch, undefined, () => (isReleased = true));
    await threads[0]?.terminate();
    assert.deepEqual(
      lab.deaths.map(({ message }) => message),
      ['its thread ended with 1'],
    );
    assert.equal((await lab.router.accept(batch)).kind, 'refused');
    assert.equal(lab.router.ledger().pending, 2);
    await assert.rejects(lab.readTaps(), /its thread ended with 1/);
    await lab.router.close();
    assert.deepEqual([isReleased, lab.deaths.length], [false, 1]);
  });
});
