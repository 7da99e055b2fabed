import { EMPTY_LEDGER } from '@tracelab/protocol';
import type { Ledger } from '@tracelab/protocol';
import type { SamplerLedger } from '../sample/sampler.ts';
import { addFates, noFates, type SpanFates } from '../sample/span-fates.ts';
import type { TraceStore } from '../store/trace-store.ts';
import type { LedgerSnapshot } from './ledger-file.ts';
import {
  composeLedger,
  findImbalance,
  ledgerOfFates,
  sumLedgers,
  type LedgerCounts,
  type ReceiveCounts,
} from './ledger.ts';

export interface LedgerBookOptions {
  /** What an earlier life has written down. */
  earlier: LedgerSnapshot | undefined;
  /** Whether the next life will learn from a write-ahead log what is not settled. */
  hasLog: boolean;
}

export interface LedgerBookEffects {
  receive: ReceiveCounts;
  store: Pick<TraceStore, 'counts'>;
  save: (snapshot: LedgerSnapshot) => Promise<void>;
  report: (message: string) => void;
  /** Monotonic. */
  nowMs: () => number;
  nowUnixMs: () => number;
}

const SAVE_INTERVAL_MS = 1000;

/**
 * The ledger over all lives of the collector on its data folder.
 *
 *   over all lives = carried + recognised + this life                   shown
 *   settled        = carried + segments that have gone + what receive has done with single spans   saved, where there is a write-ahead log
 *
 * Carried is what an earlier life has saved. What it had not settled lies in the log: the replay finds it recognised (an earlier life had
 * dealt with it) or gives it to the sampler again, so that each span of the log is counted once, whatever is saved when. A segment is saved as
 * settled before it is deleted. Without a log all is saved once a second, and what was pending or queued then counts as lost in the next life.
 */
export class LedgerBook {
  readonly #hasLog: boolean;
  readonly #effects: LedgerBookEffects;
  readonly #sinceUnixMs: number;
  readonly #carried: LedgerCounts;
  readonly #recognised = noFates();
  #segmentsGone: LedgerCounts = EMPTY_LEDGER;
  readonly #segmentsSettled: Set<number>;
  #segmentLast: number;
  #storeDropsBooked = 0;
  /** Over all lives, as of the last tick. */
  #counts: LedgerCounts;
  #imbalance: string | undefined;
  #imbalances = 0;
  #savedAtMs = -Infinity;
  #savedText: string | undefined;
  /** One after the other. */
  #saving: Promise<void> = Promise.resolve();
  /** Said once, not at every try. */
  #refusal: string | undefined;

  constructor({ earlier, hasLog }: LedgerBookOptions, effects: LedgerBookEffects) {
    this.#hasLog = hasLog;
    this.#effects = effects;
    this.#sinceUnixMs = earlier?.sinceUnixMs ?? effects.nowUnixMs();
    this.#carried = carriedFrom(earlier?.counts ?? EMPTY_LEDGER);
    this.#counts = this.#carried;
    this.#segmentsSettled = new Set(earlier?.segmentsSettled);
    this.#segmentLast = earlier?.segmentLast ?? 0;
  }

  /** Segments of the log that an earlier life has saved and perhaps not deleted: to be deleted before anything is replayed. */
  get segmentsSettled(): readonly number[] {
    return [...this.#segmentsSettled];
  }

  /** Ticks at which the laws did not hold. */
  get imbalances(): number {
    return this.#imbalances;
  }

  /** Spans in the log that an earlier life had dealt with; of those that were kept it is known that they are stored. */
  recognise(fates: SpanFates): void {
    addFates(this.#recognised, fates);
  }

  /** All of a segment is decided, written down and stored. Resolves when that is saved, or cannot be; then the segment may go. */
  async settle(segment: number, fates: SpanFates): Promise<void> {
    // Which segment held what the store refused nobody knows; the sum is right when all of them have gone.
    const storeDropped = Math.min(fates.kept, this.#effects.store.counts().spansDropped - this.#storeDropsBooked);
    this.#storeDropsBooked += storeDropped;
    this.#segmentsGone = sumLedgers(this.#segmentsGone, ledgerOfFates(fates, storeDropped));
    this.#segmentsSettled.add(segment);
    this.#segmentLast = Math.max(this.#segmentLast, segment);
    await this.#save();
  }

  /** A settled segment has gone. */
  forget(segment: number): void {
    this.#segmentsSettled.delete(segment);
  }

  /** Over all lives, at this instant. */
  ledger(sampler: SamplerLedger): Ledger {
    return { sinceUnixMs: this.#sinceUnixMs, ...this.#countsWith(sampler) };
  }

  /** Asserts that the laws hold, and saves what has changed at most once a second. */
  tick(sampler: SamplerLedger): void {
    this.#note(sampler);
    if (this.#effects.nowMs() - this.#savedAtMs < SAVE_INTERVAL_MS) return;
    this.#savedAtMs = this.#effects.nowMs();
    void this.#save();
  }

  /** The last thing of a life. */
  async close(sampler: SamplerLedger): Promise<void> {
    this.#note(sampler);
    await this.#save();
  }

  #note(sampler: SamplerLedger): void {
    this.#counts = this.#countsWith(sampler);
    const imbalance = findImbalance(this.#counts);
    if (imbalance !== undefined) this.#imbalances++;
    if (imbalance !== undefined && this.#imbalance === undefined)
      this.#effects.report(`the ledger does not balance, which is a mistake in the collector: ${imbalance}`);
    this.#imbalance = imbalance;
  }

  #countsWith(sampler: SamplerLedger): LedgerCounts {
    const { receive, store } = this.#effects;
    const life = composeLedger(receive, sampler, store.counts());
    return sumLedgers(this.#carried, ledgerOfFates(this.#recognised, 0), life);
  }

  #settledCounts(): LedgerCounts {
    const { spansRejected: rejected, spansSampledOut: sampledOut } = this.#effects.receive;
    const single = { ...EMPTY_LEDGER, received: rejected + sampledOut, rejected, sampledOut };
    return sumLedgers(this.#carried, this.#segmentsGone, single);
  }

  #save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#saveNow());
    return this.#saving;
  }

  async #saveNow(): Promise<void> {
    const snapshot: LedgerSnapshot = {
      sinceUnixMs: this.#sinceUnixMs,
      counts: this.#hasLog ? this.#settledCounts() : this.#counts,
      segmentsSettled: [...this.#segmentsSettled],
      segmentLast: this.#segmentLast,
    };
    const text = JSON.stringify(snapshot);
    if (text === this.#savedText) return;
    try {
      await this.#effects.save(snapshot);
      this.#savedText = text;
      this.#refusal = undefined;
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error));
    }
  }

  #refuse(reason: string): void {
    if (this.#refusal === undefined)
      this.#effects.report(
        `the ledger cannot be saved: ${reason}; it goes on counting, and a kill takes what is not saved`,
      );
    this.#refusal = reason;
  }
}

/** What was pending or queued when it was saved is in no log. */
function carriedFrom({ pending, storeQueued, ...counts }: LedgerCounts): LedgerCounts {
  return {
    ...counts,
    pending: 0,
    storeQueued: 0,
    droppedLost: counts.droppedLost + pending,
    storeLost: counts.storeLost + storeQueued,
  };
}
