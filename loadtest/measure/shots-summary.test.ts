import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { NO_ANSWER, NOT_SENT, UNFINISHED, type Shots } from '../attack/shots.ts';
import { summarizeShots } from './shots-summary.ts';

interface Shot {
  dueUs: number;
  latenessUs: number;
  latencyUs: number;
  status: number;
}

function shotsOf(list: readonly Shot[]): Shots {
  return {
    dueUs: list.map(({ dueUs }) => dueUs),
    latenessUs: list.map(({ latenessUs }) => latenessUs),
    latencyUs: list.map(({ latencyUs }) => latencyUs),
    status: list.map(({ status }) => status),
  };
}

/** So many requests, a millisecond apart, all alike but for what is given. */
function even(count: number, given: Partial<Shot> | ((index: number) => Partial<Shot>) = {}): Shot[] {
  return Array.from({ length: count }, (_, index) => ({
    dueUs: index * 1000,
    latenessUs: 100,
    latencyUs: 5000,
    status: 200,
    ...(typeof given === 'function' ? given(index) : given),
  }));
}

describe('the summary of a load', () => {
  it('loses no request: all that were due are answered, unanswered, not sent or unfinished', () => {
    const shot = fc.record({
      dueUs: fc.nat(1e9),
      latenessUs: fc.nat(1e6),
      latencyUs: fc.nat(1e7),
      status: fc.constantFrom(200, 201, 404, 503, NO_ANSWER, NOT_SENT, UNFINISHED),
    });
    fc.assert(
      fc.property(fc.array(shot, { maxLength: 50 }), (list) => {
        const { requests, answered, noAnswer, notSent, unfinished, answers, succeeded } = summarizeShots(shotsOf(list));
        assert.equal(answered + noAnswer + notSent + unfinished, requests);
        assert.equal(requests, list.length);
        assert.equal(
          answers.reduce((sum, { count }) => sum + count, 0),
          answered,
        );
        assert.equal(succeeded, list.filter(({ status }) => status === 200 || status === 201).length);
      }),
    );
  });

  it('tells sent and succeeded requests a second apart', () => {
    const list = even(1000, (index) => ({ status: index % 4 === 0 ? 503 : 200, latencyUs: 1000 }));
    const { sentPerSecond, succeededPerSecond } = summarizeShots(shotsOf(list));
    assert.deepEqual([sentPerSecond, succeededPerSecond], [1000, 750], 'the last ends 1 s after the first was due');
  });

  it('takes quantiles of the answered requests alone, from the intended start and from the send', () => {
    const list = even(100, (index) => ({ latencyUs: (index + 1) * 1000, latenessUs: 400 }));
    const failed = even(50, { status: NO_ANSWER, latencyUs: 1e6 });
    const { latency, latencyFromSend } = summarizeShots(shotsOf([...list, ...failed]));
    assert.deepEqual([latency.p50Us, latency.p90Us, latency.p99Us, latency.maxUs], [50_000, 90_000, 99_000, 100_000]);
    assert.equal(latencyFromSend.p50Us, 49_600);
  });

  it('gives no rate where nothing was due, or one request alone was never answered', () => {
    for (const list of [[], even(1, { status: UNFINISHED, latencyUs: 0 })]) {
      const { sentPerSecond, succeededPerSecond } = summarizeShots(shotsOf(list));
      assert.deepEqual([sentPerSecond, succeededPerSecond], [0, 0]);
    }
  });

  it('gives no quantile that the greatest value alone would be', () => {
    const { latency } = summarizeShots(shotsOf(even(999)));
    assert.deepEqual([latency.p99Us, latency.p999Us, latency.maxUs], [5000, Number.NaN, 5000]);
    assert.equal(summarizeShots(shotsOf(even(1000))).latency.p999Us, 5000);
    assert.ok(Number.isNaN(summarizeShots(shotsOf([])).latency.maxUs));
  });

  it('says when the sender did not keep up: late with more than 1 % by over 2 ms and a tenth of its latency, or something was not sent', () => {
    const lateWith = (count: number, latenessUs = 2001): boolean =>
      summarizeShots(shotsOf(even(200, (index) => (index < count ? { latenessUs } : {})))).isKeptUp;
    assert.deepEqual([lateWith(2), lateWith(3), lateWith(3, 2000)], [true, false, true]);
    const slow = (latenessUs: number): boolean =>
      summarizeShots(shotsOf(even(200, { latencyUs: 80_000, latenessUs }))).isKeptUp;
    assert.deepEqual([slow(8000), slow(8001)], [true, false], 'a tenth of p99 of a slow target');
    const skipped = even(200, (index) => (index === 7 ? { status: NOT_SENT, latencyUs: 0 } : {}));
    assert.equal(summarizeShots(shotsOf(skipped)).isKeptUp, false);
  });
});
