/** How thresholds of votes come to that of the trace. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatThreshold, parseThreshold, THRESHOLD_ALWAYS, THRESHOLD_NEVER } from '@tracelab/protocol';
import { gather } from '../../fixtures/decided.ts';
import { spanIdFor } from '../../fixtures/make-trace.ts';
import type { Threshold } from '../probability/threshold.ts';
import { Ballot } from './ballot.ts';
import { createAnd, createDrop, createNot } from './combine.ts';
import { createDecide } from './decide.ts';
import {
  ERROR,
  NOT_SAMPLED,
  NOT_SAMPLED_SOMEHOW,
  SAMPLED,
  SAMPLED_SOMEHOW,
  type Policy,
  type Ruling,
  type Verdict,
  type VoteOn,
} from './policy.ts';
import { sheddingBy } from './shed.ts';

/** Its randomness is a little more than 3/4. */
const TRACE = gather([{ traceId: 'ffffffffffffffffffc0000000000001', spanId: spanIdFor(0) }]);

function from(digits: string): Verdict {
  const threshold = parseThreshold(digits) ?? THRESHOLD_ALWAYS;
  return { vote: TRACE.isRandomnessAtLeast(threshold) ? 'sampled' : 'notSampled', threshold };
}

function told(threshold: Threshold): string {
  if (threshold === undefined) return 'unknown';
  return threshold.high === THRESHOLD_NEVER.high ? 'never' : formatThreshold(threshold);
}

const say =
  (verdict: Verdict): VoteOn =>
  () =>
    verdict;
const half = from('8');
const quarter = from('c');
const tenth = from('e666');

describe('a decision', () => {
  const decide = (verdicts: readonly (Verdict | 'spared')[], of: { isFirstMatchEnough?: boolean } = {}): string => {
    const policies = verdicts.map((verdict): Policy => {
      const isDrop = verdict === 'spared';
      return { name: 'p', isDrop, voteOn: say(isDrop ? NOT_SAMPLED_SOMEHOW : verdict) };
    });
    const options = { isFirstMatchEnough: false, isErrorKept: false, ...of };
    const ruling = createDecide(policies, new Ballot(), options)(TRACE, () => {});
    return `${ruling.decision} ${told(ruling.threshold)}`;
  };

  it('has the lowest threshold of its votes, whether the trace has reached it or not', () => {
    assert.equal(decide([half, quarter]), 'sampled 8');
    assert.equal(decide([tenth, quarter, NOT_SAMPLED]), 'sampled c');
    assert.equal(decide([tenth, NOT_SAMPLED]), 'notSampled e666');
    assert.equal(decide([NOT_SAMPLED]), 'notSampled never');
    assert.equal(decide([half, SAMPLED]), 'sampled 0');
  });

  it('has none where a vote was not by randomness, unless every trace like it is kept', () => {
    assert.equal(decide([half, SAMPLED_SOMEHOW]), 'sampled unknown');
    assert.equal(decide([half, NOT_SAMPLED_SOMEHOW]), 'sampled unknown');
    assert.equal(decide([SAMPLED, NOT_SAMPLED_SOMEHOW]), 'sampled 0');
  });

  it('has none where chance has spared it from being dropped', () => {
    assert.equal(decide(['spared', SAMPLED]), 'sampled unknown');
  });

  it('has none where the first match leaves others unasked, who might have kept more', () => {
    assert.equal(decide([half, tenth], { isFirstMatchEnough: true }), 'sampled unknown');
    assert.equal(decide([tenth, half], { isFirstMatchEnough: true }), 'sampled 8');
    assert.equal(decide([SAMPLED, half], { isFirstMatchEnough: true }), 'sampled 0');
  });

  it('keeps what could not be judged, where that is wanted', () => {
    const errors: string[] = [];
    const policies: Policy[] = [{ name: 'broken', isDrop: false, voteOn: say(ERROR) }];
    const ruling = (isErrorKept: boolean): Ruling =>
      createDecide(policies, new Ballot(), { isFirstMatchEnough: false, isErrorKept })(TRACE, (name) =>
        errors.push(name),
      );
    assert.deepEqual([ruling(true).decision, ruling(false).decision], ['sampled', 'notSampled']);
    assert.deepEqual(errors, ['broken', 'broken']);
  });
});

describe('and, not, drop', () => {
  const of = (voteOn: VoteOn): string => {
    const { vote, threshold } = voteOn(TRACE);
    return `${vote} ${told(threshold)}`;
  };

  it('and has the highest threshold of those inside it; unknown stays unknown', () => {
    assert.equal(of(createAnd([half, SAMPLED, quarter].map(say))), 'sampled c');
    assert.equal(of(createAnd([half, tenth].map(say))), 'notSampled e666');
    assert.equal(of(createAnd([half, SAMPLED_SOMEHOW].map(say))), 'sampled unknown');
    assert.equal(of(createAnd([half, NOT_SAMPLED].map(say))), 'notSampled never');
  });

  it('not has none of a choice, since there is no "up to a threshold"', () => {
    assert.equal(of(createNot(say(NOT_SAMPLED))), 'sampled 0');
    assert.equal(of(createNot(say(SAMPLED))), 'notSampled never');
    assert.equal(of(createNot(say(tenth))), 'sampled unknown');
    assert.equal(of(createNot(say(ERROR))), 'error unknown');
  });

  it('drop spares by chance what its policies have not chosen', () => {
    assert.equal(of(createDrop([say(half)])), 'dropped 8');
    assert.equal(of(createDrop([say(tenth)])), 'notSampled unknown');
    assert.equal(of(createDrop([say(NOT_SAMPLED)])), 'notSampled never');
  });
});

describe('sheddingBy', () => {
  const shed = (fullness: number, ruling: Ruling): string => {
    const {
      decision,
      threshold,
      isShed = false,
    } = sheddingBy(
      () => fullness,
      () => ruling,
    )(TRACE, () => {});
    return `${decision} ${told(threshold)}${isShed ? ' shed' : ''}`;
  };
  const kept = (threshold: Threshold): Ruling => ({ decision: 'sampled', threshold });

  it('changes nothing up to half of the queue, and halves what is kept for each eighth above', () => {
    assert.equal(shed(0.5, kept(THRESHOLD_ALWAYS)), 'sampled 0');
    assert.equal(shed(0.625, kept(THRESHOLD_ALWAYS)), 'sampled 8');
    assert.equal(shed(0.75, kept(THRESHOLD_ALWAYS)), 'sampled c');
    assert.equal(shed(1, kept(THRESHOLD_ALWAYS)), 'notSampled f shed');
    assert.equal(shed(7, kept(THRESHOLD_ALWAYS)), 'notSampled f shed');
  });

  it('raises a threshold that there is, and sheds by randomness what has none', () => {
    assert.equal(shed(0.625, kept(quarter.threshold)), 'sampled c');
    assert.equal(shed(0.75, kept(half.threshold)), 'sampled c');
    assert.equal(shed(0.75, kept(undefined)), 'sampled unknown');
    assert.equal(shed(1, kept(undefined)), 'notSampled unknown shed');
  });

  it('has nothing to do with what is not kept anyhow', () => {
    assert.equal(shed(1, { decision: 'notSampled', threshold: tenth.threshold }), 'notSampled e666');
  });
});
