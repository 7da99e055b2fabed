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
const NANOS_PER_MILLI = 1_000_000;

/**
 * One wall-clock anchor plus the monotonic clock: nanosecond start times at one clock read, durations that no clock
 * change can bend. The anchor is checked at most once a second, when a local root starts, and renewed when it drifted
 * (a laptop slept); spans inherit the anchor of their local parent, so that one trace in one process is never torn.
 */
export class SpanClock {
  readonly #time: TimeSource;
  #anchorUnixNano: bigint;
  #anchorUnixMs: number;
  #checkedAtMs = 0;

  constructor(time: TimeSource = systemTime) {
    this.#time = time;
    this.#anchorUnixMs = time.originUnixMs;
    this.#anchorUnixNano = nanosFromMillis(time.originUnixMs);
  }

  monotonicMs(): number {
    return this.#time.monotonicMs();
  }

  /** The Unix time at monotonic zero that a local root starting now shall use. */
  anchorFor(monotonicMs: number): bigint {
    if (monotonicMs - this.#checkedAtMs >= CHECK_EVERY_MS) this.#checkAnchor(monotonicMs);
    return this.#anchorUnixNano;
  }

  #checkAnchor(monotonicMs: number): void {
    this.#checkedAtMs = monotonicMs;
    const anchorNowUnixMs = this.#time.wallMs() - monotonicMs;
    if (Math.abs(anchorNowUnixMs - this.#anchorUnixMs) <= DRIFT_ALLOWED_MS) return;
    this.#anchorUnixMs = anchorNowUnixMs;
    this.#anchorUnixNano = nanosFromMillis(anchorNowUnixMs);
  }
}

/** 104 days: below this a double holds every nanosecond, which all readings of the monotonic clock in one process do. */
const EXACT_MS_MAX = Number.MAX_SAFE_INTEGER / NANOS_PER_MILLI;

/** Milliseconds with a fraction, as whole nanoseconds. Dates are split, since a double has no room for them in nanoseconds. */
export function nanosFromMillis(ms: number): bigint {
  if (ms < EXACT_MS_MAX) return BigInt(Math.round(ms * NANOS_PER_MILLI));
  const whole = Math.floor(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * NANOS_PER_MILLI));
}
