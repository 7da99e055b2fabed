import type { GarbagePacing, MemoryLimiterConfig } from '../config/collector-config.ts';
import type { Overload } from '../receive/take-request.ts';

export interface MemoryLimiterEffects {
  /** What percentages are of. */
  totalBytes: number;
  usedBytes: () => Promise<number>;
  collectGarbage: () => Promise<void>;
  /** Monotonic. */
  nowMs: () => number;
  report: (message: string) => void;
}

const MEBIBYTE = 1024 * 1024;
/** Of the limit, where no spike is given. */
const SPIKE_SHARE = 0.2;
/** A collection that frees less was in vain, and the next one waits longer. */
const FREED_SHARE_MIN = 0.05;
/** The first wait, so that a check that comes a little early is not skipped. */
const CHECK_SHARE = 0.95;
const RETRY_AFTER_S_MAX = 60;

/**
 * The OpenTelemetry Collector's memory_limiter (internal/memorylimiter, 0.158): from the soft limit on, which is the limit less the spike,
 * requests are refused; garbage is collected before, at most as often as the pacing of the soft limit says, and above the limit
 * itself as often as that of the hard one. Collections that free nothing become rarer.
 */
export class MemoryLimiter {
  readonly #config: MemoryLimiterConfig;
  readonly #effects: MemoryLimiterEffects;
  readonly #hardBytes: number;
  readonly #softBytes: number;
  #isRefusing = false;
  #isChecking = false;
  #collectedMs: number;
  #usedBytes = 0;
  /** How much longer than their pacing says collections in vain are apart. */
  readonly #waitMs = { soft: 0, hard: 0 };

  constructor(config: MemoryLimiterConfig, effects: MemoryLimiterEffects) {
    this.#config = config;
    this.#effects = effects;
    const unitBytes = config.unit === 'mebibytes' ? MEBIBYTE : effects.totalBytes / 100;
    this.#hardBytes = config.limit * unitBytes;
    this.#softBytes = this.#hardBytes - (config.spike * unitBytes || this.#hardBytes * SPIKE_SHARE);
    this.#collectedMs = effects.nowMs();
  }

  /** While memory is above the soft limit; the next check may find that it is not. */
  overload(): Overload | undefined {
    if (!this.#isRefusing) return undefined;
    const seconds = Math.ceil(this.#config.checkIntervalMs / 1000);
    return { reason: 'memory', retryAfterS: Math.min(seconds, RETRY_AFTER_S_MAX) };
  }

  /** One at a time: a second call does nothing. */
  async check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      const isAbove = (await this.#isAboveSoft(false)) && (await this.#isAboveAfterCollection());
      if (isAbove !== this.#isRefusing) this.#report(isAbove);
      this.#isRefusing = isAbove;
    } finally {
      this.#isChecking = false;
    }
  }

  /** Looks again where a collection was due. */
  async #isAboveAfterCollection(): Promise<boolean> {
    const limit = this.#usedBytes >= this.#hardBytes ? 'hard' : 'soft';
    const sinceMs = this.#effects.nowMs() - this.#collectedMs;
    if (sinceMs <= Math.max(this.#config.collections[limit].intervalMsMin, this.#waitMs[limit])) return true;
    await this.#effects.collectGarbage();
    this.#collectedMs = this.#effects.nowMs();
    return this.#isAboveSoft(true);
  }

  async #isAboveSoft(isCollected: boolean): Promise<boolean> {
    const usedBytes = await this.#effects.usedBytes();
    const isAbove = usedBytes >= this.#softBytes;
    const hasFallen = !isAbove || usedBytes <= this.#usedBytes * (1 - FREED_SHARE_MIN);
    this.#usedBytes = usedBytes;
    const { soft, hard } = this.#config.collections;
    if (hasFallen) Object.assign(this.#waitMs, { soft: 0, hard: 0 });
    else if (isCollected) {
      this.#waitMs.soft = this.#nextWaitMs(this.#waitMs.soft, soft);
      this.#waitMs.hard = this.#nextWaitMs(this.#waitMs.hard, hard);
    }
    return isAbove;
  }

  #nextWaitMs(waitMs: number, { intervalMsMin, intervalMsMax }: GarbagePacing): number {
    if (intervalMsMax === 0) return intervalMsMin;
    const fromMs = Math.max(waitMs, intervalMsMin, this.#config.checkIntervalMs * CHECK_SHARE);
    return Math.min(fromMs * 2, Math.max(intervalMsMax, intervalMsMin));
  }

  #report(isAbove: boolean): void {
    const said = isAbove ? 'above its soft limit, requests are refused' : 'below its soft limit again';
    this.#effects.report(
      `memory_limiter: memory is ${said}: ${mebibytes(this.#usedBytes)} MiB of ${mebibytes(this.#softBytes)} (hard ${mebibytes(this.#hardBytes)})`,
    );
  }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / MEBIBYTE);
}
