import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Explanation } from '@tracelab/protocol';
import { describeProbability } from './explanation-words.ts';

const KEPT: Pick<Explanation, 'decision' | 'isShed'> = { decision: 'sampled', isShed: false };

describe('describeProbability', () => {
  it('says how many a kept trace stands for, and how many like it are kept where it was not', () => {
    const told = (of: Partial<Explanation>): string => describeProbability({ ...KEPT, ...of });
    assert.equal(told({ probability: 1 }), 'all like this are kept');
    assert.equal(told({ probability: 0.1 }), 'one in 10 like this is kept, so that it stands for as many');
    assert.equal(told({ probability: 1 / 1234.5 }), 'one in 1,235 like this is kept, so that it stands for as many');
    assert.equal(told({ decision: 'notSampled', probability: 0.3 }), 'one in 3.33 like this is kept');
    assert.equal(told({ decision: 'notSampled', probability: 0 }), 'none like this is kept');
    assert.match(told({ decision: 'notSampled', isShed: true, probability: 0.25 }), /one in 4 .* nearly full/);
    assert.match(told({}), /unknown/);
    assert.match(told({ decision: 'dropped' }), /no kept one stands for them/);
  });
});
