import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { TraceId } from '../span/trace-id.ts';
import { alwaysOffSampler, alwaysOnSampler } from './always.ts';
import { createParentBasedSampler } from './parent-based.ts';
import type { Sampler, SamplingParent } from './sampler.ts';
import { createTraceIdRatioSampler } from './trace-id-ratio.ts';

const hex = (digits: number) =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: digits, maxLength: digits })
    .map((values) => values.map((value) => value.toString(16)).join(''));
const traceIds = hex(32);
const ratios = fc.double({ min: 0, max: 1, noNaN: true });
const isSampled = (sampler: Sampler, traceId: string, parent?: SamplingParent): boolean =>
  sampler.sample(TraceId.parse(traceId), parent, 'name', {}).isSampled;
const SOME_ID = 'ab'.repeat(16);
const parentOf = (isSampledFlag: boolean, isRemote: boolean): SamplingParent => ({
  traceFlags: isSampledFlag ? 3 : 2,
  isRemote,
  traceState: undefined,
});

describe('the ratio sampler', () => {
  it('decides by the trace id alone, and a higher ratio keeps all that a lower one keeps', () => {
    fc.assert(
      fc.property(traceIds, ratios, ratios, (traceId, one, other) => {
        const low = createTraceIdRatioSampler(Math.min(one, other));
        const high = createTraceIdRatioSampler(Math.max(one, other));
        assert.equal(isSampled(low, traceId), isSampled(createTraceIdRatioSampler(Math.min(one, other)), traceId));
        if (isSampled(low, traceId)) assert(isSampled(high, traceId));
      }),
    );
  });

  it('looks at the right-most 56 bits only, which are the random ones', () => {
    fc.assert(
      fc.property(hex(18), hex(18), hex(14), ratios, (left, otherLeft, right, ratio) => {
        const sampler = createTraceIdRatioSampler(ratio);
        assert.equal(isSampled(sampler, left + right), isSampled(sampler, otherLeft + right));
      }),
    );
  });

  it('compares exactly at its threshold', () => {
    const half = createTraceIdRatioSampler(0.5);
    const id = (right: string) => '0'.repeat(18) + right;
    assert(isSampled(half, id('80000000000000')));
    assert(!isSampled(half, id('7fffffffffffff')));
    const rare = createTraceIdRatioSampler(1 / 2 ** 40);
    assert(isSampled(rare, id('ffffffffff0000')));
    assert(!isSampled(rare, id('fffffffffeffff')));
  });

  it('keeps its share of evenly spread ids, none at 0 and all at 1', () => {
    const ids = Array.from(
      { length: 4096 },
      (_, index) => '0'.repeat(18) + index.toString(16).padStart(3, '0') + '0'.repeat(11),
    );
    const share = (ratio: number) => ids.filter((id) => isSampled(createTraceIdRatioSampler(ratio), id)).length;
    assert.deepEqual([0, 1 / 16, 0.25, 1].map(share), [0, 256, 1024, 4096]);
  });

  it('refuses a ratio out of range and describes itself', () => {
    for (const ratio of [-0.1, 1.1, Number.NaN]) assert.throws(() => createTraceIdRatioSampler(ratio), RangeError);
    assert.equal(createTraceIdRatioSampler(0.0001).toString(), 'TraceIdRatioBased{0.000100}');
  });
});

describe('the parent-based sampler', () => {
  it('asks the root sampler without a parent, and follows the flag of local and remote parents', () => {
    const sampler = createParentBasedSampler({ root: alwaysOffSampler });
    assert(!isSampled(sampler, SOME_ID));
    for (const isRemote of [true, false]) {
      assert(isSampled(sampler, SOME_ID, parentOf(true, isRemote)));
      assert(!isSampled(sampler, SOME_ID, parentOf(false, isRemote)));
    }
  });

  it('asks the delegate of each of the four cases', () => {
    const asked: string[] = [];
    const spy = (name: string): Sampler => ({
      sample: (...args) => {
        asked.push(name);
        return alwaysOnSampler.sample(...args);
      },
      toString: () => name,
    });
    const sampler = createParentBasedSampler({
      root: spy('root'),
      remoteParentSampled: spy('remote on'),
      remoteParentNotSampled: spy('remote off'),
      localParentSampled: spy('local on'),
      localParentNotSampled: spy('local off'),
    });
    isSampled(sampler, SOME_ID);
    isSampled(sampler, SOME_ID, parentOf(true, true));
    isSampled(sampler, SOME_ID, parentOf(false, true));
    isSampled(sampler, SOME_ID, parentOf(true, false));
    isSampled(sampler, SOME_ID, parentOf(false, false));
    assert.deepEqual(asked, ['root', 'remote on', 'remote off', 'local on', 'local off']);
    assert.match(sampler.toString(), /^ParentBased\{root=root, remoteParentSampled=remote on/);
  });
});
