import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProbabilisticSamplerConfig } from '../../config/collector-config.ts';
import { judgeSpan, type JudgedSpan } from './judge-span.ts';
import { createSamplingMode } from './sampling-mode.ts';

interface Given extends Partial<ProbabilisticSamplerConfig>, Partial<Pick<JudgedSpan, 'traceState' | 'priority'>> {
  /** The last seven bytes of the trace id. */
  randomness?: string;
}

/** `policy: trace state` of a span that stays, `policy: dropped` of another. */
function judge({ traceState = '', priority, randomness = '90000000000000', ...config }: Given): string {
  const complete: ProbabilisticSamplerConfig = {
    mode: 'proportional',
    samplingPercentage: 50,
    hashSeed: 0,
    failsClosed: true,
    precisionDigits: 4,
    ...config,
  };
  const bytes = Buffer.from(`ffff${'a'.repeat(18)}${randomness}`, 'hex');
  const span = { traceState, priority, bytes, traceIdAt: 2 };
  const verdict = judgeSpan(span, createSamplingMode(complete), complete.failsClosed);
  return `${verdict.policy}: ${verdict.isSampled ? verdict.traceState : 'dropped'}`;
}

describe('proportional', () => {
  it('keeps a share of what arrives, and says so', () => {
    assert.equal(judge({}), 'trace_id_w3c: ot=th:8');
    assert.equal(judge({ randomness: '7fffffffffffff' }), 'trace_id_w3c: dropped');
    assert.equal(judge({ traceState: 'ot=th:8' }), 'trace_id_w3c: dropped');
    assert.equal(judge({ traceState: 'ot=th:8', randomness: 'c0000000000000' }), 'trace_id_w3c: ot=th:c');
    assert.equal(judge({ samplingPercentage: 100 }), 'trace_id_w3c: ot=th:0');
  });

  it('goes by rv where there is one, and leaves the entries of others', () => {
    assert.equal(
      judge({ traceState: 'vendor=1,ot=rv:f0000000000000;x:y', randomness: '00000000000000' }),
      'sampling_randomness: ot=th:8;rv:f0000000000000;x:y,vendor=1',
    );
  });

  it('never lowers th, though rounding would', () => {
    const verdict = judge({ samplingPercentage: 99.9999, precisionDigits: 1, traceState: 'ot=th:84' });
    assert.equal(verdict, 'trace_id_w3c: ot=th:84');
  });

  it('keeps nothing of what is too rare to be said', () => {
    const rare = { traceState: 'ot=th:ffffffffffffff', randomness: 'ffffffffffffff' };
    assert.equal(judge(rare), 'trace_id_w3c: dropped');
  });
});

describe('equalizing', () => {
  it('keeps up to its share of everything, and all of what is rarer', () => {
    const equalizing = { mode: 'equalizing' as const };
    assert.equal(judge({ ...equalizing }), 'trace_id_w3c: ot=th:8');
    assert.equal(judge({ ...equalizing, traceState: 'ot=th:4' }), 'trace_id_w3c: ot=th:8');
    assert.equal(judge({ ...equalizing, traceState: 'ot=th:88' }), 'trace_id_w3c: ot=th:88');
  });
});

describe('hash_seed', () => {
  const hashing = { mode: 'hash_seed' as const, samplingPercentage: 100 };

  it('writes its randomness beside its threshold', () => {
    assert.match(judge({ ...hashing, traceState: 'ot=x:y' }), /^trace_id_hash: ot=th:0;rv:[0-9a-f]{14};x:y$/);
  });

  it('depends on the seed', () => {
    const chosenBy = (hashSeed: number): string =>
      Array.from({ length: 64 }, (_, id) =>
        judge({
          mode: 'hash_seed',
          hashSeed,
          randomness: id.toString(16).padStart(14, '0'),
        }).endsWith('dropped'),
      ).join();
    assert.equal(chosenBy(1), chosenBy(1));
    assert.notEqual(chosenBy(1), chosenBy(2));
  });

  it('does not go on with what other modes have written', () => {
    for (const traceState of ['ot=th:8', 'ot=rv:f0000000000000']) {
      assert.equal(judge({ ...hashing, traceState }), 'missing_randomness: dropped');
      assert.equal(judge({ ...hashing, traceState, failsClosed: false }), `missing_randomness: ${traceState}`);
    }
  });

  it('keeps nothing of less than a bucket', () => {
    assert.equal(judge({ mode: 'hash_seed', samplingPercentage: 0.001 }), 'sampling_priority: dropped');
  });
});

describe('a span that cannot be judged', () => {
  it('is dropped, or kept as it came where the sampler fails open', () => {
    for (const traceState of ['no list', 'ot=th', 'ot=th:xyz', 'ot=rv:12', 'ot=', 'a=1,,b']) {
      assert.equal(judge({ traceState }), 'missing_randomness: dropped', traceState);
      assert.equal(judge({ traceState, failsClosed: false }), `missing_randomness: ${traceState}`);
    }
  });

  it('loses a th that its randomness has not passed', () => {
    assert.equal(judge({ traceState: 'ot=th:c' }), 'trace_id_w3c: dropped');
    assert.equal(judge({ traceState: 'ot=th:c', failsClosed: false }), 'trace_id_w3c: ot=th:0');
  });
});

describe('sampling.priority', () => {
  it('has the last word, with nothing and everything too', () => {
    assert.equal(judge({ priority: 'drop', samplingPercentage: 100 }), 'sampling_priority: dropped');
    assert.equal(judge({ priority: 'keep', samplingPercentage: 0 }), 'sampling_priority: ot=th:0');
    assert.equal(judge({ priority: 'keep', randomness: '00000000000000' }), 'sampling_priority: ot=th:0');
    assert.equal(judge({ priority: 'keep', traceState: 'ot=th:4' }), 'sampling_priority: ot=th:4');
    assert.equal(judge({ priority: 'keep', traceState: 'no list' }), 'sampling_priority: no list');
    assert.equal(judge({ samplingPercentage: 0 }), 'sampling_priority: dropped');
  });
});
