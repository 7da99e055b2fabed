/** Wall-clock text of instants given as nanoseconds since the epoch, in the reader's own language and time zone. */

/** Around the clock in every language, as in the logs with which a reader compares. */
const TIME_OF_DAY: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
};
const DATE: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric' };

const TIME = new Intl.DateTimeFormat(undefined, TIME_OF_DAY);
const DAY = new Intl.DateTimeFormat(undefined, DATE);
const INSTANT = new Intl.DateTimeFormat(undefined, { ...DATE, ...TIME_OF_DAY });

const NANO_PER_MS = 1_000_000n;

export function millisecondsFromNano(unixNano: bigint): number {
  return Number(unixNano / NANO_PER_MS);
}

export function nanoFromMilliseconds(unixMs: number): bigint {
  return BigInt(Math.round(unixMs)) * NANO_PER_MS;
}

/** `14:03:22.417` */
export function formatTimeOfDay(unixNano: bigint): string {
  return TIME.format(millisecondsFromNano(unixNano));
}

/** `21 Nov 2026, 14:03:22.417` */
export function formatInstant(unixNano: bigint): string {
  return INSTANT.format(millisecondsFromNano(unixNano));
}

/** `2026-11-21T13:03:22.417Z`, the same for every reader. */
export function isoFromNano(unixNano: bigint): string {
  return new Date(millisecondsFromNano(unixNano)).toISOString();
}

/** `21 Nov 2026`, in the reader's language. */
export function formatDay(unixNano: bigint): string {
  return DAY.format(millisecondsFromNano(unixNano));
}

/** `12 s ago`, coarse enough to change seldom; beyond a day the date says more. */
export function formatAge(unixNano: bigint, nowUnixMs: number): string {
  const seconds = Math.max(0, Math.round((nowUnixMs - millisecondsFromNano(unixNano)) / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return formatDay(unixNano);
}
