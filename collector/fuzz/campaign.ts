import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger } from '@tracelab/protocol';
import { findImbalance } from '../report/ledger.ts';
import { AcknowledgedSpans } from './acknowledged-spans.ts';
import { BOUNDS, type CollectorUnderFuzz } from './collector-under-fuzz.ts';
import { makeRequest, type FuzzRequest } from './fuzz-request.ts';
import { findFault } from './judge-answer.ts';
import { saveRequest } from './save-request.ts';
import { Sender } from './send-request.ts';
import { judgeRequest } from './verdict.ts';

export interface CampaignOptions {
  seed: number;
  /** Of the first request: a later one repeats the end of a campaign. */
  firstIndex: number;
  /** Begins no slice after this time, and the first in any case. */
  durationMs: number;
  /** Where requests are saved that did harm. */
  outFolder: string;
  /** The collector; called again at the end, for one that goes on with the state of the first. */
  start: () => Promise<CollectorUnderFuzz>;
  nowMs: () => number;
  signal: AbortSignal;
  say: (text: string) => void;
}

export interface Failure {
  why: string;
  /** Absent where it is not known which request of the slice did it. */
  file?: string;
}

export interface CampaignResult {
  seed: number;
  firstIndex: number;
  requests: number;
  /** By status; `aborted` are those that were meant to get no answer. */
  answers: Record<string, number>;
  tracesAcknowledged: number;
  spansAcknowledged: number;
  /** The greatest that was seen; 0 where the system does not tell. */
  residentBytesMax: number;
  failures: Failure[];
}

const SLICE_REQUESTS = 200;
const CONNECTIONS = 8;
const FAILURES_MAX = 20;
const SETTLE_LIMIT_MS = 60_000;
const SETTLE_PAUSE_MS = 50;

/**
 * Sends valid requests among garbage until the time is over, and checks after each slice of them that the collector lives, that its
 * memory is below its bound, that the ledger balances and counts exactly what was acknowledged, and that every acknowledged span can
 * be read. At the end all is decided and stored, and read again from a second collector over the same files.
 */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const collector = await options.start();
  const campaign = new Campaign(options, collector);
  try {
    await campaign.run();
  } finally {
    await collector.stop();
  }
  if (campaign.canGoOn) await campaign.readAllAgain();
  return campaign.result();
}

class Campaign {
  readonly #options: CampaignOptions;
  readonly #collector: CollectorUnderFuzz;
  readonly #sender: Sender;
  readonly #acknowledged = new AcknowledgedSpans();
  readonly #answers: Record<string, number> = {};
  readonly #failures: Failure[] = [];
  #nextIndex: number;
  #spansReceived = 0;
  #spansRejected = 0;
  #residentBytesMax = 0;

  constructor(options: CampaignOptions, collector: CollectorUnderFuzz) {
    this.#options = options;
    this.#collector = collector;
    this.#sender = new Sender(collector.otlpUrl, CONNECTIONS);
    this.#nextIndex = options.firstIndex;
  }

  get canGoOn(): boolean {
    return this.#failures.length < FAILURES_MAX && !this.#options.signal.aborted;
  }

  async run(): Promise<void> {
    const { durationMs, nowMs, say } = this.#options;
    const endMs = nowMs() + durationMs;
    try {
      do {
        await this.#runSlice();
        if (this.#collector.ended() !== undefined) return;
        say(
          `${this.#nextIndex} requests, ${this.#acknowledged.spanCount} spans acknowledged, ${this.#failures.length} failures`,
        );
      } while (nowMs() < endMs && this.canGoOn);
      await this.#settle();
    } finally {
      this.#sender.close();
    }
  }

  async readAllAgain(): Promise<void> {
    const end = this.#collector.ended() ?? '';
    if (!end.startsWith('exit code 0'))
      this.#fail({ why: `the collector should end with exit code 0: ended with ${end}` });
    const second = await this.#options.start();
    try {
      await this.#readBack(second, this.#acknowledged.traceIds);
    } finally {
      await second.stop();
    }
  }

  result(): CampaignResult {
    const { seed, firstIndex } = this.#options;
    return {
      seed,
      firstIndex,
      requests: this.#nextIndex - firstIndex,
      answers: this.#answers,
      tracesAcknowledged: this.#acknowledged.traceIds.length,
      spansAcknowledged: this.#acknowledged.spanCount,
      residentBytesMax: this.#residentBytesMax,
      failures: this.#failures,
    };
  }

  async #runSlice(): Promise<void> {
    const first = this.#nextIndex;
    const touched = new Set<string>();
    await inParallel(
      Array.from({ length: SLICE_REQUESTS }, (_, at) => first + at),
      async (index) => {
        if (this.#collector.ended() === undefined) for (const id of await this.#sendOne(index)) touched.add(id);
      },
    );
    this.#nextIndex += SLICE_REQUESTS;
    for (const why of await this.#findHarm())
      this.#fail({ why: `after the requests ${first} to ${this.#nextIndex - 1}: ${why}` });
    if (this.#collector.ended() === undefined) await this.#readBack(this.#collector, [...touched]);
  }

  /** The traces that it brought spans of. */
  async #sendOne(index: number): Promise<string[]> {
    const request = makeRequest(this.#options.seed, index, BOUNDS.bodyBytesMax);
    const verdict = judgeRequest(request, BOUNDS.bodyBytesMax);
    const outcome = await this.#sender.send(request);
    this.#residentBytesMax = Math.max(this.#residentBytesMax, this.#collector.residentBytes() ?? 0);
    if (outcome === 'aborted' || 'failure' in outcome) {
      this.#count(outcome === 'aborted' ? outcome : 'none');
      if (outcome !== 'aborted') await this.#blame(request, `got no answer: ${outcome.failure}`);
      return [];
    }
    this.#count(String(outcome.status));
    const fault = findFault(outcome, verdict);
    if (fault !== undefined) await this.#blame(request, fault);
    if (outcome.status !== 200 || verdict.status !== 200) return [];
    this.#spansReceived += verdict.spans.length + verdict.rejected;
    this.#spansRejected += verdict.rejected;
    this.#acknowledged.add(index, verdict.spans);
    return verdict.spans.map(({ traceId }) => traceId);
  }

  /** What is wrong with the process and its ledger. */
  async #findHarm(): Promise<string[]> {
    const end = this.#collector.ended();
    if (end !== undefined) return [`the collector ended by itself with ${end}`];
    const ledger = await this.#collector.ledger();
    const harm = [this.#findGrowth(), this.#findMiscount(ledger), findImbalance(ledger)];
    return harm.filter((why) => why !== undefined);
  }

  #findGrowth(): string | undefined {
    const bytes = this.#residentBytesMax;
    if (bytes <= BOUNDS.residentBytesMax) return undefined;
    return `its resident memory should stay below ${BOUNDS.residentBytesMax} bytes: was ${bytes}`;
  }

  #findMiscount({ received, rejected, storeDropped, droppedOverflow, droppedAtEnd }: Ledger): string | undefined {
    const wanted = { received: this.#spansReceived, rejected: this.#spansRejected };
    // A difference is said once, after the slice that made it.
    this.#spansReceived = received;
    this.#spansRejected = rejected;
    if (received !== wanted.received) return `${wanted.received} spans were acknowledged, ${received} received`;
    if (rejected !== wanted.rejected) return `${wanted.rejected} spans should be rejected: ${rejected} were`;
    const dropped = storeDropped + droppedOverflow + droppedAtEnd;
    return dropped === 0 ? undefined : `the collector dropped ${dropped} spans`;
  }

  async #readBack(collector: CollectorUnderFuzz, traceIds: readonly string[]): Promise<void> {
    await inParallel(traceIds, async (traceId) => {
      if (!this.canGoOn) return;
      const loss = await this.#findLoss(collector, traceId);
      if (loss === undefined) return;
      const index = this.#acknowledged.requestOf(traceId);
      await this.#blame(makeRequest(this.#options.seed, index, BOUNDS.bodyBytesMax), loss);
    });
  }

  async #findLoss(collector: CollectorUnderFuzz, traceId: string): Promise<string | undefined> {
    try {
      return this.#acknowledged.findLoss(traceId, await collector.readTrace(traceId));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Waits until all is decided and written. */
  async #settle(): Promise<void> {
    const endMs = this.#options.nowMs() + SETTLE_LIMIT_MS;
    for (;;) {
      const { pending, storeQueued } = await this.#collector.ledger();
      if (pending === 0 && storeQueued === 0) return;
      if (this.#options.nowMs() > endMs)
        return this.#fail({
          why: `${pending} spans were not decided and ${storeQueued} not stored within ${SETTLE_LIMIT_MS} ms`,
        });
      await pause(SETTLE_PAUSE_MS);
    }
  }

  async #blame(request: FuzzRequest, why: string): Promise<void> {
    if (!this.canGoOn) return;
    const { outFolder, seed } = this.#options;
    const file = await saveRequest(outFolder, request, { seed, why });
    this.#fail({ why: `request ${request.index} (${request.kind}) ${why}`, file });
  }

  #fail(failure: Failure): void {
    this.#failures.push(failure);
    this.#options.say(`FAILED ${failure.why}`);
  }

  #count(answer: string): void {
    this.#answers[answer] = (this.#answers[answer] ?? 0) + 1;
  }
}

async function inParallel<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  const work = async (): Promise<void> => {
    for (const item of queue) await act(item);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}
