import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Explanation, PolicyVote } from '@tracelab/protocol';
import { formatExplanation } from './explanation.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

function vote(name: string, of: Partial<PolicyVote>): PolicyVote {
  return { name, type: 'always_sample', limit: 'everything', vote: 'notAsked', observed: '', policies: [], ...of };
}

const EXPLANATION: Explanation = {
  decision: 'sampled',
  decidedBy: 'slow',
  trigger: 'root',
  decidedAtUnixMs: 1_790_000_000_000,
  lagMs: 41.2,
  policies: [
    vote('slow', { type: 'latency', limit: 'longer than 500 ms', vote: 'sampled', observed: '812 ms' }),
    vote('both', { type: 'and', limit: 'all of these', policies: [vote('inside', {})] }),
  ],
  completeness: {
    spanCount: 9,
    errorCount: 1,
    durationNano: '812300000',
    rootService: 'gateway',
    rootName: 'POST /checkout',
    rootSeen: true,
    missingParents: 2,
  },
  randomness: 'ce929d0e0e4736',
  threshold: '8',
  probability: 0.5,
  isShed: false,
  configHash: '0123456789abcdef',
  late: { spanCount: 3, lastAtUnixMs: 1_790_000_005_000 },
};

describe('formatExplanation', () => {
  it('tells verdict, completeness, late spans and every vote with its limit', () => {
    assert.equal(
      formatExplanation({ traceId: TRACE_ID, explanation: EXPLANATION }),
      `4bf92f3577b34da6a3ce929d0e0e4736: kept, by slow
  decided   2026-09-21T14:13:20.000Z, its root had come, and the wait after it was over; 41 ms after it was due
  complete  root gateway POST /checkout, 2 parents missing; 9 spans, 1 with an error, 812.3 ms
  late      3 spans since, the last 2026-09-21T14:13:25.000Z; they followed the decision
  chance    randomness ce929d0e0e4736, threshold 8; one in 2 like this is kept, so that it stands for as many
  policies  0123456789abcdef

policy    type           limit               observed  vote
slow      latency        longer than 500 ms  812 ms    keep
both      and            all of these        -         not asked
  inside  always_sample  everything          -         not asked`,
    );
  });

  it('says that a trace is not yet decided, or that nobody wanted it', () => {
    assert.match(formatExplanation({ traceId: TRACE_ID }), /not yet decided/);
    const dropped: Explanation = { ...EXPLANATION, decision: 'notSampled', decidedBy: '', late: { spanCount: 0 } };
    const text = formatExplanation({ traceId: TRACE_ID, explanation: dropped });
    assert.match(text, /sampled out, no policy said sampled/);
    assert.match(text, /none since/);
    const tooLarge: Explanation = { ...dropped, trigger: 'size', tooLarge: { sizeBytes: 1234, sizeBytesMax: 1000 } };
    assert.match(
      formatExplanation({ traceId: TRACE_ID, explanation: tooLarge }),
      /sampled out, larger than maximum_trace_size_bytes: 1234 of 1000 bytes\n {2}decided {3}\S+, it had grown too large;/,
    );
  });
});
