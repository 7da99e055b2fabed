import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { MemberTraceState } from '../propagate/trace-state.ts';
import { TraceId } from '../span/trace-id.ts';
import { createRateLimitingSampler } from './rate-limiting.ts';
import { TokenBucket } from './token-bucket.ts';

const ID = TraceId.parse('ab'.repeat(16));

describe('a token bucket', () => {
  it('lets one second of its rate through at once, then the rate evenly', () => {
    let nowMs = 1000;
    const bucket = new TokenBucket(4, () => nowMs);
    const takeAll = () => {
      let count = 0;
      while (bucket.take()) count++;
      return count;
    };
    assert.equal(takeAll(), 4);
    nowMs += 249;
    assert.equal(takeAll(), 0);
    nowMs += 1;
    assert.equal(takeAll(), 1);
    nowMs += 3_600_000;
    assert.equal(takeAll(), 4, 'an idle hour saves no more than a second');
  });

  it('lets less than one a second through as well, and nothing at 0', () => {
    let nowMs = 0;
    const bucket = new TokenBucket(0.1, () => nowMs);
    assert.deepEqual([bucket.take(), bucket.take()], [true, false]);
    nowMs = 10_000;
    assert.deepEqual([bucket.take(), bucket.take()], [true, false]);
    assert(!new TokenBucket(0, () => (nowMs += 1e9)).take());
  });

  it('never lets through more than the burst and the rate, whatever comes when', () => {
    const steps = fc.array(fc.tuple(fc.nat(2000), fc.nat(20)), { maxLength: 30 });
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 50, noNaN: true }), steps, (perSecond, arrivals) => {
        let nowMs = 0;
        let count = 0;
        const bucket = new TokenBucket(perSecond, () => nowMs);
        for (const [waitMs, asked] of arrivals) {
          nowMs += waitMs;
          for (let index = 0; index < asked; index++) if (bucket.take()) count++;
          assert(count <= Math.max(1, perSecond) + (nowMs / 1000) * perSecond + 1e-6);
        }
      }),
    );
  });
});

describe('the rate-limiting sampler', () => {
  it('keeps the rate, describes itself, and allocates nothing', () => {
    const sampler = createRateLimitingSampler(2, () => 0);
    const decisions = [1, 2, 3].map(() => sampler.sample(ID, undefined, 'name', {}));
    assert.deepEqual(
      decisions.map(({ isSampled }) => isSampled),
      [true, true, false],
    );
    assert.equal(decisions[0], decisions[1]);
    assert.equal(sampler.toString(), 'RateLimitingSampler{2}');
  });

  it('erases the threshold, since the probability is unknown, and nothing else', () => {
    const sampler = createRateLimitingSampler(1, () => 0);
    const under = (tracestate: string) => {
      const parent = { traceFlags: 1, isRemote: true, traceState: MemberTraceState.parse(tracestate) };
      return sampler.sample(ID, parent, 'name', {});
    };
    const first = under('ot=th:8;rv:80000000000000,a=1');
    assert.deepEqual([first.isSampled, first.traceState?.serialize()], [true, 'ot=rv:80000000000000,a=1']);
    const second = under('ot=th:8,a=1');
    assert.deepEqual([second.isSampled, second.traceState?.serialize()], [false, 'a=1']);
    assert.equal(under('a=1').traceState, undefined);
  });
});
