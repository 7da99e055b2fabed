import { readSamplingStrategy, refuse } from '@tracelab/protocol';
import type { RemoteSamplerOptions, RemoteSamplerReport, Result, SamplingStrategy } from '@tracelab/protocol';
import type { Sampler, SamplingResult } from '../sampler.ts';
import { askServer } from './ask-server.ts';
import { LowerBounds, createStrategySampler, samplerOfRate } from './strategy-sampler.ts';

/** What a remote sampler needs of its process. */
export interface RemoteHost {
  /** Which service's strategy is asked for. */
  serviceName: string;
  /** Monotonic. */
  nowMs: () => number;
  /** Returns what stops it. The timer should not keep the process alive. */
  startTimer: (run: () => void, delayMs: number) => () => void;
  /** Runs outside of any request and untraced. */
  isolate: <T>(run: () => T) => T;
  warn: (sentence: string) => void;
}

const ANSWER_TIMEOUT_MS = 5000;
/** A strategy is old when this many polls should have renewed it. */
const POLLS_UNTIL_OLD = 3;

/**
 * Asks a server of Jaeger's sampling protocol how to sample, at an interval, one question at a time. The last good answer
 * stays in use however old it is, and before the first one the initial rate; both are said once on the log and shown in
 * the report. It decides for every span it is asked about: wrap it in parent-based.
 */
export class RemoteSampler implements Sampler {
  readonly #options: RemoteSamplerOptions;
  readonly #host: RemoteHost;
  readonly #url: URL;
  readonly #lowerBounds: LowerBounds;
  readonly #report = { answersGood: 0, answersBad: 0 };
  #current: Sampler;
  #answer: string | undefined;
  #answeredMs: number | undefined;
  #error: string | undefined;
  #isOutageSaid = false;
  #isClosed = false;
  #stop: () => void = () => {};

  /** Throws a RangeError where the endpoint is no address. */
  constructor(options: RemoteSamplerOptions, host: RemoteHost) {
    this.#options = options;
    this.#host = host;
    this.#url = strategyUrl(options.endpoint, host.serviceName);
    this.#lowerBounds = new LowerBounds(host.nowMs);
    this.#current = samplerOfRate(options.initialSamplingRate);
    host.isolate(() => void this.#poll());
  }

  sample(...args: Parameters<Sampler['sample']>): SamplingResult {
    return this.#current.sample(...args);
  }

  toString(): string {
    const { origin, pathname } = this.#url;
    return `JaegerRemoteSampler{endpoint=${origin}${pathname}, service=${this.#host.serviceName}, current=${this.#current.toString()}}`;
  }

  report(): RemoteSamplerReport {
    const ageMs = this.#answeredMs === undefined ? undefined : this.#host.nowMs() - this.#answeredMs;
    return {
      ...this.#report,
      ...(ageMs !== undefined && { strategyAgeMs: Math.round(ageMs) }),
      ...(this.#error !== undefined && { error: this.#error }),
    };
  }

  /** Asks no more and cuts a question under way; what was answered stays in use. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  async #poll(): Promise<void> {
    const cut = new AbortController();
    const stopTimeout = this.#host.startTimer(() => cut.abort(), ANSWER_TIMEOUT_MS);
    this.#stop = () => {
      stopTimeout();
      cut.abort();
    };
    const answer = await askServer(this.#url, cut.signal);
    stopTimeout();
    if (this.#isClosed) return;
    this.#take(answer);
    this.#stop = this.#host.startTimer(() => void this.#poll(), this.#options.pollingIntervalMs);
  }

  #take(answer: Result<string>): void {
    const strategy = answer.ok ? parseStrategy(answer.value) : answer;
    if (!answer.ok || !strategy.ok) return this.#keepOld(strategy.ok ? '' : strategy.error);
    this.#report.answersGood++;
    this.#answeredMs = this.#host.nowMs();
    this.#error = undefined;
    this.#isOutageSaid = false;
    // The same answer changes nothing: a limiter made anew would let a burst through at each poll.
    if (answer.value === this.#answer) return;
    this.#answer = answer.value;
    this.#current = createStrategySampler(strategy.value, this.#lowerBounds, this.#host.nowMs);
  }

  #keepOld(reason: string): void {
    this.#report.answersBad++;
    this.#error = reason;
    if (this.#isOutageSaid || !this.#isOld()) return;
    this.#isOutageSaid = true;
    const { strategyAgeMs } = this.report();
    const stays = strategyAgeMs === undefined ? 'no strategy came yet' : `the strategy is ${strategyAgeMs} ms old`;
    this.#host.warn(`sampling strategy: ${stays}, ${this.toString()} stays in use: ${reason}`);
  }

  #isOld(): boolean {
    const oldMs = POLLS_UNTIL_OLD * this.#options.pollingIntervalMs;
    return this.#answeredMs === undefined || this.#host.nowMs() - this.#answeredMs >= oldMs;
  }
}

/** An endpoint that ends in `/sampling` already, as Jaeger's own clients are given it, is used as it is. */
function strategyUrl(endpoint: string, serviceName: string): URL {
  if (!URL.canParse(endpoint))
    throw new RangeError(`the endpoint of a remote sampler should be an address: was "${endpoint}"`);
  const url = new URL(endpoint);
  if (!url.pathname.endsWith('/sampling')) url.pathname = `${url.pathname.replace(/\/$/, '')}/sampling`;
  url.searchParams.set('service', serviceName);
  return url;
}

function parseStrategy(text: string): Result<SamplingStrategy> {
  try {
    return readSamplingStrategy(JSON.parse(text));
  } catch {
    return refuse('the answer was no JSON');
  }
}
