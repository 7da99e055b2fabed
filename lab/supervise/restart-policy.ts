const DEATHS_MAX = 5;
const WINDOW_MS = 60_000;
const DELAY_MS_FIRST = 250;
const DELAY_MS_MAX = 4_000;

/**
 * How long to wait before a program that died is started again: 250 ms, doubled with every death within the last minute,
 * at most 4 s. Undefined: five deaths within a minute are not an accident, it stays stopped. `deathTimesMs` includes this one.
 */
export function restartDelayMs(deathTimesMs: readonly number[], nowMs: number): number | undefined {
  const recent = deathTimesMs.filter((time) => time > nowMs - WINDOW_MS).length;
  return recent > DEATHS_MAX ? undefined : Math.min(DELAY_MS_MAX, DELAY_MS_FIRST * 2 ** Math.max(0, recent - 1));
}
