const DELAY_INITIAL_MS = 1000;
const DELAY_FACTOR = 1.5;
const DELAY_MAX_MS = 5000;
/** A server may ask for any pause; the queue is bounded, so longer pauses than this only lose more spans. */
const RETRY_AFTER_MAX_MS = 5 * 60 * 1000;

/** Exponential back-off, jittered to between half and one and a half so that a thousand processes do not return in step. */
export function backOffMs(failures: number, random: () => number): number {
  const base = Math.min(DELAY_MAX_MS, DELAY_INITIAL_MS * DELAY_FACTOR ** Math.max(0, failures - 1));
  return Math.round(base * (0.5 + random()));
}

/**
 * How long to wait before the next try. What the server asks for is obeyed, but nothing is tried again earlier than the
 * smallest pause of our own: `Retry-After: 0` from a server that stays busy would be a busy loop.
 */
export function retryPauseMs(askedMs: number | undefined, failures: number, random: () => number): number {
  if (askedMs === undefined) return backOffMs(failures, random);
  return Math.max(Math.min(askedMs, RETRY_AFTER_MAX_MS), backOffMs(1, random));
}

/** Retry-After as seconds or as an HTTP date; a date in the past is 0, nonsense is no answer. */
export function parseRetryAfter(header: string | undefined, nowUnixMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowUnixMs;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
