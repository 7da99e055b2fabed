import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PolicyConfig } from '../../config/policy-config.ts';
import { gather } from '../../fixtures/decided.ts';
import { spanIdFor } from '../../fixtures/make-trace.ts';
import { Ballot } from './ballot.ts';
import { createComposite } from './composite.ts';
import { createPolicies } from './create-policies.ts';
import { createDecide } from './decide.ts';
import { hashThreshold } from './probabilistic.ts';
import type { TraceView } from '../buffer/trace-view.ts';
import { NOT_SAMPLED, SAMPLED, type Policy, type Vote } from './policy.ts';

function traceOf(spanCount: number): TraceView {
  return gather(Array.from({ length: spanCount }, (_, index) => ({ spanId: spanIdFor(index) })));
}

describe('createDecide', () => {
  const asked: string[] = [];
  const errors: string[] = [];
  const policy = (name: string, vote: Vote): Policy => ({
    name,
    isDrop: vote === 'dropped',
    voteOn: () => (asked.push(name), { ...NOT_SAMPLED, vote }),
  });
  const decide = (votes: readonly Vote[], isFirstMatchEnough = false): string => {
    asked.length = errors.length = 0;
    const policies = votes.map((vote, index) => policy(`${index} ${vote}`, vote));
    const options = { isFirstMatchEnough, isErrorKept: false };
    return createDecide(policies, new Ballot(), options)(traceOf(1), (name) => errors.push(name)).decision;
  };

  it('lets one that drops end it, one that says sampled suffice, and an error be no vote', () => {
    assert.equal(decide([]), 'notSampled');
    assert.equal(decide(['notSampled', 'sampled', 'notSampled']), 'sampled');
    assert.equal(decide(['sampled', 'dropped', 'sampled']), 'dropped');
    assert.deepEqual(asked, ['0 sampled', '1 dropped']);
    assert.equal(decide(['error', 'notSampled']), 'notSampled');
    assert.deepEqual(errors, ['0 error']);
    assert.equal(decide(['error', 'sampled']), 'sampled');
  });

  it('asks nobody behind the first match where that is enough', () => {
    assert.equal(decide(['notSampled', 'sampled', 'dropped'], true), 'sampled');
    assert.deepEqual(asked, ['0 notSampled', '1 sampled']);
  });
});

describe('createPolicies', () => {
  it('puts those that drop first', () => {
    const configs: PolicyConfig[] = [
      { name: 'keep', type: 'always_sample' },
      { name: 'drop', type: 'drop', subPolicies: [{ name: 'all', type: 'always_sample' }] },
    ];
    const policies = createPolicies(configs, { nowMs: () => 0, ballot: new Ballot(), semantics: 'otel' });
    assert.deepEqual(
      policies.map(({ name }) => name),
      ['drop', 'keep'],
    );
  });

  it('refuses a condition that cannot be evaluated with its text and column', () => {
    const rule = {
      type: 'ottl_condition',
      spanConditions: ['nme == "a"'],
      spanEventConditions: [],
      isErrorPropagated: false,
    } as const;
    assert.throws(
      () =>
        createPolicies([{ name: 'a', ...rule, spanConditions: [...rule.spanConditions], spanEventConditions: [] }], {
          nowMs: () => 0,
          ballot: new Ballot(),
          semantics: 'otel',
        }),
      /the configuration's condition "nme == \\"a\\"" cannot be evaluated: column 1: span\.nme is not built yet/,
    );
  });

  it('fills a bucket by time up to its burst, and never gives more than it', () => {
    let nowMs = 0;
    const config: PolicyConfig = { name: 'limit', type: 'rate_limiting', spansPerSecond: 10, burstCapacitySpans: 20 };
    const [limit] = createPolicies([config], { nowMs: () => nowMs, ballot: new Ballot(), semantics: 'otel' });
    const ask = (spans: number): Vote | undefined => limit?.voteOn(traceOf(spans)).vote;
    assert.deepEqual([ask(15), ask(6), ask(5), ask(1)], ['sampled', 'notSampled', 'sampled', 'notSampled']);
    nowMs = 500;
    assert.deepEqual([ask(6), ask(5)], ['notSampled', 'sampled']);
    nowMs = 1e9;
    assert.deepEqual([ask(21), ask(20)], ['notSampled', 'sampled']);
  });
});

describe('createComposite', () => {
  it('begins anew with each second, and asks nobody else where the first match has spent its share', () => {
    let nowMs = 999;
    const sub = { voteOn: () => SAMPLED, spansPerSecondMax: 2 };
    const composite = createComposite(
      { spansPerSecondMax: 10, subPolicies: [sub, { ...sub, spansPerSecondMax: 10 }] },
      { nowMs: () => nowMs, observe: () => {} },
    );
    const ask = (spans: number): Vote => composite(traceOf(spans)).vote;
    assert.deepEqual([ask(2), ask(1)], ['sampled', 'notSampled']);
    nowMs = 1000;
    assert.deepEqual([ask(3), ask(2)], ['notSampled', 'sampled']);
  });
});

describe('hashThreshold', () => {
  it('is the share of all hashes as Go computes it: rounded to 64 bits, then cut', () => {
    assert.equal(hashThreshold(0), 0n);
    assert.equal(hashThreshold(100), 2n ** 64n - 1n);
    assert.equal(hashThreshold(50), 2n ** 63n - 1n);
    // (2^64 - 1) times 0.05 as a double, which is a little more than 1/20.
    assert.equal(hashThreshold(5), 922_337_203_685_477_631n);
  });
});
