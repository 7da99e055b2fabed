import type { Pacer } from '../pace/pacer.ts';

/** How a visit to the shop ended: whatever the shop answers counts as answered, its errors too; away means no connection. */
export type VisitOutcome = { kind: 'answered'; status: number } | { kind: 'away'; reason: string };

/** Real time, or a test's. */
export interface ShopClock {
  nowMs: () => number;
  /** Resolves after the time, or at once when the signal aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface ShopperOptions {
  clock: ShopClock;
  requestsPerSecond: number;
  /** A new schedule, made whenever the rate changes or time was lost. */
  pacerFor: (requestsPerSecond: number) => Pacer;
  visit: () => Promise<VisitOutcome>;
  say: (text: string) => void;
  inFlightMax: number;
}

/** due = sent + skippedInFlight + skippedLate; sent = answered + away + in flight. Probes of an absent shop are sent, not due. */
export interface ShopperCounts {
  sent: number;
  answered: number;
  /** Not sent because `inFlightMax` were unanswered: an open loop must not pile up without bound. */
  skippedInFlight: number;
  /** Not sent because the schedule was over a second behind (a suspended machine): nobody wants that burst. */
  skippedLate: number;
  away: number;
}

/** A schedule this far behind starts anew. */
const LATE_LIMIT_MS = 1000;
const BACK_OFF_FIRST_MS = 500;
const BACK_OFF_MAX_MS = 5000;
/** While paused nothing is due; a change of rate wakes the loop anyway. */
const PAUSE_MS = 3_600_000;

/** An open loop of shoppers: they come when the schedule says, whether or not the shop keeps up. */
export class Shopper {
  readonly #options: ShopperOptions;
  readonly #visits = new Set<Promise<void>>();
  readonly #counts: ShopperCounts = { sent: 0, answered: 0, skippedInFlight: 0, skippedLate: 0, away: 0 };
  #requestsPerSecond: number;
  #rateChange = new AbortController();
  #pacer: Pacer | undefined;
  #startedMs = 0;
  #dueCount = 0;
  /** Set while the shop is away: visits are probes then, one at a time. */
  #awaySinceMs: number | undefined;
  #backOffMs = 0;

  constructor(options: ShopperOptions) {
    this.#options = options;
    this.#requestsPerSecond = options.requestsPerSecond;
    this.#startSchedule();
  }

  get requestsPerSecond(): number {
    return this.#requestsPerSecond;
  }

  get counts(): ShopperCounts {
    return { ...this.#counts };
  }

  /** Takes effect at once; 0 pauses. */
  setRate(requestsPerSecond: number): void {
    this.#requestsPerSecond = requestsPerSecond;
    this.#startSchedule();
    this.#rateChange.abort();
    this.#rateChange = new AbortController();
  }

  /** Ends when the signal aborts and the last visit is answered. */
  async run(signal: AbortSignal): Promise<void> {
    this.#startSchedule();
    while (!signal.aborted) await this.#step(signal);
    await Promise.all(this.#visits);
  }

  async #step(signal: AbortSignal): Promise<void> {
    if (this.#awaySinceMs !== undefined && this.#requestsPerSecond > 0) return this.#probe(signal);
    const waitMs = this.#dueInMs();
    if (waitMs > 0) return this.#options.clock.wait(waitMs, AbortSignal.any([signal, this.#rateChange.signal]));
    if (-waitMs > LATE_LIMIT_MS) return this.#skipWhatIsLate(-waitMs);
    this.#startVisit();
  }

  #startSchedule(): void {
    this.#startedMs = this.#options.clock.nowMs();
    this.#dueCount = 0;
    this.#pacer = this.#requestsPerSecond > 0 ? this.#options.pacerFor(this.#requestsPerSecond) : undefined;
  }

  /** Milliseconds until the next visit is due; negative when it is overdue. */
  #dueInMs(): number {
    if (this.#pacer === undefined) return PAUSE_MS;
    const elapsedMs = this.#options.clock.nowMs() - this.#startedMs;
    return this.#pacer(this.#dueCount) - elapsedMs;
  }

  #skipWhatIsLate(lateMs: number): void {
    this.#counts.skippedLate += Math.floor((lateMs * this.#requestsPerSecond) / 1000);
    this.#startSchedule();
  }

  #startVisit(): void {
    this.#dueCount++;
    if (this.#visits.size >= this.#options.inFlightMax) {
      this.#counts.skippedInFlight++;
      return;
    }
    const visit: Promise<void> = this.#visit().finally(() => this.#visits.delete(visit));
    this.#visits.add(visit);
  }

  /** One visit at a time, ever further apart, instead of the schedule. */
  async #probe(signal: AbortSignal): Promise<void> {
    await this.#options.clock.wait(this.#backOffMs, signal);
    this.#backOffMs = Math.min(BACK_OFF_MAX_MS, this.#backOffMs * 2);
    if (!signal.aborted) await this.#visit();
  }

  async #visit(): Promise<void> {
    this.#counts.sent++;
    const outcome = await this.#options.visit();
    if (outcome.kind === 'away') this.#noteAway(outcome.reason);
    else this.#noteAnswer();
  }

  #noteAnswer(): void {
    this.#counts.answered++;
    if (this.#awaySinceMs === undefined) return;
    this.#options.say(
      `the shop answers again after ${Math.round((this.#options.clock.nowMs() - this.#awaySinceMs) / 1000)} s`,
    );
    this.#awaySinceMs = undefined;
    this.#startSchedule();
  }

  /** Said once, however many visits fail. */
  #noteAway(reason: string): void {
    this.#counts.away++;
    if (this.#awaySinceMs !== undefined) return;
    this.#awaySinceMs = this.#options.clock.nowMs();
    this.#backOffMs = BACK_OFF_FIRST_MS;
    this.#options.say(
      `the shop is away (${reason}): trying again until it answers, at most every ${BACK_OFF_MAX_MS / 1000} s`,
    );
  }
}
