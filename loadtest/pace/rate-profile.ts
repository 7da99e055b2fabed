// Runs inside k6 too, which knows no packages.

/** A stretch of time in which the rate goes evenly from one value to another, in requests per second. */
export interface RateStage {
  durationMs: number;
  fromRate: number;
  toRate: number;
}

/** How the rate of a load goes over time, as the number of requests that are expected by then, and back. */
export interface RateProfile {
  /** Milliseconds after the start at which so many requests (a fraction too) are expected; Infinity: never. */
  timeOf: (count: number) => number;
  /** Requests expected in so many milliseconds. */
  countBy: (elapsedMs: number) => number;
}

export function constantRate(requestsPerSecond: number): RateProfile {
  requirePositive(requestsPerSecond);
  return stagedRate([], requestsPerSecond);
}

/** From one rate evenly to another, which stays. */
export function rampRate(fromRate: number, toRate: number, durationMs: number): RateProfile {
  requirePositive(Math.max(fromRate, toRate));
  return stagedRate([{ durationMs, fromRate, toRate }], toRate);
}

export interface Spike {
  rate: number;
  afterMs: number;
  durationMs: number;
}

/** A base rate, but for one stretch in which the rate is another at once. */
export function spikeRate(requestsPerSecond: number, spike: Spike): RateProfile {
  requirePositive(requestsPerSecond);
  return stagedRate(spikeStages(requestsPerSecond, spike), requestsPerSecond);
}

/** The calm and the spike; after them the base rate stays. */
export function spikeStages(requestsPerSecond: number, spike: Spike): [calm: RateStage, spike: RateStage] {
  return [constantStage(requestsPerSecond, spike.afterMs), constantStage(spike.rate, spike.durationMs)];
}

export function constantStage(requestsPerSecond: number, durationMs: number): RateStage {
  return { durationMs, fromRate: requestsPerSecond, toRate: requestsPerSecond };
}

interface PlacedStage extends RateStage {
  startMs: number;
  startCount: number;
}

/** The stages one after the other, then a constant rate for ever. */
function stagedRate(stages: readonly RateStage[], rateAfter: number): RateProfile {
  for (const { fromRate, toRate, durationMs } of stages) {
    requireNonNegative('requests per second', fromRate);
    requireNonNegative('requests per second', toRate);
    requireNonNegative('milliseconds', durationMs);
  }
  const placed: PlacedStage[] = [];
  let [startMs, startCount] = [0, 0];
  const lasting = stages.filter((stage) => stage.durationMs > 0);
  for (const stage of [...lasting, { durationMs: Infinity, fromRate: rateAfter, toRate: rateAfter }]) {
    placed.push({ ...stage, startMs, startCount });
    startCount += countIn(stage, stage.durationMs);
    startMs += stage.durationMs;
  }
  return {
    timeOf: (count) => {
      const stage = placed.findLast((candidate) => candidate.startCount < count);
      return stage === undefined ? 0 : stage.startMs + timeIn(stage, count - stage.startCount);
    },
    countBy: (elapsedMs) => {
      const stage = placed.findLast((candidate) => candidate.startMs <= elapsedMs);
      return stage === undefined ? 0 : stage.startCount + countIn(stage, elapsedMs - stage.startMs);
    },
  };
}

/** The area under the rate: from x t + slope / 2 x t^2. */
function countIn(stage: RateStage, elapsedMs: number): number {
  const gained = stage.fromRate === stage.toRate ? 0 : (gainOf(stage) / 2) * elapsedMs;
  const rate = stage.fromRate + gained;
  return rate === 0 ? 0 : (rate * elapsedMs) / 1000;
}

/** Its inverse, in the form that does not cancel where the rate hardly changes: 2 n / (from + sqrt(from^2 + 2 slope n)). */
function timeIn(stage: RateStage, count: number): number {
  if (stage.fromRate === stage.toRate) return (count * 1000) / stage.fromRate;
  const under = stage.fromRate ** 2 + 2 * gainOf(stage) * 1000 * count;
  return (2000 * count) / (stage.fromRate + Math.sqrt(Math.max(0, under)));
}

/** Requests per second gained in a millisecond. */
function gainOf({ fromRate, toRate, durationMs }: RateStage): number {
  return (toRate - fromRate) / durationMs;
}

function requirePositive(requestsPerSecond: number): void {
  if (requestsPerSecond > 0 && Number.isFinite(requestsPerSecond)) return;
  throw new RangeError(`requests per second should be above 0: was ${requestsPerSecond}`);
}

function requireNonNegative(what: string, value: number): void {
  if (value >= 0 && Number.isFinite(value)) return;
  throw new RangeError(`${what} should be 0 or more: was ${value}`);
}
