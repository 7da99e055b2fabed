/** The probability sampler: its decision, what it writes for the next one, and that kept spans count up to the population. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TraceState } from '@opentelemetry/api';
import { adjustedCountFromThreshold, createRandom, parseOtMember, parseThreshold } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { MemberTraceState } from '../propagate/trace-state.ts';
import { TraceId } from '../span/trace-id.ts';
import { alwaysOffSampler, alwaysOnSampler } from './always.ts';
import { createParentBasedSampler } from './parent-based.ts';
import { createProbabilitySampler } from './probability.ts';
import type { Sampler, SamplingParent } from './sampler.ts';

/** A trace id with these 56 bits to the right. */
const idOf = (right: string) => TraceId.parse('ab'.repeat(9) + right);
const LOW = idOf('0'.repeat(14));
const HIGH = idOf('f'.repeat(14));
const parentOf = (tracestate: string, traceFlags = 1): SamplingParent => ({
  traceFlags,
  isRemote: true,
  traceState: MemberTraceState.parse(tracestate),
});
const decide = (sampler: Sampler, traceId: TraceId, parent?: SamplingParent) => {
  const { isSampled, traceState } = sampler.sample(traceId, parent, 'name', {});
  return { isSampled, state: stateText(traceState ?? parent?.traceState) };
};
const stateText = (state: TraceState | undefined) => state?.serialize() ?? '';

/** Seeded, so that a run that fails fails again. */
function randomIds(count: number, seed: number): TraceId[] {
  const random = createRandom(seed);
  const word = (): number => Math.floor(random.next() * 2 ** 32) | 0;
  return Array.from({ length: count }, () => new TraceId(word(), word(), word(), word()));
}

describe('the probability sampler for a new trace', () => {
  it('keeps what is at or over its threshold, and writes the threshold for what it keeps', () => {
    const quarter = createProbabilitySampler(0.25);
    assert.deepEqual(decide(quarter, idOf('c0000000000000')), { isSampled: true, state: 'ot=th:c' });
    assert.deepEqual(decide(quarter, idOf('bfffffffffffff')), { isSampled: false, state: '' });
    assert.deepEqual(decide(createProbabilitySampler(0.01), HIGH).state, 'ot=th:fd70a');
    assert.deepEqual(decide(createProbabilitySampler(0.96875), HIGH).state, 'ot=th:08');
    const rarest = createProbabilitySampler(2 ** -56);
    assert.deepEqual(decide(rarest, HIGH), { isSampled: true, state: 'ot=th:ffffffffffffff' });
    assert(!decide(rarest, idOf('fffffffffffffe')).isSampled);
  });

  it('keeps all at probability 1, and says nothing of a threshold', () => {
    for (const id of [LOW, HIGH]) {
      assert.deepEqual(decide(createProbabilitySampler(1), id), { isSampled: true, state: '' });
    }
  });

  it('gives the same object for each decision, so that it costs nothing', () => {
    const sampler = createProbabilitySampler(0.5);
    const ask = (id: TraceId) => sampler.sample(id, undefined, 'name', {});
    assert.equal(ask(HIGH), ask(idOf('80000000000000')));
    assert.equal(ask(LOW), ask(idOf('10000000000000')));
  });

  it('refuses a probability out of range and describes itself', () => {
    for (const probability of [0, 1.5, Number.NaN])
      assert.throws(() => createProbabilitySampler(probability), RangeError);
    assert.equal(createProbabilitySampler(0.25).toString(), 'ProbabilitySampler{0.25}');
  });
});

describe('the probability sampler under a parent', () => {
  const half = createProbabilitySampler(0.5);
  const rows: [string, Sampler, TraceId, string, boolean, string][] = [
    [
      'takes rv in the place of the id, and leaves it',
      half,
      LOW,
      'ot=rv:80000000000000',
      true,
      'ot=rv:80000000000000;th:8',
    ],
    ['drops by rv whatever the id is', half, HIGH, 'ot=rv:7fffffffffffff', false, 'ot=rv:7fffffffffffff'],
    ['ignores an rv that is none, and leaves it', half, HIGH, 'ot=rv:123', true, 'ot=rv:123;th:8'],
    ["replaces the parent's threshold", half, HIGH, 'ot=th:c;rv:f0000000000000', true, 'ot=th:8;rv:f0000000000000'],
    ['erases the threshold of what it drops', half, LOW, 'ot=th:4;x:1', false, 'ot=x:1'],
    ['leaves no empty member', half, LOW, 'ot=th:4,a=1', false, 'a=1'],
    ['keeps other members behind its own, in order', half, HIGH, 'a=1,ot=x:1,b=2', true, 'ot=x:1;th:8,a=1,b=2'],
    ['replaces a member that cannot be read', half, HIGH, 'ot=???,a=1', true, 'ot=th:8,a=1'],
    ['does not touch the state of what it drops', half, LOW, 'a=1', false, 'a=1'],
    ['at 1 leaves a consistent threshold', createProbabilitySampler(1), HIGH, 'ot=th:8', true, 'ot=th:8'],
    ['at 1 adds none', createProbabilitySampler(1), HIGH, 'a=1', true, 'a=1'],
    ['at 1 erases one that cannot be true', createProbabilitySampler(1), LOW, 'ot=th:8', true, ''],
    [
      'leaves the threshold out of a full member',
      half,
      HIGH,
      `ot=x:${'a'.repeat(250)}`,
      true,
      `ot=x:${'a'.repeat(250)}`,
    ],
  ];
  for (const [what, sampler, id, before, isSampled, after] of rows) {
    it(what, () => {
      for (const flags of [0, 1]) {
        assert.deepEqual(decide(sampler, id, parentOf(before, flags)), { isSampled, state: after });
      }
    });
  }

  it('drops the right-most member where its own would be the 33rd', () => {
    const full = Array.from({ length: 32 }, (_, index) => `k${index}=1`);
    const { state } = decide(half, HIGH, parentOf(full.join()));
    assert.equal(state, ['ot=th:8', ...full.slice(0, 31)].join());
  });
});

describe('parent-based over thresholds', () => {
  const sampler = createParentBasedSampler({ root: createProbabilitySampler(0.5) });

  it('starts with the probability sampler', () => {
    assert.deepEqual(decide(sampler, HIGH), { isSampled: true, state: 'ot=th:8' });
  });

  const rows: [string, TraceId, string, string][] = [
    ['passes the threshold on', HIGH, 'ot=th:c,a=1', 'ot=th:c,a=1'],
    ['takes rv into account', LOW, 'ot=th:c;rv:d0000000000000', 'ot=th:c;rv:d0000000000000'],
    ['erases one that the randomness does not reach', LOW, 'a=1,ot=th:c;x:1', 'ot=x:1,a=1'],
    ['erases one that is none', HIGH, 'ot=th:xyz', ''],
    ['adds none where the caller sent none', HIGH, 'a=1', 'a=1'],
  ];
  for (const [what, id, before, after] of rows) {
    it(what, () => assert.deepEqual(decide(sampler, id, parentOf(before)), { isSampled: true, state: after }));
  }

  it('touches nothing of an unsampled trace, nor of a local one', () => {
    assert.equal(decide(sampler, LOW, parentOf('ot=th:c', 0)).state, 'ot=th:c');
    assert.equal(decide(sampler, LOW, { ...parentOf('ot=th:c'), isRemote: false }).state, 'ot=th:c');
  });

  it('keeps what a delegate wrote', () => {
    const writing = createParentBasedSampler({
      root: alwaysOffSampler,
      remoteParentSampled: createProbabilitySampler(0.25),
    });
    assert.equal(decide(writing, HIGH, parentOf('ot=th:8')).state, 'ot=th:c');
  });

  it('lets a decision without ids be honoured, and one that was left to us be made', () => {
    const off = createParentBasedSampler({ root: alwaysOffSampler });
    const lone = { traceFlags: 1, isRemote: true, traceState: undefined };
    assert(decide(off, LOW, lone).isSampled);
    assert(!decide(createParentBasedSampler({ root: alwaysOnSampler }), LOW, { ...lone, traceFlags: 0 }).isSampled);
    assert(!decide(off, LOW, { ...lone, traceFlags: 0, isDeferring: true }).isSampled);
    assert(
      decide(createParentBasedSampler({ root: alwaysOnSampler }), LOW, { ...lone, traceFlags: 0, isDeferring: true })
        .isSampled,
    );
  });
});

describe('the population, from what was kept', () => {
  const COUNT = 40_000;
  const ids = randomIds(COUNT, 5);
  const kept = (sampler: Sampler) => ids.filter((id) => decide(sampler, id).isSampled);

  it('has its share within five standard deviations', () => {
    for (const probability of [0.5, 0.1, 1 / 64, 0.001]) {
      const deviation = Math.sqrt(COUNT * probability * (1 - probability));
      const count = kept(createProbabilitySampler(probability)).length;
      assert(Math.abs(count - COUNT * probability) < 5 * deviation, `${count} at ${probability}`);
    }
  });

  it('is nested: what a low probability keeps, a higher one keeps too, in every process', () => {
    const probability = fc.double({ min: 2 ** -30, max: 1, noNaN: true });
    const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(probability, probability, fc.tuple(word, word), (one, other, [w2, w3]) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)].map(createProbabilitySampler);
        assert(low && high);
        const id = new TraceId(0, 0, w2, w3);
        if (decide(low, id).isSampled) assert(decide(high, id).isSampled);
        assert.equal(decide(high, id).isSampled, decide(high, new TraceId(-1, 7, w2 ^ 0x7f00_0000, w3)).isSampled);
      }),
    );
    const [few, many] = [kept(createProbabilitySampler(0.05)), new Set(kept(createProbabilitySampler(0.2)))];
    assert(few.length > 0 && few.every((id) => many.has(id)));
  });

  it('is counted without bias by the thresholds that were written', () => {
    for (const probability of [0.5, 0.1, 0.01]) {
      const sampler = createProbabilitySampler(probability);
      let estimate = 0;
      for (const id of ids) {
        const { isSampled, traceState } = sampler.sample(id, undefined, 'name', {});
        const threshold = parseThreshold(parseOtMember(traceState?.get('ot') ?? '')?.get('th') ?? '');
        if (isSampled && threshold) estimate += adjustedCountFromThreshold(threshold);
      }
      const deviation = Math.sqrt((COUNT * (1 - probability)) / probability);
      assert(Math.abs(estimate - COUNT) < 5 * deviation, `${estimate} at ${probability}`);
    }
  });
});
