import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { DrainRate } from './drain-rate.ts';

let nowMs = 0;
let rate: DrainRate;
beforeEach(() => {
  nowMs = 0;
  rate = new DrainRate(() => nowMs);
});

function write(spanCount: number, ms: number): void {
  nowMs += ms;
  rate.record(spanCount);
}

describe('DrainRate', () => {
  it('is what was written divided by the time that it took', () => {
    rate.begin();
    for (let batch = 0; batch < 5; batch++) write(100, 50);
    assert.ok(Math.abs(rate.secondsFor(4000) - 2) < 1e-9);
  });

  it('does not count the time in which nothing waits', () => {
    rate.begin();
    write(100, 50);
    rate.end();
    nowMs += 3_600_000;
    assert.ok(Math.abs(rate.secondsFor(2000) - 1) < 1e-9);
    rate.begin();
    write(100, 50);
    assert.ok(Math.abs(rate.secondsFor(2000) - 1) < 1e-9);
  });

  it('gets slower while nothing gets through', () => {
    rate.begin();
    write(100, 100);
    nowMs += 900;
    assert.ok(Math.abs(rate.secondsFor(100) - 1) < 1e-9);
  });

  it('forgets: after a minute a new speed is all that counts', () => {
    rate.begin();
    for (let second = 0; second < 60; second++) write(10_000, 1000);
    for (let second = 0; second < 60; second++) write(100, 1000);
    assert.ok(Math.abs(rate.secondsFor(1000) - 10) < 2.5, String(rate.secondsFor(1000)));
  });

  it('says as long again while nothing was ever written', () => {
    assert.equal(rate.secondsFor(1000), 0);
    rate.begin();
    nowMs += 7000;
    assert.equal(rate.secondsFor(1000), 7);
  });
});
