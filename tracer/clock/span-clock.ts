// Not the global: looking it up costs a third of a reading.
import { performance } from 'node:perf_hooks';

/** Where time comes from. Injected, so that tests move it by hand. */
export interface TimeSource {
  /** Milliseconds with fractions, never running backwards. */
  monotonicMs: () => number;
  /** Milliseconds since the Unix epoch. */
  wallMs: () => number;
  /** The wall-clock time at which monotonicMs was 0, exact to a microsecond. */
  originUnixMs: number;
}

const systemTime: TimeSource = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  originUnixMs: performance.timeOrigin,
};

/** Below this, a difference is the rounding of Date.now and NTP slewing; above it, the machine slept or its clock was set. */
const DRIFT_ALLOWED_MS = 50;
const CHECK_EVERY_MS = 1000;

/** The Unix time at monotonic zero, also cut into the halves that a fixed64 is written from. */
export class ClockAnchor {
  readonly unixNano: bigint;
  readonly high: number;
  readonly low: number;

  constructor(unixNano: bigint) {
    this.unixNano = unixNano;
    this.high = Number(BigInt.asUintN(32, unixNano >> 32n));
    this.low = Number(BigInt.asUintN(32, unixNano));
  }
}

/**
 * One wall-clock anchor plus the monotonic clock: nanosecond start times at one clock read, durations that no clock
 * change can bend. The anchor is checked at most once a second, when a local root starts, and renewed when it drifted
 * (a laptop slept); spans inherit the anchor of their local parent, so that one trace in one process is never torn.
 */
export class SpanClock {
  readonly #time: TimeSource;
  #anchor: ClockAnchor;
  #anchorUnixMs: number;
  #offsetMs = 0;
  #checkedAtMs = 0;

  constructor(time: TimeSource = systemTime) {
    this.#time = time;
    this.#anchorUnixMs = time.originUnixMs;
    this.#anchor = this.#offsetAnchor();
  }

  monotonicMs(): number {
    return this.#time.monotonicMs();
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Sets this clock wrong on purpose, for local roots that start from now on. */
  set offsetMs(offsetMs: number) {
    this.#offsetMs = offsetMs;
    this.#anchor = this.#offsetAnchor();
  }

  /** The anchor that a local root starting now shall use. */
  anchorAt(monotonicMs: number): ClockAnchor {
    if (monotonicMs - this.#checkedAtMs >= CHECK_EVERY_MS) this.#checkAnchor(monotonicMs);
    return this.#anchor;
  }

  #checkAnchor(monotonicMs: number): void {
    this.#checkedAtMs = monotonicMs;
    const anchorNowUnixMs = this.#time.wallMs() - monotonicMs;
    if (Math.abs(anchorNowUnixMs - this.#anchorUnixMs) <= DRIFT_ALLOWED_MS) return;
    this.#anchorUnixMs = anchorNowUnixMs;
    this.#anchor = this.#offsetAnchor();
  }

  #offsetAnchor(): ClockAnchor {
    return new ClockAnchor(nanosFromMillis(this.#anchorUnixMs) + nanosFromMillis(this.#offsetMs));
  }
}

export const NANOS_PER_MILLI = 1_000_000;

/** A date in milliseconds, in nanoseconds: split, since a double has no room for dates in nanoseconds. */
export function nanosFromMillis(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * NANOS_PER_MILLI));
}
