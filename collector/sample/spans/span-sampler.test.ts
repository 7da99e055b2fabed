import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flattenTracesData } from '@tracelab/model';
import { decodeTracesData, encodeTracesData } from '@tracelab/protocol';
import type { ProbabilisticSamplerConfig } from '../../config/collector-config.ts';
import { batchOf } from '../../fixtures/decided.ts';
import { spanIdFor, tracesOf, type SpanSketch } from '../../fixtures/make-trace.ts';
import { postTraces, startTestCollector } from '../../fixtures/start-test-collector.ts';
import { CheckedPool } from '../../receive/checked-pool.test-kit.ts';
import { findImbalance } from '../../report/ledger.ts';
import { SpanSampler } from './span-sampler.ts';

const HALF: ProbabilisticSamplerConfig = {
  mode: 'proportional',
  samplingPercentage: 50,
  hashSeed: 0,
  failsClosed: true,
  precisionDigits: 4,
};
const KEPT_ID = `${'a'.repeat(18)}f0000000000000`;
const OTHER_ID = `${'a'.repeat(18)}10000000000000`;

/** Two traces by turns, from two services. */
const SKETCHES: readonly SpanSketch[] = Array.from({ length: 8 }, (_, index) => ({
  traceId: index % 2 === 0 ? KEPT_ID : OTHER_ID,
  spanId: spanIdFor(index),
  service: index < 4 ? 'shop' : 'bank',
  traceState: index === 2 ? 'vendor=1' : '',
  attributes: { index: BigInt(index) },
}));

describe('SpanSampler', () => {
  it('writes a request of the spans that stay, as they came but for their trace state', () => {
    const arrays = new CheckedPool(1e6);
    const { batch, samplings, release } = new SpanSampler(HALF, arrays).sample(batchOf(SKETCHES));
    const data = decodeTracesData(batch.bytes);
    assert.ok(data.ok);
    const wanted = SKETCHES.filter(({ traceId }) => traceId === KEPT_ID).map((sketch) => ({
      ...sketch,
      traceState: sketch.traceState === '' ? 'ot=th:8' : `ot=th:8,${sketch.traceState}`,
    }));
    assert.deepEqual(flattenTracesData(data.value), flattenTracesData(tracesOf(wanted)));
    assert.deepEqual(samplings?.trace_id_w3c, { sampled: 4, notSampled: 4 });
    assert.equal(arrays.lentCount, 2);
    release();
    assert.equal(arrays.lentCount, 0);
  });

  it('goes by the priority of a span before everything else', () => {
    const sketches = [
      { ...SKETCHES[0], spanId: spanIdFor(0), attributes: { 'sampling.priority': 0n } },
      { ...SKETCHES[1], spanId: spanIdFor(1), attributes: { 'sampling.priority': '1' } },
    ];
    const { batch, samplings } = new SpanSampler(HALF, new CheckedPool(0)).sample(batchOf(sketches));
    const data = decodeTracesData(batch.bytes);
    assert.ok(data.ok);
    assert.deepEqual(
      flattenTracesData(data.value).map(({ spanId, traceState }) => [spanId, traceState]),
      [[spanIdFor(1), 'ot=th:0']],
    );
    assert.deepEqual(samplings?.sampling_priority, { sampled: 1, notSampled: 1 });
  });

  it('says why an id alone does not let spans through', () => {
    const why = (config: Partial<ProbabilisticSamplerConfig>, traceId: string): string | undefined =>
      new SpanSampler({ ...HALF, ...config }, new CheckedPool(0)).whySampledOut(traceId);
    assert.equal(why({}, KEPT_ID), undefined);
    assert.equal(
      why({}, OTHER_ID),
      'probabilistic_sampler (proportional, 50 %) drops its spans: its randomness 10000000000000 is below the threshold 8',
    );
    assert.equal(why({ samplingPercentage: 0 }, KEPT_ID), 'probabilistic_sampler (proportional, 0 %) drops its spans');
  });
});

describe('probabilistic_sampler in the collector', () => {
  for (const samplerCount of [1, 2])
    it(`drops before traces are gathered, and accounts for it, with ${samplerCount} sampler(s)`, async () => {
      const arrays = new CheckedPool(1e6);
      const collector = await startTestCollector({ probabilisticSampler: HALF, arrays, samplerCount });
      try {
        const request = encodeTracesData(tracesOf(SKETCHES));
        assert.equal((await postTraces(collector, request)).status, 200);
        const onlyOther = encodeTracesData(tracesOf(SKETCHES.filter(({ traceId }) => traceId === OTHER_ID)));
        assert.equal((await postTraces(collector, onlyOther)).status, 200);
        await collector.pass(20_000);

        const metrics = await (await fetch(`${collector.queryUrl}/metrics`)).text();
        assert.match(
          metrics,
          /^collector_probabilistic_sampler_spans_total\{policy="trace_id_w3c",sampled="true"\} 4$/m,
        );
        assert.match(
          metrics,
          /^collector_probabilistic_sampler_spans_total\{policy="trace_id_w3c",sampled="false"\} 8$/m,
        );
        const answer = await fetch(`${collector.queryUrl}/api/lab/explain/${OTHER_ID}`);
        assert.equal(answer.status, 404);
        assert.match(
          await answer.text(),
          /was gathered: by its id alone, probabilistic_sampler \(proportional, 50 %\)/,
        );
      } finally {
        await collector.close();
      }
      const ledger = await collector.ledger();
      assert.deepEqual([ledger.received, ledger.sampledOut, ledger.kept, findImbalance(ledger)], [12, 8, 4, undefined]);
      assert.equal(arrays.lentCount, 0);
      const [part] = await collector.store.readParts(KEPT_ID);
      const data = decodeTracesData(part ?? new Uint8Array());
      assert.ok(data.ok);
      assert.deepEqual(
        new Set(flattenTracesData(data.value).map(({ traceState }) => traceState)),
        new Set(['ot=th:8', 'ot=th:8,vendor=1']),
      );
    });

  it('counts nothing of a request that was refused as a whole', async () => {
    const tailSampling = { tracesMax: 1, blocksOnOverflow: true };
    const collector = await startTestCollector({ probabilisticSampler: HALF, tailSampling });
    try {
      const request = encodeTracesData(tracesOf(SKETCHES));
      assert.equal((await postTraces(collector, request)).status, 200);
      assert.equal((await postTraces(collector, request)).status, 503);
      const { received, sampledOut } = await collector.ledger();
      assert.deepEqual([received, sampledOut], [8, 4]);
    } finally {
      await collector.close();
    }
  });
});
