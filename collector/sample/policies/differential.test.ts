/** Our policies against a plain model of contrib's, over the same traffic: every type decides every trace alike. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIMIT_CASES, POLICY_CASES } from './cases.test-kit.ts';
import { decideAll, scanAll } from './decide-all.test-kit.ts';
import { createTraffic } from './traffic.test-kit.ts';
import { UpstreamModel } from './upstream-model.test-kit.ts';

const TRACES = 20_000;
const requests = createTraffic(TRACES, 7);
const model = new UpstreamModel();
for (const request of requests) model.receive(request);
const batches = scanAll(requests);

describe('policies', () => {
  for (const [name, policies] of Object.entries(POLICY_CASES)) {
    it(`decide 20,000 traces as upstream: ${name}`, async () => {
      const expected = model.kept(policies);
      const kept = await decideAll(batches, policies);
      assert.deepEqual(new Set(kept.keys()), expected);
      const isTrivial = expected.size === 0 || expected.size === TRACES;
      assert.ok(!isTrivial || /^always|thing$/.test(name), `${expected.size} kept: the traffic does not try this`);
    });
  }
});

describe('limits', () => {
  it('of spans keep what the burst holds, those that fit', async () => {
    const kept = await decideAll(batches, LIMIT_CASES['rate limiting'] ?? '');
    assert.equal(total(kept), 1000);
  });

  it('of bytes keep what the burst holds', async () => {
    const kept = await decideAll(batches, LIMIT_CASES['bytes limiting'] ?? '');
    assert.ok(total(kept) > 300 && total(kept) < 1000, `${total(kept)} spans`);
  });

  it('of a composite give each sub-policy its share, and what is over the share of the first nobody', async () => {
    const kept = await decideAll(batches, LIMIT_CASES['composite'] ?? '');
    const [large, small] = [spansOf(kept, (spans) => spans >= 4), spansOf(kept, (spans) => spans < 4)];
    assert.deepEqual([large, small], [600, 250]);
  });
});

function total(kept: ReadonlyMap<string, number>): number {
  return spansOf(kept, () => true);
}

function spansOf(kept: ReadonlyMap<string, number>, isCounted: (spans: number) => boolean): number {
  return [...kept.values()].filter(isCounted).reduce((sum, spans) => sum + spans, 0);
}
