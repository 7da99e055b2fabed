/** What `--semantics lab` decides otherwise than upstream, one trap after the other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { parsePolicy } from '../../../config/parse-policy.ts';
import type { Semantics } from '../../../config/policy-config.ts';
import { gather } from '../../../fixtures/decided.ts';
import { spanIdFor, type SpanSketch } from '../../../fixtures/make-trace.ts';
import { createRandom, probabilityFromThreshold } from '@tracelab/protocol';
import { Ballot } from '../ballot.ts';
import { createPolicies } from '../create-policies.ts';
import type { Verdict, Vote, VoteOn } from '../policy.ts';

interface Asked {
  voteOn: VoteOn;
  pass: (ms: number) => void;
}

function createOne(text: string, semantics: Semantics): Asked {
  let nowMs = 0;
  const config = parsePolicy({ path: 'policy', value: parse(`{ name: p, ${text} }`) }, semantics);
  const [policy] = createPolicies([config], { nowMs: () => nowMs, ballot: new Ballot(), semantics });
  if (policy === undefined) throw new Error('no policy');
  return { voteOn: policy.voteOn, pass: (ms) => void (nowMs += ms) };
}

/** otel's vote, then lab's. */
function votes(text: string, sketches: readonly SpanSketch[]): Vote[] {
  return (['otel', 'lab'] as const).map((semantics) => createOne(text, semantics).voteOn(gather(sketches)).vote);
}

const spanWith = (value: string | bigint | boolean | number): SpanSketch[] => [
  { spanId: spanIdFor(0), attributes: { key: value } },
];

describe('--semantics lab', () => {
  it('judges latency by the whole trace, not by its first spans (#43948)', () => {
    const latency = 'type: latency, latency: { threshold_ms: 100, upper_threshold_ms: 500 }';
    const growing = [300, 5000].map((endMs, index) => ({ spanId: spanIdFor(index), endMs }));
    assert.deepEqual(votes(latency, growing), ['sampled', 'notSampled']);
    assert.deepEqual(votes(latency, growing.slice(0, 1)), ['sampled', 'sampled']);
  });

  it('can express a bound of 0', () => {
    const positive = 'type: numeric_attribute, numeric_attribute: { key: key, min_value: 0, max_value: 9 }';
    assert.deepEqual(votes(positive, spanWith(-5n)), ['sampled', 'notSampled']);
    assert.deepEqual(votes(positive, spanWith(0n)), ['sampled', 'sampled']);
    const alone = 'type: numeric_attribute, numeric_attribute: { key: key, min_value: 0 }';
    assert.equal(createOne(alone, 'lab').voteOn(gather(spanWith(1n))).vote, 'sampled');
    assert.throws(() => createOne(alone, 'otel'), /whose only bound is 0/);
  });

  it('takes a value of another type as no match instead of 0, false or empty', () => {
    const numeric = 'type: numeric_attribute, numeric_attribute: { key: key, min_value: -1, max_value: 1 }';
    assert.deepEqual(votes(numeric, spanWith('500')), ['sampled', 'notSampled']);
    assert.deepEqual(votes(numeric, spanWith(0.5)), ['sampled', 'sampled']);
    assert.deepEqual(votes(numeric, spanWith(1.5)), ['sampled', 'notSampled']);
    const boolean = 'type: boolean_attribute, boolean_attribute: { key: key, value: false }';
    assert.deepEqual(votes(boolean, spanWith('yes')), ['sampled', 'notSampled']);
    const text = 'type: string_attribute, string_attribute: { key: key, values: ["^$"], enabled_regex_matching: true }';
    assert.deepEqual(votes(text, spanWith('')), ['notSampled', 'sampled']);
    assert.deepEqual(votes(text, spanWith(7n)), ['notSampled', 'notSampled']);
  });

  it('chooses by randomness: what a lower share keeps, a higher one keeps too', () => {
    const random = createRandom(3);
    const policies = [5, 20, 60].map((share) =>
      createOne(`type: probabilistic, probabilistic: { sampling_percentage: ${share} }`, 'lab'),
    );
    const counts = [0, 0, 0];
    for (let index = 0; index < 2000; index++) {
      const trace = gather([{ traceId: idOf(random.next(), random.next()), spanId: spanIdFor(0) }]);
      const kept = policies.map(({ voteOn }) => voteOn(trace).vote === 'sampled');
      assert.ok(kept.every((isKept, at) => !isKept || kept.slice(at).every(Boolean)));
      for (const [at, isKept] of kept.entries()) counts[at] = (counts[at] ?? 0) + (isKept ? 1 : 0);
    }
    for (const [at, share] of [0.05, 0.2, 0.6].entries())
      assert.ok(Math.abs((counts[at] ?? 0) / 2000 - share) < 0.03, `${counts[at]} of 2000 at ${share}`);
  });

  it('leaves a probabilistic policy with a salt of its own to the hash, of unknown probability', () => {
    const salted = createOne('type: probabilistic, probabilistic: { sampling_percentage: 50, hash_salt: mine }', 'lab');
    assert.equal(salted.voteOn(gather([{ spanId: spanIdFor(0) }])).threshold, undefined);
  });

  it('holds a rate on the average and says with which probability, larger traces than the burst included', () => {
    const limit = createOne('type: rate_limiting, rate_limiting: { spans_per_second: 50, burst_capacity: 100 }', 'lab');
    const random = createRandom(7);
    let [kept, weighed, large] = [0, 0, 0];
    for (let index = 0; index < 20_000; index++) {
      // 400 spans a second: 20 seconds, the first of which spends what was saved.
      limit.pass(2.5);
      const isLarge = index % 2000 === 1999;
      const size = isLarge ? 150 : 1;
      const traceId = idOf(random.next(), random.next());
      const { vote, threshold } = limit.voteOn(
        gather(Array.from({ length: size }, (_, at) => ({ traceId, spanId: spanIdFor(at) }))),
      );
      if (vote !== 'sampled' || threshold === undefined) continue;
      kept += size;
      if (isLarge) large++;
      weighed += 1 / probabilityFromThreshold(threshold);
    }
    assert.ok(kept > 2300 && kept < 3000, `${kept} spans in 50 s`);
    assert.ok(Math.abs(weighed - 20_000) < 2000, `${weighed} traces of 20,000`);
    assert.ok(large > 0);
  });

  it('asks the next sub-policy of a composite where a share is spent, and counts the total over all (#36959)', () => {
    const shares = `type: composite, composite: { max_total_spans_per_second: 10, composite_sub_policy: [
      { name: none, type: always_sample }, { name: all, type: always_sample } ],
      rate_allocation: [{ policy: none, percent: 1 }, { policy: all, percent: 99 }] }`;
    const [otel, lab] = (['otel', 'lab'] as const).map((semantics) => createOne(shares, semantics)) as [Asked, Asked];
    // R just below 1: passes whatever a budget is not wholly out of.
    const trace = gather([{ traceId: 'f'.repeat(32), spanId: spanIdFor(0) }]);
    assert.deepEqual([otel.voteOn(trace).vote, lab.voteOn(trace).vote], ['notSampled', 'sampled']);
    const low = gather([{ traceId: '7'.repeat(32), spanId: spanIdFor(0) }]);
    const verdicts = Array.from({ length: 40 }, (): Verdict => lab.voteOn(low));
    const kept = verdicts.filter(({ vote }) => vote === 'sampled').length;
    assert.ok(kept >= 10 && kept < 20, `${kept} of a burst that holds 20`);
    assert.equal(verdicts.at(-1)?.vote, 'notSampled');
  });
});

function idOf(one: number, other: number): string {
  const digits = (number: number): string =>
    Math.floor(number * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return `${'ab'.repeat(8)}${digits(one)}${digits(other)}`;
}
