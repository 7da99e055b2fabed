import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Explanation, PolicyVote } from '@tracelab/protocol';
import { describeVerdict, listVotes } from './explanation-text.ts';

function vote(name: string, said: PolicyVote['vote'], policies: PolicyVote[] = []): PolicyVote {
  return { name, type: 'latency', limit: 'longer than 500 ms', vote: said, observed: '', policies };
}

function explanationOf(decision: Explanation['decision'], decidedBy: string, policies: PolicyVote[] = []): Explanation {
  return {
    decision,
    decidedBy,
    trigger: 'root',
    decidedAtUnixMs: 1_790_000_000_000,
    lagMs: 0,
    policies,
    completeness: {
      spanCount: 1,
      errorCount: 0,
      durationNano: '0',
      rootService: '',
      rootName: '',
      rootSeen: false,
      missingParents: 0,
    },
    randomness: 'ce929d0e0e4736',
    isShed: false,
    configHash: '0123456789abcdef',
    late: { spanCount: 0 },
  };
}

describe('describeVerdict', () => {
  const verdicts: [decision: Explanation['decision'], decidedBy: string, said: string][] = [
    ['sampled', 'slow', 'Kept, by slow'],
    ['notSampled', '', 'Sampled out: no policy said sampled'],
    ['dropped', 'health-checks', 'Dropped by health-checks'],
    ['sampled', '', 'Kept'],
    ['dropped', '', 'Dropped by a policy'],
  ];
  for (const [decision, decidedBy, said] of verdicts)
    it(`says "${said}"`, () => assert.equal(describeVerdict(explanationOf(decision, decidedBy)), said));
});

it('says of a trace that was too large for any policy how large it was', () => {
  const explanation: Explanation = {
    ...explanationOf('notSampled', ''),
    trigger: 'size',
    tooLarge: { sizeBytes: 1234, sizeBytesMax: 1000 },
  };
  assert.equal(describeVerdict(explanation), 'Sampled out: larger than maximum_trace_size_bytes: 1234 of 1000 bytes');
});

describe('listVotes', () => {
  const both = vote('both', 'sampled', [vote('inner', 'sampled', [vote('innermost', 'sampled')])]);
  const rowsOf = (explanation: Explanation): unknown[] =>
    listVotes(explanation).map((row) => [row.vote.name, row.around, row.isDeciding]);

  it('puts those inside a policy behind it, and marks the first that said what was decided, never one inside', () => {
    const explanation = explanationOf('sampled', 'both', [vote('slow', 'notSampled'), both, vote('all', 'sampled')]);
    assert.deepEqual(rowsOf(explanation), [
      ['slow', [], false],
      ['both', [], true],
      ['inner', ['both'], false],
      ['innermost', ['both', 'inner'], false],
      ['all', [], false],
    ]);
  });

  it('marks none where nobody decided', () => {
    assert.deepEqual(rowsOf(explanationOf('notSampled', '', [vote('slow', 'notSampled')])), [['slow', [], false]]);
  });
});
