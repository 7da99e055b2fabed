import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SpanClock, nanosFromMillis } from './span-clock.ts';

const ORIGIN_MS = 1_795_000_000_000.125;

function clockAt() {
  const time = { nowMs: 0, wallOffsetMs: 0 };
  const clock = new SpanClock({
    monotonicMs: () => time.nowMs,
    wallMs: () => Math.floor(ORIGIN_MS + time.nowMs + time.wallOffsetMs),
    originUnixMs: ORIGIN_MS,
  });
  return { time, clock };
}

it('nanoseconds keep what a double has no room for', () => {
  assert.equal(nanosFromMillis(ORIGIN_MS), 1_795_000_000_000_125_000n);
  assert.equal(nanosFromMillis(1.000001), 1_000_001n);
});

it('the anchor stays through rounding and slewing, and moves after the machine slept', () => {
  const { time, clock } = clockAt();
  const anchor = nanosFromMillis(ORIGIN_MS);
  time.nowMs = 5000;
  time.wallOffsetMs = 20;
  assert.equal(clock.anchorAt(time.nowMs).unixNano, anchor);
  time.nowMs = 5500;
  time.wallOffsetMs = 3_600_000;
  assert.equal(clock.anchorAt(time.nowMs).unixNano, anchor, 'checked at most once a second');
  time.nowMs = 6500;
  const moved = clock.anchorAt(time.nowMs).unixNano - anchor;
  assert(moved > 3_599_998_000_000n && moved < 3_600_002_000_000n);
});

it('an offset moves the anchor at once, and stays when the machine slept', () => {
  const { time, clock } = clockAt();
  const anchor = nanosFromMillis(ORIGIN_MS);
  clock.offsetMs = -250;
  assert.equal(clock.anchorAt(0).unixNano, anchor - 250_000_000n);
  time.nowMs = 2000;
  time.wallOffsetMs = 3_600_000;
  const moved = clock.anchorAt(time.nowMs).unixNano - anchor;
  assert(moved > 3_599_748_000_000n && moved < 3_599_752_000_000n);
  time.wallOffsetMs = 0;
  time.nowMs = 4000;
  clock.offsetMs = 0;
  assert.equal(clock.offsetMs, 0);
});
